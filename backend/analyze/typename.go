package analyze

import (
	"strconv"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// TypeName resolves a type name with its modifiers; SETOF is refused.
func (a *Analyzer) TypeName(n *parse.TypeName) (oid uint32, typmod int32, err error) {
	if n == nil {
		return 0, -1, pgerr.New(pgerr.InternalError, "empty type name")
	}
	if n.Setof {
		return 0, -1, pgerr.New(pgerr.SyntaxError, "type name cannot be SETOF").At(n.Location)
	}
	const consumed = parse.Has_TypeName_Names | parse.Has_TypeName_Setof | parse.Has_TypeName_PctType | parse.Has_TypeName_Typmods |
		parse.Has_TypeName_Typemod | parse.Has_TypeName_ArrayBounds | parse.Has_TypeName_Location
	if err := only(n, consumed, n.Location); err != nil {
		return 0, -1, err
	}
	if n.PctType {
		return 0, -1, pgerr.Unsupported(n.Location, "%%TYPE is not supported")
	}
	t, err := a.namedType(n)
	if err != nil {
		return 0, -1, err
	}
	if typmod, err = a.typmod(t, n); err != nil {
		return 0, -1, err
	}
	oid = t.OID
	if len(n.ArrayBounds) > 0 {
		if oid = t.Array; oid == 0 {
			return 0, -1, pgerr.New(pgerr.UndefinedObject, "type \"%s[]\" does not exist", typeNameText(n)).At(n.Location)
		}
	}
	return oid, typmod, nil
}

func typeNameText(n *parse.TypeName) string {
	s := ""
	for i, p := range n.Names {
		if i > 0 {
			s += "."
		}
		if p, ok := p.(*parse.String); ok {
			s += p.Sval
		}
	}
	return s
}

// namedType finds the type a name means, arrays and modifiers aside.
func (a *Analyzer) namedType(n *parse.TypeName) (*catalog.TypeRow, error) {
	parts, err := nameParts(n.Names, n.Location)
	if err != nil {
		return nil, err
	}
	schema := ""
	switch len(parts) {
	case 1:
	case 2:
		schema = parts[0]
	case 3:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", dotted(parts)).At(n.Location)
	default:
		return nil, pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(parts)).At(n.Location)
	}
	if schema != "" {
		if _, ok := a.Catalog.Namespace(schema); !ok {
			return nil, pgerr.New(pgerr.UndefinedSchema, "schema \"%s\" does not exist", schema).At(n.Location)
		}
	}
	t := a.Catalog.TypeByName(schema, parts[len(parts)-1])
	if t == nil {
		return nil, pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", typeNameDisplay(n)).At(n.Location)
	}
	return t, nil
}

func typeNameDisplay(n *parse.TypeName) string {
	s := typeNameText(n)
	if len(n.ArrayBounds) > 0 {
		s += "[]"
	}
	return s
}

// typmod turns the modifiers of a type name into a typmod.
func (a *Analyzer) typmod(t *catalog.TypeRow, n *parse.TypeName) (int32, error) {
	if len(n.Typmods) == 0 {
		return n.Typemod, nil
	}
	typ := a.Types.Find(t.OID)
	takes := a.Catalog.Cast(t.OID, t.OID) != nil
	if !takes && (typ == nil || typ.TypmodIn == nil) {
		return -1, pgerr.New(pgerr.SyntaxError, "type modifier is not allowed for type \"%s\"", typeNameText(n)).At(n.Location)
	}
	mods := make([]int32, 0, len(n.Typmods))
	for _, m := range n.Typmods {
		c, ok := m.(*parse.A_Const)
		if !ok {
			return -1, pgerr.New(pgerr.SyntaxError, "type modifiers must be simple constants or identifiers").At(n.Location)
		}
		if c.Ival == nil {
			s := ""
			switch {
			case c.Sval != nil:
				s = c.Sval.Sval
			case c.Fval != nil:
				s = c.Fval.Fval
			}
			i, err := strconv.ParseInt(s, 10, 32)
			if err != nil {
				return -1, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", "integer", s).At(n.Location)
			}
			mods = append(mods, int32(i))
			continue
		}
		mods = append(mods, c.Ival.Ival)
	}
	if typ == nil || typ.TypmodIn == nil {
		return -1, pgerr.Unsupported(n.Location, "modifiers of type %s are not supported", a.format(t.OID))
	}
	mod, err := typ.TypmodIn(mods)
	if err != nil {
		pe := *pgerr.From(err)
		if pe.Location == 0 {
			pe.At(n.Location)
		}
		return -1, &pe
	}
	return mod, nil
}
