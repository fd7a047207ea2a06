package functions

import (
	"strings"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// unitNames are the fields of dates and times, as date_trunc, date_part and extract name them.
var unitNames = map[string]string{
	"microsecond": "us", "microseconds": "us", "us": "us", "usec": "us", "usecond": "us", "useconds": "us", "usecs": "us", "microsecon": "us",
	"millisecond": "ms", "milliseconds": "ms", "ms": "ms", "msec": "ms", "msecs": "ms", "msecond": "ms", "mseconds": "ms", "millisecon": "ms",
	"second": "second", "seconds": "second", "s": "second", "sec": "second", "secs": "second",
	"minute": "minute", "minutes": "minute", "m": "minute", "min": "minute", "mins": "minute",
	"hour": "hour", "hours": "hour", "h": "hour", "hr": "hour", "hrs": "hour",
	"day": "day", "days": "day", "d": "day", "week": "week", "weeks": "week", "w": "week",
	"month": "month", "months": "month", "mon": "month", "mons": "month",
	"quarter": "quarter", "qtr": "quarter", "year": "year", "years": "year", "y": "year", "yr": "year", "yrs": "year",
	"decade": "decade", "decades": "decade", "dec": "decade", "decs": "decade", "century": "century", "centuries": "century", "c": "century", "cent": "century",
	"millennium": "millennium", "millennia": "millennium", "mil": "millennium", "mils": "millennium",
	"epoch": "epoch", "julian": "julian", "jd": "julian", "j": "julian", "isoyear": "isoyear", "dow": "dow", "isodow": "isodow", "doy": "doy",
	"timezone": "timezone", "timezone_h": "timezone_h", "timezone_hour": "timezone_h", "timezone_m": "timezone_m", "timezone_minute": "timezone_m",
}

// unitOf finds a field by name; PostgreSQL compares ten characters.
func unitOf(name string) (lower, unit string) {
	lower = strings.ToLower(name)
	key := lower
	if unit = unitNames[key]; unit == "" && len(key) > 10 {
		unit = unitNames[key[:10]]
	}
	return lower, unit
}

func errUnit(lower, unit, typ string) error {
	if unit == "" {
		return pgerr.New(pgerr.InvalidParameterValue, "unit \"%s\" not recognized for type %s", lower, typ)
	}
	return pgerr.New(pgerr.FeatureNotSupported, "unit \"%s\" not supported for type %s", lower, typ)
}

// errTrunc knows fewer words than errUnit: only those that can be an interval's unit.
func errTrunc(lower, unit, typ string) error {
	switch unit {
	case "epoch", "julian", "dow", "isodow", "doy", "isoyear":
		unit = ""
	}
	return errUnit(lower, unit, typ)
}

// truncLocal cuts a local timestamp; ok is false for a field it cannot be cut to.
func truncLocal(unit string, t int64) (int64, bool) {
	days := floorDiv64(t, usecDay)
	clock := t - days*usecDay
	switch unit {
	case "us":
		return t, true
	case "ms":
		return t - clock%1000, true
	case "second":
		return t - clock%usecSecond, true
	case "minute":
		return t - clock%usecMinute, true
	case "hour":
		return t - clock%usecHour, true
	case "day":
		return days * usecDay, true
	case "week":
		return (days - isoWeekday(days) + 1) * usecDay, true
	}
	y, m, _ := types.CivilFromDays(days)
	switch unit {
	case "month":
	case "quarter":
		m = (m-1)/3*3 + 1
	case "year":
		m = 1
	case "decade":
		// Years before Christ are counted so that a decade begins with a year divisible by ten.
		y, m = floorDiv(y, 10)*10, 1
	case "century":
		y, m = floorDiv(y-1, 100)*100+1, 1
	case "millennium":
		y, m = floorDiv(y-1, 1000)*1000+1, 1
	default:
		return 0, false
	}
	return types.DaysFromCivil(y, m, 1) * usecDay, true
}

// isoWeekday is 1 for Monday to 7 for Sunday.
func isoWeekday(days int64) int64 {
	d := days + 3
	return d - floorDiv64(d, 7)*7 + 1
}

func dateTrunc(c *Call, a []types.Value) (types.Value, error) {
	lower, unit := unitOf(string(a[0].B))
	if infinite(a[1].I) {
		return a[1], nil
	}
	t, ok := truncLocal(unit, a[1].I)
	if !ok {
		return null, errTrunc(lower, unit, sigTS)
	}
	if !types.ValidTimestamp(t) {
		return null, types.ErrTimestampRange
	}
	return types.IntValue(t), nil
}

func truncZone(loc *time.Location, field string, t int64) (types.Value, error) {
	lower, unit := unitOf(field)
	if infinite(t) {
		return types.IntValue(t), nil
	}
	if _, ok := truncLocal(unit, 0); !ok {
		return null, errTrunc(lower, unit, sigTSTZ)
	}
	r, _ := truncLocal(unit, types.UTCToLocal(loc, t))
	switch unit {
	case "us", "ms", "second", "minute", "hour":
		// The offset does not change: an hour that comes twice stays the one it was.
		off, _ := types.OffsetAt(loc, t)
		r -= int64(off) * usecSecond
	default:
		r = types.LocalToUTC(loc, r)
	}
	if !types.ValidTimestamp(r) {
		return null, types.ErrTimestampRange
	}
	return types.IntValue(r), nil
}

func dateTruncZone(c *Call, a []types.Value) (types.Value, error) {
	loc := c.Location()
	if infinite(a[1].I) {
		return a[1], nil
	}
	if len(a) > 2 {
		var err error
		if loc, err = zoneNamed(string(a[2].B)); err != nil {
			return null, err
		}
	}
	return truncZone(loc, string(a[0].B), a[1].I)
}

// zoneNamed finds a zone by name, abbreviation or POSIX rule.
func zoneNamed(name string) (*time.Location, error) {
	if off, _, ok := types.ZoneAbbreviation(strings.ToLower(name)); ok {
		return time.FixedZone(strings.ToUpper(name), off), nil
	}
	if l, ok := types.LoadZone(name); ok {
		return l, nil
	}
	return nil, pgerr.New(pgerr.InvalidParameterValue, "time zone \"%s\" not recognized", name)
}

func dateTruncInterval(_ *Call, a []types.Value) (types.Value, error) {
	lower, unit := unitOf(string(a[0].B))
	i := types.ReadInterval(a[1].B)
	months := func(n int32) types.Interval { return types.Interval{Months: i.Months / n * n} }
	switch unit {
	case "us":
	case "ms":
		i.Usec -= i.Usec % 1000
	case "second":
		i.Usec -= i.Usec % usecSecond
	case "minute":
		i.Usec -= i.Usec % usecMinute
	case "hour":
		i.Usec -= i.Usec % usecHour
	case "day":
		i.Usec = 0
	case "month":
		i = months(1)
	case "quarter":
		i = months(3)
	case "year":
		i = months(12)
	case "decade":
		i = months(120)
	case "century":
		i = months(1200)
	case "millennium":
		i = months(12000)
	case "week":
		return null, pgerr.New(pgerr.FeatureNotSupported, "unit \"%s\" not supported for type interval", lower).
			WithDetail("Months usually have fractional weeks.")
	default:
		return null, errTrunc(lower, unit, "interval")
	}
	return i.Value(), nil
}

// dateBin puts a timestamp into the bin of a width, counted from an origin.
func dateBin(_ *Call, a []types.Value) (types.Value, error) {
	width, t, origin := types.ReadInterval(a[0].B), a[1].I, a[2].I
	if infinite(t) {
		return a[1], nil
	}
	if infinite(origin) {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "origin out of range")
	}
	if width.Months != 0 {
		return null, pgerr.New(pgerr.FeatureNotSupported, "timestamps cannot be binned into intervals containing months or years")
	}
	w := int64(width.Days)*usecDay + width.Usec
	if w <= 0 {
		return null, pgerr.New(pgerr.DatetimeValueOutOfRange, "stride must be greater than zero")
	}
	diff, ok := subInt(t, origin)
	if !ok && origin != 0 {
		return null, types.ErrIntervalRange
	}
	r := origin + diff - diff%w
	if diff%w < 0 {
		r -= w
	}
	if !types.ValidTimestamp(r) {
		return null, types.ErrTimestampRange
	}
	return types.IntValue(r), nil
}

func datetimeTruncRows() []Row {
	return []Row{
		{Sig: "date_trunc(text," + sigTS + ")", Scalar: dateTrunc}, {Sig: "date_trunc(text," + sigTSTZ + ")", Scalar: dateTruncZone},
		{Sig: "date_trunc(text," + sigTSTZ + ",text)", Scalar: dateTruncZone}, {Sig: "date_trunc(text,interval)", Scalar: dateTruncInterval},
		{Sig: "date_bin(interval," + sigTS + "," + sigTS + ")", Scalar: dateBin}, {Sig: "date_bin(interval," + sigTSTZ + "," + sigTSTZ + ")", Scalar: dateBin},
	}
}
