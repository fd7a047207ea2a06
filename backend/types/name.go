package types

import (
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// NameLength is the longest name in bytes.
const NameLength = 63

func init() {
	register(
		&Type{
			OID: NameOID, Name: "name", Display: "name", Array: 1003, Elem: 0, Category: 'S', Len: 64, Delim: ',', Store: Text,
			Input: nameIn, Output: textOut, Receive: nameRecv, Send: textOut, Compare: compareBytes,
		},
		&Type{
			OID: CharOID, Name: "char", Display: `"char"`, Array: 1002, Category: 'Z', Len: 1, Delim: ',', Store: Text,
			Input: charIn, Output: textOut, Receive: charRecv, Send: charSend, Compare: compareBytes,
		},
	)
}

// TruncateName cuts a name to what an identifier may have, never inside a character.
func TruncateName(s string) string {
	if len(s) <= NameLength {
		return s
	}
	n := NameLength
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func nameIn(_ *Context, s string, _ int32) (Value, error) { return StringValue(TruncateName(s)), nil }

func nameRecv(c *Context, b []byte, _ int32) (Value, error) {
	if len(b) > NameLength {
		return Value{}, pgerr.New(pgerr.NameTooLong, "identifier too long").
			WithDetail("Identifier must be less than %d characters.", NameLength+1)
	}
	return textRecv(c, b, -1)
}

// A "char" is one byte, the empty text for a zero byte. Bytes over 127 are kept as the character of that number, so that what is stored stays UTF-8.
func charIn(_ *Context, s string, _ int32) (Value, error) {
	if s == "" {
		return TextValue([]byte{}), nil
	}
	return CharValue(s[0]), nil
}

// CharValue makes a "char" of a byte.
func CharValue(c byte) Value {
	if c == 0 {
		return TextValue([]byte{})
	}
	return TextValue(utf8.AppendRune(nil, rune(c)))
}

// CharByte gives the byte of a "char".
func CharByte(v Value) byte {
	if len(v.B) == 0 {
		return 0
	}
	r, _ := utf8.DecodeRune(v.B)
	return byte(r)
}

func charRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 1); err != nil {
		return Value{}, err
	}
	return CharValue(b[0]), nil
}

func charSend(_ *Context, dst []byte, v Value) []byte { return append(dst, CharByte(v)) }
