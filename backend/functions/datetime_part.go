package functions

import (
	"math"
	"math/big"

	"pgd/backend/types"
)

// part is a field of a date or time: an integer over a power of ten, an infinity, or NULL (of an infinite timestamp).
type part struct {
	n        *big.Int
	scale    int
	infinite int
	null     bool
	quotient *decimal // Julian days have many digits
	sum      *float64 // where PostgreSQL adds up in floating point
}

func whole(n int64) part         { return part{n: big.NewInt(n)} }
func scaled(n int64, s int) part { return part{n: big.NewInt(n), scale: s} }
func (p part) decimal() decimal {
	if p.quotient != nil {
		return *p.quotient
	}
	switch {
	case p.infinite > 0:
		return decimal{special: '+'}
	case p.infinite < 0:
		return decimal{special: '-'}
	}
	return decimal{scale: p.scale, c: p.n}
}

func (p part) float() float64 {
	if p.infinite != 0 {
		return math.Inf(p.infinite)
	}
	if p.sum != nil {
		return *p.sum
	}
	if p.quotient != nil {
		return p.quotient.float()
	}
	// As C does it: the integer first becomes a double, which is then divided.
	f, _ := new(big.Float).SetInt(p.n).Float64()
	return f / math.Pow10(p.scale)
}

// partOf reads a field from a value of a type; ok is false where the type has no such field.
type partOf func(c *Call, unit string, v types.Value) (p part, ok bool)

// clockPart are the fields of a time of day.
func clockPart(unit string, t int64) (part, bool) {
	switch unit {
	case "us":
		return whole(t % usecMinute), true
	case "ms":
		return scaled(t%usecMinute, 3), true
	case "second":
		return scaled(t%usecMinute, 6), true
	case "minute":
		return whole(t / usecMinute % 60), true
	case "hour":
		return whole(t / usecHour), true
	}
	return part{}, false
}

// dayPart are the fields of a date.
func dayPart(unit string, days int64) (part, bool) {
	y, m, d := types.CivilFromDays(days)
	// A year before Christ is counted from 1 downwards.
	shown := func(y int) int64 {
		if y > 0 {
			return int64(y)
		}
		return int64(y - 1)
	}
	switch unit {
	case "day":
		return whole(int64(d)), true
	case "month":
		return whole(int64(m)), true
	case "quarter":
		return whole(int64((m-1)/3 + 1)), true
	case "year":
		return whole(shown(y)), true
	case "decade":
		return whole(int64(floorDiv(y, 10))), true
	case "century":
		if y > 0 {
			return whole(int64((y + 99) / 100)), true
		}
		return whole(-int64((99 - (y - 1)) / 100)), true
	case "millennium":
		if y > 0 {
			return whole(int64((y + 999) / 1000)), true
		}
		return whole(-int64((999 - (y - 1)) / 1000)), true
	case "week", "isoyear":
		iy, w := isoWeek(days)
		if unit == "week" {
			return whole(int64(w)), true
		}
		return whole(shown(iy)), true
	case "dow":
		return whole(isoWeekday(days) % 7), true
	case "isodow":
		return whole(isoWeekday(days)), true
	case "doy":
		return whole(days - types.DaysFromCivil(y, 1, 1) + 1), true
	}
	return part{}, false
}

// isoWeek gives the ISO 8601 year (0 is 1 BC) and week.
func isoWeek(days int64) (year, week int) {
	thursday := days - isoWeekday(days) + 4
	year, _, _ = types.CivilFromDays(thursday)
	return year, int((thursday-types.DaysFromCivil(year, 1, 1))/7) + 1
}

const julianEpoch = 2440588

func julianPart(days, clock int64) part {
	d := intDecimal(days + julianEpoch)
	frac := intDecimal(clock).quo(intDecimal(usecDay), divScale(intDecimal(clock), intDecimal(usecDay)))
	d = d.add(frac)
	return part{quotient: &d}
}

// infinitePart are the fields of an infinite date or timestamp: those that grow without end are infinite, others NULL.
func infinitePart(unit string, sign int) (part, bool) {
	switch unit {
	case "year", "decade", "century", "millennium", "julian", "isoyear", "epoch":
		return part{infinite: sign}, true
	case "us", "ms", "second", "minute", "hour", "day", "month", "quarter", "week", "dow", "isodow", "doy", "timezone", "timezone_h", "timezone_m":
		return part{null: true}, true
	}
	return part{}, false
}

func signOf(t int64) int {
	if t < 0 {
		return -1
	}
	return 1
}

func timestampPart(_ *Call, unit string, v types.Value) (part, bool) {
	if infinite(v.I) {
		return infinitePart(unit, signOf(v.I))
	}
	days := floorDiv64(v.I, usecDay)
	clock := v.I - days*usecDay
	switch unit {
	case "epoch":
		return scaled(v.I, 6), true
	case "julian":
		return julianPart(days, clock), true
	}
	if p, ok := clockPart(unit, clock); ok {
		return p, true
	}
	return dayPart(unit, days)
}

func zonePart(unit string, off int) (part, bool) {
	switch unit {
	case "timezone":
		return whole(int64(off)), true
	case "timezone_h":
		return whole(int64(off / 3600)), true
	case "timezone_m":
		return whole(int64(off / 60 % 60)), true
	}
	return part{}, false
}

func timestamptzPart(c *Call, unit string, v types.Value) (part, bool) {
	if infinite(v.I) {
		return infinitePart(unit, signOf(v.I))
	}
	if unit == "epoch" {
		return scaled(v.I, 6), true
	}
	off, _ := types.OffsetAt(c.Location(), v.I)
	if p, ok := zonePart(unit, off); ok {
		return p, true
	}
	return timestampPart(c, unit, types.IntValue(v.I+int64(off)*usecSecond))
}

func datePart(_ *Call, unit string, v types.Value) (part, bool) {
	switch unit {
	case "us", "ms", "second", "minute", "hour", "timezone", "timezone_h", "timezone_m":
		return part{}, false
	}
	if infiniteDate(v.I) {
		return infinitePart(unit, signOf(v.I))
	}
	switch unit {
	case "epoch":
		return whole(v.I * 86400), true
	case "julian":
		return whole(v.I + julianEpoch), true
	}
	return dayPart(unit, v.I)
}

func timePart(_ *Call, unit string, v types.Value) (part, bool) {
	if unit == "epoch" {
		return scaled(v.I, 6), true
	}
	return clockPart(unit, v.I)
}

func timetzPart(_ *Call, unit string, v types.Value) (part, bool) {
	t := types.ReadTimetz(v.B)
	if unit == "epoch" {
		return scaled(t.Usec+int64(t.West)*usecSecond, 6), true
	}
	if p, ok := zonePart(unit, -int(t.West)); ok {
		return p, true
	}
	return clockPart(unit, t.Usec)
}

func intervalPart(_ *Call, unit string, v types.Value) (part, bool) {
	i := types.ReadInterval(v.B)
	m := int64(i.Months)
	switch unit {
	case "epoch":
		// A year has 365.25 days, a month of what is left 30.
		secs := new(big.Int).Mul(big.NewInt(m/12), big.NewInt(36525*864))
		secs.Add(secs, big.NewInt(m%12*30*86400+int64(i.Days)*86400))
		secs.Mul(secs, big.NewInt(usecSecond))
		sum := float64(i.Usec) / 1e6
		sum += 365.25 * 86400 * float64(m/12)
		sum += 30 * 86400 * float64(m%12)
		sum += 86400 * float64(i.Days)
		return part{n: secs.Add(secs, big.NewInt(i.Usec)), scale: 6, sum: &sum}, true
	case "us":
		return whole(i.Usec % usecMinute), true
	case "ms":
		return scaled(i.Usec%usecMinute, 3), true
	case "second":
		return scaled(i.Usec%usecMinute, 6), true
	case "minute":
		return whole(i.Usec / usecMinute % 60), true
	case "hour":
		return whole(i.Usec / usecHour), true
	case "day":
		return whole(int64(i.Days)), true
	case "month":
		return whole(m % 12), true
	case "quarter":
		return whole(m%12/3 + 1), true
	case "year":
		return whole(m / 12), true
	case "decade":
		return whole(m / 120), true
	case "century":
		return whole(m / 1200), true
	case "millennium":
		return whole(m / 12000), true
	}
	return part{}, false
}

func datetimePartRows() []Row {
	var rs []Row
	for _, t := range []struct {
		typ string
		f   partOf
	}{
		{"date", datePart}, {sigTime, timePart}, {sigTTZ, timetzPart}, {sigTS, timestampPart}, {sigTSTZ, timestamptzPart}, {"interval", intervalPart},
	} {
		read := func(c *Call, a []types.Value) (part, error) {
			lower, unit := unitOf(string(a[0].B))
			p, ok := t.f(c, unit, a[1])
			if !ok {
				return p, errUnit(lower, unit, t.typ)
			}
			return p, nil
		}
		rs = append(rs,
			Row{Sig: "\"extract\"(text," + t.typ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				p, err := read(c, a)
				if err != nil || p.null {
					return null, err
				}
				if p.infinite == 0 && p.quotient == nil && p.scale == 0 {
					return types.TextValue(p.n.Append(nil, 10)), nil
				}
				return p.decimal().value()
			}},
			Row{Sig: "date_part(text," + t.typ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				p, err := part{}, error(nil)
				if t.typ == "date" {
					// An SQL function in PostgreSQL: the date is made a timestamp first.
					p, err = dateAsTimestamp(c, a)
				} else {
					p, err = read(c, a)
				}
				if err != nil || p.null {
					return null, err
				}
				return types.Float8Value(p.float()), nil
			}})
	}
	return rs
}

func dateAsTimestamp(c *Call, a []types.Value) (part, error) {
	t, err := dateToTimestamp(a[1].I)
	if err != nil {
		return part{}, err
	}
	lower, unit := unitOf(string(a[0].B))
	p, ok := timestampPart(c, unit, types.IntValue(t))
	if !ok {
		return p, errUnit(lower, unit, sigTS)
	}
	return p, nil
}
