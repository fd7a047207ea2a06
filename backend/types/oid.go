package types

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// OIDs of the identifier types.
const (
	OidOID  = 26
	TidOID  = 27
	XidOID  = 28
	CidOID  = 29
	Xid8OID = 5069
)

func init() {
	register(
		&Type{
			OID: OidOID, Name: "oid", Display: "oid", Array: 1028, Category: 'N', Preferred: true, Len: 4, Delim: ',', Store: Int,
			Input: oidIn, Output: intOut, Receive: oidRecv, Send: int4Send, Compare: compareInts,
		},
		&Type{
			OID: XidOID, Name: "xid", Display: "xid", Array: 1011, Category: 'U', Len: 4, Delim: ',', Store: Int,
			Input: xidIn, Output: intOut, Receive: oidRecv, Send: int4Send, Compare: compareInts,
		},
		&Type{
			OID: CidOID, Name: "cid", Display: "cid", Array: 1012, Category: 'U', Len: 4, Delim: ',', Store: Int,
			Input: xidIn, Output: intOut, Receive: oidRecv, Send: int4Send, Compare: compareInts,
		},
		&Type{
			OID: Xid8OID, Name: "xid8", Display: "xid8", Array: 271, Category: 'U', Len: 8, Delim: ',', Store: Int,
			Input: xid8In, Output: xid8Out, Receive: int8Recv, Send: int8Send, Compare: compareUints,
		},
		&Type{
			OID: TidOID, Name: "tid", Display: "tid", Array: 1010, Category: 'U', Len: 6, Delim: ',', Store: Int,
			Input: tidIn, Output: tidOut, Receive: tidRecv, Send: tidSend, Compare: compareInts,
		},
	)
}

// leadingUint reads what C's strtoul reads, in base 10: white space, a sign that wraps around, digits. rest is what follows.
func leadingUint(s string) (x uint64, rest string, overflow, ok bool) {
	t := s
	for len(t) > 0 && isSpace(t[0]) {
		t = t[1:]
	}
	neg := false
	if len(t) > 0 && (t[0] == '-' || t[0] == '+') {
		neg = t[0] == '-'
		t = t[1:]
	}
	i := 0
	for ; i < len(t) && t[i] >= '0' && t[i] <= '9'; i++ {
		d := uint64(t[i] - '0')
		if x > (math.MaxUint64-d)/10 {
			overflow = true
		}
		x = x*10 + d
	}
	if i == 0 {
		return 0, s, false, false
	}
	if neg {
		x = -x
	}
	return x, t[i:], overflow, true
}

func oidIn(_ *Context, s string, _ int32) (Value, error) {
	x, rest, overflow, ok := leadingUint(s)
	if !ok {
		return Value{}, badSyntax("oid", s)
	}
	if overflow {
		return Value{}, outOfRange("oid", s)
	}
	if trimSpace(rest) != "" {
		return Value{}, badSyntax("oid", s)
	}
	o := uint32(x)
	if x != uint64(o) && x != uint64(int64(int32(o))) {
		return Value{}, outOfRange("oid", s)
	}
	return IntValue(int64(o)), nil
}

func oidRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 4); err != nil {
		return Value{}, err
	}
	return IntValue(int64(binary.BigEndian.Uint32(b))), nil
}

// xidIn takes whatever number the text begins with, in C's notations; PostgreSQL does not look at the rest.
func xidIn(_ *Context, s string, _ int32) (Value, error) {
	return IntValue(int64(uint32(leadingC(s)))), nil
}

func xid8In(_ *Context, s string, _ int32) (Value, error) { return IntValue(int64(leadingC(s))), nil }

// leadingC is strtoul with base 0.
func leadingC(s string) uint64 {
	t := strings.TrimLeft(s, " \t\n\v\f\r")
	neg := strings.HasPrefix(t, "-")
	if neg || strings.HasPrefix(t, "+") {
		t = t[1:]
	}
	base := uint64(10)
	switch {
	case len(t) > 2 && t[0] == '0' && t[1]|0x20 == 'x':
		base, t = 16, t[2:]
	case len(t) > 1 && t[0] == '0':
		base, t = 8, t[1:]
	}
	var x uint64
	for i := 0; i < len(t); i++ {
		d := uint64(99)
		switch c := t[i] | 0x20; {
		case t[i] >= '0' && t[i] <= '9':
			d = uint64(t[i] - '0')
		case c >= 'a' && c <= 'f':
			d = uint64(c-'a') + 10
		}
		if d >= base {
			break
		}
		if x > (math.MaxUint64-d)/base {
			return math.MaxUint64
		}
		x = x*base + d
	}
	if neg {
		x = -x
	}
	return x
}

func xid8Out(_ *Context, dst []byte, v Value) []byte { return strconv.AppendUint(dst, uint64(v.I), 10) }

func compareUints(a, b Value) int {
	switch x, y := uint64(a.I), uint64(b.I); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// A tid is block<<16 | offset.
func tidIn(_ *Context, s string, _ int32) (Value, error) {
	bad := badSyntax("tid", s)
	t := s
	if i := strings.IndexByte(t, '('); i < 0 {
		return Value{}, bad
	} else {
		t = t[i+1:]
	}
	block, t, overflow, ok := leadingUint(t)
	if !ok || overflow || !strings.HasPrefix(t, ",") || block != uint64(uint32(block)) && block != uint64(int64(int32(block))) {
		return Value{}, bad
	}
	off, t, overflow, ok := leadingUint(t[1:])
	if !ok || overflow || !strings.HasPrefix(t, ")") || off > math.MaxUint16 {
		return Value{}, bad
	}
	return IntValue(int64(uint32(block))<<16 | int64(off)), nil
}

func tidOut(_ *Context, dst []byte, v Value) []byte {
	dst = append(dst, '(')
	dst = strconv.AppendInt(dst, v.I>>16, 10)
	dst = append(dst, ',')
	dst = strconv.AppendInt(dst, v.I&0xffff, 10)
	return append(dst, ')')
}

func tidRecv(_ *Context, b []byte, _ int32) (Value, error) {
	if err := checkLen(b, 6); err != nil {
		return Value{}, err
	}
	return IntValue(int64(binary.BigEndian.Uint32(b))<<16 | int64(binary.BigEndian.Uint16(b[4:]))), nil
}

func tidSend(_ *Context, dst []byte, v Value) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(v.I>>16))
	return binary.BigEndian.AppendUint16(dst, uint16(v.I))
}

var errNoNames = pgerr.New(pgerr.FeatureNotSupported, "object names cannot be looked up here")
