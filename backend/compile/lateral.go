package compile

import (
	"strconv"

	"pgd/backend/analyze"
)

// lateral writes a LATERAL subquery. SQLite has none, but a table-valued function may take its arguments from the items before it: the
// subquery becomes a statement of its own, run by such a function, with what it takes from outside as parameters.
func (g *gen) lateral(lv *level, r *analyze.RTE, name string) {
	if q := r.Query; plainRow(q) && g.setCalls(q) == nil {
		g.rowOfValues(lv, q, name)
		return
	}
	in := &gen{o: g.o, plan: g.plan, aliases: g.aliases, depth: g.depth}
	var args []analyze.Expr
	param := func(e analyze.Expr, same func(x analyze.Expr) bool) string {
		for i, have := range args {
			if same(have) {
				return "?" + strconv.Itoa(i+1)
			}
		}
		args = append(args, e)
		return "?" + strconv.Itoa(len(args))
	}
	in.param = func(p *analyze.Param) string {
		return param(p, func(x analyze.Expr) bool { y, ok := x.(*analyze.Param); return ok && y.N == p.N })
	}
	// Each level outside answers with a parameter.
	var outside func(l *level, up int) *level
	outside = func(l *level, up int) *level {
		if l == nil {
			return nil
		}
		return &level{parent: outside(l.parent, up+1), column: func(v *analyze.Var) string {
			w := *v
			w.Up = up
			return param(&w, func(x analyze.Expr) bool {
				y, ok := x.(*analyze.Var)
				return ok && y.Up == up && y.RTE == v.RTE && y.Col == v.Col
			})
		}}
	}
	outer := outside(lv, 0)
	in.outsideCTEs(r.Query, outer)
	in.query(r.Query, outer, asSub)
	g.aliases = in.aliases
	width := 0
	for i := range r.Query.Targets {
		if !r.Query.Targets[i].Junk {
			width++
		}
	}
	g.call("pg_lateral!" + strconv.Itoa(width) + "!" + strconv.Itoa(len(args)))
	g.w("(")
	g.quote(string(in.b))
	for _, a := range args {
		g.w(", ")
		g.expr(a)
	}
	g.w(") AS ", name)
}

// plainRow tells a query that is nothing but a list of expressions.
func plainRow(q *analyze.Query) bool {
	return q.SetOp == nil && q.Values == nil && len(q.From) == 0 && q.Where == nil && !q.HasAggs && q.GroupBy == nil && q.GroupingSets == nil &&
		q.Having == nil && len(q.Windows) == 0 && q.Order == nil && q.Limit == nil && q.Offset == nil && q.With == nil && q.DistinctOn == nil
}

// rowOfValues writes LATERAL (SELECT expressions) as a table of one row, its arguments.
func (g *gen) rowOfValues(lv *level, q *analyze.Query, name string) {
	in := g.push(q, lv)
	n := 0
	args := g.text(func() {
		g.at(in, func() {
			for i := range q.Targets {
				if q.Targets[i].Junk {
					continue
				}
				if n > 0 {
					g.w(", ")
				}
				g.expr(q.Targets[i].Expr)
				n++
			}
		})
	})
	if n == 0 {
		n, args = 1, "NULL"
	}
	g.w("pg_values_", strconv.Itoa(n), "(", args, ") AS ", name)
}

// outsideCTEs writes the WITH queries of outside that a text run by itself refers to. One that is recursive or calls volatile functions
// would not be the same query again.
func (g *gen) outsideCTEs(q *analyze.Query, outer *level) {
	var need []*analyze.CTE
	own := map[*analyze.CTE]bool{}
	var visit func(q *analyze.Query)
	visit = func(q *analyze.Query) {
		for _, c := range q.With {
			own[c] = true
			visit(c.Query)
		}
		for _, r := range q.RTable {
			switch {
			case r.Kind == analyze.RTECTE && !own[r.CTE]:
				have := false
				for _, n := range need {
					have = have || n == r.CTE
				}
				if !have {
					if r.CTE.Recursive || volatileQuery(r.CTE.Query) || r.CTE.Query.RefersOut() {
						g.unsupported(-1, "a reference to WITH query \"%s\" in a LATERAL subquery is not supported", r.CTE.Name)
					}
					visit(r.CTE.Query)
					need = append(need, r.CTE)
				}
			case r.Query != nil:
				visit(r.Query)
			}
		}
		if q.SetOp != nil {
			visit(q.SetOp.Left)
			visit(q.SetOp.Right)
		}
		q.EachSublink(visit)
	}
	visit(q)
	if len(need) == 0 {
		return
	}
	g.level = g.push(&analyze.Query{With: need}, outer)
	g.with(g.level.q)
	g.level = nil
	// The subquery's own WITH must not follow another: the whole becomes a table.
	if q.With != nil {
		g.unsupported(-1, "a LATERAL subquery with WITH of its own and outside is not supported")
	}
}
