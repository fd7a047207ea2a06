package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// rangeRows are the functions and operators of ranges. Those that are declared for any range find its type among the call's actual types.
func rangeRows() []Row {
	rs := []Row{
		{Sig: "isempty(anyrange)", Scalar: rangeFlag(func(r types.Range) bool { return r.Empty })},
		{Sig: "lower_inc(anyrange)", Scalar: rangeFlag(func(r types.Range) bool { return r.Lower.Inclusive })},
		{Sig: "upper_inc(anyrange)", Scalar: rangeFlag(func(r types.Range) bool { return r.Upper.Inclusive })},
		{Sig: "lower_inf(anyrange)", Scalar: rangeFlag(func(r types.Range) bool { return r.Lower.Infinite })},
		{Sig: "upper_inf(anyrange)", Scalar: rangeFlag(func(r types.Range) bool { return r.Upper.Infinite })},
		{Sig: "lower(anyrange)", Scalar: rangeBound(func(r types.Range) types.Bound { return r.Lower })},
		{Sig: "upper(anyrange)", Scalar: rangeBound(func(r types.Range) types.Bound { return r.Upper })},
		{Sig: "range_contains_elem(anyrange,anyelement)", Scalar: rangeHasElem(0, 1)},
		{Sig: "elem_contained_by_range(anyelement,anyrange)", Scalar: rangeHasElem(1, 0)},
		{Sig: "range_contains(anyrange,anyrange)", Scalar: rangeTest(rangeContains)},
		{Sig: "range_contained_by(anyrange,anyrange)", Scalar: rangeTest(func(rt *types.RangeType, x, y types.Range) bool { return rangeContains(rt, y, x) })},
		{Sig: "range_overlaps(anyrange,anyrange)", Scalar: rangeTest((*types.RangeType).Overlap)},
		{Sig: "range_adjacent(anyrange,anyrange)", Scalar: rangeTest((*types.RangeType).Adjacent)},
		{Sig: "range_union(anyrange,anyrange)", Scalar: rangePair(rangeUnion)},
		{Sig: "range_merge(anyrange,anyrange)", Scalar: rangePair(func(rt *types.RangeType, x, y types.Range) (types.Range, error) { return rt.Span(x, y), nil })},
		{Sig: "range_intersect(anyrange,anyrange)", Scalar: rangePair(rangeIntersect)},
		{Sig: "range_minus(anyrange,anyrange)", Scalar: rangePair(rangeMinus)},
		{Sig: "range_cmp(anyrange,anyrange)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			rt, err := rangeType(c)
			if err != nil {
				return null, err
			}
			x, y, err := twoRanges(a)
			return types.IntValue(int64(rt.Compare(x, y))), err
		}},
		{Sig: "range_intersect_agg_transfn(anyrange,anyrange)", Scalar: rangePair(rangeIntersect)},
		{Sig: "range_agg(anyrange)", Aggregate: func(c *Call) Aggregate { return &rangeAgg{c: c} }},
		{Sig: "range_intersect_agg(anyrange)", Aggregate: func(c *Call) Aggregate { return &rangeIntersectAgg{c: c} }},
	}
	for _, p := range rangePlaces {
		rs = append(rs, Row{Sig: "range_" + p.name + "(anyrange,anyrange)", Scalar: rangeTest(func(rt *types.RangeType, x, y types.Range) bool {
			return !x.Empty && !y.Empty && p.test(rt, x, y)
		})})
	}
	for _, op := range comparisonOperators {
		rs = append(rs, Row{Sig: "range_" + op.name + "(anyrange,anyrange)", SQL: "$1 " + op.sql + " $2 COLLATE pg_range"},
			Row{Sig: "multirange_" + op.name + "(anymultirange,anymultirange)", SQL: "$1 " + op.sql + " $2 COLLATE pg_range"})
	}
	for _, t := range []struct {
		name, sub string
		oid       uint32
	}{
		{"int4", "integer", types.Int4RangeOID}, {"int8", "bigint", types.Int8RangeOID}, {"num", "numeric", types.NumRangeOID},
		{"date", "date", types.DateRangeOID}, {"ts", "timestamp without time zone", types.TsRangeOID},
		{"tstz", "timestamp with time zone", types.TstzRangeOID},
	} {
		args := t.sub + "," + t.sub
		rt := types.ByOID(t.oid).Range
		rs = append(rs, Row{Sig: t.name + "range(" + args + ")", Scalar: makeRange(rt)}, Row{Sig: t.name + "range(" + args + ",text)", Scalar: makeRange(rt)},
			Row{Sig: t.name + "multirange()", Scalar: makeMultirange(rt)}, Row{Sig: t.name + "multirange(" + t.name + "range)", Scalar: makeMultirange(rt)},
			Row{Sig: t.name + "multirange(" + t.name + "range[])", Scalar: makeMultirangeOfArray(rt)},
			Row{Sig: t.name + "range_subdiff(" + args + ")", Scalar: rangeSubdiff(t.oid)})
		if rt.Next != nil {
			sig := t.name + "range"
			rs = append(rs, Row{Sig: sig + "_canonical(" + sig + ")", SQL: "$1", Scalar: same})
		}
	}
	return rs
}

// rangePlaces are the operators << >> &< &>, over two ranges that are not empty.
var rangePlaces = []struct {
	name string
	test func(rt *types.RangeType, x, y types.Range) bool
}{
	{"before", func(rt *types.RangeType, x, y types.Range) bool { return rt.CompareBounds(x.Upper, y.Lower) < 0 }},
	{"after", func(rt *types.RangeType, x, y types.Range) bool { return rt.CompareBounds(x.Lower, y.Upper) > 0 }},
	{"overleft", func(rt *types.RangeType, x, y types.Range) bool { return rt.CompareBounds(x.Upper, y.Upper) <= 0 }},
	{"overright", func(rt *types.RangeType, x, y types.Range) bool { return rt.CompareBounds(x.Lower, y.Lower) >= 0 }},
}

// rangeType finds the range type a call is about.
func rangeType(c *Call) (*types.RangeType, error) {
	for _, oid := range append(append(make([]uint32, 0, 4), c.Args...), c.Result) {
		for range 32 {
			t := c.Find(oid)
			if t == nil {
				break
			}
			if t.Range != nil {
				return t.Range, nil
			}
			if oid = t.Elem; oid == 0 {
				break
			}
		}
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "this range type is not supported")
}

func twoRanges(a []types.Value) (x, y types.Range, err error) {
	if x, err = types.ReadRange(a[0]); err == nil {
		y, err = types.ReadRange(a[1])
	}
	return x, y, err
}

func rangeFlag(f func(types.Range) bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		r, err := types.ReadRange(a[0])
		return types.BoolValue(f(r)), err
	}
}

func rangeBound(f func(types.Range) types.Bound) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		r, err := types.ReadRange(a[0])
		if err != nil || r.Empty || f(r).Infinite {
			return null, err
		}
		return f(r).Value.Clone(), nil
	}
}

func rangeTest(f func(rt *types.RangeType, x, y types.Range) bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, err := rangeType(c)
		if err != nil {
			return null, err
		}
		x, y, err := twoRanges(a)
		if err != nil {
			return null, err
		}
		return types.BoolValue(f(rt, x, y)), nil
	}
}

func rangePair(f func(rt *types.RangeType, x, y types.Range) (types.Range, error)) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, err := rangeType(c)
		if err != nil {
			return null, err
		}
		x, y, err := twoRanges(a)
		if err != nil {
			return null, err
		}
		r, err := f(rt, x, y)
		if err != nil {
			return null, err
		}
		return rt.Value(r), nil
	}
}

func rangeHasElem(rng, elem int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		rt, err := rangeType(c)
		if err != nil {
			return null, err
		}
		r, err := types.ReadRange(a[rng])
		return types.BoolValue(containsElem(rt, r, a[elem])), err
	}
}

func containsElem(rt *types.RangeType, r types.Range, v types.Value) bool {
	at := types.Bound{Value: v, Inclusive: true}
	return !r.Empty && rt.CompareBounds(r.Lower, at) <= 0 && rt.CompareBounds(at, r.Upper) <= 0
}

func rangeContains(rt *types.RangeType, x, y types.Range) bool {
	if y.Empty || x.Empty {
		return y.Empty
	}
	return rt.CompareBounds(x.Lower, y.Lower) <= 0 && rt.CompareBounds(x.Upper, y.Upper) >= 0
}

func rangeUnion(rt *types.RangeType, x, y types.Range) (types.Range, error) {
	if !x.Empty && !y.Empty && !rt.Overlap(x, y) && !rt.Adjacent(x, y) {
		return x, pgerr.New(pgerr.DataException, "result of range union would not be contiguous")
	}
	return rt.Span(x, y), nil
}

func rangeIntersect(rt *types.RangeType, x, y types.Range) (types.Range, error) {
	if !rt.Overlap(x, y) {
		return types.EmptyRange, nil
	}
	if rt.CompareBounds(x.Lower, y.Lower) >= 0 {
		y.Lower = x.Lower
	}
	if rt.CompareBounds(x.Upper, y.Upper) <= 0 {
		y.Upper = x.Upper
	}
	return y, nil
}

// rangeMinus gives what of x is not in y.
func rangeMinus(rt *types.RangeType, x, y types.Range) (types.Range, error) {
	if !rt.Overlap(x, y) {
		return x, nil
	}
	left, right := rt.CompareBounds(x.Lower, y.Lower) < 0, rt.CompareBounds(x.Upper, y.Upper) > 0
	switch {
	case left && right:
		return x, pgerr.New(pgerr.DataException, "result of range difference would not be contiguous")
	case left:
		return rt.Make(x.Lower, opposite(y.Lower))
	case right:
		return rt.Make(opposite(y.Upper), x.Upper)
	}
	return types.EmptyRange, nil
}

// opposite turns the end of a range into the beginning of what follows, or the other way round.
func opposite(b types.Bound) types.Bound {
	b.Inclusive, b.Lower = !b.Inclusive, !b.Lower
	return b
}

// makeRange is int4range(a, b [, '[)']) and its like.
func makeRange(rt *types.RangeType) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		lower := types.Bound{Value: a[0], Infinite: a[0].IsNull(), Inclusive: true}
		upper := types.Bound{Value: a[1], Infinite: a[1].IsNull()}
		if len(a) > 2 {
			if a[2].IsNull() {
				return null, pgerr.New(pgerr.DataException, "range constructor flags argument must not be null")
			}
			f := string(a[2].B)
			if len(f) != 2 || f[0] != '[' && f[0] != '(' || f[1] != ']' && f[1] != ')' {
				return null, pgerr.New(pgerr.SyntaxError, "invalid range bound flags").
					WithHint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\".")
			}
			lower.Inclusive, upper.Inclusive = f[0] == '[', f[1] == ']'
		}
		r, err := rt.Make(lower, upper)
		if err != nil {
			return null, err
		}
		return rt.Value(r), nil
	}
}

// rangeSubdiff measures from one bound to another, in seconds for times.
func rangeSubdiff(oid uint32) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		switch oid {
		case types.NumRangeOID:
			v, err := readDecimal(a[0]).sub(readDecimal(a[1])).value()
			if err != nil {
				return null, err
			}
			return types.ByOID(types.Float8OID).Input(nil, string(v.B), -1)
		case types.TsRangeOID, types.TstzRangeOID:
			return types.FloatValue((float64(a[0].I) - float64(a[1].I)) / 1e6), nil
		}
		return types.FloatValue(float64(a[0].I) - float64(a[1].I)), nil
	}
}

// rangeAgg collects ranges into a multirange.
type rangeAgg struct {
	c  *Call
	rs []types.Range
	n  int
}

func (s *rangeAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	r, err := types.ReadRange(a[0].Clone())
	s.rs, s.n = append(s.rs, r), s.n+1
	return err
}

func (s *rangeAgg) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	rt, err := rangeType(s.c)
	if err != nil {
		return null, err
	}
	return rt.MultiValue(rt.Normalize(s.rs)), nil
}

type rangeIntersectAgg struct {
	c   *Call
	any bool
	r   types.Range
}

func (s *rangeIntersectAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	rt, err := rangeType(s.c)
	if err != nil {
		return err
	}
	r, err := types.ReadRange(a[0].Clone())
	if err != nil {
		return err
	}
	if s.any {
		r, err = rangeIntersect(rt, s.r, r)
	}
	s.any, s.r = true, r
	return err
}

func (s *rangeIntersectAgg) Value() (types.Value, error) {
	if !s.any {
		return null, nil
	}
	rt, err := rangeType(s.c)
	if err != nil {
		return null, err
	}
	return rt.Value(s.r), nil
}
