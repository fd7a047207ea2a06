package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

// binaryOp resolves l name r.
func (a *Analyzer) binaryOp(name string, l, r Expr, loc int32) (Expr, error) {
	return a.makeOp(nil, opName{name: name}, l, r, loc)
}

// makeOp resolves an operator over analysed arguments (l is nil for a prefix operator) and applies it.
func (a *Analyzer) makeOp(sc *scope, o opName, l, r Expr, loc int32) (Expr, error) {
	if r == nil {
		return nil, pgerr.New(pgerr.SyntaxError, "postfix operators are not supported").At(loc)
	}
	op, args, result, err := a.resolveOp(o, l, r, loc)
	if err != nil {
		return nil, err
	}
	proc, err := a.operProc(op, o, loc)
	if err != nil {
		return nil, err
	}
	info := Info{Typ: result, Mod: -1, Coll: a.collationOf(result), Loc: leftmostOf(loc, args...)}
	if proc.ReturnsSet {
		return nil, pgerr.Unsupported(loc, "set-returning operators are not supported")
	}
	return &Call{Info: info, Proc: proc, Args: args, Op: op.OID, Form: FormOperator}, nil
}

// resolveOp finds the operator, converts the arguments to what it takes and gives its result type.
func (a *Analyzer) resolveOp(o opName, l, r Expr, loc int32) (op *catalog.Operator, args []Expr, result uint32, err error) {
	var actual, declared []uint32
	if l == nil {
		if op, err = a.leftOper(o, r.Type(), loc); err != nil {
			return nil, nil, 0, err
		}
		args, actual, declared = []Expr{r}, []uint32{r.Type()}, []uint32{op.Right}
	} else {
		if op, err = a.binaryOper(o, l.Type(), r.Type(), loc); err != nil {
			return nil, nil, 0, err
		}
		args, actual, declared = []Expr{l, r}, []uint32{l.Type(), r.Type()}, []uint32{op.Left, op.Right}
	}
	declared, result, err = a.enforceGenerics(actual, declared, op.Result)
	if err != nil {
		return nil, nil, 0, err
	}
	return op, args, result, a.convertArgs(args, declared)
}

// convertArgs converts arguments in place to what was declared.
func (a *Analyzer) convertArgs(args []Expr, declared []uint32) error {
	for i, e := range args {
		if i >= len(declared) {
			break
		}
		if e.Type() != declared[i] {
			out, err := a.coerceType(e, declared[i], -1, coerceImplicit, true, -1)
			if err != nil {
				return err
			}
			args[i] = out
		}
	}
	return nil
}

func (a *Analyzer) operProc(op *catalog.Operator, o opName, loc int32) (*catalog.Proc, error) {
	if op.Proc == 0 {
		return nil, pgerr.New(pgerr.UndefinedFunction, "operator is only a shell: %s", a.operSignature(o, op.Left, op.Right)).At(loc)
	}
	p := a.Catalog.Proc(op.Proc)
	if p == nil {
		return nil, pgerr.New(pgerr.InternalError, "cache lookup failed for function %d", op.Proc).At(loc)
	}
	return p, nil
}

// scalarArrayOp is l op ANY/ALL (r), r an array.
func (a *Analyzer) scalarArrayOp(o opName, all bool, l, r Expr, loc int32) (Expr, error) {
	elem := typeUnknown
	if r.Type() != typeUnknown {
		if elem = a.elemType(a.baseType(r.Type())); elem == 0 {
			return nil, pgerr.New(pgerr.WrongObjectType, "op ANY/ALL (array) requires array on right side").At(loc)
		}
	}
	op, err := a.binaryOper(o, l.Type(), elem, loc)
	if err != nil {
		return nil, err
	}
	proc, err := a.operProc(op, o, loc)
	if err != nil {
		return nil, err
	}
	declared, result, err := a.enforceGenerics([]uint32{l.Type(), elem}, []uint32{op.Left, op.Right}, op.Result)
	if err != nil {
		return nil, err
	}
	if result != typeBool {
		return nil, pgerr.New(pgerr.WrongObjectType, "op ANY/ALL (array) requires operator to yield boolean").At(loc)
	}
	if proc.ReturnsSet {
		return nil, pgerr.New(pgerr.WrongObjectType, "op ANY/ALL (array) requires operator not to return a set").At(loc)
	}
	arr := a.arrayType(declared[1])
	if isPolymorphic(declared[1]) {
		arr = r.Type()
	}
	if arr == 0 {
		return nil, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", a.format(declared[1])).At(loc)
	}
	args := []Expr{l, r}
	if err := a.convertArgs(args, []uint32{declared[0], arr}); err != nil {
		return nil, err
	}
	return &ScalarArray{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, args...)}, Proc: proc, Op: op.OID, All: all,
		Left: args[0], Right: args[1]}, nil
}

// makeDistinct is l IS DISTINCT FROM r.
func (a *Analyzer) makeDistinct(o opName, l, r Expr, loc int32) (Expr, error) {
	op, args, result, err := a.resolveOp(o, l, r, loc)
	if err != nil {
		return nil, err
	}
	if result != typeBool {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "IS DISTINCT FROM requires = operator to yield boolean").At(loc)
	}
	proc, err := a.operProc(op, o, loc)
	if err != nil {
		return nil, err
	}
	return &Distinct{Info: Info{Typ: typeBool, Mod: -1, Loc: leftmostOf(loc, args...)}, Proc: proc, Op: op.OID, Left: args[0], Right: args[1]}, nil
}
