package functions

import "pgd/backend/types"

// supportRows are small functions that PostgreSQL's own operators and aggregates are made of and that can be called by name.
func supportRows() []Row {
	return []Row{
		{Sig: "booland_statefunc(boolean,boolean)", SQL: "($1 AND $2)"}, {Sig: "boolor_statefunc(boolean,boolean)", SQL: "($1 OR $2)"},
		{Sig: "bpchar_larger(character,character)", Scalar: larger(types.BpcharOID, 1)}, {Sig: "bpchar_smaller(character,character)", Scalar: larger(types.BpcharOID, -1)},
		{Sig: "tidlarger(tid,tid)", SQL: "max($1, $2)"}, {Sig: "tidsmaller(tid,tid)", SQL: "min($1, $2)"},
		{Sig: "time_larger(" + sigTime + "," + sigTime + ")", SQL: "max($1, $2)"}, {Sig: "time_smaller(" + sigTime + "," + sigTime + ")", SQL: "min($1, $2)"},
		{Sig: "timetz_larger(" + sigTTZ + "," + sigTTZ + ")", Scalar: larger(types.TimetzOID, 1)},
		{Sig: "timetz_smaller(" + sigTTZ + "," + sigTTZ + ")", Scalar: larger(types.TimetzOID, -1)},
		{Sig: "xid8_larger(xid8,xid8)", SQL: "max($1, $2)"}, {Sig: "xid8_smaller(xid8,xid8)", SQL: "min($1, $2)"},
		{Sig: "bttext_pattern_cmp(text,text)", Scalar: threeWay(types.TextOID)}, {Sig: "btbpchar_pattern_cmp(character,character)", Scalar: threeWay(types.BpcharOID)},
		{Sig: "btoidvectorcmp(oidvector,oidvector)", Scalar: threeWay(types.OidvectorOID)},
		{Sig: "int4inc(integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intTypes[1].check(addInt(a[0].I, 1)) }},
		{Sig: "int8inc(bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intTypes[2].check(addInt(a[0].I, 1)) }},
		{Sig: "int8dec(bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return intTypes[2].check(subInt(a[0].I, 1)) }},
		{Sig: "\"like\"(bytea,bytea)", Scalar: textPredicate(likeBytes, false)}, {Sig: "notlike(bytea,bytea)", Scalar: textPredicate(likeBytes, true)},
		{Sig: "oidvectortypes(oidvector)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			arr, err := types.ReadArray(a[0])
			if err != nil {
				return null, err
			}
			out := ""
			for i, e := range arr.Elems {
				if i > 0 {
					out += ", "
				}
				out += c.displayType(uint32(e.I))
			}
			return types.StringValue(out), nil
		}},
		{Sig: "nameconcatoid(name,oid)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			suffix := "_" + itoa(int(a[1].I))
			name := string(a[0].B)
			if len(name)+len(suffix) > types.NameLength {
				name = types.TruncateName(name + "                                                               ")[:types.NameLength-len(suffix)]
			}
			return types.StringValue(name + suffix), nil
		}},
		{Sig: "date_cmp_timestamp(date," + sigTS + ")", Scalar: cmpMoments("d", "l")}, {Sig: "date_cmp_timestamptz(date," + sigTSTZ + ")", Scalar: cmpMoments("d", "t")},
		{Sig: "timestamp_cmp_date(" + sigTS + ",date)", Scalar: cmpMoments("l", "d")}, {Sig: "timestamptz_cmp_date(" + sigTSTZ + ",date)", Scalar: cmpMoments("t", "d")},
		{Sig: "timestamp_cmp_timestamptz(" + sigTS + "," + sigTSTZ + ")", Scalar: cmpMoments("l", "t")},
		{Sig: "timestamptz_cmp_timestamp(" + sigTSTZ + "," + sigTS + ")", Scalar: cmpMoments("t", "l")},
		{Sig: "atan2d(double precision,double precision)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.Float8Value(atan2Degrees(a[0].Float8(), a[1].Float8())), nil
		}},
	}
}

func larger(oid uint32, sign int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		if types.ByOID(oid).Compare(a[0], a[1])*sign >= 0 {
			return a[0].Clone(), nil
		}
		return a[1].Clone(), nil
	}
}

func threeWay(oid uint32) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		return types.IntValue(int64(types.ByOID(oid).Compare(a[0], a[1]))), nil
	}
}

func cmpMoments(left, right string) Scalar {
	less, greater := compareMoments(left, right, func(n int) bool { return n < 0 }), compareMoments(left, right, func(n int) bool { return n > 0 })
	return func(c *Call, a []types.Value) (types.Value, error) {
		l, err := less(c, a)
		if err != nil {
			return null, err
		}
		g, err := greater(c, a)
		return types.IntValue(g.I - l.I), err
	}
}
