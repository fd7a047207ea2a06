package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// operatorExpr analyses the forms the grammar makes with an operator.
func (a *Analyzer) operatorExpr(sc *scope, n *parse.A_Expr) (Expr, error) {
	const consumed = parse.Has_A_Expr_Kind | parse.Has_A_Expr_Name | parse.Has_A_Expr_Lexpr | parse.Has_A_Expr_Rexpr | parse.Has_A_Expr_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	switch n.Kind {
	case parse.A_Expr_Kind_AEXPR_BETWEEN, parse.A_Expr_Kind_AEXPR_NOT_BETWEEN,
		parse.A_Expr_Kind_AEXPR_BETWEEN_SYM, parse.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM:
		return a.between(sc, n)
	}
	o, err := readOpName(n.Name, n.Location)
	if err != nil {
		return nil, err
	}
	switch n.Kind {
	case parse.A_Expr_Kind_AEXPR_OP:
		return a.plainOp(sc, n, o)
	case parse.A_Expr_Kind_AEXPR_LIKE, parse.A_Expr_Kind_AEXPR_ILIKE, parse.A_Expr_Kind_AEXPR_SIMILAR:
		l, r, err := a.both(sc, n.Lexpr, n.Rexpr)
		if err != nil {
			return nil, err
		}
		return a.makeOp(sc, o, l, r, n.Location)
	case parse.A_Expr_Kind_AEXPR_OP_ANY, parse.A_Expr_Kind_AEXPR_OP_ALL:
		l, r, err := a.both(sc, n.Lexpr, n.Rexpr)
		if err != nil {
			return nil, err
		}
		return a.scalarArrayOp(o, n.Kind == parse.A_Expr_Kind_AEXPR_OP_ALL, l, r, n.Location)
	case parse.A_Expr_Kind_AEXPR_DISTINCT, parse.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		return a.distinctFrom(sc, n, o)
	case parse.A_Expr_Kind_AEXPR_NULLIF:
		return a.nullIf(sc, n, o)
	case parse.A_Expr_Kind_AEXPR_IN:
		return a.inList(sc, n, o)
	}
	return nil, pgerr.Unsupported(n.Location, "operator form %d is not supported", n.Kind)
}

func (a *Analyzer) both(sc *scope, l, r parse.Node) (Expr, Expr, error) {
	le, err := a.expr(sc, l)
	if err != nil {
		return nil, nil, err
	}
	re, err := a.expr(sc, r)
	return le, re, err
}

// plainOp is l op r or op r; rows are compared column by column.
func (a *Analyzer) plainOp(sc *scope, n *parse.A_Expr, o opName) (Expr, error) {
	if _, ok := n.Lexpr.(*parse.RowExpr); ok {
		switch r := n.Rexpr.(type) {
		case *parse.SubLink:
			if r.SubLinkType == parse.SubLinkType_EXPR_SUBLINK {
				return a.rowSublink(sc, n, r, o)
			}
		case *parse.RowExpr:
			l, re, err := a.both(sc, n.Lexpr, n.Rexpr)
			if err != nil {
				return nil, err
			}
			return a.compareRows(o, l.(*Row).Args, re.(*Row).Args, n.Location)
		}
	}
	var l Expr
	var err error
	if n.Lexpr != nil {
		if l, err = a.expr(sc, n.Lexpr); err != nil {
			return nil, err
		}
	}
	if n.Rexpr == nil {
		return nil, pgerr.New(pgerr.SyntaxError, "postfix operators are not supported").At(n.Location)
	}
	r, err := a.expr(sc, n.Rexpr)
	if err != nil {
		return nil, err
	}
	return a.makeOp(sc, o, l, r, n.Location)
}

// distinctFrom is IS [NOT] DISTINCT FROM; with the word NULL on a side it is a null test.
func (a *Analyzer) distinctFrom(sc *scope, n *parse.A_Expr, o opName) (Expr, error) {
	not := n.Kind == parse.A_Expr_Kind_AEXPR_NOT_DISTINCT
	other := parse.Node(nil)
	if isNullConst(n.Rexpr) {
		other = n.Lexpr
	} else if isNullConst(n.Lexpr) {
		other = n.Rexpr
	}
	if other != nil {
		e, err := a.expr(sc, other)
		if err != nil {
			return nil, err
		}
		return &NullTest{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmost(n.Location, e.Location())}, Arg: e, Not: !not}, nil
	}
	l, r, err := a.both(sc, n.Lexpr, n.Rexpr)
	if err != nil {
		return nil, err
	}
	lr, lok := l.(*Row)
	rr, rok := r.(*Row)
	var e Expr
	if lok && rok {
		e, err = a.distinctRows(o, lr, rr, n.Location)
	} else {
		e, err = a.makeDistinct(o, l, r, n.Location)
	}
	if err != nil || !not {
		return e, err
	}
	if d, ok := e.(*Distinct); ok {
		d.Not = true
		return d, nil
	}
	return notExpr(e, e.Location()), nil
}

// nullIf is NULLIF: equality decides, the result is the first argument as equality took it.
func (a *Analyzer) nullIf(sc *scope, n *parse.A_Expr, o opName) (Expr, error) {
	l, r, err := a.both(sc, n.Lexpr, n.Rexpr)
	if err != nil {
		return nil, err
	}
	op, args, result, err := a.resolveOp(o, l, r, n.Location)
	if err != nil {
		return nil, err
	}
	if result != typeBool {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "NULLIF requires = operator to yield boolean").At(n.Location)
	}
	proc, err := a.operProc(op, o, n.Location)
	if err != nil {
		return nil, err
	}
	return &NullIf{Info: Info{Typ: args[0].Type(), Mod: args[0].Typmod(), Coll: args[0].Collation(), Loc: leftmostOf(n.Location, args...)},
		Proc: proc, Op: op.OID, Left: args[0], Right: args[1]}, nil
}

// between makes two comparisons of the same expression. SYMMETRIC takes the bounds either way round.
func (a *Analyzer) between(sc *scope, n *parse.A_Expr) (Expr, error) {
	list, ok := n.Rexpr.(*parse.List)
	if !ok || len(list.Items) != 2 {
		return nil, pgerr.Unsupported(n.Location, "BETWEEN of this form is not supported")
	}
	if a.copies == 0 {
		a.copies = 1
	}
	defer func(n int) { a.copies = n }(a.copies)
	a.copies *= 2
	if n.Kind == parse.A_Expr_Kind_AEXPR_BETWEEN_SYM || n.Kind == parse.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM {
		a.copies *= 2
	}
	if a.copies > maxCopies {
		return nil, tooComplex()
	}
	pair := func(op1, op2 string, lo, hi parse.Node, b BoolOp) (Expr, error) {
		es := make([]Expr, 2)
		for i, side := range [2]struct {
			op string
			n  parse.Node
		}{{op1, lo}, {op2, hi}} {
			var err error
			if es[i], err = a.plainOp(sc, &parse.A_Expr{Lexpr: n.Lexpr, Rexpr: side.n, Location: n.Location}, opName{name: side.op}); err != nil {
				return nil, err
			}
		}
		return a.boolOf(b, es, n.Location)
	}
	lo, hi := list.Items[0], list.Items[1]
	switch n.Kind {
	case parse.A_Expr_Kind_AEXPR_BETWEEN:
		return pair(">=", "<=", lo, hi, And)
	case parse.A_Expr_Kind_AEXPR_NOT_BETWEEN:
		return pair("<", ">", lo, hi, Or)
	}
	op1, op2, inner, outer := ">=", "<=", And, Or
	if n.Kind == parse.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM {
		op1, op2, inner, outer = "<", ">", Or, And
	}
	x, err := pair(op1, op2, lo, hi, inner)
	if err != nil {
		return nil, err
	}
	y, err := pair(op1, op2, hi, lo, inner)
	if err != nil {
		return nil, err
	}
	return a.boolOf(outer, []Expr{x, y}, n.Location)
}

// boolOf joins conditions that must be boolean.
func (a *Analyzer) boolOf(op BoolOp, es []Expr, loc int32) (Expr, error) {
	name := [...]string{And: "AND", Or: "OR", Not: "NOT"}[op]
	for i, e := range es {
		e, err := a.coerceBool(e, name)
		if err != nil {
			return nil, err
		}
		es[i] = e
	}
	return &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, es...)}, Op: op, Args: es}, nil
}

func notExpr(e Expr, loc int32) Expr {
	return &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmost(loc, e.Location())}, Op: Not, Args: []Expr{e}}
}

// inList is IN (list): one array comparison of the elements that are no columns, as long as they have a common type, and
// a comparison each for the rest.
func (a *Analyzer) inList(sc *scope, n *parse.A_Expr, o opName) (Expr, error) {
	list, ok := n.Rexpr.(*parse.List)
	if !ok {
		return nil, pgerr.Unsupported(n.Location, "IN of this form is not supported")
	}
	l, err := a.expr(sc, n.Lexpr)
	if err != nil {
		return nil, err
	}
	elems, err := a.exprs(sc, list.Items)
	if err != nil {
		return nil, err
	}
	all := o.name == "<>"
	var plain, rest []Expr
	for _, e := range elems {
		if hasVars(e) {
			rest = append(rest, e)
		} else {
			plain = append(plain, e)
		}
	}
	var parts []Expr
	if len(plain) > 1 {
		e, err := a.inArray(o, all, l, plain, n.Location)
		if err != nil {
			return nil, err
		}
		if e != nil {
			parts = append(parts, e)
		} else {
			rest = elems
		}
	} else {
		rest = elems
	}
	if len(rest) > 1 && size(l, maxShared) > maxShared/len(rest) {
		return nil, tooComplex()
	}
	for _, r := range rest {
		var e Expr
		l := a.copyParam(l)
		lrow, lok := l.(*Row)
		rrow, rok := r.(*Row)
		if lok && rok {
			e, err = a.compareRows(o, lrow.Args, rrow.Args, n.Location)
		} else {
			e, err = a.makeOp(sc, o, l, r, n.Location)
		}
		if err == nil {
			e, err = a.coerceBool(e, "IN")
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
	}
	a.forget(l)
	if len(parts) == 1 {
		return parts[0], nil
	}
	op := Or
	if all {
		op = And
	}
	return &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(n.Location, parts...)}, Op: op, Args: parts}, nil
}

// inArray compares with an array of the elements; nil when they have no common type.
func (a *Analyzer) inArray(o opName, all bool, l Expr, elems []Expr, loc int32) (Expr, error) {
	typ, bad := a.selectCommon(append([]Expr{l}, elems...))
	if bad >= 0 || typ == typeRecord {
		return nil, nil
	}
	for _, e := range append([]Expr{l}, elems...) {
		if !a.canCoerce([]uint32{e.Type()}, []uint32{typ}, coerceImplicit) {
			return nil, nil
		}
	}
	arr := a.arrayType(typ)
	if arr == 0 {
		return nil, nil
	}
	out := make([]Expr, len(elems))
	for i, e := range elems {
		var err error
		if out[i], err = a.coerceCommon(e, typ, "IN"); err != nil {
			return nil, err
		}
	}
	return a.scalarArrayOp(o, all, l, &Array{Info: Info{Typ: arr, Mod: -1, Coll: a.collationOf(arr), Loc: -1}, Elems: out}, loc)
}
