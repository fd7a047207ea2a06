package compile

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
)

// conflict writes ON CONFLICT: the statement's own, and for every other unique index one that raises PostgreSQL's error with the key's
// values, which SQLite's own error does not tell.
func (g *gen) conflict(q *analyze.Query, rel *catalog.Relation, lv *level) {
	c := q.OnConflict
	if c != nil && c.DoNothing && len(c.Keys) == 0 {
		g.w(" ON CONFLICT DO NOTHING")
		return
	}
	if c != nil {
		g.w(" ON CONFLICT ")
		g.conflictTarget(rel, c.Keys, c.IndexWhere)
		if c.DoNothing {
			g.w(" DO NOTHING")
		} else {
			g.doUpdate(q, rel, lv)
		}
	}
	a := &analyze.Analyzer{Catalog: g.o.Catalog, Types: g.o.Types}
	for _, ix := range rel.Indexes {
		if !ix.Unique || c != nil && ix.OID == c.Index || ix.NullsNotDistinct || deferrable(rel, ix) {
			continue
		}
		keys, pred, err := a.IndexKey(rel, ix)
		if err != nil {
			g.fail(err)
		}
		g.w(" ON CONFLICT ")
		g.conflictTarget(rel, keys, pred)
		g.w(" DO UPDATE SET ", firstColumn(rel), " = pg_fail_unique(")
		g.quote(rel.Schema)
		g.w(", ")
		g.quote(rel.Name)
		g.w(", ")
		g.quote(ix.Name)
		g.w(", ")
		g.quote(keyText(rel, ix))
		for _, k := range keys {
			g.w(", ", strconv.Itoa(int(k.Type())), ", ")
			g.at(&level{column: func(v *analyze.Var) string { return "excluded." + rel.Columns[v.Col].Physical }}, func() { g.expr(k) })
		}
		g.w(")")
	}
}

func deferrable(rel *catalog.Relation, ix *catalog.Index) bool {
	for _, con := range rel.Constraints {
		if con.Index == ix.OID && con.Deferrable && con.Kind != 'f' {
			return true
		}
	}
	return false
}

// keyText lists an index's key as the detail of PostgreSQL's message does.
func keyText(rel *catalog.Relation, ix *catalog.Index) string {
	s, x := "", 0
	for i := 0; i < ix.KeyCount && i < len(ix.Columns); i++ {
		if i > 0 {
			s += ", "
		}
		if n := ix.Columns[i]; n > 0 {
			s += catalog.QuoteIdent(rel.Columns[n-1].Name)
		} else if x < len(ix.Exprs) {
			s += ix.Exprs[x]
			x++
		}
	}
	return s
}

func firstColumn(rel *catalog.Relation) string {
	for i := range rel.Columns {
		if c := &rel.Columns[i]; !c.Dropped && c.Generated == 0 {
			return c.Physical
		}
	}
	return "rowid"
}

// conflictTarget writes the key of an index as SQLite knows it: bare columns, expressions as the index was made with.
func (g *gen) conflictTarget(rel *catalog.Relation, keys []analyze.Expr, pred analyze.Expr) {
	bare := &level{column: func(v *analyze.Var) string { return rel.Columns[v.Col].Physical }}
	g.w("(")
	g.at(bare, func() { g.list(keys) })
	g.w(")")
	if pred != nil {
		g.w(" WHERE ")
		g.at(bare, func() { g.expr(pred) })
	}
}

// doUpdate writes DO UPDATE SET … WHERE.
func (g *gen) doUpdate(q *analyze.Query, rel *catalog.Relation, lv *level) {
	c := q.OnConflict
	lv.names[c.ExclRTE] = "excluded"
	if len(c.Columns) == 0 {
		g.w(" DO NOTHING")
		return
	}
	g.w(" DO UPDATE SET ")
	g.assignments(q, rel, c.Columns, c.Set)
	if c.Where != nil {
		g.w(" WHERE ")
		g.qual(c.Where)
	}
}

// assignments writes the list of SET. A NULL for the rowid column raises PostgreSQL's error.
func (g *gen) assignments(q *analyze.Query, rel *catalog.Relation, cols []int, ts []analyze.Target) {
	for i, c := range cols {
		if i > 0 {
			g.w(", ")
		}
		g.w(rel.Columns[c].Physical, " = ")
		if c != rel.RowidColumn || g.neverNull(ts[i].Expr) {
			g.expr(ts[i].Expr)
			continue
		}
		g.w("coalesce(")
		g.expr(ts[i].Expr)
		g.w(", ")
		g.failNotNull(rel, c, func(k int) { g.newValue(q, rel, cols, ts, k, c) })
		g.w(")")
	}
}

// newValue writes what column k has after an update, for the message of a failed one.
func (g *gen) newValue(q *analyze.Query, rel *catalog.Relation, cols []int, ts []analyze.Target, k, key int) {
	if k == key || rel.Columns[k].Dropped {
		g.w("NULL")
		return
	}
	for i, c := range cols {
		if c == k {
			if volatileExpr(ts[i].Expr) {
				g.w("NULL")
				return
			}
			g.expr(ts[i].Expr)
			return
		}
	}
	g.w(g.level.names[q.Result], ".", rel.Columns[k].Physical)
}
