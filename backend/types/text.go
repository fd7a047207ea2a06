package types

import (
	"bytes"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// OIDs of the string types.
const (
	TextOID    = 25
	BpcharOID  = 1042
	VarcharOID = 1043
	UnknownOID = 705
	CstringOID = 2275
	NodeOID    = 194
	RefcursOID = 1790
)

func init() {
	register(
		&Type{
			OID: TextOID, Name: "text", Display: "text", Array: 1009, Category: 'S', Preferred: true, Len: -1, Delim: ',', Store: Text,
			Input: textIn, Output: textOut, Receive: textRecv, Send: textOut, Compare: compareBytes,
		},
		&Type{
			OID: VarcharOID, Name: "varchar", Display: "character varying", Array: 1015, Category: 'S', Len: -1, Delim: ',', Store: Text,
			Input: varcharIn, Output: textOut, Receive: varcharRecv, Send: textOut, Compare: compareBytes,
			TypmodIn: charTypmodIn("varchar"), TypmodOut: charTypmodOut, Apply: applyVarchar,
		},
		&Type{
			OID: BpcharOID, Name: "bpchar", Display: "character", Array: 1014, Category: 'S', Len: -1, Delim: ',', Store: Text,
			Collation: "RTRIM", Input: bpcharIn, Output: textOut, Receive: bpcharRecv, Send: textOut, Compare: compareBpchar,
			TypmodIn: charTypmodIn("char"), TypmodOut: charTypmodOut, Apply: applyBpchar,
		},
		&Type{
			OID: UnknownOID, Name: "unknown", Display: "unknown", Category: 'X', Len: -2, Delim: ',', Store: Text,
			Input: textIn, Output: textOut, Receive: textRecv, Send: textOut, NotOrdered: true,
		},
		&Type{
			OID: CstringOID, Name: "cstring", Display: "cstring", Array: 1263, Category: 'P', Len: -2, Delim: ',', Store: Text,
			Input: textIn, Output: textOut, Receive: textRecv, Send: textOut, NotOrdered: true,
		},
		&Type{
			OID: NodeOID, Name: "pg_node_tree", Display: "pg_node_tree", Category: 'Z', Len: -1, Delim: ',', Store: Text,
			Input: cannotAccept("pg_node_tree"), Output: textOut, Receive: cannotReceive("pg_node_tree"), Send: textOut, NotOrdered: true,
		},
		&Type{
			OID: RefcursOID, Name: "refcursor", Display: "refcursor", Array: 2201, Category: 'U', Len: -1, Delim: ',', Store: Text,
			Input: textIn, Output: textOut, Receive: textRecv, Send: textOut, NotOrdered: true,
		},
	)
}

func compareBytes(a, b Value) int { return bytes.Compare(a.B, b.B) }

func compareBpchar(a, b Value) int {
	return bytes.Compare(bytes.TrimRight(a.B, " "), bytes.TrimRight(b.B, " "))
}

func textIn(_ *Context, s string, _ int32) (Value, error) { return StringValue(s), nil }

func textOut(_ *Context, dst []byte, v Value) []byte { return append(dst, v.B...) }

func textRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := ValidText(b); err != nil {
		return Value{}, err
	}
	return TextValue(append([]byte{}, b...)), nil
}

// typmodHeader is what PostgreSQL adds to the length in the typmod of its variable-length types.
const typmodHeader = 4

func charTypmodIn(name string) func([]int32) (int32, error) {
	return func(mods []int32) (int32, error) {
		if len(mods) != 1 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
		}
		if mods[0] < 1 {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s must be at least 1", name)
		}
		if mods[0] > maxCharLength {
			return 0, pgerr.New(pgerr.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxCharLength)
		}
		return mods[0] + typmodHeader, nil
	}
}

const maxCharLength = 10485760

func charTypmodOut(typmod int32) string {
	if typmod <= typmodHeader {
		return ""
	}
	return "(" + itoa(int(typmod-typmodHeader)) + ")"
}

// cutChars finds the byte offset after n characters; -1 where b has no more than n.
func cutChars(b []byte, n int) int {
	if len(b) <= n {
		return -1
	}
	i := 0
	for ; n > 0; n-- {
		if i >= len(b) {
			return -1
		}
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, w := utf8.DecodeRune(b[i:])
		i += w
	}
	if i >= len(b) {
		return -1
	}
	return i
}

func onlySpaces(b []byte) bool {
	for _, c := range b {
		if c != ' ' {
			return false
		}
	}
	return true
}

func varcharIn(c *Context, s string, typmod int32) (Value, error) {
	return applyVarchar(c, StringValue(s), typmod, false)
}

func varcharRecv(c *Context, b []byte, typmod int32) (Value, error) {
	v, err := textRecv(c, b, -1)
	if err != nil {
		return v, err
	}
	return applyVarchar(c, v, typmod, false)
}

// applyVarchar cuts spaces over the length; other characters only where the cast is explicit.
func applyVarchar(_ *Context, v Value, typmod int32, explicit bool) (Value, error) {
	if typmod < typmodHeader {
		return v, nil
	}
	n := int(typmod - typmodHeader)
	cut := cutChars(v.B, n)
	if cut < 0 {
		return v, nil
	}
	if !explicit && !onlySpaces(v.B[cut:]) {
		return Value{}, pgerr.New(pgerr.StringDataRightTruncation, "value too long for type character varying(%d)", n)
	}
	return TextValue(v.B[:cut]), nil
}

func bpcharIn(c *Context, s string, typmod int32) (Value, error) {
	return applyBpchar(c, StringValue(s), typmod, false)
}

func bpcharRecv(c *Context, b []byte, typmod int32) (Value, error) {
	v, err := textRecv(c, b, -1)
	if err != nil {
		return v, err
	}
	return applyBpchar(c, v, typmod, false)
}

// applyBpchar cuts as applyVarchar does and fills up with spaces.
func applyBpchar(_ *Context, v Value, typmod int32, explicit bool) (Value, error) {
	if typmod < typmodHeader {
		return v, nil
	}
	n := int(typmod - typmodHeader)
	if cut := cutChars(v.B, n); cut >= 0 {
		if !explicit && !onlySpaces(v.B[cut:]) {
			return Value{}, pgerr.New(pgerr.StringDataRightTruncation, "value too long for type character(%d)", n)
		}
		return TextValue(v.B[:cut]), nil
	}
	have := utf8.RuneCount(v.B)
	if have >= n {
		return v, nil
	}
	b := make([]byte, 0, len(v.B)+n-have)
	b = append(b, v.B...)
	for ; have < n; have++ {
		b = append(b, ' ')
	}
	return TextValue(b), nil
}
