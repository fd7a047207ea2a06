package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// pathKind is how one type becomes another.
type pathKind uint8

const (
	pathNone pathKind = iota
	pathRelabel
	pathFunc
	pathIO
	pathArray
)

// pathway finds the way from one type to another in a context: a pg_cast row, the elements' cast for arrays, or text in
// and out where a string is one end.
func (a *Analyzer) pathway(target, source uint32, ctx coercion) (pathKind, *catalog.Cast) {
	source, target = a.baseType(source), a.baseType(target)
	if source == target {
		return pathRelabel, nil
	}
	if c := a.Catalog.Cast(source, target); c != nil {
		need := coerceExplicit
		switch c.Context {
		case 'i':
			need = coerceImplicit
		case 'a':
			need = coerceAssignment
		}
		if ctx < need {
			return pathNone, nil
		}
		switch c.Method {
		case 'f':
			return pathFunc, c
		case 'i':
			return pathIO, c
		}
		return pathRelabel, c
	}
	if target != typeOIDVector && target != typeInt2Vector {
		if te, se := a.elemType(target), a.elemType(source); te != 0 && se != 0 {
			if p, _ := a.pathway(te, se, ctx); p != pathNone {
				return pathArray, nil
			}
		}
	}
	if ctx >= coerceAssignment && a.typeRow(target).Category == 'S' {
		return pathIO, nil
	}
	if ctx >= coerceExplicit && a.typeRow(source).Category == 'S' {
		return pathIO, nil
	}
	return pathNone, nil
}

// canCoerce tells whether each input can become its target in a context; polymorphic targets must fit together.
func (a *Analyzer) canCoerce(inputs, targets []uint32, ctx coercion) bool {
	generics := false
	for i, in := range inputs {
		to := targets[i]
		switch {
		case in == to, to == typeAny:
			continue
		case isPolymorphic(to):
			generics = true
			continue
		case in == typeUnknown && to != typeInternal:
			continue
		}
		if p, _ := a.pathway(to, in, ctx); p != pathNone {
			continue
		}
		switch {
		case in == typeRecord && a.isComposite(to), to == typeRecord && a.isComposite(in),
			to == typeRecordArray && a.elemType(in) != 0 && a.isComposite(a.elemType(in)):
			continue
		}
		return false
	}
	return !generics || a.genericsFit(inputs, targets)
}

// castBy builds the conversion of a pathway.
func (a *Analyzer) castBy(path pathKind, cast *catalog.Cast, e Expr, typ uint32, mod int32, ctx coercion, implicit bool, loc int32) (Expr, error) {
	info := Info{Typ: typ, Mod: -1, Coll: a.collationOf(typ), Loc: leftmost(loc, e.Location())}
	switch path {
	case pathFunc:
		proc := a.Catalog.Proc(cast.Func)
		if proc == nil {
			return nil, pgerr.New(pgerr.InternalError, "cache lookup failed for function %d", cast.Func)
		}
		args := []Expr{e}
		if len(proc.Args) > 0 && e.Type() != proc.Args[0] {
			args[0] = a.relabel(e, proc.Args[0], -1, true, -1)
		}
		if len(proc.Args) >= 2 {
			args = append(args, &Const{Info: Info{Typ: typeInt4, Mod: -1, Loc: -1}, Value: types.IntValue(int64(mod))})
		}
		if len(proc.Args) >= 3 {
			args = append(args, &Const{Info: Info{Typ: typeBool, Mod: -1, Loc: -1}, Value: types.BoolValue(ctx == coerceExplicit)})
		}
		form := FormExplicitCast
		if implicit {
			form = FormImplicitCast
		}
		if len(proc.Args) >= 2 {
			info.Mod = mod
		}
		return &Call{Info: info, Proc: proc, Args: args, Form: form}, nil
	case pathIO:
		return &CoerceIO{Info: info, Arg: e, Implicit: implicit}, nil
	case pathArray:
		from, to := a.elemType(a.baseType(e.Type())), a.elemType(typ)
		test := &CaseTest{Info{Typ: from, Mod: -1, Coll: a.collationOf(from), Loc: -1}}
		elem, err := a.coerceTry(test, to, mod, ctx, loc)
		if err != nil {
			return nil, err
		}
		if elem == nil {
			return nil, a.cannotCast(e, typ, loc)
		}
		info.Mod = mod
		return &CoerceArray{Info: info, Arg: e, Elem: elem, Implicit: implicit}, nil
	}
	return nil, pgerr.New(pgerr.InternalError, "unsupported pathtype %d", path)
}

// coerceTypmod enforces a length or precision on e, which has the type already. hide makes the conversion below invisible
// in print, so that one cast is shown as one.
func (a *Analyzer) coerceTypmod(e Expr, typ uint32, mod int32, ctx coercion, implicit bool, loc int32, hide bool) (Expr, error) {
	if mod == e.Typmod() {
		return e, nil
	}
	if hide {
		e = hideCast(e)
	}
	info := Info{Typ: typ, Mod: mod, Coll: e.Collation(), Loc: leftmost(loc, e.Location())}
	if mod >= 0 {
		elem := a.elemType(typ)
		lengthOf := typ
		if elem != 0 {
			lengthOf = elem
		}
		if c := a.Catalog.Cast(lengthOf, lengthOf); c != nil && c.Func != 0 {
			if elem != 0 {
				test := &CaseTest{Info{Typ: elem, Mod: -1, Coll: a.collationOf(elem), Loc: -1}}
				apply := &ApplyTypmod{Info: Info{Typ: elem, Mod: mod, Coll: test.Coll, Loc: -1}, Arg: test, Explicit: ctx == coerceExplicit, Implicit: implicit}
				return &CoerceArray{Info: info, Arg: e, Elem: apply, Implicit: implicit}, nil
			}
			return &ApplyTypmod{Info: info, Arg: e, Explicit: ctx == coerceExplicit, Implicit: implicit}, nil
		}
	}
	if c, ok := e.(*Const); ok {
		cp := *c
		cp.Mod = mod
		return &cp, nil
	}
	return a.relabelMod(e, mod, implicit, info), nil
}

func (a *Analyzer) relabelMod(e Expr, _ int32, implicit bool, info Info) Expr {
	return &Relabel{Info: info, Arg: e, Implicit: implicit}
}

// hideCast marks the outermost conversion as not written by the user.
func hideCast(e Expr) Expr {
	switch x := e.(type) {
	case *Call:
		if x.Form == FormExplicitCast {
			cp := *x
			cp.Form = FormImplicitCast
			return &cp
		}
	case *Relabel:
		cp := *x
		cp.Implicit = true
		return &cp
	case *CoerceIO:
		cp := *x
		cp.Implicit = true
		return &cp
	case *CoerceArray:
		cp := *x
		cp.Implicit = true
		return &cp
	case *ApplyTypmod:
		cp := *x
		cp.Implicit = true
		return &cp
	case *DomainCheck:
		cp := *x
		cp.Implicit = true
		return &cp
	}
	return e
}
