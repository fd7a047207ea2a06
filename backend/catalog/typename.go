package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// spelled are the types with names of their own in SQL's grammar, as written in lower case with single spaces.
var spelled = map[string]uint32{
	"boolean": 16, "bigint": 20, "smallint": 21, "integer": 23, "int": 23, "real": 700, "float": 701, "double precision": 701, "decimal": 1700, "dec": 1700,
	"numeric": 1700, "character": 1042, "char": 1042, "national character": 1042, "national char": 1042, "nchar": 1042, "character varying": 1043,
	"char varying": 1043, "varchar": 1043, "national character varying": 1043, "national char varying": 1043, "nchar varying": 1043, "bit": 1560,
	"bit varying": 1562, "time": 1083, "time without time zone": 1083, "time with time zone": 1266, "timestamp": 1114, "timestamp without time zone": 1114,
	"timestamp with time zone": 1184, "interval": 1186,
}

// ParseType reads a type's name as regtype and to_regtype do: "integer", "character varying(10)", "timestamp(3) with time zone", "s.t[]". What
// does not exist is 42704, what is no name 42601.
func (v *View) ParseType(s string) (oid uint32, typmod int32, err error) {
	body := strings.TrimSpace(s)
	array := false
	for strings.HasSuffix(body, "]") {
		open := strings.LastIndexByte(body, '[')
		if open < 0 || strings.Trim(body[open+1:len(body)-1], "0123456789 ") != "" {
			return 0, -1, syntaxError(s)
		}
		body, array = strings.TrimSpace(body[:open]), true
	}
	if rest, ok := strings.CutSuffix(strings.ToLower(body), " array"); ok && rest != "" && !strings.Contains(body, `"`) {
		body, array = body[:len(rest)], true
	}
	mods, name, err := cutModifiers(body)
	if err != nil {
		return 0, -1, syntaxError(s)
	}
	oid, typmod = spelled[strings.Join(strings.Fields(strings.ToLower(name)), " ")], -1
	if oid == 0 {
		parts, ok := SplitIdents(name)
		switch {
		case !ok:
			return 0, -1, syntaxError(s)
		case len(parts) == 3 && parts[0] == v.c.Database:
			parts = parts[1:]
		case len(parts) > 2:
			return 0, -1, pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", name)
		}
		schema := ""
		if len(parts) == 2 {
			schema = parts[0]
			if _, ok := v.Namespace(schema); !ok {
				return 0, -1, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
			}
		}
		t := v.TypeByName(schema, parts[len(parts)-1])
		if t == nil {
			return 0, -1, pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", strings.TrimSpace(s))
		}
		oid = t.OID
	} else if word := strings.ToLower(name); oid == 1042 && mods == nil && !array && strings.TrimSpace(word) != "bpchar" {
		typmod = 5 // character alone is character(1)
	}
	if len(mods) > 0 {
		t := types.ByOID(oid)
		if t == nil || t.TypmodIn == nil {
			return 0, -1, pgerr.New(pgerr.SyntaxError, "type modifier is not allowed for type \"%s\"", strings.TrimSpace(name))
		}
		if typmod, err = t.TypmodIn(mods); err != nil {
			return 0, -1, err
		}
	}
	if array {
		t := v.Type(oid)
		if t == nil || t.Array == 0 {
			return 0, -1, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", v.FormatType(oid, -1))
		}
		oid = t.Array
	}
	return oid, typmod, nil
}

func syntaxError(s string) error {
	return pgerr.New(pgerr.SyntaxError, "invalid type name \"%s\"", s)
}

// cutModifiers takes "(10,2)" out of a type's name, from wherever it stands outside of quotes.
func cutModifiers(s string) (mods []int32, name string, err error) {
	open := -1
	for i, quoted := 0, false; i < len(s) && open < 0; i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '(' && !quoted:
			open = i
		}
	}
	if open < 0 {
		return nil, s, nil
	}
	end := strings.IndexByte(s[open:], ')')
	if end < 0 {
		return nil, "", strconv.ErrSyntax
	}
	for _, m := range strings.Split(s[open+1:open+end], ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(m), 10, 32)
		if err != nil {
			return nil, "", err
		}
		mods = append(mods, int32(n))
	}
	return mods, s[:open] + " " + s[open+end+1:], nil
}
