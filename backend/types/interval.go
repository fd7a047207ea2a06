package types

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"

	"pgd/backend/pgerr"
)

// IntervalOID is interval's OID.
const IntervalOID = 1186

func init() {
	register(&Type{
		OID: IntervalOID, Name: "interval", Display: "interval", Array: 1187, Category: 'T', Preferred: true, Len: 16, Delim: ',',
		Store: Text, Collation: "pg_interval", Input: intervalIn, Output: intervalOut, Receive: intervalRecv, Send: intervalSend,
		Compare:  func(a, b Value) int { return compareIntervals(a.B, b.B) },
		TypmodIn: intervalTypmodIn, TypmodOut: intervalTypmodOut, Apply: applyInterval,
	})
	Collations["pg_interval"] = compareIntervals
}

// Interval keeps months, days and time apart: a month has no fixed number of days, a day none of hours.
type Interval struct {
	Months, Days int32
	Usec         int64
}

// Value gives the stored form, "<months>,<days>,<µs>".
func (i Interval) Value() Value {
	b := strconv.AppendInt(make([]byte, 0, 24), int64(i.Months), 10)
	b = strconv.AppendInt(append(b, ','), int64(i.Days), 10)
	return TextValue(strconv.AppendInt(append(b, ','), i.Usec, 10))
}

// ReadInterval reads the stored form.
func ReadInterval(b []byte) Interval {
	m, rest, _ := bytes.Cut(b, []byte{','})
	d, u, _ := bytes.Cut(rest, []byte{','})
	months, _ := strconv.ParseInt(string(m), 10, 32)
	days, _ := strconv.ParseInt(string(d), 10, 32)
	usec, _ := strconv.ParseInt(string(u), 10, 64)
	return Interval{int32(months), int32(days), usec}
}

// span counts a month as 30 days and a day as 24 hours.
func (i Interval) span() (days, usec int64) {
	d := floorDiv(i.Usec, usecDay)
	return int64(i.Months)*30 + int64(i.Days) + d, i.Usec - d*usecDay
}

// Compare orders as PostgreSQL does: 1 month = 30 days = 720 hours.
func (i Interval) Compare(j Interval) int {
	d1, u1 := i.span()
	d2, u2 := j.span()
	if c := compareInts(IntValue(d1), IntValue(d2)); c != 0 {
		return c
	}
	return compareInts(IntValue(u1), IntValue(u2))
}

// compareIntervals is the collation pg_interval.
func compareIntervals(a, b []byte) int { return ReadInterval(a).Compare(ReadInterval(b)) }

// ErrIntervalRange is the answer to an interval that left its range.
var ErrIntervalRange = pgerr.New(pgerr.DatetimeValueOutOfRange, "interval out of range")

func intervalRecv(c *Context, b []byte, typmod int32) (Value, error) {
	if err := checkLen(b, 16); err != nil {
		return Value{}, err
	}
	v := Interval{int32(binary.BigEndian.Uint32(b[12:])), int32(binary.BigEndian.Uint32(b[8:])), int64(binary.BigEndian.Uint64(b))}.Value()
	return applyInterval(c, v, typmod, false)
}

func intervalSend(_ *Context, dst []byte, v Value) []byte {
	i := ReadInterval(v.B)
	dst = binary.BigEndian.AppendUint64(dst, uint64(i.Usec))
	dst = binary.BigEndian.AppendUint32(dst, uint32(i.Days))
	return binary.BigEndian.AppendUint32(dst, uint32(i.Months))
}

// Fields of an interval in a typmod's range.
const (
	rangeMonth  = 1 << 1
	rangeYear   = 1 << 2
	rangeDay    = 1 << 3
	rangeHour   = 1 << 10
	rangeMinute = 1 << 11
	rangeSecond = 1 << 12
	rangeFull   = 0x7fff
	precFull    = 0xffff
)

var intervalRanges = []struct {
	mask int32
	name string
}{
	{rangeYear, " year"}, {rangeMonth, " month"}, {rangeDay, " day"}, {rangeHour, " hour"}, {rangeMinute, " minute"}, {rangeSecond, " second"},
	{rangeYear | rangeMonth, " year to month"}, {rangeDay | rangeHour, " day to hour"}, {rangeDay | rangeHour | rangeMinute, " day to minute"},
	{rangeDay | rangeHour | rangeMinute | rangeSecond, " day to second"}, {rangeHour | rangeMinute, " hour to minute"},
	{rangeHour | rangeMinute | rangeSecond, " hour to second"}, {rangeMinute | rangeSecond, " minute to second"}, {rangeFull, ""},
}

func intervalTypmodIn(mods []int32) (int32, error) {
	if len(mods) < 1 || len(mods) > 2 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid INTERVAL type modifier")
	}
	found := false
	for _, r := range intervalRanges {
		found = found || r.mask == mods[0]
	}
	if !found {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid INTERVAL type modifier")
	}
	if len(mods) == 1 {
		if mods[0] == rangeFull {
			return -1, nil
		}
		return mods[0]<<16 | precFull, nil
	}
	if mods[1] < 0 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "INTERVAL(%d) precision must not be negative", mods[1])
	}
	return mods[0]<<16 | min(mods[1], 6), nil
}

func intervalTypmod(typmod int32) (mask, precision int32) {
	if typmod < 0 {
		return rangeFull, precFull
	}
	return typmod >> 16 & rangeFull, typmod & precFull
}

func intervalTypmodOut(typmod int32) string {
	mask, precision := intervalTypmod(typmod)
	out := ""
	for _, r := range intervalRanges {
		if r.mask == mask {
			out = r.name
		}
	}
	if precision != precFull {
		out += "(" + itoa(int(precision)) + ")"
	}
	return out
}

// applyInterval drops fields below the last one of the range and rounds seconds.
func applyInterval(_ *Context, v Value, typmod int32, _ bool) (Value, error) {
	if typmod < 0 {
		return v, nil
	}
	mask, precision := intervalTypmod(typmod)
	i := ReadInterval(v.B)
	switch {
	case mask == rangeFull || mask&rangeSecond != 0:
	case mask == rangeYear:
		i = Interval{Months: i.Months / 12 * 12}
	case mask&rangeMonth != 0:
		i = Interval{Months: i.Months}
	case mask == rangeDay:
		i.Usec = 0
	case mask&rangeMinute != 0:
		i.Usec = i.Usec / usecMinute * usecMinute
	case mask&rangeHour != 0:
		i.Usec = i.Usec / usecHour * usecHour
	}
	if precision != precFull {
		i.Usec = roundUsec(i.Usec, precision)
	}
	return i.Value(), nil
}

// parts are an interval's fields as they are printed.
type intervalParts struct{ year, month, day, hour, minute, sec, usec int64 }

func (i Interval) parts() intervalParts {
	return intervalParts{
		int64(i.Months / 12), int64(i.Months % 12), int64(i.Days),
		i.Usec / usecHour, i.Usec / usecMinute % 60, i.Usec / usecSecond % 60, i.Usec % usecSecond,
	}
}

func abs64(x int64) int64 {
	if x < 0 && x != math.MinInt64 {
		return -x
	}
	return x
}
