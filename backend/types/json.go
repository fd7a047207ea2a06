package types

import (
	"pgd/backend/pgerr"
)

// OIDs of the JSON types.
const (
	JSONOID     = 114
	JsonbOID    = 3802
	JsonpathOID = 4072
)

func init() {
	register(
		&Type{
			OID: JSONOID, Name: "json", Display: "json", Array: 199, Category: 'U', Len: -1, Delim: ',', Store: Text, NotOrdered: true,
			Input: jsonIn, Output: textOut, Receive: jsonRecv, Send: textOut,
		},
		&Type{
			OID: JsonbOID, Name: "jsonb", Display: "jsonb", Array: 3807, Category: 'U', Len: -1, Delim: ',', Store: Text,
			Collation: "pg_jsonb", Input: jsonbIn, Output: textOut, Receive: jsonbRecv, Send: jsonbSend,
			Compare: func(a, b Value) int { return compareJsonbText(a.B, b.B) },
		},
	)
	Collations["pg_jsonb"] = compareJsonbText
}

func jsonIn(_ *Context, s string, _ int32) (Value, error) {
	if _, err := parseJSON(s, false, true); err != nil {
		return Value{}, err
	}
	return StringValue(s), nil
}

func jsonRecv(c *Context, b []byte, _ int32) (Value, error) {
	if err := ValidText(b); err != nil {
		return Value{}, err
	}
	return jsonIn(c, string(b), -1)
}

func jsonbIn(_ *Context, s string, _ int32) (Value, error) {
	j, err := ParseJsonb(s)
	if err != nil {
		return Value{}, err
	}
	return j.Value(), nil
}

// The binary form is a version number and the text.
func jsonbRecv(c *Context, b []byte, _ int32) (Value, error) {
	if len(b) < 1 {
		return Value{}, errShortBinary
	}
	if b[0] != 1 {
		return Value{}, pgerr.New(pgerr.InternalError, "unsupported jsonb version number %d", b[0])
	}
	if err := ValidText(b[1:]); err != nil {
		return Value{}, err
	}
	return jsonbIn(c, string(b[1:]), -1)
}

func jsonbSend(_ *Context, dst []byte, v Value) []byte { return append(append(dst, 1), v.B...) }
