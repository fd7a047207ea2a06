package functions

import "pgd/backend/types"

// polygonPlaces are the operators that compare the boxes around two polygons, exactly.
var polygonPlaces = []struct {
	name string
	test func(a, b types.Box) bool
}{
	{"left", func(a, b types.Box) bool { return a.High.X < b.Low.X }}, {"overleft", func(a, b types.Box) bool { return a.High.X <= b.High.X }},
	{"right", func(a, b types.Box) bool { return a.Low.X > b.High.X }}, {"overright", func(a, b types.Box) bool { return a.Low.X >= b.Low.X }},
	{"below", func(a, b types.Box) bool { return a.High.Y < b.Low.Y }}, {"overbelow", func(a, b types.Box) bool { return a.High.Y <= b.High.Y }},
	{"above", func(a, b types.Box) bool { return a.Low.Y > b.High.Y }}, {"overabove", func(a, b types.Box) bool { return a.Low.Y >= b.Low.Y }},
}

// polygonRows are the functions and operators of polygons.
func polygonRows() []Row {
	polygon, point, circle := types.ReadPolygon, types.ReadPoint, types.ReadCircle
	count := geo1(polygon, func(_ *geo, p types.Polygon) types.Value { return types.IntValue(int64(len(p.Points))) })
	center := geo1(polygon, func(g *geo, p types.Polygon) types.Value { return g.circleOf(p.Points).Center.Value() })
	rs := []Row{
		{Sig: "npoints(polygon)", Scalar: count}, {Sig: "poly_npoints(polygon)", Scalar: count},
		{Sig: "poly_center(polygon)", Scalar: center}, {Sig: "point(polygon)", Scalar: center},
		{Sig: "circle(polygon)", Scalar: geo1(polygon, func(g *geo, p types.Polygon) types.Value { return g.circleOf(p.Points).Value() })},
		{Sig: "box(polygon)", Scalar: geo1(polygon, func(_ *geo, p types.Polygon) types.Value { return bounds(p.Points).Value() })},
		{Sig: "poly_same(polygon,polygon)", Scalar: test2(polygon, polygon, func(_ *geo, a, b types.Polygon) bool { return samePoints(a.Points, b.Points) })},
		{Sig: "poly_overlap(polygon,polygon)", Scalar: test2(polygon, polygon, (*geo).polygonsOverlap)},
		{Sig: "poly_contain(polygon,polygon)", Scalar: test2(polygon, polygon, (*geo).polygonContains)},
		{Sig: "poly_contained(polygon,polygon)", Scalar: test2(polygon, polygon, turned((*geo).polygonContains))},
		{Sig: "poly_contain_pt(polygon,point)", Scalar: test2(polygon, point, func(g *geo, a types.Polygon, p types.Point) bool { return g.inside(p, a.Points) != 0 })},
		{Sig: "pt_contained_poly(point,polygon)", Scalar: test2(point, polygon, func(g *geo, p types.Point, a types.Polygon) bool { return g.inside(p, a.Points) != 0 })},
		{Sig: "poly_distance(polygon,polygon)", Scalar: geo2(polygon, polygon, func(g *geo, a, b types.Polygon) types.Value {
			if g.polygonsOverlap(a, b) {
				return types.FloatValue(0)
			}
			return g.nearWays(segments(a.Points, true), segments(b.Points, true))
		})},
		{Sig: "dist_ppoly(point,polygon)", Scalar: measure2(point, polygon, (*geo).nearPolygon)},
		{Sig: "dist_polyp(polygon,point)", Scalar: measure2(polygon, point, turned((*geo).nearPolygon))},
	}
	cp := func(g *geo, c types.Circle, p types.Polygon) float64 {
		return notNegative(g.Sub(g.nearPolygon(c.Center, p), c.Radius))
	}
	rs = append(rs, Row{Sig: "dist_cpoly(circle,polygon)", Scalar: measure2(circle, polygon, cp)},
		Row{Sig: "dist_polyc(polygon,circle)", Scalar: measure2(polygon, circle, turned(cp))})
	for _, p := range polygonPlaces {
		rs = append(rs, Row{Sig: "poly_" + p.name + "(polygon,polygon)", Scalar: test2(polygon, polygon, func(_ *geo, a, b types.Polygon) bool {
			return p.test(bounds(a.Points), bounds(b.Points))
		})})
	}
	return rs
}

func notNegative(d float64) float64 {
	if d < 0 {
		return 0
	}
	return d
}

// circleOf has the mean of the points for its center and their mean distance for its radius.
func (g *geo) circleOf(ps []types.Point) types.Circle {
	var c types.Circle
	n := float64(len(ps))
	for _, p := range ps {
		c.Center = types.Point{X: g.Add(c.Center.X, p.X), Y: g.Add(c.Center.Y, p.Y)}
	}
	c.Center = types.Point{X: g.Div(c.Center.X, n), Y: g.Div(c.Center.Y, n)}
	for _, p := range ps {
		c.Radius = g.Add(c.Radius, g.distance(p, c.Center))
	}
	c.Radius = g.Div(c.Radius, n)
	return c
}

// samePoints tells whether two ways are one, wherever they begin and in whichever direction they go.
func samePoints(a, b []types.Point) bool {
	n := len(a)
	if n != len(b) {
		return false
	}
	for start := range b {
		for _, step := range []int{1, n - 1} {
			i := 0
			for i < n && b[(start+i*step)%n].Same(a[i]) {
				i++
			}
			if i == n {
				return true
			}
		}
	}
	return false
}

func (g *geo) nearPolygon(p types.Point, poly types.Polygon) float64 {
	if g.inside(p, poly.Points) != 0 {
		return 0
	}
	// The closing side is measured from the first point to the last.
	best, _ := g.nearPoint(types.Lseg{poly.Points[0], poly.Points[len(poly.Points)-1]}, p)
	for _, s := range segments(poly.Points, false) {
		if d, _ := g.nearPoint(s, p); smaller(d, best) {
			best = d
		}
	}
	return best
}

func (g *geo) polygonsOverlap(a, b types.Polygon) bool {
	if !boxesOverlap(bounds(a.Points), bounds(b.Points)) {
		return false
	}
	for _, s := range segments(a.Points, true) {
		for _, t := range segments(b.Points, true) {
			if _, ok := g.crossSegments(s, t); ok {
				return true
			}
		}
	}
	return g.inside(a.Points[0], b.Points) != 0 || g.inside(b.Points[0], a.Points) != 0
}

// onBorder is what crossing gives for a point on the border.
const onBorder = 1 << 30

// inside counts how often the way around goes over the positive x axis seen from p: 0 outside, 1 inside, 2 on the border.
func (g *geo) inside(p types.Point, ps []types.Point) int {
	at := func(i int) types.Point { return types.Point{X: g.Sub(ps[i].X, p.X), Y: g.Sub(ps[i].Y, p.Y)} }
	first := at(0)
	prev, total := first, 0
	for i := 1; i <= len(ps); i++ {
		next := first
		if i < len(ps) {
			next = at(i)
		}
		c := g.crossing(next, prev)
		if c == onBorder {
			return 2
		}
		total += c
		prev = next
	}
	if total != 0 {
		return 1
	}
	return 0
}

// crossing tells how the way from prev to p goes over the positive x axis: 2 or -2 over it, 1 or -1 onto it or off it, 0 not at all.
func (g *geo) crossing(p, prev types.Point) int {
	if nearZero(p.Y) {
		switch {
		case nearZero(p.X):
			return onBorder
		case beyond(p.X, 0):
			switch {
			case nearZero(prev.Y):
				if beyond(prev.X, 0) {
					return 0
				}
				return onBorder
			case below(prev.Y, 0):
				return 1
			}
			return -1
		case nearZero(prev.Y) && !below(prev.X, 0):
			return onBorder
		}
		return 0
	}
	sign := -1
	if beyond(p.Y, 0) {
		sign = 1
	}
	switch {
	case nearZero(prev.Y):
		if below(prev.X, 0) {
			return 0
		}
		return sign
	case sign < 0 && below(prev.Y, 0) || sign > 0 && beyond(prev.Y, 0):
		return 0
	case from(p.X, 0) && beyond(prev.X, 0):
		return 2 * sign
	case below(p.X, 0) && upTo(prev.X, 0):
		return 0
	}
	z := g.Sub(g.Mul(g.Sub(p.X, prev.X), p.Y), g.Mul(g.Sub(p.Y, prev.Y), p.X))
	switch {
	case nearZero(z):
		return onBorder
	case sign < 0 && below(z, 0) || sign > 0 && beyond(z, 0):
		return 0
	}
	return 2 * sign
}

// polygonContains: every side of the second lies within the first.
func (g *geo) polygonContains(a, b types.Polygon) bool {
	if !boxContains(bounds(a.Points), bounds(b.Points)) {
		return false
	}
	sides := segments(a.Points, true)
	for _, s := range segments(b.Points, true) {
		if !g.segmentInside(s[0], s[1], a.Points, sides, 0) {
			return false
		}
	}
	return true
}

// segmentInside goes over the sides from start on. A segment that crosses one is looked at in two parts; one that touches it, beyond where it does.
func (g *geo) segmentInside(a, b types.Point, ps []types.Point, sides []types.Lseg, start int) bool {
	t := types.Lseg{a, b}
	for i := start; i < len(sides); i++ {
		s := sides[i]
		aOn, bOn := g.onSegment(s, a), g.onSegment(s, b)
		switch {
		case aOn && bOn:
			return true
		case aOn:
			if !g.touchingInside(a, b, s, ps, sides, i+1) {
				return false
			}
		case bOn:
			if !g.touchingInside(b, a, s, ps, sides, i+1) {
				return false
			}
		default:
			if p, ok := g.crossSegments(t, s); ok {
				return g.segmentInside(a, p, ps, sides, i+1) && g.segmentInside(b, p, ps, sides, i+1)
			}
		}
	}
	return g.inside(g.middle(a, b), ps) != 0
}

// touchingInside: a is on the side s, b is not. Where s ends on the way to b, what is beyond that end must be inside.
func (g *geo) touchingInside(a, b types.Point, s types.Lseg, ps []types.Point, sides []types.Lseg, start int) bool {
	t := types.Lseg{a, b}
	for i, end := range s {
		if a.Same(end) {
			if g.onSegment(t, s[1-i]) {
				return g.segmentInside(b, s[1-i], ps, sides, start)
			}
			return true
		}
	}
	for _, end := range s {
		if g.onSegment(t, end) {
			return g.segmentInside(b, end, ps, sides, start)
		}
	}
	return true
}
