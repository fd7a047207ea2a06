package analyze

import (
	"bytes"
	"slices"

	"pgd/backend/types"
)

// equalExpr tells whether two expressions are the same but for their places, as GROUP BY and ORDER BY match them.
func equalExpr(x, y Expr) bool {
	if x == nil || y == nil {
		return x == nil && y == nil
	}
	px, ok1 := x.(placed)
	py, ok2 := y.(placed)
	if !ok1 || !ok2 {
		return false
	}
	ix, iy := *px.info(), *py.info()
	if ix.Typ != iy.Typ || ix.Mod != iy.Mod || ix.Coll != iy.Coll || !equalNode(x, y) {
		return false
	}
	if _, ok := x.(*Sublink); ok {
		return false
	}
	var cx, cy []Expr
	eachChild(x, func(e Expr) { cx = append(cx, e) })
	eachChild(y, func(e Expr) { cy = append(cy, e) })
	return slices.EqualFunc(cx, cy, equalExpr)
}

// equalNode compares what two nodes hold besides type and children; what it does not list is never equal.
func equalNode(x, y Expr) bool {
	switch x := x.(type) {
	case *Const:
		y, ok := y.(*Const)
		return ok && equalValue(x.Value, y.Value)
	case *Param:
		y, ok := y.(*Param)
		return ok && x.N == y.N
	case *Var:
		y, ok := y.(*Var)
		return ok && x.Up == y.Up && x.RTE == y.RTE && x.Col == y.Col
	case *Call:
		y, ok := y.(*Call)
		return ok && x.Proc.OID == y.Proc.OID && x.Op == y.Op && x.Variadic == y.Variadic
	case *Relabel:
		_, ok := y.(*Relabel)
		return ok
	case *CoerceIO:
		_, ok := y.(*CoerceIO)
		return ok
	case *CoerceArray:
		_, ok := y.(*CoerceArray)
		return ok
	case *ApplyTypmod:
		y, ok := y.(*ApplyTypmod)
		return ok && x.Explicit == y.Explicit
	case *Collate:
		_, ok := y.(*Collate)
		return ok
	case *ScalarArray:
		y, ok := y.(*ScalarArray)
		return ok && x.Op == y.Op && x.All == y.All
	case *Bool:
		y, ok := y.(*Bool)
		return ok && x.Op == y.Op
	case *NullTest:
		y, ok := y.(*NullTest)
		return ok && x.Not == y.Not
	case *BoolTest:
		y, ok := y.(*BoolTest)
		return ok && x.Not == y.Not && equalValue(x.Value, y.Value)
	case *Distinct:
		y, ok := y.(*Distinct)
		return ok && x.Op == y.Op && x.Not == y.Not
	case *NullIf:
		y, ok := y.(*NullIf)
		return ok && x.Op == y.Op
	case *Case:
		y, ok := y.(*Case)
		return ok && len(x.Whens) == len(y.Whens) && (x.Arg == nil) == (y.Arg == nil)
	case *CaseTest:
		_, ok := y.(*CaseTest)
		return ok
	case *DomainCheck:
		_, ok := y.(*DomainCheck)
		return ok
	case *DomainValue:
		_, ok := y.(*DomainValue)
		return ok
	case *Coalesce:
		_, ok := y.(*Coalesce)
		return ok
	case *MinMax:
		y, ok := y.(*MinMax)
		return ok && x.Least == y.Least
	case *Array:
		y, ok := y.(*Array)
		return ok && x.Multi == y.Multi
	case *Row:
		_, ok := y.(*Row)
		return ok
	case *RowCompare:
		y, ok := y.(*RowCompare)
		return ok && x.Op == y.Op && len(x.Left) == len(y.Left)
	case *Subscript:
		y, ok := y.(*Subscript)
		return ok && x.Slice == y.Slice && slices.EqualFunc(x.Lower, y.Lower, equalExpr) && slices.EqualFunc(x.Upper, y.Upper, equalExpr)
	case *Field:
		y, ok := y.(*Field)
		return ok && x.Num == y.Num
	case *SQLValue:
		y, ok := y.(*SQLValue)
		return ok && x.Name == y.Name
	case *Agg:
		y, ok := y.(*Agg)
		return ok && x.Proc.OID == y.Proc.OID && x.Star == y.Star && x.Distinct == y.Distinct && x.Up == y.Up && x.Variadic == y.Variadic &&
			(x.Filter == nil) == (y.Filter == nil) && slices.EqualFunc(x.Order, y.Order, func(p, q SortKey) bool { return p.Desc == q.Desc && p.NullsFirst == q.NullsFirst })
	case *Window:
		y, ok := y.(*Window)
		return ok && x.Proc.OID == y.Proc.OID && x.Win == y.Win && x.Star == y.Star && (x.Filter == nil) == (y.Filter == nil)
	case *SetCall:
		y, ok := y.(*SetCall)
		return ok && x.Proc.OID == y.Proc.OID && x.Variadic == y.Variadic
	}
	return false
}

func equalValue(x, y types.Value) bool {
	return x.Kind == y.Kind && x.I == y.I && x.F == y.F && bytes.Equal(x.B, y.B)
}
