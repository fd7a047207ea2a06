package types

import (
	"strconv"
	"strings"
)

// LSNOID is pg_lsn's OID.
const LSNOID = 3220

func init() {
	register(&Type{
		OID: LSNOID, Name: "pg_lsn", Display: "pg_lsn", Array: 3221, Category: 'U', Len: 8, Delim: ',', Store: Int,
		Input: lsnIn, Output: lsnOut, Receive: int8Recv, Send: int8Send, Compare: compareUints,
	})
}

// lsnIn reads two hexadecimal numbers of up to eight digits with a slash between.
func lsnIn(_ *Context, s string, _ int32) (Value, error) {
	hi, lo, ok := strings.Cut(s, "/")
	if !ok || len(hi) < 1 || len(hi) > 8 || len(lo) < 1 || len(lo) > 8 || strings.ContainsAny(s, "+-_") {
		return Value{}, badSyntax("pg_lsn", s)
	}
	a, err1 := strconv.ParseUint(hi, 16, 32)
	b, err2 := strconv.ParseUint(lo, 16, 32)
	if err1 != nil || err2 != nil {
		return Value{}, badSyntax("pg_lsn", s)
	}
	return IntValue(int64(a<<32 | b)), nil
}

func lsnOut(_ *Context, dst []byte, v Value) []byte {
	dst = append(dst, strings.ToUpper(strconv.FormatUint(uint64(v.I)>>32, 16))...)
	dst = append(dst, '/')
	return append(dst, strings.ToUpper(strconv.FormatUint(uint64(uint32(v.I)), 16))...)
}
