package storage

import (
	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// checkpointAll moves the whole log into the file, syncs it and empties the log. It needs the database to itself.
func (d *DB) checkpointAll() error {
	_, _, err := d.conn.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	return sqliteError(err)
}

// Integrity checks the file and every foreign key and gives what is wrong, one line each; nil is a sound database.
func (d *DB) Integrity() ([]string, error) {
	var problems []string
	err := d.Query(`PRAGMA integrity_check(100)`, nil, func(row []types.Value) error {
		if text := string(row[0].B); text != "ok" {
			problems = append(problems, text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = d.Query(`PRAGMA foreign_key_check`, nil, func(row []types.Value) error {
		problems = append(problems, pgerr.New(pgerr.ForeignKeyViolation, "row %d of %q has no counterpart in %q",
			row[1].I, row[0].B, row[2].B).Message)
		return nil
	})
	return problems, err
}
