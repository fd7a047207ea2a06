package compile

import (
	"pgd/backend/analyze"
)

// distinctOn writes SELECT DISTINCT ON: the first row of each partition in the order asked for.
func (g *gen) distinctOn(q *analyze.Query, as form) {
	g.ranked(q, as, func() {
		g.w("row_number() OVER (PARTITION BY ")
		g.keys(q.DistinctOn)
		g.w(" ")
		g.sortKeys(q.Order)
		g.w(")")
	}, func(rank string) {
		g.w(" WHERE ", rank, " = 1")
	}, nil)
}

// withTies writes FETCH FIRST … WITH TIES: what is after the offset and not behind the last row's peers.
func (g *gen) withTies(q *analyze.Query, as form) {
	var number string
	off := q.Offset
	g.ranked(q, as, func() {
		g.w("rank() OVER (")
		g.sortKeys(q.Order)
		g.w(")")
	}, func(rank string) {
		g.w(" WHERE ", rank, " <= ")
		g.w("pg_limit_ties(")
		g.expr(q.Limit)
		g.w(")")
		if off != nil {
			g.w(" + pg_offset(")
			g.expr(off)
			g.w(") AND ", number, " > pg_offset(")
			g.expr(off)
			g.w(")")
		}
	}, func(t string) {
		number = t + ".n"
		g.w(", row_number() OVER (")
		g.sortKeys(q.Order)
		g.w(") AS n")
	})
}

// ranked writes a query whose rows are chosen by a window function over them: rank writes the function, choose the condition on
// its column, more (optional) further columns.
func (g *gen) ranked(q *analyze.Query, as form, rank func(), choose func(rank string), more func(t string)) {
	if g.setCalls(q) != nil {
		g.unsupported(-1, "a set-returning function in the select list of this query is not supported")
	}
	t := g.alias()
	inner := *q
	inner.Order, inner.Limit, inner.Offset = nil, nil, nil
	n := 0
	g.w("SELECT ")
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
	g.w(" FROM (")
	from := g.text(func() { g.from(&inner, nil) })
	g.w("SELECT ")
	g.targets(&inner, asSub)
	for i, k := range q.Order {
		g.w(", ")
		g.expr(k.Expr)
		g.w(" AS k", itoa(i))
	}
	g.w(", ")
	rank()
	g.w(" AS r")
	if more != nil {
		more(t)
	}
	g.w(from)
	g.where(&inner)
	g.group(&inner)
	g.w(") AS ", t)
	choose(t + ".r")
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
	if !q.WithTies {
		g.limit(q)
	}
}
