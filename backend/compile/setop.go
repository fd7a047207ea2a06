package compile

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/pgerr"
)

// maxArms is how many arms of a compound SELECT are written in a row: SQLite recurses over them.
const maxArms = 100

// setQuery writes UNION, INTERSECT or EXCEPT with its ORDER BY and LIMIT.
func (g *gen) setQuery(q *analyze.Query, as form) {
	lv := g.level
	if q.Order == nil && q.Limit == nil && q.Offset == nil {
		g.compound(q)
		return
	}
	t := g.alias()
	for i := range q.Targets {
		lv.out = append(lv.out, t+"."+col(i))
	}
	g.w("SELECT ")
	if q.WithTies {
		g.unsupported(-1, "WITH TIES over a set operation is not supported")
	}
	g.targets(q, asSub)
	g.w(" FROM (")
	g.compound(q)
	g.w(") AS ", t)
	g.order(q)
	g.limit(q)
}

// compound writes the operation itself. Columns carry their collation, by which SQLite compares rows.
func (g *gen) compound(q *analyze.Query) {
	s := q.SetOp
	if s.All && s.Op != "union" {
		g.multiset(q)
		return
	}
	if s.Op == "union" && !s.All && g.looks(q) {
		g.unionDistinct(q)
		return
	}
	if arms := sameArms(q); len(arms) > maxArms {
		g.manyArms(q, arms)
		return
	}
	g.arm(s.Left, s.LeftCast, q, chains(s, s.Left))
	g.w(" ", strings.ToUpper(s.Op))
	if s.All {
		g.w(" ALL")
	}
	g.w(" ")
	g.arm(s.Right, s.RightCast, q, false)
}

// looks tells whether equal rows may look different (1.0 and 1.00): then it matters which is kept.
func (g *gen) looks(q *analyze.Query) bool {
	for i := range q.Targets {
		if !g.looksAlike(q.Targets[i].Expr.Type()) {
			return true
		}
	}
	return false
}

// unionDistinct writes UNION so that the first of equal rows stays, as in PostgreSQL; SQLite's keeps the last.
func (g *gen) unionDistinct(q *analyze.Query) {
	s := q.SetOp
	t := g.alias()
	g.w("SELECT DISTINCT ")
	for i := range q.Targets {
		if i > 0 {
			g.w(", ")
		}
		g.w(t, ".", col(i))
		if c := g.collation(q.Targets[i].Expr.Type()); c != "" {
			g.w(" COLLATE ", c)
		}
		g.w(" AS ", col(i))
	}
	g.w(" FROM (")
	g.arm(s.Left, s.LeftCast, q, false)
	g.w(" UNION ALL ")
	g.arm(s.Right, s.RightCast, q, false)
	g.w(") AS ", t)
}

// chains tells whether a set operation may be the left arm of another without brackets: SQLite works from left to right.
func chains(outer *analyze.SetOperation, left *analyze.Query) bool {
	s := left.SetOp
	return s != nil && left.Order == nil && left.Limit == nil && left.Offset == nil && left.With == nil && outer.LeftCast == nil &&
		!(s.All && s.Op != "union")
}

// sameArms are the arms of a chain of one and the same operation; nil where it is none, or where an arm is converted on the way.
func sameArms(q *analyze.Query) []*analyze.Query {
	var out []*analyze.Query
	op, all := q.SetOp.Op, q.SetOp.All
	if op != "union" {
		return nil
	}
	for {
		s := q.SetOp
		if s.LeftCast != nil || s.RightCast != nil {
			return nil
		}
		out = append(out, s.Right)
		if l := s.Left.SetOp; l == nil || l.Op != op || l.All != all || !chains(s, s.Left) {
			out = append(out, s.Left)
			break
		}
		q = s.Left
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// manyArms writes a long chain in groups, each computed by itself.
func (g *gen) manyArms(q *analyze.Query, arms []*analyze.Query) {
	if len(arms) > maxArms*maxArms {
		g.fail(pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded"))
	}
	word := " UNION "
	if q.SetOp.All {
		word = " UNION ALL "
	}
	// The last arm stands at this level, each one before it a level further down; that counts for the names in it.
	levels := []*level{g.level}
	for range arms {
		levels = append(levels, &level{q: &analyze.Query{}, parent: levels[len(levels)-1]})
	}
	for i := 0; i < len(arms); i += maxArms {
		if i > 0 {
			g.w(word)
		}
		m := g.alias()
		g.w("SELECT * FROM (WITH ", m, " AS MATERIALIZED (")
		for j, a := range arms[i:min(i+maxArms, len(arms))] {
			if j > 0 {
				g.w(word)
			}
			depth := len(arms) - 1 - (i + j)
			if i+j == 0 {
				depth--
			}
			g.at(levels[depth], func() { g.arm(a, nil, q, false) })
		}
		g.w(") SELECT * FROM ", m, ")")
	}
}

// arm writes one arm: a plain select as it is, anything else in brackets.
func (g *gen) arm(q *analyze.Query, cast []analyze.Expr, outer *analyze.Query, chain bool) {
	lv := g.level
	if chain {
		g.enter(2)
		g.level = g.push(q, lv)
		g.compound(q)
		g.level = lv
		g.leave(2)
		return
	}
	collate := false
	for i := range outer.Targets {
		collate = collate || g.collation(outer.Targets[i].Expr.Type()) != ""
	}
	simple := q.SetOp == nil && q.Order == nil && q.Limit == nil && q.Offset == nil && q.With == nil && q.DistinctOn == nil &&
		q.Values == nil && !q.WithTies && q.GroupingSets == nil
	if simple && cast == nil && !collate {
		g.query(q, lv, asSub)
		return
	}
	g.enter(5)
	defer g.leave(5)
	t := g.alias()
	names := make([]string, 0, len(outer.Targets))
	raw := rawValues(q)
	for i := range outer.Targets {
		if raw {
			names = append(names, t+".column"+itoa(i+1))
		} else {
			names = append(names, t+"."+col(i))
		}
	}
	in := &level{q: q, parent: lv, out: names}
	g.w("SELECT ")
	for i := range outer.Targets {
		if i > 0 {
			g.w(", ")
		}
		if cast != nil {
			g.at(in, func() { g.expr(cast[i]) })
		} else {
			g.w(names[i])
		}
		if c := g.collation(outer.Targets[i].Expr.Type()); c != "" {
			g.w(" COLLATE ", c)
		}
		g.w(" AS ", col(i))
	}
	if len(names) == 0 {
		g.w("NULL AS c0")
	}
	g.w(" FROM (")
	g.query(q, lv, asSub)
	g.w(") AS ", t)
}

// multiset writes INTERSECT ALL and EXCEPT ALL: equal rows are numbered, so that the operation on sets is the one on multisets.
func (g *gen) multiset(q *analyze.Query) {
	g.enter(8)
	defer g.leave(8)
	s := q.SetOp
	t := g.alias()
	g.w("SELECT ")
	for i := range q.Targets {
		if i > 0 {
			g.w(", ")
		}
		g.w(t, ".", col(i), " AS ", col(i))
	}
	g.w(" FROM (")
	for n, a := range []*analyze.Query{s.Left, s.Right} {
		cast := s.LeftCast
		if n == 1 {
			g.w(" ", strings.ToUpper(s.Op), " ")
			cast = s.RightCast
		}
		u := g.alias()
		g.w("SELECT ", u, ".*, row_number() OVER (PARTITION BY ")
		for i := range q.Targets {
			if i > 0 {
				g.w(", ")
			}
			g.w(u, ".", col(i))
			if c := g.collation(q.Targets[i].Expr.Type()); c != "" {
				g.w(" COLLATE ", c)
			}
		}
		g.w(") FROM (")
		g.arm(a, cast, q, false)
		g.w(") AS ", u)
	}
	g.w(") AS ", t)
}
