package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// dropKind is what DROP says of one kind of object.
type dropKind struct {
	word  string // "table"
	kinds string // pg_class.relkind it takes
	hint  string
}

var dropKinds = map[parse.ObjectType]dropKind{
	parse.ObjectType_OBJECT_TABLE:    {"table", "r", "Use DROP TABLE to remove a table."},
	parse.ObjectType_OBJECT_VIEW:     {"view", "v", "Use DROP VIEW to remove a view."},
	parse.ObjectType_OBJECT_INDEX:    {"index", "i", "Use DROP INDEX to remove an index."},
	parse.ObjectType_OBJECT_SEQUENCE: {"sequence", "S", "Use DROP SEQUENCE to remove a sequence."},
}

// drop carries out DROP TABLE, VIEW, INDEX, SEQUENCE and SCHEMA.
func (e *Env) drop(n *parse.DropStmt) (string, error) {
	if n.RemoveType == parse.ObjectType_OBJECT_SCHEMA {
		return e.dropSchemas(n)
	}
	if n.RemoveType == parse.ObjectType_OBJECT_TYPE || n.RemoveType == parse.ObjectType_OBJECT_DOMAIN {
		return e.dropTypes(n)
	}
	k, ok := dropKinds[n.RemoveType]
	if !ok {
		return e.dropMissing(n)
	}
	tag := "DROP " + upper(k.word)
	if n.Concurrent {
		if e.InBlock {
			return tag, pgerr.New(pgerr.ActiveSqlTransaction, "DROP INDEX CONCURRENTLY cannot run inside a transaction block")
		}
	}
	var targets []catalog.Address
	for _, o := range n.Objects {
		rel, err := e.dropTarget(o, k, n.MissingOk)
		if err != nil {
			return tag, err
		}
		if rel == nil {
			continue
		}
		targets = append(targets, catalog.Address{Class: catalog.ClassRelation, OID: rel.OID})
	}
	return tag, e.remove(targets, n.Behavior == parse.DropBehavior_DROP_CASCADE)
}

// dropTarget finds one object of DROP; nil where it is missing and may be.
func (e *Env) dropTarget(o parse.Node, k dropKind, missingOK bool) (*catalog.Relation, error) {
	names := stringsOf(listOf(o))
	if len(names) == 3 && names[0] != e.Database {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: \"%s\"", joinName(names...))
	}
	schema, name := qualified(listOf(o))
	var rel *catalog.Relation
	if schema != "" && e.schemaAlias(schema) == schema {
		if _, ok := e.Catalog.Namespace(schema); !ok {
			if missingOK {
				e.skip(pgerr.SuccessfulCompletion, "schema \"%s\" does not exist", schema)
				return nil, nil
			}
			return nil, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
		}
	}
	rel, err := e.Catalog.Relation(e.schemaAlias(schema), name)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		if missingOK {
			e.skip(pgerr.SuccessfulCompletion, "%s \"%s\" does not exist", k.word, name)
			return nil, nil
		}
		code := pgerr.UndefinedTable
		if k.kinds == "i" {
			code = pgerr.UndefinedObject
		}
		return nil, pgerr.New(code, "%s \"%s\" does not exist", k.word, joinName(schema, name))
	}
	if string(rel.Kind) != k.kinds {
		err := wrongKind(rel, k.word)
		for _, other := range dropKinds {
			if other.kinds == string(rel.Kind) {
				err.(*pgerr.Error).Hint = other.hint
			}
		}
		if rel.Kind == 'c' {
			err.(*pgerr.Error).Hint = "Use DROP TYPE to remove a type."
		}
		return nil, err
	}
	return rel, e.mustOwn(rel)
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 32
		}
	}
	return string(b)
}

func (e *Env) dropSchemas(n *parse.DropStmt) (string, error) {
	const tag = "DROP SCHEMA"
	if err := analyze.Only(n, parse.Has_DropStmt_Objects|parse.Has_DropStmt_RemoveType|parse.Has_DropStmt_Behavior|parse.Has_DropStmt_MissingOk, -1); err != nil {
		return tag, err
	}
	var targets []catalog.Address
	for _, o := range n.Objects {
		name := stringOf(o)
		oid, ok := e.Catalog.Namespace(name)
		if !ok {
			if n.MissingOk {
				e.skip(pgerr.SuccessfulCompletion, "schema \"%s\" does not exist", name)
				continue
			}
			return tag, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
		}
		_, owner, err := e.writer().ACLOf(catalog.Address{Class: catalog.ClassNamespace, OID: oid})
		if err != nil {
			return tag, err
		}
		if !e.Superuser && !e.MemberOf(owner) {
			return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be owner of schema %s", name)
		}
		if name == "pg_catalog" || name == "pg_toast" || name == "information_schema" {
			return tag, pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop schema %s because it is required by the database system", name)
		}
		targets = append(targets, catalog.Address{Class: catalog.ClassNamespace, OID: oid})
	}
	return tag, e.remove(targets, n.Behavior == parse.DropBehavior_DROP_CASCADE)
}

// remove drops objects and what goes with them: catalog rows first, then SQLite's tables and indexes.
func (e *Env) remove(targets []catalog.Address, cascade bool) error {
	if len(targets) == 0 {
		return nil
	}
	plan, err := e.writer().PlanDrop(targets, cascade)
	if err != nil {
		return err
	}
	if plan.Notice != nil {
		e.Notice(plan.Notice)
	}
	p, err := e.collect(plan.Objects)
	if err != nil {
		return err
	}
	for _, o := range plan.Objects {
		if err := e.writer().Delete(o); err != nil {
			return err
		}
	}
	if err := e.refresh(); err != nil {
		return err
	}
	return p.run(e)
}

// removal is the physical side of a drop.
type removal struct {
	tables    []*catalog.Relation
	indexes   []string // quoted names
	sequences []uint32
	changed   map[uint32]*catalog.Relation // tables that stay and lose a column or a constraint, as they were
}

// collect notes what each object is before its catalog rows go.
func (e *Env) collect(objects []catalog.Address) (*removal, error) {
	p := &removal{changed: map[uint32]*catalog.Relation{}}
	gone := map[uint32]bool{}
	for _, o := range objects {
		if o.Class == catalog.ClassRelation && o.Sub == 0 {
			gone[o.OID] = true
		}
	}
	for _, o := range objects {
		table := uint32(0)
		switch o.Class {
		case catalog.ClassRelation:
			rel, err := e.Catalog.RelationByOID(o.OID)
			if err != nil {
				return nil, err
			}
			if rel == nil {
				continue
			}
			switch {
			case o.Sub != 0:
				table = o.OID
			case rel.Kind == 'r':
				p.tables = append(p.tables, rel)
			case rel.Kind == 'S':
				p.sequences = append(p.sequences, o.OID)
			case rel.Kind == 'i':
				if err := e.collectIndex(p, rel, gone); err != nil {
					return nil, err
				}
			}
		case catalog.ClassConstraint:
			var err error
			if table, err = e.constraintTable(o.OID); err != nil {
				return nil, err
			}
		}
		if table != 0 && !gone[table] && p.changed[table] == nil {
			rel, err := e.Catalog.RelationByOID(table)
			if err != nil {
				return nil, err
			}
			if rel != nil && rel.Kind == 'r' {
				p.changed[table] = rel
			}
		}
	}
	return p, nil
}

// collectIndex notes an index that has a physical form and whose table stays.
func (e *Env) collectIndex(p *removal, ix *catalog.Relation, gone map[uint32]bool) error {
	table := uint32(0)
	err := e.DB.Query(`SELECT indrelid FROM "pg_catalog.pg_index" WHERE indexrelid = ?1`, []value{intValue(ix.OID)}, func(r []value) error {
		table = uint32(r[0].I)
		return nil
	})
	if err != nil || gone[table] {
		return err
	}
	rel, err := e.Catalog.RelationByOID(table)
	if err != nil || rel == nil {
		return err
	}
	for _, x := range rel.Indexes {
		if x.OID == ix.OID && !isRowid(rel, x) {
			p.indexes = append(p.indexes, indexName(rel, x))
		}
	}
	return nil
}

func indexName(rel *catalog.Relation, ix *catalog.Index) string {
	if rel.Temp {
		return catalog.PhysicalTemp(ix.Name)
	}
	return catalog.PhysicalTable(rel.Schema, ix.Name)
}

func (e *Env) constraintTable(oid uint32) (table uint32, err error) {
	err = e.DB.Query(`SELECT conrelid FROM "pg_catalog.pg_constraint" WHERE oid = ?1`, []value{intValue(oid)}, func(r []value) error {
		table = uint32(r[0].I)
		return nil
	})
	return table, err
}

// run changes SQLite's side. Tables that stay lose their references first, so that no drop finds rows that point at the table.
func (p *removal) run(e *Env) error {
	for _, name := range p.indexes {
		if err := e.DB.Exec("DROP INDEX IF EXISTS " + name); err != nil {
			return err
		}
	}
	for oid, old := range p.changed {
		rel, err := e.Catalog.RelationByOID(oid)
		if err != nil {
			return err
		}
		if err := e.rewrite(old, rel, nil); err != nil {
			return err
		}
	}
	for _, rel := range p.tables {
		if !refersOut(rel) {
			continue
		}
		// Among tables that go together a foreign key must not fire while the one it points at is emptied.
		bare := *rel
		bare.Constraints = nil
		if err := e.rewriteText(&bare); err != nil {
			return err
		}
	}
	for _, rel := range p.tables {
		if err := e.DB.Exec("DROP TABLE " + rel.Physical); err != nil {
			return err
		}
	}
	for _, oid := range p.sequences {
		if err := e.DB.Sequences().Drop(oid); err != nil {
			return err
		}
	}
	return nil
}

func refersOut(rel *catalog.Relation) bool {
	for _, k := range rel.Constraints {
		if k.Kind == 'f' {
			return true
		}
	}
	return false
}
