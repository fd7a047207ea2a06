package types

import (
	"encoding/hex"
	"math"
	"strconv"

	"pgd/backend/pgerr"
)

// A range is stored as TEXT that looks like its text form, its bounds as their own type stores them, with a letter in front that tells how
// they are compared: "[i1,i5)", "[n1.50,)", "empty"; a multirange as "{[i1,i5),[i7,i9)}". That makes one collation do for all of them.
const (
	kindInt   = 'i'
	kindFloat = 'f'
	kindText  = 't'
	kindBytes = 'x'
)

// rangeKinds are the letters of types that have a collation.
var rangeKinds = []struct {
	letter    byte
	collation string
}{
	{'n', "pg_numeric"}, {'v', "pg_interval"}, {'z', "pg_timetz"}, {'j', "pg_jsonb"}, {'r', "pg_range"}, {'c', "RTRIM"},
}

func rangeKind(t *Type) byte {
	for _, k := range rangeKinds {
		if t.Collation == k.collation {
			return k.letter
		}
	}
	switch t.Store {
	case Int:
		return kindInt
	case Float:
		return kindFloat
	case Blob:
		return kindBytes
	}
	return kindText
}

// rangeOrder gives the order of the values a letter stands for.
func rangeOrder(kind byte) func(a, b Value) int {
	switch kind {
	case kindInt:
		return compareInts
	case kindFloat:
		return compareFloats
	case 'c':
		return compareBpchar
	}
	for _, k := range rangeKinds {
		if k.letter == kind {
			f := Collations[k.collation]
			return func(a, b Value) int { return f(a.B, b.B) }
		}
	}
	return compareBytes
}

// Value gives the stored form of a range.
func (rt *RangeType) Value(r Range) Value { return TextValue(rt.appendStored(nil, r)) }

// MultiValue gives the stored form of a multirange, whose ranges are in order.
func (rt *RangeType) MultiValue(rs []Range) Value {
	b := []byte{'{'}
	for i, r := range rs {
		if i > 0 {
			b = append(b, ',')
		}
		b = rt.appendStored(b, r)
	}
	return TextValue(append(b, '}'))
}

func (rt *RangeType) appendStored(b []byte, r Range) []byte {
	if r.Empty {
		return append(b, "empty"...)
	}
	if r.Lower.Inclusive {
		b = append(b, '[')
	} else {
		b = append(b, '(')
	}
	b = append(rt.appendBound(b, r.Lower), ',')
	b = rt.appendBound(b, r.Upper)
	if r.Upper.Inclusive {
		return append(b, ']')
	}
	return append(b, ')')
}

func (rt *RangeType) appendBound(b []byte, x Bound) []byte {
	if x.Infinite {
		return b
	}
	kind := rangeKind(rt.Sub())
	b = append(b, kind)
	switch kind {
	case kindInt:
		return strconv.AppendInt(b, x.Value.I, 10)
	case kindFloat:
		return strconv.AppendFloat(b, x.Value.Float8(), 'g', -1, 64)
	case kindBytes:
		return hex.AppendEncode(b, x.Value.B)
	}
	for _, c := range x.Value.B {
		if c == '\\' || c == ',' || c == ')' || c == ']' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return b
}

// ErrBadRange is the answer to a TEXT that is no range: the file was damaged or written by something else.
var ErrBadRange = pgerr.New(pgerr.DataCorrupted, "stored range is not valid")

// ReadRange takes a stored range apart. Values of bounds may share the bytes of v.
func ReadRange(v Value) (Range, error) {
	rs, _, err := readRanges(v.B)
	if err != nil || len(rs) != 1 || v.B[0] == '{' {
		return Range{}, ErrBadRange
	}
	return rs[0], nil
}

// ReadMultirange takes a stored multirange apart.
func ReadMultirange(v Value) ([]Range, error) {
	if len(v.B) == 0 || v.B[0] != '{' {
		return nil, ErrBadRange
	}
	rs, _, err := readRanges(v.B)
	return rs, err
}

// readRanges reads a range, or the ranges of a multirange; kind is the letter of their values, 0 where there is none.
func readRanges(b []byte) (rs []Range, kind byte, err error) {
	if string(b) == "empty" {
		return []Range{EmptyRange}, 0, nil
	}
	multi := len(b) > 0 && b[0] == '{'
	if multi {
		if b[len(b)-1] != '}' {
			return nil, 0, ErrBadRange
		}
		if b = b[1 : len(b)-1]; len(b) == 0 {
			return nil, 0, nil
		}
	}
	for {
		if len(b) < 3 || b[0] != '[' && b[0] != '(' {
			return nil, 0, ErrBadRange
		}
		r := Range{Lower: Bound{Inclusive: b[0] == '[', Lower: true}}
		n, err := r.Lower.read(b[1:], &kind)
		if err != nil || b[1+n] != ',' {
			return nil, 0, ErrBadRange
		}
		b = b[2+n:]
		if n, err = r.Upper.read(b, &kind); err != nil || b[n] == ',' {
			return nil, 0, ErrBadRange
		}
		r.Upper.Inclusive = b[n] == ']'
		rs = append(rs, r)
		if b = b[n+1:]; len(b) == 0 {
			return rs, kind, nil
		}
		if !multi || b[0] != ',' {
			return nil, 0, ErrBadRange
		}
		b = b[1:]
	}
}

// read reads a bound up to what ends it, which is at n.
func (x *Bound) read(b []byte, kind *byte) (n int, err error) {
	escaped := false
	for n < len(b) && b[n] != ',' && b[n] != ')' && b[n] != ']' {
		if b[n] == '\\' {
			escaped = true
			n++
		}
		n++
	}
	if n >= len(b) {
		return 0, ErrBadRange
	}
	if n == 0 {
		x.Infinite = true
		return 0, nil
	}
	*kind = b[0]
	text := b[1:n:n]
	if escaped {
		text = unescapeBound(text)
	}
	switch b[0] {
	case kindInt:
		i, err := strconv.ParseInt(string(text), 10, 64)
		x.Value = IntValue(i)
		return n, err
	case kindFloat:
		f, err := strconv.ParseFloat(string(text), 64)
		if math.IsInf(f, 0) {
			err = nil
		}
		x.Value = Float8Value(f)
		return n, err
	case kindBytes:
		raw, err := hex.AppendDecode(nil, text)
		x.Value = BlobValue(raw)
		return n, err
	}
	x.Value = TextValue(text)
	return n, nil
}

func unescapeBound(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' {
			i++
		}
		out = append(out, b[i])
	}
	return out
}
