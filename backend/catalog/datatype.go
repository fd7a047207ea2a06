package catalog

import (
	"pgd/backend/types"
)

// DataType gives the implementation of a type that package types does not know by itself: a domain, a row type, an array over one of these, aclitem. nil
// where pgd has none. It is what types.Context.Lookup is for.
func (v *View) DataType(oid uint32) *types.Type {
	if t := types.ByOID(oid); t != nil {
		return t
	}
	if t, ok := v.c.dataTypes[oid]; ok {
		return t
	}
	if v.c.dataTypes == nil {
		v.c.dataTypes = map[uint32]*types.Type{}
	}
	t := v.makeType(oid)
	if v.c.err == nil {
		v.c.dataTypes[oid] = t
	}
	return t
}

func (v *View) makeType(oid uint32) *types.Type {
	if oid == typeACLItem {
		return v.aclItemType()
	}
	row := v.Type(oid)
	if row == nil {
		return nil
	}
	switch {
	case row.Category == 'A' && row.Elem != 0 && row.Len == -1:
		if elem := v.DataType(row.Elem); elem != nil {
			return types.NewArrayType(oid, elem)
		}
	case row.Kind == 'e':
		return v.enumType(row)
	case row.Kind == 'd':
		if base := v.DataType(row.BaseType); base != nil {
			return v.domainType(row, base)
		}
	case row.Kind == 'c':
		rel, err := v.RelationByOID(row.Relid)
		if err != nil {
			v.c.fail(err)
		}
		if rel == nil {
			return nil
		}
		var cols []types.CompositeColumn
		ordered := true
		for i := range rel.Columns {
			if c := &rel.Columns[i]; !c.Dropped {
				cols = append(cols, types.CompositeColumn{Type: c.Type, Typmod: c.Typmod})
				if t := v.DataType(c.Type); t == nil || t.NotOrdered {
					ordered = false
				}
			}
		}
		t := types.NewCompositeType(oid, row.Name, row.Array, cols)
		t.NotOrdered, t.Display = !ordered, v.FormatType(oid, -1)
		return t
	}
	return nil
}

// enumType reads the labels of an enum.
func (v *View) enumType(row *TypeRow) *types.Type {
	var labels []types.EnumLabel
	err := v.c.q.Query("SELECT enumsortorder, enumlabel FROM "+table("pg_enum")+" WHERE enumtypid = ?", []types.Value{value(row.OID)}, func(r []types.Value) error {
		labels = append(labels, types.EnumLabel{Key: r[0].F, Label: string(r[1].B)})
		return nil
	})
	if err != nil {
		v.c.fail(err)
		return nil
	}
	return &types.NewEnumType(row.OID, row.Name, v.FormatType(row.OID, -1), row.Array, labels).Type
}

// domainType is the type under a domain with the domain's modifier. Values read from text or bytes are checked; those of expressions are by the
// casts that analysis makes.
func (v *View) domainType(row *TypeRow, base *types.Type) *types.Type {
	t := *base
	t.OID, t.Name, t.Display, t.Array = row.OID, row.Name, v.FormatType(row.OID, -1), row.Array
	t.TypmodIn, t.TypmodOut = nil, nil
	oid, mod, constrained := row.OID, row.Typmod, row.NotNull || len(v.DomainChecks(row.OID)) > 0
	checked := func(c *types.Context, x types.Value, err error) (types.Value, error) {
		if err == nil && constrained && c.CheckDomain != nil {
			err = c.CheckDomain(oid, x)
		}
		return x, err
	}
	if in := base.Input; in != nil {
		t.Input = func(c *types.Context, s string, _ int32) (types.Value, error) {
			x, err := in(c, s, mod)
			return checked(c, x, err)
		}
	}
	if in := base.Receive; in != nil {
		t.Receive = func(c *types.Context, b []byte, _ int32) (types.Value, error) {
			x, err := in(c, b, mod)
			return checked(c, x, err)
		}
	}
	return &t
}
