package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// boolExpr is AND, OR, NOT.
func (a *Analyzer) boolExpr(sc *scope, n *parse.BoolExpr) (Expr, error) {
	const consumed = parse.Has_BoolExpr_Boolop | parse.Has_BoolExpr_Args | parse.Has_BoolExpr_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	op, name := And, "AND"
	switch n.Boolop {
	case parse.BoolExprType_OR_EXPR:
		op, name = Or, "OR"
	case parse.BoolExprType_NOT_EXPR:
		op, name = Not, "NOT"
	}
	args := make([]Expr, len(n.Args))
	for i, arg := range n.Args {
		e, err := a.expr(sc, arg)
		if err == nil {
			e, err = a.coerceBool(e, name)
		}
		if err != nil {
			return nil, err
		}
		args[i] = e
	}
	return &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(n.Location, args...)}, Op: op, Args: args}, nil
}

// nullTest is IS [NOT] NULL; of a row it asks each column.
func (a *Analyzer) nullTest(sc *scope, n *parse.NullTest) (Expr, error) {
	const consumed = parse.Has_NullTest_Arg | parse.Has_NullTest_Nulltesttype | parse.Has_NullTest_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	e, err := a.expr(sc, n.Arg)
	if err != nil {
		return nil, err
	}
	return &NullTest{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmost(n.Location, e.Location())}, Arg: e,
		Not: n.Nulltesttype == parse.NullTestType_IS_NOT_NULL}, nil
}

// boolTests gives the value asked for and the name of each form.
var boolTests = map[parse.BoolTestType]struct {
	value types.Value
	not   bool
	name  string
}{
	parse.BoolTestType_IS_TRUE:        {types.BoolValue(true), false, "IS TRUE"},
	parse.BoolTestType_IS_NOT_TRUE:    {types.BoolValue(true), true, "IS NOT TRUE"},
	parse.BoolTestType_IS_FALSE:       {types.BoolValue(false), false, "IS FALSE"},
	parse.BoolTestType_IS_NOT_FALSE:   {types.BoolValue(false), true, "IS NOT FALSE"},
	parse.BoolTestType_IS_UNKNOWN:     {types.NullValue, false, "IS UNKNOWN"},
	parse.BoolTestType_IS_NOT_UNKNOWN: {types.NullValue, true, "IS NOT UNKNOWN"},
}

// booleanTest is IS [NOT] TRUE, FALSE, UNKNOWN.
func (a *Analyzer) booleanTest(sc *scope, n *parse.BooleanTest) (Expr, error) {
	const consumed = parse.Has_BooleanTest_Arg | parse.Has_BooleanTest_Booltesttype | parse.Has_BooleanTest_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	t, ok := boolTests[n.Booltesttype]
	if !ok {
		return nil, pgerr.Unsupported(n.Location, "boolean test %d is not supported", n.Booltesttype)
	}
	e, err := a.expr(sc, n.Arg)
	if err != nil {
		return nil, err
	}
	if e, err = a.coerceBool(e, t.name); err != nil {
		return nil, err
	}
	return &BoolTest{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmost(n.Location, e.Location())}, Arg: e, Value: t.value, Not: t.not}, nil
}
