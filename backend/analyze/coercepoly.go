package analyze

import "pgd/backend/pgerr"

// rangeTypes are the built-in ranges with their subtype and multirange.
var rangeTypes = []struct{ rng, sub, multi uint32 }{
	{3904, typeInt4, 4451}, {3906, typeNumeric, 4532}, {3908, typeTimestamp, 4533}, {3910, typeTimestamptz, 4534},
	{3912, typeDate, 4535}, {3926, typeInt8, 4536},
}

func rangeSubtype(t uint32) uint32 {
	for _, r := range rangeTypes {
		if r.rng == t {
			return r.sub
		}
	}
	return 0
}

func multirangeRange(t uint32) uint32 {
	for _, r := range rangeTypes {
		if r.multi == t {
			return r.rng
		}
	}
	return 0
}

func rangeMultirange(t uint32) uint32 {
	for _, r := range rangeTypes {
		if r.rng == t {
			return r.multi
		}
	}
	return 0
}

// generics is what the actual types of a call say about its polymorphic arguments.
type generics struct {
	elem, array, rng, multi        uint32
	compat, compatRng, compatMulti uint32
	compatTypes                    []uint32
	used1, used2, unknown1         bool
	nonArray, enum, compatNonArray bool
}

// collect reads the actual types against the declared ones.
func (a *Analyzer) collectGenerics(actual, declared []uint32) (*generics, error) {
	g := &generics{}
	alike := func(decl string, have *uint32, t uint32) error {
		if *have != 0 && *have != t {
			return pgerr.New(pgerr.DatatypeMismatch, "arguments declared \"%s\" are not all alike", decl).
				WithDetail("%s versus %s", a.format(*have), a.format(t))
		}
		*have = t
		return nil
	}
	for i, d := range declared {
		t := actual[i]
		if isPolymorphic1(d) {
			g.used1 = true
			g.nonArray = g.nonArray || d == typeAnyNonArray
			g.enum = g.enum || d == typeAnyEnum
			if t == typeUnknown {
				g.unknown1 = true
				continue
			}
			var err error
			switch d {
			case typeAnyArray:
				err = alike("anyarray", &g.array, a.baseType(t))
			case typeAnyRange:
				err = alike("anyrange", &g.rng, a.baseType(t))
			case typeAnyMultirange:
				err = alike("anymultirange", &g.multi, a.baseType(t))
			default:
				err = alike("anyelement", &g.elem, t)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if !isPolymorphic2(d) {
			continue
		}
		g.used2 = true
		g.compatNonArray = g.compatNonArray || d == typeAnyCompatNonArr
		if t == typeUnknown {
			continue
		}
		base := a.baseType(t)
		switch d {
		case typeAnyCompatArray:
			elem := a.elemType(base)
			if elem == 0 {
				return nil, a.notA("anycompatiblearray", "an array", t)
			}
			g.compatTypes = append(g.compatTypes, elem)
		case typeAnyCompatRange:
			if err := alike("anycompatiblerange", &g.compatRng, base); err != nil {
				return nil, err
			}
			if rangeSubtype(base) == 0 {
				return nil, a.notA("anycompatiblerange", "a range type", t)
			}
			g.compatTypes = append(g.compatTypes, rangeSubtype(base))
		case typeAnyCompatMulti:
			if err := alike("anycompatiblemultirange", &g.compatMulti, base); err != nil {
				return nil, err
			}
			if multirangeRange(base) == 0 {
				return nil, a.notA("anycompatiblemultirange", "a multirange type", t)
			}
			g.compatTypes = append(g.compatTypes, rangeSubtype(multirangeRange(base)))
		default:
			g.compatTypes = append(g.compatTypes, t)
		}
	}
	return g, a.settleGenerics(g)
}

func (a *Analyzer) notA(decl, what string, t uint32) error {
	return pgerr.New(pgerr.DatatypeMismatch, "argument declared %s is not %s but type %s", decl, what, a.format(t))
}

// settleGenerics derives what was not given from what was and checks that all fits.
func (a *Analyzer) settleGenerics(g *generics) error {
	if g.used1 {
		if g.array != 0 && g.array != typeAnyArray {
			elem := a.elemType(g.array)
			if elem == 0 {
				return a.notA("anyarray", "an array", g.array)
			}
			if g.elem == 0 {
				g.elem = elem
			} else if elem != g.elem {
				return a.inconsistent("anyarray", "anyelement", g.array, g.elem)
			}
		}
		if g.multi != 0 {
			r := multirangeRange(g.multi)
			if r == 0 {
				return a.notA("anymultirange", "a multirange type", g.multi)
			}
			if g.rng == 0 {
				g.rng = r
			} else if r != g.rng {
				return a.inconsistent("anymultirange", "anyrange", g.multi, g.rng)
			}
		}
		if g.rng != 0 {
			sub := rangeSubtype(g.rng)
			if sub == 0 {
				return a.notA("anyrange", "a range type", g.rng)
			}
			if g.elem == 0 {
				g.elem = sub
			} else if sub != g.elem {
				return a.inconsistent("anyrange", "anyelement", g.rng, g.elem)
			}
		}
		if g.elem != 0 && g.nonArray && a.elemType(a.baseType(g.elem)) != 0 {
			return pgerr.New(pgerr.DatatypeMismatch, "type matched to anynonarray is an array type: %s", a.format(g.elem))
		}
		if g.elem != 0 && g.enum && a.typeRow(g.elem).Kind != 'e' {
			return pgerr.New(pgerr.DatatypeMismatch, "type matched to anyenum is not an enum type: %s", a.format(g.elem))
		}
	}
	if len(g.compatTypes) == 0 {
		return nil
	}
	typ, bad := a.selectCommonTypes(g.compatTypes)
	if bad >= 0 {
		return pgerr.New(pgerr.DatatypeMismatch, "arguments of anycompatible family cannot be cast to a common type")
	}
	for _, t := range g.compatTypes {
		if !a.canCoerce([]uint32{t}, []uint32{typ}, coerceImplicit) {
			return pgerr.New(pgerr.DatatypeMismatch, "arguments of anycompatible family cannot be cast to a common type")
		}
	}
	g.compat = typ
	if g.compatRng == 0 && g.compatMulti != 0 {
		g.compatRng = multirangeRange(g.compatMulti)
	}
	if g.compatRng != 0 && rangeSubtype(g.compatRng) != typ {
		return pgerr.New(pgerr.DatatypeMismatch, "anycompatiblerange type %s does not match anycompatible type %s", a.format(g.compatRng), a.format(typ))
	}
	if g.compatNonArray && a.elemType(a.baseType(typ)) != 0 {
		return pgerr.New(pgerr.DatatypeMismatch, "type matched to anycompatiblenonarray is an array type: %s", a.format(typ))
	}
	return nil
}

func (a *Analyzer) inconsistent(x, y string, tx, ty uint32) error {
	return pgerr.New(pgerr.DatatypeMismatch, "argument declared %s is not consistent with argument declared %s", x, y).
		WithDetail("%s versus %s", a.format(tx), a.format(ty))
}

// genericsFit tells whether actual types can be those of a call's polymorphic arguments.
func (a *Analyzer) genericsFit(actual, declared []uint32) bool {
	g, err := a.collectGenerics(actual, declared)
	return err == nil && !(g.enum && g.elem == 0)
}

// enforceGenerics replaces the polymorphic types in declared by actual ones and gives the call's result type.
func (a *Analyzer) enforceGenerics(actual, declared []uint32, result uint32) ([]uint32, uint32, error) {
	poly := false
	for _, d := range declared {
		poly = poly || isPolymorphic(d)
	}
	if !poly {
		return declared, result, nil
	}
	g, err := a.collectGenerics(actual, declared)
	if err != nil {
		return nil, 0, err
	}
	if g.used1 && g.elem == 0 && g.array != typeAnyArray {
		return nil, 0, pgerr.New(pgerr.DatatypeMismatch, "could not determine polymorphic type because input has type %s", "unknown")
	}
	if g.used2 && g.compat == 0 {
		g.compat = typeText
	}
	out := append([]uint32(nil), declared...)
	for i, d := range declared {
		if isPolymorphic(d) {
			if out[i], err = a.actualGeneric(g, d); err != nil {
				return nil, 0, err
			}
		}
	}
	if isPolymorphic(result) {
		if result, err = a.actualGeneric(g, result); err != nil {
			return nil, 0, err
		}
	}
	return out, result, nil
}

// actualGeneric is what a polymorphic type stands for in this call.
func (a *Analyzer) actualGeneric(g *generics, d uint32) (uint32, error) {
	arrayOf := func(elem uint32) (uint32, error) {
		if t := a.arrayType(elem); t != 0 {
			return t, nil
		}
		return 0, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", a.format(elem))
	}
	given := func(t uint32, name string) (uint32, error) {
		if t != 0 {
			return t, nil
		}
		return 0, pgerr.New(pgerr.DatatypeMismatch, "could not determine polymorphic type %s because input has type %s", name, "unknown")
	}
	switch d {
	case typeAnyArray:
		if g.array != 0 {
			return g.array, nil
		}
		return arrayOf(g.elem)
	case typeAnyRange:
		return given(g.rng, "anyrange")
	case typeAnyMultirange:
		if g.multi == 0 {
			g.multi = rangeMultirange(g.rng)
		}
		return given(g.multi, "anymultirange")
	case typeAnyCompatArray:
		return arrayOf(g.compat)
	case typeAnyCompatRange:
		return given(g.compatRng, "anycompatiblerange")
	case typeAnyCompatMulti:
		if g.compatMulti == 0 {
			g.compatMulti = rangeMultirange(g.compatRng)
		}
		return given(g.compatMulti, "anycompatiblemultirange")
	case typeAnyCompat, typeAnyCompatNonArr:
		return g.compat, nil
	}
	return given(g.elem, "anyelement")
}
