package functions

import (
	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Deparser is what Env offers besides, where it can: stored expressions and queries printed as the session's search path shows names.
type Deparser interface {
	DeparseExpr(text string, rel uint32) (string, error)
	DeparseQuery(text string) (string, error)
}

// definitionRows print definitions of catalog objects.
func definitionRows() []Row {
	view := func(c *Call, a []types.Value) (types.Value, error) { return viewDef(c, a[0]) }
	viewByName := func(c *Call, a []types.Value) (types.Value, error) {
		oid, err := c.Env.Catalog().ObjectOID("regclass", string(a[0].B))
		if err != nil {
			return null, err
		}
		return viewDef(c, types.IntValue(int64(oid)))
	}
	none := func(*Call, []types.Value) (types.Value, error) { return null, nil }
	return []Row{
		{Sig: "pg_get_viewdef(oid)", Scalar: view},
		{Sig: "pg_get_viewdef(oid,boolean)", Scalar: view},
		{Sig: "pg_get_viewdef(oid,integer)", Scalar: view},
		{Sig: "pg_get_viewdef(text)", Scalar: viewByName},
		{Sig: "pg_get_viewdef(text,boolean)", Scalar: viewByName},
		{Sig: "pg_get_serial_sequence(text,text)", Scalar: serialSequence},
		{Sig: "pg_get_partkeydef(oid)", Scalar: none},
		{Sig: "pg_get_statisticsobjdef_columns(oid)", Scalar: none},
		{Sig: "pg_get_replica_identity_index(regclass)", Scalar: none},
		{Sig: "pg_relation_is_publishable(regclass)", SQL: "($1 >= 16384)"},
	}
}

func shownExpr(c *Call, text string, rel uint32) (string, error) {
	if d, ok := c.Env.(Deparser); ok {
		return d.DeparseExpr(text, rel)
	}
	return text, nil
}

func viewDef(c *Call, oid types.Value) (types.Value, error) {
	text, err := oneText(c, `SELECT ev_action FROM "pg_catalog.pg_rewrite" WHERE ev_class = ?1 AND rulename = '_RETURN'`, oid)
	if err != nil || text.IsNull() {
		return null, err
	}
	if d, ok := c.Env.(Deparser); ok {
		s, err := d.DeparseQuery(string(text.B))
		return types.StringValue(s + ";"), err
	}
	return types.StringValue(string(text.B) + ";"), nil
}

// serialSequence is pg_get_serial_sequence: the sequence a column owns.
func serialSequence(c *Call, a []types.Value) (types.Value, error) {
	rel, err := c.Env.Catalog().ObjectOID("regclass", string(a[0].B))
	if err != nil {
		return null, err
	}
	n, err := oneText(c, `SELECT attnum FROM "pg_catalog.pg_attribute" WHERE attrelid = ?1 AND attname = ?2 AND NOT attisdropped`, types.IntValue(int64(rel)), a[1])
	if err != nil {
		return null, err
	}
	if n.IsNull() {
		return null, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", a[1].B, relationName(c, rel))
	}
	out := null
	err = c.Env.Catalog().Query(`SELECT n.nspname, s.relname FROM "pg_catalog.pg_depend" d JOIN "pg_catalog.pg_class" s ON s.oid = d.objid
		JOIN "pg_catalog.pg_namespace" n ON n.oid = s.relnamespace WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.refobjid = ?1 AND d.refobjsubid = ?2
		AND d.deptype IN ('a', 'i') AND s.relkind = 'S'`, []types.Value{types.IntValue(int64(rel)), n}, func(r []types.Value) error {
		out = types.StringValue(builtin.QuoteIdent(string(r[0].B)) + "." + builtin.QuoteIdent(string(r[1].B)))
		return nil
	})
	return out, err
}
