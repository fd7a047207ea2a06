package types

import (
	"bytes"
	"encoding/binary"
)

// numericSpecial gives 'N', '+' or '-' for NaN and the infinities, 0 for a number.
func numericSpecial(b []byte) byte {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == 'N':
		return 'N'
	case b[0] == 'I':
		return '+'
	case len(b) > 1 && b[1] == 'I':
		return '-'
	}
	return 0
}

// splitNumeric takes a canonical number apart; a lone zero before the point is left out.
func splitNumeric(b []byte) (neg bool, whole, frac []byte) {
	if len(b) > 0 && b[0] == '-' {
		neg = true
		b = b[1:]
	}
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		whole, frac = b[:i], b[i+1:]
	} else {
		whole = b
	}
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	return neg, whole, frac
}

// CompareNumericText orders canonical numerics by value: -Infinity, numbers, Infinity, NaN. It is the collation pg_numeric.
func CompareNumericText(a, b []byte) int {
	ra, rb := numericRank(a), numericRank(b)
	if ra != rb {
		if ra < rb {
			return -1
		}
		return 1
	}
	if ra != 1 {
		return 0
	}
	na, wa, fa := splitNumeric(a)
	nb, wb, fb := splitNumeric(b)
	fa, fb = bytes.TrimRight(fa, "0"), bytes.TrimRight(fb, "0")
	if len(wa)+len(fa) == 0 {
		na = false
	}
	if len(wb)+len(fb) == 0 {
		nb = false
	}
	if na != nb {
		if na {
			return -1
		}
		return 1
	}
	cmp := 0
	switch {
	case len(wa) != len(wb):
		cmp = 1
		if len(wa) < len(wb) {
			cmp = -1
		}
	default:
		if cmp = bytes.Compare(wa, wb); cmp == 0 {
			cmp = bytes.Compare(fa, fb)
		}
	}
	if na {
		cmp = -cmp
	}
	return cmp
}

func numericRank(b []byte) int {
	switch numericSpecial(b) {
	case '-':
		return 0
	case '+':
		return 2
	case 'N':
		return 3
	}
	return 1
}

// appendNumericKey writes a numeric so that keys compare bytewise as the numbers do (equal numbers differ only in the scale at the end).
func appendNumericKey(dst, b []byte) []byte {
	switch numericSpecial(b) {
	case '-':
		return append(dst, 0x00)
	case '+':
		return append(dst, 0xfe)
	case 'N':
		return append(dst, 0xff)
	}
	neg, whole, frac := splitNumeric(b)
	exp := len(whole)
	digits := append(append(make([]byte, 0, len(whole)+len(frac)), whole...), frac...)
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
		exp--
	}
	digits = bytes.TrimRight(digits, "0")
	scale := uint16(len(frac))
	if len(digits) == 0 {
		return binary.BigEndian.AppendUint16(append(dst, 0x80), scale)
	}
	start := len(dst) + 1
	if neg {
		dst = append(dst, 0x40)
	} else {
		dst = append(dst, 0xc0)
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(exp)+1<<31)
	dst = append(dst, digits...)
	dst = append(dst, 0)
	if neg {
		for i := start; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return binary.BigEndian.AppendUint16(dst, scale)
}

// readNumericKey gives the canonical text back and how many bytes it took, 0 where b is no key.
func readNumericKey(b []byte) (text []byte, n int) {
	if len(b) == 0 {
		return nil, 0
	}
	switch b[0] {
	case 0x00:
		return []byte("-Infinity"), 1
	case 0xfe:
		return []byte("Infinity"), 1
	case 0xff:
		return []byte("NaN"), 1
	case 0x80:
		if len(b) < 3 {
			return nil, 0
		}
		text, _ = writeNumeric(false, nil, 0, int(binary.BigEndian.Uint16(b[1:])))
		return text, 3
	case 0x40, 0xc0:
	default:
		return nil, 0
	}
	neg := b[0] == 0x40
	flip := byte(0)
	if neg {
		flip = 0xff
	}
	if len(b) < 8 {
		return nil, 0
	}
	exp := binary.BigEndian.Uint32(b[1:])
	if neg {
		exp = ^exp
	}
	digits := []byte{}
	i := 5
	for ; i < len(b) && b[i] != flip; i++ {
		digits = append(digits, b[i]^flip)
	}
	if i+3 > len(b) {
		return nil, 0
	}
	scale := int(binary.BigEndian.Uint16(b[i+1:]))
	text, err := writeNumeric(neg, digits, int(int32(exp-1<<31)), scale)
	if err != nil {
		return nil, 0
	}
	return text, i + 3
}
