package types

import (
	"encoding/hex"
	"math"

	"pgd/backend/pgerr"
)

// OIDs of the hardware address types.
const (
	MacaddrOID  = 829
	Macaddr8OID = 774
)

func init() {
	register(
		&Type{
			OID: MacaddrOID, Name: "macaddr", Display: "macaddr", Array: 1040, Category: 'U', Len: 6, Delim: ',', Store: Blob,
			Input: macaddrIn, Output: macaddrOut, Receive: macaddrRecv, Send: textOut, Compare: compareBytes,
		},
		&Type{
			OID: Macaddr8OID, Name: "macaddr8", Display: "macaddr8", Array: 775, Category: 'U', Len: 8, Delim: ',', Store: Blob,
			Input: macaddr8In, Output: macaddrOut, Receive: macaddr8Recv, Send: textOut, Compare: compareBytes,
		},
	)
}

// macaddrForms are the ways to write an address: how many digits a byte may have and what stands after each.
var macaddrForms = []struct {
	width int
	seps  [6]string
}{
	{0, [6]string{":", ":", ":", ":", ":"}}, {0, [6]string{"-", "-", "-", "-", "-"}},
	{2, [6]string{"", "", ":", "", ""}}, {2, [6]string{"", "", "-", "", ""}}, {2, [6]string{"", ".", "", ".", ""}},
	{2, [6]string{"", "-", "", "-", ""}}, {2, [6]string{"", "", "", "", ""}},
}

func macaddrIn(_ *Context, s string, _ int32) (Value, error) {
forms:
	for _, f := range macaddrForms {
		rest := s
		var nums [6]int64
		for i := range nums {
			var ok bool
			if nums[i], rest, ok = scanHex(rest, f.width); !ok {
				continue forms
			}
			if sep := f.seps[i]; sep != "" {
				if rest == "" || rest[0] != sep[0] {
					continue forms
				}
				rest = rest[1:]
			}
		}
		if trimSpace(rest) != "" {
			continue
		}
		b := make([]byte, 6)
		for i, n := range nums {
			if n < 0 || n > 255 {
				return Value{}, pgerr.New(pgerr.NumericValueOutOfRange, "invalid octet value in \"macaddr\" value: \"%s\"", s)
			}
			b[i] = byte(n)
		}
		return BlobValue(b), nil
	}
	return Value{}, badSyntax("macaddr", s)
}

// scanHex reads a hexadecimal number as C's scanf does: white space, a sign and 0x may come first; width 0 is without limit. As in C the
// number is kept in 32 bits.
func scanHex(s string, width int) (n int64, rest string, ok bool) {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	if width == 0 {
		width = len(s)
	}
	end := min(width, len(s))
	i := 0
	neg := false
	if i < end && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	start := i
	if i+2 < end && s[i] == '0' && s[i+1]|0x20 == 'x' && isHex(s[i+2]) {
		i += 2
	}
	var x uint64
	for ; i < end && isHex(s[i]); i++ {
		if x > math.MaxUint64>>4 {
			x = math.MaxUint64
			continue
		}
		x = x<<4 | uint64(hexValue(s[i]))
	}
	if i == start {
		return 0, s, false
	}
	if neg {
		x = -x
	}
	return int64(int32(x)), s[i:], true
}

func macaddrOut(_ *Context, dst []byte, v Value) []byte {
	for i := range v.B {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = hex.AppendEncode(dst, v.B[i:i+1])
	}
	return dst
}

func macaddrRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkMac(b, 6); err != nil {
		return Value{}, err
	}
	return BlobValue(append([]byte{}, b...)), nil
}

func checkMac(b []byte, n int) error {
	if len(b) < n {
		return pgerr.New(pgerr.ProtocolViolation, "no data left in message")
	}
	return checkLen(b, n)
}

// WidenMac makes a macaddr8 of the six bytes of a macaddr.
func WidenMac(b []byte) []byte { return []byte{b[0], b[1], b[2], 0xff, 0xfe, b[3], b[4], b[5]} }

// macaddr8In reads six or eight bytes of two digits each, with the same mark or none after each.
func macaddr8In(_ *Context, s string, _ int32) (Value, error) {
	t := s
	for t != "" && isSpace(t[0]) {
		t = t[1:]
	}
	var b []byte
	var mark byte
	// A single character left over is not looked at, as PostgreSQL does.
	for len(t) >= 2 {
		if !isHex(t[0]) || !isHex(t[1]) || len(b) == 8 {
			return Value{}, badSyntax("macaddr8", s)
		}
		b = append(b, hexValue(t[0])<<4|hexValue(t[1]))
		t = t[2:]
		if t != "" && (t[0] == ':' || t[0] == '-' || t[0] == '.') {
			if mark != 0 && mark != t[0] {
				return Value{}, badSyntax("macaddr8", s)
			}
			mark = t[0]
			t = t[1:]
		}
		if (len(b) == 6 || len(b) == 8) && t != "" && isSpace(t[0]) {
			if trimSpace(t) != "" {
				return Value{}, badSyntax("macaddr8", s)
			}
			break
		}
	}
	switch len(b) {
	case 6:
		b = WidenMac(b)
	case 8:
	default:
		return Value{}, badSyntax("macaddr8", s)
	}
	return BlobValue(b), nil
}

func macaddr8Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if len(b) == 6 {
		return BlobValue(WidenMac(b)), nil
	}
	if err := checkMac(b, 8); err != nil {
		return Value{}, err
	}
	return BlobValue(append([]byte{}, b...)), nil
}
