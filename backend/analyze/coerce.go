package analyze

import (
	"errors"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// coercion is the context a conversion happens in; it decides which casts may be used.
type coercion uint8

const (
	coerceImplicit coercion = iota
	coerceAssignment
	coerceExplicit
)

// coerce converts e or answers 42846 (cannot cast type x to y).
func (a *Analyzer) coerce(e Expr, typ uint32, mod int32, ctx coercion, loc int32) (Expr, error) {
	out, err := a.coerceTry(e, typ, mod, ctx, loc)
	if err != nil || out != nil {
		return out, err
	}
	return nil, a.cannotCast(e, typ, loc)
}

func (a *Analyzer) cannotCast(e Expr, typ uint32, loc int32) error {
	if loc < 0 {
		loc = e.Location()
	}
	return pgerr.New(pgerr.CannotCoerce, "cannot cast type %s to %s", a.format(e.Type()), a.format(typ)).At(loc)
}

// coerceTry converts e, its length or precision included; nil without error when there is no cast.
func (a *Analyzer) coerceTry(e Expr, typ uint32, mod int32, ctx coercion, loc int32) (Expr, error) {
	if !a.canCoerce([]uint32{e.Type()}, []uint32{typ}, ctx) {
		return nil, nil
	}
	// COLLATE stays on top of the conversion, where the result still has a collation.
	inner := e
	for {
		c, ok := inner.(*Collate)
		if !ok {
			break
		}
		inner = c.Arg
	}
	out, err := a.coerceType(inner, typ, mod, ctx, ctx != coerceExplicit, loc)
	if err != nil {
		return nil, err
	}
	_, isConst := out.(*Const)
	out, err = a.coerceTypmod(out, typ, mod, ctx, ctx != coerceExplicit, loc, out != inner && !isConst)
	if err != nil {
		return nil, err
	}
	if c, ok := e.(*Collate); ok && a.collationOf(typ) != 0 {
		out = &Collate{Info: Info{Typ: out.Type(), Mod: out.Typmod(), Coll: c.Coll, Loc: c.Loc}, Arg: out, At: c.At}
	}
	return out, nil
}

// coerceType converts e to a type it is known to be convertible to; mod is not enforced (coerceTypmod does) but read by
// casts that need it. implicit hides the conversion when the expression is printed.
func (a *Analyzer) coerceType(e Expr, typ uint32, mod int32, ctx coercion, implicit bool, loc int32) (Expr, error) {
	from := e.Type()
	if from == typ {
		return e, nil
	}
	switch typ {
	case typeAny, typeAnyElement, typeAnyNonArray, typeAnyCompat, typeAnyCompatNonArr:
		return e, nil
	case typeAnyArray, typeAnyEnum, typeAnyRange, typeAnyMultirange, typeAnyCompatArray, typeAnyCompatRange, typeAnyCompatMulti:
		if from != typeUnknown {
			if base := a.baseType(from); base != from {
				return a.relabel(e, base, -1, true, loc), nil
			}
			return e, nil
		}
	}
	if from == typeUnknown {
		switch x := e.(type) {
		case *Const:
			return a.readLiteral(x, typ, mod, ctx, implicit, loc)
		case *Param:
			if p, err := a.decideParam(x, typ, loc); p != nil || err != nil {
				if err == nil {
					p = a.domainParam(p)
				}
				return p, err
			}
		}
	}
	if c, ok := e.(*Collate); ok {
		arg, err := a.coerceType(c.Arg, typ, mod, ctx, implicit, loc)
		if err != nil || a.collationOf(typ) == 0 {
			return arg, err
		}
		return &Collate{Info: Info{Typ: arg.Type(), Mod: arg.Typmod(), Coll: c.Coll, Loc: c.Loc}, Arg: arg, At: c.At}, nil
	}
	path, cast := a.pathway(typ, from, ctx)
	switch path {
	case pathNone:
	case pathRelabel:
		if a.baseType(typ) != typ {
			return a.coerceDomain(e, typ, ctx, implicit, loc)
		}
		return a.relabel(e, typ, -1, implicit, loc), nil
	default:
		base, baseMod := a.baseTypeMod(typ, mod)
		out, err := a.castBy(path, cast, e, base, baseMod, ctx, implicit, loc)
		if err != nil || base == typ {
			return out, err
		}
		return a.coerceDomain(out, typ, ctx, implicit, loc)
	}
	if from == typeRecord && a.isComposite(typ) {
		row, err := a.coerceRow(e, a.baseType(typ), ctx, implicit, loc)
		if err != nil || a.baseType(typ) == typ {
			return row, err
		}
		return a.coerceDomain(row, typ, ctx, implicit, loc)
	}
	if typ == typeRecord && a.isComposite(from) || typ == typeRecordArray && a.isComposite(a.elemType(from)) {
		return e, nil
	}
	return nil, pgerr.New(pgerr.InternalError, "failed to find conversion function from %s to %s", a.format(from), a.format(typ))
}

// readLiteral gives a quoted literal its value: the type's input function reads it now, as PostgreSQL's parser does.
func (a *Analyzer) readLiteral(c *Const, typ uint32, mod int32, ctx coercion, implicit bool, loc int32) (Expr, error) {
	base, baseMod := a.baseTypeMod(typ, mod)
	// Only interval reads its literal by the modifier: '1' means a year or a second by the field named.
	inMod := int32(-1)
	if base == typeInterval {
		inMod = baseMod
	}
	out := &Const{Info: Info{Typ: base, Mod: inMod, Coll: a.collationOf(base), Loc: c.Loc}, Value: c.Value}
	if !c.Value.IsNull() {
		v, err := a.input(string(c.Value.B), base, inMod, c.Loc)
		if err != nil {
			return nil, err
		}
		out.Value = v
	}
	if base != typ {
		return a.coerceDomain(out, typ, ctx, implicit, loc)
	}
	return out, nil
}

// input reads text as a value of a type; errors point at loc.
func (a *Analyzer) input(s string, typ uint32, mod int32, loc int32) (types.Value, error) {
	if typ == typeRecord {
		return types.Value{}, pgerr.New(pgerr.FeatureNotSupported, "input of anonymous composite types is not implemented").At(loc)
	}
	t := a.Types.Find(typ)
	if t == nil || t.Input == nil {
		if row := a.typeRow(typ); row.Kind == 'p' {
			return types.Value{}, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", a.format(typ)).At(loc)
		}
		return types.Value{}, pgerr.Unsupported(loc, "values of type %s are not supported", a.format(typ))
	}
	a.noteLiteral(s, typ)
	v, err := t.Input(a.Types, s, mod)
	if err != nil {
		var pe *pgerr.Error
		if errors.As(err, &pe) {
			if pe.Location == 0 {
				cp := *pe
				pe = cp.At(loc)
			}
			return types.Value{}, pe
		}
		return types.Value{}, err
	}
	return v, nil
}

// relabel changes the type and keeps the bits; a literal or a relabel is changed itself.
func (a *Analyzer) relabel(e Expr, typ uint32, mod int32, implicit bool, loc int32) Expr {
	for {
		r, ok := e.(*Relabel)
		if !ok {
			break
		}
		e = r.Arg
	}
	return &Relabel{Info: Info{Typ: typ, Mod: mod, Coll: a.collationOf(typ), Loc: leftmost(loc, e.Location())}, Arg: e, Implicit: implicit}
}

// coerceRow converts ROW(…) to a composite type, column by column.
func (a *Analyzer) coerceRow(e Expr, typ uint32, ctx coercion, implicit bool, loc int32) (Expr, error) {
	row, ok := a.rowOf(e)
	rel, err := a.compositeRelation(typ)
	if err != nil {
		return nil, err
	}
	if !ok || rel == nil {
		return nil, pgerr.Unsupported(leftmost(loc, e.Location()), "cannot cast type %s to %s", a.format(e.Type()), a.format(typ))
	}
	out := &Row{Info: Info{Typ: typ, Mod: -1, Loc: row.Loc}}
	if loc >= 0 {
		out.Loc = loc
	}
	bad := func(detail string, args ...any) error {
		at := loc
		if at < 0 {
			at = e.Location()
		}
		return pgerr.New(pgerr.CannotCoerce, "cannot cast type %s to %s", a.format(typeRecord), a.format(typ)).WithDetail(detail, args...).At(at)
	}
	i := 0
	for _, col := range rel.Columns {
		if col.Dropped {
			continue
		}
		if i >= len(row.Args) {
			return nil, bad("Input has too few columns.")
		}
		arg, err := a.coerceTry(row.Args[i], col.Type, col.Typmod, ctx, -1)
		if err != nil {
			return nil, err
		}
		if arg == nil {
			return nil, bad("Cannot cast type %s to %s in column %d.", a.format(row.Args[i].Type()), a.format(col.Type), i+1)
		}
		out.Args = append(out.Args, arg)
		i++
	}
	if i < len(row.Args) {
		return nil, bad("Input has too many columns.")
	}
	return out, nil
}

// compositeRelation gives the columns of a composite type; nil for a type that is none.
func (a *Analyzer) compositeRelation(typ uint32) (*catalog.Relation, error) {
	t := a.typeRow(a.baseType(typ))
	if t.Kind != 'c' || t.Relid == 0 {
		return nil, nil
	}
	return a.Catalog.RelationByOID(t.Relid)
}

// leftmost is the earlier of two places, -1 counting as none.
func leftmost(x, y int32) int32 {
	switch {
	case x < 0:
		return y
	case y < 0:
		return x
	}
	return min(x, y)
}

// leftmostOf is the earliest place of some expressions and loc.
func leftmostOf(loc int32, es ...Expr) int32 {
	for _, e := range es {
		if e != nil {
			loc = leftmost(loc, e.Location())
		}
	}
	return loc
}
