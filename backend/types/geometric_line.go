package types

import (
	"math"

	"pgd/backend/pgerr"
)

// GeoCalc does arithmetic as PostgreSQL's: a result that left the range of its type is an error, and the first one stays.
type GeoCalc struct{ Err error }

var (
	errFloatOverflow  = pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: overflow")
	errFloatUnderflow = pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: underflow")
	errFloatZero      = pgerr.New(pgerr.DivisionByZero, "division by zero")
)

// Fail keeps the first error.
func (g *GeoCalc) Fail(err error) {
	if g.Err == nil {
		g.Err = err
	}
}

func infinite(f float64) bool { return math.IsInf(f, 0) }

// Add is a + b.
func (g *GeoCalc) Add(a, b float64) float64 {
	r := a + b
	if infinite(r) && !infinite(a) && !infinite(b) {
		g.Fail(errFloatOverflow)
	}
	return r
}

// Sub is a - b.
func (g *GeoCalc) Sub(a, b float64) float64 { return g.Add(a, -b) }

// Mul is a * b.
func (g *GeoCalc) Mul(a, b float64) float64 {
	r := a * b
	if infinite(r) && !infinite(a) && !infinite(b) {
		g.Fail(errFloatOverflow)
	}
	if r == 0 && a != 0 && b != 0 {
		g.Fail(errFloatUnderflow)
	}
	return r
}

// Div is a / b.
func (g *GeoCalc) Div(a, b float64) float64 {
	if b == 0 && a == a {
		g.Fail(errFloatZero)
		return 0
	}
	r := a / b
	if infinite(r) && !infinite(a) {
		g.Fail(errFloatOverflow)
	}
	if r == 0 && a != 0 && !infinite(b) {
		g.Fail(errFloatUnderflow)
	}
	return r
}

// Near tells what counts as equal.
func Near(a, b float64) bool { return a == b || math.Abs(a-b) <= GeometricEpsilon }

// Same tells whether two points are one. NaN is only equal to itself.
func (p Point) Same(q Point) bool {
	if p.X != p.X || p.Y != p.Y || q.X != q.X || q.Y != q.Y {
		return CompareFloat8(p.X, q.X) == 0 && CompareFloat8(p.Y, q.Y) == 0
	}
	return Near(p.X, q.X) && Near(p.Y, q.Y)
}

// Slope is that of the line through two points, infinite for a vertical one.
func (g *GeoCalc) Slope(p, q Point) float64 {
	switch {
	case Near(p.X, q.X):
		return math.Inf(1)
	case Near(p.Y, q.Y):
		return 0
	}
	return g.Div(g.Sub(p.Y, q.Y), g.Sub(p.X, q.X))
}

// LineAt makes the line through a point with a slope.
func (g *GeoCalc) LineAt(p Point, slope float64) Line {
	switch {
	case infinite(slope):
		return Line{-1, 0, p.X}
	case slope == 0:
		return Line{0, -1, p.Y}
	}
	l := Line{slope, -1, g.Sub(p.Y, g.Mul(slope, p.X))}
	if l.C == 0 {
		l.C = 0 // not -0
	}
	return l
}

// LineThrough makes the line through two points.
func LineThrough(p, q Point) (Line, error) {
	var g GeoCalc
	l := g.LineAt(p, g.Slope(p, q))
	return l, g.Err
}
