package ddl

import (
	"slices"

	"pgd/backend/catalog"
	"pgd/backend/types"
)

// likeness is a LIKE clause whose indexes, storage and comments are copied once the new table is there.
type likeness struct {
	from    *catalog.Relation
	options uint32
}

// likeMore copies what a LIKE clause includes besides columns and constraints.
func (e *Env) likeMore(rel *catalog.Relation, l likeness) error {
	if l.options&likeIndexes != 0 {
		for _, ix := range l.from.Indexes {
			if !ownedByConstraint(l.from, ix) {
				if err := e.likeIndex(rel, l, ix); err != nil {
					return err
				}
			}
		}
	}
	for i := range l.from.Columns {
		c := &l.from.Columns[i]
		to := findColumn(rel, c.Name)
		if c.Dropped || to == nil {
			continue
		}
		if l.options&likeStorage != 0 {
			if err := e.copyStorage(relationColumn(l.from.OID, c.Attnum), relationColumn(rel.OID, to.Attnum)); err != nil {
				return err
			}
		}
		if err := e.copyComment(l, relationColumn(l.from.OID, c.Attnum), relationColumn(rel.OID, to.Attnum)); err != nil {
			return err
		}
	}
	for _, k := range l.from.Constraints {
		i := slices.IndexFunc(rel.Constraints, func(x *catalog.Constraint) bool { return x.Kind == 'c' && x.Name == k.Name })
		if k.Kind != 'c' || i < 0 || l.options&likeConstraints == 0 {
			continue
		}
		err := e.copyComment(l, catalog.Address{Class: catalog.ClassConstraint, OID: k.OID}, catalog.Address{Class: catalog.ClassConstraint, OID: rel.Constraints[i].OID})
		if err != nil {
			return err
		}
	}
	return nil
}

// likeIndex makes an index as one of the table that is copied.
func (e *Env) likeIndex(rel *catalog.Relation, l likeness, ix *catalog.Index) error {
	from, err := e.Catalog.RelationByOID(ix.OID)
	if err != nil {
		return err
	}
	storage, err := e.options(ix.OID, 0)
	if err != nil {
		return err
	}
	d := indexDef{unique: ix.Unique, where: ix.Where, notDistinct: ix.NullsNotDistinct, storage: storage}
	classes, colls, err := e.indexClasses(ix.OID)
	if err != nil {
		return err
	}
	exprs := 0
	for i, n := range ix.Columns {
		if i >= ix.KeyCount {
			d.include = append(d.include, findColumn(rel, l.from.Columns[n-1].Name).Attnum)
			continue
		}
		c := indexColumn{name: from.Columns[i].Name, typ: from.Columns[i].Type, coll: colls[i], opclass: classes[i]}
		if n > 0 {
			c.attnum = findColumn(rel, l.from.Columns[n-1].Name).Attnum
		} else {
			c.expr = ix.Exprs[exprs]
			exprs++
		}
		if ix.Desc[i] {
			c.option |= 1
		}
		if ix.NullsFirst[i] {
			c.option |= 2
		}
		d.columns = append(d.columns, c)
	}
	names := d.columns
	for _, n := range d.include {
		names = append(names[:len(names):len(names)], indexColumn{attnum: n})
	}
	label := "idx"
	if d.name, err = freeName(rel.Name, indexColumnsName(rel, names), label, func(s string) (bool, error) { return e.nameTaken(rel, s) }); err != nil {
		return err
	}
	oid, err := e.storeIndex(rel, d, -1)
	if err != nil {
		return err
	}
	now, err := e.reload(rel.OID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(now.Indexes, func(x *catalog.Index) bool { return x.OID == oid })
	if err := e.buildIndex(now, now.Indexes[i]); err != nil {
		return err
	}
	return e.copyComment(l, catalog.Address{Class: catalog.ClassRelation, OID: ix.OID}, catalog.Address{Class: catalog.ClassRelation, OID: oid})
}

// indexClasses reads the operator classes and collations of an index's key.
func (e *Env) indexClasses(oid uint32) (classes, colls []uint32, err error) {
	numbers := func(v value) (out []uint32) {
		_ = types.EachElement(v, func(x value) bool { out = append(out, uint32(x.I)); return true })
		return out
	}
	err = e.DB.Query(`SELECT indclass, indcollation FROM "pg_catalog.pg_index" WHERE indexrelid = ?1`, []value{intValue(oid)}, func(r []value) error {
		classes, colls = numbers(r[0]), numbers(r[1])
		return nil
	})
	return classes, colls, err
}

func (e *Env) copyStorage(from, to catalog.Address) error {
	var letter value
	err := e.DB.Query(`SELECT attstorage FROM "pg_catalog.pg_attribute" WHERE attrelid = ?1 AND attnum = ?2`,
		[]value{intValue(from.OID), types.IntValue(int64(from.Sub))}, func(r []value) error { letter = r[0].Clone(); return nil })
	if err != nil {
		return err
	}
	return e.writer().SetColumn(to.OID, int16(to.Sub), "attstorage", letter)
}

// copyComment copies an object's comment where the clause includes comments.
func (e *Env) copyComment(l likeness, from, to catalog.Address) error {
	if l.options&likeComments == 0 {
		return nil
	}
	text := ""
	err := e.DB.Query(`SELECT description FROM "pg_catalog.pg_description" WHERE classoid = ?1 AND objoid = ?2 AND objsubid = ?3`,
		[]value{intValue(from.Class), intValue(from.OID), types.IntValue(int64(from.Sub))}, func(r []value) error { text = string(r[0].B); return nil })
	if err != nil || text == "" {
		return err
	}
	return e.writer().SetComment(to, text)
}
