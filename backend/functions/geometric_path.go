package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// pathRows are the functions and operators of paths.
func pathRows() []Row {
	path, point := types.ReadPath, types.ReadPoint
	count := func(g *geo, p types.Path) types.Value { return types.IntValue(int64(len(p.Points))) }
	length := measure1(path, func(g *geo, p types.Path) float64 {
		sum := 0.0
		for _, s := range segments(p.Points, p.Closed) {
			sum = g.Add(sum, g.distance(s[0], s[1]))
		}
		return sum
	})
	rs := []Row{
		{Sig: "npoints(path)", Scalar: geo1(path, count)}, {Sig: "path_npoints(path)", Scalar: geo1(path, count)},
		{Sig: "length(path)", Scalar: length}, {Sig: "path_length(path)", Scalar: length},
		{Sig: "area(path)", Scalar: geo1(path, func(g *geo, p types.Path) types.Value {
			if !p.Closed {
				return null
			}
			area := 0.0
			for i, a := range p.Points {
				b := p.Points[(i+1)%len(p.Points)]
				area = g.Sub(g.Add(area, g.Mul(a.X, b.Y)), g.Mul(a.Y, b.X))
			}
			return types.Float8Value(g.Div(math.Abs(area), 2))
		})},
		{Sig: "isclosed(path)", Scalar: test1(path, func(_ *geo, p types.Path) bool { return p.Closed })},
		{Sig: "isopen(path)", Scalar: test1(path, func(_ *geo, p types.Path) bool { return !p.Closed })},
		{Sig: "pclose(path)", Scalar: geo1(path, func(_ *geo, p types.Path) types.Value { return types.Path{Closed: true, Points: p.Points}.Value() })},
		{Sig: "popen(path)", Scalar: geo1(path, func(_ *geo, p types.Path) types.Value { return types.Path{Points: p.Points}.Value() })},
		{Sig: "path_add(path,path)", Scalar: geo2(path, path, func(_ *geo, p, q types.Path) types.Value {
			if p.Closed || q.Closed {
				return null
			}
			return types.Path{Points: append(p.Points, q.Points...)}.Value()
		})},
		{Sig: "path_inter(path,path)", Scalar: test2(path, path, func(g *geo, p, q types.Path) bool {
			if !boxesOverlap(bounds(p.Points), bounds(q.Points)) {
				return false
			}
			for _, s := range segments(p.Points, p.Closed) {
				for _, t := range segments(q.Points, q.Closed) {
					if _, ok := g.crossSegments(s, t); ok {
						return true
					}
				}
			}
			return false
		})},
		{Sig: "path_distance(path,path)", Scalar: geo2(path, path, func(g *geo, p, q types.Path) types.Value {
			return g.nearWays(segments(p.Points, p.Closed), segments(q.Points, q.Closed))
		})},
		{Sig: "on_ppath(point,path)", Scalar: test2(point, path, (*geo).onPath)},
		{Sig: "path_contain_pt(path,point)", Scalar: test2(path, point, turned((*geo).onPath))},
		{Sig: "dist_ppath(point,path)", Scalar: measure2(point, path, (*geo).nearPath)},
		{Sig: "dist_pathp(path,point)", Scalar: measure2(path, point, turned((*geo).nearPath))},
		{Sig: "path(polygon)", Scalar: geo1(types.ReadPolygon, func(_ *geo, p types.Polygon) types.Value { return types.Path{Closed: true, Points: p.Points}.Value() })},
		{Sig: "polygon(path)", Scalar: geo1(path, func(g *geo, p types.Path) types.Value {
			if !p.Closed {
				g.Fail(pgerr.New(pgerr.InvalidParameterValue, "open path cannot be converted to polygon"))
			}
			return types.Polygon{Points: p.Points}.Value()
		})},
	}
	for _, op := range comparisonOperators {
		if op.name != "ne" {
			rs = append(rs, Row{Sig: "path_n_" + op.name + "(path,path)", Scalar: test2(path, path, func(_ *geo, p, q types.Path) bool {
				return op.test(len(p.Points) - len(q.Points))
			})})
		}
	}
	for _, op := range pointOps {
		rs = append(rs, Row{Sig: "path_" + op.name + "_pt(path,point)", Scalar: geo2(path, point, func(g *geo, p types.Path, q types.Point) types.Value {
			for i := range p.Points {
				p.Points[i] = op.do(g, p.Points[i], q)
			}
			return p.Value()
		})})
	}
	return rs
}

// segments are the parts of a way; of a closed one that from the last to the first point comes first.
func segments(ps []types.Point, closed bool) []types.Lseg {
	out := make([]types.Lseg, 0, len(ps))
	if closed {
		out = append(out, types.Lseg{ps[len(ps)-1], ps[0]})
	}
	for i := 1; i < len(ps); i++ {
		out = append(out, types.Lseg{ps[i-1], ps[i]})
	}
	return out
}

// bounds is the smallest box around points.
func bounds(ps []types.Point) types.Box {
	b := types.Box{High: ps[0], Low: ps[0]}
	for _, p := range ps[1:] {
		b.High.X, b.High.Y = greater(b.High.X, p.X), greater(b.High.Y, p.Y)
		b.Low.X, b.Low.Y = lesser(b.Low.X, p.X), lesser(b.Low.Y, p.Y)
	}
	return b
}

// nearWays gives the shortest distance between the parts of two ways, NULL where one has none.
func (g *geo) nearWays(a, b []types.Lseg) types.Value {
	if len(a) == 0 || len(b) == 0 {
		return null
	}
	best, first := 0.0, true
	for _, s := range a {
		for _, t := range b {
			if d, _ := g.nearSegments(s, t); first || smaller(d, best) {
				best, first = d, false
			}
		}
	}
	return types.Float8Value(best)
}

func (g *geo) nearPath(p types.Point, way types.Path) float64 {
	best := 0.0
	for i, s := range segments(way.Points, way.Closed) {
		if d, _ := g.nearPoint(s, p); i == 0 || smaller(d, best) {
			best = d
		}
	}
	return best
}

// onPath: on one of the parts of an open path, within a closed one.
func (g *geo) onPath(p types.Point, way types.Path) bool {
	if way.Closed {
		return g.inside(p, way.Points) != 0
	}
	for _, s := range segments(way.Points, false) {
		if types.Near(g.Add(g.distance(p, s[0]), g.distance(p, s[1])), g.distance(s[0], s[1])) {
			return true
		}
	}
	return false
}
