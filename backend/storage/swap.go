package storage

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// SwapTables exchanges what two tables of one schema of SQLite hold: each gets the other's rows and CREATE text but keeps its own name, so
// that references to it by name stay as they are. Neither may have indexes. It is how a table is rebuilt: the new form is filled
// under another name, swapped, and the old one dropped. It is part of the transaction and goes with it.
func (d *DB) SwapTables(a, b string) error {
	if !d.Writing() {
		return errNoWriteTurn
	}
	schema, nameA := splitPhysical(a)
	schemaB, nameB := splitPhysical(b)
	if schema != schemaB {
		return pgerr.New(pgerr.InternalError, "tables of two schemas cannot be swapped")
	}
	return d.undefended(func() error {
		if err := d.Exec(`PRAGMA writable_schema = ON`); err != nil {
			return err
		}
		err := d.exchange(schema, nameA, nameB)
		if e := d.Exec(`PRAGMA writable_schema = RESET`); err == nil {
			err = e
		}
		return err
	})
}

// exchange swaps root pages and texts. A text names its table: SQLite takes the name from the row, and the text's own is put right here
// by taking the part after it.
func (d *DB) exchange(schema, a, b string) error {
	type entry struct {
		root int64
		sql  string
	}
	read := func(name string) (e entry, err error) {
		found := false
		err = d.Query(`SELECT rootpage, sql FROM `+schema+`.sqlite_schema WHERE type = 'table' AND name = ?1`, []types.Value{types.StringValue(name)},
			func(row []types.Value) error {
				e, found = entry{row[0].I, string(row[1].B)}, true
				return nil
			})
		if err == nil && !found {
			err = pgerr.New(pgerr.InternalError, "table %q is not in the database file", name)
		}
		return e, err
	}
	ea, err := read(a)
	if err != nil {
		return err
	}
	eb, err := read(b)
	if err != nil {
		return err
	}
	write := func(name string, e entry) error {
		return d.Exec(`UPDATE `+schema+`.sqlite_schema SET rootpage = ?1, sql = ?2 WHERE type = 'table' AND name = ?3`,
			types.IntValue(e.root), types.StringValue(renamedCreate(e.sql, name)), types.StringValue(name))
	}
	if err := write(a, eb); err != nil {
		return err
	}
	if err := write(b, ea); err != nil {
		return err
	}
	return d.bump(schema)
}

// renamedCreate puts another name into a CREATE TABLE as SQLite keeps it: CREATE TABLE, the quoted name, the rest.
func renamedCreate(sql, name string) string {
	const start = "CREATE TABLE "
	rest := sql[len(start):]
	end := 0
	if rest != "" && rest[0] == '"' {
		for end = 1; end < len(rest); end++ {
			if rest[end] == '"' {
				if end+1 < len(rest) && rest[end+1] == '"' {
					end++
					continue
				}
				end++
				break
			}
		}
	} else {
		for end < len(rest) && rest[end] != ' ' && rest[end] != '(' {
			end++
		}
	}
	return start + quoteName(name) + rest[end:]
}

func quoteName(name string) string {
	out := make([]byte, 0, len(name)+2)
	out = append(out, '"')
	for i := 0; i < len(name); i++ {
		if name[i] == '"' {
			out = append(out, '"')
		}
		out = append(out, name[i])
	}
	return string(append(out, '"'))
}
