package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// The names of objects as the reg* types print and read them. A name is qualified where the path does not show the object.

// namedCatalogs are the reg* types over a catalog where name and schema alone identify a row.
var namedCatalogs = map[string]struct {
	table, name, schema, what string
}{
	"regcollation":  {"pg_collation", "collname", "collnamespace", "collation"},
	"regconfig":     {"pg_ts_config", "cfgname", "cfgnamespace", "text search configuration"},
	"regdictionary": {"pg_ts_dict", "dictname", "dictnamespace", "text search dictionary"},
}

// ObjectName gives the name of an object as its reg* type prints it; false where there is none.
func (v *View) ObjectName(kind string, oid uint32) (string, bool) {
	switch kind {
	case "regclass":
		r, err := v.RelationByOID(oid)
		if err != nil {
			v.c.fail(err)
		}
		if r == nil {
			return "", false
		}
		return v.qualify(r.Namespace, r.Name, v.relationVisible(r)), true
	case "regtype":
		if v.Type(oid) == nil {
			return "", false
		}
		return v.FormatType(oid, -1), true
	case "regproc":
		p := v.Proc(oid)
		if p == nil {
			return "", false
		}
		found := v.Procs("", p.Name)
		return v.qualify(p.Namespace, p.Name, len(found) == 1 && found[0].OID == oid), true
	case "regprocedure":
		p := v.Proc(oid)
		if p == nil {
			return "", false
		}
		return v.qualify(p.Namespace, p.Name, v.procVisible(p)) + "(" + v.formatTypes(p.Args) + ")", true
	case "regoper", "regoperator":
		o := v.Operator(oid)
		if o == nil {
			return "", false
		}
		found := v.Operators("", o.Name)
		if kind == "regoper" {
			return v.qualifyOperator(o, len(found) == 1), true
		}
		left, right := "NONE", "NONE"
		if o.Left != 0 {
			left = v.FormatType(o.Left, -1)
		}
		if o.Right != 0 {
			right = v.FormatType(o.Right, -1)
		}
		return v.qualifyOperator(o, v.operatorVisible(o)) + "(" + left + "," + right + ")", true
	case "regnamespace":
		name := v.NamespaceName(oid)
		return QuoteIdent(name), name != ""
	case "regrole":
		name, ok := v.RoleName(oid)
		return QuoteIdent(name), ok
	}
	if c, ok := namedCatalogs[kind]; ok {
		var name string
		var ns uint32
		v.one("SELECT "+c.name+", "+c.schema+" FROM "+table(c.table)+" WHERE oid = ?", []types.Value{value(oid)}, func(r []types.Value) {
			name, ns = string(r[0].B), uint32(r[1].I)
		})
		if name == "" {
			return "", false
		}
		return v.qualify(ns, name, v.nameVisible(c.table, c.name, c.schema, ns, name)), true
	}
	return "", false
}

func (v *View) qualify(ns uint32, name string, visible bool) string {
	if visible {
		return QuoteIdent(name)
	}
	return QuoteIdent(v.NamespaceName(ns)) + "." + QuoteIdent(name)
}

func (v *View) qualifyOperator(o *Operator, visible bool) string {
	if visible {
		return o.Name
	}
	return QuoteIdent(v.NamespaceName(o.Namespace)) + "." + o.Name
}

func (v *View) formatTypes(oids []uint32) string {
	var b strings.Builder
	for i, t := range oids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(v.FormatType(t, -1))
	}
	return b.String()
}

// ObjectOID reads a name as a reg* type does. What is not there is an error as PostgreSQL words it.
func (v *View) ObjectOID(kind, name string) (uint32, error) {
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return uint32(n), nil
	}
	if name == "-" && kind != "regoper" && kind != "regoperator" {
		return 0, nil
	}
	oid, err := v.objectOID(kind, name)
	if err == nil && v.c.err != nil {
		err = v.c.err
	}
	return oid, err
}

func (v *View) objectOID(kind, name string) (uint32, error) {
	switch kind {
	case "regtype":
		oid, _, err := v.ParseType(name)
		return oid, err
	case "regprocedure":
		return v.parseProcedure(name)
	case "regoper", "regoperator":
		return v.parseOperator(kind, name)
	}
	schema, object, err := v.splitName(name, kind == "regnamespace" || kind == "regrole")
	if err != nil {
		return 0, err
	}
	switch kind {
	case "regclass":
		r, err := v.Relation(schema, object)
		if err != nil && pgerr.Code(err) != pgerr.InvalidSchemaName {
			return 0, err
		}
		if r == nil {
			return 0, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", unquotedName(schema, object))
		}
		return r.OID, nil
	case "regproc":
		found := v.Procs(schema, object)
		switch len(found) {
		case 0:
			return 0, pgerr.New(pgerr.UndefinedFunction, "function \"%s\" does not exist", name)
		case 1:
			return found[0].OID, nil
		}
		return 0, pgerr.New(pgerr.AmbiguousFunction, "more than one function named \"%s\"", name)
	case "regnamespace":
		if oid, ok := v.Namespace(object); ok {
			return oid, nil
		}
		return 0, pgerr.New(pgerr.UndefinedSchema, "schema \"%s\" does not exist", object)
	case "regrole":
		if oid, ok := v.RoleOID(object); ok {
			return oid, nil
		}
		return 0, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", object)
	}
	if c, ok := namedCatalogs[kind]; ok {
		for _, ns := range v.schemas(schema, v.funcs) {
			var oid uint32
			v.one("SELECT oid FROM "+table(c.table)+" WHERE "+c.name+" = ? AND "+c.schema+" = ?", []types.Value{types.StringValue(object), value(ns)},
				func(r []types.Value) { oid = uint32(r[0].I) })
			if oid != 0 {
				return oid, nil
			}
		}
		if kind == "regcollation" {
			return 0, pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", unquotedName(schema, object))
		}
		return 0, pgerr.New(pgerr.UndefinedObject, "%s \"%s\" does not exist", c.what, unquotedName(schema, object))
	}
	return 0, pgerr.New(pgerr.InternalError, "%s is no type of object names", kind)
}

func unquotedName(schema, name string) string {
	if schema == "" {
		return name
	}
	return schema + "." + name
}

// splitName reads [database.][schema.]name.
func (v *View) splitName(s string, single bool) (schema, name string, err error) {
	parts, ok := SplitIdents(s)
	if !ok {
		return "", "", pgerr.New(pgerr.InvalidName, "invalid name syntax")
	}
	if len(parts) == 3 && parts[0] == v.c.Database {
		parts = parts[1:]
	}
	switch {
	case len(parts) == 1:
		return "", parts[0], nil
	case single:
		return "", "", pgerr.New(pgerr.InvalidName, "invalid name syntax")
	case len(parts) == 2:
		return parts[0], parts[1], nil
	case len(parts) == 3:
		return "", "", pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", s)
	}
	return "", "", pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", s)
}

// parseProcedure reads name(type, type).
func (v *View) parseProcedure(s string) (uint32, error) {
	name, args, err := v.signature(s)
	if err != nil {
		return 0, err
	}
	schema, object, err := v.splitName(name, false)
	if err != nil {
		return 0, err
	}
	for _, p := range v.Procs(schema, object) {
		if len(p.Args) == len(args) {
			same := true
			for i := range args {
				same = same && args[i] == p.Args[i]
			}
			if same {
				return p.OID, nil
			}
		}
	}
	return 0, pgerr.New(pgerr.UndefinedFunction, "function \"%s\" does not exist", s)
}

// signature splits name(type, type); NONE is 0.
func (v *View) signature(s string) (name string, args []uint32, err error) {
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
		return "", nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a left parenthesis")
	}
	rest := strings.TrimSpace(s[open+1:])
	if !strings.HasSuffix(rest, ")") {
		return "", nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a right parenthesis")
	}
	for _, a := range SplitExprs(rest[:len(rest)-1]) {
		if strings.EqualFold(a, "none") {
			args = append(args, 0)
			continue
		}
		if a == "" {
			return "", nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected a type name")
		}
		oid, _, err := v.ParseType(a)
		if err != nil {
			return "", nil, err
		}
		args = append(args, oid)
	}
	return s[:open], args, nil
}

// parseOperator reads [schema.]op or, for regoperator, op(type, type).
func (v *View) parseOperator(kind, s string) (uint32, error) {
	name, args := s, []uint32(nil)
	if kind == "regoperator" {
		var err error
		if name, args, err = v.signature(s); err != nil {
			return 0, err
		}
		switch {
		case len(args) == 1:
			return 0, pgerr.New(pgerr.UndefinedParameter, "missing argument").WithHint("Use NONE to denote the missing argument of a unary operator.")
		case len(args) != 2:
			return 0, pgerr.New(pgerr.TooManyArguments, "too many arguments").WithHint("Provide two argument types for operator.")
		}
	}
	schema, op := "", strings.TrimSpace(name)
	if i := strings.LastIndexByte(op, '.'); i > 0 {
		parts, ok := SplitIdents(op[:i])
		if !ok || len(parts) != 1 {
			return 0, pgerr.New(pgerr.InvalidName, "invalid name syntax")
		}
		schema, op = parts[0], op[i+1:]
	}
	found := v.Operators(schema, op)
	if kind == "regoper" {
		switch len(found) {
		case 0:
			return 0, pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", s)
		case 1:
			return found[0].OID, nil
		}
		return 0, pgerr.New(pgerr.AmbiguousFunction, "more than one operator named %s", s)
	}
	for _, o := range found {
		if o.Left == args[0] && o.Right == args[1] {
			return o.OID, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", s)
}

// operatorVisible and the others tell whether the name alone finds the object.
func (v *View) operatorVisible(o *Operator) bool {
	for _, q := range v.Operators("", o.Name) {
		if q.OID == o.OID {
			return true
		}
	}
	return false
}

func (v *View) procVisible(p *Proc) bool {
	for _, q := range v.Procs("", p.Name) {
		if q.OID == p.OID {
			return true
		}
	}
	return false
}

func (v *View) relationVisible(r *Relation) bool {
	found, err := v.Relation("", r.Name)
	if err != nil {
		v.c.fail(err)
	}
	return found != nil && found.OID == r.OID
}

// nameVisible does it for catalogs that are only read by query.
func (v *View) nameVisible(tab, column, schema string, ns uint32, name string) bool {
	for _, s := range v.funcs {
		if s == ns {
			return true
		}
		hidden := false
		v.one("SELECT 1 FROM "+table(tab)+" WHERE "+column+" = ? AND "+schema+" = ?", []types.Value{types.StringValue(name), value(s)},
			func([]types.Value) { hidden = true })
		if hidden {
			return false
		}
	}
	return false
}

// visibleCatalogs are the kinds pg_*_is_visible ask about that only a query tells.
var visibleCatalogs = map[string][3]string{
	"collation": {"pg_collation", "collname", "collnamespace"}, "opclass": {"pg_opclass", "opcname", "opcnamespace"},
	"opfamily": {"pg_opfamily", "opfname", "opfnamespace"}, "conversion": {"pg_conversion", "conname", "connamespace"},
	"ts_config": {"pg_ts_config", "cfgname", "cfgnamespace"}, "ts_dict": {"pg_ts_dict", "dictname", "dictnamespace"},
	"ts_parser": {"pg_ts_parser", "prsname", "prsnamespace"}, "ts_template": {"pg_ts_template", "tmplname", "tmplnamespace"},
	"statistics_obj": {"pg_statistic_ext", "stxname", "stxnamespace"},
}

// Visible tells whether an object is found without its schema. kind is the middle of pg_KIND_is_visible ("table", "type", "function", "operator",
// "collation", "opclass" …) or the name of the catalog ("pg_class"). What does not exist is not visible: see Exists.
func (v *View) Visible(kind string, oid uint32) bool {
	switch kind {
	case "table", "pg_class":
		if oid < builtin.FirstUserOID && v.search[0] == builtin.SchemaCatalog {
			if c := builtin.ClassByOID(oid); c != nil {
				return c.Namespace == builtin.SchemaCatalog || v.classOnPath(c)
			}
			return false
		}
		r, err := v.RelationByOID(oid)
		if err != nil {
			v.c.fail(err)
		}
		return r != nil && v.relationVisible(r)
	case "type", "pg_type":
		t := v.Type(oid)
		return t != nil && v.typeVisible(t)
	case "function", "pg_proc":
		p := v.Proc(oid)
		return p != nil && v.procVisible(p)
	case "operator", "pg_operator":
		o := v.Operator(oid)
		return o != nil && v.operatorVisible(o)
	}
	c, ok := visibleCatalogs[strings.TrimPrefix(kind, "pg_")]
	if !ok {
		return false
	}
	var ns uint32
	var name string
	v.one("SELECT "+c[1]+", "+c[2]+" FROM "+table(c[0])+" WHERE oid = ?", []types.Value{value(oid)}, func(r []types.Value) {
		name, ns = string(r[0].B), uint32(r[1].I)
	})
	return ns != 0 && v.nameVisible(c[0], c[1], c[2], ns, name)
}

// classOnPath is visibility of an information_schema relation.
func (v *View) classOnPath(c *builtin.Class) bool {
	r, err := v.Relation("", c.Name)
	return err == nil && r != nil && r.OID == c.OID
}
