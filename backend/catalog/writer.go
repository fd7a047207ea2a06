package catalog

import (
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Execer runs SQLite SQL that gives no rows.
type Execer interface {
	Exec(sql string, args ...types.Value) error
}

// Store is a database in a write transaction. *storage.DB is one.
type Store interface {
	Querier
	Execer
}

// Writer changes the stored catalogs for DDL, inside the caller's write transaction. It writes rows and nothing else: physical
// tables, privileges and the catalog version are its caller's. A row it writes is complete: what PostgreSQL would
// fill in by default is filled in. Errors are *pgerr.Error or the store's.
type Writer struct{ s Store }

// NewWriter makes a writer on a store.
func NewWriter(s Store) *Writer { return &Writer{s} }

// counterTable holds pgd's own counters. No schema of a user can begin with pg_, so that the name is free.
const counterTable = `"pg_pgd.counter"`

// NewOID gives an OID no object of this database has had.
func (w *Writer) NewOID() (oid uint32, err error) {
	err = w.s.Query("UPDATE "+counterTable+" SET value = value + 1 WHERE name = 'oid' RETURNING value - 1", nil, func(r []types.Value) error {
		if r[0].I > 1<<32-1 {
			return pgerr.New(pgerr.ProgramLimitExceeded, "object identifiers of this database are used up")
		}
		oid = uint32(r[0].I)
		return nil
	})
	if err == nil && oid == 0 {
		err = pgerr.New(pgerr.DataCorrupted, "the counter of object identifiers is missing")
	}
	return oid, err
}

// table gives the physical name of a stored catalog.
func table(name string) string { return `"pg_catalog.` + name + `"` }

// insert adds one row; vals are all its columns in order.
func (w *Writer) insert(catalog string, vals ...any) error {
	args := make([]types.Value, len(vals))
	for i, v := range vals {
		args[i] = value(v)
	}
	return w.s.Exec("INSERT INTO "+table(catalog)+" VALUES (?"+strings.Repeat(",?", len(vals)-1)+")", args...)
}

// exec runs a statement with Go values.
func (w *Writer) exec(sql string, vals ...any) error {
	args := make([]types.Value, len(vals))
	for i, v := range vals {
		args[i] = value(v)
	}
	return w.s.Exec(sql, args...)
}

// nullable is a text column that is NULL when it is empty.
type nullable string

// value gives a Go value as it is stored. A byte is a "char": the empty string for 0.
func value(v any) types.Value {
	switch v := v.(type) {
	case nil:
		return types.NullValue
	case types.Value:
		return v
	case bool:
		return types.BoolValue(v)
	case byte:
		if v == 0 {
			return types.StringValue("")
		}
		return types.StringValue(string(rune(v)))
	case int:
		return types.IntValue(int64(v))
	case int16:
		return types.IntValue(int64(v))
	case int32:
		return types.IntValue(int64(v))
	case letter:
		return types.StringValue(string(v))
	case int64:
		return types.IntValue(v)
	case uint32:
		return types.IntValue(int64(v))
	case float64:
		return types.FloatValue(v)
	case string:
		return types.StringValue(v)
	case nullable:
		if v == "" {
			return types.NullValue
		}
		return types.StringValue(string(v))
	case ACL:
		return v.Value()
	}
	panic("catalog: no stored form for this Go type")
}

// letter is a character constant as a "char".
type letter rune

// Set changes one column of one object's row: Set(ClassRelation, oid, "relname", "t2").
func (w *Writer) Set(class, oid uint32, column string, v any) error {
	c := builtin.ClassByOID(class)
	key := "oid"
	if class == ClassIndex {
		key = "indexrelid"
	}
	return w.exec("UPDATE "+table(c.Name)+" SET "+PhysicalName(column)+" = ? WHERE "+key+" = ?", v, oid)
}

// SetColumn changes one column of a pg_attribute row.
func (w *Writer) SetColumn(rel uint32, attnum int16, column string, v any) error {
	return w.exec("UPDATE "+table("pg_attribute")+" SET "+PhysicalName(column)+" = ? WHERE attrelid = ? AND attnum = ?", v, rel, attnum)
}

// SetComment writes, changes or (empty text) removes the description of an object.
func (w *Writer) SetComment(a Address, text string) error {
	if err := w.exec("DELETE FROM "+table("pg_description")+" WHERE objoid = ? AND classoid = ? AND objsubid = ?", a.OID, a.Class, a.Sub); err != nil || text == "" {
		return err
	}
	return w.insert("pg_description", a.OID, a.Class, a.Sub, text)
}

// Depend records that one object needs another: kind is DependNormal, DependAuto or DependInternal. Needing an object
// that can never be dropped is not recorded.
func (w *Writer) Depend(dependent, on Address, kind rune) error {
	if pinned(on) {
		return nil
	}
	return w.insert("pg_depend", dependent.Class, dependent.OID, dependent.Sub, on.Class, on.OID, on.Sub, letter(kind))
}

// pinned tells that an object was made with the database and stays.
func pinned(a Address) bool {
	return a.OID < 12000 && !(a.Class == ClassNamespace && a.OID == builtin.SchemaPublic)
}

// CreateNamespace makes a schema; 42P06 where the name is taken.
func (w *Writer) CreateNamespace(name string, owner uint32) (oid uint32, err error) {
	taken := false
	err = w.s.Query("SELECT 1 FROM "+table("pg_namespace")+" WHERE nspname = ?", []types.Value{types.StringValue(name)}, func([]types.Value) error {
		taken = true
		return nil
	})
	switch {
	case err != nil:
		return 0, err
	case taken:
		return 0, pgerr.New(pgerr.DuplicateSchema, "schema \"%s\" already exists", name)
	}
	if oid, err = w.NewOID(); err != nil {
		return 0, err
	}
	return oid, w.insert("pg_namespace", oid, name, owner, nil)
}

// InsertDefault records a column's default or, for a generated column, its expression; src is SQL text.
func (w *Writer) InsertDefault(rel uint32, attnum int16, src string) (oid uint32, err error) {
	if oid, err = w.NewOID(); err != nil {
		return 0, err
	}
	if err = w.insert("pg_attrdef", oid, rel, attnum, src); err != nil {
		return 0, err
	}
	if err = w.SetColumn(rel, attnum, "atthasdef", true); err != nil {
		return 0, err
	}
	// The expression of a generated column is a part of it: what it needs cannot go without the column.
	kind := DependAuto
	err = w.s.Query("SELECT 1 FROM "+table("pg_attribute")+" WHERE attrelid = ? AND attnum = ? AND attgenerated <> ''",
		[]types.Value{value(rel), value(attnum)}, func([]types.Value) error { kind = DependInternal; return nil })
	if err != nil {
		return 0, err
	}
	return oid, w.Depend(Address{ClassAttrdef, oid, 0}, Address{ClassRelation, rel, int32(attnum)}, kind)
}

// DefaultOf gives the OID of a column's pg_attrdef row, 0 for none: what a default's expression needs is recorded as its dependencies.
func (w *Writer) DefaultOf(rel uint32, attnum int16) (oid uint32, err error) {
	err = w.s.Query("SELECT oid FROM "+table("pg_attrdef")+" WHERE adrelid = ? AND adnum = ?",
		[]types.Value{value(rel), value(attnum)}, func(r []types.Value) error { oid = uint32(r[0].I); return nil })
	return oid, err
}

// DeleteDefault removes a column's default, where it has one.
func (w *Writer) DeleteDefault(rel uint32, attnum int16) error {
	oid, err := w.DefaultOf(rel, attnum)
	if err != nil || oid == 0 {
		return err
	}
	return w.Delete(Address{ClassAttrdef, oid, 0})
}
