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
		for _, ix := range rel.Indexes {
			if ix.OID == c.Index && rowidAmong(rel, ix) {
				g.unsupported(-1, "ON CONFLICT over a unique index of several columns, one of them the primary key, is not supported")
			}
		}
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
		if !ix.Unique || c != nil && ix.OID == c.Index || ix.NullsNotDistinct || deferrable(rel, ix) || rowidAmong(rel, ix) {
			continue
		}
		keys, pred, err := a.IndexKey(rel, ix)
		if err != nil {
			g.fail(err)
		}
		g.w(" ON CONFLICT ")
		g.conflictTarget(rel, keys, pred)
		g.w(" DO UPDATE SET ", firstColumn(rel), " = ")
		g.failUnique(rel, ix, keys, &level{column: func(v *analyze.Var) string { return "excluded." + rel.Columns[v.Col].Physical }})
	}
}

// rowidAmong tells whether the rowid's column is one of several keys of an index. SQLite finds no such index by its columns; a row that
// meets another there meets it in the primary key as well, which tells.
func rowidAmong(rel *catalog.Relation, ix *catalog.Index) bool {
	if ix.KeyCount < 2 || rel.RowidColumn < 0 {
		return false
	}
	for _, n := range ix.Columns[:ix.KeyCount] {
		if int(n) == rel.RowidColumn+1 {
			return true
		}
	}
	return false
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
	bare := &level{stored: true, column: func(v *analyze.Var) string { return rel.Columns[v.Col].Physical }}
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

// assignments writes the list of SET. A NULL for the rowid column raises PostgreSQL's error, and so does a key that another
// row has, since SQLite's own error would not tell its values.
func (g *gen) assignments(q *analyze.Query, rel *catalog.Relation, cols []int, ts []analyze.Target) {
	unique := g.uniqueSets(rel, cols, ts)
	for i, c := range cols {
		if i > 0 {
			g.w(", ")
		}
		g.w(rel.Columns[c].Physical, " = ")
		if len(unique[c]) > 0 {
			g.w("(CASE")
			for _, ix := range unique[c] {
				g.whenTaken(q, rel, ix, cols, ts)
			}
			g.w(" ELSE ")
		}
		if c != rel.RowidColumn || g.neverNull(ts[i].Expr) {
			g.expr(ts[i].Expr)
		} else {
			g.w("coalesce(")
			g.expr(ts[i].Expr)
			g.w(", ")
			g.failNotNull(rel, c, func(k int) { g.newValue(q, rel, cols, ts, k, c) })
			g.w(")")
		}
		if len(unique[c]) > 0 {
			g.w(" END)")
		}
	}
}

// uniqueSets finds the unique indexes whose key an UPDATE sets; each is looked after at the first of its columns.
func (g *gen) uniqueSets(rel *catalog.Relation, cols []int, ts []analyze.Target) map[int][]*catalog.Index {
	for i := range ts {
		if volatileExpr(ts[i].Expr) {
			return nil
		}
	}
	out := map[int][]*catalog.Index{}
	for _, ix := range rel.Indexes {
		if !ix.Unique || ix.NullsNotDistinct || ix.Exprs != nil || deferrable(rel, ix) {
			continue
		}
		for _, c := range cols {
			in := false
			for _, n := range ix.Columns[:min(ix.KeyCount, len(ix.Columns))] {
				in = in || int(n)-1 == c
			}
			if in {
				out[c] = append(out[c], ix)
				break
			}
		}
	}
	return out
}

// whenTaken writes the branch that fails where another row has the new key.
func (g *gen) whenTaken(q *analyze.Query, rel *catalog.Relation, ix *catalog.Index, cols []int, ts []analyze.Target) {
	a := &analyze.Analyzer{Catalog: g.o.Catalog, Types: g.o.Types}
	keys, pred, err := a.IndexKey(rel, ix)
	if err != nil {
		g.fail(err)
	}
	old := g.level.names[q.Result]
	lv := g.level
	fresh := &level{column: func(v *analyze.Var) string {
		return g.text(func() { g.at(lv, func() { g.newValue(q, rel, cols, ts, v.Col, -1) }) })
	}}
	other := g.alias()
	theirs := &level{stored: true, column: func(v *analyze.Var) string { return other + "." + rel.Columns[v.Col].Physical }}
	g.w(" WHEN EXISTS (SELECT 1 FROM ", rel.Physical, " AS ", other, " WHERE ")
	for _, k := range keys {
		g.at(theirs, func() { g.expr(k) })
		g.w(" = ")
		g.at(fresh, func() { g.expr(k) })
		g.w(" AND ")
	}
	if pred != nil {
		g.at(theirs, func() { g.expr(pred) })
		g.w(" AND ")
		g.at(fresh, func() { g.expr(pred) })
		g.w(" AND ")
	}
	g.w(other, ".rowid <> ", old, ".rowid) THEN ")
	g.failUnique(rel, ix, keys, fresh)
}

// failUnique writes the call that raises PostgreSQL's error for a key that is taken.
func (g *gen) failUnique(rel *catalog.Relation, ix *catalog.Index, keys []analyze.Expr, values *level) {
	g.w("pg_fail_unique(")
	for _, s := range []string{rel.Schema, rel.Name, ix.Name} {
		g.quote(s)
		g.w(", ")
	}
	g.quote(keyText(rel, ix))
	for _, k := range keys {
		g.w(", ", strconv.Itoa(int(k.Type())), ", ")
		g.at(values, func() { g.expr(k) })
	}
	g.w(")")
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
