package types

import "strings"

// OIDs of built-in types.
const (
	BoolOID  = 16
	ByteaOID = 17
	CharOID  = 18
	NameOID  = 19
)

func init() {
	register(&Type{
		OID: BoolOID, Name: "bool", Display: "boolean", Array: 1000, Category: 'B', Preferred: true, Len: 1, Delim: ',',
		Store: Int, Input: boolIn, Output: boolOut, Receive: boolRecv, Send: boolSend, Compare: compareInts,
	})
}

func boolIn(_ *Context, s string, _ int32) (Value, error) {
	if b, ok := ParseBool(trimSpace(s)); ok {
		return BoolValue(b), nil
	}
	return Value{}, badSyntax("boolean", s)
}

// ParseBool reads a boolean as PostgreSQL does: true, yes, on, 1 and their opposites; words may be cut short while they stay unique.
func ParseBool(s string) (value, ok bool) {
	s = lowerASCII(s)
	if s == "" {
		return false, false
	}
	switch {
	case strings.HasPrefix("true", s), strings.HasPrefix("yes", s), s == "on", s == "1":
		return true, true
	case strings.HasPrefix("false", s), strings.HasPrefix("no", s), s == "0":
		return false, true
	case len(s) >= 2 && strings.HasPrefix("off", s):
		return false, true
	}
	return false, false
}

func boolOut(_ *Context, dst []byte, v Value) []byte {
	if v.I != 0 {
		return append(dst, 't')
	}
	return append(dst, 'f')
}

func boolRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 1); err != nil {
		return Value{}, err
	}
	return BoolValue(b[0] != 0), nil
}

func boolSend(_ *Context, dst []byte, v Value) []byte {
	if v.I != 0 {
		return append(dst, 1)
	}
	return append(dst, 0)
}
