package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// orderClause analyses ORDER BY: output columns by name or number, else expressions, which become junk targets where new.
func (a *Analyzer) orderClause(sc *scope, list []parse.Node) error {
	q := sc.query
	for _, n := range list {
		sb, ok := n.(*parse.SortBy)
		if !ok {
			return pgerr.Unsupported(-1, "%s in ORDER BY is not supported", n.NodeName())
		}
		t, err := a.findTarget(sc, sb.Node, kindOrderBy, "ORDER BY")
		if err != nil {
			return err
		}
		if err := a.settleTarget(&q.Targets[t]); err != nil {
			return err
		}
		key, err := a.sortKey(q.Targets[t].Expr, sb)
		if err != nil {
			return err
		}
		// A second key of the same expression orders nothing.
		dup := false
		for _, have := range q.Order {
			dup = dup || have.Expr == key.Expr
		}
		if !dup {
			q.Order = append(q.Order, key)
		}
	}
	return nil
}

// settleTarget makes text of an unknown literal that is to be sorted or grouped.
func (a *Analyzer) settleTarget(t *Target) error {
	if t.Expr.Type() != typeUnknown {
		return nil
	}
	e, err := a.resolveUnknown(t.Expr)
	t.Expr = e
	return err
}

// findTarget finds the target a key of ORDER BY, GROUP BY or DISTINCT ON means: by SQL92's rules (a bare name or a number), then as an
// expression equal to a target, then as a new junk target. It gives the target's index.
func (a *Analyzer) findTarget(sc *scope, n parse.Node, kind exprKind, what string) (int, error) {
	q := sc.query
	if c, ok := n.(*parse.ColumnRef); ok && len(c.Fields) == 1 {
		if s, ok := c.Fields[0].(*parse.String); ok {
			i, err := a.namedTarget(sc, s.Sval, c.Location, kind, what)
			if err != nil || i >= 0 {
				return i, err
			}
		}
	}
	if c, ok := n.(*parse.A_Const); ok {
		if c.Ival == nil {
			return 0, pgerr.New(pgerr.SyntaxError, "non-integer constant in %s", what).At(c.Location)
		}
		pos := 0
		for i := range q.Targets {
			if q.Targets[i].Junk {
				continue
			}
			if pos++; pos == int(c.Ival.Ival) {
				return i, a.clauseTarget(sc, &q.Targets[i], kind, what)
			}
		}
		return 0, pgerr.New(pgerr.InvalidColumnReference, "%s position %d is not in select list", what, c.Ival.Ival).At(c.Location)
	}
	saved := sc.kind
	sc.kind = kind
	e, err := a.expr(sc, n)
	sc.kind = saved
	if err != nil {
		return 0, err
	}
	for i := range q.Targets {
		if equalExpr(q.Targets[i].Expr, e) {
			return i, nil
		}
	}
	q.Targets = append(q.Targets, Target{Expr: e, Junk: true})
	return len(q.Targets) - 1, nil
}

// namedTarget finds an output column by name, -1 for none. GROUP BY prefers a column of FROM.
func (a *Analyzer) namedTarget(sc *scope, name string, loc int32, kind exprKind, what string) (int, error) {
	if kind == kindGroupBy {
		e, err := a.findColumn(sc, name, loc, true)
		if err != nil {
			return 0, err
		}
		if e != nil {
			return -1, nil
		}
	}
	found := -1
	for i := range sc.query.Targets {
		t := &sc.query.Targets[i]
		if t.Junk || t.Name != name {
			continue
		}
		if found >= 0 && !equalExpr(sc.query.Targets[found].Expr, t.Expr) {
			return 0, pgerr.New(pgerr.AmbiguousColumn, "%s \"%s\" is ambiguous", what, name).At(loc)
		}
		if found < 0 {
			found = i
		}
	}
	if found >= 0 {
		return found, a.clauseTarget(sc, &sc.query.Targets[found], kind, what)
	}
	return -1, nil
}

// clauseTarget refuses an aggregate or window function that GROUP BY or DISTINCT ON would name through the select list.
func (a *Analyzer) clauseTarget(sc *scope, t *Target, kind exprKind, what string) error {
	if kind != kindGroupBy {
		return nil
	}
	var err error
	walk(t.Expr, func(e Expr) bool {
		switch e := e.(type) {
		case *Agg:
			if e.Up == 0 && err == nil {
				err = pgerr.New(pgerr.GroupingError, "aggregate functions are not allowed in %s", what).At(e.Loc)
			}
		case *Window:
			if err == nil {
				err = pgerr.New(pgerr.WindowingError, "window functions are not allowed in %s", what).At(e.Loc)
			}
		}
		return err == nil
	})
	return err
}

// distinctClause analyses DISTINCT and DISTINCT ON.
func (a *Analyzer) distinctClause(sc *scope, n *parse.SelectStmt) error {
	if n.DistinctClause == nil {
		return nil
	}
	q := sc.query
	if len(n.DistinctClause) == 1 && emptyNode(n.DistinctClause[0]) {
		q.Distinct = true
		for _, k := range q.Order {
			for i := range q.Targets {
				if q.Targets[i].Junk && q.Targets[i].Expr == k.Expr {
					return pgerr.New(pgerr.InvalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list").At(k.Expr.Location())
				}
			}
		}
		for i := range q.Targets {
			t := &q.Targets[i]
			if err := a.settleTarget(t); err != nil {
				return err
			}
			if _, err := a.equalOperator(t.Expr.Type(), t.Expr.Location()); err != nil {
				return err
			}
		}
		if len(q.Targets) == 0 {
			return pgerr.New(pgerr.SyntaxError, "SELECT DISTINCT must have at least one column")
		}
		return nil
	}
	var places []int32
	for _, d := range n.DistinctClause {
		i, err := a.findTarget(sc, d, kindDistinctOn, "DISTINCT ON")
		if err != nil {
			return err
		}
		if err := a.settleTarget(&q.Targets[i]); err != nil {
			return err
		}
		e := q.Targets[i].Expr
		if _, err := a.equalOperator(e.Type(), e.Location()); err != nil {
			return err
		}
		dup := false
		for _, have := range q.DistinctOn {
			dup = dup || have == e
		}
		if !dup {
			q.DistinctOn = append(q.DistinctOn, e)
			places = append(places, nodeLocation(d))
		}
	}
	// The first keys of ORDER BY must be these expressions, in any order.
	used := 0
	for _, k := range q.Order {
		in := false
		for _, d := range q.DistinctOn {
			in = in || d == k.Expr
		}
		if !in {
			if used < len(q.DistinctOn) {
				return pgerr.New(pgerr.InvalidColumnReference, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions").
					At(firstUnordered(q, places))
			}
			break
		}
		used++
	}
	return nil
}

// firstUnordered is the place of the first DISTINCT ON expression that ORDER BY does not have.
func firstUnordered(q *Query, places []int32) int32 {
	for i, d := range q.DistinctOn {
		in := false
		for _, k := range q.Order {
			in = in || k.Expr == d
		}
		if !in {
			return places[i]
		}
	}
	return places[0]
}

// emptyNode tells the list element that means plain DISTINCT.
func emptyNode(n parse.Node) bool {
	if n == nil {
		return true
	}
	l, ok := n.(*parse.List)
	return ok && len(l.Items) == 0
}
