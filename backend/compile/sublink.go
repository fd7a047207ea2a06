package compile

import (
	"strconv"

	"pgd/backend/analyze"
)

// sublink writes a subquery in an expression.
func (g *gen) sublink(e *analyze.Sublink) {
	switch e.Kind {
	case analyze.SubExists:
		g.w("EXISTS (")
		g.query(e.Query, g.level, asTop)
		g.w(")")
	case analyze.SubExpr:
		g.scalarQuery(e.Query)
	case analyze.SubArray:
		g.arrayQuery(e)
	case analyze.SubAny, analyze.SubAll:
		g.quantifiedQuery(e)
	case analyze.SubRow:
		g.rowQuery(e)
	default:
		g.unsupported(e.Loc, "this subquery is not supported")
	}
}

// scalarQuery writes a subquery that gives one value. Where it might give more rows an aggregate stands in between that takes the
// second for PostgreSQL's error.
func (g *gen) scalarQuery(q *analyze.Query) {
	if oneRow(q) {
		g.w("(")
		g.query(q, g.level, asTop)
		g.w(")")
		return
	}
	t := g.alias()
	c := "c0"
	if rawValues(q) {
		c = "column1"
	}
	g.w("(SELECT pg_single(", t, ".", c, ") FROM (")
	g.query(q, g.level, asSub)
	g.w(") AS ", t, ")")
}

// oneRow tells a query that cannot give more than one row: an aggregate over everything, no FROM, LIMIT 1, or an equality on all
// columns of a unique key of its only table.
func oneRow(q *analyze.Query) bool {
	if c, ok := q.Limit.(*analyze.Const); ok && !c.Value.IsNull() && c.Value.I <= 1 && !q.WithTies {
		return true
	}
	if q.SetOp != nil || q.GroupingSets != nil {
		return false
	}
	if q.Values != nil {
		return len(q.Values) == 1
	}
	for i := range q.Targets {
		set := false
		analyze.Walk(q.Targets[i].Expr, func(e analyze.Expr) bool {
			_, is := e.(*analyze.SetCall)
			set = set || is
			return !set
		})
		if set {
			return false
		}
	}
	if q.HasAggs && q.GroupBy == nil || len(q.From) == 0 {
		return true
	}
	if len(q.From) != 1 {
		return false
	}
	f, ok := q.From[0].(*analyze.FromRTE)
	if !ok || q.RTable[f.RTE].Kind != analyze.RTERelation || q.Where == nil {
		return false
	}
	fixed := map[int16]bool{}
	equalities(q.Where, f.RTE, fixed)
	for _, con := range q.RTable[f.RTE].Relation.Constraints {
		if con.Kind != 'p' && con.Kind != 'u' || con.Deferrable || len(con.Columns) == 0 {
			continue
		}
		all := true
		for _, c := range con.Columns {
			all = all && fixed[c]
		}
		if all {
			return true
		}
	}
	return false
}

// equalities collects the columns of an entry that a condition sets equal to something from elsewhere.
func equalities(e analyze.Expr, rte int, fixed map[int16]bool) {
	switch e := e.(type) {
	case *analyze.Bool:
		if e.Op == analyze.And {
			for _, x := range e.Args {
				equalities(x, rte, fixed)
			}
		}
	case *analyze.Call:
		if len(e.Args) != 2 || e.Op == 0 || !equalityProcs[e.Proc.Name] {
			return
		}
		for i := range e.Args {
			v, ok := e.Args[i].(*analyze.Var)
			if !ok || v.Up != 0 || v.RTE != rte || v.Col < 0 {
				continue
			}
			own := false
			analyze.Walk(e.Args[1-i], func(x analyze.Expr) bool {
				switch x := x.(type) {
				case *analyze.Var:
					own = own || x.Up == 0
				case *analyze.Sublink:
					own = true
				}
				return !own
			})
			if !own {
				fixed[int16(v.Col+1)] = true
			}
		}
	}
}

var equalityProcs = map[string]bool{"int2eq": true, "int4eq": true, "int8eq": true, "int24eq": true, "int42eq": true, "int48eq": true,
	"int84eq": true, "int28eq": true, "int82eq": true, "texteq": true, "oideq": true, "uuid_eq": true, "nameeq": true}

// arrayQuery writes ARRAY(query).
func (g *gen) arrayQuery(e *analyze.Sublink) {
	typ := g.typ(e.Typ)
	if typ == nil || typ.Elem == 0 {
		g.unsupported(e.Loc, "arrays of this type are not supported")
	}
	t := g.alias()
	c := "c0"
	if rawValues(e.Query) {
		c = "column1"
	}
	name := "pg_collect_"
	of := e.Query.Targets
	for i := range of {
		if ct := g.typ(of[i].Expr.Type()); !of[i].Junk && ct != nil && ct.Elem != 0 {
			name = "pg_collects_"
		}
	}
	g.w("(SELECT ", name, strconv.Itoa(int(typ.Elem)), "(", t, ".", c, ") FROM (")
	g.query(e.Query, g.level, asSub)
	g.w(") AS ", t, ")")
}

// quantifiedQuery writes IN, ANY and ALL over a subquery.
func (g *gen) quantifiedQuery(e *analyze.Sublink) {
	plain := true
	for i, r := range e.Right {
		v, ok := r.(*analyze.Var)
		plain = plain && ok && v.RTE == -1 && v.Col == i
	}
	equal, unequal := true, true
	for i := range e.Left {
		op := g.native(e.Ops[i], e.Left[i].Type(), e.Right[i].Type())
		equal, unequal = equal && op == "=", unequal && op == "<>"
	}
	if equal && e.Kind == analyze.SubAny || unequal && e.Kind == analyze.SubAll && len(e.Left) == 1 {
		g.w("(")
		if len(e.Left) == 1 {
			g.against(e.Left[0], "COLLATE")
		} else {
			g.rowValue(e.Left, true)
		}
		if e.Kind == analyze.SubAll {
			g.w(" NOT")
		}
		g.w(" IN (")
		if plain {
			g.query(e.Query, g.level, asTop)
		} else {
			g.converted(e, func(lv *level) {
				g.at(lv, func() { g.list(e.Right) })
			})
		}
		g.w("))")
		return
	}
	for _, l := range e.Left {
		if volatileExpr(l) {
			g.unsupported(e.Loc, "this comparison of a volatile function with a subquery is not supported")
		}
	}
	outer := g.level
	g.quantified(e.Kind == analyze.SubAll, func() {
		g.w("(")
		g.converted(e, func(lv *level) { g.rowOperator(e, outer, lv) })
		g.w(")")
	})
}

// rowQuery writes the comparison of a row with the one row of a subquery, NULL where it has none.
func (g *gen) rowQuery(e *analyze.Sublink) {
	outer := g.level
	if oneRow(e.Query) {
		g.w("(")
		g.converted(e, func(lv *level) { g.rowOperator(e, outer, lv) })
		g.w(")")
		return
	}
	t := g.alias()
	g.w("(SELECT pg_single(", t, ".v) FROM (")
	g.converted(e, func(lv *level) { g.rowOperator(e, outer, lv) })
	g.w(") AS ", t, ")")
}

// converted writes SELECT … FROM (the subquery), with its columns as lv's output.
func (g *gen) converted(e *analyze.Sublink, targets func(lv *level)) {
	t := g.alias()
	lv := &level{q: &analyze.Query{}, parent: g.level}
	raw := rawValues(e.Query)
	for i := range e.Right {
		if raw {
			lv.out = append(lv.out, t+".column"+itoa(i+1))
		} else {
			lv.out = append(lv.out, t+"."+col(i))
		}
	}
	g.w("SELECT ")
	targets(lv)
	g.w(" AS v FROM (")
	g.query(e.Query, g.level, asSub)
	g.w(") AS ", t)
}

// rowOperator writes the comparison of the left side with one row of the subquery.
func (g *gen) rowOperator(e *analyze.Sublink, outer, inner *level) {
	if len(e.Left) > 1 && e.Op != "=" && e.Op != "<>" {
		for i := range e.Left {
			if cl := g.class(e.Left[i].Type()); cl == 0 || cl != g.class(e.Right[i].Type()) || comparisons[e.Op] == "" {
				g.unsupported(e.Loc, "comparison of rows of these types is not supported")
			}
		}
		g.w("(")
		g.at(outer, func() { g.rowValue(e.Left, true) })
		g.w(" ", comparisons[e.Op], " ")
		g.at(inner, func() { g.rowValue(e.Right, false) })
		g.w(")")
		return
	}
	word := " AND "
	if e.Op == "<>" {
		word = " OR "
	}
	g.w("(")
	for i := range e.Left {
		if i > 0 {
			g.w(word)
		}
		l := g.text(func() { g.at(outer, func() { g.expr(e.Left[i]) }) })
		r := g.text(func() { g.at(inner, func() { g.expr(e.Right[i]) }) })
		lv := &level{column: func(v *analyze.Var) string {
			if v.Col == 0 {
				return l
			}
			return r
		}}
		lt, rt := e.Left[i].Type(), e.Right[i].Type()
		lvar := &analyze.Var{Info: analyze.Info{Typ: lt, Mod: -1, Loc: e.Loc}, Col: 0}
		rvar := &analyze.Var{Info: analyze.Info{Typ: rt, Mod: -1, Loc: e.Loc}, Col: 1}
		g.at(lv, func() {
			g.operatorPlain(&analyze.ScalarArray{Info: e.Info, Proc: e.Procs[i], Op: e.Ops[i]}, lvar, rvar)
		})
	}
	g.w(")")
}
