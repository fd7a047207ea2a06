package ddl

import (
	"strconv"
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

func itoa(n int) string { return strconv.Itoa(n) }

// storageParameters are what WITH (…) may say of a table or an index: PostgreSQL's page and vacuum tuning, kept in the catalog for dumps and
// without effect here. The test of a value is PostgreSQL's range.
var storageParameters = map[string][2]float64{
	"fillfactor": {10, 100}, "toast_tuple_target": {128, 8160}, "parallel_workers": {0, 1024}, "deduplicate_items": {0, 1},
	"autovacuum_enabled": {0, 1}, "vacuum_truncate": {0, 1}, "user_catalog_table": {0, 1}, "log_autovacuum_min_duration": {-1, 2147483647},
	"autovacuum_vacuum_threshold": {0, 2147483647}, "autovacuum_vacuum_scale_factor": {0, 100}, "autovacuum_analyze_threshold": {0, 2147483647},
	"autovacuum_analyze_scale_factor": {0, 100}, "autovacuum_vacuum_cost_delay": {0, 100}, "autovacuum_vacuum_cost_limit": {1, 10000},
	"autovacuum_vacuum_insert_threshold": {-1, 2147483647}, "autovacuum_vacuum_insert_scale_factor": {0, 100},
	"autovacuum_freeze_min_age": {0, 1e9}, "autovacuum_freeze_max_age": {1e5, 2e9}, "autovacuum_freeze_table_age": {0, 2e9},
}

// storageOptions checks WITH (…), TABLESPACE and USING.
func (e *Env) storageOptions(list []parse.Node, tablespace, method string) error {
	if tablespace != "" && tablespace != "pg_default" {
		return pgerr.New(pgerr.UndefinedObject, "tablespace \"%s\" does not exist", tablespace)
	}
	if method != "" && method != "heap" {
		return pgerr.New(pgerr.UndefinedObject, "access method \"%s\" does not exist", method)
	}
	for _, n := range list {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return pgerr.Unsupported(-1, "%s is not supported as a storage parameter", n.NodeName())
		}
		bounds, ok := storageParameters[d.Defname]
		if !ok {
			if d.Defname == "oids" {
				if boolText(d.Arg) != "false" {
					return pgerr.New(pgerr.FeatureNotSupported, "tables declared WITH OIDS are not supported")
				}
				continue
			}
			return pgerr.New(pgerr.InvalidParameterValue, "unrecognized parameter \"%s\"", d.Defname)
		}
		v := argText(d.Arg)
		if b := boolText(d.Arg); bounds == [2]float64{0, 1} && b != "" {
			continue
		}
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return pgerr.New(pgerr.InvalidParameterValue, "invalid value for integer option \"%s\": %s", d.Defname, v)
		}
		if f < bounds[0] || f > bounds[1] {
			return pgerr.New(pgerr.InvalidParameterValue, "value %s out of bounds for option \"%s\"", v, d.Defname).
				WithDetail("Valid values are between \"%s\" and \"%s\".", number(bounds[0]), number(bounds[1]))
		}
	}
	return nil
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// optionTexts gives the parameters as pg_class.reloptions keeps them.
func optionTexts(list []parse.Node) []string {
	var out []string
	for _, n := range list {
		if d, ok := n.(*parse.DefElem); ok && d.Defname != "oids" {
			v := argText(d.Arg)
			if v == "" {
				v = "true"
			}
			out = append(out, d.Defname+"="+v)
		}
	}
	return out
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
