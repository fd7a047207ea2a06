package functions

import (
	"math"
	"math/big"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// numericAggregateRows are sums, averages and statistics.
func numericAggregateRows() []Row {
	rs := []Row{
		{Sig: "avg(double precision)", Aggregate: floats(func(f *floatState) (types.Value, error) { return f.result(f.sum / f.n) })},
		{Sig: "avg(real)", Aggregate: floats(func(f *floatState) (types.Value, error) { return f.result(f.sum / f.n) })},
	}
	for name, s := range spreads {
		for _, t := range []string{"smallint", "integer", "bigint", "numeric"} {
			rs = append(rs, Row{Sig: name + "(" + t + ")", Aggregate: decimals(func(d *decimalState) (types.Value, error) { return d.spread(s) })})
		}
		for _, t := range []string{"real", "double precision"} {
			rs = append(rs, Row{Sig: name + "(" + t + ")", Aggregate: floats(func(f *floatState) (types.Value, error) { return f.spread(s) })})
		}
	}
	return rs
}

// spread says which measure of spread: over a sample or the population, the variance or its root.
type spread struct{ sample, root bool }

var spreads = map[string]spread{
	"variance": {sample: true}, "var_samp": {sample: true}, "var_pop": {}, "stddev": {sample: true, root: true},
	"stddev_samp": {sample: true, root: true}, "stddev_pop": {root: true},
}

// decimalState sums exactly: integers and numerics, their squares where a spread is asked for. The scale of the sum is the largest seen.
type decimalState struct {
	result    func(*decimalState) (types.Value, error)
	n         int64
	sum       decimal
	squares   decimal
	nan       int64
	inf, ninf int64
}

func decimals(result func(*decimalState) (types.Value, error)) func(*Call) Aggregate {
	return func(*Call) Aggregate {
		return &decimalState{result: result, sum: decimal{c: new(big.Int)}, squares: decimal{c: new(big.Int)}}
	}
}

func (s *decimalState) Step(a []types.Value) error {
	v := a[0]
	if v.IsNull() {
		return nil
	}
	s.n++
	d := decimal{}
	if v.Kind == types.Int {
		d = intDecimal(v.I)
	} else {
		d = readDecimal(v)
	}
	switch d.special {
	case 'N':
		s.nan++
		return nil
	case '+':
		s.inf++
		return nil
	case '-':
		s.ninf++
		return nil
	}
	s.sum = s.sum.add(d)
	s.squares = s.squares.add(d.mul(d))
	return nil
}

func (s *decimalState) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	return s.result(s)
}

// special gives the result where NaN or infinity took part.
func (s *decimalState) special() (decimal, bool) {
	switch {
	case s.nan > 0 || s.inf > 0 && s.ninf > 0:
		return decimal{special: 'N'}, true
	case s.inf > 0:
		return decimal{special: '+'}, true
	case s.ninf > 0:
		return decimal{special: '-'}, true
	}
	return decimal{}, false
}

// spread is numeric_stddev_internal's formula: (N·Σx² − (Σx)²) / (N·(N−1)) or / N².
func (s *decimalState) spread(k spread) (types.Value, error) {
	if k.sample && s.n <= 1 {
		return null, nil
	}
	if _, ok := s.special(); ok {
		return decimal{special: 'N'}.value()
	}
	n := intDecimal(s.n)
	num := n.mul(s.squares).sub(s.sum.mul(s.sum))
	if num.sign() <= 0 {
		return decimal{c: new(big.Int)}.value()
	}
	den := n.mul(n)
	if k.sample {
		den = n.mul(intDecimal(s.n - 1))
	}
	scale := divScale(num, den)
	r := num.quo(den, scale)
	if k.root {
		r = sqrtScale(r, scale)
	}
	return r.value()
}

// floatState sums floats, with PostgreSQL's update of the sum of squared differences (Youngs and Cramer).
type floatState struct {
	finish  func(*floatState) (types.Value, error)
	n, sum  float64
	squares float64
	sum32   float32
	infIn   bool
}

func floats(finish func(*floatState) (types.Value, error)) func(*Call) Aggregate {
	return func(*Call) Aggregate { return &floatState{finish: finish} }
}

var errOverflow = pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: overflow")

func (f *floatState) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	x := a[0].Float8()
	f.infIn = f.infIn || math.IsInf(x, 0)
	f.n++
	f.sum += x
	if f.n == 1 {
		f.sum32 = float32(x)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			f.squares = math.NaN()
		}
	} else {
		f.sum32 += float32(x)
		t := x*f.n - f.sum
		f.squares += t * t / (f.n * (f.n - 1))
	}
	if math.IsInf(f.sum, 0) && !f.infIn {
		return errOverflow
	}
	return nil
}

func (f *floatState) Value() (types.Value, error) {
	if f.n == 0 {
		return null, nil
	}
	return f.finish(f)
}

func (f *floatState) result(x float64) (types.Value, error) { return types.Float8Value(x), nil }

func (f *floatState) spread(k spread) (types.Value, error) {
	if k.sample && f.n <= 1 {
		return null, nil
	}
	div := f.n
	if k.sample {
		div--
	}
	v := f.squares / div
	if k.root {
		v = math.Sqrt(v)
	}
	return f.result(v)
}
