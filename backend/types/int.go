package types

import (
	"encoding/binary"
	"math"
	"strconv"
)

// OIDs of the integer types.
const (
	Int8OID = 20
	Int2OID = 21
	Int4OID = 23
)

func init() {
	register(
		&Type{
			OID: Int2OID, Name: "int2", Display: "smallint", Array: 1005, Category: 'N', Len: 2, Delim: ',', Store: Int,
			Input: int2In, Output: intOut, Receive: int2Recv, Send: int2Send, Compare: compareInts,
		},
		&Type{
			OID: Int4OID, Name: "int4", Display: "integer", Array: 1007, Category: 'N', Len: 4, Delim: ',', Store: Int,
			Input: int4In, Output: intOut, Receive: int4Recv, Send: int4Send, Compare: compareInts,
		},
		&Type{
			OID: Int8OID, Name: "int8", Display: "bigint", Array: 1016, Category: 'N', Len: 8, Delim: ',', Store: Int,
			Input: int8In, Output: intOut, Receive: int8Recv, Send: int8Send, Compare: compareInts,
		},
	)
}

func int2In(_ *Context, s string, _ int32) (Value, error) {
	return parseInt(s, "smallint", math.MinInt16, math.MaxInt16)
}

func int4In(_ *Context, s string, _ int32) (Value, error) {
	return parseInt(s, "integer", math.MinInt32, math.MaxInt32)
}

func int8In(_ *Context, s string, _ int32) (Value, error) {
	return parseInt(s, "bigint", math.MinInt64, math.MaxInt64)
}

// parseInt reads an integer between white space. What is too long is out of range even when rubbish follows, as PostgreSQL sees it.
func parseInt(s, typ string, low, high int64) (Value, error) {
	i, n := 0, len(s)
	for i < n && isSpace(s[i]) {
		i++
	}
	neg := false
	if i < n && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	if i >= n || s[i] < '0' || s[i] > '9' {
		return Value{}, badSyntax(typ, s)
	}
	// Counting downwards reaches the lowest value without overflow.
	var x int64
	for ; i < n && s[i] >= '0' && s[i] <= '9'; i++ {
		d := int64(s[i] - '0')
		if x < (low+d)/10 {
			return Value{}, outOfRange(typ, s)
		}
		x = x*10 - d
	}
	for i < n && isSpace(s[i]) {
		i++
	}
	if i < n {
		return Value{}, badSyntax(typ, s)
	}
	if !neg {
		if x < -high {
			return Value{}, outOfRange(typ, s)
		}
		x = -x
	}
	return IntValue(x), nil
}

func intOut(_ *Context, dst []byte, v Value) []byte { return strconv.AppendInt(dst, v.I, 10) }

func int2Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 2); err != nil {
		return Value{}, err
	}
	return IntValue(int64(int16(binary.BigEndian.Uint16(b)))), nil
}

func int4Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 4); err != nil {
		return Value{}, err
	}
	return IntValue(int64(int32(binary.BigEndian.Uint32(b)))), nil
}

func int8Recv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 8); err != nil {
		return Value{}, err
	}
	return IntValue(int64(binary.BigEndian.Uint64(b))), nil
}

func int2Send(_ *Context, dst []byte, v Value) []byte {
	return binary.BigEndian.AppendUint16(dst, uint16(v.I))
}

func int4Send(_ *Context, dst []byte, v Value) []byte {
	return binary.BigEndian.AppendUint32(dst, uint32(v.I))
}

func int8Send(_ *Context, dst []byte, v Value) []byte {
	return binary.BigEndian.AppendUint64(dst, uint64(v.I))
}
