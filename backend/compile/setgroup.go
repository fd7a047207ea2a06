package compile

import (
	"pgd/backend/analyze"
)

// setsOverGroups writes a grouped or windowed query with set-returning functions in its select list: the query computes the functions'
// arguments and the other columns, the functions run over its rows.
func (g *gen) setsOverGroups(q *analyze.Query, sets []*analyze.SetCall, as form) {
	t := g.alias()
	lv := &level{q: &analyze.Query{}, parent: g.level, sets: map[*analyze.SetCall]setTable{}}
	var inner []analyze.Expr
	column := func(e analyze.Expr) analyze.Expr {
		inner = append(inner, e)
		i := len(inner) - 1
		lv.out = append(lv.out, t+"."+col(i))
		return &analyze.Var{Info: analyze.Info{Typ: e.Type(), Mod: e.Typmod(), Coll: e.Collation(), Loc: e.Location()}, RTE: -1, Col: i}
	}
	calls := make([]*analyze.SetCall, len(sets))
	over := map[*analyze.SetCall]*analyze.SetCall{}
	for i, s := range sets {
		c := *s
		c.Args = nil
		for _, a := range s.Args {
			if holdsSet(a) {
				g.unsupported(s.Loc, "nested set-returning functions in the select list of a grouped query are not supported")
			}
			c.Args = append(c.Args, column(a))
		}
		calls[i] = &c
		over[s] = &c
	}
	outer := func(e analyze.Expr) analyze.Expr {
		switch e := e.(type) {
		case *analyze.SetCall:
			return over[e]
		case *analyze.Field:
			if s, ok := e.Arg.(*analyze.SetCall); ok {
				f := *e
				f.Arg = over[s]
				return &f
			}
		}
		if holdsSet(e) {
			g.unsupported(e.Location(), "a set-returning function inside an expression of a grouped query is not supported")
		}
		return column(e)
	}
	top := &analyze.Query{Distinct: q.Distinct, Limit: q.Limit, Offset: q.Offset}
	exprs := map[analyze.Expr]analyze.Expr{}
	for _, tg := range q.Targets {
		e := outer(tg.Expr)
		exprs[tg.Expr] = e
		tg.Expr = e
		top.Targets = append(top.Targets, tg)
	}
	for _, k := range q.Order {
		e, ok := exprs[k.Expr]
		if !ok {
			e = outer(k.Expr)
		}
		k.Expr = e
		top.Order = append(top.Order, k)
	}
	base := g.text(func() {
		from := g.text(func() { g.from(q, nil) })
		g.w("SELECT ")
		for i, e := range inner {
			if i > 0 {
				g.w(", ")
			}
			g.expr(e)
			g.w(" AS ", col(i))
		}
		if len(inner) == 0 {
			g.w("NULL")
		}
		g.w(from)
		g.where(q)
		g.group(q)
	})
	g.at(lv, func() {
		items := g.text(func() { g.setItems(calls, false) })
		g.w("SELECT ")
		if q.Distinct {
			g.w("DISTINCT ")
		}
		g.targets(top, as)
		g.w(" FROM (", base, ") AS ", t, items)
		g.order(top)
		g.limit(top)
	})
}

func holdsSet(e analyze.Expr) bool {
	found := false
	analyze.Walk(e, func(e analyze.Expr) bool {
		_, is := e.(*analyze.SetCall)
		found = found || is
		return !found
	})
	return found
}
