package analyze

import "pgd/backend/pgerr"

// commonType chooses the type of UNION, CASE, VALUES … (what names it in errors) and its typmod. The caller coerces each
// with coerceCommon.
func (a *Analyzer) commonType(es []Expr, what string) (uint32, int32, error) {
	typ, bad := a.selectCommon(es)
	if bad >= 0 {
		return 0, -1, pgerr.New(pgerr.DatatypeMismatch, "%s types %s and %s cannot be matched", what, a.format(typ), a.format(a.baseType(es[bad].Type()))).At(es[bad].Location())
	}
	return typ, commonTypmod(es, typ), nil
}

// selectCommon is the rule; bad is the first expression whose category does not fit the type chosen so far, -1 for none.
func (a *Analyzer) selectCommon(es []Expr) (typ uint32, bad int) {
	typ = es[0].Type()
	if typ != typeUnknown {
		same := true
		for _, e := range es[1:] {
			if e.Type() != typ {
				same = false
				break
			}
		}
		if same {
			return typ, -1
		}
	}
	ts := make([]uint32, len(es))
	for i, e := range es {
		ts[i] = e.Type()
	}
	return a.selectCommonTypes(ts)
}

func (a *Analyzer) selectCommonTypes(ts []uint32) (typ uint32, bad int) {
	typ = a.baseType(ts[0])
	row := a.typeRow(typ)
	for i, t := range ts[1:] {
		t = a.baseType(t)
		if t == typeUnknown || t == typ {
			continue
		}
		next := a.typeRow(t)
		switch {
		case typ == typeUnknown:
			typ, row = t, next
		case next.Category != row.Category:
			return typ, i + 1
		case !row.Preferred && a.canCoerce([]uint32{typ}, []uint32{t}, coerceImplicit) && !a.canCoerce([]uint32{t}, []uint32{typ}, coerceImplicit):
			typ, row = t, next
		}
	}
	if typ == typeUnknown {
		typ = typeText
	}
	return typ, -1
}

// commonTypmod is the modifier all share when all have the type itself, else -1.
func commonTypmod(es []Expr, typ uint32) int32 {
	mod := es[0].Typmod()
	for _, e := range es {
		if e.Type() != typ || e.Typmod() != mod {
			return -1
		}
	}
	return mod
}

// coerceCommon converts e to the type commonType chose.
func (a *Analyzer) coerceCommon(e Expr, typ uint32, what string) (Expr, error) {
	if e.Type() == typ {
		return e, nil
	}
	if !a.canCoerce([]uint32{e.Type()}, []uint32{typ}, coerceImplicit) {
		return nil, pgerr.New(pgerr.CannotCoerce, "%s could not convert type %s to %s", what, a.format(e.Type()), a.format(typ)).At(e.Location())
	}
	return a.coerceType(e, typ, -1, coerceImplicit, true, -1)
}

// coerceAllCommon chooses the common type of es and converts each.
func (a *Analyzer) coerceAllCommon(es []Expr, what string) (uint32, []Expr, error) {
	typ, _, err := a.commonType(es, what)
	if err != nil {
		return 0, nil, err
	}
	out := make([]Expr, len(es))
	for i, e := range es {
		if out[i], err = a.coerceCommon(e, typ, what); err != nil {
			return 0, nil, err
		}
	}
	return typ, out, nil
}

// coerceBool makes e boolean for the clause what ("WHERE").
func (a *Analyzer) coerceBool(e Expr, what string) (Expr, error) {
	if e.Type() != typeBool {
		out, err := a.coerceTry(e, typeBool, -1, coerceAssignment, -1)
		if err != nil {
			return nil, err
		}
		if out == nil {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "argument of %s must be type %s, not type %s", what, "boolean", a.format(e.Type())).At(e.Location())
		}
		e = out
	}
	if returnsSet(e) {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "argument of %s must not return a set", what).At(e.Location())
	}
	return e, nil
}

// coerceSpecific makes e of one type for a construct ("LIMIT", "ROWS").
func (a *Analyzer) coerceSpecific(e Expr, typ uint32, mod int32, what string) (Expr, error) {
	if e.Type() != typ {
		out, err := a.coerceTry(e, typ, mod, coerceAssignment, -1)
		if err != nil {
			return nil, err
		}
		if out == nil {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "argument of %s must be type %s, not type %s", what, a.format(typ), a.format(e.Type())).At(e.Location())
		}
		e = out
	}
	if returnsSet(e) {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "argument of %s must not return a set", what).At(e.Location())
	}
	return e, nil
}

// coerceToInt8 makes e bigint for LIMIT and OFFSET.
func (a *Analyzer) coerceToInt8(e Expr, what string) (Expr, error) {
	return a.coerceSpecific(e, typeInt8, -1, what)
}

// resolveUnknown makes text of an unknown literal or parameter that nothing decided.
func (a *Analyzer) resolveUnknown(e Expr) (Expr, error) {
	if e.Type() != typeUnknown {
		return e, nil
	}
	return a.coerceType(e, typeText, -1, coerceImplicit, true, -1)
}

// returnsSet tells whether e has a set-returning call in it.
func returnsSet(e Expr) bool { return setIn(e) != nil }
