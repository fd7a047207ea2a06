package analyze

// eachChild visits the expressions directly below e; the query of a sublink is not one.
func eachChild(e Expr, f func(Expr)) {
	one := func(x Expr) {
		if x != nil {
			f(x)
		}
	}
	all := func(xs []Expr) {
		for _, x := range xs {
			one(x)
		}
	}
	switch x := e.(type) {
	case *Call:
		all(x.Args)
	case *Relabel:
		one(x.Arg)
	case *CoerceIO:
		one(x.Arg)
	case *CoerceArray:
		one(x.Arg)
		one(x.Elem)
	case *ApplyTypmod:
		one(x.Arg)
	case *DomainCheck:
		one(x.Arg)
	case *Collate:
		one(x.Arg)
	case *ScalarArray:
		one(x.Left)
		one(x.Right)
	case *Bool:
		all(x.Args)
	case *NullTest:
		one(x.Arg)
	case *BoolTest:
		one(x.Arg)
	case *Distinct:
		one(x.Left)
		one(x.Right)
	case *NullIf:
		one(x.Left)
		one(x.Right)
	case *Case:
		one(x.Arg)
		for _, w := range x.Whens {
			one(w.Cond)
			one(w.Result)
		}
		one(x.Else)
	case *Coalesce:
		all(x.Args)
	case *MinMax:
		all(x.Args)
	case *Array:
		all(x.Elems)
	case *Row:
		all(x.Args)
	case *RowCompare:
		all(x.Left)
		all(x.Right)
	case *Subscript:
		one(x.Arg)
		all(x.Upper)
		all(x.Lower)
	case *Field:
		one(x.Arg)
	case *Agg:
		all(x.Direct)
		all(x.Args)
		for i := range x.Order {
			one(x.Order[i].Expr)
		}
		one(x.Filter)
	case *Window:
		all(x.Args)
		one(x.Filter)
	case *SetCall:
		all(x.Args)
	case *Sublink:
		all(x.Left)
		all(x.Right)
	}
}

// walk visits e and, where f answers true, what is below it; sublinks' queries are not entered.
func walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	eachChild(e, func(x Expr) { walk(x, f) })
}

// walkDeep is walk that enters sublinks' queries; depth counts the query levels below e's own.
func walkDeep(e Expr, depth int, f func(Expr, int) bool) {
	if e == nil || !f(e, depth) {
		return
	}
	eachChild(e, func(x Expr) { walkDeep(x, depth, f) })
	if s, ok := e.(*Sublink); ok && s.Query != nil {
		s.Query.walkDeep(depth+1, f)
	}
}

func (q *Query) walkDeep(depth int, f func(Expr, int) bool) {
	q.eachExpr(func(e Expr) { walkDeep(e, depth, f) })
	q.eachQuery(func(sub *Query, down int) { sub.walkDeep(depth+down, f) })
}

// hasVars tells whether e names a column of its own query level.
func hasVars(e Expr) bool {
	found := false
	walkDeep(e, 0, func(x Expr, depth int) bool {
		if v, ok := x.(*Var); ok && v.Up == depth && v.RTE >= 0 {
			found = true
		}
		return !found
	})
	return found
}

// size counts the nodes of e, and stops counting past limit.
func size(e Expr, limit int) int {
	n := 0
	walk(e, func(Expr) bool {
		n++
		return n <= limit
	})
	return n
}

// placed is what every expression node embeds.
type placed interface{ info() *Info }

func (i *Info) info() *Info { return i }

// withoutPlace takes the places out of an expression that was not in the statement's text.
func withoutPlace(e Expr) Expr {
	walk(e, func(x Expr) bool {
		if p, ok := x.(placed); ok {
			p.info().Loc = -1
		}
		return true
	})
	return e
}
