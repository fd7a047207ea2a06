package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// createView carries out CREATE [OR REPLACE] VIEW. What is stored is the query as analysis understood it, written with every name qualified.
func (e *Env) createView(n *parse.ViewStmt, st parse.Statement) (string, error) {
	const tag = "CREATE VIEW"
	const consumed = parse.Has_ViewStmt_View | parse.Has_ViewStmt_Aliases | parse.Has_ViewStmt_Query | parse.Has_ViewStmt_Replace | parse.Has_ViewStmt_WithCheckOption
	if err := analyze.Only(n, consumed, n.View.Location); err != nil {
		return tag, err
	}
	if n.WithCheckOption > parse.ViewCheckOption_NO_CHECK_OPTION {
		return tag, pgerr.Unsupported(n.View.Location, "WITH CHECK OPTION is not supported")
	}
	schema, temp, err := e.creationSchema(n.View)
	if err != nil {
		return tag, err
	}
	q, err := e.analyzer().Query(parse.Statement{Node: n.Query, Text: st.Text, Offset: st.Offset})
	if err != nil {
		return tag, err
	}
	if q.Command != analyze.Select {
		return tag, pgerr.New(pgerr.FeatureNotSupported, "views must not contain data-modifying statements in WITH")
	}
	cols, err := e.viewColumns(q, stringsOf(n.Aliases))
	if err != nil {
		return tag, err
	}
	v, err := e.storedView()
	if err != nil {
		return tag, err
	}
	text, err := analyze.DeparseQuery(q, v)
	if err != nil {
		return tag, err
	}
	oid, err := e.storeView(n, schema, temp, cols, text)
	if err != nil {
		return tag, err
	}
	rule, err := e.writer().RuleOf(oid)
	if err != nil {
		return tag, err
	}
	for _, u := range analyze.Uses(q) {
		if err := e.writer().Depend(catalog.Address{Class: catalog.ClassRewrite, OID: rule}, u, catalog.DependNormal); err != nil {
			return tag, err
		}
	}
	return tag, e.refresh()
}

// viewColumns gives a view's columns: the query's, renamed by the list behind the view's name. The query's own targets are renamed too, so
// that the stored text gives the same names.
func (e *Env) viewColumns(q *analyze.Query, names []string) ([]catalog.NewColumn, error) {
	var out []catalog.NewColumn
	for i := range q.Targets {
		t := &q.Targets[i]
		if t.Junk {
			continue
		}
		if len(out) < len(names) {
			t.Name = names[len(out)]
		}
		for _, c := range out {
			if c.Name == t.Name {
				return nil, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", t.Name)
			}
		}
		row := e.Catalog.Type(t.Expr.Type())
		if row == nil || row.Kind == 'p' {
			return nil, pgerr.New(pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", t.Name, e.Catalog.FormatType(t.Expr.Type(), -1))
		}
		out = append(out, catalog.NewColumn{Name: t.Name, Type: t.Expr.Type(), Typmod: t.Expr.Typmod(), Collation: t.Expr.Collation()})
	}
	if len(names) > len(out) {
		return nil, pgerr.New(pgerr.SyntaxError, "CREATE VIEW specifies more column names than columns")
	}
	if len(out) == 0 {
		return nil, pgerr.Unsupported(-1, "views without columns are not supported")
	}
	return out, nil
}

func (e *Env) storeView(n *parse.ViewStmt, schema string, temp bool, cols []catalog.NewColumn, text string) (uint32, error) {
	name := n.View.Relname
	old, err := e.Catalog.Relation(schema, name)
	if err != nil {
		return 0, err
	}
	if old != nil && n.Replace {
		if old.Kind != 'v' {
			return 0, wrongKind(old, "view")
		}
		if err := e.mustOwn(old); err != nil {
			return 0, err
		}
		return old.OID, e.replaceView(old, cols, text)
	}
	ns, err := e.namespace(schema)
	if err != nil {
		return 0, err
	}
	oid, err := e.writer().CreateRelation(catalog.NewRelation{Name: name, Namespace: ns, Kind: 'v', Owner: e.User, Temp: temp, Columns: cols, View: text})
	if err != nil {
		return 0, err
	}
	return oid, e.grantDefaults(oid, ns, e.User, 'v')
}

// replaceView checks that the new columns begin with the old ones, as PostgreSQL's checkViewTupleDesc.
func (e *Env) replaceView(old *catalog.Relation, cols []catalog.NewColumn, text string) error {
	if len(cols) < len(old.Columns) {
		return pgerr.New(pgerr.InvalidTableDefinition, "cannot drop columns from view")
	}
	for i := range old.Columns {
		o, c := &old.Columns[i], &cols[i]
		if o.Name != c.Name {
			return pgerr.New(pgerr.InvalidTableDefinition, "cannot change name of view column \"%s\" to \"%s\"", o.Name, c.Name).
				WithHint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.")
		}
		if o.Type != c.Type || o.Typmod != c.Typmod {
			return pgerr.New(pgerr.InvalidTableDefinition, "cannot change data type of view column \"%s\" from %s to %s", o.Name,
				e.Catalog.FormatType(o.Type, o.Typmod), e.Catalog.FormatType(c.Type, c.Typmod))
		}
	}
	for i := len(old.Columns); i < len(cols); i++ {
		if err := e.writer().AddColumn(old.OID, int16(i+1), cols[i]); err != nil {
			return err
		}
	}
	if err := e.writer().Set(catalog.ClassRelation, old.OID, "relnatts", len(cols)); err != nil {
		return err
	}
	return e.writer().SetView(old.OID, text)
}
