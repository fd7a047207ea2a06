package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// expr analyses any expression in sc.kind.
func (a *Analyzer) expr(sc *scope, n parse.Node) (Expr, error) {
	if err := a.enter(); err != nil {
		return nil, err
	}
	defer a.leave()
	switch n := n.(type) {
	case *parse.A_Const:
		return a.constant(n)
	case *parse.ColumnRef:
		if _, ok := n.Fields[len(n.Fields)-1].(*parse.A_Star); ok && len(n.Fields) > 1 {
			return a.rowStar(sc, n)
		}
		return a.columnRef(sc, n)
	case *parse.A_Expr:
		return a.operatorExpr(sc, n)
	case *parse.FuncCall:
		return a.funcCall(sc, n)
	case *parse.TypeCast:
		return a.typeCast(sc, n)
	case *parse.ParamRef:
		return a.param(n)
	case *parse.BoolExpr:
		return a.boolExpr(sc, n)
	case *parse.NullTest:
		return a.nullTest(sc, n)
	case *parse.BooleanTest:
		return a.booleanTest(sc, n)
	case *parse.CaseExpr:
		return a.caseExpr(sc, n)
	case *parse.CoalesceExpr:
		return a.coalesce(sc, n)
	case *parse.MinMaxExpr:
		return a.minMax(sc, n)
	case *parse.SQLValueFunction:
		return a.sqlValue(n)
	case *parse.CollateClause:
		return a.collateClause(sc, n)
	case *parse.SubLink:
		return a.sublink(sc, n)
	case *parse.A_ArrayExpr:
		return a.arrayExpr(sc, n, 0, 0, -1)
	case *parse.A_Indirection:
		return a.indirection(sc, n)
	case *parse.RowExpr:
		return a.rowExpr(sc, n)
	case *parse.SetToDefault:
		if err := only(n, parse.Has_SetToDefault_TypeMod|parse.Has_SetToDefault_Location, n.Location); err != nil {
			return nil, err
		}
		return &Default{Info{Typ: typeUnknown, Mod: -1, Loc: n.Location}}, nil
	case *parse.CurrentOfExpr:
		return nil, pgerr.Unsupported(-1, "WHERE CURRENT OF is not supported")
	case *parse.GroupingFunc:
		return nil, pgerr.Unsupported(n.Location, "GROUPING is not supported")
	case *parse.NamedArgExpr:
		return nil, pgerr.Unsupported(n.Location, "named argument is not supported here")
	case nil:
		return nil, pgerr.New(pgerr.InternalError, "empty expression")
	}
	return nil, pgerr.Unsupported(nodeLocation(n), "%s is not supported", n.NodeName())
}

// exprs analyses a list.
func (a *Analyzer) exprs(sc *scope, ns []parse.Node) ([]Expr, error) {
	out := make([]Expr, len(ns))
	for i, n := range ns {
		e, err := a.expr(sc, n)
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// nodeLocation is where an expression's text begins, -1 where the tree does not tell.
func nodeLocation(n parse.Node) int32 {
	for range maxDepth {
		switch x := n.(type) {
		case *parse.A_Const:
			return x.Location
		case *parse.ColumnRef:
			return x.Location
		case *parse.FuncCall:
			return x.Location
		case *parse.ParamRef:
			return x.Location
		case *parse.TypeCast:
			return leftmost(x.Location, nodeLocation(x.Arg))
		case *parse.CaseExpr:
			return x.Location
		case *parse.RowExpr:
			return x.Location
		case *parse.A_ArrayExpr:
			return x.Location
		case *parse.SQLValueFunction:
			return x.Location
		case *parse.CoalesceExpr:
			return x.Location
		case *parse.MinMaxExpr:
			return x.Location
		case *parse.XmlExpr:
			return x.Location
		case *parse.XmlSerialize:
			return x.Location
		case *parse.JsonFuncExpr:
			return x.Location
		case *parse.JsonObjectConstructor:
			return x.Location
		case *parse.JsonArrayConstructor:
			return x.Location
		case *parse.JsonArrayQueryConstructor:
			return x.Location
		case *parse.JsonIsPredicate:
			return x.Location
		case *parse.JsonParseExpr:
			return x.Location
		case *parse.JsonScalarExpr:
			return x.Location
		case *parse.JsonSerializeExpr:
			return x.Location
		case *parse.SetToDefault:
			return x.Location
		case *parse.GroupingFunc:
			return x.Location
		case *parse.MergeSupportFunc:
			return x.Location
		case *parse.NullTest:
			n = x.Arg
		case *parse.BooleanTest:
			n = x.Arg
		case *parse.CollateClause:
			n = x.Arg
		case *parse.A_Indirection:
			n = x.Arg
		case *parse.SubLink:
			if x.Testexpr == nil {
				return x.Location
			}
			n = x.Testexpr
		case *parse.A_Expr:
			if x.Lexpr == nil {
				return x.Location
			}
			n = x.Lexpr
		case *parse.BoolExpr:
			if len(x.Args) == 0 || x.Boolop == parse.BoolExprType_NOT_EXPR {
				return x.Location
			}
			n = x.Args[0]
		default:
			return -1
		}
	}
	return -1
}
