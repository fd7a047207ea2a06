package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

var (
	errFloatOverflow  = pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: overflow")
	errFloatUnderflow = pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: underflow")
)

// floatOp computes r from a and b and tells by PostgreSQL's rules whether it overflowed or vanished.
type floatOp func(a, b float64, round func(float64) float64) (float64, error)

func isInf(x float64) bool { return math.IsInf(x, 0) }

func floatAdd(a, b float64, round func(float64) float64) (float64, error) {
	r := round(a + b)
	if isInf(r) && !isInf(a) && !isInf(b) {
		return 0, errFloatOverflow
	}
	return r, nil
}

func floatSub(a, b float64, round func(float64) float64) (float64, error) {
	return floatAdd(a, -b, round)
}

func floatMul(a, b float64, round func(float64) float64) (float64, error) {
	r := round(a * b)
	if isInf(r) && !isInf(a) && !isInf(b) {
		return 0, errFloatOverflow
	}
	if r == 0 && a != 0 && b != 0 {
		return 0, errFloatUnderflow
	}
	return r, nil
}

func floatDiv(a, b float64, round func(float64) float64) (float64, error) {
	if b == 0 && a == a {
		return 0, ErrDivisionByZero
	}
	r := round(a / b)
	if isInf(r) && !isInf(a) && !isInf(b) {
		return 0, errFloatOverflow
	}
	if r == 0 && a != 0 && !isInf(b) {
		return 0, errFloatUnderflow
	}
	return r, nil
}

func round64(x float64) float64 { return x }
func round32(x float64) float64 { return float64(float32(x)) }

func floatRows() []Row {
	var rs []Row
	add := func(sig string, f Scalar) { rs = append(rs, Row{Sig: sig, Scalar: f}) }
	for _, p := range []struct {
		name, args string
		round      func(float64) float64
	}{
		{"float4", "(real,real)", round32}, {"float48", "(real,double precision)", round64},
		{"float84", "(double precision,real)", round64}, {"float8", "(double precision,double precision)", round64},
	} {
		for _, o := range []struct {
			name string
			f    floatOp
		}{{"pl", floatAdd}, {"mi", floatSub}, {"mul", floatMul}, {"div", floatDiv}} {
			add(p.name+o.name+p.args, func(_ *Call, a []types.Value) (types.Value, error) {
				r, err := o.f(a[0].Float8(), a[1].Float8(), p.round)
				return types.Float8Value(r), err
			})
		}
	}
	for _, t := range []struct{ name, arg string }{{"float4", "(real)"}, {"float8", "(double precision)"}} {
		add(t.name+"um"+t.arg, float1(func(x float64) float64 { return -x }))
		rs = append(rs, Row{Sig: t.name + "up" + t.arg, SQL: "$1"})
		add(t.name+"abs"+t.arg, float1(math.Abs))
		add("abs"+t.arg, float1(math.Abs))
	}
	for _, f := range []struct {
		names []string
		f     func(float64) float64
	}{
		{[]string{"ceil", "ceiling"}, math.Ceil}, {[]string{"floor"}, math.Floor}, {[]string{"round", "dround"}, math.RoundToEven},
		{[]string{"trunc", "dtrunc"}, math.Trunc}, {[]string{"sign"}, signFloat}, {[]string{"cbrt", "dcbrt"}, exactCbrt},
		{[]string{"atan"}, exactAtan}, {[]string{"sinh"}, exactSinh}, {[]string{"tanh"}, exactTanh}, {[]string{"asinh"}, math.Asinh},
		{[]string{"cosh"}, exactCosh},
	} {
		for _, n := range f.names {
			add(n+"(double precision)", float1(f.f))
		}
	}
	for _, f := range []struct {
		names []string
		f     func(float64) (float64, error)
	}{
		{[]string{"sqrt", "dsqrt"}, sqrtFloat}, {[]string{"exp", "dexp"}, expFloat}, {[]string{"ln", "dlog1"}, lnFloat},
		{[]string{"log", "log10", "dlog10"}, log10Float},
		{[]string{"sin"}, finite(exactSin)}, {[]string{"cos"}, finite(exactCos)}, {[]string{"tan"}, finite(exactTan)},
		{[]string{"cot"}, finite(func(x float64) float64 { return 1 / exactTan(x) })},
		{[]string{"asin"}, within(-1, 1, exactAsin)}, {[]string{"acos"}, within(-1, 1, exactAcos)},
		{[]string{"acosh"}, within(1, math.Inf(1), math.Acosh)}, {[]string{"atanh"}, within(-1, 1, math.Atanh)},
		{[]string{"sind"}, finite(sinDegrees)}, {[]string{"cosd"}, finite(cosDegrees)}, {[]string{"tand"}, finite(tanDegrees)},
		{[]string{"cotd"}, finite(cotDegrees)},
		{[]string{"asind"}, within(-1, 1, asinDegrees)}, {[]string{"acosd"}, within(-1, 1, acosDegrees)}, {[]string{"atand"}, func(x float64) (float64, error) { return atanDegrees(x), nil }},
		{[]string{"degrees"}, func(x float64) (float64, error) { return floatDiv(x, radiansPerDegree, round64) }},
		{[]string{"radians"}, func(x float64) (float64, error) { return floatMul(x, radiansPerDegree, round64) }},
	} {
		for _, n := range f.names {
			add(n+"(double precision)", func(_ *Call, a []types.Value) (types.Value, error) {
				r, err := f.f(a[0].Float8())
				return types.Float8Value(r), err
			})
		}
	}
	for _, n := range []string{"power", "pow", "dpow"} {
		add(n+"(double precision,double precision)", func(_ *Call, a []types.Value) (types.Value, error) {
			r, err := powFloat(a[0].Float8(), a[1].Float8())
			return types.Float8Value(r), err
		})
	}
	add("atan2(double precision,double precision)", func(_ *Call, a []types.Value) (types.Value, error) {
		return types.Float8Value(math.Atan2(a[0].Float8(), a[1].Float8())), nil
	})
	add("pi()", func(*Call, []types.Value) (types.Value, error) { return types.FloatValue(math.Pi), nil })
	return rs
}

func float1(f func(float64) float64) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return types.Float8Value(f(a[0].Float8())), nil }
}

func signFloat(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

var errInputRange = pgerr.New(pgerr.NumericValueOutOfRange, "input is out of range")

// finite refuses an infinite argument.
func finite(f func(float64) float64) func(float64) (float64, error) {
	return func(x float64) (float64, error) {
		if isInf(x) {
			return 0, errInputRange
		}
		return f(x), nil
	}
}

func within(low, high float64, f func(float64) float64) func(float64) (float64, error) {
	return func(x float64) (float64, error) {
		if x < low || x > high {
			return 0, errInputRange
		}
		return f(x), nil
	}
}

func sqrtFloat(x float64) (float64, error) {
	if x < 0 {
		return 0, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	return math.Sqrt(x), nil
}

func expFloat(x float64) (float64, error) {
	r := exactExp(x)
	if isInf(r) && !isInf(x) {
		return 0, errFloatOverflow
	}
	if r == 0 && !isInf(x) {
		return 0, errFloatUnderflow
	}
	return r, nil
}

var (
	errLogZero     = pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
	errLogNegative = pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
	errPowZero     = pgerr.New(pgerr.InvalidArgumentForPowerFunction, "zero raised to a negative power is undefined")
	errPowComplex  = pgerr.New(pgerr.InvalidArgumentForPowerFunction, "a negative number raised to a non-integer power yields a complex result")
)

func lnFloat(x float64) (float64, error) {
	if x == 0 {
		return 0, errLogZero
	}
	if x < 0 {
		return 0, errLogNegative
	}
	return exactLog(x), nil
}

func log10Float(x float64) (float64, error) {
	if _, err := lnFloat(x); err != nil {
		return 0, err
	}
	return exactLog10(x), nil
}

func powFloat(x, y float64) (float64, error) {
	switch {
	case x != x:
		if y == 0 {
			return 1, nil
		}
		return x, nil
	case y != y:
		if x == 1 {
			return 1, nil
		}
		return y, nil
	case x == 0 && y < 0:
		return 0, errPowZero
	case x < 0 && math.Floor(y) != y && !isInf(y):
		return 0, errPowComplex
	}
	r := exactPow(x, y)
	if isInf(r) && !isInf(x) && !isInf(y) {
		return 0, errFloatOverflow
	}
	if r == 0 && x != 0 && !isInf(x) && !isInf(y) {
		return 0, errFloatUnderflow
	}
	return r, nil
}
