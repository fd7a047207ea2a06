package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Persistence is only recorded: every table is as durable as the database.

func (a *alteration) setLogged(*parse.AlterTableCmd) error   { return a.setPersistence('p') }
func (a *alteration) setUnlogged(*parse.AlterTableCmd) error { return a.setPersistence('u') }

func (a *alteration) setPersistence(to byte) error {
	if a.rel.Temp {
		return pgerr.New(pgerr.InvalidTableDefinition, "cannot change logged status of table \"%s\" because it is temporary", a.rel.Name).
			WithTable("", a.rel.Name)
	}
	now, err := a.persistence(a.rel.OID)
	if err != nil || now == to {
		return err
	}
	// A logged table may not refer to an unlogged one.
	sql, what, other := `SELECT confrelid FROM "pg_catalog.pg_constraint" WHERE conrelid = ?1 AND contype = 'f' AND confrelid <> ?1`, "logged", "unlogged"
	if to == 'u' {
		sql, what, other = `SELECT conrelid FROM "pg_catalog.pg_constraint" WHERE confrelid = ?1 AND contype = 'f' AND conrelid <> ?1`, "unlogged", "logged"
	}
	var tables []uint32
	if err := a.DB.Query(sql, []value{intValue(a.rel.OID)}, func(r []value) error { tables = append(tables, uint32(r[0].I)); return nil }); err != nil {
		return err
	}
	for _, oid := range tables {
		p, err := a.persistence(oid)
		if err != nil {
			return err
		}
		if p != to {
			rel, err := a.Catalog.RelationByOID(oid)
			if err != nil {
				return err
			}
			return pgerr.New(pgerr.InvalidTableDefinition, "could not change table \"%s\" to %s because it references %s table \"%s\"", a.rel.Name, what, other, rel.Name).
				WithTable(a.rel.Schema, a.rel.Name)
		}
	}
	return a.markPersistence(a.rel, to)
}

func (e *Env) persistence(oid uint32) (p byte, err error) {
	err = e.DB.Query(`SELECT relpersistence FROM "pg_catalog.pg_class" WHERE oid = ?1`, []value{intValue(oid)}, func(r []value) error {
		p = r[0].B[0]
		return nil
	})
	return p, err
}

// markPersistence records a table's persistence, with that of its indexes and of the sequences that are its columns'.
func (e *Env) markPersistence(rel *catalog.Relation, to byte) error {
	oids := []uint32{rel.OID}
	for _, x := range rel.Indexes {
		oids = append(oids, x.OID)
	}
	seqs, err := e.ownedSequences(rel.OID)
	if err != nil {
		return err
	}
	for _, s := range seqs {
		oids = append(oids, s.OID)
	}
	for _, oid := range oids {
		if err := e.writer().Set(catalog.ClassRelation, oid, "relpersistence", to); err != nil {
			return err
		}
	}
	return nil
}

// ownedSequences are the sequences that go with a table's columns.
func (e *Env) ownedSequences(table uint32) ([]*catalog.Relation, error) {
	deps, err := e.writer().Dependents(catalog.Address{Class: catalog.ClassRelation, OID: table})
	if err != nil {
		return nil, err
	}
	var out []*catalog.Relation
	for _, d := range deps {
		if d.Class != catalog.ClassRelation || d.Kind == catalog.DependNormal || d.Sub != 0 {
			continue
		}
		rel, err := e.Catalog.RelationByOID(d.OID)
		if err != nil {
			return nil, err
		}
		if rel != nil && rel.Kind == 'S' {
			out = append(out, rel)
		}
	}
	return out, nil
}
