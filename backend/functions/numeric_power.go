package functions

import (
	"math"
	"math/big"

	"github.com/cockroachdb/apd/v3"

	"pgd/backend/pgerr"
)

// The functions of this file choose a result's scale by PostgreSQL's rules and calculate with some digits more than it asks for.

func (d decimal) apd() *apd.Decimal {
	r := new(apd.Decimal)
	r.Coeff.SetMathBigInt(new(big.Int).Abs(d.c))
	r.Negative = d.c.Sign() < 0
	r.Exponent = int32(-d.scale)
	return r
}

func fromApd(d *apd.Decimal, scale int) decimal {
	c := d.Coeff.MathBigInt()
	if d.Negative {
		c = new(big.Int).Neg(c)
	}
	if d.Exponent > 0 {
		c = new(big.Int).Mul(c, pow10(int(d.Exponent)))
		return decimal{c: c}.round(scale)
	}
	return decimal{scale: int(-d.Exponent), c: c}.round(scale)
}

// precision makes a context with so many digits after the point for a result with so many before it.
func precision(whole, scale int) *apd.Context {
	c := apd.BaseContext.WithPrecision(uint32(max(whole, 1) + scale + 12))
	c.Traps = 0
	return c
}

func sqrtDec(d decimal) (decimal, error) {
	if d.special == 'N' || d.special == '+' {
		return d, nil
	}
	if d.sign() < 0 {
		return d, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	weight, _ := d.group()
	sweight := (weight+1)*4/2 - 1
	if weight < 0 {
		sweight = floorDiv((weight+1)*4, 2) - 1
	}
	return sqrtScale(d, clampScale(minSigDigits-sweight, d.scale)), nil
}

// sqrtScale takes the root exactly and rounds it.
func sqrtScale(d decimal, scale int) decimal {
	s := max(scale+1, (d.scale+1)/2)
	c := d.at(2 * s)
	root := new(big.Int).Sqrt(c)
	r := decimal{scale: s, c: root}
	return r.round(scale)
}

func expDec(d decimal) (decimal, error) {
	switch d.special {
	case 'N', '+':
		return d, nil
	case '-':
		return intDecimal(0), nil
	}
	f := d.float() * 0.434294481903252
	f = math.Min(math.Max(f, -maxDisplayScale), maxDisplayScale)
	scale := clampScale(minSigDigits-int(f), d.scale)
	if f := d.float(); math.Abs(f) >= maxDisplayScale*3 {
		if f > 0 {
			if f*0.434294481903252 > maxWholeDigits {
				return d, errNumericOverflow
			}
		} else {
			return decimal{scale: maxDisplayScale, c: new(big.Int)}, nil
		}
	}
	whole := int(math.Max(d.float()*0.434294481903252, 0)) + 2
	r := new(apd.Decimal)
	if _, err := precision(whole, scale).Exp(r, d.apd()); err != nil {
		return d, errNumericOverflow
	}
	return fromApd(r, scale), nil
}

// lnWeight estimates the decimal weight of ln(d), as PostgreSQL does.
func lnWeight(d decimal) int {
	if d.sign() <= 0 {
		return 0
	}
	low, high := decimal{scale: 1, c: big.NewInt(9)}, decimal{scale: 1, c: big.NewInt(11)}
	if d.cmp(low) >= 0 && d.cmp(high) <= 0 {
		x := d.sub(intDecimal(1))
		if x.c.Sign() == 0 {
			return 0
		}
		w, first := x.group()
		return w*4 + int(math.Log10(float64(first)))
	}
	s := new(big.Int).Abs(d.c).Append(nil, 10)
	weight, first := d.group()
	digits, dweight := float64(first), weight*4
	// A second group of four digits makes the estimate better.
	whole := len(s) - d.scale
	if n := whole - weight*4; len(s) > n {
		second := 0
		for i := n; i < n+4; i++ {
			second *= 10
			if i < len(s) {
				second += int(s[i] - '0')
			}
		}
		if rest := trimZeros(s[n:]); len(rest) > 0 {
			digits = digits*10000 + float64(second)
			dweight -= 4
		}
	}
	ln := math.Log(digits) + float64(dweight)*2.302585092994046
	return int(math.Log10(math.Abs(ln)))
}

func trimZeros(s []byte) []byte {
	for len(s) > 0 && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s
}

func lnChecked(d decimal, scale int) (decimal, error) {
	switch {
	case d.sign() == 0:
		return d, errLogZero
	case d.sign() < 0:
		return d, errLogNegative
	}
	r := new(apd.Decimal)
	if _, err := precision(8, scale).Ln(r, d.apd()); err != nil {
		return d, errNumericOverflow
	}
	return fromApd(r, scale), nil
}

func lnDec(d decimal) (decimal, error) {
	if d.special == 'N' || d.special == '+' {
		return d, nil
	}
	if d.sign() < 0 {
		return d, errLogNegative
	}
	if d.sign() == 0 {
		return d, errLogZero
	}
	return lnChecked(d, clampScale(minSigDigits-lnWeight(d), d.scale))
}

func logDec(base, d decimal) (decimal, error) {
	if base.special == 'N' || d.special == 'N' {
		return decimal{special: 'N'}, nil
	}
	for _, x := range []decimal{base, d} {
		if x.sign() < 0 {
			return d, errLogNegative
		}
		if x.sign() == 0 {
			return d, errLogZero
		}
	}
	switch {
	case base.special != 0 && d.special != 0:
		return decimal{special: 'N'}, nil
	case base.special != 0:
		return intDecimal(0), nil
	case d.special != 0:
		return d, nil
	}
	bw, nw := lnWeight(base), lnWeight(d)
	scale := clampScale(minSigDigits-(nw-bw), base.scale, d.scale)
	work := scale + max(bw, 0) + max(-nw, 0) + 12
	lb, err := lnChecked(base, work+max(-bw, 0)*2)
	if err != nil {
		return d, err
	}
	ln, err := lnChecked(d, work+max(-bw, 0)*2)
	if err != nil {
		return d, err
	}
	if lb.c.Sign() == 0 {
		return d, ErrDivisionByZero
	}
	return ln.quo(lb, scale), nil
}

func powerDec(x, y decimal) (decimal, error) {
	if x.special != 0 || y.special != 0 {
		return powerSpecial(x, y)
	}
	if x.sign() == 0 && y.sign() < 0 {
		return x, errPowZero
	}
	if x.sign() < 0 && !y.isInteger() {
		return x, errPowComplex
	}
	if y.isInteger() {
		n := y.trunc(0).c
		if n.IsInt64() && n.Int64() >= math.MinInt32 && n.Int64() <= math.MaxInt32 {
			return powerInt(x, int(n.Int64()))
		}
	}
	if x.sign() == 0 {
		return decimal{scale: minSigDigits, c: new(big.Int)}, nil
	}
	negative := x.sign() < 0 && new(big.Int).And(y.trunc(0).c, bigOne).Sign() != 0
	if x.sign() < 0 {
		x = x.neg()
	}
	ln, err := lnChecked(x, 30+max(-lnWeight(x), 0))
	if err != nil {
		return x, err
	}
	val := ln.mul(y).float()
	if math.Abs(val) > maxWholeDigits*2.31 {
		if val > 0 {
			return x, errNumericOverflow
		}
		return decimal{scale: maxDisplayScale, c: new(big.Int)}, nil
	}
	val *= 0.434294481903252
	scale := clampScale(minSigDigits-int(val), x.scale, y.scale)
	digits := scale + int(math.Max(val, 0)) + 16
	ln, err = lnChecked(x, digits+len(y.c.String())+max(-lnWeight(x), 0))
	if err != nil {
		return x, err
	}
	r := new(apd.Decimal)
	if _, err := precision(int(math.Max(val, 0))+2, scale).Exp(r, ln.mul(y).apd()); err != nil {
		return x, errNumericOverflow
	}
	out := fromApd(r, scale)
	if negative {
		out = out.neg()
	}
	return out, nil
}

// powerInt is exact multiplication, rounded at the end.
func powerInt(x decimal, n int) (decimal, error) {
	f := 0.0
	if x.sign() != 0 {
		s := new(big.Int).Abs(x.c).Append(nil, 10)
		lead := min(len(s), 17)
		m := 0.0
		for _, c := range s[:lead] {
			m = m*10 + float64(c-'0')
		}
		f = float64(n) * (math.Log10(m) + float64(len(s)-lead-x.scale))
	}
	if f > maxWholeDigits+4 {
		return x, errNumericOverflow
	}
	scale := clampScale(minSigDigits, x.scale)
	if f+1 < -maxDisplayScale {
		return decimal{scale: scale, c: new(big.Int)}, nil
	}
	switch {
	case n == 0:
		return intDecimal(1).round(scale), nil
	case x.sign() == 0:
		return decimal{scale: scale, c: new(big.Int)}, nil
	case n == 1:
		return x.round(scale), nil
	}
	abs := n
	if n < 0 {
		abs = -n
	}
	if x.scale*abs <= 4000 && len(x.c.String())*abs <= 200000 {
		p := decimal{scale: x.scale * abs, c: new(big.Int).Exp(x.c, big.NewInt(int64(abs)), nil)}
		if n > 0 {
			return p.round(scale), nil
		}
		return intDecimal(1).quo(p, scale), nil
	}
	// Too many digits to carry along: keep those that can matter.
	r := new(apd.Decimal)
	ctx := precision(int(math.Max(math.Abs(f), 0))+2, scale+16)
	if _, err := ctx.Pow(r, x.apd(), apd.New(int64(n), 0)); err != nil {
		return x, errNumericOverflow
	}
	return fromApd(r, scale), nil
}

func powerSpecial(x, y decimal) (decimal, error) {
	one := func(d decimal) bool { return d.special == 0 && d.cmp(intDecimal(1)) == 0 }
	switch {
	case x.special == 'N':
		if y.special == 0 && y.sign() == 0 {
			return intDecimal(1), nil
		}
		return x, nil
	case y.special == 'N':
		if one(x) {
			return intDecimal(1), nil
		}
		return y, nil
	case x.special == 0 && x.sign() == 0 && y.sign() < 0:
		return x, errPowZero
	case x.special == '-' && y.special == 0 && !y.isInteger():
		return x, errPowComplex
	case one(x):
		return intDecimal(1), nil
	case y.special == 0 && y.sign() == 0:
		return intDecimal(1), nil
	case x.special == 0 && x.sign() == 0:
		return intDecimal(0), nil
	}
	if y.special != 0 {
		abs := x
		if x.sign() < 0 {
			abs = x.neg()
		}
		large := abs.special != 0 || abs.cmp(intDecimal(1)) > 0
		switch {
		case abs.special == 0 && abs.cmp(intDecimal(1)) == 0:
			return intDecimal(1), nil
		case large == (y.special == '+'):
			return decimal{special: '+'}, nil
		}
		return intDecimal(0), nil
	}
	if y.sign() < 0 {
		return intDecimal(0), nil
	}
	if x.special == '-' && new(big.Int).And(y.trunc(0).c, bigOne).Sign() != 0 {
		return x, nil
	}
	return decimal{special: '+'}, nil
}
