package ddl

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// A schema is part of a table's name in SQLite. Moving a relation, and renaming a schema, renames tables and indexes there and writes
// anew the stored texts that name them.

// relocate makes a change of the catalog that gives relations another qualified name.
func (e *Env) relocate(rels []*catalog.Relation, change func() error) error {
	var fixes []*texts
	for _, rel := range rels {
		t, err := e.dependentTexts(rel, 0)
		if err != nil {
			return err
		}
		fixes = append(fixes, t)
	}
	if err := change(); err != nil {
		return err
	}
	if err := e.refresh(); err != nil {
		return err
	}
	for _, old := range rels {
		if old.Kind != 'r' && old.Kind != 'm' {
			continue
		}
		now, err := e.reload(old.OID)
		if err != nil {
			return err
		}
		for _, ix := range old.Indexes {
			if !isRowid(old, ix) {
				if err := e.DB.Exec("DROP INDEX " + indexName(old, ix)); err != nil {
					return err
				}
			}
		}
		if err := e.moveTable(old, now); err != nil {
			return err
		}
		if now, err = e.reload(old.OID); err != nil {
			return err
		}
		for _, ix := range now.Indexes {
			if err := e.buildIndex(now, ix); err != nil {
				return err
			}
		}
	}
	for _, t := range fixes {
		if err := t.apply(e); err != nil {
			return err
		}
	}
	return e.refresh()
}

// moveRelation carries out ALTER TABLE, VIEW, SEQUENCE … SET SCHEMA.
func (e *Env) moveRelation(n *parse.AlterObjectSchemaStmt) (string, error) {
	k := alterTags[n.ObjectType]
	rel, err := e.lookup(n.Relation)
	if err != nil {
		return k.tag, err
	}
	if rel == nil {
		if n.MissingOk {
			e.skip(pgerr.SuccessfulCompletion, "relation \"%s\" does not exist", n.Relation.Relname)
			return k.tag, nil
		}
		return k.tag, undefinedRelation(n.Relation)
	}
	if err := e.mustOwn(rel); err != nil {
		return k.tag, err
	}
	if !strings.ContainsRune(k.kinds, rune(rel.Kind)) || rel.Kind == 'i' {
		return k.tag, wrongKind(rel, k.word)
	}
	if rel.Kind == 'S' {
		if err := e.freeSequence(rel, "cannot move an owned sequence into another schema"); err != nil {
			return k.tag, err
		}
	}
	ns, err := e.namespace(e.schemaAlias(n.Newschema))
	if err != nil {
		return k.tag, err
	}
	if err := e.mayUse(ns, n.Newschema, catalog.PrivCreate); err != nil {
		return k.tag, err
	}
	if rel.Temp || e.schemaAlias(n.Newschema) == e.TempSchema || strings.HasPrefix(n.Newschema, "pg_temp") {
		return k.tag, pgerr.New(pgerr.FeatureNotSupported, "cannot move objects into or out of temporary schemas")
	}
	if ns == rel.Namespace {
		return k.tag, nil
	}
	if other, err := e.Catalog.Relation(n.Newschema, rel.Name); err != nil {
		return k.tag, err
	} else if other != nil {
		return k.tag, pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists in schema \"%s\"", rel.Name, n.Newschema)
	}
	seqs, err := e.ownedSequences(rel.OID)
	if err != nil {
		return k.tag, err
	}
	return k.tag, e.relocate(append([]*catalog.Relation{rel}, seqs...), func() error { return e.moveRows(rel, seqs, ns) })
}

// moveRows writes the new schema of a relation and of what goes with it.
func (e *Env) moveRows(rel *catalog.Relation, seqs []*catalog.Relation, ns uint32) error {
	w := e.writer()
	if err := w.MoveRelation(rel.OID, rel.RowType, ns); err != nil {
		return err
	}
	for _, s := range seqs {
		if err := w.MoveRelation(s.OID, 0, ns); err != nil {
			return err
		}
	}
	for _, ix := range rel.Indexes {
		if err := w.MoveRelation(ix.OID, 0, ns); err != nil {
			return err
		}
	}
	for _, k := range rel.Constraints {
		if err := w.Set(catalog.ClassConstraint, k.OID, "connamespace", ns); err != nil {
			return err
		}
	}
	return nil
}

// freeSequence refuses a sequence that belongs to a column.
func (e *Env) freeSequence(seq *catalog.Relation, message string) error {
	return e.DB.Query(`SELECT c.relname FROM "pg_catalog.pg_depend" d JOIN "pg_catalog.pg_class" c ON c.oid = refobjid
		WHERE classid = 1259 AND objid = ?1 AND refclassid = 1259 AND refobjsubid > 0 AND deptype IN ('a', 'i')`, []value{intValue(seq.OID)}, func(r []value) error {
		return pgerr.New(pgerr.FeatureNotSupported, "%s", message).WithDetail("Sequence \"%s\" is linked to table \"%s\".", seq.Name, string(r[0].B))
	})
}

// renameSchema carries out ALTER SCHEMA … RENAME TO.
func (e *Env) renameSchema(n *parse.RenameStmt) (string, error) {
	const tag = "ALTER SCHEMA"
	if err := analyze.Only(n, parse.Has_RenameStmt_RenameType|parse.Has_RenameStmt_Subname|parse.Has_RenameStmt_Newname|parse.Has_RenameStmt_Behavior|
		parse.Has_RenameStmt_RelationType, -1); err != nil {
		return tag, err
	}
	ns, err := e.namespace(n.Subname)
	if err != nil {
		return tag, err
	}
	if _, ok := e.Catalog.Namespace(n.Newname); ok {
		return tag, pgerr.New(pgerr.DuplicateSchema, "schema \"%s\" already exists", n.Newname)
	}
	_, owner, err := e.writer().ACLOf(catalog.Address{Class: catalog.ClassNamespace, OID: ns})
	if err != nil {
		return tag, err
	}
	if !e.Superuser && !e.MemberOf(owner) {
		return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be owner of schema %s", n.Subname)
	}
	if err := e.mayCreateInDatabase(); err != nil {
		return tag, err
	}
	if strings.HasPrefix(n.Newname, "pg_") {
		return tag, pgerr.New(pgerr.ReservedName, "unacceptable schema name \"%s\"", n.Newname).WithDetail("The prefix \"pg_\" is reserved for system schemas.")
	}
	if n.Subname == "information_schema" || strings.HasPrefix(n.Subname, "pg_") {
		return tag, pgerr.Unsupported(-1, "renaming schema \"%s\" is not supported", n.Subname)
	}
	var oids []uint32
	err = e.DB.Query(`SELECT oid FROM "pg_catalog.pg_class" WHERE relnamespace = ?1 AND relkind IN ('r', 'm', 'v', 'S') ORDER BY oid`, []value{intValue(ns)}, func(r []value) error {
		oids = append(oids, uint32(r[0].I))
		return nil
	})
	if err != nil {
		return tag, err
	}
	var rels []*catalog.Relation
	for _, oid := range oids {
		rel, err := e.Catalog.RelationByOID(oid)
		if err != nil {
			return tag, err
		}
		rels = append(rels, rel)
	}
	return tag, e.relocate(rels, func() error {
		if err := e.writer().Set(catalog.ClassNamespace, ns, "nspname", n.Newname); err != nil {
			return err
		}
		for i, s := range e.SearchPath {
			if s == n.Subname {
				e.SearchPath = append(append(e.SearchPath[:i:i], n.Newname), e.SearchPath[i+1:]...)
			}
		}
		return nil
	})
}
