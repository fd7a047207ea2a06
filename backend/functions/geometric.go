package functions

import (
	"math"

	"pgd/backend/types"
)

// geo computes with points as PostgreSQL does, overflow and its tolerance included.
type geo struct{ types.GeoCalc }

// geo1 and geo2 make functions of one and two geometric arguments.
func geo1[A any](read func(types.Value) (A, error), f func(g *geo, a A) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		x, err := read(a[0])
		if err != nil {
			return null, err
		}
		var g geo
		v := f(&g, x)
		return v, g.Err
	}
}

func geo2[A, B any](readA func(types.Value) (A, error), readB func(types.Value) (B, error), f func(g *geo, a A, b B) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		x, err := readA(a[0])
		if err != nil {
			return null, err
		}
		y, err := readB(a[1])
		if err != nil {
			return null, err
		}
		var g geo
		v := f(&g, x, y)
		return v, g.Err
	}
}

// test1, test2, measure1 and measure2 are those with a boolean or a number for a result.
func test1[A any](read func(types.Value) (A, error), f func(g *geo, a A) bool) Scalar {
	return geo1(read, func(g *geo, a A) types.Value { return types.BoolValue(f(g, a)) })
}

func test2[A, B any](readA func(types.Value) (A, error), readB func(types.Value) (B, error), f func(g *geo, a A, b B) bool) Scalar {
	return geo2(readA, readB, func(g *geo, a A, b B) types.Value { return types.BoolValue(f(g, a, b)) })
}

func measure1[A any](read func(types.Value) (A, error), f func(g *geo, a A) float64) Scalar {
	return geo1(read, func(g *geo, a A) types.Value { return types.Float8Value(f(g, a)) })
}

func measure2[A, B any](readA func(types.Value) (A, error), readB func(types.Value) (B, error), f func(g *geo, a A, b B) float64) Scalar {
	return geo2(readA, readB, func(g *geo, a A, b B) types.Value { return types.Float8Value(f(g, a, b)) })
}

// turned exchanges the arguments.
func turned[A, B, R any](f func(g *geo, a A, b B) R) func(g *geo, b B, a A) R {
	return func(g *geo, b B, a A) R { return f(g, a, b) }
}

func readFloat8(v types.Value) (float64, error) { return v.Float8(), nil }

// The comparisons with PostgreSQL's tolerance.
func nearZero(a float64) bool  { return math.Abs(a) <= types.GeometricEpsilon }
func below(a, b float64) bool  { return a+types.GeometricEpsilon < b }
func upTo(a, b float64) bool   { return a <= b+types.GeometricEpsilon }
func beyond(a, b float64) bool { return a > b+types.GeometricEpsilon }
func from(a, b float64) bool   { return a+types.GeometricEpsilon >= b }

// sizeComparisons are = <> < <= > >= of what is compared by a number.
var sizeComparisons = []struct {
	name string
	test func(a, b float64) bool
}{
	{"eq", types.Near}, {"ne", func(a, b float64) bool { return a != b && math.Abs(a-b) > types.GeometricEpsilon }},
	{"lt", below}, {"le", upTo}, {"gt", beyond}, {"ge", from},
}

// smaller orders distances, NaN last.
func smaller(a, b float64) bool { return types.CompareFloat8(a, b) < 0 }

func lesser(a, b float64) float64 {
	if smaller(b, a) {
		return b
	}
	return a
}

func greater(a, b float64) float64 {
	if smaller(a, b) {
		return b
	}
	return a
}

// hypot is the length of a diagonal.
func (g *geo) hypot(x, y float64) float64 {
	switch {
	case isInf(x) || isInf(y):
		return math.Inf(1)
	case x != x || y != y:
		return math.NaN()
	}
	x, y = math.Abs(x), math.Abs(y)
	if x < y {
		x, y = y, x
	}
	if y == 0 {
		return x
	}
	yx := y / x
	r := x * math.Sqrt(1+yx*yx)
	if isInf(r) {
		g.Fail(errFloatOverflow)
	}
	if r == 0 {
		g.Fail(errFloatUnderflow)
	}
	return r
}

func (g *geo) distance(p, q types.Point) float64 { return g.hypot(g.Sub(p.X, q.X), g.Sub(p.Y, q.Y)) }

func (g *geo) middle(p, q types.Point) types.Point {
	return types.Point{X: g.Div(g.Add(p.X, q.X), 2), Y: g.Div(g.Add(p.Y, q.Y), 2)}
}

// pointOps move, turn and stretch a point by another, taken for complex numbers.
var pointOps = []struct {
	name string
	do   func(g *geo, p, q types.Point) types.Point
}{
	{"add", func(g *geo, p, q types.Point) types.Point { return types.Point{X: g.Add(p.X, q.X), Y: g.Add(p.Y, q.Y)} }},
	{"sub", func(g *geo, p, q types.Point) types.Point { return types.Point{X: g.Sub(p.X, q.X), Y: g.Sub(p.Y, q.Y)} }},
	{"mul", func(g *geo, p, q types.Point) types.Point {
		return types.Point{X: g.Sub(g.Mul(p.X, q.X), g.Mul(p.Y, q.Y)), Y: g.Add(g.Mul(p.X, q.Y), g.Mul(p.Y, q.X))}
	}},
	{"div", func(g *geo, p, q types.Point) types.Point {
		d := g.Add(g.Mul(q.X, q.X), g.Mul(q.Y, q.Y))
		return types.Point{X: g.Div(g.Add(g.Mul(p.X, q.X), g.Mul(p.Y, q.Y)), d), Y: g.Div(g.Sub(g.Mul(p.Y, q.X), g.Mul(p.X, q.Y)), d)}
	}},
}

// pointRows are the functions and operators of points alone.
func pointRows() []Row {
	pair := func(name string, f func(g *geo, p, q types.Point) bool) Row {
		return Row{Sig: name + "(point,point)", Scalar: test2(types.ReadPoint, types.ReadPoint, f)}
	}
	vertical := func(_ *geo, p, q types.Point) bool { return types.Near(p.X, q.X) }
	horizontal := func(_ *geo, p, q types.Point) bool { return types.Near(p.Y, q.Y) }
	rs := []Row{
		{Sig: "point(double precision,double precision)", Scalar: geo2(readFloat8, readFloat8, func(_ *geo, x, y float64) types.Value {
			return types.Point{X: x, Y: y}.Value()
		})},
		pair("point_left", func(_ *geo, p, q types.Point) bool { return below(p.X, q.X) }),
		pair("point_right", func(_ *geo, p, q types.Point) bool { return beyond(p.X, q.X) }),
		pair("point_below", func(_ *geo, p, q types.Point) bool { return below(p.Y, q.Y) }),
		pair("point_above", func(_ *geo, p, q types.Point) bool { return beyond(p.Y, q.Y) }),
		pair("point_vert", vertical), pair("isvertical", vertical), pair("point_horiz", horizontal), pair("ishorizontal", horizontal),
		pair("point_eq", func(_ *geo, p, q types.Point) bool { return p.Same(q) }),
		pair("point_ne", func(_ *geo, p, q types.Point) bool { return !p.Same(q) }),
		{Sig: "point_distance(point,point)", Scalar: measure2(types.ReadPoint, types.ReadPoint, (*geo).distance)},
		{Sig: "slope(point,point)", Scalar: measure2(types.ReadPoint, types.ReadPoint, func(g *geo, p, q types.Point) float64 { return g.Slope(p, q) })},
	}
	for _, op := range pointOps {
		rs = append(rs, Row{Sig: "point_" + op.name + "(point,point)", Scalar: geo2(types.ReadPoint, types.ReadPoint, func(g *geo, p, q types.Point) types.Value {
			return op.do(g, p, q).Value()
		})})
	}
	return rs
}
