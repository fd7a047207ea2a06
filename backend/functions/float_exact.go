package functions

import (
	"math"
	"math/big"
)

// C's mathematical functions are correctly rounded in nearly all cases; Go's are not. So they are calculated here with pairs of floats
// (hi + lo, about 32 digits) and rounded once.

// pair is the unevaluated sum of two floats.
type pair struct{ hi, lo float64 }

func twoSum(a, b float64) pair {
	s := a + b
	bb := s - a
	return pair{s, (a - (s - bb)) + (b - bb)}
}

func quickSum(a, b float64) pair {
	s := a + b
	return pair{s, b - (s - a)}
}

func (p pair) add(q pair) pair {
	s := twoSum(p.hi, q.hi)
	t := twoSum(p.lo, q.lo)
	s.lo += t.hi
	s = quickSum(s.hi, s.lo)
	s.lo += t.lo
	return quickSum(s.hi, s.lo)
}

func (p pair) neg() pair       { return pair{-p.hi, -p.lo} }
func (p pair) sub(q pair) pair { return p.add(q.neg()) }

func (p pair) mul(q pair) pair {
	h := p.hi * q.hi
	l := math.FMA(p.hi, q.hi, -h)
	l += p.hi*q.lo + p.lo*q.hi
	return quickSum(h, l)
}

func (p pair) div(q pair) pair {
	a := p.hi / q.hi
	r := p.sub(q.mul(pair{a, 0}))
	b := r.hi / q.hi
	r = r.sub(q.mul(pair{b, 0}))
	c := r.hi / q.hi
	s := quickSum(a, b)
	return s.add(pair{c, 0})
}

func (p pair) scale(n int) pair { return pair{math.Ldexp(p.hi, n), math.Ldexp(p.lo, n)} }

func (p pair) float() float64 { return p.hi + p.lo }

func one(x float64) pair { return pair{x, 0} }

var (
	pairLn2    = pair{0.6931471805599453, 2.3190468138462996e-17}
	pairLn10   = pair{2.302585092994046, -2.1707562233822494e-16}
	pairHalfPi = pair{1.5707963267948966, 6.123233995736766e-17}
)

// expPair is e^x for |x| up to about 800.
func expPair(x pair) pair {
	k := math.Round(x.hi / math.Ln2)
	r := x.sub(pairLn2.mul(one(k)))
	// A power of two less makes the series short.
	const halvings = 6
	r = r.scale(-halvings)
	sum, term := one(1), one(1)
	for i := 1.0; i < 20; i++ {
		term = term.mul(r).div(one(i))
		sum = sum.add(term)
		if math.Abs(term.hi) < 1e-35 {
			break
		}
	}
	for i := 0; i < halvings; i++ {
		sum = sum.mul(sum)
	}
	return pair{math.Ldexp(sum.hi, int(k)), math.Ldexp(sum.lo, int(k))}
}

// logPair is ln x of a positive float, by one step of Newton's method from the float result.
func logPair(x float64) pair {
	frac, exp := math.Frexp(x)
	if frac < math.Sqrt2/2 {
		frac *= 2
		exp--
	}
	y := one(math.Log(frac))
	for i := 0; i < 2; i++ {
		e := expPair(y.neg())
		y = y.add(one(frac).mul(e).sub(one(1)))
	}
	return y.add(pairLn2.mul(one(float64(exp))))
}

// sinCosPair reduces the angle to below pi/4 and sums the series.
func sinCosPair(x float64) (sin, cos pair) {
	var r pair
	quadrant := 0
	if math.Abs(x) < 1e5 {
		k := math.Round(x / (math.Pi / 2))
		// Three parts of pi/2 keep the digits that the subtraction takes away.
		r = one(x).sub(pair{1.5707963267341256, 0}.mul(one(k))).sub(pair{6.077100506303966e-11, 0}.mul(one(k))).
			sub(pair{2.0222662487111665e-21, 0}.mul(one(k)))
		r = r.sub(one(quarterRest * k))
		quadrant = int(math.Mod(k, 4))
	} else {
		r, quadrant = reduceBig(x)
	}
	sum := func(first pair, n float64) pair {
		s, t := first, first
		sq := r.mul(r)
		for ; n < 40; n += 2 {
			t = t.mul(sq).div(one(n * (n + 1))).neg()
			s = s.add(t)
			if math.Abs(t.hi) < 1e-36 {
				break
			}
		}
		return s
	}
	s, c := sum(r, 2), sum(one(1), 1)
	switch (quadrant%4 + 4) % 4 {
	case 1:
		return c, s.neg()
	case 2:
		return s.neg(), c.neg()
	case 3:
		return c.neg(), s
	}
	return s, c
}

// quarterRest is pi/2 less the three parts used above; too small for a pair beside them.
const quarterRest = 8.4784276603689e-32

const piDigits = "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664709384460955058223172535940812848111745028410270193852110555964462294895493038196442881097566593344612847564823378678316527120190914564856692346034861045432664821339360726024914127372458700660631558817488152092096282925409171536436789259036001133053054882046652138414695194151160943305727036575959195309218611738193261179310511854807446237996274956735188575272489122793818301194912"

// reduceBig reduces a great angle with as many digits as it needs.
func reduceBig(x float64) (pair, int) {
	const prec = 1300
	pi, _, _ := big.ParseFloat(piDigits, 10, prec, big.ToNearestEven)
	half := new(big.Float).SetPrec(prec).Quo(pi, big.NewFloat(2))
	bx := new(big.Float).SetPrec(prec).SetFloat64(x)
	q := new(big.Float).SetPrec(prec).Quo(bx, half)
	k, _ := q.Add(q, big.NewFloat(0.5)).Int(nil)
	if x < 0 && q.Sign() < 0 && !q.IsInt() {
		k.Sub(k, big.NewInt(1))
	}
	r := bx.Sub(bx, new(big.Float).SetPrec(prec).Mul(half, new(big.Float).SetPrec(prec).SetInt(k)))
	hi, _ := r.Float64()
	lo, _ := r.Sub(r, big.NewFloat(hi)).Float64()
	return pair{hi, lo}, int(new(big.Int).Mod(k, big.NewInt(4)).Int64())
}

func finiteNonzero(x float64) bool { return x != 0 && x-x == 0 }

func exactExp(x float64) float64 {
	if !finiteNonzero(x) || x > 709 || x < -740 {
		return math.Exp(x)
	}
	return expPair(one(x)).float()
}

func exactLog(x float64) float64 {
	if !(x > 0) || x-x != 0 || x == 1 {
		return math.Log(x)
	}
	return logPair(x).float()
}

func exactLog10(x float64) float64 {
	if !(x > 0) || x-x != 0 || x == 1 {
		return math.Log10(x)
	}
	return logPair(x).div(pairLn10).float()
}

func exactPow(x, y float64) float64 {
	r := math.Pow(x, y)
	if !finiteNonzero(r) || !finiteNonzero(y) || x == 1 || x == -1 {
		return r
	}
	e := logPair(math.Abs(x)).mul(one(y))
	if math.Abs(e.hi) > 709 {
		return r
	}
	p := expPair(e).float()
	if r < 0 {
		p = -p
	}
	return p
}

func exactSin(x float64) float64 {
	if !finiteNonzero(x) {
		return math.Sin(x)
	}
	s, _ := sinCosPair(x)
	return s.float()
}

func exactCos(x float64) float64 {
	if !finiteNonzero(x) {
		return math.Cos(x)
	}
	_, c := sinCosPair(x)
	return c.float()
}

func exactTan(x float64) float64 {
	if !finiteNonzero(x) {
		return math.Tan(x)
	}
	s, c := sinCosPair(x)
	return s.div(c).float()
}

func atanPair(x float64) pair {
	y := math.Atan(x)
	s, c := sinCosPair(y)
	// tan of what is missing.
	num := one(x).mul(c).sub(s)
	den := c.add(one(x).mul(s))
	return one(y).add(num.div(den))
}

func exactAtan(x float64) float64 {
	if !finiteNonzero(x) || math.Abs(x) < 1e-8 {
		return math.Atan(x)
	}
	return atanPair(x).float()
}

func asinPair(x float64) pair {
	y := math.Asin(x)
	s, c := sinCosPair(y)
	return one(y).add(one(x).sub(s).div(c))
}

func exactAsin(x float64) float64 {
	if !finiteNonzero(x) || math.Abs(x) >= 1 || math.Abs(x) < 1e-8 {
		return math.Asin(x)
	}
	return asinPair(x).float()
}

func exactAcos(x float64) float64 {
	if x-x != 0 || math.Abs(x) >= 1 {
		return math.Acos(x)
	}
	if x == 0 {
		return math.Pi / 2
	}
	return pairHalfPi.sub(asinPair(x)).float()
}

func exactSinh(x float64) float64 {
	if !finiteNonzero(x) || math.Abs(x) > 709 || math.Abs(x) < 1e-4 {
		return math.Sinh(x)
	}
	e := expPair(one(x))
	return e.sub(one(1).div(e)).scale(-1).float()
}

func exactCosh(x float64) float64 {
	if !finiteNonzero(x) || math.Abs(x) > 709 {
		return math.Cosh(x)
	}
	e := expPair(one(x))
	return e.add(one(1).div(e)).scale(-1).float()
}

func exactTanh(x float64) float64 {
	if !finiteNonzero(x) || math.Abs(x) > 20 || math.Abs(x) < 1e-4 {
		return math.Tanh(x)
	}
	e := expPair(one(2 * x))
	return e.sub(one(1)).div(e.add(one(1))).float()
}

func exactCbrt(x float64) float64 {
	y := math.Cbrt(x)
	if !finiteNonzero(x) {
		return y
	}
	p := one(y)
	d := p.mul(p).mul(p).sub(one(x)).div(p.mul(p).mul(one(3)))
	return p.sub(d).float()
}
