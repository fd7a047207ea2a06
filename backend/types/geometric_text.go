package types

import (
	"math"
	"strings"

	"pgd/backend/pgerr"
)

// geometricReader reads the text forms of geometric types. The first error stays.
type geometricReader struct {
	typ, src string
	s        string // what is left
	err      error
}

func (r *geometricReader) fail() {
	if r.err == nil {
		r.err = badSyntax(r.typ, r.src)
	}
}

func (r *geometricReader) skipSpace() {
	for r.s != "" && isSpace(r.s[0]) {
		r.s = r.s[1:]
	}
}

// at tells whether c is next.
func (r *geometricReader) at(c byte) bool { return r.s != "" && r.s[0] == c }

// take passes c where it is next.
func (r *geometricReader) take(c byte) bool {
	if r.at(c) {
		r.s = r.s[1:]
		return true
	}
	return false
}

// floatWords are the numbers written as words, longer ones first.
var floatWords = []struct {
	word string
	f    float64
}{
	{"nan", math.NaN()}, {"infinity", math.Inf(1)}, {"+infinity", math.Inf(1)}, {"-infinity", math.Inf(-1)},
	{"inf", math.Inf(1)}, {"+inf", math.Inf(1)}, {"-inf", math.Inf(-1)},
}

// float reads a number and the white space around it.
func (r *geometricReader) float() float64 {
	if r.err != nil {
		return 0
	}
	r.skipSpace()
	defer r.skipSpace()
	for _, w := range floatWords {
		if len(r.s) >= len(w.word) && strings.EqualFold(r.s[:len(w.word)], w.word) {
			r.s = r.s[len(w.word):]
			return w.f
		}
	}
	n, _ := floatPrefix(r.s)
	if n == 0 {
		r.fail()
		return 0
	}
	v, err := parseFloat(r.s[:n], 64, "double precision")
	if err != nil {
		r.err = err
	}
	r.s = r.s[n:]
	return v.Float8()
}

// pair reads "x,y" with or without parentheses.
func (r *geometricReader) pair() Point {
	r.skipSpace()
	paren := r.take('(')
	var p Point
	p.X = r.float()
	if !r.take(',') {
		r.fail()
		return p
	}
	p.Y = r.float()
	if paren {
		if !r.take(')') {
			r.fail()
		}
		r.skipSpace()
	}
	return p
}

// points reads so many pairs, with or without parentheses around all; brackets, where they may stand, make the way open.
func (r *geometricReader) points(n int, mayBeOpen bool) (ps []Point, open bool) {
	depth := 0
	r.skipSpace()
	switch {
	case r.at('['):
		if !mayBeOpen {
			r.fail()
			return nil, true
		}
		r.take('[')
		open = true
		depth++
	case r.at('('):
		rest := r.s[1:]
		for rest != "" && isSpace(rest[0]) {
			rest = rest[1:]
		}
		// The parenthesis is around all where another follows, or where it is the only one.
		if rest != "" && rest[0] == '(' || strings.LastIndexByte(r.s, '(') == 0 {
			depth++
			r.s = rest
		}
	}
	for ; n > 0 && r.err == nil; n-- {
		ps = append(ps, r.pair())
		r.take(',')
	}
	for ; depth > 0 && r.err == nil; depth-- {
		if !r.take(')') && !(open && depth == 1 && r.take(']')) {
			r.fail()
		}
		r.skipSpace()
	}
	return ps, open
}

// end wants nothing to be left.
func (r *geometricReader) end() error {
	if r.s != "" {
		r.fail()
	}
	return r.err
}

// countPairs gives how many pairs the commas of s are for, 0 for an even number of commas.
func countPairs(s string) int {
	n := strings.Count(s, ",")
	if n%2 == 0 {
		return 0
	}
	return (n + 1) / 2
}

func pointIn(_ *Context, s string, _ int32) (Value, error) {
	r := geometricReader{typ: "point", src: s, s: s}
	p := r.pair()
	return p.Value(), r.end()
}

func boxIn(_ *Context, s string, _ int32) (Value, error) {
	r := geometricReader{typ: "box", src: s, s: s}
	ps, _ := r.points(2, false)
	if err := r.end(); err != nil {
		return Value{}, err
	}
	return MakeBox(ps[0], ps[1]).Value(), nil
}

func lsegIn(_ *Context, s string, _ int32) (Value, error) {
	r := geometricReader{typ: "lseg", src: s, s: s}
	ps, _ := r.points(2, true)
	if err := r.end(); err != nil {
		return Value{}, err
	}
	return Lseg{ps[0], ps[1]}.Value(), nil
}

func pathIn(_ *Context, s string, _ int32) (Value, error) {
	n := countPairs(s)
	if n == 0 {
		return Value{}, badSyntax("path", s)
	}
	r := geometricReader{typ: "path", src: s, s: s}
	r.skipSpace()
	around := r.at('(') && strings.LastIndexByte(r.s, '(') == 0
	if around {
		r.take('(')
	}
	ps, open := r.points(n, true)
	if around {
		if !r.take(')') {
			r.fail()
		}
		r.skipSpace()
	}
	if err := r.end(); err != nil {
		return Value{}, err
	}
	return Path{!open, ps}.Value(), nil
}

func polygonIn(_ *Context, s string, _ int32) (Value, error) {
	n := countPairs(s)
	if n == 0 {
		return Value{}, badSyntax("polygon", s)
	}
	r := geometricReader{typ: "polygon", src: s, s: s}
	ps, _ := r.points(n, false)
	if err := r.end(); err != nil {
		return Value{}, err
	}
	return Polygon{ps}.Value(), nil
}

func circleIn(_ *Context, s string, _ int32) (Value, error) {
	r := geometricReader{typ: "circle", src: s, s: s}
	r.skipSpace()
	depth := 0
	if r.take('<') {
		depth++
	} else if r.at('(') {
		rest := r.s[1:]
		for rest != "" && isSpace(rest[0]) {
			rest = rest[1:]
		}
		if rest != "" && rest[0] == '(' {
			depth++
			r.s = rest
		}
	}
	var c Circle
	c.Center = r.pair()
	r.take(',')
	c.Radius = r.float()
	if c.Radius < 0 {
		r.fail()
	}
	for ; depth > 0 && r.err == nil; depth-- {
		if !r.take(')') && !r.take('>') {
			r.fail()
		}
		r.skipSpace()
	}
	return c.Value(), r.end()
}

func lineIn(_ *Context, s string, _ int32) (Value, error) {
	r := geometricReader{typ: "line", src: s, s: s}
	r.skipSpace()
	if r.take('{') {
		var l Line
		l.A = r.float()
		for _, f := range []*float64{&l.B, &l.C} {
			if !r.take(',') {
				r.fail()
			}
			*f = r.float()
		}
		if !r.take('}') {
			r.fail()
		}
		r.skipSpace()
		if err := r.end(); err != nil {
			return Value{}, err
		}
		if nearZero(l.A) && nearZero(l.B) {
			return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid line specification: A and B cannot both be zero")
		}
		return l.Value(), nil
	}
	ps, _ := r.points(2, true)
	if err := r.end(); err != nil {
		return Value{}, err
	}
	if ps[0].Same(ps[1]) {
		return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid line specification: must be two distinct points")
	}
	l, err := LineThrough(ps[0], ps[1])
	return l.Value(), err
}

func appendPoint(c *Context, dst []byte, p Point) []byte {
	dst = AppendFloat(append(dst, '('), p.X, 64, c.ExtraFloatDigits)
	dst = AppendFloat(append(dst, ','), p.Y, 64, c.ExtraFloatDigits)
	return append(dst, ')')
}

// appendWay prints points between two marks, 0 for none.
func appendWay(c *Context, dst []byte, before byte, ps []Point, after byte) []byte {
	if before != 0 {
		dst = append(dst, before)
	}
	for i, p := range ps {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPoint(c, dst, p)
	}
	if after != 0 {
		dst = append(dst, after)
	}
	return dst
}

func pointOut(c *Context, dst []byte, v Value) []byte {
	p, _ := ReadPoint(v)
	return appendPoint(c, dst, p)
}

func boxOut(c *Context, dst []byte, v Value) []byte {
	b, _ := ReadBox(v)
	return appendWay(c, dst, 0, []Point{b.High, b.Low}, 0)
}

func lsegOut(c *Context, dst []byte, v Value) []byte {
	l, _ := ReadLseg(v)
	return appendWay(c, dst, '[', l[:], ']')
}

func pathOut(c *Context, dst []byte, v Value) []byte {
	p, _ := ReadPath(v)
	if p.Closed {
		return appendWay(c, dst, '(', p.Points, ')')
	}
	return appendWay(c, dst, '[', p.Points, ']')
}

func polygonOut(c *Context, dst []byte, v Value) []byte {
	p, _ := ReadPolygon(v)
	return appendWay(c, dst, '(', p.Points, ')')
}

func lineOut(c *Context, dst []byte, v Value) []byte {
	l, _ := ReadLine(v)
	dst = AppendFloat(append(dst, '{'), l.A, 64, c.ExtraFloatDigits)
	dst = AppendFloat(append(dst, ','), l.B, 64, c.ExtraFloatDigits)
	dst = AppendFloat(append(dst, ','), l.C, 64, c.ExtraFloatDigits)
	return append(dst, '}')
}

func circleOut(c *Context, dst []byte, v Value) []byte {
	x, _ := ReadCircle(v)
	dst = append(appendPoint(c, append(dst, '<'), x.Center), ',')
	return append(AppendFloat(dst, x.Radius, 64, c.ExtraFloatDigits), '>')
}
