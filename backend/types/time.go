package types

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"time"

	"pgd/backend/pgerr"
)

// OIDs of the types that are a time of day.
const (
	TimeOID   = 1083
	TimetzOID = 1266
)

func init() {
	register(
		&Type{
			OID: TimeOID, Name: "time", Display: "time without time zone", Array: 1183, Category: 'D', Len: 8, Delim: ',', Store: Int,
			Input: timeIn, Output: timeOut, Receive: timeRecv, Send: int8Send, Compare: compareInts,
			TypmodIn: timeTypmodIn("TIME", ""), TypmodOut: timeTypmodOut(""), Apply: applyTime,
		},
		&Type{
			OID: TimetzOID, Name: "timetz", Display: "time with time zone", Array: 1270, Category: 'D', Len: 12, Delim: ',', Store: Text,
			Collation: "pg_timetz", Input: timetzIn, Output: timetzOut, Receive: timetzRecv, Send: timetzSend,
			Compare:  func(a, b Value) int { return compareTimetz(a.B, b.B) },
			TypmodIn: timeTypmodIn("TIME", " WITH TIME ZONE"), TypmodOut: timeTypmodOut(""), Apply: applyTimetz,
		},
	)
	Collations["pg_timetz"] = compareTimetz
}

func readTime(c *Context, s, typ string, zone bool) (*dateReader, error) {
	_, order := c.style()
	r := &dateReader{c: c, order: order, withZone: true, timeOnly: true}
	fields, ok := splitDateTime(s)
	fault := faultFormat
	if ok {
		fault = r.read(fields)
	}
	if fault != faultNone {
		return nil, dateError(fault, typ, s, r.badZone)
	}
	return r, nil
}

func timeIn(c *Context, s string, typmod int32) (Value, error) {
	r, err := readTime(c, s, "time", false)
	if err != nil {
		return Value{}, err
	}
	return IntValue(roundUsec(r.timeUsec(), typmod)), nil
}

func applyTime(_ *Context, v Value, typmod int32, _ bool) (Value, error) {
	return IntValue(roundUsec(v.I, typmod)), nil
}

func timeOut(_ *Context, dst []byte, v Value) []byte { return appendClock(dst, splitTime(v.I)) }

func timeRecv(_ *Context, b []byte, typmod int32) (Value, error) {
	if err := checkLen(b, 8); err != nil {
		return Value{}, err
	}
	t := int64(binary.BigEndian.Uint64(b))
	if t < 0 || t > usecDay {
		return Value{}, errTimeRange
	}
	return IntValue(roundUsec(t, typmod)), nil
}

var errTimeRange = pgerr.New(pgerr.DatetimeValueOutOfRange, "time out of range")

// Timetz is a time of day with its zone, in seconds west of UTC as PostgreSQL keeps it.
type Timetz struct {
	Usec int64
	West int32
}

// Value gives the stored form, "<µs>,<seconds west>".
func (t Timetz) Value() Value {
	b := strconv.AppendInt(nil, t.Usec, 10)
	return TextValue(strconv.AppendInt(append(b, ','), int64(t.West), 10))
}

// ReadTimetz reads the stored form.
func ReadTimetz(b []byte) Timetz {
	a, z, _ := bytes.Cut(b, []byte{','})
	usec, _ := strconv.ParseInt(string(a), 10, 64)
	west, _ := strconv.ParseInt(string(z), 10, 32)
	return Timetz{usec, int32(west)}
}

// compareTimetz orders by the instant, then by the zone. It is the collation pg_timetz.
func compareTimetz(a, b []byte) int {
	x, y := ReadTimetz(a), ReadTimetz(b)
	if c := compareInts(IntValue(x.Usec+int64(x.West)*usecSecond), IntValue(y.Usec+int64(y.West)*usecSecond)); c != 0 {
		return c
	}
	return sign(int(x.West) - int(y.West))
}

func timetzIn(c *Context, s string, typmod int32) (Value, error) {
	r, err := readTime(c, s, "time with time zone", true)
	if err != nil {
		return Value{}, err
	}
	return Timetz{roundUsec(r.timeUsec(), typmod), int32(-r.offset)}.Value(), nil
}

func applyTimetz(_ *Context, v Value, typmod int32, _ bool) (Value, error) {
	t := ReadTimetz(v.B)
	t.Usec = roundUsec(t.Usec, typmod)
	return t.Value(), nil
}

func timetzOut(_ *Context, dst []byte, v Value) []byte {
	t := ReadTimetz(v.B)
	return appendOffset(appendClock(dst, splitTime(t.Usec)), -int(t.West))
}

func timetzRecv(_ *Context, b []byte, typmod int32) (Value, error) {
	if err := checkLen(b, 12); err != nil {
		return Value{}, err
	}
	t := Timetz{int64(binary.BigEndian.Uint64(b)), int32(binary.BigEndian.Uint32(b[8:]))}
	if t.Usec < 0 || t.Usec > usecDay {
		return Value{}, errTimeRange
	}
	if t.West <= -16*3600 || t.West >= 16*3600 {
		return Value{}, pgerr.New(pgerr.InvalidTimeZoneDisplacementValue, "time zone displacement out of range")
	}
	t.Usec = roundUsec(t.Usec, typmod)
	return t.Value(), nil
}

func timetzSend(_ *Context, dst []byte, v Value) []byte {
	t := ReadTimetz(v.B)
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(dst, uint64(t.Usec)), uint32(t.West))
}

// fixedOffset tells whether a zone has only one offset, and which.
func fixedOffset(l *time.Location) (int, bool) {
	now := time.Now().In(l)
	start, end := now.ZoneBounds()
	_, off := now.Zone()
	return off, start.IsZero() && end.IsZero()
}
