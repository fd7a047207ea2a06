package functions

import (
	"math"

	"pgd/backend/types"
)

// boxPlaces are the operators that tell where one box is to another.
var boxPlaces = []struct {
	name string
	test func(a, b types.Box) bool
}{
	{"same", func(a, b types.Box) bool { return a.High.Same(b.High) && a.Low.Same(b.Low) }},
	{"overlap", boxesOverlap},
	{"left", func(a, b types.Box) bool { return below(a.High.X, b.Low.X) }},
	{"overleft", func(a, b types.Box) bool { return upTo(a.High.X, b.High.X) }},
	{"right", func(a, b types.Box) bool { return beyond(a.Low.X, b.High.X) }},
	{"overright", func(a, b types.Box) bool { return from(a.Low.X, b.Low.X) }},
	{"below", func(a, b types.Box) bool { return below(a.High.Y, b.Low.Y) }},
	{"overbelow", func(a, b types.Box) bool { return upTo(a.High.Y, b.High.Y) }},
	{"above", func(a, b types.Box) bool { return beyond(a.Low.Y, b.High.Y) }},
	{"overabove", func(a, b types.Box) bool { return from(a.Low.Y, b.Low.Y) }},
	{"below_eq", func(a, b types.Box) bool { return upTo(a.High.Y, b.Low.Y) }},
	{"above_eq", func(a, b types.Box) bool { return from(a.Low.Y, b.High.Y) }},
	{"contain", boxContains},
	{"contained", func(a, b types.Box) bool { return boxContains(b, a) }},
}

func boxContains(a, b types.Box) bool {
	return from(a.High.X, b.High.X) && upTo(a.Low.X, b.Low.X) && from(a.High.Y, b.High.Y) && upTo(a.Low.Y, b.Low.Y)
}

func (g *geo) width(b types.Box) float64  { return g.Sub(b.High.X, b.Low.X) }
func (g *geo) height(b types.Box) float64 { return g.Sub(b.High.Y, b.Low.Y) }
func (g *geo) area(b types.Box) float64   { return g.Mul(g.width(b), g.height(b)) }

// boxRows are the functions and operators of boxes.
func boxRows() []Row {
	box, point, lseg := types.ReadBox, types.ReadPoint, types.ReadLseg
	center := geo1(box, func(g *geo, b types.Box) types.Value { return g.middle(b.High, b.Low).Value() })
	diagonal := geo1(box, func(_ *geo, b types.Box) types.Value { return types.Lseg{b.High, b.Low}.Value() })
	rs := []Row{
		{Sig: "area(box)", Scalar: measure1(box, (*geo).area)}, {Sig: "width(box)", Scalar: measure1(box, (*geo).width)},
		{Sig: "height(box)", Scalar: measure1(box, (*geo).height)},
		{Sig: "center(box)", Scalar: center}, {Sig: "box_center(box)", Scalar: center}, {Sig: "point(box)", Scalar: center},
		{Sig: "diagonal(box)", Scalar: diagonal}, {Sig: "lseg(box)", Scalar: diagonal},
		{Sig: "box_distance(box,box)", Scalar: measure2(box, box, func(g *geo, a, b types.Box) float64 {
			return g.distance(g.middle(a.High, a.Low), g.middle(b.High, b.Low))
		})},
		{Sig: "box_intersect(box,box)", Scalar: geo2(box, box, func(_ *geo, a, b types.Box) types.Value {
			if !boxesOverlap(a, b) {
				return null
			}
			return types.Box{High: types.Point{X: lesser(a.High.X, b.High.X), Y: lesser(a.High.Y, b.High.Y)},
				Low: types.Point{X: greater(a.Low.X, b.Low.X), Y: greater(a.Low.Y, b.Low.Y)}}.Value()
		})},
		{Sig: "bound_box(box,box)", Scalar: geo2(box, box, func(_ *geo, a, b types.Box) types.Value {
			return types.Box{High: types.Point{X: greater(a.High.X, b.High.X), Y: greater(a.High.Y, b.High.Y)},
				Low: types.Point{X: lesser(a.Low.X, b.Low.X), Y: lesser(a.Low.Y, b.Low.Y)}}.Value()
		})},
		{Sig: "box(point,point)", Scalar: geo2(point, point, func(_ *geo, p, q types.Point) types.Value { return types.MakeBox(p, q).Value() })},
		{Sig: "box(point)", Scalar: geo1(point, func(_ *geo, p types.Point) types.Value { return types.Box{High: p, Low: p}.Value() })},
		{Sig: "box_contain_pt(box,point)", Scalar: test2(box, point, func(_ *geo, b types.Box, p types.Point) bool { return boxHas(b, p) })},
		{Sig: "on_pb(point,box)", Scalar: test2(point, box, func(_ *geo, p types.Point, b types.Box) bool { return boxHas(b, p) })},
		{Sig: "on_sb(lseg,box)", Scalar: test2(lseg, box, func(_ *geo, s types.Lseg, b types.Box) bool { return boxHas(b, s[0]) && boxHas(b, s[1]) })},
		{Sig: "inter_sb(lseg,box)", Scalar: test2(lseg, box, func(g *geo, s types.Lseg, b types.Box) bool { return g.boxCrossed(b, s) })},
		{Sig: "inter_lb(line,box)", Scalar: test2(types.ReadLine, box, func(g *geo, l types.Line, b types.Box) bool {
			for _, side := range sides(b) {
				if _, ok := g.crossLine(side, l); ok {
					return true
				}
			}
			return false
		})},
		{Sig: "close_pb(point,box)", Scalar: geo2(point, box, func(g *geo, p types.Point, b types.Box) types.Value { return closest(g.nearBox(b, p)) })},
		{Sig: "close_sb(lseg,box)", Scalar: geo2(lseg, box, func(g *geo, s types.Lseg, b types.Box) types.Value { return closest(g.nearBoxSegment(b, s)) })},
		{Sig: "polygon(box)", Scalar: geo1(box, func(_ *geo, b types.Box) types.Value {
			return types.Polygon{Points: []types.Point{b.Low, {X: b.Low.X, Y: b.High.Y}, b.High, {X: b.High.X, Y: b.Low.Y}}}.Value()
		})},
		{Sig: "circle(box)", Scalar: geo1(box, func(g *geo, b types.Box) types.Value {
			c := g.middle(b.High, b.Low)
			return types.Circle{Center: c, Radius: g.distance(c, b.High)}.Value()
		})},
		{Sig: "box(circle)", Scalar: geo1(types.ReadCircle, func(g *geo, c types.Circle) types.Value {
			d := g.Div(c.Radius, math.Sqrt(2))
			return types.Box{High: types.Point{X: g.Add(c.Center.X, d), Y: g.Add(c.Center.Y, d)},
				Low: types.Point{X: g.Sub(c.Center.X, d), Y: g.Sub(c.Center.Y, d)}}.Value()
		})},
	}
	pb := func(g *geo, p types.Point, b types.Box) float64 { d, _ := g.nearBox(b, p); return d }
	sb := func(g *geo, s types.Lseg, b types.Box) float64 { d, _ := g.nearBoxSegment(b, s); return d }
	rs = append(rs, Row{Sig: "dist_pb(point,box)", Scalar: measure2(point, box, pb)}, Row{Sig: "dist_bp(box,point)", Scalar: measure2(box, point, turned(pb))},
		Row{Sig: "dist_sb(lseg,box)", Scalar: measure2(lseg, box, sb)}, Row{Sig: "dist_bs(box,lseg)", Scalar: measure2(box, lseg, turned(sb))})
	for _, p := range boxPlaces {
		rs = append(rs, Row{Sig: "box_" + p.name + "(box,box)", Scalar: test2(box, box, func(_ *geo, a, b types.Box) bool { return p.test(a, b) })})
	}
	for _, c := range sizeComparisons {
		if c.name != "ne" {
			rs = append(rs, Row{Sig: "box_" + c.name + "(box,box)", Scalar: test2(box, box, func(g *geo, a, b types.Box) bool { return c.test(g.area(a), g.area(b)) })})
		}
	}
	for _, op := range pointOps {
		rs = append(rs, Row{Sig: "box_" + op.name + "(box,point)", Scalar: geo2(box, point, func(g *geo, b types.Box, p types.Point) types.Value {
			high, low := op.do(g, b.High, p), op.do(g, b.Low, p)
			// A move keeps the corners where they are to each other.
			if op.name == "add" || op.name == "sub" {
				return types.Box{High: high, Low: low}.Value()
			}
			return types.MakeBox(high, low).Value()
		})})
	}
	return rs
}
