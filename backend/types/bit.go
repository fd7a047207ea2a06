package types

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// OIDs of the bit string types.
const (
	BitOID    = 1560
	VarbitOID = 1562
)

// A bit string is stored as TEXT, a '0' or '1' for each bit: bytewise that orders as PostgreSQL does, a prefix before what it begins.
func init() {
	register(
		&Type{
			OID: BitOID, Name: "bit", Display: "bit", Array: 1561, Category: 'V', Len: -1, Delim: ',', Store: Text,
			Input: bitIn(applyBit), Output: textOut, Receive: bitRecv(applyBit), Send: bitSend, Compare: compareBytes,
			TypmodIn: bitTypmodIn("bit"), TypmodOut: bitTypmodOut, Apply: applyBit,
		},
		&Type{
			OID: VarbitOID, Name: "varbit", Display: "bit varying", Array: 1563, Category: 'V', Preferred: true, Len: -1, Delim: ',', Store: Text,
			Input: bitIn(applyVarbit), Output: textOut, Receive: bitRecv(applyVarbit), Send: bitSend, Compare: compareBytes,
			TypmodIn: bitTypmodIn("varbit"), TypmodOut: bitTypmodOut, Apply: applyVarbit,
		},
	)
}

// MaxBits is the longest bit string PostgreSQL can hold.
const MaxBits = math.MaxInt32 - 7

// maxBitLength is the longest length a declaration may ask for.
const maxBitLength = maxCharLength * 8

type applyTypmod = func(c *Context, v Value, typmod int32, explicit bool) (Value, error)

// bitIn reads binary digits, with or without a b in front, or hexadecimal ones after an x.
func bitIn(apply applyTypmod) func(c *Context, s string, typmod int32) (Value, error) {
	return func(c *Context, s string, typmod int32) (Value, error) {
		digits, hexadecimal := s, false
		if s != "" {
			switch s[0] {
			case 'b', 'B':
				digits = s[1:]
			case 'x', 'X':
				digits, hexadecimal = s[1:], true
			}
		}
		if len(digits) > MaxBits/4 && hexadecimal || len(digits) > MaxBits {
			return Value{}, pgerr.New(pgerr.ProgramLimitExceeded, "bit string length exceeds the maximum allowed (%d)", MaxBits)
		}
		out := make([]byte, 0, len(digits))
		for i := 0; i < len(digits); i++ {
			ch := digits[i]
			if !hexadecimal {
				if ch != '0' && ch != '1' {
					return Value{}, notADigit(digits[i:], "binary")
				}
				out = append(out, ch)
				continue
			}
			d, err := hexDigit(digits, i)
			if err != nil {
				return Value{}, notADigit(digits[i:], "hexadecimal")
			}
			out = append(out, '0'+d>>3, '0'+d>>2&1, '0'+d>>1&1, '0'+d&1)
		}
		return apply(c, TextValue(out), typmod, false)
	}
}

func notADigit(s, kind string) error {
	_, n := utf8.DecodeRuneInString(s)
	return pgerr.New(pgerr.InvalidTextRepresentation, "\"%s\" is not a valid %s digit", s[:n], kind)
}

// applyBit wants exactly the declared length; an explicit cast cuts on the right or fills with zeros.
func applyBit(_ *Context, v Value, typmod int32, explicit bool) (Value, error) {
	n := int(typmod)
	if n <= 0 || len(v.B) == n {
		return v, nil
	}
	if !explicit || n > MaxBits {
		return Value{}, pgerr.New(pgerr.StringDataLengthMismatch, "bit string length %d does not match type bit(%d)", len(v.B), n)
	}
	if len(v.B) > n {
		return TextValue(v.B[:n:n]), nil
	}
	b := append(make([]byte, 0, n), v.B...)
	for len(b) < n {
		b = append(b, '0')
	}
	return TextValue(b), nil
}

func applyVarbit(_ *Context, v Value, typmod int32, explicit bool) (Value, error) {
	n := int(typmod)
	if n <= 0 || len(v.B) <= n {
		return v, nil
	}
	if !explicit {
		return Value{}, pgerr.New(pgerr.StringDataRightTruncation, "bit string too long for type bit varying(%d)", n)
	}
	return TextValue(v.B[:n:n]), nil
}

func bitTypmodIn(name string) func([]int32) (int32, error) {
	return func(mods []int32) (int32, error) {
		if len(mods) != 1 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
		}
		if mods[0] < 1 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s must be at least 1", name)
		}
		if mods[0] > maxBitLength {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxBitLength)
		}
		return mods[0], nil
	}
}

func bitTypmodOut(typmod int32) string {
	if typmod < 0 {
		return ""
	}
	return "(" + itoa(int(typmod)) + ")"
}

// bitRecv reads the number of bits and the bytes they are packed in, the first bit on top; what fills the last byte is not looked at.
func bitRecv(apply applyTypmod) func(c *Context, b []byte, typmod int32) (Value, error) {
	return func(c *Context, b []byte, typmod int32) (Value, error) {
		if len(b) < 4 {
			return Value{}, errShortBinary
		}
		n := int32(binary.BigEndian.Uint32(b))
		if n < 0 || n > MaxBits {
			return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid length in external bit string")
		}
		if err := checkLen(b[4:], (int(n)+7)/8); err != nil {
			return Value{}, err
		}
		return apply(c, TextValue(UnpackBits(b[4:], int(n))), typmod, false)
	}
}

func bitSend(_ *Context, dst []byte, v Value) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(v.B))), PackBits(v.B)...)
}

// UnpackBits writes the first n bits of b as digits.
func UnpackBits(b []byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = '0' + b[i/8]>>(7-i%8)&1
	}
	return out
}

// PackBits puts digits into bytes, the first on top of the first byte.
func PackBits(digits []byte) []byte {
	out := make([]byte, (len(digits)+7)/8)
	for i, d := range digits {
		out[i/8] |= (d & 1) << (7 - i%8)
	}
	return out
}
