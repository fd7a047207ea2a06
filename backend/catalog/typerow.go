package catalog

import (
	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// Type finds a type; nil for none.
func (v *View) Type(oid uint32) *TypeRow {
	if oid < builtin.FirstUserOID {
		return builtin.TypeByOID(oid)
	}
	c := v.c
	if t, ok := c.types[oid]; ok {
		return t
	}
	return c.loadType("oid = ?", []types.Value{value(oid)}, func(t *TypeRow) {
		if t == nil && c.err == nil {
			c.types[oid] = nil
		}
	})
}

// TypeByName finds a type by its pg_type name; nil for none.
func (v *View) TypeByName(schema, name string) *TypeRow {
	for _, ns := range v.schemas(schema, v.search) {
		if t := v.typeIn(ns, name); t != nil {
			return t
		}
	}
	return nil
}

func (v *View) typeIn(ns uint32, name string) *TypeRow {
	if ns == builtin.SchemaCatalog || ns == builtin.SchemaInformation {
		if t := builtin.TypeByName(ns, name); t != nil || ns == builtin.SchemaCatalog {
			return t
		}
	}
	c, key := v.c, nameKey{ns, name}
	if t, ok := c.typeByName[key]; ok {
		return t
	}
	return c.loadType("typname = ? AND typnamespace = ?", []types.Value{types.StringValue(name), value(ns)}, func(t *TypeRow) {
		if t == nil && c.err == nil {
			c.typeByName[key] = nil
		}
	})
}

// loadType reads a row of pg_type into the cache; done is told what was found.
func (c *Cache) loadType(where string, args []types.Value, done func(*TypeRow)) (t *TypeRow) {
	err := c.q.Query(`SELECT oid, typname, typnamespace, typlen, typtype, typcategory, typispreferred, typdelim, typrelid, typelem, typarray, typinput, typoutput,
		typnotnull, typbasetype, typtypmod, typcollation, typdefault FROM `+table("pg_type")+` WHERE `+where, args, func(f []types.Value) error {
		t = &TypeRow{OID: uint32(f[0].I), Name: string(f[1].B), Namespace: uint32(f[2].I), Len: int16(f[3].I), Kind: letterOf(f[4]), Category: letterOf(f[5]),
			Preferred: f[6].Bool(), Delim: letterOf(f[7]), Relid: uint32(f[8].I), Elem: uint32(f[9].I), Array: uint32(f[10].I), NotNull: f[13].Bool(),
			BaseType: uint32(f[14].I), Typmod: int32(f[15].I), Collation: uint32(f[16].I), Default: string(f[17].B)}
		if p := builtin.ProcByOID(uint32(f[11].I)); p != nil {
			t.Input = p.Name
		}
		if p := builtin.ProcByOID(uint32(f[12].I)); p != nil {
			t.Output = p.Name
		}
		return nil
	})
	if err != nil {
		c.fail(err)
	}
	if c.types == nil {
		c.types, c.typeByName = map[uint32]*TypeRow{}, map[nameKey]*TypeRow{}
	}
	if t != nil {
		c.types[t.OID], c.typeByName[nameKey{t.Namespace, t.Name}] = t, t
	}
	done(t)
	return t
}

// BaseType follows domains down to the type under them.
func (v *View) BaseType(oid uint32) uint32 {
	for {
		t := v.Type(oid)
		if t == nil || t.Kind != 'd' {
			return oid
		}
		oid = t.BaseType
	}
}

// DefaultOperator gives the btree operator of a type's default operator class, strategy 1 to 5; for equality (3) that of hash where there is none.
func (v *View) DefaultOperator(typ uint32, strategy int) uint32 {
	if strategy < 1 || strategy > 5 {
		return 0
	}
	o := v.TypeOperators(typ)
	if o == nil {
		return 0
	}
	if op := o.Btree[strategy-1]; op != 0 || strategy != 3 {
		return op
	}
	return o.Hash // types that are not ordered (xid, aclitem) may be compared for equality
}

// TypeOperators gives the operators of a type's default operator classes, those of a type it is binary coercible to or of its polymorphic
// kind where it has none of its own; nil for none.
func (v *View) TypeOperators(typ uint32) *builtin.TypeOperators {
	typ = v.BaseType(typ)
	if o := builtin.OperatorsOf(typ); o != nil {
		return o
	}
	t := v.Type(typ)
	if t == nil {
		return nil
	}
	switch {
	case t.Category == 'A' && t.Elem != 0 && t.Len == -1:
		return builtin.OperatorsOf(typeAnyArray)
	case t.Kind == 'e':
		return builtin.OperatorsOf(3500) // anyenum
	case t.Kind == 'c':
		return builtin.OperatorsOf(2249) // record
	case t.Kind == 'r':
		return builtin.OperatorsOf(3831) // anyrange
	case t.Kind == 'm':
		return builtin.OperatorsOf(4537) // anymultirange
	}
	var best *builtin.TypeOperators
	casts := builtin.Casts()
	for i := range casts {
		c := &casts[i]
		if c.Source != typ || c.Method != 'b' || c.Context != 'i' {
			continue
		}
		if o := builtin.OperatorsOf(c.Target); o != nil {
			if target := builtin.TypeByOID(c.Target); best == nil || target.Preferred {
				best = o
			}
		}
	}
	return best
}

// Cast finds the pg_cast row of exactly this pair; nil for none.
func (v *View) Cast(source, target uint32) *Cast {
	if c := builtin.CastOf(source, target); c != nil {
		return c
	}
	if source < builtin.FirstUserOID && target < builtin.FirstUserOID || !v.c.users().casts {
		return nil
	}
	var out *Cast
	err := v.c.q.Query(`SELECT oid, castfunc, castcontext, castmethod FROM `+table("pg_cast")+` WHERE castsource = ? AND casttarget = ?`,
		[]types.Value{value(source), value(target)}, func(f []types.Value) error {
			out = &Cast{OID: uint32(f[0].I), Source: source, Target: target, Func: uint32(f[1].I), Context: letterOf(f[2]), Method: letterOf(f[3])}
			return nil
		})
	if err != nil {
		v.c.fail(err)
	}
	return out
}

// DefaultOpclass gives the default btree operator class of a type, found as DefaultOperator finds its operators; 0 for none.
func (v *View) DefaultOpclass(typ uint32) uint32 {
	o := v.TypeOperators(typ)
	if o == nil {
		return 0
	}
	classes := builtin.Opclasses()
	for i := range classes {
		if x := &classes[i]; x.Type == o.Type && x.Method == methodBtree && x.Default {
			return x.OID
		}
	}
	return 0
}

// OpclassByName finds an operator class of an access method; nil for none.
func (v *View) OpclassByName(method uint32, name string) *builtin.Opclass {
	classes := builtin.Opclasses()
	for i := range classes {
		if x := &classes[i]; x.Method == method && x.Name == name {
			return x
		}
	}
	return nil
}
