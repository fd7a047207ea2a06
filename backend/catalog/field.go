package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"pgd/backend/types"
)

// Types of catalog columns that decide how a field is stored.
const (
	typeBool        = 16
	typeBytea       = 17
	typeInt8        = 20
	typeInt2Vector  = 22
	typeInt4        = 23
	typeRegproc     = 24
	typeXID         = 28
	typeOIDVector   = 30
	typeFloat4      = 700
	typeFloat8      = 701
	typeTimestamp   = 1114
	typeTimestamptz = 1184
	typeAnyArray    = 2277
)

// arrayElem gives the element type of the array types that catalogs use, 0 for other types.
func arrayElem(typ uint32) uint32 {
	switch typ {
	case 1002:
		return typeChar
	case 1005, typeInt2Vector:
		return typeInt2
	case 1009:
		return typeText
	case 1028, typeOIDVector:
		return typeOID
	case 1034:
		return typeACLItem
	case 1021:
		return typeFloat4
	}
	return 0
}

// affinity is the declared type of a catalog column in SQLite.
func affinity(typ uint32) string {
	switch {
	case typ == typeAnyArray || arrayElem(typ) != 0 || typ == typeBytea:
		return "BLOB"
	case isInteger(typ):
		return "INTEGER"
	case typ == typeFloat4 || typ == typeFloat8:
		return "REAL"
	}
	return "TEXT"
}

func isInteger(typ uint32) bool {
	switch typ {
	case typeBool, typeInt2, typeInt4, typeInt8, typeOID, typeRegproc, typeXID, typeTimestamp, typeTimestamptz:
		return true
	}
	return false
}

// field turns a field of a row file into the stored value.
func field(typ uint32, s string) (types.Value, error) {
	if s == `\N` {
		return types.NullValue, nil
	}
	switch {
	case typ == typeBool:
		return types.BoolValue(s == "t"), nil
	case isInteger(typ):
		n, err := strconv.ParseInt(s, 10, 64)
		return types.IntValue(n), err
	case typ == typeFloat4 || typ == typeFloat8:
		f, err := strconv.ParseFloat(s, 64)
		return types.FloatValue(f), err
	}
	if strings.IndexByte(s, '\\') >= 0 {
		s = unescape.Replace(s)
	}
	elem := arrayElem(typ)
	if elem == 0 {
		return types.StringValue(s), nil
	}
	if typ == typeInt2Vector || typ == typeOIDVector {
		var ns []types.Value
		for _, f := range strings.Fields(s) {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return types.NullValue, err
			}
			ns = append(ns, types.IntValue(n))
		}
		return types.MakeArray(types.Array{Elem: elem, Dims: []types.Dim{{Len: int32(len(ns)), Lower: 0}}, Elems: ns}), nil
	}
	items, err := arrayItems(s)
	if err != nil {
		return types.NullValue, err
	}
	vs := make([]types.Value, len(items))
	for i, it := range items {
		if vs[i], err = field(elem, it); err != nil {
			return types.NullValue, err
		}
	}
	return types.NewArray(elem, vs), nil
}

var unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r", `\b`, "\b", `\f`, "\f", `\v`, "\v")

// arrayItems reads the elements of a one-dimensional array's text form.
func arrayItems(s string) ([]string, error) {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, fmt.Errorf("%q is no array", s)
	}
	s = s[1 : len(s)-1]
	var items []string
	for len(s) > 0 {
		if s[0] == '"' {
			end := strings.IndexByte(s[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("unclosed quote in an array")
			}
			items = append(items, s[1:1+end])
			s = strings.TrimPrefix(s[2+end:], ",")
			continue
		}
		item, rest, _ := strings.Cut(s, ",")
		items = append(items, item)
		s = rest
	}
	return items, nil
}
