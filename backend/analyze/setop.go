package analyze

import (
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

var setOperators = map[parse.SetOperation]string{
	parse.SetOperation_SETOP_UNION: "union", parse.SetOperation_SETOP_INTERSECT: "intersect", parse.SetOperation_SETOP_EXCEPT: "except",
}

// setOperation analyses UNION, INTERSECT or EXCEPT. Each arm is a query of its own below this one; arms are brought to common
// column types; ORDER BY may only name output columns.
func (a *Analyzer) setOperation(sc *scope, n *parse.SelectStmt, resolve bool) error {
	const fields = parse.Has_SelectStmt_SortClause | parse.Has_SelectStmt_LimitOffset | parse.Has_SelectStmt_LimitCount |
		parse.Has_SelectStmt_LimitOption | parse.Has_SelectStmt_LockingClause | parse.Has_SelectStmt_WithClause |
		parse.Has_SelectStmt_Op | parse.Has_SelectStmt_All | parse.Has_SelectStmt_Larg | parse.Has_SelectStmt_Rarg
	if err := only(n, fields, -1); err != nil {
		return err
	}
	q := sc.query
	what := setOperators[n.Op]
	if what == "" {
		return pgerr.Unsupported(-1, "this set operation is not supported")
	}
	if l := firstLocking(n); l != nil {
		return pgerr.New(pgerr.FeatureNotSupported, "%s is not allowed with UNION/INTERSECT/EXCEPT", lockNames[l.Strength])
	}
	if err := a.withClause(sc, n.WithClause); err != nil {
		return err
	}
	rec := sc.recursion
	if rec != nil {
		rec.left = true
	}
	left, err := a.setArm(sc, n.Larg)
	if err != nil {
		return err
	}
	if rec != nil {
		if err := a.settleRecursion(rec, left); err != nil {
			return err
		}
	}
	right, err := a.setArm(sc, n.Rarg)
	if err != nil {
		return err
	}
	if rec != nil && right.HasAggs {
		return pgerr.New(pgerr.InvalidRecursion, "aggregate functions are not allowed in a recursive query's recursive term").At(firstAggregate(right))
	}
	op := &SetOperation{Op: what, All: n.All, Left: left, Right: right}
	cols, err := a.setColumns(op, rec)
	if err != nil {
		return err
	}
	q.SetOp = op
	q.Targets = outputTargets(cols)
	sc.output = &RTE{Kind: RTESubquery, Columns: cols}
	sc.items = []scopeItem{{rte: -1, unqualified: true}}
	width := len(q.Targets)
	sc.kind = kindOrderBy
	if err := a.orderClause(sc, n.SortClause); err != nil {
		return err
	}
	if len(q.Targets) > width {
		return pgerr.New(pgerr.FeatureNotSupported, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause").
			WithDetail("Only result column names can be used, not expressions or functions.").
			WithHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.").
			At(q.Targets[width].Expr.Location())
	}
	sc.items = nil
	if err := a.limitClause(sc, n); err != nil {
		return err
	}
	return a.settleCollations(q)
}

// firstAggregate is the place of a query's first aggregate.
func firstAggregate(q *Query) int32 {
	loc := int32(-1)
	q.eachExpr(func(e Expr) {
		walk(e, func(e Expr) bool {
			if g, ok := e.(*Agg); ok && g.Up == 0 && loc < 0 {
				loc = g.Loc
			}
			return loc < 0
		})
	})
	return loc
}

func firstLocking(n *parse.SelectStmt) *parse.LockingClause {
	for _, s := range []*parse.SelectStmt{n, n.Larg, n.Rarg} {
		if s != nil && len(s.LockingClause) > 0 {
			if l, ok := s.LockingClause[0].(*parse.LockingClause); ok {
				return l
			}
		}
	}
	return nil
}

// setArm analyses one arm below sc; nothing of sc's own level can be named in it.
func (a *Analyzer) setArm(sc *scope, n *parse.SelectStmt) (*Query, error) {
	items := sc.items
	sc.items = nil
	q, err := a.selectStatement(sc, n, false)
	sc.items = items
	return q, err
}

// shownTargets are a query's output columns without junk.
func (q *Query) shownTargets() []*Target {
	out := make([]*Target, 0, len(q.Targets))
	for i := range q.Targets {
		if !q.Targets[i].Junk {
			out = append(out, &q.Targets[i])
		}
	}
	return out
}

// setColumns decides the common columns of both arms and brings the arms to them.
func (a *Analyzer) setColumns(op *SetOperation, rec *recursion) ([]RTEColumn, error) {
	lt, rt := op.Left.shownTargets(), op.Right.shownTargets()
	what := strings.ToUpper(op.Op)
	if len(lt) != len(rt) {
		loc := int32(-1)
		if len(rt) > 0 {
			loc = rt[0].Expr.Location()
		}
		return nil, pgerr.New(pgerr.SyntaxError, "each %s query must have the same number of columns", what).At(loc)
	}
	cols := make([]RTEColumn, len(lt))
	for i := range lt {
		le, re := lt[i].Expr, rt[i].Expr
		typ, mod, err := a.commonType([]Expr{le, re}, what)
		if err != nil {
			return nil, err
		}
		if rec != nil {
			c := rec.cte.Columns[i]
			if c.Typ != typ {
				return nil, pgerr.New(pgerr.DatatypeMismatch, "recursive query \"%s\" column %d has type %s in non-recursive term but type %s overall",
					rec.cte.Name, i+1, a.Catalog.FormatType(c.Typ, c.Mod), a.Catalog.FormatType(typ, mod)).
					WithHint("Cast the output of the non-recursive term to the correct type.").At(le.Location())
			}
		}
		coll := le.Collation()
		if coll == 0 {
			coll = re.Collation()
		}
		cols[i] = RTEColumn{Name: lt[i].Name, Typ: typ, Mod: mod, Coll: coll}
		if !op.All || op.Op != "union" {
			if _, err := a.equalOperator(typ, leftmostLoc(le, re)); err != nil {
				return nil, err
			}
		}
		if err := a.armColumn(op.Left, &op.LeftCast, lt, i, typ, what); err != nil {
			return nil, err
		}
		if err := a.armColumn(op.Right, &op.RightCast, rt, i, typ, what); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

func leftmostLoc(x, y Expr) int32 {
	if l := x.Location(); l >= 0 {
		return l
	}
	return y.Location()
}

// armColumn brings column i of an arm to the common type: in the arm's own select list where nothing there depends on the
// value before the cast, else on top of the arm.
func (a *Analyzer) armColumn(arm *Query, cast *[]Expr, ts []*Target, i int, typ uint32, what string) error {
	e := ts[i].Expr
	if e.Type() == typ {
		return nil
	}
	inPlace := arm.SetOp == nil && !arm.Distinct && arm.DistinctOn == nil && arm.Order == nil && arm.Values == nil
	if e.Type() == typeUnknown {
		inPlace = arm.SetOp == nil && arm.Values == nil
	}
	if inPlace {
		c, err := a.coerceCommon(e, typ, what)
		ts[i].Expr = c
		return err
	}
	if *cast == nil {
		*cast = make([]Expr, len(ts))
		for j, t := range ts {
			(*cast)[j] = &Var{Info: Info{Typ: t.Expr.Type(), Mod: t.Expr.Typmod(), Coll: t.Expr.Collation(), Loc: t.Expr.Location()}, RTE: -1, Col: j}
		}
	}
	c, err := a.coerceCommon((*cast)[i], typ, what)
	(*cast)[i] = c
	return err
}
