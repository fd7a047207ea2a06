package ddl

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// createAs carries out CREATE TABLE … AS and SELECT … INTO: a table of the query's columns, then INSERT … SELECT.
func (e *Env) createAs(n *parse.CreateTableAsStmt, st parse.Statement) (string, error) {
	tag := "CREATE TABLE AS"
	const consumed = parse.Has_CreateTableAsStmt_Query | parse.Has_CreateTableAsStmt_Into | parse.Has_CreateTableAsStmt_Objtype |
		parse.Has_CreateTableAsStmt_IsSelectInto | parse.Has_CreateTableAsStmt_IfNotExists
	if err := analyze.Only(n, consumed, -1); err != nil {
		return tag, err
	}
	if n.Objtype != parse.ObjectType_OBJECT_TABLE {
		return tag, pgerr.Unsupported(-1, "materialized views are not supported")
	}
	into := n.Into
	const intoConsumed = parse.Has_IntoClause_Rel | parse.Has_IntoClause_ColNames | parse.Has_IntoClause_Options | parse.Has_IntoClause_OnCommit |
		parse.Has_IntoClause_SkipData | parse.Has_IntoClause_AccessMethod | parse.Has_IntoClause_TableSpaceName
	if err := analyze.Only(into, intoConsumed, into.Rel.Location); err != nil {
		return tag, err
	}
	sel, ok := n.Query.(*parse.SelectStmt)
	if !ok {
		return tag, pgerr.Unsupported(into.Rel.Location, "CREATE TABLE AS %s is not supported", n.Query.NodeName())
	}
	t := &table{name: into.Rel.Relname, unlogged: into.Rel.Relpersistence == "u", onCommit: into.OnCommit, options: optionTexts(into.Options)}
	if err := e.place(t, into.Rel, into.OnCommit); err != nil {
		return tag, err
	}
	if err := e.storageOptions('r', into.Options, into.TableSpaceName, into.AccessMethod); err != nil {
		return tag, err
	}
	if skip, err := e.relationTaken(t.schema, t.name, n.IfNotExists); skip || err != nil {
		return tag, err
	}
	q, err := e.analyzer().Query(parse.Statement{Node: sel, Text: st.Text, Offset: st.Offset})
	if err != nil {
		return tag, err
	}
	if err := e.queryColumns(t, q, stringsOf(into.ColNames)); err != nil {
		return tag, err
	}
	rel, err := e.makeTable(t)
	if err != nil || into.SkipData {
		return tag, err
	}
	rows, err := e.fill(rel, q)
	if err != nil {
		return tag, err
	}
	return "SELECT " + strconv.FormatInt(rows, 10), nil
}

// queryColumns makes a table's columns of a query's.
func (e *Env) queryColumns(t *table, q *analyze.Query, names []string) error {
	for _, target := range q.Targets {
		if target.Junk {
			continue
		}
		c := &column{name: target.Name, typ: target.Expr.Type(), mod: target.Expr.Typmod(), coll: target.Expr.Collation(), loc: -1}
		if len(t.columns) < len(names) {
			c.name = names[len(t.columns)]
		}
		if t.column(c.name) != nil {
			return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.name)
		}
		row := e.Catalog.Type(c.typ)
		if row == nil || row.Kind == 'p' {
			return pgerr.New(pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", c.name, e.Catalog.FormatType(c.typ, -1))
		}
		t.columns = append(t.columns, c)
	}
	if len(names) > len(t.columns) {
		return pgerr.New(pgerr.SyntaxError, "too many column names were specified")
	}
	return nil
}

// fill runs the query into the new table.
func (e *Env) fill(rel *catalog.Relation, q *analyze.Query) (int64, error) {
	ins := &analyze.Query{Command: analyze.Insert, Result: 0, Source: q, SourceRTE: 1}
	target := &analyze.RTE{Kind: analyze.RTERelation, Alias: rel.Name, Relation: rel}
	source := &analyze.RTE{Kind: analyze.RTESubquery, Alias: "*SELECT*", Query: q}
	i := 0
	for _, t := range q.Targets {
		if t.Junk {
			continue
		}
		x := t.Expr
		info := analyze.Info{Typ: x.Type(), Mod: x.Typmod(), Coll: x.Collation(), Loc: -1}
		col := analyze.RTEColumn{Name: rel.Columns[i].Name, Typ: info.Typ, Mod: info.Mod, Coll: info.Coll}
		target.Columns, source.Columns = append(target.Columns, col), append(source.Columns, col)
		ins.Columns = append(ins.Columns, i)
		ins.Targets = append(ins.Targets, analyze.Target{Expr: &analyze.Var{Info: info, RTE: 1, Col: i}, Name: col.Name})
		i++
	}
	ins.RTable = []*analyze.RTE{target, source}
	return e.Execute(ins)
}
