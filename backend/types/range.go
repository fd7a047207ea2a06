package types

import (
	"bytes"
	"math"

	"pgd/backend/pgerr"
)

// RangeType is what a range type and its multirange type are made of.
type RangeType struct {
	OID, Multi uint32
	SubOID     uint32
	Own        *Type // the subtype where it is the database's own
	// Next gives the value after one of a discrete subtype, whose ranges are kept as [a,b); nil for others.
	Next func(v Value) (Value, error)
}

// OIDs of the built-in range types.
const (
	Int4RangeOID = 3904
	NumRangeOID  = 3906
	TsRangeOID   = 3908
	TstzRangeOID = 3910
	DateRangeOID = 3912
	Int8RangeOID = 3926
)

var errBigintRange = pgerr.New(pgerr.NumericValueOutOfRange, "bigint out of range")

func init() {
	for _, r := range []struct {
		oid, array, multi, multiArray uint32
		name                          string
		sub                           uint32
		next                          func(Value) (Value, error)
	}{
		{Int4RangeOID, 3905, 4451, 6150, "int4", Int4OID, nextInt(math.MaxInt32, pgerr.New(pgerr.NumericValueOutOfRange, "integer out of range"))},
		{NumRangeOID, 3907, 4532, 6151, "num", NumericOID, nil},
		{TsRangeOID, 3909, 4533, 6152, "ts", TimestampOID, nil},
		{TstzRangeOID, 3911, 4534, 6153, "tstz", TimestamptzOID, nil},
		{DateRangeOID, 3913, 4535, 6155, "date", DateOID, nextDate},
		{Int8RangeOID, 3927, 4536, 6157, "int8", Int8OID, nextInt(math.MaxInt64, errBigintRange)},
	} {
		rt := &RangeType{OID: r.oid, Multi: r.multi, SubOID: r.sub, Next: r.next}
		rng, multi := NewRangeTypes(rt, r.name+"range", r.name+"multirange")
		rng.Array, multi.Array = r.array, r.multiArray
		register(rng, multi)
	}
	Collations["pg_range"] = compareStoredRanges
}

// Sub is the type of the bounds.
func (rt *RangeType) Sub() *Type {
	if rt.Own != nil {
		return rt.Own
	}
	return builtin[rt.SubOID]
}

func nextInt(most int64, tooLarge error) func(Value) (Value, error) {
	return func(v Value) (Value, error) {
		if v.I == most {
			return Value{}, tooLarge
		}
		return IntValue(v.I + 1), nil
	}
}

func nextDate(v Value) (Value, error) {
	switch {
	case v.I == DateInfinity || v.I == DateMinInfinity:
		return v, nil
	case !ValidDate(v.I + 1):
		return Value{}, ErrDateRange
	}
	return IntValue(v.I + 1), nil
}

// NewRangeTypes makes the type of a range and that of its multirange, also for types of the database's own.
func NewRangeTypes(rt *RangeType, name, multiName string) (rng, multi *Type) {
	rng = &Type{
		OID: rt.OID, Name: name, Display: name, Category: 'R', Len: -1, Delim: ',', Store: Text, Collation: "pg_range", Range: rt,
		Input: rt.rangeIn, Output: rt.rangeOut, Receive: rt.rangeRecv, Send: rt.rangeSend,
		Compare: func(a, b Value) int { return compareStoredRanges(a.B, b.B) },
	}
	multi = &Type{
		OID: rt.Multi, Name: multiName, Display: multiName, Category: 'R', Len: -1, Delim: ',', Store: Text, Collation: "pg_range", Range: rt,
		Input: rt.multirangeIn, Output: rt.multirangeOut, Receive: rt.multirangeRecv, Send: rt.multirangeSend,
		Compare: func(a, b Value) int { return compareStoredRanges(a.B, b.B) },
	}
	return rng, multi
}

// Bound is one end of a range.
type Bound struct {
	Value               Value // nothing where the bound is infinite
	Infinite, Inclusive bool
	Lower               bool
}

// Range is a range taken apart.
type Range struct {
	Empty        bool
	Lower, Upper Bound
}

// EmptyRange contains nothing.
var EmptyRange = Range{Empty: true}

var errRangeBounds = pgerr.New(pgerr.DataException, "range lower bound must be less than or equal to range upper bound")

// Make makes a range of its bounds: empty where nothing lies between them, in the canonical form of a discrete type.
func (rt *RangeType) Make(lower, upper Bound) (Range, error) {
	lower.Lower, upper.Lower = true, false
	for _, b := range []*Bound{&lower, &upper} {
		if b.Infinite {
			b.Value, b.Inclusive = Value{}, false
		}
	}
	r, err := rt.order(lower, upper)
	if err != nil || r.Empty || rt.Next == nil {
		return r, err
	}
	if !lower.Infinite && !lower.Inclusive && !endless(rt, lower.Value) {
		if lower.Value, err = rt.Next(lower.Value); err != nil {
			return Range{}, err
		}
		lower.Inclusive = true
	}
	if !upper.Infinite && upper.Inclusive && !endless(rt, upper.Value) {
		if upper.Value, err = rt.Next(upper.Value); err != nil {
			return Range{}, err
		}
		upper.Inclusive = false
	}
	return rt.order(lower, upper)
}

// endless tells the infinite dates, which stay as they are.
func endless(rt *RangeType, v Value) bool {
	return rt.SubOID == DateOID && (v.I == DateInfinity || v.I == DateMinInfinity)
}

func (rt *RangeType) order(lower, upper Bound) (Range, error) {
	if !lower.Infinite && !upper.Infinite {
		c := rt.Sub().Compare(lower.Value, upper.Value)
		if c > 0 {
			return Range{}, errRangeBounds
		}
		if c == 0 && !(lower.Inclusive && upper.Inclusive) {
			return EmptyRange, nil
		}
	}
	return Range{Lower: lower, Upper: upper}, nil
}

// CompareValues orders two bounds by where they are, not minding whether they are inclusive.
func (rt *RangeType) CompareValues(a, b Bound) int { return compareBoundValues(a, b, rt.Sub().Compare) }

// CompareBounds orders two bounds, lower or upper.
func (rt *RangeType) CompareBounds(a, b Bound) int { return compareBounds(a, b, rt.Sub().Compare) }

// Compare orders ranges: the empty one first, then by lower bound, then by upper bound.
func (rt *RangeType) Compare(a, b Range) int { return compareRanges(a, b, rt.Sub().Compare) }

func compareBoundValues(a, b Bound, cmp func(a, b Value) int) int {
	side := func(lower bool) int {
		if lower {
			return -1
		}
		return 1
	}
	switch {
	case a.Infinite && b.Infinite && a.Lower == b.Lower:
		return 0
	case a.Infinite:
		return side(a.Lower)
	case b.Infinite:
		return -side(b.Lower)
	}
	return cmp(a.Value, b.Value)
}

func compareBounds(a, b Bound, cmp func(a, b Value) int) int {
	c := compareBoundValues(a, b, cmp)
	if c != 0 || a.Infinite {
		return c
	}
	return a.nudge() - b.nudge()
}

// nudge tells on which side of its value an exclusive bound is.
func (b Bound) nudge() int {
	switch {
	case b.Inclusive:
		return 0
	case b.Lower:
		return 1
	}
	return -1
}

func compareRanges(a, b Range, cmp func(a, b Value) int) int {
	switch {
	case a.Empty && b.Empty:
		return 0
	case a.Empty:
		return -1
	case b.Empty:
		return 1
	}
	if c := compareBounds(a.Lower, b.Lower, cmp); c != 0 {
		return c
	}
	return compareBounds(a.Upper, b.Upper, cmp)
}

// compareStoredRanges orders the stored forms of two ranges, or of two multiranges. It is the collation pg_range.
func compareStoredRanges(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	x, kx, err1 := readRanges(a)
	y, ky, err2 := readRanges(b)
	if err1 != nil || err2 != nil || kx != ky && kx != 0 && ky != 0 {
		return bytes.Compare(a, b)
	}
	if kx == 0 {
		kx = ky
	}
	cmp := rangeOrder(kx)
	for i := 0; i < len(x) && i < len(y); i++ {
		if c := compareRanges(x[i], y[i], cmp); c != 0 {
			return sign(c)
		}
	}
	return sign(len(x) - len(y))
}
