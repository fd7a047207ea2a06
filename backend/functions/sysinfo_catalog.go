package functions

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Definitions in their pretty form, functions' definitions, descriptions of objects, and ACLs taken apart: what package catalog prints.

func init() { chapters = append(chapters, catalogDefinitionRows) }

// catalogView is the statement's catalog: the session's own where it offers that, otherwise one made for the call.
func catalogView(c *Call) (*catalog.View, error) {
	if s, ok := c.Env.Catalog().(interface{ View() (*catalog.View, error) }); ok {
		return s.View()
	}
	i := c.Env.Session()
	cache := catalog.NewCache(c.Env.Catalog())
	cache.Database = i.Database
	cache.SetRole(i.UserOID, i.User)
	return cache.At(0, i.SearchPath, "")
}

// shownOver is how stored expressions are printed in this session, for the pretty forms too. What cannot be printed anew (it is over a relation
// that is gone, or not boolean where the session expects it) is shown as it is stored, which is canonical text too.
func shownOver(c *Call, rel uint32, pretty bool) func(text string) (string, error) {
	return func(text string) (string, error) {
		s, err := shownExpr(c, text, rel)
		if err != nil {
			s = text
		}
		if pretty {
			s = catalog.PrettyExpr(s)
		}
		return s, c.Env.Cancelled()
	}
}

func catalogDefinitionRows() []Row {
	proc := func(f func(v *catalog.View, p *catalog.Proc) string) Scalar {
		return func(c *Call, a []types.Value) (types.Value, error) {
			v, err := catalogView(c)
			if err != nil {
				return null, err
			}
			p := v.Proc(uint32(a[0].I))
			if p == nil {
				return null, v.Err()
			}
			s := f(v, p)
			if s == "" && p.Kind == 'p' && len(p.Args) > 0 {
				return null, nil
			}
			return types.StringValue(s), v.Err()
		}
	}
	expr := func(c *Call, a []types.Value) (types.Value, error) {
		s, err := shownOver(c, uint32(a[1].I), len(a) > 2 && a[2].Bool())(string(a[0].B))
		return types.StringValue(s), err
	}
	return []Row{
		{Sig: "pg_get_expr(pg_node_tree,oid)", Scalar: expr},
		{Sig: "pg_get_expr(pg_node_tree,oid,boolean)", Scalar: expr},
		{Sig: "pg_get_constraintdef(oid)", Scalar: prettyConstraint},
		{Sig: "pg_get_constraintdef(oid,boolean)", Scalar: prettyConstraint},
		{Sig: "pg_get_indexdef(oid)", Scalar: prettyIndex},
		{Sig: "pg_get_indexdef(oid,integer,boolean)", Scalar: prettyIndex},
		{Sig: "pg_get_function_arguments(oid)", Scalar: proc(func(v *catalog.View, p *catalog.Proc) string { return v.ProcArguments(p, false) })},
		{Sig: "pg_get_function_identity_arguments(oid)", Scalar: proc(func(v *catalog.View, p *catalog.Proc) string { return v.ProcArguments(p, true) })},
		{Sig: "pg_get_function_result(oid)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			v, err := catalogView(c)
			if err != nil {
				return null, err
			}
			p := v.Proc(uint32(a[0].I))
			if p == nil || p.Kind == 'p' {
				return null, v.Err()
			}
			return types.StringValue(v.ProcResult(p)), nil
		}},
		{Sig: "pg_get_functiondef(oid)", Scalar: functionDef},
		{Sig: "pg_describe_object(oid,oid,integer)", Scalar: describeObject},
		{Sig: "aclexplode(aclitem[])", Set: aclExplode},
		{Sig: "aclitemeq(aclitem,aclitem)", SQL: "($1 = $2)"},
		{Sig: `acldefault("char",oid)`, Scalar: aclDefault},
		{Sig: "pg_get_keywords()", Set: keywords},
		{Sig: "pg_get_ruledef(oid)", Scalar: ruleDef},
		{Sig: "pg_get_ruledef(oid,boolean)", Scalar: ruleDef},
		{Sig: "pg_get_triggerdef(oid)", Scalar: nothing},
		{Sig: "pg_get_triggerdef(oid,boolean)", Scalar: nothing},
		// No table is partitioned.
		{Sig: "pg_partition_root(regclass)", Scalar: nothing},
		{Sig: "pg_partition_ancestors(regclass)", Set: noRows},
	}
}

func prettyConstraint(c *Call, a []types.Value) (types.Value, error) {
	v, err := catalogView(c)
	if err != nil {
		return null, err
	}
	pretty := len(a) > 1 && a[1].Bool()
	s, ok, err := v.ConstraintDef(uint32(a[0].I), func(text string, rel uint32) (string, error) { return shownOver(c, rel, pretty)(text) })
	if err != nil || !ok {
		return null, err
	}
	return types.StringValue(s), nil
}

func prettyIndex(c *Call, a []types.Value) (types.Value, error) {
	v, err := catalogView(c)
	if err != nil {
		return null, err
	}
	column, pretty := 0, false
	if len(a) > 1 {
		column, pretty = int(a[1].I), a[2].Bool()
	}
	s, ok, err := v.IndexDef(uint32(a[0].I), column, !pretty, func(text string, rel uint32) (string, error) { return shownOver(c, rel, pretty)(text) })
	if err != nil || !ok {
		return null, err
	}
	return types.StringValue(s), nil
}

func functionDef(c *Call, a []types.Value) (types.Value, error) {
	v, err := catalogView(c)
	if err != nil {
		return null, err
	}
	p := v.Proc(uint32(a[0].I))
	if p != nil && p.Kind == 'a' {
		return null, pgerr.New(pgerr.WrongObjectType, "\"%s\" is an aggregate function", p.Name)
	}
	s, ok, err := v.ProcDef(uint32(a[0].I))
	if err != nil || !ok {
		return null, err
	}
	return types.StringValue(s), nil
}

// describeObject is NULL for what does not exist, as for the zeros that pg_depend once held.
func describeObject(c *Call, a []types.Value) (types.Value, error) {
	if a[0].I == 0 && a[1].I == 0 {
		return null, nil
	}
	v, err := catalogView(c)
	if err != nil {
		return null, err
	}
	s, err := v.Describe(catalog.Address{Class: uint32(a[0].I), OID: uint32(a[1].I), Sub: int32(a[2].I)})
	if err != nil || s == "" {
		return null, err
	}
	return types.StringValue(s), nil
}

// aclExplode gives a row for each privilege of each entry.
func aclExplode(_ *Call, a []types.Value) (RowIter, error) {
	out := &rowsOf{}
	for _, it := range catalog.ReadACL(a[0]) {
		for i, name := range catalog.PrivilegeNames {
			if bit := catalog.Privilege(1) << i; it.Privs&bit != 0 {
				out.rows = append(out.rows, []types.Value{types.IntValue(int64(it.Grantor)), types.IntValue(int64(it.Grantee)), types.StringValue(name),
					types.BoolValue(it.Grant&bit != 0)})
			}
		}
	}
	return out, nil
}

// aclDefault takes pg_default_acl's letters for kinds of objects.
func aclDefault(_ *Call, a []types.Value) (types.Value, error) {
	kinds := map[string]struct {
		class uint32
		kind  byte
	}{"r": {catalog.ClassRelation, 'r'}, "s": {catalog.ClassRelation, 'S'}, "d": {catalog.ClassDatabase, 0}, "f": {catalog.ClassProc, 0},
		"l": {catalog.ClassLanguage, 0}, "n": {catalog.ClassNamespace, 0}, "t": {catalog.ClassTablespace, 0}, "T": {catalog.ClassType, 0}}
	switch k, ok := kinds[string(a[0].B)]; {
	case ok:
		return catalog.DefaultACL(k.class, k.kind, uint32(a[1].I)).Value(), nil
	case strings.Contains("cLpFS", string(a[0].B)) && len(a[0].B) == 1:
		// Columns, large objects, parameters, wrappers and servers: nothing is granted by default but to the owner of what pgd does not have.
		return catalog.ACL{}.Value(), nil
	}
	return null, pgerr.New(pgerr.InternalError, "unrecognized object type abbreviation: %s", a[0].B)
}

// keywordNotes are the words for a keyword's category.
var keywordNotes = map[byte]string{'U': "unreserved", 'C': "unreserved (cannot be function or type name)", 'T': "reserved (can be function or type name)", 'R': "reserved"}

func keywords(*Call, []types.Value) (RowIter, error) {
	out := &rowsOf{}
	for _, k := range builtin.Keywords() {
		note := "requires AS"
		if k.BareLabel {
			note = "can be bare label"
		}
		out.rows = append(out.rows, []types.Value{types.StringValue(k.Word), types.StringValue(string(rune(k.Category))), types.BoolValue(k.BareLabel),
			types.StringValue(keywordNotes[k.Category]), types.StringValue(note)})
	}
	return out, nil
}

func nothing(*Call, []types.Value) (types.Value, error) { return null, nil }

func noRows(*Call, []types.Value) (RowIter, error) { return &rowsOf{}, nil }

// ruleDef prints the one kind of rule there is: that which makes a view.
func ruleDef(c *Call, a []types.Value) (types.Value, error) {
	view, err := oneText(c, `SELECT ev_class FROM "pg_catalog.pg_rewrite" WHERE oid = ?1`, a[0])
	if err != nil || view.IsNull() {
		return null, err
	}
	def, err := viewDef(c, view)
	if err != nil || def.IsNull() {
		return null, err
	}
	v, err := catalogView(c)
	if err != nil {
		return null, err
	}
	rel, err := v.RelationByOID(uint32(view.I))
	if err != nil || rel == nil {
		return null, err
	}
	name := relationName(c, rel.OID)
	if len(a) < 2 || !a[1].Bool() {
		name = catalog.QuoteIdent(rel.Schema) + "." + catalog.QuoteIdent(rel.Name)
	}
	return types.StringValue("CREATE RULE \"_RETURN\" AS\n    ON SELECT TO " + name + " DO INSTEAD " + string(def.B)), nil
}
