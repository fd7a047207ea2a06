package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// sublink is a query in an expression.
func (a *Analyzer) sublink(sc *scope, n *parse.SubLink) (Expr, error) {
	const consumed = parse.Has_SubLink_SubLinkType | parse.Has_SubLink_Testexpr | parse.Has_SubLink_OperName | parse.Has_SubLink_Subselect |
		parse.Has_SubLink_Location | parse.Has_SubLink_SubLinkId
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	if err := noSubquery(sc.kind, n.Location); err != nil {
		return nil, err
	}
	q, err := a.subquery(sc, n.Subselect)
	if err != nil {
		return nil, err
	}
	s := &Sublink{Info: Info{Typ: typeBool, Mod: -1, Loc: n.Location}, Query: q}
	switch n.SubLinkType {
	case parse.SubLinkType_EXISTS_SUBLINK:
		s.Kind = SubExists
		return s, nil
	case parse.SubLinkType_EXPR_SUBLINK, parse.SubLinkType_ARRAY_SUBLINK:
		cols := liveTargets(q)
		if len(cols) != 1 {
			return nil, pgerr.New(pgerr.SyntaxError, "subquery must return only one column").At(n.Location)
		}
		e := cols[0].Expr
		s.Kind, s.Typ, s.Mod, s.Coll = SubExpr, e.Type(), e.Typmod(), e.Collation()
		if n.SubLinkType == parse.SubLinkType_ARRAY_SUBLINK {
			// An array column stays of its type: the result has one dimension more.
			s.Kind = SubArray
			if a.elemType(s.Typ) == 0 {
				if s.Typ = a.arrayType(e.Type()); s.Typ == 0 {
					return nil, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", a.format(e.Type())).At(n.Location)
				}
			}
		}
		return s, nil
	case parse.SubLinkType_ANY_SUBLINK, parse.SubLinkType_ALL_SUBLINK:
		s.Kind = SubAny
		if n.SubLinkType == parse.SubLinkType_ALL_SUBLINK {
			s.Kind = SubAll
		}
		o := opName{name: "="}
		if len(n.OperName) > 0 {
			if o, err = readOpName(n.OperName, n.Location); err != nil {
				return nil, err
			}
		}
		return a.testSublink(sc, s, n.Testexpr, o, n.Location)
	}
	return nil, pgerr.Unsupported(n.Location, "subquery of kind %d is not supported", n.SubLinkType)
}

// rowSublink is (a, b) op (query): a comparison with the one row the query gives.
func (a *Analyzer) rowSublink(sc *scope, n *parse.A_Expr, sub *parse.SubLink, o opName) (Expr, error) {
	if err := noSubquery(sc.kind, sub.Location); err != nil {
		return nil, err
	}
	q, err := a.subquery(sc, sub.Subselect)
	if err != nil {
		return nil, err
	}
	s := &Sublink{Info: Info{Typ: typeBool, Mod: -1, Loc: n.Location}, Kind: SubRow, Query: q}
	return a.testSublink(sc, s, n.Lexpr, o, n.Location)
}

// testSublink compares the left side with the query's columns.
func (a *Analyzer) testSublink(sc *scope, s *Sublink, test parse.Node, o opName, loc int32) (Expr, error) {
	l, err := a.expr(sc, test)
	if err != nil {
		return nil, err
	}
	left := []Expr{l}
	if row, ok := l.(*Row); ok {
		left = row.Args
	}
	cols := liveTargets(s.Query)
	right := make([]Expr, len(cols))
	for i, t := range cols {
		right[i] = &Var{Info: Info{Typ: t.Expr.Type(), Mod: t.Expr.Typmod(), Coll: t.Expr.Collation(), Loc: -1}, RTE: -1, Col: i}
	}
	switch {
	case len(left) < len(right):
		return nil, pgerr.New(pgerr.SyntaxError, "subquery has too many columns").At(loc)
	case len(left) > len(right):
		return nil, pgerr.New(pgerr.SyntaxError, "subquery has too few columns").At(loc)
	}
	r, err := a.resolveRowOps(o, left, right, loc)
	if err != nil {
		return nil, err
	}
	s.Left, s.Right, s.Op, s.Ops, s.Procs = r.left, r.right, o.name, r.ops, r.procs
	s.Loc = leftmost(loc, l.Location())
	return s, nil
}

// liveTargets are a query's output columns without those that only sort.
func liveTargets(q *Query) []Target {
	var out []Target
	for _, t := range q.Targets {
		if !t.Junk {
			out = append(out, t)
		}
	}
	return out
}
