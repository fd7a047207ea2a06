package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// aggregateCall finishes the call of an aggregate: its order, DISTINCT, and the query level it belongs to.
func (a *Analyzer) aggregateCall(sc *scope, c *funcUse, p *catalog.Proc, args []Expr, info Info, variadic bool) (Expr, error) {
	if len(c.args) == 0 && !c.star() && !c.within() {
		return nil, pgerr.New(pgerr.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", c).At(c.loc)
	}
	if p.ReturnsSet {
		return nil, pgerr.New(pgerr.InvalidFunctionDefinition, "aggregates cannot return sets").At(c.loc)
	}
	if len(c.names) > 0 {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "aggregates cannot use named arguments").At(c.loc)
	}
	if c.within() {
		return nil, pgerr.Unsupported(c.loc, "ordered-set aggregate %s is not supported", c)
	}
	g := &Agg{Info: info, Proc: p, Args: args, Star: c.star(), Distinct: c.distinct(), Filter: c.filter, Variadic: variadic}
	if err := a.aggregateOrder(sc, c, g); err != nil {
		return nil, err
	}
	level, err := a.aggregateLevel(g, c.loc)
	if err != nil {
		return nil, err
	}
	g.Up = level
	owner := sc
	for range level {
		if owner.parent == nil {
			break
		}
		owner = owner.parent
	}
	if err := forbidden(pgerr.GroupingError, "aggregate functions", places[owner.kind].agg, owner.kind, c.loc); err != nil {
		return nil, err
	}
	owner.aggs = true
	return g, nil
}

// aggregateOrder analyses ORDER BY and DISTINCT inside the call.
func (a *Analyzer) aggregateOrder(sc *scope, c *funcUse, g *Agg) error {
	for _, n := range c.node.AggOrder {
		sb, ok := n.(*parse.SortBy)
		if !ok {
			return pgerr.Unsupported(c.loc, "ORDER BY of this form is not supported")
		}
		saved := sc.kind
		sc.kind = kindOrderBy
		e, err := a.expr(sc, sb.Node)
		sc.kind = saved
		if err != nil {
			return err
		}
		key, err := a.sortKey(e, sb)
		if err != nil {
			return err
		}
		g.Order = append(g.Order, key)
	}
	if !g.Distinct {
		return nil
	}
	for _, k := range g.Order {
		if !anyEqual(k.Expr, g.Args) {
			return pgerr.New(pgerr.InvalidColumnReference, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list").At(k.Expr.Location())
		}
	}
	for i, e := range g.Args {
		e, err := a.resolveUnknown(e)
		if err != nil {
			return err
		}
		g.Args[i] = e
		if _, err := a.sortOperator(e.Type(), false, e.Location()); err != nil {
			return pgerr.New(pgerr.UndefinedFunction, "could not identify an equality operator for type %s", a.format(e.Type())).At(e.Location())
		}
	}
	return nil
}

func anyEqual(e Expr, es []Expr) bool {
	for _, x := range es {
		if equalExpr(e, x) {
			return true
		}
	}
	return false
}

// aggregateLevel is how many levels out an aggregate belongs: that of the innermost column in its arguments. What may
// not be inside an aggregate is refused.
func (a *Analyzer) aggregateLevel(g *Agg, loc int32) (int, error) {
	minVar, minAgg := -1, -1
	var nested Expr
	var err error
	note := func(e Expr, depth int) bool {
		switch x := e.(type) {
		case *Var:
			if l := x.Up - depth; l >= 0 && (minVar < 0 || l < minVar) {
				minVar = l
			}
		case *Agg:
			if l := x.Up - depth; l >= 0 {
				if minAgg < 0 || l < minAgg {
					minAgg, nested = l, x
				}
				return false
			}
		case *Window:
			if depth == 0 && err == nil {
				err = pgerr.New(pgerr.GroupingError, "aggregate function calls cannot contain window function calls").At(x.Loc)
			}
		case *SetCall:
			if depth == 0 && err == nil {
				err = pgerr.New(pgerr.FeatureNotSupported, "aggregate function calls cannot contain set-returning function calls").
					WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").At(x.Loc)
			}
		}
		return err == nil
	}
	for _, e := range g.Args {
		walkDeep(e, 0, note)
	}
	for _, k := range g.Order {
		walkDeep(k.Expr, 0, note)
	}
	if g.Filter != nil {
		walkDeep(g.Filter, 0, note)
	}
	if err != nil {
		return 0, err
	}
	level := 0
	switch {
	case minVar < 0 && minAgg < 0:
	case minVar < 0:
		level = minAgg
	case minAgg < 0:
		level = minVar
	default:
		level = min(minVar, minAgg)
	}
	if nested != nil && level == minAgg {
		return 0, pgerr.New(pgerr.GroupingError, "aggregate function calls cannot be nested").At(nested.Location())
	}
	return level, nil
}
