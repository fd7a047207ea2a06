package functions

import (
	"strconv"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// encodings are PostgreSQL's numbers of the encodings clients ask about.
var encodings = map[int64]string{0: "SQL_ASCII", 6: "UTF8", 8: "LATIN1", 35: "SJIS"}

// visibleKinds are the pg_…_is_visible functions and the kind of object each asks about.
var visibleKinds = []string{"table", "type", "function", "operator", "opclass", "opfamily", "collation", "conversion", "ts_config", "ts_dict", "ts_parser",
	"ts_template", "statistics_obj"}

// regNames are the to_reg… functions and the type each gives.
var regNames = []string{"regclass", "regtype", "regproc", "regprocedure", "regoper", "regoperator", "regnamespace", "regrole", "regcollation"}

// nameRows turn identifiers into names and back, and read descriptions.
func nameRows() []Row {
	rs := []Row{
		{Sig: "pg_get_userbyid(oid)", Scalar: userByID},
		{Sig: "format_type(oid,integer)", Scalar: formatType},
		{Sig: `pg_typeof("any")`, Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return types.IntValue(int64(c.Args[0])), nil }},
		{Sig: "pg_encoding_to_char(integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(encodings[a[0].I]), nil
		}},
		{Sig: "pg_char_to_encoding(name)", Scalar: charToEncoding},
		{Sig: "obj_description(oid,name)", Scalar: describe("SELECT description FROM \"pg_catalog.pg_description\" WHERE objoid = ?1 AND objsubid = 0 AND classoid = (SELECT oid FROM \"pg_catalog.pg_class\" WHERE relname = ?2 AND relnamespace = 11)")},
		{Sig: "obj_description(oid)", Scalar: describe("SELECT description FROM \"pg_catalog.pg_description\" WHERE objoid = ?1 AND objsubid = 0")},
		{Sig: "col_description(oid,integer)", Scalar: describe("SELECT description FROM \"pg_catalog.pg_description\" WHERE objoid = ?1 AND classoid = 1259 AND objsubid = ?2")},
		{Sig: "shobj_description(oid,name)", Scalar: describe("SELECT description FROM shared.\"pg_catalog.pg_shdescription\" WHERE objoid = ?1 AND classoid = (SELECT oid FROM \"pg_catalog.pg_class\" WHERE relname = ?2 AND relnamespace = 11)")},
		{Sig: "pg_my_temp_schema()", SQL: "0"},
	}
	for _, kind := range visibleKinds {
		rs = append(rs, Row{Sig: "pg_" + kind + "_is_visible(oid)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.BoolValue(c.Env.Catalog().Visible(kind, uint32(a[0].I))), nil
		}})
	}
	for _, kind := range regNames {
		rs = append(rs, Row{Sig: "to_" + kind + "(text)", Scalar: toReg(kind)})
	}
	return rs
}

func userByID(c *Call, a []types.Value) (types.Value, error) {
	if name, ok := c.Env.Catalog().RoleName(uint32(a[0].I)); ok {
		return types.StringValue(name), nil
	}
	return types.StringValue("unknown (OID=" + strconv.Itoa(int(a[0].I)) + ")"), nil
}

// formatType is not strict: a NULL typmod is none given.
func formatType(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	mod := int32(-1)
	if !a[1].IsNull() {
		mod = int32(a[1].I)
	}
	if f, ok := c.Env.Catalog().(interface {
		FormatTypeGiven(oid uint32, typmod int32) string
	}); ok && !a[1].IsNull() {
		return types.StringValue(f.FormatTypeGiven(uint32(a[0].I), mod)), nil
	}
	return types.StringValue(c.Env.Catalog().FormatType(uint32(a[0].I), mod)), nil
}

func charToEncoding(_ *Call, a []types.Value) (types.Value, error) {
	name := normalEncoding(string(a[0].B))
	for n, e := range encodings {
		if normalEncoding(e) == name {
			return types.IntValue(n), nil
		}
	}
	return types.IntValue(-1), nil
}

// normalEncoding leaves letters and digits, in lower case: "UTF-8" is UTF8.
func normalEncoding(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+32)
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	if string(b) == "unicode" {
		return "utf8"
	}
	return string(b)
}

// describe reads one text by a query over the arguments; NULL where there is none.
func describe(sql string) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) { return oneText(c, sql, a...) }
}

// oneText gives the first column of a query's first row.
func oneText(c *Call, sql string, args ...types.Value) (types.Value, error) {
	out := null
	err := c.Env.Catalog().Query(sql, args, func(row []types.Value) error {
		if out.IsNull() {
			out = row[0].Clone()
		}
		return nil
	})
	return out, err
}

// toReg looks a name up; one that does not exist is NULL, one that is no name an error.
func toReg(kind string) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		oid, err := c.Env.Catalog().ObjectOID(kind, string(a[0].B))
		switch code := pgerr.Code(err); {
		case err == nil:
			return types.IntValue(int64(oid)), nil
		case code[:2] == "42" && code != pgerr.SyntaxError || code == pgerr.InvalidSchemaName:
			return null, nil
		}
		return null, err
	}
}
