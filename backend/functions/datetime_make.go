package functions

import (
	"fmt"
	"math"
	"strings"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func errField(format string, args ...any) error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, format, args...)
}

// makeDays checks year (negative is BC), month and day.
func makeDays(y, m, d int64) (int64, bool) {
	if y < 0 {
		y++
	} else if y == 0 {
		return 0, false
	}
	if m < 1 || m > 12 || d < 1 || d > int64(types.DaysInMonth(int(y), int(m))) {
		return 0, false
	}
	return types.DaysFromCivil(int(y), int(m), int(d)), true
}

func makeDate(_ *Call, a []types.Value) (types.Value, error) {
	days, ok := makeDays(a[0].I, a[1].I, a[2].I)
	if !ok {
		y := a[0].I
		if y < 0 {
			y++ // as PostgreSQL says it
		}
		return null, errField("date field value out of range: %d-%02d-%02d", y, a[1].I, a[2].I)
	}
	if !types.ValidDate(days) {
		return null, errField("date out of range: %d-%02d-%02d", a[0].I, a[1].I, a[2].I)
	}
	return types.IntValue(days), nil
}

// makeClock checks hour, minute and seconds; 24:00:00 is allowed.
func makeClock(h, m int64, s float64) (int64, bool) {
	if s != s || h < 0 || h > 24 || m < 0 || m > 59 || s < 0 || s > 60 {
		return 0, false
	}
	t := (h*60+m)*usecMinute + int64(math.RoundToEven(s*1e6))
	return t, t <= usecDay
}

// clockText is C's %d:%02d:%02g.
func clockText(h, m int64, s float64) string {
	sec := string(types.AppendFloat(nil, s, 64, -9))
	if len(sec) < 2 {
		sec = "0" + sec
	}
	return fmt.Sprintf("%d:%02d:%s", h, m, sec)
}

func makeTime(_ *Call, a []types.Value) (types.Value, error) {
	t, ok := makeClock(a[0].I, a[1].I, a[2].Float8())
	if !ok {
		return null, errField("time field value out of range: %s", clockText(a[0].I, a[1].I, a[2].Float8()))
	}
	return types.IntValue(t), nil
}

func makeLocal(a []types.Value) (int64, error) {
	days, ok := makeDays(a[0].I, a[1].I, a[2].I)
	if !ok {
		return 0, errField("date field value out of range: %d-%02d-%02d", a[0].I, a[1].I, a[2].I)
	}
	clock, ok := makeClock(a[3].I, a[4].I, a[5].Float8())
	if !ok {
		return 0, errField("time field value out of range: %s", clockText(a[3].I, a[4].I, a[5].Float8()))
	}
	t, err := dateAndTime(days, clock)
	if err != nil {
		return 0, errField("timestamp out of range: %d-%02d-%02d %s", a[0].I, a[1].I, a[2].I, clockText(a[3].I, a[4].I, a[5].Float8()))
	}
	return t, nil
}

func makeTimestamp(_ *Call, a []types.Value) (types.Value, error) { return intResult(makeLocal(a)) }

func makeTimestamptz(c *Call, a []types.Value) (types.Value, error) {
	t, err := makeLocal(a)
	if err != nil {
		return null, err
	}
	if len(a) < 7 {
		return intResult(utc(c, t))
	}
	name := string(a[6].B)
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		return null, pgerr.New(pgerr.InvalidParameterValue, "invalid input syntax for type numeric time zone: \"%s\"", name).
			WithHint("Numeric time zones must have \"-\" or \"+\" as first character.")
	}
	loc, err := zoneOrOffset(name)
	if err != nil {
		return null, err
	}
	r := types.LocalToUTC(loc, t)
	if !types.ValidTimestamp(r) {
		return null, types.ErrTimestampRange
	}
	return types.IntValue(r), nil
}

// zoneOrOffset also takes +hh[:mm] east of UTC, as ISO writes it.
func zoneOrOffset(name string) (*time.Location, error) {
	if name != "" && (name[0] == '+' || name[0] == '-') {
		v, err := types.ByOID(types.TimetzOID).Input(&types.Context{}, "00:00:00"+name, -1)
		if err != nil {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid input syntax for type numeric time zone: \"%s\"", name)
		}
		return time.FixedZone("", -int(types.ReadTimetz(v.B).West)), nil
	}
	return zoneNamed(name)
}

// age counts years, months, days and time between two local timestamps.
func age(t1, t2 int64) (types.Interval, error) {
	if infinite(t1) || infinite(t2) {
		return types.Interval{}, types.ErrTimestampRange
	}
	neg := t1 < t2
	late, early := t1, t2
	if neg {
		late, early = t2, t1
	}
	d1, d2 := floorDiv64(late, usecDay), floorDiv64(early, usecDay)
	y1, m1, day1 := types.CivilFromDays(d1)
	y2, m2, day2 := types.CivilFromDays(d2)
	usec := (late - d1*usecDay) - (early - d2*usecDay)
	days := day1 - day2
	months := (y1-y2)*12 + m1 - m2
	if usec < 0 {
		usec += usecDay
		days--
	}
	for days < 0 {
		// A month as long as the one the earlier date is in.
		days += types.DaysInMonth(y2, m2)
		months--
	}
	i := types.Interval{Months: int32(months), Days: int32(days), Usec: usec}
	if neg {
		i = negateInterval(i)
	}
	return i, nil
}

func ageOf(zone bool, fromToday bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		t1, t2 := a[0].I, int64(0)
		if fromToday {
			t1, t2 = floorDiv64(local(c, transactionUsec(c)), usecDay)*usecDay, a[0].I
			if zone {
				t2 = local(c, t2)
			}
		} else {
			t2 = a[1].I
			if zone {
				t1, t2 = local(c, t1), local(c, t2)
			}
		}
		i, err := age(t1, t2)
		if err != nil {
			return null, err
		}
		return i.Value(), nil
	}
}

// timezone is AT TIME ZONE.
func timezone(kind string) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		var loc *time.Location
		var err error
		if kind != "timetz" && infinite(a[1].I) {
			return a[1], nil
		}
		if isInterval := len(c.Args) > 0 && c.Args[0] == types.IntervalOID; isInterval {
			i := types.ReadInterval(a[0].B)
			if i.Months != 0 || i.Days != 0 {
				text := string(types.ByOID(types.IntervalOID).Output(c.Context, nil, a[0]))
				return null, pgerr.New(pgerr.InvalidParameterValue, "interval time zone \"%s\" must not include months or days", text)
			}
			loc = time.FixedZone("", int(i.Usec/usecSecond))
		} else if loc, err = zoneNamed(string(a[0].B)); err != nil {
			return null, err
		}
		switch kind {
		case "timetz":
			t := types.ReadTimetz(a[1].B)
			off, _ := types.OffsetAt(loc, transactionUsec(c))
			u := t.Usec + (int64(t.West)+int64(off))*usecSecond
			return types.Timetz{Usec: u - floorDiv64(u, usecDay)*usecDay, West: int32(-off)}.Value(), nil
		case "local":
			r := types.LocalToUTC(loc, a[1].I)
			if !types.ValidTimestamp(r) {
				return null, types.ErrTimestampRange
			}
			return types.IntValue(r), nil
		}
		r := types.UTCToLocal(loc, a[1].I)
		if !types.ValidTimestamp(r) {
			return null, types.ErrTimestampRange
		}
		return types.IntValue(r), nil
	}
}

// overlaps compares two periods, each a start with an end or a length; NULL may stand for one end.
func overlaps(typ string, lengths [2]bool) Scalar {
	cmp := types.ByOID(types.Int8OID).Compare
	if typ == sigTTZ {
		cmp = types.ByOID(types.TimetzOID).Compare
	}
	return func(c *Call, a []types.Value) (types.Value, error) {
		b := append([]types.Value{}, a...)
		for i, isLength := range lengths {
			s, e := b[2*i], b[2*i+1]
			if !isLength || s.IsNull() || e.IsNull() {
				if isLength && s.IsNull() {
					b[2*i+1] = null
				}
				continue
			}
			var err error
			switch typ {
			case sigTSTZ:
				b[2*i+1], err = intResult(addIntervalZone(c.Location(), s.I, types.ReadInterval(e.B)))
			case sigTS:
				b[2*i+1], err = intResult(addInterval(s.I, types.ReadInterval(e.B)))
			default:
				b[2*i+1], err = clockPlus(0, 1)(c, []types.Value{s, e})
			}
			if err != nil {
				return null, err
			}
		}
		for i := 0; i < 4; i += 2 {
			switch {
			case b[i].IsNull():
				if b[i+1].IsNull() {
					return null, nil
				}
				b[i], b[i+1] = b[i+1], b[i]
			case !b[i+1].IsNull() && cmp(b[i], b[i+1]) > 0:
				b[i], b[i+1] = b[i+1], b[i]
			}
		}
		s1, e1, s2, e2 := b[0], b[1], b[2], b[3]
		switch n := cmp(s1, s2); {
		case n > 0:
			if e2.IsNull() {
				return null, nil
			}
			if cmp(s1, e2) < 0 {
				return types.BoolValue(true), nil
			}
			if e1.IsNull() {
				return null, nil
			}
			return types.BoolValue(false), nil
		case n < 0:
			if e1.IsNull() {
				return null, nil
			}
			if cmp(s2, e1) < 0 {
				return types.BoolValue(true), nil
			}
			if e2.IsNull() {
				return null, nil
			}
			return types.BoolValue(false), nil
		}
		if e1.IsNull() || e2.IsNull() {
			return null, nil
		}
		return types.BoolValue(true), nil
	}
}

func datetimeMakeRows() []Row {
	const ints = "integer,integer,integer,integer,integer,double precision"
	rs := []Row{
		{Sig: "make_date(integer,integer,integer)", Scalar: makeDate}, {Sig: "make_time(integer,integer,double precision)", Scalar: makeTime},
		{Sig: "make_timestamp(" + ints + ")", Scalar: makeTimestamp}, {Sig: "make_timestamptz(" + ints + ")", Scalar: makeTimestamptz},
		{Sig: "make_timestamptz(" + ints + ",text)", Scalar: makeTimestamptz},
		{Sig: "age(" + sigTS + "," + sigTS + ")", Scalar: ageOf(false, false)}, {Sig: "age(" + sigTSTZ + "," + sigTSTZ + ")", Scalar: ageOf(true, false)},
		{Sig: "age(" + sigTS + ")", Scalar: ageOf(false, true)}, {Sig: "age(" + sigTSTZ + ")", Scalar: ageOf(true, true)},
	}
	for _, z := range []string{"text", "interval"} {
		rs = append(rs, Row{Sig: "timezone(" + z + "," + sigTSTZ + ")", Scalar: timezone("instant")},
			Row{Sig: "timezone(" + z + "," + sigTS + ")", Scalar: timezone("local")},
			Row{Sig: "timezone(" + z + "," + sigTTZ + ")", Scalar: timezone("timetz")})
	}
	for _, t := range []string{sigTS, sigTSTZ, sigTime, sigTTZ} {
		for mask := 0; mask < 4; mask++ {
			if t == sigTTZ && mask != 0 {
				continue
			}
			args := []string{t, t, t, t}
			lengths := [2]bool{mask&1 != 0, mask&2 != 0}
			for i, l := range lengths {
				if l {
					args[2*i+1] = "interval"
				}
			}
			rs = append(rs, Row{Sig: "\"overlaps\"(" + strings.Join(args, ",") + ")", Scalar: overlaps(t, lengths)})
		}
	}
	return rs
}
