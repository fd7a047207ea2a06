package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// circlePlaces are the operators that tell where one circle is to another.
var circlePlaces = []struct {
	name string
	test func(g *geo, a, b types.Circle) bool
}{
	{"same", func(_ *geo, a, b types.Circle) bool {
		return (isNaN(a.Radius) && isNaN(b.Radius) || types.Near(a.Radius, b.Radius)) && a.Center.Same(b.Center)
	}},
	{"overlap", func(g *geo, a, b types.Circle) bool {
		return upTo(g.distance(a.Center, b.Center), g.Add(a.Radius, b.Radius))
	}},
	{"left", func(g *geo, a, b types.Circle) bool {
		return below(g.Add(a.Center.X, a.Radius), g.Sub(b.Center.X, b.Radius))
	}},
	{"overleft", func(g *geo, a, b types.Circle) bool {
		return upTo(g.Add(a.Center.X, a.Radius), g.Add(b.Center.X, b.Radius))
	}},
	{"right", func(g *geo, a, b types.Circle) bool {
		return beyond(g.Sub(a.Center.X, a.Radius), g.Add(b.Center.X, b.Radius))
	}},
	{"overright", func(g *geo, a, b types.Circle) bool {
		return from(g.Sub(a.Center.X, a.Radius), g.Sub(b.Center.X, b.Radius))
	}},
	{"below", func(g *geo, a, b types.Circle) bool {
		return below(g.Add(a.Center.Y, a.Radius), g.Sub(b.Center.Y, b.Radius))
	}},
	{"overbelow", func(g *geo, a, b types.Circle) bool {
		return upTo(g.Add(a.Center.Y, a.Radius), g.Add(b.Center.Y, b.Radius))
	}},
	{"above", func(g *geo, a, b types.Circle) bool {
		return beyond(g.Sub(a.Center.Y, a.Radius), g.Add(b.Center.Y, b.Radius))
	}},
	{"overabove", func(g *geo, a, b types.Circle) bool {
		return from(g.Sub(a.Center.Y, a.Radius), g.Sub(b.Center.Y, b.Radius))
	}},
	{"contain", func(g *geo, a, b types.Circle) bool {
		return upTo(g.distance(a.Center, b.Center), g.Sub(a.Radius, b.Radius))
	}},
	{"contained", func(g *geo, a, b types.Circle) bool {
		return upTo(g.distance(a.Center, b.Center), g.Sub(b.Radius, a.Radius))
	}},
}

func (g *geo) circleArea(c types.Circle) float64 { return g.Mul(g.Mul(c.Radius, c.Radius), math.Pi) }

// circleRows are the functions and operators of circles.
func circleRows() []Row {
	circle, point := types.ReadCircle, types.ReadPoint
	center := geo1(circle, func(_ *geo, c types.Circle) types.Value { return c.Center.Value() })
	has := func(g *geo, c types.Circle, p types.Point) bool { return g.distance(c.Center, p) <= c.Radius }
	pc := func(g *geo, p types.Point, c types.Circle) float64 {
		return notNegative(g.Sub(g.distance(p, c.Center), c.Radius))
	}
	rs := []Row{
		{Sig: "area(circle)", Scalar: measure1(circle, (*geo).circleArea)},
		{Sig: "diameter(circle)", Scalar: measure1(circle, func(g *geo, c types.Circle) float64 { return g.Mul(c.Radius, 2) })},
		{Sig: "radius(circle)", Scalar: measure1(circle, func(_ *geo, c types.Circle) float64 { return c.Radius })},
		{Sig: "center(circle)", Scalar: center}, {Sig: "circle_center(circle)", Scalar: center}, {Sig: "point(circle)", Scalar: center},
		{Sig: "circle(point,double precision)", Scalar: geo2(point, readFloat8, func(_ *geo, p types.Point, r float64) types.Value {
			return types.Circle{Center: p, Radius: r}.Value()
		})},
		{Sig: "circle_distance(circle,circle)", Scalar: measure2(circle, circle, func(g *geo, a, b types.Circle) float64 {
			return notNegative(g.Sub(g.distance(a.Center, b.Center), g.Add(a.Radius, b.Radius)))
		})},
		{Sig: "circle_contain_pt(circle,point)", Scalar: test2(circle, point, has)},
		{Sig: "pt_contained_circle(point,circle)", Scalar: test2(point, circle, turned(has))},
		{Sig: "dist_pc(point,circle)", Scalar: measure2(point, circle, pc)}, {Sig: "dist_cpoint(circle,point)", Scalar: measure2(circle, point, turned(pc))},
		{Sig: "polygon(circle)", Scalar: geo1(circle, func(g *geo, c types.Circle) types.Value { return g.polygonOf(12, c) })},
		{Sig: "polygon(integer,circle)", Scalar: geo2(func(v types.Value) (int64, error) { return v.I, nil }, circle, (*geo).polygonOf)},
	}
	for _, p := range circlePlaces {
		rs = append(rs, Row{Sig: "circle_" + p.name + "(circle,circle)", Scalar: test2(circle, circle, p.test)})
	}
	for _, c := range sizeComparisons {
		rs = append(rs, Row{Sig: "circle_" + c.name + "(circle,circle)", Scalar: test2(circle, circle, func(g *geo, a, b types.Circle) bool {
			return c.test(g.circleArea(a), g.circleArea(b))
		})})
	}
	for _, op := range pointOps {
		rs = append(rs, Row{Sig: "circle_" + op.name + "_pt(circle,point)", Scalar: geo2(circle, point, func(g *geo, c types.Circle, p types.Point) types.Value {
			c.Center = op.do(g, c.Center, p)
			switch op.name {
			case "mul":
				c.Radius = g.Mul(c.Radius, g.hypot(p.X, p.Y))
			case "div":
				c.Radius = g.Div(c.Radius, g.hypot(p.X, p.Y))
			}
			return c.Value()
		})})
	}
	return rs
}

// maxPolygonPoints keeps a polygon within 256 MB; PostgreSQL's limit is four times that.
const maxPolygonPoints = 1 << 24

// polygonOf puts so many points on a circle, from its left side over the top.
func (g *geo) polygonOf(n int64, c types.Circle) types.Value {
	switch {
	case nearZero(c.Radius):
		g.Fail(pgerr.New(pgerr.FeatureNotSupported, "cannot convert circle with radius zero to polygon"))
		return null
	case n < 2:
		g.Fail(pgerr.New(pgerr.InvalidParameterValue, "must request at least 2 points"))
		return null
	case n > maxPolygonPoints:
		g.Fail(pgerr.New(pgerr.ProgramLimitExceeded, "too many points requested"))
		return null
	}
	ps := make([]types.Point, n)
	step := g.Div(2*math.Pi, float64(n))
	for i := range ps {
		angle := g.Mul(step, float64(i))
		ps[i] = types.Point{X: g.Sub(c.Center.X, g.Mul(c.Radius, exactCos(angle))), Y: g.Add(c.Center.Y, g.Mul(c.Radius, exactSin(angle)))}
	}
	return types.Polygon{Points: ps}.Value()
}
