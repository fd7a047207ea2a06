package types

import (
	"encoding/hex"
)

// UUIDOID is uuid's OID.
const UUIDOID = 2950

func init() {
	register(&Type{
		OID: UUIDOID, Name: "uuid", Display: "uuid", Array: 2951, Category: 'U', Len: 16, Delim: ',', Store: Blob,
		Input: uuidIn, Output: uuidOut, Receive: uuidRecv, Send: textOut, Compare: compareBytes,
	})
}

// uuidIn takes 32 hexadecimal digits, a hyphen allowed after every fourth, braces around the whole.
func uuidIn(_ *Context, s string, _ int32) (Value, error) {
	t := s
	braces := len(t) > 0 && t[0] == '{'
	if braces {
		t = t[1:]
	}
	b := make([]byte, 16)
	for i := range b {
		if len(t) < 2 {
			return Value{}, badSyntax("uuid", s)
		}
		if _, err := hex.Decode(b[i:i+1], []byte(t[:2])); err != nil {
			return Value{}, badSyntax("uuid", s)
		}
		t = t[2:]
		if len(t) > 0 && t[0] == '-' && i%2 == 1 && i < 15 {
			t = t[1:]
		}
	}
	if braces {
		if len(t) == 0 || t[0] != '}' {
			return Value{}, badSyntax("uuid", s)
		}
		t = t[1:]
	}
	if t != "" {
		return Value{}, badSyntax("uuid", s)
	}
	return BlobValue(b), nil
}

func uuidOut(_ *Context, dst []byte, v Value) []byte {
	for i, x := range v.B {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, []byte{x})
	}
	return dst
}

func uuidRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 16); err != nil {
		return Value{}, err
	}
	return BlobValue(append([]byte{}, b...)), nil
}
