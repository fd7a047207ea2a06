package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

// checkGrouping refuses columns that are neither grouped nor aggregated nor decided by a grouped primary key, as PostgreSQL's
// parseCheckAggregates.
func (a *Analyzer) checkGrouping(sc *scope) error {
	q := sc.query
	if !q.HasAggs && q.GroupBy == nil && q.GroupingSets == nil && q.Having == nil {
		return nil
	}
	c := groupCheck{q: q}
	for i := range q.Targets {
		c.visit(q.Targets[i].Expr, 0)
	}
	if q.Having != nil {
		c.visit(q.Having, 0)
	}
	for i := range q.Windows {
		for _, e := range q.Windows[i].Partition {
			c.visit(e, 0)
		}
		for _, k := range q.Windows[i].Order {
			c.visit(k.Expr, 0)
		}
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

type groupCheck struct {
	q   *Query
	err *pgerr.Error
}

// visit checks e, which stands level query levels below the grouped one.
func (c *groupCheck) visit(e Expr, level int) {
	walk(e, func(e Expr) bool {
		if c.err != nil {
			return false
		}
		if level == 0 && c.grouped(e) {
			return false
		}
		switch e := e.(type) {
		case *Agg:
			if e.Up == level {
				for _, d := range e.Direct {
					c.visit(d, level)
				}
				return false
			}
			// An aggregate of a level further out holds nothing of this one.
			return e.Up < level
		case *Var:
			if e.Up == level && !c.groupedVar(e) && !c.dependent(e) {
				c.refuse(e, level)
			}
		case *Sublink:
			for _, l := range e.Left {
				c.visit(l, level)
			}
			c.query(e.Query, level+1)
			return false
		}
		return true
	})
}

func (c *groupCheck) query(q *Query, level int) {
	q.eachExpr(func(e Expr) { c.visit(e, level) })
	q.eachQuery(func(sub *Query, down int) { c.query(sub, level+down) })
}

func (c *groupCheck) grouped(e Expr) bool {
	if _, ok := e.(*Const); ok {
		return true
	}
	for _, g := range c.q.GroupBy {
		if equalExpr(g, e) {
			return true
		}
	}
	return false
}

func (c *groupCheck) groupedVar(v *Var) bool {
	for _, g := range c.q.GroupBy {
		if w, ok := g.(*Var); ok && w.Up == 0 && w.RTE == v.RTE && w.Col == v.Col {
			return true
		}
	}
	return false
}

// dependent tells whether the column is decided by the table's primary key, all of which is grouped.
func (c *groupCheck) dependent(v *Var) bool {
	r := c.q.RTable[v.RTE]
	if r.Kind != RTERelation || c.q.GroupingSets != nil {
		return false
	}
	for _, con := range r.Relation.Constraints {
		if con.Kind == 'p' && !con.Deferrable && c.allGrouped(v.RTE, con) {
			return true
		}
	}
	return false
}

func (c *groupCheck) allGrouped(rte int, con *catalog.Constraint) bool {
	for _, n := range con.Columns {
		if !c.groupedVar(&Var{RTE: rte, Col: int(n) - 1}) {
			return false
		}
	}
	return len(con.Columns) > 0
}

func (c *groupCheck) refuse(v *Var, level int) {
	r := c.q.RTable[v.RTE]
	name := "*"
	switch {
	case v.Col >= 0:
		name = r.Columns[v.Col].Name
	case v.Col == CtidCol:
		name = "ctid"
	case v.Col == TableOIDCol:
		name = "tableoid"
	}
	if level == 0 {
		c.err = pgerr.New(pgerr.GroupingError, "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function", r.Alias, name).At(v.Loc)
	} else {
		c.err = pgerr.New(pgerr.GroupingError, "subquery uses ungrouped column \"%s.%s\" from outer query", r.Alias, name).At(v.Loc)
	}
}

// Equal tells whether two expressions are the same but for their location.
func Equal(x, y Expr) bool { return equalExpr(x, y) }
