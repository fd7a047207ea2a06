package compile

import (
	"pgd/backend/analyze"
)

// aggregated tells whether the select list has an aggregate of its own, without which SQLite takes no HAVING.
func aggregated(q *analyze.Query) bool {
	found := false
	for i := range q.Targets {
		if q.Targets[i].Junk {
			continue
		}
		analyze.Walk(q.Targets[i].Expr, func(e analyze.Expr) bool {
			a, ok := e.(*analyze.Agg)
			found = found || ok && a.Up == 0
			return !found
		})
	}
	return found
}

// havingOnly writes SELECT … HAVING without GROUP BY and without an aggregate in the select list: one row or none.
func (g *gen) havingOnly(q *analyze.Query, as form) {
	if g.setCalls(q) != nil {
		g.unsupported(-1, "a set-returning function in the select list of this query is not supported")
	}
	t := g.alias()
	g.w("SELECT ")
	n := 0
	for i := range q.Targets {
		if q.Targets[i].Junk {
			continue
		}
		if n > 0 {
			g.w(", ")
		}
		g.w(t, ".", col(n), " AS ", col(n))
		n++
	}
	if n == 0 {
		g.w("NULL AS c0")
	}
	from := g.text(func() { g.from(q, nil) })
	g.w(" FROM (SELECT ")
	g.targets(q, asSub)
	g.w(", ")
	g.expr(q.Having)
	g.w(" AS h, count(*) AS n", from)
	g.where(q)
	g.w(") AS ", t, " WHERE ", t, ".h")
	g.limit(q)
}
