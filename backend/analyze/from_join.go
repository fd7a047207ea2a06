package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// joinExpr analyses a join: both sides, the merged columns of USING and NATURAL, the condition, the names it leaves visible.
func (a *Analyzer) joinExpr(sc *scope, n *parse.JoinExpr) (FromItem, []scopeItem, error) {
	const fields = parse.Has_JoinExpr_Jointype | parse.Has_JoinExpr_IsNatural | parse.Has_JoinExpr_Larg | parse.Has_JoinExpr_Rarg |
		parse.Has_JoinExpr_UsingClause | parse.Has_JoinExpr_JoinUsingAlias | parse.Has_JoinExpr_Quals | parse.Has_JoinExpr_Alias
	if err := only(n, fields, -1); err != nil {
		return nil, nil, err
	}
	kind, ok := joinKinds[n.Jointype]
	if !ok {
		return nil, nil, pgerr.Unsupported(-1, "this kind of join is not supported")
	}
	left, lnames, err := a.fromItem(sc, n.Larg)
	if err != nil {
		return nil, nil, err
	}
	// The right side sees the left one, laterally.
	outer := sc.items
	for _, it := range lnames {
		it.lateralOnly, it.lateralOK = true, kind == JoinInner || kind == JoinLeft
		sc.items = append(sc.items[:len(sc.items):len(sc.items)], it)
	}
	right, rnames, err := a.fromItem(sc, n.Rarg)
	sc.items = outer
	if err != nil {
		return nil, nil, err
	}
	if err := sc.conflicts(lnames, rnames); err != nil {
		return nil, nil, err
	}
	j := &Join{Kind: kind, Left: left, Right: right}
	r := &RTE{Kind: RTEJoin, Join: j}
	lcols, rcols := sc.visibleColumns(left), sc.visibleColumns(right)
	using, err := usingNames(n, lcols, rcols)
	if err != nil {
		return nil, nil, err
	}
	ltaken, rtaken := make([]bool, len(lcols)), make([]bool, len(rcols))
	var conds []Expr
	for _, name := range using {
		l, err := oneColumn(lcols, name, "left")
		if err != nil {
			return nil, nil, err
		}
		rr, err := oneColumn(rcols, name, "right")
		if err != nil {
			return nil, nil, err
		}
		ltaken[l], rtaken[rr] = true, true
		cond, err := a.binaryOp("=", lcols[l].v, rcols[rr].v, -1)
		if err != nil {
			return nil, nil, err
		}
		if cond, err = a.coerceBool(cond, "JOIN/USING"); err != nil {
			return nil, nil, err
		}
		conds = append(conds, cond)
		m, err := a.mergedColumn(kind, lcols[l].v, rcols[rr].v)
		if err != nil {
			return nil, nil, err
		}
		r.Columns = append(r.Columns, RTEColumn{Name: name, Typ: m.Type(), Mod: m.Typmod(), Coll: m.Collation()})
		r.JoinVars = append(r.JoinVars, m)
	}
	r.column(lcols, ltaken)
	r.column(rcols, rtaken)
	j.RTE = sc.add(r)
	names := append(append([]scopeItem{}, lnames...), rnames...)
	if n.JoinUsingAlias != nil {
		names = append(names, scopeItem{rte: j.RTE, qualified: true, alias: n.JoinUsingAlias.Aliasname, cols: len(using)})
	}
	switch {
	case len(conds) == 1:
		j.On = conds[0]
	case len(conds) > 1:
		j.On = &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: -1}, Op: And, Args: conds}
	case n.Quals != nil:
		sc.items = names
		for i := range sc.items {
			sc.items[i].lateralOnly, sc.items[i].lateralOK = false, true
		}
		saved := sc.kind
		sc.kind = kindJoinOn
		e, err := a.expr(sc, n.Quals)
		sc.items, sc.kind = outer, saved
		if err != nil {
			return nil, nil, err
		}
		if j.On, err = a.coerceBool(e, "JOIN/ON"); err != nil {
			return nil, nil, err
		}
	}
	if n.Alias != nil {
		if err := a.applyAlias(r, n.Alias, -1); err != nil {
			return nil, nil, err
		}
		// An aliased join hides what is in it.
		return j, []scopeItem{{rte: j.RTE, qualified: true, unqualified: true}}, nil
	}
	for i := range names {
		names[i].unqualified = false
	}
	return j, append(names, scopeItem{rte: j.RTE, unqualified: true}), nil
}

var joinKinds = map[parse.JoinType]JoinKind{
	parse.JoinType_JOIN_INNER: JoinInner, parse.JoinType_JOIN_LEFT: JoinLeft,
	parse.JoinType_JOIN_RIGHT: JoinRight, parse.JoinType_JOIN_FULL: JoinFull,
}

// joinColumn is a column of one side of a join as it is named there.
type joinColumn struct {
	name string
	v    Expr
}

// visibleColumns are the columns of an item of FROM, in the order an asterisk gives them.
func (sc *scope) visibleColumns(it FromItem) []joinColumn {
	rte := 0
	switch it := it.(type) {
	case *FromRTE:
		rte = it.RTE
	case *Join:
		rte = it.RTE
	}
	r := sc.rte(rte)
	out := make([]joinColumn, 0, len(r.Columns))
	for i := range r.Columns {
		if !r.Columns[i].Dropped {
			out = append(out, joinColumn{r.Columns[i].Name, sc.columnVar(rte, i, 0, -1)})
		}
	}
	return out
}

// usingNames are the columns to merge: USING's, or the common names of a NATURAL join.
func usingNames(n *parse.JoinExpr, l, r []joinColumn) ([]string, error) {
	var names []string
	if n.IsNatural {
		for _, c := range l {
			for _, d := range r {
				if c.name == d.name {
					names = append(names, c.name)
					break
				}
			}
		}
		return names, nil
	}
	for _, u := range n.UsingClause {
		s, ok := u.(*parse.String)
		if !ok {
			return nil, pgerr.Unsupported(-1, "this form of USING is not supported")
		}
		for _, have := range names {
			if have == s.Sval {
				return nil, pgerr.New(pgerr.DuplicateColumn, "column name \"%s\" appears more than once in USING clause", s.Sval)
			}
		}
		names = append(names, s.Sval)
	}
	return names, nil
}

func oneColumn(cols []joinColumn, name, side string) (int, error) {
	at := -1
	for i, c := range cols {
		if c.name != name {
			continue
		}
		if at >= 0 {
			return 0, pgerr.New(pgerr.AmbiguousColumn, "common column name \"%s\" appears more than once in %s table", name, side)
		}
		at = i
	}
	if at < 0 {
		return 0, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" specified in USING clause does not exist in %s table", name, side)
	}
	return at, nil
}

// mergedColumn is the value of a column merged by USING: that of the side that cannot be absent, of both for a full join.
func (a *Analyzer) mergedColumn(kind JoinKind, l, r Expr) (Expr, error) {
	typ, mod, err := a.commonType([]Expr{l, r}, "JOIN/USING")
	if err != nil {
		return nil, err
	}
	conv := func(e Expr) (Expr, error) {
		if e.Type() == typ && e.Typmod() == mod {
			return e, nil
		}
		return a.coerceCommon(e, typ, "JOIN/USING")
	}
	lc, err := conv(l)
	if err != nil {
		return nil, err
	}
	rc, err := conv(r)
	if err != nil {
		return nil, err
	}
	switch kind {
	case JoinLeft:
		return lc, nil
	case JoinRight:
		return rc, nil
	case JoinFull:
		return &Coalesce{Info: Info{Typ: typ, Mod: mod, Coll: lc.Collation(), Loc: -1}, Args: []Expr{lc, rc}}, nil
	}
	if _, plain := lc.(*Var); !plain {
		if _, ok := rc.(*Var); ok {
			return rc, nil
		}
	}
	return lc, nil
}

// column adds the columns of one side that are not merged.
func (r *RTE) column(cols []joinColumn, taken []bool) {
	for i, c := range cols {
		if !taken[i] {
			r.Columns = append(r.Columns, RTEColumn{Name: c.name, Typ: c.v.Type(), Mod: c.v.Typmod(), Coll: c.v.Collation()})
			r.JoinVars = append(r.JoinVars, c.v)
		}
	}
}
