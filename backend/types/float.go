package types

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// OIDs of the floating-point types.
const (
	Float4OID = 700
	Float8OID = 701
)

func init() {
	register(
		&Type{
			OID: Float4OID, Name: "float4", Display: "real", Array: 1021, Category: 'N', Len: 4, Delim: ',', Store: Float,
			Input: float4In, Output: float4Out, Receive: float4Recv, Send: float4Send, Compare: compareFloats,
		},
		&Type{
			OID: Float8OID, Name: "float8", Display: "double precision", Array: 1022, Category: 'N', Preferred: true, Len: 8,
			Delim: ',', Store: Float, Input: float8In, Output: float8Out, Receive: float8Recv, Send: float8Send, Compare: compareFloats,
		},
	)
}

var nanText = []byte("NaN")

// Float8Value makes a float4 or float8 value: REAL, but TEXT for NaN, which SQLite would turn into NULL. As TEXT it sorts after all numbers.
func Float8Value(f float64) Value {
	if f != f {
		return Value{Kind: Text, B: nanText}
	}
	return Value{Kind: Float, F: f}
}

// Float8 gives the number of a float4 or float8 value. SQLite may hand an integral REAL back as INTEGER.
func (v Value) Float8() float64 {
	switch v.Kind {
	case Float:
		return v.F
	case Int:
		return float64(v.I)
	}
	return math.NaN()
}

func compareFloats(a, b Value) int { return CompareFloat8(a.Float8(), b.Float8()) }

// CompareFloat8 orders NaN after everything and equal to itself.
func CompareFloat8(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	case x == y:
		return 0
	case x == x:
		return -1
	case y == y:
		return 1
	}
	return 0
}

func float4In(_ *Context, s string, _ int32) (Value, error) { return parseFloat(s, 32, "real") }

func float8In(_ *Context, s string, _ int32) (Value, error) {
	return parseFloat(s, 64, "double precision")
}

// parseFloat reads what C's strtod reads, and answers an overflow or an underflow to zero with 22003.
func parseFloat(s string, bits int, typ string) (Value, error) {
	t := trimSpace(s)
	switch lowerASCII(t) {
	case "":
		return Value{}, badSyntax(typ, s)
	case "nan":
		return Float8Value(math.NaN()), nil
	case "inf", "+inf", "infinity", "+infinity":
		return FloatValue(math.Inf(1)), nil
	case "-inf", "-infinity":
		return FloatValue(math.Inf(-1)), nil
	}
	n, zero := floatPrefix(t)
	if n == 0 {
		return Value{}, badSyntax(typ, s)
	}
	number := t[:n]
	goText := number
	// Go wants an exponent on a hexadecimal number; C does not.
	if strings.ContainsAny(goText, "xX") && !strings.ContainsAny(goText, "pP") {
		goText += "p0"
	}
	f, err := strconv.ParseFloat(goText, bits)
	if err != nil || f == 0 && !zero {
		return Value{}, pgerr.New(pgerr.NumericValueOutOfRange, "\"%s\" is out of range for type %s", number, typ)
	}
	if n < len(t) {
		return Value{}, badSyntax(typ, s)
	}
	return FloatValue(f), nil
}

// floatPrefix measures the number t begins with; zero tells that its digits are all zero.
func floatPrefix(t string) (n int, zero bool) {
	i := 0
	if i < len(t) && (t[i] == '-' || t[i] == '+') {
		i++
	}
	hex := len(t) > i+2 && t[i] == '0' && t[i+1]|0x20 == 'x'
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' || hex && (c|0x20 >= 'a' && c|0x20 <= 'f') }
	if hex {
		i += 2
	}
	digits := 0
	zero = true
	for dot := false; i < len(t); i++ {
		if t[i] == '.' && !dot {
			dot = true
			continue
		}
		if !isDigit(t[i]) {
			break
		}
		digits++
		zero = zero && t[i] == '0'
	}
	if digits == 0 {
		return 0, false
	}
	e := byte('e')
	if hex {
		e = 'p'
	}
	if i < len(t) && t[i]|0x20 == e {
		j := i + 1
		if j < len(t) && (t[j] == '-' || t[j] == '+') {
			j++
		}
		if j < len(t) && t[j] >= '0' && t[j] <= '9' {
			for i = j; i < len(t) && t[i] >= '0' && t[i] <= '9'; i++ {
			}
		}
	}
	return i, zero
}

func float4Out(c *Context, dst []byte, v Value) []byte {
	return AppendFloat(dst, v.Float8(), 32, c.ExtraFloatDigits)
}

func float8Out(c *Context, dst []byte, v Value) []byte {
	return AppendFloat(dst, v.Float8(), 64, c.ExtraFloatDigits)
}

// AppendFloat prints as PostgreSQL does: the shortest text that reads back equal when extra is positive, else C's %g
// with so many digits fewer than the type's.
func AppendFloat(dst []byte, f float64, bits, extra int) []byte {
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	full, prec := 15, -1
	if bits == 32 {
		full = 6
	}
	threshold := full
	if extra <= 0 {
		prec = max(full+extra, 1)
		threshold = prec
	}
	// Digits and exponent come from Go's %e: d.ddde±xx.
	var buf [40]byte
	e := strconv.AppendFloat(buf[:0], f, 'e', prec-1+boolInt(prec < 0), bits)
	if prec < 0 {
		e = insideInterval(e, f, bits)
	}
	if e[0] == '-' {
		dst = append(dst, '-')
		e = e[1:]
	}
	cut := len(e) - 1
	for e[cut] != 'e' {
		cut--
	}
	exp, _ := strconv.Atoi(string(e[cut+1:]))
	digits := append(e[:1:1], e[min(2, cut):cut]...)
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return layoutFloat(dst, digits, exp, threshold)
}

// insideInterval makes the shortest text longer where it lies exactly half-way to the next number: Go lets the even one have it, PostgreSQL
// does not (1e23 is 9.999999999999999e+22). This needs an integer divisible by a high power of five, so few numbers are looked at closely.
func insideInterval(e []byte, f float64, bits int) []byte {
	f = math.Abs(f)
	if f < 1<<24 || f > 1e41 || bits == 64 && f < 1<<53 {
		return e
	}
	d, ok := new(big.Float).SetPrec(256).SetString(string(e))
	if !ok {
		return e
	}
	gap := d.Sub(d.Abs(d), big.NewFloat(f))
	up, down := math.Nextafter(f, math.Inf(1)), math.Nextafter(f, 0)
	if bits == 32 {
		up, down = float64(math.Nextafter32(float32(f), float32(math.Inf(1)))), float64(math.Nextafter32(float32(f), 0))
	}
	if gap.Cmp(big.NewFloat((up-f)/2)) != 0 && gap.Cmp(big.NewFloat((down-f)/2)) != 0 {
		return e
	}
	digits := 0
	for _, c := range e {
		if c == 'e' {
			break
		}
		if isDigit(c) {
			digits++
		}
	}
	neg := e[0] == '-'
	for ; digits < 17; digits++ {
		longer := strconv.FormatFloat(f, 'e', digits, bits)
		if longer[1+digits] == '0' {
			continue
		}
		if back, _ := strconv.ParseFloat(longer, bits); back == f {
			if neg {
				longer = "-" + longer
			}
			return []byte(longer)
		}
	}
	return e
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// layoutFloat writes d.dd × 10^exp, plain where exp is from -4 to below the threshold.
func layoutFloat(dst, digits []byte, exp, threshold int) []byte {
	switch {
	case exp < -4 || exp >= threshold:
		dst = append(dst, digits[0])
		if len(digits) > 1 {
			dst = append(dst, '.')
			dst = append(dst, digits[1:]...)
		}
		dst = append(dst, 'e')
		if exp < 0 {
			dst = append(dst, '-')
			exp = -exp
		} else {
			dst = append(dst, '+')
		}
		if exp < 10 {
			dst = append(dst, '0')
		}
		return strconv.AppendInt(dst, int64(exp), 10)
	case exp < 0:
		dst = append(dst, '0', '.')
		for i := -1; i > exp; i-- {
			dst = append(dst, '0')
		}
		return append(dst, digits...)
	}
	for i := 0; i <= exp; i++ {
		if i < len(digits) {
			dst = append(dst, digits[i])
		} else {
			dst = append(dst, '0')
		}
	}
	if len(digits) > exp+1 {
		dst = append(dst, '.')
		dst = append(dst, digits[exp+1:]...)
	}
	return dst
}

func float4Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 4); err != nil {
		return Value{}, err
	}
	return Float8Value(float64(math.Float32frombits(binary.BigEndian.Uint32(b)))), nil
}

func float8Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 8); err != nil {
		return Value{}, err
	}
	return Float8Value(math.Float64frombits(binary.BigEndian.Uint64(b))), nil
}

func float4Send(_ *Context, dst []byte, v Value) []byte {
	return binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(v.Float8())))
}

func float8Send(_ *Context, dst []byte, v Value) []byte {
	f := v.Float8()
	if f != f {
		return append(dst, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0)
	}
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(f))
}
