package compile

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
)

// update writes UPDATE. A row that several rows of FROM match is updated once, with one of them, as in PostgreSQL.
func (g *gen) update(q *analyze.Query) {
	lv := g.push(q, nil)
	g.level = lv
	rel := q.RTable[q.Result].Relation
	g.target(rel)
	g.with(q)
	g.w("UPDATE ", rel.Physical, " AS ", lv.names[q.Result], " SET ")
	if len(q.Columns) == 0 {
		// Only generated columns set to DEFAULT: nothing changes, but the rows count.
		c := firstColumn(rel)
		g.w(c, " = ", lv.names[q.Result], ".", c)
	} else {
		g.assignments(q, rel, q.Columns, q.Targets)
	}
	g.from(q, nil)
	g.where(q)
	g.returning(q, rel, lv)
}

// delete writes DELETE; with USING the rows to go are found by a query of their own.
func (g *gen) delete(q *analyze.Query) {
	lv := g.push(q, nil)
	g.level = lv
	rel := q.RTable[q.Result].Relation
	g.target(rel)
	g.with(q)
	name := lv.names[q.Result]
	if len(q.From) == 0 {
		g.w("DELETE FROM ", rel.Physical, " AS ", name)
		g.where(q)
		g.returning(q, rel, lv)
		return
	}
	g.w("DELETE FROM ", rel.Physical, " WHERE rowid IN (SELECT ", name, ".rowid FROM ", rel.Physical, " AS ", name)
	rest := g.text(func() { g.from(q, nil) })
	g.w(", ", strings.TrimPrefix(rest, " FROM "))
	g.where(q)
	g.w(")")
	g.returning(q, rel, lv)
}

// returning writes RETURNING, where SQLite knows the changed table by its own name and nothing else.
func (g *gen) returning(q *analyze.Query, rel *catalog.Relation, lv *level) {
	if len(q.Returning) == 0 {
		return
	}
	for i := range q.Returning {
		analyze.Walk(q.Returning[i].Expr, func(e analyze.Expr) bool {
			if v, ok := e.(*analyze.Var); ok && v.Up == 0 && v.RTE >= 0 && v.RTE != q.Result {
				if r := q.RTable[v.RTE]; r.Kind != analyze.RTEJoin {
					g.unsupported(v.Loc, "RETURNING a column of another table is not supported")
				}
			}
			return true
		})
	}
	name := rel.Physical
	if i := strings.Index(name, "."); i > 0 && !strings.HasPrefix(name, `"`) {
		name = name[i+1:]
	}
	old := lv.names[q.Result]
	lv.names[q.Result], lv.returning = name, true
	g.w(" RETURNING ")
	for i := range q.Returning {
		if i > 0 {
			g.w(", ")
		}
		g.expr(q.Returning[i].Expr)
	}
	lv.names[q.Result], lv.returning = old, false
}
