package catalog

import (
	"strings"

	"pgd/backend/types"
)

// OIDs of element types of the arrays that catalogs hold.
const (
	typeChar    = 18
	typeInt2    = 21
	typeText    = 25
	typeOID     = 26
	typeACLItem = 1033
)

// vector makes an int2vector or oidvector: an array counted from 0.
func vector[T int16 | uint32](elem uint32, of []T) types.Value {
	return types.MakeArray(types.Array{Elem: elem, Dims: []types.Dim{{Len: int32(len(of)), Lower: 0}}, Elems: numbers(of)})
}

// numberArray makes a smallint[] or oid[], NULL for nil.
func numberArray[T int16 | uint32](elem uint32, of []T) types.Value {
	if of == nil {
		return types.NullValue
	}
	return types.NewArray(elem, numbers(of))
}

func numbers[T int16 | uint32](of []T) []types.Value {
	vs := make([]types.Value, len(of))
	for i, n := range of {
		vs[i] = types.IntValue(int64(n))
	}
	return vs
}

// textArray makes a text[] (or another array of TEXT), NULL for nil.
func textArray(elem uint32, of []string) types.Value {
	if of == nil {
		return types.NullValue
	}
	vs := make([]types.Value, len(of))
	for i, s := range of {
		vs[i] = types.StringValue(s)
	}
	return types.NewArray(elem, vs)
}

// readNumbers gives the elements of a stored array or vector of numbers; nil for NULL and for what is no array.
func readNumbers[T int16 | uint32](v types.Value) []T {
	if v.Kind != types.Blob {
		return nil
	}
	out := []T{}
	if types.EachElement(v, func(e types.Value) bool { out = append(out, T(e.I)); return true }) != nil {
		return nil
	}
	return out
}

// readTexts gives the elements of a stored array of TEXT; nil for NULL and for what is no array.
func readTexts(v types.Value) []string {
	if v.Kind != types.Blob {
		return nil
	}
	out := []string{}
	if types.EachElement(v, func(e types.Value) bool { out = append(out, string(e.B)); return true }) != nil {
		return nil
	}
	return out
}

// JoinExprs and SplitExprs keep several expressions in one column (pg_index.indexprs), as one list of SQL.
func JoinExprs(exprs []string) string { return strings.Join(exprs, ", ") }

// SplitExprs takes a list apart at the commas that are outside of parentheses, quotes and identifiers.
func SplitExprs(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'', '"':
			for i++; i < len(s) && s[i] != c; i++ {
			}
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, strings.TrimSpace(s[start:i]))
				start = i + 1
			}
		}
	}
	if rest := strings.TrimSpace(s[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}
