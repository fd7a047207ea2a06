package functions

import "pgd/backend/types"

// comparisons are families of = <> < <= > >= between two types. Where SQLite's own comparison is PostgreSQL's order, the
// template is used; the collation is added where the type has one.
type comparison struct {
	prefix, suffix string // around eq, ne, lt, le, gt, ge
	args           string
	collation      string
}

var nativeComparisons = []comparison{
	{"bool", "", "boolean,boolean", ""},
	{"int2", "", "smallint,smallint", ""}, {"int24", "", "smallint,integer", ""}, {"int28", "", "smallint,bigint", ""},
	{"int42", "", "integer,smallint", ""}, {"int4", "", "integer,integer", ""}, {"int48", "", "integer,bigint", ""},
	{"int82", "", "bigint,smallint", ""}, {"int84", "", "bigint,integer", ""}, {"int8", "", "bigint,bigint", ""},
	{"oid", "", "oid,oid", ""}, {"tid", "", "tid,tid", ""}, {"xid8", "", "xid8,xid8", ""},
	{"float4", "", "real,real", ""}, {"float48", "", "real,double precision", ""}, {"float84", "", "double precision,real", ""},
	{"float8", "", "double precision,double precision", ""},
	{"numeric_", "", "numeric,numeric", "pg_numeric"},
	{"cash_", "", "money,money", ""},
	{"name", "", "name,name", ""}, {"name", "text", "name,text", ""}, {"text", "name", "text,name", ""},
	{"char", "", `"char","char"`, ""},
	{"bpchar", "", "character,character", "RTRIM"},
	{"bytea", "", "bytea,bytea", ""}, {"uuid_", "", "uuid,uuid", ""}, {"pg_lsn_", "", "pg_lsn,pg_lsn", ""},
	{"date_", "", "date,date", ""}, {"time_", "", "time without time zone,time without time zone", ""},
	{"timestamp_", "", "timestamp without time zone,timestamp without time zone", ""},
	{"timestamptz_", "", "timestamp with time zone,timestamp with time zone", ""},
	{"timetz_", "", "time with time zone,time with time zone", "pg_timetz"},
	{"interval_", "", "interval,interval", "pg_interval"},
	{"jsonb_", "", "jsonb,jsonb", "pg_jsonb"},
}

var comparisonOperators = []struct {
	name, sql string
	test      func(c int) bool
}{
	{"eq", "=", func(c int) bool { return c == 0 }}, {"ne", "<>", func(c int) bool { return c != 0 }},
	{"lt", "<", func(c int) bool { return c < 0 }}, {"le", "<=", func(c int) bool { return c <= 0 }},
	{"gt", ">", func(c int) bool { return c > 0 }}, {"ge", ">=", func(c int) bool { return c >= 0 }},
}

// btreeComparisons are the three-way comparisons of the operator classes.
var btreeComparisons = []struct{ sig, typ string }{
	{"btboolcmp(boolean,boolean)", "bool"}, {"btint2cmp(smallint,smallint)", "int8"}, {"btint4cmp(integer,integer)", "int8"},
	{"btint8cmp(bigint,bigint)", "int8"}, {"btint24cmp(smallint,integer)", "int8"}, {"btint42cmp(integer,smallint)", "int8"},
	{"btint28cmp(smallint,bigint)", "int8"}, {"btint82cmp(bigint,smallint)", "int8"}, {"btint48cmp(integer,bigint)", "int8"},
	{"btint84cmp(bigint,integer)", "int8"}, {"btoidcmp(oid,oid)", "int8"}, {"bttidcmp(tid,tid)", "int8"},
	{"btfloat4cmp(real,real)", "float8"}, {"btfloat8cmp(double precision,double precision)", "float8"},
	{"btfloat48cmp(real,double precision)", "float8"}, {"btfloat84cmp(double precision,real)", "float8"},
	{"numeric_cmp(numeric,numeric)", "numeric"}, {"bttextcmp(text,text)", "text"}, {"btnamecmp(name,name)", "text"},
	{"btnametextcmp(name,text)", "text"}, {"bttextnamecmp(text,name)", "text"}, {"btcharcmp(\"char\",\"char\")", "text"},
	{"bpcharcmp(character,character)", "bpchar"}, {"byteacmp(bytea,bytea)", "bytea"}, {"date_cmp(date,date)", "int8"},
	{"time_cmp(time without time zone,time without time zone)", "int8"}, {"cash_cmp(money,money)", "int8"},
	{"timestamp_cmp(timestamp without time zone,timestamp without time zone)", "int8"},
	{"timestamptz_cmp(timestamp with time zone,timestamp with time zone)", "int8"},
	{"timetz_cmp(time with time zone,time with time zone)", "timetz"}, {"interval_cmp(interval,interval)", "interval"},
	{"uuid_cmp(uuid,uuid)", "bytea"}, {"jsonb_cmp(jsonb,jsonb)", "jsonb"}, {"pg_lsn_cmp(pg_lsn,pg_lsn)", "int8"},
	{"xid8cmp(xid8,xid8)", "int8"},
}

var compareType = map[string]uint32{
	"bool": types.BoolOID, "int8": types.Int8OID, "float8": types.Float8OID, "numeric": types.NumericOID, "text": types.TextOID,
	"bpchar": types.BpcharOID, "bytea": types.ByteaOID, "timetz": types.TimetzOID, "interval": types.IntervalOID, "jsonb": types.JsonbOID,
}

func comparisonRows() []Row {
	var rs []Row
	for _, c := range nativeComparisons {
		collate := ""
		if c.collation != "" {
			collate = " COLLATE " + c.collation
		}
		for _, op := range comparisonOperators {
			rs = append(rs, Row{Sig: c.prefix + op.name + c.suffix + "(" + c.args + ")", SQL: "$1 " + op.sql + " $2" + collate})
		}
	}
	// Text has the underscore only for the orderings.
	for _, op := range comparisonOperators {
		name := "text_" + op.name
		if op.name == "eq" || op.name == "ne" {
			name = "text" + op.name
		}
		rs = append(rs, Row{Sig: name + "(text,text)", SQL: "$1 " + op.sql + " $2"})
		if op.name != "eq" && op.name != "ne" {
			rs = append(rs, Row{Sig: "text_pattern_" + op.name + "(text,text)", SQL: "$1 " + op.sql + " $2"},
				Row{Sig: "bpchar_pattern_" + op.name + "(character,character)", SQL: "$1 " + op.sql + " $2 COLLATE RTRIM"})
		}
		for _, pair := range []struct{ sig, a, b string }{
			{"date_%_timestamp(date,timestamp without time zone)", "d", "l"}, {"date_%_timestamptz(date,timestamp with time zone)", "d", "t"},
			{"timestamp_%_date(timestamp without time zone,date)", "l", "d"}, {"timestamptz_%_date(timestamp with time zone,date)", "t", "d"},
			{"timestamp_%_timestamptz(timestamp without time zone,timestamp with time zone)", "l", "t"},
			{"timestamptz_%_timestamp(timestamp with time zone,timestamp without time zone)", "t", "l"},
		} {
			rs = append(rs, Row{Sig: replaceMark(pair.sig, op.name), Scalar: compareMoments(pair.a, pair.b, op.test)})
		}
	}
	rs = append(rs,
		Row{Sig: "xideq(xid,xid)", SQL: "$1 = $2"}, Row{Sig: "xidneq(xid,xid)", SQL: "$1 <> $2"}, Row{Sig: "cideq(cid,cid)", SQL: "$1 = $2"},
		Row{Sig: "xideqint4(xid,integer)", SQL: "$1 = ($2 & 4294967295)"}, Row{Sig: "xidneqint4(xid,integer)", SQL: "$1 <> ($2 & 4294967295)"},
	)
	for _, b := range btreeComparisons {
		typ := compareType[b.typ]
		rs = append(rs, Row{Sig: b.sig, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(types.ByOID(typ).Compare(a[0], a[1]))), nil
		}})
	}
	for _, m := range []struct{ sig, typ string }{
		{"text_larger(text,text)", "text"}, {"int4larger(integer,integer)", "int8"}, {"int2larger(smallint,smallint)", "int8"},
		{"int8larger(bigint,bigint)", "int8"}, {"numeric_larger(numeric,numeric)", "numeric"}, {"date_larger(date,date)", "int8"},
		{"timestamp_larger(timestamp without time zone,timestamp without time zone)", "int8"},
		{"timestamptz_larger(timestamp with time zone,timestamp with time zone)", "int8"},
		{"float8larger(double precision,double precision)", "float8"}, {"float4larger(real,real)", "float8"}, {"oidlarger(oid,oid)", "int8"},
	} {
		typ := compareType[m.typ]
		larger := func(sign int) Scalar {
			return func(_ *Call, a []types.Value) (types.Value, error) {
				if types.ByOID(typ).Compare(a[0], a[1])*sign >= 0 {
					return a[0].Clone(), nil
				}
				return a[1].Clone(), nil
			}
		}
		rs = append(rs, Row{Sig: m.sig, Scalar: larger(1)}, Row{Sig: replaceOnce(m.sig, "larger", "smaller"), Scalar: larger(-1)})
	}
	return rs
}

// compareMoments compares dates (d), local timestamps (l) and instants (t); a date or local time is one of the session's zone where the other side is an instant.
func compareMoments(left, right string, test func(int) bool) Scalar {
	moment := func(c *Call, kind string, v types.Value, toInstant bool) int64 {
		t := v.I
		if kind == "d" {
			t = dateToTimestampUnchecked(t)
			kind = "l"
		}
		if kind == "l" && toInstant && types.ValidTimestamp(t) {
			t = types.LocalToUTC(c.Location(), t)
		}
		return t
	}
	return func(c *Call, a []types.Value) (types.Value, error) {
		instants := left == "t" || right == "t"
		x, y := moment(c, left, a[0], instants && left != "t"), moment(c, right, a[1], instants && right != "t")
		cmp := 0
		if x < y {
			cmp = -1
		} else if x > y {
			cmp = 1
		}
		return types.BoolValue(test(cmp)), nil
	}
}
