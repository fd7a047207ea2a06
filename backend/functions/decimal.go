package functions

import (
	"math/big"
	"strconv"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// decimal is a numeric for calculation: c / 10^scale, or NaN and the infinities (special is 'N', '+', '-').
// PostgreSQL calculates in digits of base 10000; where its choice of a result's scale depends on them, group says so.
type decimal struct {
	special byte
	scale   int
	c       *big.Int
}

const (
	minSigDigits    = 16
	maxDisplayScale = 1000
	maxScale        = 16383
	maxWholeDigits  = 131072
)

var errNumericOverflow = pgerr.New(pgerr.NumericValueOutOfRange, "value overflows numeric format")

var (
	bigOne = big.NewInt(1)
	bigTen = big.NewInt(10)
	tens   [64]*big.Int
)

func init() {
	tens[0] = bigOne
	for i := 1; i < len(tens); i++ {
		tens[i] = new(big.Int).Mul(tens[i-1], bigTen)
	}
}

// pow10 is 10^n; it must not be changed.
func pow10(n int) *big.Int {
	if n < len(tens) {
		return tens[n]
	}
	return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil)
}

// readDecimal reads a stored numeric.
func readDecimal(v types.Value) decimal {
	b := v.B
	if len(b) == 0 {
		return decimal{c: new(big.Int)}
	}
	switch {
	case b[0] == 'N':
		return decimal{special: 'N'}
	case b[0] == 'I':
		return decimal{special: '+'}
	case len(b) > 1 && b[1] == 'I':
		return decimal{special: '-'}
	}
	scale := 0
	digits := b
	for i, ch := range b {
		if ch == '.' {
			scale = len(b) - i - 1
			digits = append(append(make([]byte, 0, len(b)), b[:i]...), b[i+1:]...)
			break
		}
	}
	if len(digits) <= 18 {
		x, _ := strconv.ParseInt(string(digits), 10, 64)
		return decimal{scale: scale, c: big.NewInt(x)}
	}
	c, ok := new(big.Int).SetString(string(digits), 10)
	if !ok {
		c = new(big.Int)
	}
	return decimal{scale: scale, c: c}
}

func intDecimal(x int64) decimal { return decimal{c: big.NewInt(x)} }

// value gives the stored form, or the error where it is too large.
func (d decimal) value() (types.Value, error) {
	switch d.special {
	case 'N':
		return types.StringValue("NaN"), nil
	case '+':
		return types.StringValue("Infinity"), nil
	case '-':
		return types.StringValue("-Infinity"), nil
	}
	if d.scale > maxScale {
		d = d.round(maxScale)
	}
	b := d.c.Append(make([]byte, 0, 24), 10)
	if d.scale == 0 {
		if len(b) > maxWholeDigits {
			return null, errNumericOverflow
		}
		return types.TextValue(b), nil
	}
	neg := b[0] == '-'
	digits := b
	if neg {
		digits = b[1:]
	}
	if len(digits)-d.scale > maxWholeDigits {
		return null, errNumericOverflow
	}
	out := make([]byte, 0, max(len(digits), d.scale)+3)
	if neg {
		out = append(out, '-')
	}
	if len(digits) <= d.scale {
		out = append(out, '0', '.')
		for i := len(digits); i < d.scale; i++ {
			out = append(out, '0')
		}
		return types.TextValue(append(out, digits...)), nil
	}
	out = append(out, digits[:len(digits)-d.scale]...)
	out = append(out, '.')
	return types.TextValue(append(out, digits[len(digits)-d.scale:]...)), nil
}

func (d decimal) sign() int {
	switch d.special {
	case '+':
		return 1
	case '-':
		return -1
	case 'N':
		return 0
	}
	return d.c.Sign()
}

// at gives the coefficient at a scale that is not less than d's.
func (d decimal) at(scale int) *big.Int {
	if scale == d.scale {
		return d.c
	}
	return new(big.Int).Mul(d.c, pow10(scale-d.scale))
}

// round rounds half away from zero; a negative scale rounds before the point and leaves scale 0. A greater scale adds zeros.
func (d decimal) round(scale int) decimal {
	if d.special != 0 {
		return d
	}
	if scale >= d.scale {
		return decimal{scale: scale, c: d.at(scale)}
	}
	p := pow10(d.scale - scale)
	q, r := new(big.Int).QuoRem(d.c, p, new(big.Int))
	if r.Abs(r).Lsh(r, 1).Cmp(p) >= 0 {
		q.Add(q, big.NewInt(int64(d.c.Sign())))
	}
	if scale < 0 {
		return decimal{c: q.Mul(q, pow10(-scale))}
	}
	return decimal{scale: scale, c: q}
}

// trunc cuts towards zero.
func (d decimal) trunc(scale int) decimal {
	if d.special != 0 {
		return d
	}
	if scale >= d.scale {
		return decimal{scale: scale, c: d.at(scale)}
	}
	q := new(big.Int).Quo(d.c, pow10(d.scale-scale))
	if scale < 0 {
		return decimal{c: q.Mul(q, pow10(-scale))}
	}
	return decimal{scale: scale, c: q}
}

func (d decimal) isInteger() bool {
	return d.special == 0 && (d.scale == 0 || new(big.Int).Rem(d.c, pow10(d.scale)).Sign() == 0)
}

func (d decimal) cmp(e decimal) int {
	rank := func(d decimal) int {
		switch d.special {
		case '-':
			return 0
		case '+':
			return 2
		case 'N':
			return 3
		}
		return 1
	}
	if a, b := rank(d), rank(e); a != b || a != 1 {
		return a - b
	}
	s := max(d.scale, e.scale)
	return d.at(s).Cmp(e.at(s))
}

func (d decimal) neg() decimal {
	switch d.special {
	case '+':
		d.special = '-'
	case '-':
		d.special = '+'
	case 0:
		d.c = new(big.Int).Neg(d.c)
	}
	return d
}

func (d decimal) add(e decimal) decimal {
	if d.special != 0 || e.special != 0 {
		switch {
		case d.special == 'N' || e.special == 'N' || d.special != 0 && e.special != 0 && d.special != e.special:
			return decimal{special: 'N'}
		case d.special != 0:
			return d
		}
		return e
	}
	s := max(d.scale, e.scale)
	return decimal{scale: s, c: new(big.Int).Add(d.at(s), e.at(s))}
}

func (d decimal) sub(e decimal) decimal { return d.add(e.neg()) }

func (d decimal) mul(e decimal) decimal {
	if d.special != 0 || e.special != 0 {
		s := d.sign() * e.sign()
		switch {
		case d.special == 'N' || e.special == 'N' || s == 0:
			return decimal{special: 'N'}
		case s > 0:
			return decimal{special: '+'}
		}
		return decimal{special: '-'}
	}
	r := decimal{scale: d.scale + e.scale, c: new(big.Int).Mul(d.c, e.c)}
	if r.scale > maxScale {
		return r.round(maxScale)
	}
	return r
}

// group gives the weight and the value of the first digit of base 10000, 0 and 0 for zero.
func (d decimal) group() (weight, first int) {
	if d.special != 0 || d.c.Sign() == 0 {
		return 0, 0
	}
	s := new(big.Int).Abs(d.c).Append(nil, 10)
	whole := len(s) - d.scale // digits before the point, counted as if negative where there are zeros after it
	weight = floorDiv(whole-1, 4)
	n := whole - weight*4 // digits in the first group
	for i := 0; i < n; i++ {
		first *= 10
		if i < len(s) {
			first += int(s[i] - '0')
		}
	}
	return weight, first
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func clampScale(scale int, scales ...int) int {
	for _, s := range scales {
		scale = max(scale, s)
	}
	return min(max(scale, 0), maxDisplayScale)
}

// divScale is PostgreSQL's choice of the scale of a quotient: at least 16 significant digits.
func divScale(a, b decimal) int {
	w1, f1 := a.group()
	w2, f2 := b.group()
	q := w1 - w2
	if f1 <= f2 {
		q--
	}
	return clampScale(minSigDigits-q*4, a.scale, b.scale)
}

// quo divides finite numbers, rounded to the scale; e is not zero.
func (d decimal) quo(e decimal, scale int) decimal {
	// (c1/10^s1) / (c2/10^s2) × 10^(scale+1)
	shift := scale + 1 + e.scale - d.scale
	num, den := d.c, e.c
	if shift >= 0 {
		num = new(big.Int).Mul(num, pow10(shift))
	} else {
		den = new(big.Int).Mul(den, pow10(-shift))
	}
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	_ = r // a digit more than asked for decides the rounding
	return decimal{scale: scale + 1, c: q}.round(scale)
}

func (d decimal) div(e decimal) (decimal, error) {
	if d.special == 'N' || e.special == 'N' {
		return decimal{special: 'N'}, nil
	}
	if d.special != 0 {
		if e.special != 0 {
			return decimal{special: 'N'}, nil
		}
		switch e.c.Sign() {
		case 0:
			return d, ErrDivisionByZero
		case -1:
			return d.neg(), nil
		}
		return d, nil
	}
	if e.special != 0 {
		return decimal{c: new(big.Int)}, nil
	}
	if e.c.Sign() == 0 {
		return d, ErrDivisionByZero
	}
	return d.quo(e, divScale(d, e)), nil
}

// mod has the sign of d.
func (d decimal) mod(e decimal) (decimal, error) {
	if d.special == 'N' || e.special == 'N' {
		return decimal{special: 'N'}, nil
	}
	if e.special == 0 && e.c.Sign() == 0 {
		return d, ErrDivisionByZero
	}
	if d.special != 0 {
		return decimal{special: 'N'}, nil
	}
	if e.special != 0 {
		return d, nil
	}
	s := max(d.scale, e.scale)
	return decimal{scale: s, c: new(big.Int).Rem(d.at(s), e.at(s))}, nil
}

// float gives the nearest double; what is too large becomes infinite.
func (d decimal) float() float64 {
	v, err := d.value()
	if err != nil {
		return 0
	}
	f, _ := strconv.ParseFloat(string(v.B), 64)
	return f
}
