package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// caseExpr is CASE. The result's type is chosen with ELSE first, as PostgreSQL does.
func (a *Analyzer) caseExpr(sc *scope, n *parse.CaseExpr) (Expr, error) {
	const consumed = parse.Has_CaseExpr_Arg | parse.Has_CaseExpr_Args | parse.Has_CaseExpr_Defresult | parse.Has_CaseExpr_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	c := &Case{Info: Info{Mod: -1, Loc: n.Location}}
	var test Expr
	if n.Arg != nil {
		arg, err := a.expr(sc, n.Arg)
		if err == nil {
			arg, err = a.resolveUnknown(arg)
		}
		if err != nil {
			return nil, err
		}
		if err := noSetIn(arg, "CASE"); err != nil {
			return nil, err
		}
		c.Arg = arg
		test = &CaseTest{Info{Typ: arg.Type(), Mod: arg.Typmod(), Coll: arg.Collation(), Loc: -1}}
	}
	results := make([]Expr, 1, len(n.Args)+1)
	for _, w := range n.Args {
		w, ok := w.(*parse.CaseWhen)
		if !ok {
			return nil, pgerr.Unsupported(n.Location, "CASE of this form is not supported")
		}
		if err := only(w, parse.Has_CaseWhen_Expr|parse.Has_CaseWhen_Result|parse.Has_CaseWhen_Location, w.Location); err != nil {
			return nil, err
		}
		cond, err := a.expr(sc, w.Expr)
		if err != nil {
			return nil, err
		}
		if test != nil {
			if cond, err = a.makeOp(sc, opName{name: "="}, test, cond, w.Location); err != nil {
				return nil, err
			}
		}
		if cond, err = a.coerceBool(cond, "CASE/WHEN"); err != nil {
			return nil, err
		}
		res, err := a.expr(sc, w.Result)
		if err != nil {
			return nil, err
		}
		for _, e := range [...]Expr{cond, res} {
			if err := noSetIn(e, "CASE"); err != nil {
				return nil, err
			}
		}
		c.Whens = append(c.Whens, When{Cond: cond})
		results = append(results, res)
	}
	if n.Defresult == nil {
		results[0] = &Const{Info: Info{Typ: typeUnknown, Mod: -1, Loc: -1}}
	} else {
		e, err := a.expr(sc, n.Defresult)
		if err != nil {
			return nil, err
		}
		if err := noSetIn(e, "CASE"); err != nil {
			return nil, err
		}
		results[0] = e
	}
	typ, _, err := a.commonType(results, "CASE")
	if err != nil {
		return nil, err
	}
	if results[0], err = a.coerceCommon(results[0], typ, "CASE/ELSE"); err != nil {
		return nil, err
	}
	for i := range c.Whens {
		if results[i+1], err = a.coerceCommon(results[i+1], typ, "CASE/WHEN"); err != nil {
			return nil, err
		}
		c.Whens[i].Result = results[i+1]
	}
	c.Else = results[0]
	c.Typ, c.Mod, c.Coll = typ, commonTypmod(results, typ), a.collationOf(typ)
	return c, nil
}

// noSetIn refuses set-returning functions where evaluation is conditional.
func noSetIn(e Expr, what string) error {
	found := setIn(e)
	if found == nil {
		return nil
	}
	return pgerr.New(pgerr.FeatureNotSupported, "set-returning functions are not allowed in %s", what).
		WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").At(found.Location())
}

// setIn finds a set-returning call in e; nil for none.
func setIn(e Expr) Expr {
	var found Expr
	walk(e, func(x Expr) bool {
		if _, ok := x.(*SetCall); ok && found == nil {
			found = x
		}
		return found == nil
	})
	return found
}

// coalesce is COALESCE.
func (a *Analyzer) coalesce(sc *scope, n *parse.CoalesceExpr) (Expr, error) {
	if err := only(n, parse.Has_CoalesceExpr_Args|parse.Has_CoalesceExpr_Location, n.Location); err != nil {
		return nil, err
	}
	args, err := a.exprs(sc, n.Args)
	if err != nil {
		return nil, err
	}
	typ, args, err := a.coerceAllCommon(args, "COALESCE")
	if err != nil {
		return nil, err
	}
	for _, e := range args {
		if err := noSetIn(e, "COALESCE"); err != nil {
			return nil, err
		}
	}
	return &Coalesce{Info: Info{Typ: typ, Mod: commonTypmod(args, typ), Coll: a.collationOf(typ), Loc: n.Location}, Args: args}, nil
}

// minMax is GREATEST or LEAST.
func (a *Analyzer) minMax(sc *scope, n *parse.MinMaxExpr) (Expr, error) {
	if err := only(n, parse.Has_MinMaxExpr_Op|parse.Has_MinMaxExpr_Args|parse.Has_MinMaxExpr_Location, n.Location); err != nil {
		return nil, err
	}
	args, err := a.exprs(sc, n.Args)
	if err != nil {
		return nil, err
	}
	m := &MinMax{Info: Info{Loc: n.Location}, Least: n.Op == parse.MinMaxOp_IS_LEAST}
	name := "GREATEST"
	if m.Least {
		name = "LEAST"
	}
	typ, args, err := a.coerceAllCommon(args, name)
	if err != nil {
		return nil, err
	}
	if a.defaultOperator(typ, strategyLess) == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify a comparison function for type %s", a.format(typ))
	}
	m.Typ, m.Mod, m.Coll, m.Args = typ, commonTypmod(args, typ), a.collationOf(typ), args
	return m, nil
}
