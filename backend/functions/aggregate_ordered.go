package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Ordered-set aggregates: the direct argument comes first, then the value; rows come in the order of WITHIN GROUP.

func orderedRows() []Row {
	rs := []Row{
		{Sig: "mode(anyelement)", Aggregate: func(c *Call) Aggregate { return &modeState{c: c} }},
		{Sig: "percentile_disc(double precision,anyelement)", Aggregate: func(c *Call) Aggregate { return &percentile{c: c, pick: discrete} }},
		{Sig: "percentile_disc(double precision[],anyelement)", Aggregate: func(c *Call) Aggregate { return &percentile{c: c, pick: discrete, many: true} }},
		{Sig: "percentile_cont(double precision,double precision)", Aggregate: func(c *Call) Aggregate { return &percentile{c: c, pick: continuous(lerpFloat)} }},
		{Sig: "percentile_cont(double precision[],double precision)", Aggregate: func(c *Call) Aggregate {
			return &percentile{c: c, pick: continuous(lerpFloat), many: true}
		}},
		{Sig: "percentile_cont(double precision,interval)", Aggregate: func(c *Call) Aggregate { return &percentile{c: c, pick: continuous(lerpInterval)} }},
		{Sig: "percentile_cont(double precision[],interval)", Aggregate: func(c *Call) Aggregate {
			return &percentile{c: c, pick: continuous(lerpInterval), many: true}
		}},
	}
	return rs
}

// modeState counts runs of equal values; of equally long ones the first stays.
type modeState struct {
	c             *Call
	cmp           func(a, b types.Value) int
	best, current types.Value
	most, run     int
}

func (s *modeState) Step(a []types.Value) error {
	v := a[0]
	if v.IsNull() {
		return nil
	}
	if s.cmp == nil {
		var err error
		if s.cmp, err = elemCompare(s.c, s.c.Result); err != nil {
			return err
		}
	}
	if s.run > 0 && s.cmp(s.current, v) == 0 {
		s.run++
	} else {
		s.current, s.run = v.Clone(), 1
	}
	if s.run > s.most {
		s.best, s.most = s.current, s.run
	}
	return nil
}

func (s *modeState) Value() (types.Value, error) { return s.best, nil }

// percentile keeps all values; pick finds the one of a fraction.
type percentile struct {
	c        *Call
	pick     func(vs []types.Value, p float64) (types.Value, error)
	many     bool
	seen     bool
	fraction types.Value
	vs       []types.Value
}

func (s *percentile) Step(a []types.Value) error {
	if !s.seen {
		s.seen, s.fraction = true, a[0].Clone()
	}
	if !a[1].IsNull() {
		s.vs = append(s.vs, a[1].Clone())
	}
	return nil
}

func (s *percentile) one(p float64) (types.Value, error) {
	if !(p >= 0 && p <= 1) {
		return null, pgerr.New(pgerr.NumericValueOutOfRange, "percentile value %s is not between 0 and 1", types.AppendFloat(nil, p, 64, -9))
	}
	if len(s.vs) == 0 {
		return null, nil
	}
	return s.pick(s.vs, p)
}

func (s *percentile) Value() (types.Value, error) {
	if s.fraction.IsNull() || len(s.vs) == 0 {
		return null, nil
	}
	if !s.many {
		return s.one(s.fraction.Float8())
	}
	arr, err := types.ReadArray(s.fraction)
	if err != nil {
		return null, err
	}
	for i, e := range arr.Elems {
		if e.IsNull() {
			continue
		}
		if arr.Elems[i], err = s.one(e.Float8()); err != nil {
			return null, err
		}
	}
	arr.Elem = resultElem(s.c, types.Float8OID)
	return types.MakeArray(arr), nil
}

func discrete(vs []types.Value, p float64) (types.Value, error) {
	n := int(math.Ceil(p * float64(len(vs))))
	return vs[max(n, 1)-1], nil
}

// continuous interpolates between the two values around a fraction.
func continuous(lerp func(low, high types.Value, part float64) (types.Value, error)) func([]types.Value, float64) (types.Value, error) {
	return func(vs []types.Value, p float64) (types.Value, error) {
		at := p * float64(len(vs)-1)
		low, high := int(math.Floor(at)), int(math.Ceil(at))
		if low == high {
			return vs[low], nil
		}
		return lerp(vs[low], vs[high], at-float64(low))
	}
}

func lerpFloat(low, high types.Value, part float64) (types.Value, error) {
	l := low.Float8()
	return types.Float8Value(l + part*(high.Float8()-l)), nil
}

func lerpInterval(low, high types.Value, part float64) (types.Value, error) {
	l := types.ReadInterval(low.B)
	diff, err := addIntervals(types.ReadInterval(high.B), negateInterval(l))
	if err != nil {
		return null, err
	}
	if diff, err = mulInterval(diff, part); err != nil {
		return null, err
	}
	r, err := addIntervals(l, diff)
	return r.Value(), err
}
