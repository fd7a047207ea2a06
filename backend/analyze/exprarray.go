package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// maxDims is the most dimensions an array may have.
const maxDims = 6

// arrayExpr is ARRAY[…]. A cast above it gives array and elem; otherwise the elements choose a common type.
func (a *Analyzer) arrayExpr(sc *scope, n *parse.A_ArrayExpr, array, elem uint32, mod int32) (Expr, error) {
	if err := only(n, parse.Has_A_ArrayExpr_Elements|parse.Has_A_ArrayExpr_Location, n.Location); err != nil {
		return nil, err
	}
	if err := a.enter(); err != nil {
		return nil, err
	}
	defer a.leave()
	out := &Array{Info: Info{Mod: -1, Loc: n.Location}}
	for _, el := range n.Elements {
		if sub, ok := el.(*parse.A_ArrayExpr); ok {
			e, err := a.arrayExpr(sc, sub, array, elem, mod)
			if err != nil {
				return nil, err
			}
			out.Multi = true
			out.Elems = append(out.Elems, e)
			continue
		}
		e, err := a.expr(sc, el)
		if err != nil {
			return nil, err
		}
		if !out.Multi && a.elemType(e.Type()) != 0 {
			out.Multi = true
		}
		out.Elems = append(out.Elems, e)
	}
	if array != 0 {
		to := elem
		if out.Multi {
			to = array
		}
		for i, e := range out.Elems {
			c, err := a.coerce(e, to, mod, coerceExplicit, -1)
			if err != nil {
				return nil, err
			}
			out.Elems[i] = c
		}
		out.Typ, out.Coll = array, a.collationOf(array)
		out.Mod = arrayTypmod(out, to)
		return out, nil
	}
	if len(out.Elems) == 0 {
		return nil, pgerr.New(pgerr.IndeterminateDatatype, "cannot determine type of empty array").
			WithHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].").At(n.Location)
	}
	typ, _, err := a.commonType(out.Elems, "ARRAY")
	if err != nil {
		return nil, err
	}
	if out.Multi {
		if out.Typ = typ; a.elemType(typ) == 0 {
			return nil, pgerr.New(pgerr.UndefinedObject, "could not find element type for data type %s", a.format(typ)).At(n.Location)
		}
	} else if out.Typ = a.arrayType(typ); out.Typ == 0 {
		return nil, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", a.format(typ)).At(n.Location)
	}
	for i, e := range out.Elems {
		if out.Elems[i], err = a.coerceCommon(e, typ, "ARRAY"); err != nil {
			return nil, err
		}
	}
	out.Coll = a.collationOf(out.Typ)
	out.Mod = arrayTypmod(out, typ)
	return out, nil
}

func arrayTypmod(x *Array, elem uint32) int32 {
	if len(x.Elems) == 0 {
		return -1
	}
	return commonTypmod(x.Elems, elem)
}

// indirection is (x)[…] and (x).f, any number of them.
func (a *Analyzer) indirection(sc *scope, n *parse.A_Indirection) (Expr, error) {
	if err := only(n, parse.Has_A_Indirection_Arg|parse.Has_A_Indirection_Indirection, nodeLocation(n)); err != nil {
		return nil, err
	}
	e, err := a.expr(sc, n.Arg)
	if err != nil {
		return nil, err
	}
	loc := e.Location()
	var subs []*parse.A_Indices
	flush := func() error {
		if len(subs) == 0 {
			return nil
		}
		e, err = a.subscript(sc, e, subs)
		subs = nil
		return err
	}
	for _, it := range n.Indirection {
		switch it := it.(type) {
		case *parse.A_Indices:
			subs = append(subs, it)
		case *parse.A_Star:
			return nil, pgerr.New(pgerr.FeatureNotSupported, "row expansion via \"*\" is not supported here").At(loc)
		case *parse.String:
			if err := flush(); err != nil {
				return nil, err
			}
			next, err := a.fieldOrFunc(sc, e, it.Sval, loc)
			if err != nil {
				return nil, err
			}
			e = next
		default:
			return nil, pgerr.Unsupported(loc, "indirection is not supported")
		}
	}
	return e, flush()
}

// subscript applies [i][j] or slices to an array, or keys to a jsonb.
func (a *Analyzer) subscript(sc *scope, e Expr, subs []*parse.A_Indices) (Expr, error) {
	container, mod := a.baseTypeMod(e.Type(), e.Typmod())
	switch container {
	case typeInt2Vector:
		container = a.arrayType(typeInt2)
	case typeOIDVector:
		container = a.arrayType(typeOID)
	case typeJSONB:
		return a.jsonbSubscript(sc, e, subs)
	}
	elem := a.elemType(container)
	if row := a.typeRow(container); row.Category == 'G' && row.Elem != 0 && len(subs) == 1 {
		if subs[0].IsSlice {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "slices of fixed-length arrays not implemented")
		}
		elem = row.Elem
	}
	if container == typeName && len(subs) == 1 && !subs[0].IsSlice {
		elem = typeQChar
	}
	if elem == 0 {
		if row := a.typeRow(container); row.Elem != 0 {
			return nil, pgerr.Unsupported(e.Location(), "subscripts of type %s are not supported", a.format(container))
		}
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", a.format(container)).At(e.Location())
	}
	if container != e.Type() {
		e = a.relabel(e, container, mod, true, -1)
	}
	s := &Subscript{Info: Info{Typ: elem, Mod: mod, Coll: a.collationOf(container), Loc: e.Location()}, Arg: e}
	for _, i := range subs {
		s.Slice = s.Slice || i.IsSlice
	}
	if s.Slice {
		s.Typ = container
	}
	for _, i := range subs {
		if err := only(i, parse.Has_A_Indices_IsSlice|parse.Has_A_Indices_Lidx|parse.Has_A_Indices_Uidx, e.Location()); err != nil {
			return nil, err
		}
		if s.Slice {
			lower := Expr(&Const{Info: Info{Typ: typeInt4, Mod: -1, Loc: -1}, Value: types.IntValue(1)})
			if i.IsSlice {
				var err error
				if lower, err = a.arrayIndex(sc, i.Lidx); err != nil {
					return nil, err
				}
			}
			s.Lower = append(s.Lower, lower)
		}
		upper, err := a.arrayIndex(sc, i.Uidx)
		if err != nil {
			return nil, err
		}
		s.Upper = append(s.Upper, upper)
	}
	if len(s.Upper) > maxDims {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(s.Upper), maxDims)
	}
	return s, nil
}

// arrayIndex analyses one bound; nil where the slice omits it.
func (a *Analyzer) arrayIndex(sc *scope, n parse.Node) (Expr, error) {
	if n == nil {
		return nil, nil
	}
	e, err := a.expr(sc, n)
	if err != nil {
		return nil, err
	}
	out, err := a.coerceTry(e, typeInt4, -1, coerceAssignment, -1)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "array subscript must have type integer").At(e.Location())
	}
	return out, nil
}

// jsonbSubscript is x['a'][1]: the path operator with the same keys.
func (a *Analyzer) jsonbSubscript(sc *scope, e Expr, subs []*parse.A_Indices) (Expr, error) {
	arr := a.arrayType(typeText)
	path := &Array{Info: Info{Typ: arr, Mod: -1, Coll: a.collationOf(arr), Loc: e.Location()}}
	for _, i := range subs {
		if i.IsSlice {
			at := i.Uidx
			if at == nil {
				at = i.Lidx
			}
			return nil, pgerr.New(pgerr.DatatypeMismatch, "jsonb subscript does not support slices").At(nodeLocation(at))
		}
		key, err := a.expr(sc, i.Uidx)
		if err != nil {
			return nil, err
		}
		if key.Type() != typeInt4 || a.typeRow(key.Type()).Category == 'N' {
			toInt := key.Type() != typeUnknown && a.canCoerce([]uint32{key.Type()}, []uint32{typeInt4}, coerceImplicit)
			toText := key.Type() != typeUnknown && a.canCoerce([]uint32{key.Type()}, []uint32{typeText}, coerceImplicit)
			switch {
			case key.Type() == typeUnknown, toText && !toInt:
				key, err = a.coerceType(key, typeText, -1, coerceImplicit, true, -1)
			case toInt && !toText:
				key, err = a.coerceType(key, typeInt4, -1, coerceImplicit, true, -1)
			default:
				err = pgerr.New(pgerr.DatatypeMismatch, "subscript type %s is not supported", a.format(key.Type())).
					WithHint("jsonb subscript must be coercible to either integer or text.").At(key.Location())
			}
			if err != nil {
				return nil, err
			}
		}
		if key.Type() != typeText {
			key = &CoerceIO{Info: Info{Typ: typeText, Mod: -1, Coll: a.collationOf(typeText), Loc: key.Location()}, Arg: key}
		}
		path.Elems = append(path.Elems, key)
	}
	return a.makeOp(sc, opName{"pg_catalog", "#>"}, e, path, e.Location())
}
