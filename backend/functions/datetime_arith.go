package functions

import (
	"math"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func infinite(t int64) bool { return t == types.TimestampInfinity || t == types.TimestampMinInfinity }

func infiniteDate(d int64) bool { return d == types.DateInfinity || d == types.DateMinInfinity }

// addMonths moves by months; the day is cut to the last of the month.
func addMonths(days int64, months int32) int64 {
	if months == 0 {
		return days
	}
	y, m, d := types.CivilFromDays(days)
	total := y*12 + m - 1 + int(months)
	y, m = floorDiv(total, 12), total-floorDiv(total, 12)*12+1
	return types.DaysFromCivil(y, m, min(d, types.DaysInMonth(y, m)))
}

func floorDiv64(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// addInterval adds months, then days, then time to a local timestamp.
func addInterval(t int64, i types.Interval) (int64, error) {
	if infinite(t) {
		return t, nil
	}
	day := floorDiv64(t, usecDay)
	rest := t - day*usecDay
	day = addMonths(day, i.Months) + int64(i.Days)
	if day > types.TimestampInfinity/usecDay-1 || day < -types.TimestampInfinity/usecDay+1 {
		return t, types.ErrTimestampRange
	}
	if i.Days|i.Months != 0 && !types.ValidTimestamp(day*usecDay+rest) {
		return t, types.ErrTimestampRange
	}
	r, ok := addInt(day*usecDay+rest, i.Usec)
	if !ok && i.Usec != 0 || !types.ValidTimestamp(r) {
		return t, types.ErrTimestampRange
	}
	return r, nil
}

// addIntervalZone adds months and days in local time, the rest in absolute time.
func addIntervalZone(loc *time.Location, t int64, i types.Interval) (int64, error) {
	if infinite(t) {
		return t, nil
	}
	if i.Months != 0 || i.Days != 0 {
		local, err := addInterval(types.UTCToLocal(loc, t), types.Interval{Months: i.Months, Days: i.Days})
		if err != nil {
			return t, err
		}
		t = types.LocalToUTC(loc, local)
	}
	r, ok := addInt(t, i.Usec)
	if !ok && i.Usec != 0 || !types.ValidTimestamp(r) {
		return t, types.ErrTimestampRange
	}
	return r, nil
}

// dateToTimestamp is midnight of a date.
func dateToTimestamp(d int64) (int64, error) {
	switch {
	case d == types.DateInfinity:
		return types.TimestampInfinity, nil
	case d == types.DateMinInfinity:
		return types.TimestampMinInfinity, nil
	case d > types.TimestampInfinity/usecDay-2:
		return 0, pgerr.New(pgerr.DatetimeValueOutOfRange, "date out of range for timestamp")
	}
	return d * usecDay, nil
}

func timestampToDate(t int64) int64 {
	switch t {
	case types.TimestampInfinity:
		return types.DateInfinity
	case types.TimestampMinInfinity:
		return types.DateMinInfinity
	}
	return floorDiv64(t, usecDay)
}

func local(c *Call, t int64) int64 {
	if infinite(t) {
		return t
	}
	return types.UTCToLocal(c.Location(), t)
}

func utc(c *Call, t int64) (int64, error) {
	if infinite(t) {
		return t, nil
	}
	r := types.LocalToUTC(c.Location(), t)
	if !types.ValidTimestamp(r) {
		return 0, types.ErrTimestampRange
	}
	return r, nil
}

func intResult(x int64, err error) (types.Value, error) {
	if err != nil {
		return null, err
	}
	return types.IntValue(x), nil
}

// addDays adds days to a date.
func addDays(d, n int64) (int64, error) {
	if infiniteDate(d) {
		return d, nil
	}
	if r := d + n; types.ValidDate(r) {
		return r, nil
	}
	return 0, types.ErrDateRange
}

func subtractTimestamps(_ *Call, a []types.Value) (types.Value, error) {
	if infinite(a[0].I) || infinite(a[1].I) {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "cannot subtract infinite timestamps")
	}
	u, ok := subInt(a[0].I, a[1].I)
	if !ok && a[1].I != 0 {
		return null, types.ErrIntervalRange
	}
	i, err := justifyHours(types.Interval{Usec: u})
	if err != nil {
		return null, err
	}
	return i.Value(), nil
}

// stamp is the moment of one argument plus or minus an interval, by the kind of timestamp.
func stamp(at int, zone bool, sign int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		i := types.ReadInterval(a[1-at].B)
		if sign < 0 {
			i = negateInterval(i)
		}
		if zone {
			return intResult(addIntervalZone(c.Location(), a[at].I, i))
		}
		return intResult(addInterval(a[at].I, i))
	}
}

// dateStamp is a date plus an interval: a timestamp.
func dateStamp(at, sign int) Scalar {
	plus := stamp(at, false, sign)
	return func(c *Call, a []types.Value) (types.Value, error) {
		t, err := dateToTimestamp(a[at].I)
		if err != nil {
			return null, err
		}
		b := [2]types.Value{a[0], a[1]}
		b[at] = types.IntValue(t)
		return plus(c, b[:])
	}
}

// clockPlus moves a time of day around the clock.
func clockPlus(at, sign int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		u := types.ReadInterval(a[1-at].B).Usec % usecDay
		t := a[at].I + int64(sign)*u
		return types.IntValue(t - floorDiv64(t, usecDay)*usecDay), nil
	}
}

func timetzPlus(at, sign int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		t := types.ReadTimetz(a[at].B)
		u := t.Usec + int64(sign)*(types.ReadInterval(a[1-at].B).Usec%usecDay)
		t.Usec = u - floorDiv64(u, usecDay)*usecDay
		return t.Value(), nil
	}
}

// dateAndTime puts a date and a time of day together.
func dateAndTime(d, t int64) (int64, error) {
	r, err := dateToTimestamp(d)
	if err != nil || infinite(r) {
		return r, err
	}
	if r += t; !types.ValidTimestamp(r) {
		return 0, types.ErrTimestampRange
	}
	return r, nil
}

func dateAndTimetz(date, clock int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		t := types.ReadTimetz(a[clock].B)
		return intResult(dateAndTime(a[date].I, t.Usec+int64(t.West)*usecSecond))
	}
}

const (
	sigTS   = "timestamp without time zone"
	sigTSTZ = "timestamp with time zone"
	sigTime = "time without time zone"
	sigTTZ  = "time with time zone"
)

func datetimeRows() []Row {
	rs := []Row{
		{Sig: "timestamp_pl_interval(" + sigTS + ",interval)", Scalar: stamp(0, false, 1)},
		{Sig: "timestamp_mi_interval(" + sigTS + ",interval)", Scalar: stamp(0, false, -1)},
		{Sig: "interval_pl_timestamp(interval," + sigTS + ")", Scalar: stamp(1, false, 1)},
		{Sig: "timestamptz_pl_interval(" + sigTSTZ + ",interval)", Scalar: stamp(0, true, 1)},
		{Sig: "timestamptz_mi_interval(" + sigTSTZ + ",interval)", Scalar: stamp(0, true, -1)},
		{Sig: "interval_pl_timestamptz(interval," + sigTSTZ + ")", Scalar: stamp(1, true, 1)},
		{Sig: "timestamp_mi(" + sigTS + "," + sigTS + ")", Scalar: subtractTimestamps},
		{Sig: "timestamptz_mi(" + sigTSTZ + "," + sigTSTZ + ")", Scalar: subtractTimestamps},
		{Sig: "date_pl_interval(date,interval)", Scalar: dateStamp(0, 1)}, {Sig: "date_mi_interval(date,interval)", Scalar: dateStamp(0, -1)},
		{Sig: "interval_pl_date(interval,date)", Scalar: dateStamp(1, 1)},
		{Sig: "date_pli(date,integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(addDays(a[0].I, a[1].I)) }},
		{Sig: "date_mii(date,integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(addDays(a[0].I, -a[1].I)) }},
		{Sig: "integer_pl_date(integer,date)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(addDays(a[1].I, a[0].I)) }},
		{Sig: "date_mi(date,date)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if infiniteDate(a[0].I) || infiniteDate(a[1].I) {
				return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "cannot subtract infinite dates")
			}
			return types.IntValue(a[0].I - a[1].I), nil
		}},
		{Sig: "time_pl_interval(" + sigTime + ",interval)", Scalar: clockPlus(0, 1)}, {Sig: "time_mi_interval(" + sigTime + ",interval)", Scalar: clockPlus(0, -1)},
		{Sig: "interval_pl_time(interval," + sigTime + ")", Scalar: clockPlus(1, 1)},
		{Sig: "time_mi_time(" + sigTime + "," + sigTime + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.Interval{Usec: a[0].I - a[1].I}.Value(), nil
		}},
		{Sig: "timetz_pl_interval(" + sigTTZ + ",interval)", Scalar: timetzPlus(0, 1)}, {Sig: "timetz_mi_interval(" + sigTTZ + ",interval)", Scalar: timetzPlus(0, -1)},
		{Sig: "interval_pl_timetz(interval," + sigTTZ + ")", Scalar: timetzPlus(1, 1)},
		{Sig: "datetime_pl(date," + sigTime + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(dateAndTime(a[0].I, a[1].I)) }},
		{Sig: "\"timestamp\"(date," + sigTime + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(dateAndTime(a[0].I, a[1].I)) }},
		{Sig: "timedate_pl(" + sigTime + ",date)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(dateAndTime(a[1].I, a[0].I)) }},
		{Sig: "datetimetz_pl(date," + sigTTZ + ")", Scalar: dateAndTimetz(0, 1)}, {Sig: "timestamptz(date," + sigTTZ + ")", Scalar: dateAndTimetz(0, 1)},
		{Sig: "timetzdate_pl(" + sigTTZ + ",date)", Scalar: dateAndTimetz(1, 0)},
		{Sig: "timestamptz(date," + sigTime + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			t, err := dateAndTime(a[0].I, a[1].I)
			if err != nil {
				return null, err
			}
			return intResult(utc(c, t))
		}},
		// Casts.
		{Sig: "\"timestamp\"(date)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intResult(dateToTimestamp(a[0].I)) }},
		{Sig: "\"timestamp\"(" + sigTSTZ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return types.IntValue(local(c, a[0].I)), nil }},
		{Sig: "\"timestamp\"(" + sigTS + ",integer)", Scalar: applyTypmod(types.TimestampOID)},
		{Sig: "timestamptz(" + sigTSTZ + ",integer)", Scalar: applyTypmod(types.TimestamptzOID)},
		{Sig: "timestamptz(" + sigTS + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return intResult(utc(c, a[0].I)) }},
		{Sig: "timestamptz(date)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			t, err := dateToTimestamp(a[0].I)
			if err != nil {
				return null, err
			}
			return intResult(utc(c, t))
		}},
		{Sig: "date(" + sigTS + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(timestampToDate(a[0].I)), nil
		}},
		{Sig: "date(" + sigTSTZ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(timestampToDate(local(c, a[0].I))), nil
		}},
		{Sig: "\"time\"(" + sigTime + ",integer)", Scalar: applyTypmod(types.TimeOID)}, {Sig: "timetz(" + sigTTZ + ",integer)", Scalar: applyTypmod(types.TimetzOID)},
		{Sig: "\"time\"(" + sigTS + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return clockOf(a[0].I) }},
		{Sig: "\"time\"(" + sigTSTZ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return clockOf(local(c, a[0].I)) }},
		{Sig: "\"time\"(interval)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return clockOf(types.ReadInterval(a[0].B).Usec) }},
		{Sig: "\"time\"(" + sigTTZ + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(types.ReadTimetz(a[0].B).Usec), nil
		}},
		{Sig: "timetz(" + sigTime + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			today := floorDiv64(local(c, transactionUsec(c)), usecDay)
			off := types.LocalOffset(c.Location(), today*86400+a[0].I/usecSecond)
			return types.Timetz{Usec: a[0].I, West: int32(-off)}.Value(), nil
		}},
		{Sig: "timetz(" + sigTSTZ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			if infinite(a[0].I) {
				return null, nil
			}
			off, _ := types.OffsetAt(c.Location(), a[0].I)
			t := a[0].I + int64(off)*usecSecond
			return types.Timetz{Usec: t - floorDiv64(t, usecDay)*usecDay, West: int32(-off)}.Value(), nil
		}},
		{Sig: "to_timestamp(double precision)", Scalar: fromEpoch},
		{Sig: "isfinite(date)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.BoolValue(!infiniteDate(a[0].I)), nil
		}},
	}
	for _, t := range []string{sigTS, sigTSTZ} {
		rs = append(rs, Row{Sig: "isfinite(" + t + ")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.BoolValue(!infinite(a[0].I)), nil
		}})
	}
	return rs
}

func clockOf(t int64) (types.Value, error) {
	if infinite(t) {
		return null, nil
	}
	return types.IntValue(t - floorDiv64(t, usecDay)*usecDay), nil
}

// fromEpoch is to_timestamp of seconds since 1970.
func fromEpoch(_ *Call, a []types.Value) (types.Value, error) {
	s := a[0].Float8()
	switch {
	case s != s:
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp cannot be NaN")
	case math.IsInf(s, 1):
		return types.IntValue(types.TimestampInfinity), nil
	case math.IsInf(s, -1):
		return types.IntValue(types.TimestampMinInfinity), nil
	}
	// PostgreSQL rounds after it moved the zero to 2000.
	const pgEpoch = 946684800
	u := math.RoundToEven((s-pgEpoch)*1e6) + pgEpoch*1e6
	if math.Abs(u) > 9.2e18 {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp out of range: \"%s\"", types.AppendFloat(nil, s, 64, 0))
	}
	t := int64(math.RoundToEven((s-pgEpoch)*1e6)) + pgEpoch*usecSecond
	if !types.ValidTimestamp(t) {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp out of range: \"%s\"", types.AppendFloat(nil, s, 64, 0))
	}
	return types.IntValue(t), nil
}

// transactionUsec is now().
func transactionUsec(c *Call) int64 {
	if c.Env != nil {
		return c.Env.TransactionTime().UnixMicro()
	}
	if !c.Now.IsZero() {
		return c.Now.UnixMicro()
	}
	return time.Now().UnixMicro()
}
