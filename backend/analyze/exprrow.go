package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// maxRowColumns is the most columns a row may have.
const maxRowColumns = 1664

// rowExpr is ROW(…) or (a, b).
func (a *Analyzer) rowExpr(sc *scope, n *parse.RowExpr) (Expr, error) {
	if err := only(n, parse.Has_RowExpr_Args|parse.Has_RowExpr_RowFormat|parse.Has_RowExpr_Location, n.Location); err != nil {
		return nil, err
	}
	r := &Row{Info: Info{Typ: typeRecord, Mod: -1, Loc: n.Location}}
	for _, arg := range n.Args {
		es, err := a.valueOrStar(sc, arg)
		if err != nil {
			return nil, err
		}
		r.Args = append(r.Args, es...)
	}
	if len(r.Args) > maxRowColumns {
		return nil, pgerr.New(pgerr.TooManyColumns, "ROW expressions can have at most %d entries", maxRowColumns).At(n.Location)
	}
	return r, nil
}

// rowOps are the operators of a comparison of rows, column by column.
type rowOps struct {
	op          string
	ops         []uint32
	procs       []*catalog.Proc
	left, right []Expr
}

// resolveRowOps resolves a comparison of rows. Only = <> < <= > >= of types with an order mean anything for several columns.
func (a *Analyzer) resolveRowOps(o opName, left, right []Expr, loc int32) (*rowOps, error) {
	if len(left) != len(right) {
		return nil, pgerr.New(pgerr.SyntaxError, "unequal number of entries in row expressions").At(loc)
	}
	if len(left) == 0 {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot compare rows of zero length").At(loc)
	}
	r := &rowOps{op: o.name}
	for i := range left {
		op, args, result, err := a.resolveOp(o, left[i], right[i], loc)
		if err != nil {
			return nil, err
		}
		if result != typeBool {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "row comparison operator must yield type boolean, not type %s", a.format(result)).At(loc)
		}
		proc, err := a.operProc(op, o, loc)
		if err != nil {
			return nil, err
		}
		if proc.ReturnsSet {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "row comparison operator must not return a set").At(loc)
		}
		if len(left) > 1 && !a.ordering(op) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "could not determine interpretation of row comparison operator %s", o.name).
				WithHint("Row comparison operators must be associated with btree operator families.").At(loc)
		}
		r.ops, r.procs = append(r.ops, op.OID), append(r.procs, proc)
		r.left, r.right = append(r.left, args[0]), append(r.right, args[1])
	}
	return r, nil
}

// ordering tells whether an operator is one of those of a type's order.
func (a *Analyzer) ordering(op *catalog.Operator) bool {
	switch op.Name {
	case "=", "<>", "<", "<=", ">", ">=":
		return a.Catalog.DefaultOperator(op.Left, strategyEqual) != 0 || isPolymorphic(op.Left)
	}
	return false
}

// compareRows is row op row.
func (a *Analyzer) compareRows(o opName, left, right []Expr, loc int32) (Expr, error) {
	r, err := a.resolveRowOps(o, left, right, loc)
	if err != nil {
		return nil, err
	}
	parts := make([]Expr, len(r.ops))
	for i := range parts {
		parts[i] = &Call{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, r.left[i], r.right[i])}, Proc: r.procs[i],
			Args: []Expr{r.left[i], r.right[i]}, Op: r.ops[i], Form: FormOperator}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	info := Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, parts...)}
	switch o.name {
	case "=":
		return &Bool{Info: info, Op: And, Args: parts}, nil
	case "<>":
		return &Bool{Info: info, Op: Or, Args: parts}, nil
	}
	return &RowCompare{Info: info, Op: o.name, Procs: r.procs, Left: r.left, Right: r.right}, nil
}

// distinctRows is row IS DISTINCT FROM row: any column distinct.
func (a *Analyzer) distinctRows(o opName, l, r *Row, loc int32) (Expr, error) {
	if len(l.Args) != len(r.Args) {
		return nil, pgerr.New(pgerr.SyntaxError, "unequal number of entries in row expressions").At(loc)
	}
	if len(l.Args) == 0 {
		return boolConst(false, loc), nil
	}
	parts := make([]Expr, len(l.Args))
	for i := range parts {
		e, err := a.makeDistinct(o, l.Args[i], r.Args[i], loc)
		if err != nil {
			return nil, err
		}
		parts[i] = e
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return &Bool{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, parts...)}, Op: Or, Args: parts}, nil
}
