package types

import (
	"strconv"

	"pgd/backend/pgerr"
)

// NumericOID is numeric's OID.
const NumericOID = 1700

// Limits of numeric.
const (
	numericMaxPrecision = 1000
	numericMaxDigits    = 131072 // before the decimal point
	numericMaxScale     = 16383  // after it
)

func init() {
	register(&Type{
		OID: NumericOID, Name: "numeric", Display: "numeric", Array: 1231, Category: 'N', Len: -1, Delim: ',', Store: Text,
		Collation: "pg_numeric", Input: numericIn, Output: textOut, Receive: numericRecv, Send: numericSend,
		Compare:  func(a, b Value) int { return CompareNumericText(a.B, b.B) },
		TypmodIn: numericTypmodIn, TypmodOut: numericTypmodOut, Apply: applyNumeric,
	})
	Collations["pg_numeric"] = CompareNumericText
}

func errNumericSyntax(s string) error { return badSyntax("numeric", s) }

var errNumericOverflow = pgerr.New(pgerr.NumericValueOutOfRange, "value overflows numeric format")

// numericIn reads a decimal with optional exponent into the canonical form: no superfluous zeros before the point, as many
// digits after it as were written.
func numericIn(c *Context, s string, typmod int32) (Value, error) {
	b, err := canonicalNumeric(s)
	if err != nil {
		return Value{}, err
	}
	return applyNumeric(c, TextValue(b), typmod, false)
}

func canonicalNumeric(s string) ([]byte, error) {
	t := trimSpace(s)
	switch lowerASCII(t) {
	case "nan":
		return []byte("NaN"), nil
	case "inf", "+inf", "infinity", "+infinity":
		return []byte("Infinity"), nil
	case "-inf", "-infinity":
		return []byte("-Infinity"), nil
	}
	neg := false
	if t != "" && (t[0] == '-' || t[0] == '+') {
		neg = t[0] == '-'
		t = t[1:]
	}
	digits := make([]byte, 0, len(t))
	point := -1
	i := 0
	for ; i < len(t); i++ {
		if t[i] == '.' && point < 0 {
			point = len(digits)
			continue
		}
		if t[i] < '0' || t[i] > '9' {
			break
		}
		digits = append(digits, t[i])
	}
	if len(digits) == 0 {
		return nil, errNumericSyntax(s)
	}
	if point < 0 {
		point = len(digits)
	}
	scale := len(digits) - point
	if i < len(t) && t[i]|0x20 == 'e' {
		exp, n, err := numericExponent(t[i+1:])
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, errNumericSyntax(s)
		}
		i += 1 + n
		point += exp
		scale = max(scale-exp, 0)
	}
	if i < len(t) {
		return nil, errNumericSyntax(s)
	}
	return writeNumeric(neg, digits, point, scale)
}

// numericExponent reads the digits after e; n is how many bytes it took, 0 for none.
func numericExponent(t string) (exp, n int, err error) {
	if n < len(t) && (t[n] == '-' || t[n] == '+') {
		n++
	}
	start := n
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n == start {
		return 0, 0, nil
	}
	x, err := strconv.Atoi(t[:n])
	const limit = 1<<30 - 1
	if err != nil || x >= limit || x <= -limit {
		return 0, 0, errNumericOverflow
	}
	return x, n, nil
}

// writeNumeric prints digits with the point after the first `point` of them and scale digits behind it.
func writeNumeric(neg bool, digits []byte, point, scale int) ([]byte, error) {
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
		point--
	}
	zero := len(digits) == 0
	if scale > numericMaxScale || !zero && point > numericMaxDigits {
		return nil, errNumericOverflow
	}
	if zero {
		neg, point = false, 0
	}
	out := make([]byte, 0, max(point, 1)+scale+2)
	if neg {
		out = append(out, '-')
	}
	if point <= 0 {
		out = append(out, '0')
	}
	at := func(i int) byte {
		if i >= 0 && i < len(digits) {
			return digits[i]
		}
		return '0'
	}
	for i := 0; i < point; i++ {
		out = append(out, at(i))
	}
	if scale > 0 {
		out = append(out, '.')
		for i := point; i < point+scale; i++ {
			out = append(out, at(i))
		}
	}
	return out, nil
}

func numericTypmodIn(mods []int32) (int32, error) {
	precision, scale := int32(0), int32(0)
	switch len(mods) {
	case 2:
		scale = mods[1]
		fallthrough
	case 1:
		precision = mods[0]
	default:
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid NUMERIC type modifier")
	}
	if precision < 1 || precision > numericMaxPrecision {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "NUMERIC precision %d must be between 1 and %d", precision, numericMaxPrecision)
	}
	if scale < -1000 || scale > 1000 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "NUMERIC scale %d must be between -1000 and 1000", scale)
	}
	return precision<<16 | scale&0x7ff + typmodHeader, nil
}

// NumericTypmod splits a typmod; ok is false where there is none.
func NumericTypmod(typmod int32) (precision, scale int, ok bool) {
	if typmod < typmodHeader {
		return 0, 0, false
	}
	m := typmod - typmodHeader
	return int(m>>16) & 0xffff, int(m&0x7ff^1024) - 1024, true
}

func numericTypmodOut(typmod int32) string {
	p, s, ok := NumericTypmod(typmod)
	if !ok {
		return ""
	}
	return "(" + itoa(p) + "," + itoa(s) + ")"
}

// applyNumeric rounds to the scale, half away from zero, and refuses what has too many digits before the point.
func applyNumeric(_ *Context, v Value, typmod int32, _ bool) (Value, error) {
	precision, scale, ok := NumericTypmod(typmod)
	if !ok {
		return v, nil
	}
	if special := numericSpecial(v.B); special != 0 {
		if special == 'N' {
			return v, nil
		}
		return Value{}, pgerr.New(pgerr.NumericValueOutOfRange, "numeric field overflow").
			WithDetail("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	neg, whole, frac := splitNumeric(v.B)
	maxWhole := precision - scale
	if len(frac) == max(scale, 0) && scale >= 0 {
		if len(whole) <= maxWhole {
			return v, nil
		}
	}
	digits := append(append(make([]byte, 1, len(whole)+len(frac)+1), whole...), frac...)
	digits[0] = '0' // room for a carry
	point := len(whole) + 1
	digits = roundDigits(digits, point+scale)
	b, err := writeNumeric(neg, digits, point, max(scale, 0))
	if err != nil {
		return Value{}, err
	}
	// A value has to stay below 10^(precision-scale); zeros right after the point count when the scale is greater.
	significant := point
	for _, c := range digits {
		if c != '0' {
			break
		}
		significant--
	}
	if significant > maxWhole && !allZero(digits) {
		bound, exp := "", 1
		if maxWhole != 0 {
			bound, exp = "10^", maxWhole
		}
		return Value{}, pgerr.New(pgerr.NumericValueOutOfRange, "numeric field overflow").
			WithDetail("A field with precision %d, scale %d must round to an absolute value less than %s%d.", precision, scale, bound, exp)
	}
	return TextValue(b), nil
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != '0' {
			return false
		}
	}
	return true
}

// roundDigits keeps n digits; those cut off round half up, and what is cut before the point becomes zeros by the writer.
func roundDigits(digits []byte, n int) []byte {
	if n >= len(digits) {
		return digits
	}
	if n < 0 {
		return digits[:0]
	}
	up := digits[n] >= '5'
	digits = digits[:n]
	for i := n - 1; up && i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			break
		}
		digits[i] = '0'
	}
	return digits
}
