package types

import (
	"encoding/binary"
	"math"

	"pgd/backend/pgerr"
)

// OIDs of the timestamp types.
const (
	TimestampOID   = 1114
	TimestamptzOID = 1184
)

func init() {
	register(
		&Type{
			OID: TimestampOID, Name: "timestamp", Display: "timestamp without time zone", Array: 1115, Category: 'D', Len: 8, Delim: ',',
			Store: Int, Input: timestampIn, Output: timestampOut, Receive: timestampRecv, Send: timestampSend, Compare: compareInts,
			TypmodIn: timeTypmodIn("TIMESTAMP", ""), TypmodOut: timeTypmodOut(""), Apply: applyTimestamp,
		},
		&Type{
			OID: TimestamptzOID, Name: "timestamptz", Display: "timestamp with time zone", Array: 1185, Category: 'D', Preferred: true,
			Len: 8, Delim: ',', Store: Int, Input: timestamptzIn, Output: timestamptzOut, Receive: timestampRecv, Send: timestampSend,
			Compare: compareInts, TypmodIn: timeTypmodIn("TIMESTAMP", " WITH TIME ZONE"), TypmodOut: timeTypmodOut(" with time zone"),
			Apply: applyTimestamp,
		},
	)
}

// timeTypmodIn reads the precision, 0 to 6; more is reduced to 6 (PostgreSQL warns of it).
func timeTypmodIn(name, suffix string) func([]int32) (int32, error) {
	return func(mods []int32) (int32, error) {
		if len(mods) != 1 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
		}
		if mods[0] < 0 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "%s(%d)%s precision must not be negative", name, mods[0], suffix)
		}
		return min(mods[0], 6), nil
	}
}

// The suffix stands after the precision: timestamp(3) with time zone.
func timeTypmodOut(string) func(int32) string {
	return func(typmod int32) string {
		if typmod < 0 {
			return ""
		}
		return "(" + itoa(int(typmod)) + ")"
	}
}

// roundUsec rounds microseconds to so many digits, half away from zero.
func roundUsec(t int64, digits int32) int64 {
	if digits < 0 || digits >= 6 {
		return t
	}
	scale := int64(1)
	for i := digits; i < 6; i++ {
		scale *= 10
	}
	if t >= 0 {
		return (t + scale/2) / scale * scale
	}
	return -((-t + scale/2) / scale * scale)
}

// roundTimestamp counts from 2000-01-01, where PostgreSQL has its zero.
func roundTimestamp(t int64, typmod int32) int64 {
	if t == TimestampInfinity || t == TimestampMinInfinity {
		return t
	}
	return roundUsec(t-pgEpochUsec, typmod) + pgEpochUsec
}

func applyTimestamp(_ *Context, v Value, typmod int32, _ bool) (Value, error) {
	return IntValue(roundTimestamp(v.I, typmod)), nil
}

func timestampIn(c *Context, s string, typmod int32) (Value, error) {
	return readTimestamp(c, s, typmod, "timestamp", false)
}

func timestamptzIn(c *Context, s string, typmod int32) (Value, error) {
	return readTimestamp(c, s, typmod, "timestamp with time zone", true)
}

func readTimestamp(c *Context, s string, typmod int32, typ string, zone bool) (Value, error) {
	_, order := c.style()
	r := &dateReader{c: c, order: order, withZone: true}
	fields, ok := splitDateTime(s)
	fault := faultFormat
	if ok {
		fault = r.read(fields)
	}
	if fault != faultNone {
		return Value{}, dateError(fault, typ, s, r.badZone)
	}
	switch r.special {
	case valEpoch:
		return IntValue(0), nil
	case valLate:
		return IntValue(TimestampInfinity), nil
	case valEarly:
		return IntValue(TimestampMinInfinity), nil
	}
	if !zone {
		r.offset = 0
	}
	t, ok := r.timestampUsec(r.offset)
	if !ok {
		return Value{}, pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp out of range: \"%s\"", s)
	}
	return IntValue(roundTimestamp(t, typmod)), nil
}

func appendInfinite(dst []byte, t int64) ([]byte, bool) {
	switch t {
	case TimestampInfinity:
		return append(dst, "infinity"...), true
	case TimestampMinInfinity:
		return append(dst, "-infinity"...), true
	}
	return dst, false
}

func timestampOut(c *Context, dst []byte, v Value) []byte {
	if out, ok := appendInfinite(dst, v.I); ok {
		return out
	}
	format, order := c.style()
	return appendDateTime(dst, splitUsec(v.I), format, order, nil, 0, "")
}

func timestamptzOut(c *Context, dst []byte, v Value) []byte {
	if out, ok := appendInfinite(dst, v.I); ok {
		return out
	}
	format, order := c.style()
	loc := c.Location()
	offset, abbrev := OffsetAt(loc, v.I)
	return appendDateTime(dst, splitUsec(v.I+int64(offset)*usecSecond), format, order, loc, offset, abbrev)
}

func timestampRecv(_ *Context, b []byte, typmod int32) (Value, error) {
	if err := checkLen(b, 8); err != nil {
		return Value{}, err
	}
	t := int64(binary.BigEndian.Uint64(b))
	switch t {
	case math.MaxInt64:
		return IntValue(TimestampInfinity), nil
	case math.MinInt64:
		return IntValue(TimestampMinInfinity), nil
	}
	if t > maxTimestamp-pgEpochUsec || t+pgEpochUsec < minTimestamp {
		return Value{}, ErrTimestampRange
	}
	return IntValue(roundTimestamp(t+pgEpochUsec, typmod)), nil
}

func timestampSend(_ *Context, dst []byte, v Value) []byte {
	t := v.I
	switch t {
	case TimestampInfinity:
	case TimestampMinInfinity:
		t = math.MinInt64
	default:
		t -= pgEpochUsec
	}
	return binary.BigEndian.AppendUint64(dst, uint64(t))
}
