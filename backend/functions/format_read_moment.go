package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// nearYear puts a year of few digits near 2020, as PostgreSQL does.
func nearYear(y int64) int64 {
	switch {
	case y < 0:
		return y
	case y < 70:
		return y + 2000
	case y < 100:
		return y + 1900
	case y < 520:
		return y + 2000
	case y < 1000:
		return y + 1000
	}
	return y
}

func (r *dateScan) outOfRange() error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", r.src)
}

// moment puts the fields together: days since 1970 and time of day.
func (r *dateScan) moment() (days, clock int64, err error) {
	get := func(f string, def int64) int64 {
		if v, ok := r.set[f]; ok {
			return v
		}
		return def
	}
	_, haveYear := r.set["year"]
	h, m, s := get("hour", 0), get("minute", 0), get("second", 0)
	if x, ok := r.set["ssss"]; ok {
		h, m, s = x/3600, x/60%60, x%60
	}
	if r.clock12 {
		if h < 1 || h > 12 {
			if _, ok := r.set["hour"]; ok {
				return 0, 0, errRead("hour \"%d\" is invalid for the 12-hour clock", h).
					WithHint("Use the 24-hour clock, or give an hour between 1 and 12.")
			}
		}
		if r.pm && h < 12 {
			h += 12
		} else if !r.pm && h == 12 {
			h = 0
		}
	}
	usec := get("usec", 0)
	if h < 0 || h >= 24 || m < 0 || m >= 60 || s < 0 || s >= 60 || usec < 0 || usec >= usecSecond {
		return 0, 0, r.outOfRange()
	}
	clock = (h*3600+m*60+s)*usecSecond + usec
	if j, ok := r.set["j"]; ok {
		return j - julianEpoch, clock, nil
	}
	year := get("year", 0)
	if cc, ok := r.set["cc"]; ok && haveYear && r.yearDigits <= 2 {
		if r.bc {
			cc = -cc
		}
		year %= 100
		if cc >= 0 {
			if year == 0 {
				year = cc * 100
			} else {
				year += (cc - 1) * 100
			}
		} else {
			year = (cc+1)*100 - year + 1
		}
	} else if haveYear {
		if r.bc {
			year = -(year - 1)
		}
		if year < 0 && !r.bc {
			year++ // a negative year is one before Christ
		}
	} else if ok {
		year = cc
		if r.bc {
			year = -cc
		}
		if year >= 0 {
			year = (year-1)*100 + 1
		} else {
			year = year*100 + 1
		}
	}
	// A zero is as good as nothing.
	for _, f := range []string{"month", "day", "doy", "week", "w", "j", "cc"} {
		if r.set[f] == 0 {
			delete(r.set, f)
		}
	}
	month, day := get("month", 1), get("day", 1)
	if week, ok := r.set["week"]; ok {
		if r.iso {
			jan4 := types.DaysFromCivil(int(year), 1, 4)
			monday := jan4 - isoWeekday(jan4) + 1 + (week-1)*7
			if dow, ok := r.set["dow"]; ok {
				d := dow - 1
				if d == 0 {
					d = 7
				}
				monday += d - 1
			}
			return monday, clock, nil
		}
		return types.DaysFromCivil(int(year), 1, 1) + (week-1)*7, clock, nil
	}
	if w, ok := r.set["w"]; ok {
		day = (w-1)*7 + 1
	}
	if doy, ok := r.set["doy"]; ok {
		if !haveYear {
			return 0, 0, errRead("cannot calculate day of year without year information")
		}
		if r.iso {
			jan4 := types.DaysFromCivil(int(year), 1, 4)
			return jan4 - isoWeekday(jan4) + doy, clock, nil
		}
		last := int64(365)
		if types.DaysInMonth(int(year), 2) == 29 {
			last = 366
		}
		if doy < 1 || doy > last {
			return 0, 0, r.outOfRange()
		}
		if _, ok := r.set["month"]; !ok {
			return types.DaysFromCivil(int(year), 1, 1) + doy - 1, clock, nil
		}
	}
	if !haveYear && r.set["cc"] == 0 {
		// Without a year it is 1 BC.
		year = 0
	}
	if month < 1 || month > 12 || day < 1 || day > int64(types.DaysInMonth(int(year), int(month))) {
		return 0, 0, r.outOfRange()
	}
	return types.DaysFromCivil(int(year), int(month), int(day)), clock, nil
}

func scanDate(a []types.Value, typ string) (*dateScan, int64, int64, error) {
	r := &dateScan{s: string(a[0].B), src: string(a[0].B), set: map[string]int64{}, typ: typ}
	if err := r.read(parseTemplate(string(a[1].B))); err != nil {
		return r, 0, 0, err
	}
	days, clock, err := r.moment()
	return r, days, clock, err
}

func toDate(_ *Call, a []types.Value) (types.Value, error) {
	_, days, _, err := scanDate(a, "date")
	if err != nil {
		return null, err
	}
	if !types.ValidDate(days) {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "date out of range: \"%s\"", a[0].B)
	}
	return types.IntValue(days), nil
}

func toTimestamp(c *Call, a []types.Value) (types.Value, error) {
	r, days, clock, err := scanDate(a, "timestamptz")
	if err != nil {
		return null, err
	}
	outside := pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp out of range")
	if days > types.TimestampInfinity/usecDay-2 || days < -types.TimestampInfinity/usecDay+2 {
		return null, outside
	}
	t := days*usecDay + clock
	if r.zone != nil {
		t -= int64(*r.zone) * usecSecond
	} else {
		t = types.LocalToUTC(c.Location(), t)
	}
	if !types.ValidTimestamp(t) {
		return null, outside
	}
	return types.IntValue(t), nil
}
