package types

import (
	"encoding/hex"

	"pgd/backend/pgerr"
)

func init() {
	register(&Type{
		OID: ByteaOID, Name: "bytea", Display: "bytea", Array: 1001, Category: 'U', Len: -1, Delim: ',', Store: Blob,
		Input: byteaIn, Output: byteaOut, Receive: byteaRecv, Send: textOut, Compare: compareBytes,
	})
}

func byteaIn(_ *Context, s string, _ int32) (Value, error) {
	if len(s) >= 2 && s[0] == '\\' && s[1] == 'x' {
		b, err := DecodeHex(s[2:])
		return BlobValue(b), err
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\':
			b = append(b, s[i])
		case i+3 < len(s) && s[i+1] >= '0' && s[i+1] <= '3' && isOctal(s[i+2]) && isOctal(s[i+3]):
			b = append(b, (s[i+1]-'0')<<6|(s[i+2]-'0')<<3|(s[i+3]-'0'))
			i += 3
		case i+1 < len(s) && s[i+1] == '\\':
			b = append(b, '\\')
			i++
		default:
			return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
	}
	return BlobValue(b), nil
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

// DecodeHex reads pairs of hexadecimal digits, white space between pairs allowed.
func DecodeHex(s string) ([]byte, error) {
	b := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i++ {
		if s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r' {
			continue
		}
		hi, err := hexDigit(s, i)
		if err != nil {
			return nil, err
		}
		i++
		if i >= len(s) {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
		}
		lo, err := hexDigit(s, i)
		if err != nil {
			return nil, err
		}
		b = append(b, hi<<4|lo)
	}
	return b, nil
}

func hexDigit(s string, i int) (byte, error) {
	switch c := s[i]; {
	case c >= '0' && c <= '9':
		return c - '0', nil
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, nil
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, nil
	}
	n := 1
	for i+n < len(s) && s[i+n]&0xc0 == 0x80 {
		n++
	}
	return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid hexadecimal digit: \"%s\"", s[i:i+n])
}

func byteaOut(c *Context, dst []byte, v Value) []byte {
	if !c.ByteaEscape {
		dst = append(dst, '\\', 'x')
		return hex.AppendEncode(dst, v.B)
	}
	return EscapeBytea(dst, v.B)
}

// EscapeBytea writes bytes in the old escape format.
func EscapeBytea(dst, b []byte) []byte {
	for _, x := range b {
		switch {
		case x == '\\':
			dst = append(dst, '\\', '\\')
		case x < 0x20 || x > 0x7e:
			dst = append(dst, '\\', '0'+x>>6, '0'+x>>3&7, '0'+x&7)
		default:
			dst = append(dst, x)
		}
	}
	return dst
}

func byteaRecv(_ *Context, b []byte, _ int32) (Value, error) {
	return BlobValue(append([]byte{}, b...)), nil
}
