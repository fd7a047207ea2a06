package types

import (
	"encoding/binary"

	"pgd/backend/pgerr"
)

// OIDs of the catalogs' short arrays. They are stored as arrays with lower bound 0.
const (
	Int2vectorOID = 22
	OidvectorOID  = 30
)

func init() {
	register(vectorType(Int2vectorOID, 1006, "int2vector", Int2OID, int2In), vectorType(OidvectorOID, 1013, "oidvector", OidOID, oidIn))
}

// NewVector makes an int2vector or oidvector; elem is Int2OID or OidOID.
func NewVector(elem uint32, xs []int64) Value {
	vs := make([]Value, len(xs))
	for i, x := range xs {
		vs[i] = IntValue(x)
	}
	return MakeArray(Array{Elem: elem, Dims: []Dim{{int32(len(xs)), 0}}, Elems: vs})
}

func vectorType(oid, array uint32, name string, elem uint32, in func(*Context, string, int32) (Value, error)) *Type {
	return &Type{
		OID: oid, Name: name, Display: name, Array: array, Elem: elem, Category: 'A', Len: -1, Delim: ',', Store: Blob,
		Compare: func(a, b Value) int { return CompareArrays(a, b, compareInts) },
		Input: func(c *Context, s string, _ int32) (Value, error) {
			var xs []int64
			for {
				for s != "" && isSpace(s[0]) {
					s = s[1:]
				}
				if s == "" {
					return NewVector(elem, xs), nil
				}
				n := 0
				for n < len(s) && !isSpace(s[n]) {
					n++
				}
				v, err := in(c, s[:n], -1)
				if err != nil {
					return Value{}, err
				}
				if len(xs) >= 100 && elem == Int2OID {
					return Value{}, pgerr.New(pgerr.InvalidParameterValue, "int2vector has too many elements")
				}
				xs = append(xs, v.I)
				s = s[n:]
			}
		},
		Output: func(c *Context, dst []byte, v Value) []byte {
			first := true
			_ = EachElement(v, func(e Value) bool {
				if !first {
					dst = append(dst, ' ')
				}
				first = false
				dst = intOut(c, dst, e)
				return true
			})
			return dst
		},
		Receive: func(c *Context, b []byte, _ int32) (Value, error) {
			v, err := arrayRecv(c, builtin[elem], b, -1)
			if err != nil {
				return v, err
			}
			a, err := ReadArray(v)
			if err != nil {
				return v, err
			}
			if len(a.Dims) == 0 {
				return NewVector(elem, nil), nil
			}
			if len(a.Dims) != 1 || a.Dims[0].Lower != 0 || binary.BigEndian.Uint32(b[4:]) != 0 {
				return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid %s data", name)
			}
			return v, nil
		},
		Send: arraySend,
	}
}
