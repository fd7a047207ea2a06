package types

import (
	"encoding/binary"

	"pgd/backend/pgerr"
)

// The signs of numeric's binary form.
const (
	numericPos    = 0x0000
	numericNeg    = 0x4000
	numericNaN    = 0xc000
	numericPosInf = 0xd000
	numericNegInf = 0xf000
)

// numericSend writes groups of four decimal digits, aligned at the point, zero groups at both ends left out.
func numericSend(_ *Context, dst []byte, v Value) []byte {
	header := func(n, weight, sign, scale int) {
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
		dst = binary.BigEndian.AppendUint16(dst, uint16(weight))
		dst = binary.BigEndian.AppendUint16(dst, uint16(sign))
		dst = binary.BigEndian.AppendUint16(dst, uint16(scale))
	}
	switch numericSpecial(v.B) {
	case 'N':
		header(0, 0, numericNaN, 0)
		return dst
	case '+':
		header(0, 0, numericPosInf, 32)
		return dst
	case '-':
		header(0, 0, numericNegInf, 32)
		return dst
	}
	neg, whole, frac := splitNumeric(v.B)
	first := (len(whole) + 3) / 4 // groups before the point
	groups := first + (len(frac)+3)/4
	group := func(g int) int {
		x := 0
		for i := 0; i < 4; i++ {
			x *= 10
			if p := (g-first)*4 + i; p < 0 && p+len(whole) >= 0 {
				x += int(whole[p+len(whole)] - '0')
			} else if p >= 0 && p < len(frac) {
				x += int(frac[p] - '0')
			}
		}
		return x
	}
	low := 0
	for low < groups && group(low) == 0 {
		low++
	}
	high := groups
	for high > low && group(high-1) == 0 {
		high--
	}
	if low == high {
		header(0, 0, numericPos, len(frac))
		return dst
	}
	sign := numericPos
	if neg {
		sign = numericNeg
	}
	header(high-low, first-low-1, sign, len(frac))
	for g := low; g < high; g++ {
		dst = binary.BigEndian.AppendUint16(dst, uint16(group(g)))
	}
	return dst
}

func numericRecv(c *Context, b []byte, typmod int32) (Value, error) {
	if len(b) < 8 {
		return Value{}, errShortBinary
	}
	n := int(binary.BigEndian.Uint16(b))
	weight := int(int16(binary.BigEndian.Uint16(b[2:])))
	sign := binary.BigEndian.Uint16(b[4:])
	scale := int(binary.BigEndian.Uint16(b[6:]))
	b = b[8:]
	text := ""
	switch sign {
	case numericPos, numericNeg:
	case numericNaN:
		text = "NaN"
	case numericPosInf:
		text = "Infinity"
	case numericNegInf:
		text = "-Infinity"
	default:
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid sign in external \"numeric\" value")
	}
	if scale&^numericMaxScale != 0 {
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid scale in external \"numeric\" value")
	}
	if err := checkLen(b, 2*n); err != nil {
		return Value{}, err
	}
	digits := make([]byte, 0, 4*n)
	for ; len(b) > 0; b = b[2:] {
		d := binary.BigEndian.Uint16(b)
		if d > 9999 {
			return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid digit in external \"numeric\" value")
		}
		digits = append(digits, byte('0'+d/1000), byte('0'+d/100%10), byte('0'+d/10%10), byte('0'+d%10))
	}
	if text != "" {
		return applyNumeric(c, StringValue(text), typmod, false)
	}
	// Digits beyond the scale are dropped, and a number of which none is left has no sign.
	point := 4 * (weight + 1)
	if keep := point + scale; keep < len(digits) {
		digits = digits[:max(keep, 0)]
	}
	out, err := writeNumeric(sign == numericNeg, digits, point, scale)
	if err != nil {
		return Value{}, err
	}
	return applyNumeric(c, TextValue(out), typmod, false)
}
