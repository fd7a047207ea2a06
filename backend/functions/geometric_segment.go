package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// segmentRows are the functions and operators of lines and line segments.
func segmentRows() []Row {
	line, lseg, point := types.ReadLine, types.ReadLseg, types.ReadPoint
	rs := []Row{
		{Sig: "line(point,point)", Scalar: geo2(point, point, func(g *geo, p, q types.Point) types.Value {
			if p.Same(q) {
				g.Fail(pgerr.New(pgerr.InvalidParameterValue, "invalid line specification: must be two distinct points"))
				return null
			}
			return g.LineAt(p, g.Slope(p, q)).Value()
		})},
		{Sig: "line_eq(line,line)", Scalar: test2(line, line, (*geo).sameLine)},
		{Sig: "line_distance(line,line)", Scalar: measure2(line, line, (*geo).lineDistance)},
		{Sig: "line_interpt(line,line)", Scalar: geo2(line, line, func(g *geo, a, b types.Line) types.Value {
			p, ok := g.cross(a, b)
			return pointOrNull(p, ok)
		})},
		{Sig: "line_intersect(line,line)", Scalar: test2(line, line, func(g *geo, a, b types.Line) bool {
			_, ok := g.cross(a, b)
			return ok
		})},
		{Sig: "lseg(point,point)", Scalar: geo2(point, point, func(_ *geo, p, q types.Point) types.Value { return types.Lseg{p, q}.Value() })},
		{Sig: "lseg_eq(lseg,lseg)", Scalar: test2(lseg, lseg, func(_ *geo, a, b types.Lseg) bool { return a[0].Same(b[0]) && a[1].Same(b[1]) })},
		{Sig: "lseg_ne(lseg,lseg)", Scalar: test2(lseg, lseg, func(_ *geo, a, b types.Lseg) bool { return !a[0].Same(b[0]) || !a[1].Same(b[1]) })},
		{Sig: "lseg_intersect(lseg,lseg)", Scalar: test2(lseg, lseg, func(g *geo, a, b types.Lseg) bool {
			_, ok := g.crossSegments(a, b)
			return ok
		})},
		{Sig: "lseg_interpt(lseg,lseg)", Scalar: geo2(lseg, lseg, func(g *geo, a, b types.Lseg) types.Value {
			p, ok := g.crossSegments(a, b)
			return pointOrNull(p, ok)
		})},
		{Sig: "lseg_distance(lseg,lseg)", Scalar: measure2(lseg, lseg, func(g *geo, a, b types.Lseg) float64 { d, _ := g.nearSegments(a, b); return d })},
		{Sig: "inter_sl(lseg,line)", Scalar: test2(lseg, line, func(g *geo, s types.Lseg, l types.Line) bool { _, ok := g.crossLine(s, l); return ok })},
		{Sig: "on_sl(lseg,line)", Scalar: test2(lseg, line, func(g *geo, s types.Lseg, l types.Line) bool { return g.onLine(s[0], l) && g.onLine(s[1], l) })},
		{Sig: "on_pl(point,line)", Scalar: test2(point, line, (*geo).onLine)},
		{Sig: "on_ps(point,lseg)", Scalar: test2(point, lseg, func(g *geo, p types.Point, s types.Lseg) bool { return g.onSegment(s, p) })},
		{Sig: "close_pl(point,line)", Scalar: geo2(point, line, func(g *geo, p types.Point, l types.Line) types.Value { return closest(g.nearLine(l, p)) })},
		{Sig: "close_ps(point,lseg)", Scalar: geo2(point, lseg, func(g *geo, p types.Point, s types.Lseg) types.Value { return closest(g.nearPoint(s, p)) })},
		{Sig: "close_lseg(lseg,lseg)", Scalar: geo2(lseg, lseg, func(g *geo, a, b types.Lseg) types.Value {
			if g.slope(a) == g.slope(b) {
				return null
			}
			return closest(g.nearSegments(b, a))
		})},
		{Sig: "close_ls(line,lseg)", Scalar: geo2(line, lseg, func(g *geo, l types.Line, s types.Lseg) types.Value {
			if g.slope(s) == g.lineSlope(l) {
				return null
			}
			return closest(g.nearSegmentLine(s, l))
		})},
	}
	pl := func(g *geo, p types.Point, l types.Line) float64 { d, _ := g.nearLine(l, p); return d }
	ps := func(g *geo, p types.Point, s types.Lseg) float64 { d, _ := g.nearPoint(s, p); return d }
	sl := func(g *geo, s types.Lseg, l types.Line) float64 { d, _ := g.nearSegmentLine(s, l); return d }
	rs = append(rs,
		Row{Sig: "dist_pl(point,line)", Scalar: measure2(point, line, pl)}, Row{Sig: "dist_lp(line,point)", Scalar: measure2(line, point, turned(pl))},
		Row{Sig: "dist_ps(point,lseg)", Scalar: measure2(point, lseg, ps)}, Row{Sig: "dist_sp(lseg,point)", Scalar: measure2(lseg, point, turned(ps))},
		Row{Sig: "dist_sl(lseg,line)", Scalar: measure2(lseg, line, sl)}, Row{Sig: "dist_ls(line,lseg)", Scalar: measure2(line, lseg, turned(sl))})
	length := func(g *geo, s types.Lseg) float64 { return g.distance(s[0], s[1]) }
	center := geo1(lseg, func(g *geo, s types.Lseg) types.Value { return g.middle(s[0], s[1]).Value() })
	rs = append(rs, Row{Sig: "length(lseg)", Scalar: measure1(lseg, length)}, Row{Sig: "lseg_length(lseg)", Scalar: measure1(lseg, length)},
		Row{Sig: "lseg_center(lseg)", Scalar: center}, Row{Sig: "point(lseg)", Scalar: center})
	for _, c := range sizeComparisons {
		if c.name != "eq" && c.name != "ne" {
			rs = append(rs, Row{Sig: "lseg_" + c.name + "(lseg,lseg)", Scalar: test2(lseg, lseg, func(g *geo, a, b types.Lseg) bool {
				return c.test(length(g, a), length(g, b))
			})})
		}
	}
	for _, prefix := range []string{"line_", "is"} {
		rs = append(rs, Row{Sig: prefix + "parallel(line,line)", Scalar: test2(line, line, func(g *geo, a, b types.Line) bool { _, ok := g.cross(a, b); return !ok })},
			Row{Sig: prefix + "perp(line,line)", Scalar: test2(line, line, (*geo).perpendicular)},
			Row{Sig: prefix + "vertical(line)", Scalar: test1(line, func(_ *geo, l types.Line) bool { return nearZero(l.B) })},
			Row{Sig: prefix + "horizontal(line)", Scalar: test1(line, func(_ *geo, l types.Line) bool { return nearZero(l.A) })})
	}
	for _, prefix := range []string{"lseg_", "is"} {
		rs = append(rs, Row{Sig: prefix + "parallel(lseg,lseg)", Scalar: test2(lseg, lseg, func(g *geo, a, b types.Lseg) bool { return types.Near(g.slope(a), g.slope(b)) })},
			Row{Sig: prefix + "perp(lseg,lseg)", Scalar: test2(lseg, lseg, func(g *geo, a, b types.Lseg) bool { return types.Near(g.slope(a), g.acrossSlope(b)) })},
			Row{Sig: prefix + "vertical(lseg)", Scalar: test1(lseg, func(_ *geo, s types.Lseg) bool { return types.Near(s[0].X, s[1].X) })},
			Row{Sig: prefix + "horizontal(lseg)", Scalar: test1(lseg, func(_ *geo, s types.Lseg) bool { return types.Near(s[0].Y, s[1].Y) })})
	}
	return rs
}

func pointOrNull(p types.Point, ok bool) types.Value {
	if !ok {
		return null
	}
	return p.Value()
}

// closest gives the point that belongs to a distance, NULL where there is none.
func closest(d float64, p types.Point) types.Value { return pointOrNull(p, d == d) }

func (g *geo) slope(s types.Lseg) float64 { return g.Slope(s[0], s[1]) }

// acrossSlope is the slope of what stands at right angles to a segment.
func (g *geo) acrossSlope(s types.Lseg) float64 {
	switch {
	case types.Near(s[0].X, s[1].X):
		return 0
	case types.Near(s[0].Y, s[1].Y):
		return math.Inf(1)
	}
	return g.Div(g.Sub(s[0].X, s[1].X), g.Sub(s[1].Y, s[0].Y))
}

func (g *geo) lineSlope(l types.Line) float64 {
	switch {
	case nearZero(l.A):
		return 0
	case nearZero(l.B):
		return math.Inf(1)
	}
	return g.Div(l.A, -l.B)
}

func (g *geo) lineAcrossSlope(l types.Line) float64 {
	switch {
	case nearZero(l.A):
		return math.Inf(1)
	case nearZero(l.B):
		return 0
	}
	return g.Div(l.B, l.A)
}

func isNaN(f float64) bool { return f != f }

// sameLine: the numbers of one are those of the other times a factor; with NaN among them they must be the same.
func (g *geo) sameLine(a, b types.Line) bool {
	for _, f := range []float64{a.A, a.B, a.C, b.A, b.B, b.C} {
		if isNaN(f) {
			return types.CompareFloat8(a.A, b.A) == 0 && types.CompareFloat8(a.B, b.B) == 0 && types.CompareFloat8(a.C, b.C) == 0
		}
	}
	ratio := 1.0
	switch {
	case !nearZero(b.A):
		ratio = g.Div(a.A, b.A)
	case !nearZero(b.B):
		ratio = g.Div(a.B, b.B)
	case !nearZero(b.C):
		ratio = g.Div(a.C, b.C)
	}
	return types.Near(a.A, g.Mul(ratio, b.A)) && types.Near(a.B, g.Mul(ratio, b.B)) && types.Near(a.C, g.Mul(ratio, b.C))
}

func (g *geo) perpendicular(a, b types.Line) bool {
	switch {
	case nearZero(a.A):
		return nearZero(b.B)
	case nearZero(b.A):
		return nearZero(a.B)
	case nearZero(a.B):
		return nearZero(b.A)
	case nearZero(b.B):
		return nearZero(a.A)
	}
	return types.Near(g.Div(g.Mul(a.A, b.A), g.Mul(a.B, b.B)), -1)
}

func (g *geo) lineDistance(a, b types.Line) float64 {
	if _, ok := g.cross(a, b); ok {
		return 0
	}
	ratio := 1.0
	switch {
	case !nearZero(a.A) && !isNaN(a.A) && !nearZero(b.A) && !isNaN(b.A):
		ratio = g.Div(a.A, b.A)
	case !nearZero(a.B) && !isNaN(a.B) && !nearZero(b.B) && !isNaN(b.B):
		ratio = g.Div(a.B, b.B)
	}
	return g.Div(math.Abs(g.Sub(a.C, g.Mul(ratio, b.C))), g.hypot(a.A, a.B))
}

func (g *geo) onLine(p types.Point, l types.Line) bool {
	return nearZero(g.Add(g.Add(g.Mul(l.A, p.X), g.Mul(l.B, p.Y)), l.C))
}

// onSegment: the way over the point is as long as the segment.
func (g *geo) onSegment(s types.Lseg, p types.Point) bool {
	return types.Near(g.distance(p, s[0])+g.distance(p, s[1]), g.distance(s[0], s[1]))
}
