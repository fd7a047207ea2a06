package functions

import (
	"bytes"
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// bitRows are the functions and operators of bit strings, which are held as digits.
func bitRows() []Row {
	rs := []Row{
		{Sig: "\"bit\"(integer,integer)", Scalar: intToBits(32)}, {Sig: "\"bit\"(bigint,integer)", Scalar: intToBits(64)},
		{Sig: "\"bit\"(bit,integer,boolean)", Scalar: bitLengthCast(types.BitOID)},
		{Sig: "varbit(bit varying,integer,boolean)", Scalar: bitLengthCast(types.VarbitOID)},
		{Sig: "int4(bit)", Scalar: bitsToInt(32, errInt4Range)}, {Sig: "int8(bit)", Scalar: bitsToInt(64, errInt8Range)},
		{Sig: "bitand(bit,bit)", Scalar: bitPair("AND")}, {Sig: "bitor(bit,bit)", Scalar: bitPair("OR")}, {Sig: "bitxor(bit,bit)", Scalar: bitPair("XOR")},
		{Sig: "bitnot(bit)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			out := make([]byte, len(a[0].B))
			for i, d := range a[0].B {
				out[i] = d ^ 1
			}
			return types.TextValue(out), nil
		}},
		{Sig: "bitshiftleft(bit,integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return shiftBits(a[0].B, a[1].I), nil }},
		{Sig: "bitshiftright(bit,integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return shiftBits(a[0].B, -a[1].I), nil }},
		{Sig: "bitcat(bit varying,bit varying)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return joinBits(a[0].B, a[1].B) }},
		{Sig: "length(bit)", SQL: "length($1)", Scalar: bitNumber(countBytes)},
		{Sig: "bit_length(bit)", SQL: "length($1)", Scalar: bitNumber(countBytes)},
		{Sig: "octet_length(bit)", Scalar: bitNumber(func(b []byte) int64 { return int64(len(b)+7) / 8 })},
		{Sig: "bit_count(bit)", Scalar: bitNumber(func(b []byte) int64 { return int64(bytes.Count(b, []byte{'1'})) })},
		{Sig: "\"substring\"(bit,integer)", Scalar: substringBits}, {Sig: "\"substring\"(bit,integer,integer)", Scalar: substringBits},
		{Sig: "\"overlay\"(bit,bit,integer)", Scalar: overlayBits}, {Sig: "\"overlay\"(bit,bit,integer,integer)", Scalar: overlayBits},
		{Sig: "\"position\"(bit,bit)", Scalar: positionBits},
		{Sig: "get_bit(bit,integer)", Scalar: getBitOfBits}, {Sig: "set_bit(bit,integer,integer)", Scalar: setBitOfBits},
		{Sig: "bit_and(bit)", Aggregate: func(*Call) Aggregate { return &bitStringAgg{word: "AND"} }},
		{Sig: "bit_or(bit)", Aggregate: func(*Call) Aggregate { return &bitStringAgg{word: "OR"} }},
		{Sig: "bit_xor(bit)", Aggregate: func(*Call) Aggregate { return &bitStringAgg{word: "XOR"} }},
	}
	for _, t := range []struct{ name, display string }{{"bit", "bit"}, {"varbit", "bit varying"}} {
		args := "(" + t.display + "," + t.display + ")"
		for _, op := range comparisonOperators {
			rs = append(rs, Row{Sig: t.name + op.name + args, SQL: "$1 " + op.sql + " $2"})
		}
		rs = append(rs, Row{Sig: t.name + "cmp" + args, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(bytes.Compare(a[0].B, a[1].B))), nil
		}})
	}
	return rs
}

func bitNumber(f func([]byte) int64) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return types.IntValue(f(a[0].B)), nil }
}

// intToBits writes the last bits of an integer of this width, its sign repeated in front; a bad length means one bit.
func intToBits(width int64) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		n := a[1].I
		if n <= 0 || n > types.MaxBits {
			n = 1
		}
		out := make([]byte, n)
		for i := range out {
			at := n - 1 - int64(i)
			out[i] = '0' + byte(a[0].I>>min(at, width-1)&1)
		}
		return types.TextValue(out), nil
	}
}

func bitsToInt(width int, tooLong error) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		if len(a[0].B) > width {
			return null, tooLong
		}
		var x uint64
		for _, d := range a[0].B {
			x = x<<1 | uint64(d&1)
		}
		if width == 32 {
			return types.IntValue(int64(int32(x))), nil
		}
		return types.IntValue(int64(x)), nil
	}
}

func bitLengthCast(oid uint32) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		v, err := types.ByOID(oid).Apply(c.Context, a[0], int32(a[1].I), a[2].Bool())
		return v.Clone(), err
	}
}

// combineBits is AND, OR or XOR of two strings of one length.
func combineBits(word string, x, y []byte) ([]byte, error) {
	if len(x) != len(y) {
		return nil, pgerr.New(pgerr.StringDataLengthMismatch, "cannot %s bit strings of different sizes", word)
	}
	out := make([]byte, len(x))
	for i := range x {
		switch word {
		case "AND":
			out[i] = x[i] & y[i]
		case "OR":
			out[i] = x[i] | y[i]
		default:
			out[i] = '0' | (x[i] ^ y[i])
		}
	}
	return out, nil
}

func bitPair(word string) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		out, err := combineBits(word, a[0].B, a[1].B)
		return types.TextValue(out), err
	}
}

// shiftBits shifts to the left, to the right where n is negative; the length stays.
func shiftBits(b []byte, n int64) types.Value {
	out := bytes.Repeat([]byte{'0'}, len(b))
	size := int64(len(b))
	switch {
	case n >= size || -n >= size:
	case n >= 0:
		copy(out, b[n:])
	default:
		copy(out[-n:], b)
	}
	return types.TextValue(out)
}

func joinBits(parts ...[]byte) (types.Value, error) {
	out := bytes.Join(parts, nil)
	if len(out) > types.MaxBits {
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "bit string length exceeds the maximum allowed (%d)", types.MaxBits)
	}
	return types.TextValue(out), nil
}

// cutBits gives the bits from a position counted from 1 up to, not with, another.
func cutBits(b []byte, from, to int64) []byte {
	from, to = max(from, 1), min(to, int64(len(b))+1)
	if from >= to {
		return nil
	}
	return b[from-1 : to-1]
}

var errNegativeSubstring = pgerr.New(pgerr.SubstringError, "negative substring length not allowed")

func substringBits(_ *Call, a []types.Value) (types.Value, error) {
	to := int64(math.MaxInt64)
	if len(a) > 2 {
		if a[2].I < 0 {
			return null, errNegativeSubstring
		}
		to = a[1].I + a[2].I
	}
	return joinBits(cutBits(a[0].B, a[1].I, to))
}

func overlayBits(_ *Call, a []types.Value) (types.Value, error) {
	from, n := a[2].I, int64(len(a[1].B))
	if len(a) > 3 {
		n = a[3].I
	}
	if from <= 0 {
		return null, errNegativeSubstring
	}
	if from+n > math.MaxInt32 {
		return null, errInt4Range
	}
	return joinBits(cutBits(a[0].B, 1, from), a[1].B, cutBits(a[0].B, from+n, math.MaxInt64))
}

// positionBits finds the second string in the first.
func positionBits(_ *Call, a []types.Value) (types.Value, error) {
	if len(a[0].B) == 0 {
		return types.IntValue(0), nil
	}
	return types.IntValue(int64(bytes.Index(a[0].B, a[1].B)) + 1), nil
}

func bitIndex(b []byte, n int64) error {
	if n < 0 || n >= int64(len(b)) {
		return pgerr.New(pgerr.ArraySubscriptError, "bit index %d out of valid range (0..%d)", n, len(b)-1)
	}
	return nil
}

func getBitOfBits(_ *Call, a []types.Value) (types.Value, error) {
	if err := bitIndex(a[0].B, a[1].I); err != nil {
		return null, err
	}
	return types.IntValue(int64(a[0].B[a[1].I] & 1)), nil
}

func setBitOfBits(_ *Call, a []types.Value) (types.Value, error) {
	if err := bitIndex(a[0].B, a[1].I); err != nil {
		return null, err
	}
	if a[2].I != 0 && a[2].I != 1 {
		return null, pgerr.New(pgerr.InvalidParameterValue, "new bit must be 0 or 1")
	}
	v := a[0].Clone()
	v.B[a[1].I] = '0' + byte(a[2].I)
	return v, nil
}

// bitStringAgg is bit_and, bit_or and bit_xor.
type bitStringAgg struct {
	word string
	any  bool
	bits []byte
}

func (s *bitStringAgg) Step(a []types.Value) (err error) {
	switch {
	case a[0].IsNull():
	case !s.any:
		s.any, s.bits = true, a[0].Clone().B
	default:
		s.bits, err = combineBits(s.word, s.bits, a[0].B)
	}
	return err
}

func (s *bitStringAgg) Value() (types.Value, error) {
	if !s.any {
		return null, nil
	}
	return types.TextValue(s.bits), nil
}
