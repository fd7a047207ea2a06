package compile

import (
	"pgd/backend/analyze"
)

// with writes the WITH clause of a query level. What nothing refers to is left out, as PostgreSQL does not run it.
func (g *gen) with(q *analyze.Query) {
	lv := g.level
	n := 0
	for _, c := range q.With {
		// A recursive query names itself once.
		if c.Refs == 0 || c.Recursive && c.Refs == 1 {
			continue
		}
		if n == 0 {
			g.w("WITH ")
			if q.Recursive {
				g.w("RECURSIVE ")
			}
		} else {
			g.w(", ")
		}
		n++
		// No stored table can have such a name: '^' is only written before an upper-case letter or a sign.
		g.aliases++
		name := `"^w` + itoa(g.aliases) + `"`
		if g.ctes == nil {
			g.ctes = map[*analyze.CTE]string{}
		}
		if c.Recursive {
			g.ctes[c] = name
		}
		g.w(name, "(")
		for i := range c.Columns {
			if i > 0 {
				g.w(", ")
			}
			g.w(col(i))
		}
		if len(c.Columns) == 0 {
			g.w("c0")
		}
		g.w(") AS ")
		switch {
		case c.Recursive:
		case c.Materialized > 0 || volatileQuery(c.Query) || c.Refs > 1 && c.Materialized == 0:
			g.w("MATERIALIZED ")
		case c.Materialized < 0:
			g.w("NOT MATERIALIZED ")
		}
		g.w("(")
		if c.Recursive {
			g.recursive(c, lv)
		} else {
			g.query(c.Query, lv, asSub)
		}
		g.w(")")
		g.ctes[c] = name
	}
	if n > 0 {
		g.w(" ")
	}
}

// recursive writes a recursive query. SQLite takes rows from a queue one at a time where PostgreSQL takes all rows of a round; that is
// the same as long as the recursive term treats each row for itself.
func (g *gen) recursive(c *analyze.CTE, parent *level) {
	q := c.Query
	s := q.SetOp
	old := g.level
	defer func() { g.level = old }()
	lv := g.push(q, parent)
	g.level = lv
	g.with(q)
	g.arm(s.Left, s.LeftCast, q, false)
	g.w(" UNION ")
	if s.All {
		g.w("ALL ")
	}
	r := s.Right
	if r.SetOp != nil || r.Values != nil || r.Distinct || r.DistinctOn != nil || r.GroupBy != nil || r.HasAggs || len(r.Windows) > 0 || s.RightCast != nil {
		g.unsupported(-1, "this form of a recursive term is not supported")
	}
	if g.recursing == nil {
		g.recursing = map[*analyze.CTE]*level{}
	}
	in := g.push(r, lv)
	g.recursing[c] = in
	g.level = in
	g.with(r)
	g.plain(r, asSub)
	delete(g.recursing, c)
}
