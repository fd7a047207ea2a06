package compile

import "pgd/backend/analyze"

// volatileExpr tells whether an expression may give another value each time it is computed, or has effects.
func volatileExpr(e analyze.Expr) bool {
	if e == nil {
		return false
	}
	found := false
	analyze.Walk(e, func(e analyze.Expr) bool {
		switch e := e.(type) {
		case *analyze.Call:
			found = found || e.Proc.Volatile == 'v'
		case *analyze.SetCall:
			found = found || e.Proc.Volatile == 'v'
		case *analyze.ScalarArray:
			found = found || e.Proc.Volatile == 'v'
		case *analyze.Sublink:
			found = found || volatileQuery(e.Query)
		}
		return !found
	})
	return found
}

// volatileTargets tells that of a query's output, including what its own subqueries give.
func volatileTargets(q *analyze.Query) bool {
	for i := range q.Targets {
		if volatileExpr(q.Targets[i].Expr) {
			return true
		}
	}
	if q.SetOp != nil {
		return volatileTargets(q.SetOp.Left) || volatileTargets(q.SetOp.Right)
	}
	return false
}

// volatileQuery tells that of everything in a query.
func volatileQuery(q *analyze.Query) bool {
	if q == nil {
		return false
	}
	if volatileTargets(q) || volatileExpr(q.Where) || volatileExpr(q.Having) {
		return true
	}
	for _, row := range q.Values {
		for _, e := range row {
			if volatileExpr(e) {
				return true
			}
		}
	}
	for _, r := range q.RTable {
		if r.Kind != analyze.RTECTE && r.Query != nil && volatileQuery(r.Query) {
			return true
		}
		for _, e := range r.Func {
			if volatileExpr(e) {
				return true
			}
		}
	}
	for _, c := range q.With {
		if volatileQuery(c.Query) {
			return true
		}
	}
	return q.SetOp != nil && (volatileQuery(q.SetOp.Left) || volatileQuery(q.SetOp.Right))
}

// simple tells an expression that may be written twice: cheap and the same each time.
func simple(e analyze.Expr) bool {
	switch e := e.(type) {
	case *analyze.Var:
		return e.Col >= 0
	case *analyze.Const, *analyze.Param:
		return true
	case *analyze.Relabel:
		return simple(e.Arg)
	}
	return false
}
