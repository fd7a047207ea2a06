package storage

import (
	"errors"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// BumpVersion moves the schema version, which tells every process to forget its plans and what it knows of the catalog.
func (d *DB) BumpVersion() error {
	if !d.Writing() {
		return errNoWriteTurn
	}
	return d.undefended(func() error { return d.bump("main") })
}

func (d *DB) bump(schema string) error {
	var version int64
	err := d.Query(`PRAGMA `+schema+`.schema_version`, nil, func(row []types.Value) error {
		version = row[0].I
		return nil
	})
	if err != nil {
		return err
	}
	return d.Exec(`PRAGMA ` + schema + `.schema_version = ` + strconv.FormatInt(int64(int32(version+1)), 10))
}

// undefended lets f write where only SQLite itself does. Outside it a statement that tried would be refused.
func (d *DB) undefended(f func() error) error {
	if _, err := d.conn.Config(sqlite3.DBCONFIG_DEFENSIVE, false); err != nil {
		return sqliteError(err)
	}
	err := f()
	if _, e := d.conn.Config(sqlite3.DBCONFIG_DEFENSIVE, true); err == nil && e != nil {
		err = sqliteError(e)
	}
	return err
}

// SchemaText is a new CREATE text for a table or index of the database file. Physical is the name as catalog.PhysicalTable gives it, or bare.
type SchemaText struct {
	Index         bool
	Physical, SQL string
}

// RewriteTable is RewriteSchema for one table.
func (d *DB) RewriteTable(physical, createSQL string) error {
	return d.RewriteSchema(SchemaText{Physical: physical, SQL: createSQL})
}

// RewriteSchema gives tables and indexes another CREATE text without touching their rows, for what ALTER TABLE of SQLite's cannot do:
// constraints, defaults, names of columns. What depends on each other has to be given in one call. The caller answers for
// the rows fitting the new texts. It is part of the transaction and goes with it.
func (d *DB) RewriteSchema(texts ...SchemaText) error {
	if !d.Writing() {
		return errNoWriteTurn
	}
	err := d.undefended(func() error {
		if err := d.Exec(`PRAGMA writable_schema = ON`); err != nil {
			return err
		}
		err := d.writeTexts(texts)
		// RESET also makes SQLite read the schema anew, from inside the transaction.
		if e := d.Exec(`PRAGMA writable_schema = RESET`); err == nil {
			err = e
		}
		return err
	})
	if err != nil {
		return err
	}
	// The new texts are only parsed when the schema is next needed: an error in one of them is this call's.
	if err := d.Query(`SELECT 1 FROM sqlite_schema LIMIT 1`, nil, nil); err != nil {
		var cause error = err
		if e := errors.Unwrap(err); e != nil {
			cause = e
		}
		return pgerr.New(pgerr.InternalError, "the rewritten schema is not valid: %s", cause).WithCause(err)
	}
	return nil
}

func (d *DB) writeTexts(texts []SchemaText) error {
	schemas := map[string]bool{}
	for _, t := range texts {
		schema, name := splitPhysical(t.Physical)
		kind := "table"
		if t.Index {
			kind = "index"
		}
		err := d.Exec(`UPDATE `+schema+`.sqlite_schema SET sql = ?1 WHERE type = ?2 AND name = ?3`,
			types.StringValue(t.SQL), types.StringValue(kind), types.StringValue(name))
		if err != nil {
			return err
		}
		if d.Changes() != 1 {
			return pgerr.New(pgerr.InternalError, "%s %q is not in the database file", kind, name)
		}
		schemas[schema] = true
	}
	for schema := range schemas {
		if err := d.bump(schema); err != nil {
			return err
		}
	}
	return nil
}

// splitPhysical takes apart what catalog.PhysicalTable gives: `"name"` or `temp."name"`.
func splitPhysical(physical string) (schema, name string) {
	schema, name = "main", physical
	for _, s := range []string{"main", "temp"} {
		if rest, ok := strings.CutPrefix(physical, s+`."`); ok {
			schema, name = s, `"`+rest
		}
	}
	if len(name) >= 2 && name[0] == '"' && name[len(name)-1] == '"' {
		name = strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
	}
	return schema, name
}
