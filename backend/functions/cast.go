package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// castRows are the functions behind casts between numbers, strings and booleans. Casts of dates and JSON are with their types' functions.
func castRows() []Row {
	rs := []Row{
		{Sig: "int8(integer)", SQL: "$1"}, {Sig: "int8(smallint)", SQL: "$1"}, {Sig: "int4(smallint)", SQL: "$1"}, {Sig: "int8(oid)", SQL: "$1"},
		{Sig: "int2(integer)", Scalar: narrow(intTypes[0])}, {Sig: "int2(bigint)", Scalar: narrow(intTypes[0])},
		{Sig: "int4(bigint)", Scalar: narrow(intTypes[1])},
		{Sig: "oid(bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if a[0].I < 0 || a[0].I > math.MaxUint32 {
				return null, pgerr.New(pgerr.NumericValueOutOfRange, "OID out of range")
			}
			return types.IntValue(a[0].I), nil
		}},
		{Sig: "float8(real)", SQL: "$1"},
		{Sig: "float8(integer)", SQL: "CAST($1 AS REAL)"}, {Sig: "float8(smallint)", SQL: "CAST($1 AS REAL)"}, {Sig: "float8(bigint)", SQL: "CAST($1 AS REAL)"},
		{Sig: "float4(smallint)", SQL: "CAST($1 AS REAL)"},
		{Sig: "float4(integer)", Scalar: intToFloat4}, {Sig: "float4(bigint)", Scalar: intToFloat4},
		{Sig: "float4(double precision)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return toFloat4(a[0].Float8()) }},
		{Sig: "float4(numeric)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.ByOID(types.Float4OID).Input(&types.Context{}, string(a[0].B), -1)
		}},
		{Sig: "float8(numeric)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.ByOID(types.Float8OID).Input(&types.Context{}, string(a[0].B), -1)
		}},
		{Sig: "\"numeric\"(integer)", SQL: "CAST($1 AS TEXT)"}, {Sig: "\"numeric\"(smallint)", SQL: "CAST($1 AS TEXT)"}, {Sig: "\"numeric\"(bigint)", SQL: "CAST($1 AS TEXT)"},
		{Sig: "\"numeric\"(real)", Scalar: floatToNumeric(6)}, {Sig: "\"numeric\"(double precision)", Scalar: floatToNumeric(15)},
		{Sig: "\"numeric\"(numeric,integer)", Scalar: applyTypmod(types.NumericOID)},
		{Sig: "\"varchar\"(character varying,integer,boolean)", Scalar: applyTypmod(types.VarcharOID)},
		{Sig: "bpchar(character,integer,boolean)", Scalar: applyTypmod(types.BpcharOID)},
		{Sig: "bool(integer)", SQL: "($1 <> 0)"}, {Sig: "int4(boolean)", SQL: "$1"},
		{Sig: "text(boolean)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if a[0].Bool() {
				return types.StringValue("true"), nil
			}
			return types.StringValue("false"), nil
		}},
		{Sig: "text(character)", SQL: "rtrim($1, ' ')"}, {Sig: "text(name)", SQL: "$1"}, {Sig: "bpchar(name)", SQL: "$1"}, {Sig: "\"varchar\"(name)", SQL: "$1"},
		{Sig: "text(\"char\")", SQL: "$1"}, {Sig: "bpchar(\"char\")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if len(a[0].B) == 0 {
				return types.StringValue(""), nil
			}
			return a[0].Clone(), nil
		}},
		{Sig: "name(text)", Scalar: textToText(types.TruncateName)}, {Sig: "name(character varying)", Scalar: textToText(types.TruncateName)},
		{Sig: "name(character)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			b := a[0].B
			for len(b) > 0 && b[len(b)-1] == ' ' {
				b = b[:len(b)-1]
			}
			return types.StringValue(types.TruncateName(string(b))), nil
		}},
		{Sig: "\"char\"(text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if len(a[0].B) == 0 {
				return types.CharValue(0), nil
			}
			return types.CharValue(a[0].B[0]), nil
		}},
		{Sig: "\"char\"(integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if a[0].I < math.MinInt8 || a[0].I > math.MaxInt8 {
				return null, pgerr.New(pgerr.NumericValueOutOfRange, "\"char\" out of range")
			}
			return types.CharValue(byte(a[0].I)), nil
		}},
		{Sig: "int4(\"char\")", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(int8(types.CharByte(a[0])))), nil
		}},
		{Sig: "xid(xid8)", SQL: "($1 & 4294967295)"},
		{Sig: "regclass(text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.ByOID(types.RegclassOID).Input(c.Context, string(a[0].B), -1)
		}},
	}
	for _, t := range intTypes {
		rs = append(rs,
			Row{Sig: t.name + "(double precision)", Scalar: floatToInt(t, 64)}, Row{Sig: t.name + "(real)", Scalar: floatToInt(t, 32)},
			Row{Sig: t.name + "(numeric)", Scalar: numericToInt(t)})
	}
	return rs
}

func narrow(t intType) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return t.check(a[0].I, true) }
}

// floatToInt rounds half to even. The bounds are compared as floats of the source's width, as C does.
func floatToInt(t intType, bits int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		f := math.RoundToEven(a[0].Float8())
		low, high := float64(t.low), -float64(t.low)
		if f != f || f < low || f >= high {
			return null, t.err
		}
		return types.IntValue(int64(f)), nil
	}
}

func intToFloat4(_ *Call, a []types.Value) (types.Value, error) {
	return types.FloatValue(float64(float32(a[0].I))), nil
}

func toFloat4(f float64) (types.Value, error) {
	r := float64(float32(f))
	if isInf(r) && !isInf(f) {
		return null, errFloatOverflow
	}
	if r == 0 && f != 0 {
		return null, errFloatUnderflow
	}
	return types.Float8Value(r), nil
}

// floatToNumeric keeps as many digits as the type surely has.
func floatToNumeric(digits int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		f := a[0].Float8()
		text := ""
		switch {
		case f != f:
			text = "NaN"
		case math.IsInf(f, 1):
			text = "Infinity"
		case math.IsInf(f, -1):
			text = "-Infinity"
		default:
			text = string(types.AppendFloat(nil, f, 64, digits-15))
		}
		return types.ByOID(types.NumericOID).Input(&types.Context{}, text, -1)
	}
}

// numericToInt rounds half away from zero.
func numericToInt(t intType) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		d := readDecimal(a[0])
		switch d.special {
		case 'N':
			return null, pgerr.New(pgerr.FeatureNotSupported, "cannot convert NaN to %s", t.display)
		case '+', '-':
			return null, pgerr.New(pgerr.FeatureNotSupported, "cannot convert infinity to %s", t.display)
		}
		c := d.round(0).c
		return t.check(c.Int64(), c.IsInt64())
	}
}

// applyTypmod is the cast of a type to itself with a typmod; a third argument tells whether it is explicit.
func applyTypmod(oid uint32) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		explicit := len(a) > 2 && a[2].Bool()
		v, err := types.ByOID(oid).Apply(c.Context, a[0], int32(a[1].I), explicit)
		if err != nil {
			return null, err
		}
		return v.Clone(), nil
	}
}
