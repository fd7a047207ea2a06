package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// updateStatement analyses UPDATE.
func (a *Analyzer) updateStatement(parent *scope, n *parse.UpdateStmt) (*Query, error) {
	const fields = parse.Has_UpdateStmt_Relation | parse.Has_UpdateStmt_TargetList | parse.Has_UpdateStmt_WhereClause |
		parse.Has_UpdateStmt_FromClause | parse.Has_UpdateStmt_ReturningList | parse.Has_UpdateStmt_WithClause
	if err := only(n, fields, -1); err != nil {
		return nil, err
	}
	q := &Query{Command: Update, SourceRTE: -1}
	sc := &scope{parent: parent, query: q}
	rel, err := a.changeClauses(sc, "UPDATE", n.Relation, n.WithClause, n.FromClause, n.WhereClause, n.ReturningList)
	if err != nil {
		return nil, err
	}
	if q.Columns, q.Targets, err = a.setClause(sc, rel, n.TargetList); err != nil {
		return nil, err
	}
	return q, a.settleCollations(q)
}

// setClause analyses the assignments of SET.
func (a *Analyzer) setClause(sc *scope, rel *catalog.Relation, list []parse.Node) ([]int, []Target, error) {
	sc.kind = kindUpdateSource
	var cols []int
	var ts []Target
	var lastSub *Query
	partial := map[int]bool{}
	for _, n := range list {
		t, ok := n.(*parse.ResTarget)
		if !ok {
			return nil, nil, pgerr.Unsupported(-1, "this form of SET is not supported")
		}
		if err := only(t, parse.Has_ResTarget_Name|parse.Has_ResTarget_Val|parse.Has_ResTarget_Location|parse.Has_ResTarget_Indirection, t.Location); err != nil {
			return nil, nil, err
		}
		var e Expr
		var err error
		if m, ok := t.Val.(*parse.MultiAssignRef); ok {
			e, lastSub, err = a.multiAssigned(sc, m, lastSub)
		} else if d, ok := t.Val.(*parse.SetToDefault); ok {
			e = &Default{Info{Mod: -1, Loc: d.Location}}
		} else {
			e, err = a.expr(sc, t.Val)
		}
		if err != nil {
			return nil, nil, err
		}
		i, err := columnIndex(rel, t.Name, t.Location)
		if err != nil {
			return nil, nil, err
		}
		rc := &rel.Columns[i]
		_, isDefault := e.(*Default)
		if len(t.Indirection) > 0 {
			if isDefault {
				return nil, nil, pgerr.Unsupported(t.Location, "cannot set an array element to DEFAULT")
			}
			var base Expr = &Var{Info: Info{Typ: rc.Type, Mod: rc.Typmod, Coll: rc.Collation, Loc: -1}, RTE: sc.query.Result, Col: i}
			at := -1
			for k, have := range cols {
				if have == i && partial[k] {
					base, at = ts[k].Expr, k
				}
			}
			if e, err = a.elementAssigned(sc, base, e, t, rel, i); err != nil {
				return nil, nil, err
			}
			if at >= 0 {
				ts[at].Expr = e
				continue
			}
			partial[len(cols)] = true
		} else if !isDefault {
			if e, err = a.assigned(e, rel, i); err != nil {
				return nil, nil, err
			}
		}
		cols, ts = append(cols, i), append(ts, Target{Expr: e, Name: rc.Name})
	}
	return a.settleSet(rel, cols, ts)
}

// settleSet applies the rules PostgreSQL applies after analysis: one assignment a column, generated and identity columns, DEFAULT.
func (a *Analyzer) settleSet(rel *catalog.Relation, cols []int, ts []Target) ([]int, []Target, error) {
	var outCols []int
	var out []Target
	for k, i := range cols {
		rc := &rel.Columns[i]
		for _, have := range cols[:k] {
			if have == i {
				return nil, nil, pgerr.New(pgerr.SyntaxError, "multiple assignments to same column \"%s\"", rc.Name)
			}
		}
		_, isDefault := ts[k].Expr.(*Default)
		if !isDefault && (rc.Generated != 0 || rc.Identity == 'a') {
			e := pgerr.New(pgerr.GeneratedAlways, "column \"%s\" can only be updated to DEFAULT", rc.Name)
			if rc.Generated != 0 {
				return nil, nil, e.WithDetail("Column \"%s\" is a generated column.", rc.Name)
			}
			return nil, nil, e.WithDetail("Column \"%s\" is an identity column defined as GENERATED ALWAYS.", rc.Name)
		}
		if rc.Generated != 0 {
			continue
		}
		if isDefault {
			d, err := a.columnDefault(rel, i)
			if err != nil {
				return nil, nil, err
			}
			if d == nil {
				d = nullOf(rc.Type, rc.Typmod, rc.Collation)
			}
			ts[k].Expr = d
		}
		outCols, out = append(outCols, i), append(out, ts[k])
	}
	return outCols, out, nil
}

// multiAssigned gives one value of (a, b) = (…). The parser repeats the source for each column; a subquery is analysed at its
// first and each column takes a scalar subquery of its own.
func (a *Analyzer) multiAssigned(sc *scope, m *parse.MultiAssignRef, last *Query) (Expr, *Query, error) {
	switch src := m.Source.(type) {
	case *parse.RowExpr:
		if len(src.Args) != int(m.Ncolumns) {
			return nil, nil, pgerr.New(pgerr.SyntaxError, "number of columns does not match number of values").At(src.Location)
		}
		n := src.Args[m.Colno-1]
		if d, ok := n.(*parse.SetToDefault); ok {
			return &Default{Info{Mod: -1, Loc: d.Location}}, nil, nil
		}
		e, err := a.expr(sc, n)
		return e, nil, err
	case *parse.SubLink:
		if src.SubLinkType != parse.SubLinkType_EXPR_SUBLINK {
			break
		}
		if m.Colno == 1 || last == nil {
			q, err := a.subquery(sc, src.Subselect)
			if err != nil {
				return nil, nil, err
			}
			if len(q.shownTargets()) != int(m.Ncolumns) {
				return nil, nil, pgerr.New(pgerr.SyntaxError, "number of columns does not match number of values").At(src.Location)
			}
			last = q
		}
		one, err := oneTarget(last, int(m.Colno)-1)
		if err != nil {
			return nil, nil, err
		}
		t := one.shownTargets()[0].Expr
		e := &Sublink{Info: Info{Typ: t.Type(), Mod: t.Typmod(), Coll: t.Collation(), Loc: src.Location}, Kind: SubExpr, Query: one}
		return e, last, nil
	}
	return nil, nil, pgerr.New(pgerr.FeatureNotSupported, "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression").
		At(nodeLocation(m.Source))
}

// oneTarget gives q with output column i alone.
func oneTarget(q *Query, i int) (*Query, error) {
	if q.SetOp != nil || q.Values != nil || q.Distinct {
		return nil, pgerr.Unsupported(-1, "this subquery in a multiple-column UPDATE is not supported")
	}
	c := *q
	c.Targets = append([]Target{}, q.Targets...)
	n := 0
	for j := range c.Targets {
		if c.Targets[j].Junk {
			continue
		}
		if n != i {
			c.Targets[j].Junk = true
		}
		n++
	}
	return &c, nil
}

// changeClauses analyses what UPDATE and DELETE share: WITH, the table changed, the tables beside it, WHERE and RETURNING.
func (a *Analyzer) changeClauses(sc *scope, verb string, target *parse.RangeVar, with *parse.WithClause, from []parse.Node, where parse.Node,
	returning []parse.Node) (*catalog.Relation, error) {
	if err := a.withClause(sc, with); err != nil {
		return nil, err
	}
	rel, err := a.targetTable(sc, target, verb)
	if err != nil {
		return nil, err
	}
	q := sc.query
	sc.items = []scopeItem{{rte: q.Result, qualified: true, unqualified: true, lateralOnly: true}}
	if err := a.fromClause(sc, from); err != nil {
		return nil, err
	}
	if q.Where, err = a.condition(sc, where, kindWhere, "WHERE"); err != nil {
		return nil, err
	}
	if where != nil {
		a.requirePrivilege(rel, "SELECT")
	}
	return rel, a.returningClause(sc, returning)
}

// deleteStatement analyses DELETE.
func (a *Analyzer) deleteStatement(parent *scope, n *parse.DeleteStmt) (*Query, error) {
	const fields = parse.Has_DeleteStmt_Relation | parse.Has_DeleteStmt_UsingClause | parse.Has_DeleteStmt_WhereClause |
		parse.Has_DeleteStmt_ReturningList | parse.Has_DeleteStmt_WithClause
	if err := only(n, fields, -1); err != nil {
		return nil, err
	}
	q := &Query{Command: Delete, SourceRTE: -1}
	sc := &scope{parent: parent, query: q}
	if _, err := a.changeClauses(sc, "DELETE", n.Relation, n.WithClause, n.UsingClause, n.WhereClause, n.ReturningList); err != nil {
		return nil, err
	}
	return q, a.settleCollations(q)
}
