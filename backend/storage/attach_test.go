package storage

import (
	"path/filepath"
	"testing"
)

// Ensure that the shared catalog is found when a statement first names it, inside a transaction too, and that it cannot be written.
func TestSharedCatalog(t *testing.T) {
	s := newDB(t, nil)
	write(t, s, `CREATE TABLE "pg_catalog.pg_database"(oid INTEGER PRIMARY KEY, datname TEXT); INSERT INTO "pg_catalog.pg_database" VALUES (5,'postgres')`)
	d := newDB(t, nil)
	d.cfg.SharedCatalog = filepath.Join(s.cfg.Dir, mainFile)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`CREATE TABLE t(a INTEGER)`))
	if got := rows(t, d, `SELECT datname FROM shared."pg_catalog.pg_database" WHERE oid = 5`); got != "postgres;" {
		t.Error(got)
	}
	must(t, d.Exec(`INSERT INTO t SELECT oid FROM shared."pg_catalog.pg_database"`))
	if err := d.Exec(`DELETE FROM shared."pg_catalog.pg_database"`); err == nil {
		t.Error("written")
	}
	must(t, d.Commit(CommitOptions{}))
	write(t, s, `INSERT INTO "pg_catalog.pg_database" VALUES (16384,'new')`)
	write(t, d, `INSERT INTO t VALUES (7)`)
	if got := rows(t, d, `SELECT count(*) FROM shared."pg_catalog.pg_database", t`); got != "4;" {
		t.Error(got)
	}
	if _, err := query(d, `SELECT * FROM shared."nope"`); err == nil {
		t.Error("no error for a relation that is not there")
	}
	begin(t, d, RepeatableRead)
	startRead(t, d)
	rows(t, d, `SELECT count(*) FROM shared."pg_catalog.pg_database"`)
	d.EndRead()
	must(t, d.Commit(CommitOptions{}))
}
