package types

import (
	"encoding/binary"
	"slices"

	"pgd/backend/pgerr"
)

// Normalize brings ranges into a multirange's form: in order, without empty ones, those that touch or overlap made one.
func (rt *RangeType) Normalize(rs []Range) []Range {
	rs = slices.DeleteFunc(slices.Clone(rs), func(r Range) bool { return r.Empty })
	slices.SortStableFunc(rs, rt.Compare)
	out := rs[:0]
	for _, r := range rs {
		if n := len(out); n > 0 && (rt.Overlap(out[n-1], r) || rt.Adjacent(out[n-1], r)) {
			out[n-1] = rt.Span(out[n-1], r)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Span gives the smallest range that contains both. Of equal bounds that look different the second's is taken, as PostgreSQL does.
func (rt *RangeType) Span(a, b Range) Range {
	switch {
	case a.Empty:
		return b
	case b.Empty:
		return a
	}
	if rt.CompareBounds(a.Lower, b.Lower) < 0 {
		b.Lower = a.Lower
	}
	if rt.CompareBounds(a.Upper, b.Upper) > 0 {
		b.Upper = a.Upper
	}
	return b
}

// Overlap tells whether two ranges have a value in common.
func (rt *RangeType) Overlap(a, b Range) bool {
	return !a.Empty && !b.Empty && rt.CompareBounds(a.Lower, b.Upper) <= 0 && rt.CompareBounds(b.Lower, a.Upper) <= 0
}

// Adjacent tells whether nothing lies between two ranges that do not overlap.
func (rt *RangeType) Adjacent(a, b Range) bool {
	return !a.Empty && !b.Empty && (rt.BoundsTouch(a.Upper, b.Lower) || rt.BoundsTouch(b.Upper, a.Lower))
}

// BoundsTouch tells whether no value lies between an upper bound and the lower bound of what follows, and none in both.
func (rt *RangeType) BoundsTouch(upper, lower Bound) bool {
	c := rt.CompareValues(upper, lower)
	if c == 0 {
		return !upper.Infinite && upper.Inclusive != lower.Inclusive
	}
	if c > 0 || rt.Next == nil || upper.Infinite || lower.Infinite {
		return false
	}
	upper.Inclusive, lower.Inclusive = !upper.Inclusive, !lower.Inclusive
	gap, err := rt.Make(upper, lower)
	return err == nil && gap.Empty
}

func (rt *RangeType) multirangeIn(c *Context, s string, typmod int32) (Value, error) {
	malformed := func(detail string) (Value, error) {
		return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "malformed multirange literal: \"%s\"", s).WithDetail("%s", detail)
	}
	i := 0
	skipSpace := func() {
		for i < len(s) && isSpace(s[i]) {
			i++
		}
	}
	if skipSpace(); i >= len(s) || s[i] != '{' {
		return malformed("Missing left brace.")
	}
	i++
	var rs []Range
	for seen := 0; ; seen++ {
		if skipSpace(); i >= len(s) {
			return malformed("Unexpected end of input.")
		}
		switch {
		case s[i] == '}' && seen == 0:
		case s[i] == '[' || s[i] == '(':
			end := rangeEnd(s[i:])
			if end < 0 {
				return malformed("Unexpected end of input.")
			}
			r, err := rt.parse(c, s[i:i+end], typmod)
			if err != nil {
				return Value{}, err
			}
			rs = append(rs, r)
			i += end
		case hasWordEmpty(s[i:]):
			i += len(emptyWord)
		default:
			return malformed("Expected range start.")
		}
		if skipSpace(); i >= len(s) {
			return malformed("Unexpected end of input.")
		}
		if s[i] == '}' {
			break
		}
		if s[i] != ',' {
			return malformed("Expected comma or end of multirange.")
		}
		i++
	}
	i++
	if skipSpace(); i < len(s) {
		return malformed("Junk after closing right brace.")
	}
	return rt.MultiValue(rt.Normalize(rs)), nil
}

// rangeEnd finds where the range s begins with ends, -1 where it does not.
func rangeEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			// What follows a backslash is white space to skip or taken as it is.
			for i++; i < len(s) && isSpace(s[i]); i++ {
			}
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ']' || s[i] == ')'):
			return i + 1
		}
	}
	return -1
}

func (rt *RangeType) multirangeOut(c *Context, dst []byte, v Value) []byte {
	rs, err := ReadMultirange(v)
	if err != nil {
		return append(dst, "???"...)
	}
	dst = append(dst, '{')
	for i, r := range rs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = rt.appendText(c, dst, r)
	}
	return append(dst, '}')
}

func (rt *RangeType) multirangeSend(c *Context, dst []byte, v Value) []byte {
	rs, err := ReadMultirange(v)
	if err != nil {
		return dst
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(rs)))
	for _, r := range rs {
		at := len(dst)
		dst = rt.appendWire(c, append(dst, 0, 0, 0, 0), r)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst
}

func (rt *RangeType) multirangeRecv(c *Context, b []byte, typmod int32) (Value, error) {
	if len(b) < 4 {
		return Value{}, errShortBinary
	}
	n := binary.BigEndian.Uint32(b)
	b = b[4:]
	if uint64(n) > uint64(len(b)/4) {
		return Value{}, errShortBinary
	}
	rs := make([]Range, 0, n)
	for ; n > 0; n-- {
		part, rest, err := wirePart(b)
		if err != nil {
			return Value{}, err
		}
		r, err := rt.receive(c, part, typmod)
		if err != nil {
			return Value{}, err
		}
		rs = append(rs, r)
		b = rest
	}
	if len(b) > 0 {
		return Value{}, errBadBinary
	}
	return rt.MultiValue(rt.Normalize(rs)), nil
}
