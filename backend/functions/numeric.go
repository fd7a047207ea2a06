package functions

import (
	"math"
	"math/big"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func dec1(f func(d decimal) (decimal, error)) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		r, err := f(readDecimal(a[0]))
		if err != nil {
			return null, err
		}
		return r.value()
	}
}

func dec2(f func(d, e decimal) (decimal, error)) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		r, err := f(readDecimal(a[0]), readDecimal(a[1]))
		if err != nil {
			return null, err
		}
		return r.value()
	}
}

func decRound(f func(d decimal, scale int) decimal, scale func(a []types.Value) int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		// PostgreSQL's limits of the scale asked for.
		s := min(max(scale(a), -(maxDisplayScale*2)), maxDisplayScale*2)
		return f(readDecimal(a[0]), s).value()
	}
}

func scaleZero([]types.Value) int       { return 0 }
func scaleArg(a []types.Value) int      { return int(a[1].I) }
func roundDec(d decimal, s int) decimal { return d.round(s) }
func truncDec(d decimal, s int) decimal { return d.trunc(s) }

func numericRows() []Row {
	rs := []Row{
		{Sig: "numeric_add(numeric,numeric)", Scalar: smallFirst(small.add, dec2(func(d, e decimal) (decimal, error) { return d.add(e), nil }))},
		{Sig: "numeric_sub(numeric,numeric)", Scalar: smallFirst(small.sub, dec2(func(d, e decimal) (decimal, error) { return d.sub(e), nil }))},
		{Sig: "numeric_mul(numeric,numeric)", Scalar: smallFirst(small.mul, dec2(func(d, e decimal) (decimal, error) { return d.mul(e), nil }))},
		{Sig: "numeric_div(numeric,numeric)", Scalar: dec2(decimal.div)},
		{Sig: "numeric_mod(numeric,numeric)", Scalar: dec2(decimal.mod)},
		{Sig: "mod(numeric,numeric)", Scalar: dec2(decimal.mod)},
		{Sig: "div(numeric,numeric)", Scalar: dec2(divTrunc)},
		{Sig: "numeric_div_trunc(numeric,numeric)", Scalar: dec2(divTrunc)},
		{Sig: "numeric_uminus(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return d.neg(), nil })},
		{Sig: "numeric_uplus(numeric)", SQL: "$1"},
		{Sig: "numeric_inc(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return d.add(intDecimal(1)), nil })},
		{Sig: "round(numeric,integer)", Scalar: decRound(roundDec, scaleArg)},
		{Sig: "round(numeric)", Scalar: decRound(roundDec, scaleZero)},
		{Sig: "trunc(numeric,integer)", Scalar: decRound(truncDec, scaleArg)},
		{Sig: "trunc(numeric)", Scalar: decRound(truncDec, scaleZero)},
		{Sig: "scale(numeric)", Scalar: numericScale(func(d decimal) int { return d.scale })},
		{Sig: "min_scale(numeric)", Scalar: numericScale(func(d decimal) int { return d.trim().scale })},
		{Sig: "trim_scale(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return d.trim(), nil })},
		{Sig: "sign(numeric)", Scalar: dec1(func(d decimal) (decimal, error) {
			if d.special == 'N' {
				return d, nil
			}
			return intDecimal(int64(d.sign())), nil
		})},
		{Sig: "sqrt(numeric)", Scalar: dec1(sqrtDec)}, {Sig: "numeric_sqrt(numeric)", Scalar: dec1(sqrtDec)},
		{Sig: "exp(numeric)", Scalar: dec1(expDec)}, {Sig: "numeric_exp(numeric)", Scalar: dec1(expDec)},
		{Sig: "ln(numeric)", Scalar: dec1(lnDec)}, {Sig: "numeric_ln(numeric)", Scalar: dec1(lnDec)},
		{Sig: "log(numeric,numeric)", Scalar: dec2(logDec)}, {Sig: "numeric_log(numeric,numeric)", Scalar: dec2(logDec)},
		{Sig: "log(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return logDec(intDecimal(10), d) })},
		{Sig: "log10(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return logDec(intDecimal(10), d) })},
		{Sig: "gcd(numeric,numeric)", Scalar: dec2(gcdDec)}, {Sig: "lcm(numeric,numeric)", Scalar: dec2(lcmDec)},
		{Sig: "factorial(bigint)", Scalar: factorial},
		{Sig: "width_bucket(numeric,numeric,numeric,integer)", Scalar: widthBucketDec},
		{Sig: "width_bucket(double precision,double precision,double precision,integer)", Scalar: widthBucketFloat},
	}
	for _, n := range []string{"abs", "numeric_abs"} {
		rs = append(rs, Row{Sig: n + "(numeric)", Scalar: dec1(func(d decimal) (decimal, error) {
			if d.sign() < 0 {
				return d.neg(), nil
			}
			return d, nil
		})})
	}
	for _, n := range []string{"ceil", "ceiling"} {
		rs = append(rs, Row{Sig: n + "(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return d.toward(1), nil })})
	}
	rs = append(rs, Row{Sig: "floor(numeric)", Scalar: dec1(func(d decimal) (decimal, error) { return d.toward(-1), nil })})
	for _, n := range []string{"power", "pow", "numeric_power"} {
		rs = append(rs, Row{Sig: n + "(numeric,numeric)", Scalar: dec2(powerDec)})
	}
	return rs
}

// toward gives the next integer up (1) or down (-1).
func (d decimal) toward(direction int) decimal {
	if d.special != 0 {
		return d
	}
	t := d.trunc(0)
	if d.c.Sign() == direction && !d.isInteger() {
		t.c.Add(t.c, big.NewInt(int64(direction)))
	}
	return t
}

// trim drops zeros at the end of the fraction.
func (d decimal) trim() decimal {
	if d.special != 0 || d.scale == 0 {
		return d
	}
	c := new(big.Int).Set(d.c)
	q, r := new(big.Int), new(big.Int)
	scale := d.scale
	for scale > 0 {
		if q.QuoRem(c, bigTen, r); r.Sign() != 0 {
			break
		}
		c, q = q, c
		scale--
	}
	return decimal{scale: scale, c: c}
}

func numericScale(f func(d decimal) int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		d := readDecimal(a[0])
		if d.special != 0 {
			return null, nil
		}
		return types.IntValue(int64(f(d))), nil
	}
}

func divTrunc(d, e decimal) (decimal, error) {
	if d.special != 0 || e.special != 0 {
		return d.div(e)
	}
	if e.c.Sign() == 0 {
		return d, ErrDivisionByZero
	}
	s := max(d.scale, e.scale)
	return decimal{c: new(big.Int).Quo(d.at(s), e.at(s))}, nil
}

func gcdDec(d, e decimal) (decimal, error) {
	if d.special != 0 || e.special != 0 {
		return decimal{special: 'N'}, nil
	}
	s := max(d.scale, e.scale)
	g := new(big.Int).GCD(nil, nil, new(big.Int).Abs(d.at(s)), new(big.Int).Abs(e.at(s)))
	return decimal{scale: s, c: g}, nil
}

func lcmDec(d, e decimal) (decimal, error) {
	if d.special != 0 || e.special != 0 {
		return decimal{special: 'N'}, nil
	}
	s := max(d.scale, e.scale)
	if d.c.Sign() == 0 || e.c.Sign() == 0 {
		return decimal{scale: s, c: new(big.Int)}, nil
	}
	a, b := new(big.Int).Abs(d.at(s)), new(big.Int).Abs(e.at(s))
	g := new(big.Int).GCD(nil, nil, a, b)
	return decimal{scale: s, c: g.Mul(g.Quo(a, g), b)}, nil
}

func factorial(c *Call, a []types.Value) (types.Value, error) {
	n := a[0].I
	if n < 0 {
		return null, pgerr.New(pgerr.NumericValueOutOfRange, "factorial of a negative number is undefined")
	}
	if n > 32177 {
		return null, errNumericOverflow
	}
	return decimal{c: new(big.Int).MulRange(1, max(n, 1))}.value()
}

func widthBucketDec(_ *Call, a []types.Value) (types.Value, error) {
	x, low, high, n := readDecimal(a[0]), readDecimal(a[1]), readDecimal(a[2]), a[3].I
	if err := bucketFault(n, x.special == 'N' || low.special == 'N' || high.special == 'N', low.special != 0 || high.special != 0,
		low.cmp(high) == 0); err != nil {
		return null, err
	}
	if low.cmp(high) > 0 {
		x, low, high = x.neg(), low.neg(), high.neg()
	}
	switch {
	case x.cmp(low) < 0:
		return types.IntValue(0), nil
	case x.cmp(high) >= 0:
		return bucketAfter(n)
	}
	s := max(x.scale, low.scale, high.scale)
	num := new(big.Int).Sub(x.at(s), low.at(s))
	num.Mul(num, big.NewInt(n)).Quo(num, new(big.Int).Sub(high.at(s), low.at(s)))
	return types.IntValue(num.Int64() + 1), nil
}

func bucketFault(n int64, nan, infinite, equal bool) error {
	msg := ""
	switch {
	case n <= 0:
		msg = "count must be greater than zero"
	case nan:
		msg = "operand, lower bound, and upper bound cannot be NaN"
	case infinite:
		msg = "lower and upper bounds must be finite"
	case equal:
		msg = "lower bound cannot equal upper bound"
	default:
		return nil
	}
	return pgerr.New(pgerr.InvalidArgumentForWidthBucketFunction, "%s", msg)
}

func bucketAfter(n int64) (types.Value, error) {
	if n == math.MaxInt32 {
		return null, errInt4Range
	}
	return types.IntValue(n + 1), nil
}

func widthBucketFloat(_ *Call, a []types.Value) (types.Value, error) {
	x, low, high, n := a[0].Float8(), a[1].Float8(), a[2].Float8(), a[3].I
	if err := bucketFault(n, x != x || low != low || high != high, isInf(low) || isInf(high), low == high); err != nil {
		return null, err
	}
	if low > high {
		x, low, high = -x, -low, -high
	}
	switch {
	case x < low:
		return types.IntValue(0), nil
	case x >= high:
		return bucketAfter(n)
	}
	r := int64(float64(n) * ((x - low) / (high - low)))
	return types.IntValue(min(r, n-1) + 1), nil
}
