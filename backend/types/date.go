package types

import (
	"encoding/binary"
	"math"

	"pgd/backend/pgerr"
)

// DateOID is date's OID.
const DateOID = 1082

func init() {
	register(&Type{
		OID: DateOID, Name: "date", Display: "date", Array: 1182, Category: 'D', Len: 4, Delim: ',', Store: Int,
		Input: dateIn, Output: dateOut, Receive: dateRecv, Send: dateSend, Compare: compareInts,
	})
}

// ErrDateRange is the answer to a date that left its range.
var ErrDateRange = pgerr.New(pgerr.DatetimeValueOutOfRange, "date out of range")

// ValidDate tells whether finite days are in range.
func ValidDate(days int64) bool { return days >= minDate && days < endDate }

func dateIn(c *Context, s string, _ int32) (Value, error) {
	_, order := c.style()
	r := &dateReader{c: c, order: order, withZone: true}
	fields, ok := splitDateTime(s)
	fault := faultFormat
	if ok {
		fault = r.read(fields)
	}
	if fault != faultNone {
		return Value{}, dateError(fault, "date", s, r.badZone)
	}
	switch r.special {
	case valEpoch:
		return IntValue(0), nil
	case valLate:
		return IntValue(DateInfinity), nil
	case valEarly:
		return IntValue(DateMinInfinity), nil
	}
	days := DaysFromCivil(r.year, r.month, r.day)
	if !ValidDate(days) {
		return Value{}, pgerr.New(pgerr.DatetimeValueOutOfRange, "date out of range: \"%s\"", s)
	}
	return IntValue(days), nil
}

func dateOut(c *Context, dst []byte, v Value) []byte {
	switch v.I {
	case DateInfinity:
		return append(dst, "infinity"...)
	case DateMinInfinity:
		return append(dst, "-infinity"...)
	}
	var d civil
	d.year, d.month, d.day = CivilFromDays(v.I)
	format, order := c.style()
	return appendDate(dst, d, format, order)
}

func dateRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 4); err != nil {
		return Value{}, err
	}
	d := int64(int32(binary.BigEndian.Uint32(b)))
	if d == math.MaxInt32 || d == math.MinInt32 {
		return IntValue(d), nil
	}
	if d += pgEpochDays; !ValidDate(d) {
		return Value{}, ErrDateRange
	}
	return IntValue(d), nil
}

func dateSend(_ *Context, dst []byte, v Value) []byte {
	d := v.I
	if d != DateInfinity && d != DateMinInfinity {
		d -= pgEpochDays
	}
	return binary.BigEndian.AppendUint32(dst, uint32(d))
}
