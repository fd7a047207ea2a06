package ddl

import (
	"slices"
	"strconv"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func itoa(n int) string { return strconv.Itoa(n) }

// parameter is something WITH (…) may say of a relation.
type parameter struct {
	kinds    string // pg_class.relkind that take it
	typ      byte   // b boolean, i integer, f floating point, e enum
	min, max float64
	values   []string
}

// storageParameters are PostgreSQL's page and vacuum tuning, kept in the catalog for dumps and without effect here, and the options of views.
var storageParameters = map[string]parameter{
	"fillfactor":                            {"rmi", 'i', 10, 100, nil},
	"deduplicate_items":                     {"i", 'b', 0, 0, nil},
	"toast_tuple_target":                    {"rm", 'i', 128, 8160, nil},
	"parallel_workers":                      {"rm", 'i', 0, 1024, nil},
	"user_catalog_table":                    {"rm", 'b', 0, 0, nil},
	"vacuum_truncate":                       {"rm", 'b', 0, 0, nil},
	"vacuum_index_cleanup":                  {"rm", 'e', 0, 0, []string{"auto", "on", "off", "true", "false", "yes", "no", "1", "0"}},
	"autovacuum_enabled":                    {"rm", 'b', 0, 0, nil},
	"autovacuum_vacuum_threshold":           {"rm", 'i', 0, 2147483647, nil},
	"autovacuum_vacuum_scale_factor":        {"rm", 'f', 0, 100, nil},
	"autovacuum_vacuum_insert_threshold":    {"rm", 'i', -1, 2147483647, nil},
	"autovacuum_vacuum_insert_scale_factor": {"rm", 'f', 0, 100, nil},
	"autovacuum_analyze_threshold":          {"rm", 'i', 0, 2147483647, nil},
	"autovacuum_analyze_scale_factor":       {"rm", 'f', 0, 100, nil},
	"autovacuum_vacuum_cost_delay":          {"rm", 'f', 0, 100, nil},
	"autovacuum_vacuum_cost_limit":          {"rm", 'i', 1, 10000, nil},
	"autovacuum_freeze_min_age":             {"rm", 'i', 0, 1e9, nil},
	"autovacuum_freeze_max_age":             {"rm", 'i', 1e5, 2e9, nil},
	"autovacuum_freeze_table_age":           {"rm", 'i', 0, 2e9, nil},
	"autovacuum_multixact_freeze_min_age":   {"rm", 'i', 0, 1e9, nil},
	"autovacuum_multixact_freeze_max_age":   {"rm", 'i', 1e4, 2e9, nil},
	"autovacuum_multixact_freeze_table_age": {"rm", 'i', 0, 2e9, nil},
	"log_autovacuum_min_duration":           {"rm", 'i', -1, 2147483647, nil},
	"security_barrier":                      {"v", 'b', 0, 0, nil},
	"security_invoker":                      {"v", 'b', 0, 0, nil},
	"check_option":                          {"v", 'e', 0, 0, []string{"local", "cascaded"}},
}

// columnParameters are what ALTER COLUMN … SET (…) takes.
var columnParameters = map[string]parameter{"n_distinct": {"", 'f', -1, 1.7976931348623157e308, nil}, "n_distinct_inherited": {"", 'f', -1, 1.7976931348623157e308, nil}}

// storageOptions checks WITH (…), TABLESPACE and USING of a relation of that kind.
func (e *Env) storageOptions(kind byte, list []parse.Node, tablespace, method string) error {
	if err := knownTablespace(tablespace); err != nil {
		return err
	}
	if method != "" && method != "heap" {
		return pgerr.New(pgerr.UndefinedObject, "access method \"%s\" does not exist", method)
	}
	seen := map[string]bool{}
	for _, n := range list {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return pgerr.Unsupported(-1, "%s is not supported as a storage parameter", n.NodeName())
		}
		if d.Defnamespace != "" && d.Defnamespace != "toast" {
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter namespace \"%s\"", d.Defnamespace)
		}
		if d.Defname == "oids" && d.Defnamespace == "" && kind == 'r' {
			if boolText(d.Arg) != "false" {
				return pgerr.New(pgerr.FeatureNotSupported, "tables declared WITH OIDS are not supported")
			}
			continue
		}
		if key := d.Defnamespace + "." + d.Defname; seen[key] {
			return pgerr.New(pgerr.InvalidParameterValue, "parameter \"%s\" specified more than once", d.Defname)
		} else {
			seen[key] = true
		}
		p, ok := storageParameters[d.Defname]
		if !ok || strings.IndexByte(p.kinds, kind) < 0 {
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", d.Defname)
		}
		if err := p.check(d); err != nil {
			return err
		}
	}
	return nil
}

func knownTablespace(name string) error {
	if name != "" && name != "pg_default" {
		return pgerr.New(pgerr.UndefinedObject, "tablespace \"%s\" does not exist", name)
	}
	return nil
}

// check looks at a parameter's value.
func (p parameter) check(d *parse.DefElem) error {
	v := argText(d.Arg)
	invalid := func(what string) error {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid value for %s option \"%s\": %s", what, d.Defname, v)
	}
	bounds := func(format byte, prec int) error {
		return pgerr.New(pgerr.InvalidParameterValue, "value %s out of bounds for option \"%s\"", v, d.Defname).
			WithDetail("Valid values are between \"%s\" and \"%s\".", strconv.FormatFloat(p.min, format, prec, 64), strconv.FormatFloat(p.max, format, prec, 64))
	}
	switch p.typ {
	case 'b':
		if boolText(d.Arg) == "" {
			return invalid("boolean")
		}
	case 'i':
		if d.Arg == nil {
			v = "true"
		}
		n, err := strconv.ParseInt(v, 10, 32)
		if err != nil {
			return invalid("integer")
		}
		if float64(n) < p.min || float64(n) > p.max {
			return bounds('f', 0)
		}
	case 'f':
		if d.Arg == nil {
			v = "true"
		}
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return invalid("floating point")
		}
		if f < p.min || f > p.max {
			return bounds('f', 6)
		}
	case 'e':
		if !slices.Contains(p.values, strings.ToLower(v)) {
			return invalid("enum").(*pgerr.Error).WithDetail("Valid values are %s.", quotedChoice(d.Defname, p.values))
		}
	}
	return nil
}

func quotedChoice(name string, values []string) string {
	if name == "vacuum_index_cleanup" {
		return "\"on\", \"off\", and \"auto\""
	}
	return "\"" + strings.Join(values, "\" and \"") + "\""
}

// optionTexts gives the parameters as pg_class.reloptions keeps them.
func optionTexts(list []parse.Node) []string { return mergeOptions(nil, list) }

// mergeOptions puts parameters over those there are.
func mergeOptions(old []string, list []parse.Node) []string {
	out := slices.Clone(old)
	for _, n := range list {
		d, ok := n.(*parse.DefElem)
		if !ok || d.Defname == "oids" || d.Defnamespace != "" {
			continue
		}
		v := argText(d.Arg)
		if v == "" && d.Arg == nil {
			v = "true"
		}
		out = append(withoutOption(out, d.Defname), d.Defname+"="+v)
	}
	return out
}

func withoutOption(list []string, name string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, name+"=") })
}

// options reads pg_class.reloptions or, with a column, pg_attribute.attoptions.
func (e *Env) options(rel uint32, attnum int16) (out []string, err error) {
	sql, args := `SELECT reloptions FROM "pg_catalog.pg_class" WHERE oid = ?1`, []value{intValue(rel)}
	if attnum != 0 {
		sql, args = `SELECT attoptions FROM "pg_catalog.pg_attribute" WHERE attrelid = ?1 AND attnum = ?2`, append(args, types.IntValue(int64(attnum)))
	}
	err = e.DB.Query(sql, args, func(r []value) error {
		if r[0].IsNull() {
			return nil
		}
		return types.EachElement(r[0], func(v value) bool { out = append(out, string(v.B)); return true })
	})
	return out, err
}

// textArray is a text[] as the catalog stores it, NULL for an empty one.
func textArray(list []string) value {
	if len(list) == 0 {
		return types.NullValue
	}
	var vs []value
	for _, s := range list {
		vs = append(vs, types.StringValue(s))
	}
	return types.NewArray(types.TextOID, vs)
}

func (e *Env) setOptions(rel *catalog.Relation, list []string) error {
	return e.writer().Set(catalog.ClassRelation, rel.OID, "reloptions", textArray(list))
}

// argText gives the text of an option's value.
func argText(n parse.Node) string {
	switch v := n.(type) {
	case *parse.Integer:
		return strconv.Itoa(int(v.Ival))
	case *parse.Float:
		return v.Fval
	case *parse.String:
		return v.Sval
	case *parse.Boolean:
		return strconv.FormatBool(v.Boolval)
	case *parse.TypeName:
		return strings.Join(stringsOf(v.Names), ".")
	}
	return ""
}

// boolText reads an option's value as a boolean: "true", "false" or "" for none.
func boolText(n parse.Node) string {
	if n == nil {
		return "true"
	}
	switch strings.ToLower(argText(n)) {
	case "true", "on", "yes", "1":
		return "true"
	case "false", "off", "no", "0":
		return "false"
	}
	return ""
}
