package functions

import (
	"math"

	"pgd/backend/types"
)

// pairState sums pairs (y, x) for correlation and regression, updated as PostgreSQL does (Youngs and Cramer).
type pairState struct {
	n, sx, sxx, sy, syy, sxy float64
	result                   func(*pairState) (float64, bool)
}

func (s *pairState) Step(a []types.Value) error {
	if a[0].IsNull() || a[1].IsNull() {
		return nil
	}
	y, x := a[0].Float8(), a[1].Float8()
	old := *s
	s.n++
	s.sx += x
	s.sy += y
	if old.n == 0 {
		if x-x != 0 {
			s.sxx, s.sxy = math.NaN(), math.NaN()
		}
		if y-y != 0 {
			s.syy, s.sxy = math.NaN(), math.NaN()
		}
		return nil
	}
	dx, dy := x*s.n-s.sx, y*s.n-s.sy
	scale := 1 / (s.n * old.n)
	s.sxx += dx * dx * scale
	s.syy += dy * dy * scale
	s.sxy += dx * dy * scale
	if !isInf(s.sx) && !isInf(s.sxx) && !isInf(s.sy) && !isInf(s.syy) && !isInf(s.sxy) {
		return nil
	}
	if (isInf(s.sx) || isInf(s.sxx)) && !isInf(old.sx) && !isInf(x) || (isInf(s.sy) || isInf(s.syy)) && !isInf(old.sy) && !isInf(y) ||
		isInf(s.sxy) && !isInf(old.sx) && !isInf(x) && !isInf(old.sy) && !isInf(y) {
		return errFloatOverflow
	}
	for _, f := range []*float64{&s.sxx, &s.syy, &s.sxy} {
		if isInf(*f) {
			*f = math.NaN()
		}
	}
	return nil
}

func (s *pairState) Value() (types.Value, error) {
	f, ok := s.result(s)
	if !ok {
		return null, nil
	}
	return types.Float8Value(f), nil
}

// regressions are the aggregates over pairs; ok is false for NULL.
var regressions = map[string]func(s *pairState) (float64, bool){
	"regr_sxx":   func(s *pairState) (float64, bool) { return s.sxx, s.n >= 1 },
	"regr_syy":   func(s *pairState) (float64, bool) { return s.syy, s.n >= 1 },
	"regr_sxy":   func(s *pairState) (float64, bool) { return s.sxy, s.n >= 1 },
	"regr_avgx":  func(s *pairState) (float64, bool) { return s.sx / s.n, s.n >= 1 },
	"regr_avgy":  func(s *pairState) (float64, bool) { return s.sy / s.n, s.n >= 1 },
	"covar_pop":  func(s *pairState) (float64, bool) { return s.sxy / s.n, s.n >= 1 },
	"covar_samp": func(s *pairState) (float64, bool) { return s.sxy / (s.n - 1), s.n >= 2 },
	"corr": func(s *pairState) (float64, bool) {
		return s.sxy / math.Sqrt(s.sxx*s.syy), s.n >= 1 && s.sxx != 0 && s.syy != 0
	},
	"regr_r2": func(s *pairState) (float64, bool) {
		if s.syy == 0 {
			return 1, s.n >= 1 && s.sxx != 0
		}
		return s.sxy * s.sxy / (s.sxx * s.syy), s.n >= 1 && s.sxx != 0
	},
	"regr_slope":     func(s *pairState) (float64, bool) { return s.sxy / s.sxx, s.n >= 1 && s.sxx != 0 },
	"regr_intercept": func(s *pairState) (float64, bool) { return (s.sy - s.sx*s.sxy/s.sxx) / s.n, s.n >= 1 && s.sxx != 0 },
}

// pairCount is regr_count.
type pairCount struct{ n int64 }

func (s *pairCount) Step(a []types.Value) error {
	if !a[0].IsNull() && !a[1].IsNull() {
		s.n++
	}
	return nil
}

func (s *pairCount) Inverse(a []types.Value) error {
	if !a[0].IsNull() && !a[1].IsNull() {
		s.n--
	}
	return nil
}

func (s *pairCount) Value() (types.Value, error) { return types.IntValue(s.n), nil }

func regressionRows() []Row {
	const args = "(double precision,double precision)"
	rs := []Row{{Sig: "regr_count" + args, Aggregate: func(*Call) Aggregate { return &pairCount{} }}}
	for name, f := range regressions {
		rs = append(rs, Row{Sig: name + args, Aggregate: func(*Call) Aggregate { return &pairState{result: f} }})
	}
	return rs
}
