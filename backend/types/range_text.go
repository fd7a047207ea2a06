package types

import (
	"encoding/binary"
	"strings"

	"pgd/backend/pgerr"
)

// rangeReader reads the text form of a range.
type rangeReader struct {
	src string
	i   int
}

func (r *rangeReader) malformed(detail string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed range literal: \"%s\"", r.src).WithDetail("%s", detail)
}

func (r *rangeReader) peek() byte {
	if r.i < len(r.src) {
		return r.src[r.i]
	}
	return 0
}

func (r *rangeReader) skipSpace() {
	for r.i < len(r.src) && isSpace(r.src[r.i]) {
		r.i++
	}
}

func endsBound(c byte) bool { return c == ',' || c == ')' || c == ']' }

// bound reads up to a comma, parenthesis or bracket outside quotes; nothing at all is no bound.
func (r *rangeReader) bound() (text string, infinite bool, err error) {
	if endsBound(r.peek()) {
		return "", true, nil
	}
	var b []byte
	quoted := false
	for quoted || !endsBound(r.peek()) {
		if r.i >= len(r.src) {
			return "", false, r.malformed("Unexpected end of input.")
		}
		c := r.src[r.i]
		r.i++
		switch {
		case c == '\\':
			if r.i >= len(r.src) {
				return "", false, r.malformed("Unexpected end of input.")
			}
			b = append(b, r.src[r.i])
			r.i++
		case c != '"':
			b = append(b, c)
		case !quoted:
			quoted = true
		case r.peek() == '"':
			b = append(b, '"')
			r.i++
		default:
			quoted = false
		}
	}
	return string(b), false, nil
}

const emptyWord = "empty"

func hasWordEmpty(s string) bool {
	return len(s) >= len(emptyWord) && strings.EqualFold(s[:len(emptyWord)], emptyWord)
}

func (rt *RangeType) rangeIn(c *Context, s string, typmod int32) (Value, error) {
	r, err := rt.parse(c, s, typmod)
	if err != nil {
		return Value{}, err
	}
	return rt.Value(r), nil
}

func (rt *RangeType) parse(c *Context, s string, typmod int32) (Range, error) {
	r := &rangeReader{src: s}
	r.skipSpace()
	if hasWordEmpty(s[r.i:]) {
		r.i += len(emptyWord)
		if r.skipSpace(); r.i < len(s) {
			return Range{}, r.malformed("Junk after \"empty\" key word.")
		}
		return EmptyRange, nil
	}
	var b [2]Bound
	switch r.peek() {
	case '[':
		b[0].Inclusive = true
	case '(':
	default:
		return Range{}, r.malformed("Missing left parenthesis or bracket.")
	}
	r.i++
	var text [2]string
	var err error
	if text[0], b[0].Infinite, err = r.bound(); err != nil {
		return Range{}, err
	}
	if r.peek() != ',' {
		return Range{}, r.malformed("Missing comma after lower bound.")
	}
	r.i++
	if text[1], b[1].Infinite, err = r.bound(); err != nil {
		return Range{}, err
	}
	switch r.peek() {
	case ']':
		b[1].Inclusive = true
	case ')':
	default:
		return Range{}, r.malformed("Too many commas.")
	}
	r.i++
	if r.skipSpace(); r.i < len(s) {
		return Range{}, r.malformed("Junk after right parenthesis or bracket.")
	}
	for i := range b {
		if !b[i].Infinite {
			if b[i].Value, err = rt.Sub().Input(c, text[i], typmod); err != nil {
				return Range{}, err
			}
		}
	}
	return rt.Make(b[0], b[1])
}

func (rt *RangeType) rangeOut(c *Context, dst []byte, v Value) []byte {
	r, err := ReadRange(v)
	if err != nil {
		return append(dst, "???"...)
	}
	return rt.appendText(c, dst, r)
}

func (rt *RangeType) appendText(c *Context, dst []byte, r Range) []byte {
	if r.Empty {
		return append(dst, emptyWord...)
	}
	if r.Lower.Inclusive {
		dst = append(dst, '[')
	} else {
		dst = append(dst, '(')
	}
	dst = append(rt.appendBoundText(c, dst, r.Lower), ',')
	dst = rt.appendBoundText(c, dst, r.Upper)
	if r.Upper.Inclusive {
		return append(dst, ']')
	}
	return append(dst, ')')
}

// appendBoundText puts a bound in quotes where its text would be read as something else; quotes and backslashes are doubled.
func (rt *RangeType) appendBoundText(c *Context, dst []byte, b Bound) []byte {
	if b.Infinite {
		return dst
	}
	at := len(dst)
	dst = rt.Sub().Output(c, dst, b.Value)
	quote := len(dst) == at
	for _, ch := range dst[at:] {
		if isSpace(ch) || strings.IndexByte("\"\\()[],", ch) >= 0 {
			quote = true
			break
		}
	}
	if !quote {
		return dst
	}
	text := append([]byte{}, dst[at:]...)
	dst = append(dst[:at], '"')
	for _, ch := range text {
		if ch == '"' || ch == '\\' {
			dst = append(dst, ch)
		}
		dst = append(dst, ch)
	}
	return append(dst, '"')
}

// Flags of a range on the wire.
const (
	wireEmpty    = 0x01
	wireLowerInc = 0x02
	wireUpperInc = 0x04
	wireLowerInf = 0x08
	wireUpperInf = 0x10
)

func (rt *RangeType) rangeSend(c *Context, dst []byte, v Value) []byte {
	r, err := ReadRange(v)
	if err != nil {
		return dst
	}
	return rt.appendWire(c, dst, r)
}

func (rt *RangeType) appendWire(c *Context, dst []byte, r Range) []byte {
	if r.Empty {
		return append(dst, wireEmpty)
	}
	var flags byte
	for _, f := range []struct {
		set bool
		bit byte
	}{{r.Lower.Inclusive, wireLowerInc}, {r.Upper.Inclusive, wireUpperInc}, {r.Lower.Infinite, wireLowerInf}, {r.Upper.Infinite, wireUpperInf}} {
		if f.set {
			flags |= f.bit
		}
	}
	dst = append(dst, flags)
	for _, b := range []Bound{r.Lower, r.Upper} {
		if b.Infinite {
			continue
		}
		at := len(dst)
		dst = rt.Sub().Send(c, append(dst, 0, 0, 0, 0), b.Value)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst
}

func (rt *RangeType) rangeRecv(c *Context, b []byte, typmod int32) (Value, error) {
	r, err := rt.receive(c, b, typmod)
	if err != nil {
		return Value{}, err
	}
	return rt.Value(r), nil
}

func (rt *RangeType) receive(c *Context, b []byte, typmod int32) (Range, error) {
	if len(b) < 1 {
		return Range{}, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
	}
	flags := b[0]
	b = b[1:]
	lower := Bound{Inclusive: flags&wireLowerInc != 0, Infinite: flags&wireLowerInf != 0}
	upper := Bound{Inclusive: flags&wireUpperInc != 0, Infinite: flags&wireUpperInf != 0}
	for _, x := range []*Bound{&lower, &upper} {
		if x.Infinite || flags&wireEmpty != 0 {
			continue
		}
		part, rest, err := wirePart(b)
		if err != nil {
			return Range{}, err
		}
		if x.Value, err = rt.Sub().Receive(c, part, typmod); err != nil {
			return Range{}, err
		}
		b = rest
	}
	if len(b) > 0 {
		return Range{}, errBadBinary
	}
	if flags&wireEmpty != 0 {
		return EmptyRange, nil
	}
	return rt.Make(lower, upper)
}

// wirePart cuts off a length and so many bytes.
func wirePart(b []byte) (part, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errShortBinary
	}
	n := int32(binary.BigEndian.Uint32(b))
	if n < 0 || int(n) > len(b)-4 {
		return nil, nil, errShortBinary
	}
	return b[4 : 4+n], b[4+n:], nil
}
