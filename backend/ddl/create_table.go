package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// createTable carries out CREATE TABLE.
func (e *Env) createTable(n *parse.CreateStmt) (string, error) {
	const consumed = parse.Has_CreateStmt_Relation | parse.Has_CreateStmt_TableElts | parse.Has_CreateStmt_Constraints | parse.Has_CreateStmt_Options |
		parse.Has_CreateStmt_Oncommit | parse.Has_CreateStmt_Tablespacename | parse.Has_CreateStmt_AccessMethod | parse.Has_CreateStmt_IfNotExists
	if err := analyze.Only(n, consumed, n.Relation.Location); err != nil {
		return "", err
	}
	t := &table{name: n.Relation.Relname, options: optionTexts(n.Options), unlogged: n.Relation.Relpersistence == "u", onCommit: n.Oncommit}
	if err := e.place(t, n.Relation, n.Oncommit); err != nil {
		return "", err
	}
	if err := e.storageOptions('r', n.Options, n.Tablespacename, n.AccessMethod); err != nil {
		return "", err
	}
	if skip, err := e.relationTaken(t.schema, t.name, n.IfNotExists); skip || err != nil {
		return "CREATE TABLE", err
	}
	if err := e.elements(t, n.TableElts); err != nil {
		return "", err
	}
	_, err := e.makeTable(t)
	return "CREATE TABLE", err
}

// place settles the schema a new relation goes to.
func (e *Env) place(t *table, rv *parse.RangeVar, onCommit parse.OnCommitAction) error {
	schema, temp, err := e.creationSchema(rv)
	if err != nil {
		return err
	}
	t.schema, t.temp = schema, temp
	if !temp && onCommit != parse.OnCommitAction_ONCOMMIT_NOOP && onCommit != parse.OnCommitAction_ON_COMMIT_ACTION_UNDEFINED {
		return pgerr.New(pgerr.InvalidTableDefinition, "ON COMMIT can only be used on temporary tables")
	}
	if onCommit == parse.OnCommitAction_ONCOMMIT_DROP || onCommit == parse.OnCommitAction_ONCOMMIT_DELETE_ROWS {
		return pgerr.Unsupported(rv.Location, "ON COMMIT DROP and ON COMMIT DELETE ROWS are not supported")
	}
	return nil
}

// makeTable makes a table that has been read: catalog rows, then SQLite's table and indexes.
func (e *Env) makeTable(t *table) (*catalog.Relation, error) {
	if len(t.columns) > 1600 {
		return nil, pgerr.New(pgerr.TooManyColumns, "tables can have at most 1600 columns")
	}
	if err := systemColumns(t); err != nil {
		return nil, err
	}
	rel, err := e.storeTable(t)
	if err != nil {
		return nil, err
	}
	for i, c := range t.columns {
		if err := e.columnExpression(rel, i, c); err != nil {
			return nil, err
		}
	}
	if rel, err = e.reload(rel.OID); err != nil {
		return nil, err
	}
	if rel, err = e.addConstraints(rel, t.constraints); err != nil {
		return nil, err
	}
	if err := e.buildPhysical(withRowid(rel)); err != nil {
		return nil, err
	}
	if len(t.likes) == 0 {
		return rel, nil
	}
	if rel, err = e.reload(rel.OID); err != nil {
		return nil, err
	}
	for _, l := range t.likes {
		if err := e.likeMore(rel, l); err != nil {
			return nil, err
		}
	}
	if err := e.refresh(); err != nil {
		return nil, err
	}
	return rel, nil
}

// buildPhysical makes SQLite's table and indexes of a new relation.
func (e *Env) buildPhysical(rel *catalog.Relation) error {
	sql, err := e.physicalSQL(rel, rel.Physical)
	if err != nil {
		return err
	}
	if err := e.DB.Exec(sql); err != nil {
		return err
	}
	for _, ix := range rel.Indexes {
		if err := e.buildIndex(rel, ix); err != nil {
			return err
		}
	}
	return nil
}

// buildIndex makes SQLite's index; the primary key that is the rowid has none.
func (e *Env) buildIndex(rel *catalog.Relation, ix *catalog.Index) error {
	if isRowid(rel, ix) {
		return nil
	}
	sql, err := e.indexSQL(rel, ix)
	if err != nil {
		return err
	}
	if err := e.DB.Exec(sql); err != nil {
		return e.indexFailure(rel, ix, err)
	}
	return nil
}

// withRowid chooses the column of a new table that is SQLite's rowid: a primary key of one integer column. The catalog finds the choice in
// SQLite's schema from then on. A table with generated columns has none: a NULL in the rowid is found before SQLite has computed
// them, and the error shows the row.
func withRowid(rel *catalog.Relation) *catalog.Relation {
	for i := range rel.Columns {
		if rel.Columns[i].Generated != 0 {
			return rel
		}
	}
	for _, k := range rel.Constraints {
		if k.Kind != 'p' || len(k.Columns) != 1 || k.Deferrable {
			continue
		}
		c := &rel.Columns[k.Columns[0]-1]
		if c.Type != types.Int2OID && c.Type != types.Int4OID && c.Type != types.Int8OID {
			continue
		}
		out := *rel
		out.RowidColumn = int(k.Columns[0]) - 1
		return &out
	}
	return rel
}

func isRowid(rel *catalog.Relation, ix *catalog.Index) bool {
	return ix.Primary && rel.RowidColumn >= 0 && ix.KeyCount == 1 && int(ix.Columns[0]) == rel.RowidColumn+1
}

// systemColumns refuses names every table has already.
func systemColumns(t *table) error {
	for _, c := range t.columns {
		if isSystemColumn(c.name) {
			return pgerr.New(pgerr.DuplicateColumn, "column name \"%s\" conflicts with a system column name", c.name)
		}
	}
	return nil
}

// storeTable writes the catalog rows of a table and its columns, without expressions and constraints.
func (e *Env) storeTable(t *table) (*catalog.Relation, error) {
	ns, err := e.namespace(t.schema)
	if err != nil {
		return nil, err
	}
	r := catalog.NewRelation{Name: t.name, Namespace: ns, Kind: 'r', Owner: e.User, Temp: t.temp, Options: t.options}
	for _, c := range t.columns {
		r.Columns = append(r.Columns, catalog.NewColumn{Name: c.name, Type: c.typ, Typmod: c.mod, Collation: c.coll, NotNull: c.notNull,
			Identity: c.identity, Generated: c.generated})
	}
	oid, err := e.writer().CreateRelation(r)
	if err != nil {
		return nil, err
	}
	if err := e.grantDefaults(oid, ns, e.User, 'r'); err != nil {
		return nil, err
	}
	if t.unlogged {
		if err := e.writer().Set(catalog.ClassRelation, oid, "relpersistence", byte('u')); err != nil {
			return nil, err
		}
	}
	return e.reload(oid)
}

// reload reads a relation again after a change.
func (e *Env) reload(oid uint32) (*catalog.Relation, error) {
	if err := e.refresh(); err != nil {
		return nil, err
	}
	rel, err := e.Catalog.RelationByOID(oid)
	if err == nil && rel == nil {
		err = pgerr.New(pgerr.InternalError, "could not open relation with OID %d", oid)
	}
	return rel, err
}
