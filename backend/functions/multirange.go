package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// multirangeRows are the functions and operators of multiranges. An operator between a range and a multirange takes the range for a multirange
// of one, and an empty range for one of none.
func multirangeRows() []Row {
	rs := []Row{
		{Sig: "isempty(anymultirange)", Scalar: multiFlag(func(m []types.Range) bool { return len(m) == 0 })},
		{Sig: "lower_inc(anymultirange)", Scalar: multiFlag(func(m []types.Range) bool { return len(m) > 0 && m[0].Lower.Inclusive })},
		{Sig: "upper_inc(anymultirange)", Scalar: multiFlag(func(m []types.Range) bool { return len(m) > 0 && m[len(m)-1].Upper.Inclusive })},
		{Sig: "lower_inf(anymultirange)", Scalar: multiFlag(func(m []types.Range) bool { return len(m) > 0 && m[0].Lower.Infinite })},
		{Sig: "upper_inf(anymultirange)", Scalar: multiFlag(func(m []types.Range) bool { return len(m) > 0 && m[len(m)-1].Upper.Infinite })},
		{Sig: "lower(anymultirange)", Scalar: multiBound(true)}, {Sig: "upper(anymultirange)", Scalar: multiBound(false)},
		{Sig: "multirange_contains_elem(anymultirange,anyelement)", Scalar: multiHasElem(0, 1)},
		{Sig: "elem_contained_by_multirange(anyelement,anymultirange)", Scalar: multiHasElem(1, 0)},
		{Sig: "multirange_union(anymultirange,anymultirange)", Scalar: multiPair(func(rt *types.RangeType, x, y []types.Range) ([]types.Range, error) {
			return rt.Normalize(append(append([]types.Range{}, x...), y...)), nil
		})},
		{Sig: "multirange_intersect(anymultirange,anymultirange)", Scalar: multiPair(multiIntersect)},
		{Sig: "multirange_intersect_agg_transfn(anymultirange,anymultirange)", Scalar: multiPair(multiIntersect)},
		{Sig: "multirange_minus(anymultirange,anymultirange)", Scalar: multiPair(multiMinus)},
		{Sig: "multirange_cmp(anymultirange,anymultirange)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(types.Collations["pg_range"](a[0].B, a[1].B))), nil
		}},
		{Sig: "range_merge(anymultirange)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			rt, m, err := oneMulti(c, a[0])
			if err != nil {
				return null, err
			}
			return rt.Value(extent(m)), nil
		}},
		{Sig: "multirange(anyrange)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			rt, err := rangeType(c)
			if err != nil {
				return null, err
			}
			return makeMultirange(rt)(c, a)
		}},
		{Sig: "unnest(anymultirange)", Set: func(c *Call, a []types.Value) (RowIter, error) {
			rt, m, err := oneMulti(c, a[0].Clone())
			if err != nil {
				return nil, err
			}
			it := &values{}
			for _, r := range m {
				it.vs = append(it.vs, rt.Value(r))
			}
			return it, nil
		}},
		{Sig: "range_agg(anymultirange)", Aggregate: func(c *Call) Aggregate { return &multirangeAgg{c: c} }},
		{Sig: "range_intersect_agg(anymultirange)", Aggregate: func(c *Call) Aggregate { return &multirangeAgg{c: c, intersect: true} }},
	}
	sides := []struct {
		name, args string
		multi      [2]bool
	}{
		{"multirange_%_multirange", "(anymultirange,anymultirange)", [2]bool{true, true}},
		{"multirange_%_range", "(anymultirange,anyrange)", [2]bool{true, false}},
		{"range_%_multirange", "(anyrange,anymultirange)", [2]bool{false, true}},
	}
	for _, s := range sides {
		for _, p := range rangePlaces {
			rs = append(rs, Row{Sig: replaceMark(s.name, p.name) + s.args, Scalar: multiTest(s.multi, func(rt *types.RangeType, x, y []types.Range) bool {
				return len(x) > 0 && len(y) > 0 && p.test(rt, extent(x), extent(y))
			})})
		}
		for _, t := range multiTests {
			rs = append(rs, Row{Sig: replaceMark(s.name, t.name) + s.args, Scalar: multiTest(s.multi, t.test)})
		}
	}
	return rs
}

// multiTests are the operators that look at all ranges.
var multiTests = []struct {
	name string
	test func(rt *types.RangeType, x, y []types.Range) bool
}{
	{"contains", multiContains},
	{"contained_by", func(rt *types.RangeType, x, y []types.Range) bool { return multiContains(rt, y, x) }},
	{"overlaps", func(rt *types.RangeType, x, y []types.Range) bool {
		for _, r := range x {
			for _, s := range y {
				if rt.Overlap(r, s) {
					return true
				}
			}
		}
		return false
	}},
	{"adjacent", func(rt *types.RangeType, x, y []types.Range) bool {
		if len(x) == 0 || len(y) == 0 {
			return false
		}
		a, b := extent(x), extent(y)
		return rt.BoundsTouch(a.Upper, b.Lower) || rt.BoundsTouch(b.Upper, a.Lower)
	}},
}

// multiContains: each range of y lies in one of x, since those of x neither touch nor overlap.
func multiContains(rt *types.RangeType, x, y []types.Range) bool {
	for _, s := range y {
		found := false
		for _, r := range x {
			if found = rangeContains(rt, r, s); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// extent is the range from the first to the last bound.
func extent(m []types.Range) types.Range {
	if len(m) == 0 {
		return types.EmptyRange
	}
	return types.Range{Lower: m[0].Lower, Upper: m[len(m)-1].Upper}
}

func oneMulti(c *Call, v types.Value) (*types.RangeType, []types.Range, error) {
	rt, err := rangeType(c)
	if err != nil {
		return nil, nil, err
	}
	m, err := types.ReadMultirange(v)
	return rt, m, err
}

func multiFlag(f func([]types.Range) bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		m, err := types.ReadMultirange(a[0])
		return types.BoolValue(f(m)), err
	}
}

func multiBound(lower bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		m, err := types.ReadMultirange(a[0])
		if err != nil || len(m) == 0 {
			return null, err
		}
		b := extent(m).Upper
		if lower {
			b = m[0].Lower
		}
		return b.Value.Clone(), nil
	}
}

func multiHasElem(multi, elem int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, m, err := oneMulti(c, a[multi])
		for _, r := range m {
			if containsElem(rt, r, a[elem]) {
				return types.BoolValue(true), err
			}
		}
		return types.BoolValue(false), err
	}
}

// rangesOf reads a multirange, or a range as a multirange of one.
func rangesOf(v types.Value, multi bool) ([]types.Range, error) {
	if multi {
		return types.ReadMultirange(v)
	}
	r, err := types.ReadRange(v)
	if err != nil || r.Empty {
		return nil, err
	}
	return []types.Range{r}, nil
}

func multiTest(multi [2]bool, f func(rt *types.RangeType, x, y []types.Range) bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, err := rangeType(c)
		if err != nil {
			return null, err
		}
		x, err := rangesOf(a[0], multi[0])
		if err != nil {
			return null, err
		}
		y, err := rangesOf(a[1], multi[1])
		if err != nil {
			return null, err
		}
		return types.BoolValue(f(rt, x, y)), nil
	}
}

func multiPair(f func(rt *types.RangeType, x, y []types.Range) ([]types.Range, error)) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, x, err := oneMulti(c, a[0])
		if err != nil {
			return null, err
		}
		y, err := types.ReadMultirange(a[1])
		if err != nil {
			return null, err
		}
		m, err := f(rt, x, y)
		if err != nil {
			return null, err
		}
		return rt.MultiValue(m), nil
	}
}

func multiIntersect(rt *types.RangeType, x, y []types.Range) ([]types.Range, error) {
	var out []types.Range
	for _, r := range x {
		for _, s := range y {
			part, err := rangeIntersect(rt, r, s)
			if err != nil {
				return nil, err
			}
			out = append(out, part)
		}
	}
	return rt.Normalize(out), nil
}

// multiMinus takes each range of y out of what is left of x.
func multiMinus(rt *types.RangeType, x, y []types.Range) ([]types.Range, error) {
	left := x
	for _, s := range y {
		var next []types.Range
		for _, r := range left {
			if !rt.Overlap(r, s) {
				next = append(next, r)
				continue
			}
			if rt.CompareBounds(r.Lower, s.Lower) < 0 {
				part, err := rt.Make(r.Lower, opposite(s.Lower))
				if err != nil {
					return nil, err
				}
				next = append(next, part)
			}
			if rt.CompareBounds(r.Upper, s.Upper) > 0 {
				part, err := rt.Make(opposite(s.Upper), r.Upper)
				if err != nil {
					return nil, err
				}
				next = append(next, part)
			}
		}
		left = next
	}
	return rt.Normalize(left), nil
}

// makeMultirange is int4multirange() and int4multirange(range).
func makeMultirange(rt *types.RangeType) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		var rs []types.Range
		for _, v := range a {
			r, err := types.ReadRange(v)
			if err != nil {
				return null, err
			}
			rs = append(rs, r)
		}
		return rt.MultiValue(rt.Normalize(rs)), nil
	}
}

func makeMultirangeOfArray(rt *types.RangeType) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		arr, err := types.ReadArray(a[0])
		if err != nil {
			return null, err
		}
		if len(arr.Dims) > 1 {
			return null, pgerr.New(pgerr.CardinalityViolation, "multiranges cannot be constructed from multidimensional arrays")
		}
		for _, e := range arr.Elems {
			if e.IsNull() {
				return null, pgerr.New(pgerr.NullValueNotAllowed, "multirange values cannot contain null members")
			}
		}
		return makeMultirange(rt)(c, arr.Elems)
	}
}

// multirangeAgg joins multiranges, or finds what they have in common.
type multirangeAgg struct {
	c         *Call
	intersect bool
	any       bool
	m         []types.Range
}

func (s *multirangeAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	rt, m, err := oneMulti(s.c, a[0].Clone())
	switch {
	case err != nil:
	case s.intersect && s.any:
		s.m, err = multiIntersect(rt, s.m, m)
	default:
		s.m = append(s.m, m...)
	}
	s.any = true
	return err
}

func (s *multirangeAgg) Value() (types.Value, error) {
	if !s.any {
		return null, nil
	}
	rt, err := rangeType(s.c)
	if err != nil {
		return null, err
	}
	return rt.MultiValue(rt.Normalize(s.m)), nil
}
