package compile

import (
	"pgd/backend/analyze"
)

// push opens a query level.
func (g *gen) push(q *analyze.Query, parent *level) *level {
	lv := &level{q: q, parent: parent, names: make([]string, len(q.RTable)), nullable: make([]bool, len(q.RTable))}
	for i, r := range q.RTable {
		if r.Kind != analyze.RTEJoin {
			lv.names[i] = g.alias()
		}
	}
	for _, it := range q.From {
		lv.mark(it, false)
	}
	return lv
}

// mark notes which entries an outer join may fill with NULLs.
func (lv *level) mark(it analyze.FromItem, nullable bool) {
	switch it := it.(type) {
	case *analyze.FromRTE:
		lv.nullable[it.RTE] = nullable
	case *analyze.Join:
		lv.mark(it.Left, nullable || it.Kind == analyze.JoinRight || it.Kind == analyze.JoinFull)
		lv.mark(it.Right, nullable || it.Kind == analyze.JoinLeft || it.Kind == analyze.JoinFull)
	}
}

// up gives the level n levels out.
func (g *gen) up(n int) *level {
	lv := g.level
	for ; n > 0 && lv != nil; n-- {
		lv = lv.parent
	}
	return lv
}

// at runs f with another level as the innermost.
func (g *gen) at(lv *level, f func()) {
	old := g.level
	g.level = lv
	f()
	g.level = old
}

// variable writes a reference to a column.
func (g *gen) variable(v *analyze.Var) {
	lv := g.up(v.Up)
	if lv == nil {
		g.unsupported(v.Loc, "this reference to an outer query is not supported")
	}
	if lv.column != nil {
		g.w(lv.column(v))
		return
	}
	if v.RTE < 0 {
		g.w(lv.out[v.Col])
		return
	}
	r := lv.q.RTable[v.RTE]
	if r.Kind == analyze.RTEJoin && v.Col >= 0 {
		g.at(lv, func() { g.expr(r.JoinVars[v.Col]) })
		return
	}
	switch v.Col {
	case analyze.WholeRow:
		g.wholeRow(lv, v)
		return
	case analyze.TableOIDCol:
		g.tableOID(lv, v)
		return
	case analyze.CtidCol:
		g.unsupported(v.Loc, "system column \"ctid\" is not supported")
	}
	g.w(lv.names[v.RTE], ".", columnName(r, v.Col))
}

// columnName is what column i of an entry is called.
func columnName(r *analyze.RTE, i int) string {
	switch r.Kind {
	case analyze.RTERelation:
		if r.Relation.Kind == 'S' {
			return col(i)
		}
		return r.Relation.Columns[i].Physical
	case analyze.RTEFunction:
		if r.Ordinal && i == len(r.Columns)-1 {
			return "ordinality"
		}
	case analyze.RTEValues:
		return "column" + itoa(i+1)
	case analyze.RTESubquery:
		if r.Query != nil && rawValues(r.Query) {
			return "column" + itoa(i+1)
		}
	}
	return col(i)
}

func itoa(i int) string { return col(i)[1:] }

// rawValues tells a VALUES list that is written as such, whose columns SQLite names.
func rawValues(q *analyze.Query) bool {
	return q.Values != nil && q.Order == nil && q.Limit == nil && q.Offset == nil && q.With == nil
}

// tableOID writes tableoid: the entry's table, NULL where an outer join has none.
func (g *gen) tableOID(lv *level, v *analyze.Var) {
	r := lv.q.RTable[v.RTE]
	if r.Kind != analyze.RTERelation {
		g.unsupported(v.Loc, "system column \"tableoid\" is not supported here")
	}
	if lv.nullable[v.RTE] {
		g.w("(CASE WHEN ", lv.names[v.RTE], ".rowid IS NOT NULL THEN ")
		defer g.w(" END)")
	}
	g.int(int64(r.Relation.OID))
}

// wholeRow writes all columns of an entry as one composite value.
func (g *gen) wholeRow(lv *level, v *analyze.Var) {
	r := lv.q.RTable[v.RTE]
	if lv.nullable[v.RTE] {
		// A row that an outer join did not find is NULL, not a row of NULLs.
		if r.Kind != analyze.RTERelation {
			g.unsupported(v.Loc, "a whole row of the nullable side of an outer join is not supported")
		}
		g.w("(CASE WHEN ", lv.names[v.RTE], ".rowid IS NOT NULL THEN ")
		defer g.w(" END)")
	}
	var args []analyze.Expr
	var names []string
	for i := range r.Columns {
		if c := &r.Columns[i]; !c.Dropped {
			args = append(args, &analyze.Var{Info: analyze.Info{Typ: c.Typ, Mod: c.Mod, Coll: c.Coll, Loc: v.Loc}, Up: v.Up, RTE: v.RTE, Col: i})
			names = append(names, c.Name)
		}
	}
	if v.Typ == typeRecord {
		g.namedRow(args, names, v.Loc)
		return
	}
	g.row(args, v.Typ, v.Loc)
}

// notNull tells that an expression is never NULL, as far as declarations tell.
func (g *gen) notNull(e analyze.Expr) bool {
	switch e := e.(type) {
	case *analyze.Const:
		return !e.Value.IsNull()
	case *analyze.Relabel:
		return g.notNull(e.Arg)
	case *analyze.Var:
		lv := g.up(e.Up)
		if lv == nil || lv.q == nil || e.RTE < 0 || e.Col < 0 {
			return false
		}
		r := lv.q.RTable[e.RTE]
		return r.Kind == analyze.RTERelation && r.Relation.Columns[e.Col].NotNull && !lv.nullable[e.RTE]
	case *analyze.NullTest, *analyze.BoolTest, *analyze.Distinct:
		return true
	case *analyze.Agg:
		return e.Proc.Name == "count"
	case *analyze.Window:
		return e.Proc.Name == "count" || e.Proc.Name == "row_number" || e.Proc.Name == "rank" || e.Proc.Name == "dense_rank"
	}
	return false
}
