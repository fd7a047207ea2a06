package functions

import (
	"math"

	"pgd/backend/types"
)

// What follows finds where lines and segments meet and where they come closest, by the same steps as PostgreSQL, so that results agree to
// the last digit. A distance comes with the point it is measured to.

// cross finds where two lines meet; there is nothing where they are parallel.
func (g *geo) cross(a, b types.Line) (types.Point, bool) {
	if nearZero(a.B) {
		a, b = b, a
		if nearZero(a.B) {
			return types.Point{}, false
		}
	}
	if types.Near(b.A, g.Mul(a.A, g.Div(b.B, a.B))) {
		return types.Point{}, false
	}
	x := g.Div(g.Sub(g.Mul(a.B, b.C), g.Mul(b.B, a.C)), g.Sub(g.Mul(a.A, b.B), g.Mul(b.A, a.B)))
	y := g.Div(-g.Add(g.Mul(a.A, x), a.C), a.B)
	if x == 0 {
		x = 0 // not -0
	}
	if y == 0 {
		y = 0
	}
	return types.Point{X: x, Y: y}, true
}

// crossLine finds where a segment meets a line; an end of the segment is given as it is, without what rounding did to it.
func (g *geo) crossLine(s types.Lseg, l types.Line) (types.Point, bool) {
	p, ok := g.cross(g.LineAt(s[0], g.slope(s)), l)
	if !ok || !g.onSegment(s, p) {
		return types.Point{}, false
	}
	for _, end := range s {
		if end.Same(p) {
			return end, true
		}
	}
	return p, true
}

func (g *geo) crossSegments(a, b types.Lseg) (types.Point, bool) {
	p, ok := g.crossLine(a, g.LineAt(b[0], g.slope(b)))
	if !ok || !g.onSegment(b, p) {
		return types.Point{}, false
	}
	return p, true
}

// nearLine drops a perpendicular on a line. With NaN among the numbers it may find none.
func (g *geo) nearLine(l types.Line, p types.Point) (float64, types.Point) {
	foot, ok := g.cross(g.LineAt(p, g.lineAcrossSlope(l)), l)
	if !ok {
		return math.NaN(), p
	}
	return g.distance(foot, p), foot
}

// nearPoint finds the point of a segment closest to a point: where a perpendicular through that meets it, or an end.
func (g *geo) nearPoint(s types.Lseg, p types.Point) (float64, types.Point) {
	_, at := g.nearSegmentLine(s, g.LineAt(p, g.acrossSlope(s)))
	return g.distance(at, p), at
}

func (g *geo) nearSegmentLine(s types.Lseg, l types.Line) (float64, types.Point) {
	if p, ok := g.crossLine(s, l); ok {
		return 0, p
	}
	d0, _ := g.nearLine(l, s[0])
	d1, _ := g.nearLine(l, s[1])
	if d0 < d1 {
		return d0, s[0]
	}
	return d1, s[1]
}

// nearSegments finds the point of the first segment closest to the second.
func (g *geo) nearSegments(on, to types.Lseg) (float64, types.Point) {
	if p, ok := g.crossSegments(on, to); ok {
		return 0, p
	}
	best, at := g.nearPoint(on, to[0])
	if d, p := g.nearPoint(on, to[1]); smaller(d, best) {
		best, at = d, p
	}
	for _, end := range on {
		if d, _ := g.nearPoint(to, end); smaller(d, best) {
			best, at = d, end
		}
	}
	return best, at
}

// sides are those of a box: left, top, bottom, right, as PostgreSQL goes over them.
func sides(b types.Box) [4]types.Lseg {
	topLeft, bottomRight := types.Point{X: b.Low.X, Y: b.High.Y}, types.Point{X: b.High.X, Y: b.Low.Y}
	return [4]types.Lseg{{b.Low, topLeft}, {b.High, topLeft}, {b.Low, bottomRight}, {b.High, bottomRight}}
}

func boxHas(b types.Box, p types.Point) bool {
	return b.High.X >= p.X && b.Low.X <= p.X && b.High.Y >= p.Y && b.Low.Y <= p.Y
}

func boxesOverlap(a, b types.Box) bool {
	return upTo(a.Low.X, b.High.X) && upTo(b.Low.X, a.High.X) && upTo(a.Low.Y, b.High.Y) && upTo(b.Low.Y, a.High.Y)
}

// nearBox finds the point of a box closest to a point.
func (g *geo) nearBox(b types.Box, p types.Point) (float64, types.Point) {
	if boxHas(b, p) {
		return 0, p
	}
	best, at := 0.0, types.Point{}
	for i, side := range sides(b) {
		if d, q := g.nearPoint(side, p); i == 0 || smaller(d, best) {
			best, at = d, q
		}
	}
	return best, at
}

// boxCrossed tells whether a segment and a box meet.
func (g *geo) boxCrossed(b types.Box, s types.Lseg) bool {
	around := types.Box{
		Low:  types.Point{X: lesser(s[0].X, s[1].X), Y: lesser(s[0].Y, s[1].Y)},
		High: types.Point{X: greater(s[0].X, s[1].X), Y: greater(s[0].Y, s[1].Y)},
	}
	if !boxesOverlap(around, b) {
		return false
	}
	if boxHas(b, s[0]) || boxHas(b, s[1]) {
		return true
	}
	for _, side := range sides(b) {
		if _, ok := g.crossSegments(side, s); ok {
			return true
		}
	}
	return false
}

// nearBoxSegment finds the point of a box closest to a segment; where they meet, the point of the segment closest to the box's center.
func (g *geo) nearBoxSegment(b types.Box, s types.Lseg) (float64, types.Point) {
	if g.boxCrossed(b, s) {
		_, at := g.nearPoint(s, g.middle(b.High, b.Low))
		return 0, at
	}
	best, at := 0.0, types.Point{}
	for i, side := range sides(b) {
		if d, q := g.nearSegments(side, s); i == 0 || smaller(d, best) {
			best, at = d, q
		}
	}
	return best, at
}
