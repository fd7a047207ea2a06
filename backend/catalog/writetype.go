package catalog

import (
	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// createValueType writes a type, the array over it, and what they depend on. A name that is taken is 42710.
func (w *Writer) createValueType(t newType) (oid uint32, err error) {
	taken, err := w.typeNameTaken(t.namespace, t.name)
	if err != nil {
		return 0, err
	}
	if taken {
		return 0, pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", t.name)
	}
	if t.array, err = w.NewOID(); err != nil {
		return 0, err
	}
	if t.oid, err = w.NewOID(); err != nil {
		return 0, err
	}
	if err = w.insertType(t); err != nil {
		return 0, err
	}
	name, err := w.arrayTypeName(t.namespace, t.name)
	if err != nil {
		return 0, err
	}
	err = w.insertType(newType{oid: t.array, name: name, namespace: t.namespace, owner: t.owner, kind: 'b', category: 'A', elem: t.oid, io: "array"})
	if err != nil {
		return 0, err
	}
	if err = w.exec("UPDATE "+table("pg_type")+" SET typcollation = ?, typalign = ? WHERE oid = ?", t.value.collation, arrayAlign(t.value.align), t.array); err != nil {
		return 0, err
	}
	self := Address{ClassType, t.oid, 0}
	if err = w.Depend(Address{ClassType, t.array, 0}, self, DependInternal); err != nil {
		return 0, err
	}
	return t.oid, w.Depend(self, Address{ClassNamespace, t.namespace, 0}, DependNormal)
}

// arrayAlign is the alignment of an array over a type: that of a double where the elements ask for it, else that of an int.
func arrayAlign(elem byte) byte {
	if elem == 'd' {
		return 'd'
	}
	return 'i'
}

func procNamed(name string) uint32 {
	if p := builtin.ProcsNamed(name); len(p) > 0 {
		return p[0].OID
	}
	return 0
}

// CreateEnum writes an enum with its labels in order.
func (w *Writer) CreateEnum(name string, namespace, owner uint32, labels []string) (oid uint32, err error) {
	oid, err = w.createValueType(newType{name: name, namespace: namespace, owner: owner, kind: 'e', category: 'E', value: &valueType{
		length: 4, byValue: true, align: 'i', storage: 'p', delimiter: ',', typmod: -1,
		in: procNamed("enum_in"), out: procNamed("enum_out"), recv: procNamed("enum_recv"), send: procNamed("enum_send"),
	}})
	if err != nil {
		return 0, err
	}
	seen := map[string]bool{}
	for i, l := range labels {
		if seen[l] {
			return 0, pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"").
				WithDetail("Key (enumtypid, enumlabel)=(%d, %s) already exists.", oid, l).WithTable("pg_catalog", "pg_enum").
				WithConstraint("pg_enum_typid_label_index")
		}
		seen[l] = true
		if err = w.AddEnumLabel(oid, float64(i+1), l); err != nil {
			return 0, err
		}
	}
	return oid, nil
}

// AddEnumLabel writes one label of an enum.
func (w *Writer) AddEnumLabel(enum uint32, key float64, label string) error {
	oid, err := w.NewOID()
	if err != nil {
		return err
	}
	return w.insert("pg_enum", oid, enum, key, label)
}

// RenameEnumLabel renames a label.
func (w *Writer) RenameEnumLabel(enum uint32, from, to string) error {
	return w.exec("UPDATE "+table("pg_enum")+" SET enumlabel = ? WHERE enumtypid = ? AND enumlabel = ?", to, enum, from)
}

// NewDomain is a domain to be made.
type NewDomain struct {
	Name             string
	Namespace, Owner uint32
	Base             uint32
	Typmod           int32
	Dimensions       int32
	Collation        uint32
	NotNull          bool
	Default          string // SQL text, "" for none
}

// CreateDomain writes a domain. Its constraints are CreateConstraint's.
func (w *Writer) CreateDomain(d NewDomain) (oid uint32, err error) {
	v := valueType{in: procNamed("domain_in"), recv: procNamed("domain_recv"), notNull: d.NotNull, typmod: d.Typmod, dimensions: d.Dimensions,
		collation: d.Collation, defaultText: d.Default}
	t := newType{name: d.Name, namespace: d.Namespace, owner: d.Owner, kind: 'd', base: d.Base, value: &v}
	letter := func(x types.Value) byte {
		if len(x.B) == 1 {
			return x.B[0]
		}
		return 0
	}
	err = w.s.Query(`SELECT typlen, typbyval, typalign, typstorage, typdelim, typoutput, typsend, typcategory, typispreferred FROM `+table("pg_type")+` WHERE oid = ?`,
		[]types.Value{value(d.Base)}, func(r []types.Value) error {
			v.length, v.byValue, v.align, v.storage, v.delimiter = int16(r[0].I), r[1].Bool(), letter(r[2]), letter(r[3]), letter(r[4])
			v.out, v.send, t.category = uint32(r[5].I), uint32(r[6].I), letter(r[7])
			return nil
		})
	if err != nil {
		return 0, err
	}
	if oid, err = w.createValueType(t); err != nil {
		return 0, err
	}
	self := Address{ClassType, oid, 0}
	if err = w.Depend(self, Address{ClassType, d.Base, 0}, DependNormal); err != nil {
		return 0, err
	}
	if d.Collation != 0 {
		err = w.Depend(self, Address{ClassCollation, d.Collation, 0}, DependNormal)
	}
	return oid, err
}

// SetDomainDefault changes the default of a domain, "" for none.
func (w *Writer) SetDomainDefault(domain uint32, text string) error {
	return w.exec("UPDATE "+table("pg_type")+" SET typdefault = ? WHERE oid = ?", nullable(text), domain)
}

// MoveType puts a type, the array over it and a domain's constraints into another schema.
func (w *Writer) MoveType(oid, namespace uint32) error {
	if err := w.exec("UPDATE "+table("pg_type")+" SET typnamespace = ?2 WHERE oid = ?1 OR typelem = ?1 AND typcategory = 'A'", oid, namespace); err != nil {
		return err
	}
	if err := w.exec("UPDATE "+table("pg_constraint")+" SET connamespace = ?2 WHERE contypid = ?1", oid, namespace); err != nil {
		return err
	}
	return w.exec("UPDATE "+table("pg_depend")+" SET refobjid = ?3 WHERE classid = ?1 AND objid = ?2 AND refclassid = ?4",
		ClassType, oid, namespace, ClassNamespace)
}

// SetTypeOwner gives a type and the array over it to another role.
func (w *Writer) SetTypeOwner(oid, owner uint32) error {
	return w.exec("UPDATE "+table("pg_type")+" SET typowner = ?2 WHERE oid = ?1 OR typelem = ?1 AND typcategory = 'A'", oid, owner)
}

// TypeOwner gives the owner of a type.
func (w *Writer) TypeOwner(oid uint32) (owner uint32, err error) {
	err = w.s.Query("SELECT typowner FROM "+table("pg_type")+" WHERE oid = ?", []types.Value{value(oid)}, func(r []types.Value) error {
		owner = uint32(r[0].I)
		return nil
	})
	return owner, err
}

// RenameArrayType gives an array type another free name made of its own.
func (w *Writer) RenameArrayType(oid, namespace uint32, name string) error {
	free, err := w.arrayTypeName(namespace, name)
	if err != nil {
		return err
	}
	return w.Set(ClassType, oid, "typname", free)
}

// RetypeAttribute gives an attribute of a composite type another type.
func (w *Writer) RetypeAttribute(rel uint32, attnum int16, typ uint32, mod int32, coll uint32) error {
	err := w.exec(`UPDATE `+table("pg_attribute")+` SET atttypid = ?3, atttypmod = ?4, attcollation = ?5, (attlen, attbyval, attalign, attstorage, attndims) =
		(SELECT typlen, typbyval, typalign, typstorage, CASE WHEN typcategory = 'A' THEN 1 ELSE 0 END FROM `+table("pg_type")+` WHERE oid = ?3)
		WHERE attrelid = ?1 AND attnum = ?2`, rel, attnum, typ, mod, coll)
	if err != nil {
		return err
	}
	if err = w.exec("DELETE FROM "+table("pg_depend")+" WHERE classid = ? AND objid = ? AND objsubid = ? AND refclassid = ?", ClassRelation, rel, attnum, ClassType); err != nil {
		return err
	}
	return w.Depend(Address{ClassRelation, rel, int32(attnum)}, Address{ClassType, typ, 0}, DependNormal)
}
