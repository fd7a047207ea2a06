package compile

import (
	"pgd/backend/analyze"
)

// groupingSets writes one grouped query for each set, keys outside the set NULL, all together.
func (g *gen) groupingSets(q *analyze.Query, as form) {
	if len(q.Windows) > 0 || q.DistinctOn != nil || q.WithTies || g.setCalls(q) != nil {
		g.unsupported(-1, "GROUPING SETS together with this clause is not supported")
	}
	for _, r := range q.RTable {
		if r.Query != nil && volatileQuery(r.Query) {
			g.unsupported(-1, "GROUPING SETS over a volatile subquery is not supported")
		}
	}
	lv := g.level
	t := g.alias()
	width := 0
	for i := range q.Targets {
		if !q.Targets[i].Junk {
			width++
		}
	}
	g.w("SELECT ")
	if q.Distinct {
		g.w("DISTINCT ")
	}
	for i := range width {
		if i > 0 {
			g.w(", ")
		}
		g.w(t, ".", col(i))
		if c := g.collation(shown(q)[i].Expr.Type()); c != "" && q.Distinct {
			g.w(" COLLATE ", c)
		}
		g.w(" AS ", col(i))
	}
	if width == 0 {
		g.w("NULL AS c0")
	}
	g.w(" FROM (")
	for n, set := range q.GroupingSets {
		if n > 0 {
			g.w(" UNION ALL ")
		}
		g.oneSet(q, lv, set)
	}
	g.w(") AS ", t)
	sep := " ORDER BY "
	for i, k := range q.Order {
		g.w(sep, t, ".k", itoa(i))
		if c := g.collation(k.Expr.Type()); c != "" {
			g.w(" COLLATE ", c)
		}
		if k.Desc {
			g.w(" DESC")
		}
		if k.NullsFirst {
			g.w(" NULLS FIRST")
		} else {
			g.w(" NULLS LAST")
		}
		sep = ", "
	}
	g.limit(q)
}

func shown(q *analyze.Query) []*analyze.Target {
	var out []*analyze.Target
	for i := range q.Targets {
		if !q.Targets[i].Junk {
			out = append(out, &q.Targets[i])
		}
	}
	return out
}

// oneSet writes the query of one grouping set.
func (g *gen) oneSet(q *analyze.Query, lv *level, set []int) {
	in := map[int]bool{}
	one := *q
	one.GroupBy, one.Distinct = nil, false
	for _, i := range set {
		in[i] = true
		one.GroupBy = append(one.GroupBy, q.GroupBy[i])
	}
	from := g.text(func() { g.from(q, nil) })
	where := g.text(func() { g.where(q) })
	lv.absent = nil
	for i, e := range q.GroupBy {
		if !in[i] {
			lv.absent = append(lv.absent, e)
		}
	}
	g.w("SELECT ")
	g.targets(&one, asSub)
	for i, k := range q.Order {
		g.w(", ")
		g.expr(k.Expr)
		g.w(" AS k", itoa(i))
	}
	empty := len(one.GroupBy) == 0
	if empty {
		// An aggregate makes it one group even of no rows.
		g.w(", count(*) AS n")
	} else {
		g.w(", 0 AS n")
	}
	g.w(from, where)
	if !empty {
		absent := lv.absent
		lv.absent = nil
		g.w(" GROUP BY ")
		g.keys(one.GroupBy)
		lv.absent = absent
	}
	if q.Having != nil {
		g.w(" HAVING ")
		g.qual(q.Having)
	}
	lv.absent = nil
}

// isAbsent tells a grouping key that the set being written does not have: its value is NULL outside aggregates.
func (g *gen) isAbsent(e analyze.Expr) bool {
	if g.level == nil || len(g.level.absent) == 0 {
		return false
	}
	for _, k := range g.level.absent {
		if analyze.Equal(k, e) {
			return true
		}
	}
	return false
}
