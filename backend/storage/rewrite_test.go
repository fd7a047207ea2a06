package storage

import (
	"errors"
	"testing"

	"pgd/backend/pgerr"
)

// Ensure that a table's text can be rewritten: checks added and removed, columns renamed, NOT NULL, defaults, schema names with dots.
func TestRewriteTable(t *testing.T) {
	d := newDB(t, testFunctions)
	other := openDB(t, d.cfg.Dir, testFunctions)
	write(t, d, `CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, a INTEGER)`, `CREATE UNIQUE INDEX "s.u" ON "s.t"(a)`,
		`INSERT INTO "s.t" VALUES (1, 10)`)
	v := startRead(t, other)
	other.EndRead()
	steps := []struct{ sql, good, bad, code string }{
		{`CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, a INTEGER, CHECK (a > 0))`, `INSERT INTO "s.t" VALUES (2, 20)`, `INSERT INTO "s.t" VALUES (3, -1)`, pgerr.IntegrityConstraintViolation},
		{`CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, a INTEGER, CHECK (a IS NOT NULL OR fail_notnull('a')))`, `INSERT INTO "s.t" VALUES (3, -1)`, `INSERT INTO "s.t" VALUES (4, NULL)`, pgerr.NotNullViolation},
		{`CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, a INTEGER DEFAULT 77)`, `INSERT INTO "s.t"(id) VALUES (5)`, `SELECT a, b FROM "s.t"`, pgerr.InternalError},
	}
	for _, s := range steps {
		begin(t, d, ReadCommitted)
		startWrite(t, d)
		must(t, d.RewriteTable(`"s.t"`, s.sql))
		must(t, d.Exec(s.good))
		must(t, d.Savepoint("x"))
		_, err := query(d, s.bad)
		wantCode(t, err, s.code)
		must(t, d.RollbackTo("x"))
		must(t, d.Commit(CommitOptions{}))
		if w := startRead(t, other); w <= v {
			t.Errorf("version %d after %d", w, v)
		}
		other.EndRead()
		_, err = query(other, s.bad)
		wantCode(t, err, s.code)
	}
	if got := rows(t, other, `SELECT * FROM "s.t" ORDER BY 1`); got != "1|10;2|20;3|-1;5|77;" {
		t.Error(got)
	}
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.RewriteSchema(SchemaText{Physical: `"s.t"`, SQL: `CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, b INTEGER)`},
		SchemaText{Index: true, Physical: `"s.u"`, SQL: `CREATE UNIQUE INDEX "s.u" ON "s.t"(b)`}))
	if got := rows(t, d, `SELECT b FROM "s.t" WHERE b = 20`); got != "20;" {
		t.Error(got)
	}
	must(t, d.Commit(CommitOptions{}))
	if got := rows(t, other, `SELECT b FROM "s.t" WHERE b = 20`); got != "20;" {
		t.Error(got)
	}
}

// Ensure that a rewrite goes with the transaction or savepoint it was made in, and that a broken text is an error and no more.
func TestRewriteRollsBack(t *testing.T) {
	d, other := pair(t)
	const checked = `CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER CHECK (n < 5))`
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	before := startRead(t, d)
	must(t, d.Savepoint("a"))
	must(t, d.RewriteTable(`t`, checked))
	must(t, d.RollbackTo("a"))
	must(t, d.Exec(`INSERT INTO t VALUES (2, 50)`))
	if v := startRead(t, d); v != before {
		t.Errorf("version %d, was %d", v, before)
	}
	must(t, d.RewriteTable(`t`, checked))
	must(t, d.Exec(`ALTER TABLE t ADD COLUMN x`))
	must(t, d.Rollback())
	write(t, d, `INSERT INTO t VALUES (2, 50)`)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	if err := d.RewriteTable(`t`, `CREATE TABLE t(id INTEGER`); err == nil {
		t.Error("a broken text was taken")
	}
	must(t, d.Rollback())
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	wantCode(t, d.RewriteTable(`nope`, checked), pgerr.InternalError)
	must(t, d.Rollback())
	var e *pgerr.Error
	if err := d.Exec(`UPDATE sqlite_schema SET sql = ''`); !errors.As(err, &e) {
		t.Error("the schema can be written")
	}
	if got := rows(t, other, `SELECT * FROM t`); got != "1|0;2|50;" {
		t.Error(got)
	}
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`CREATE TEMP TABLE tt(a INTEGER)`))
	must(t, d.RewriteTable(`temp."tt"`, `CREATE TABLE tt(a INTEGER CHECK (a > 1))`))
	if err := d.Exec(`INSERT INTO temp.tt VALUES (1)`); err == nil {
		t.Error("check of a temporary table not applied")
	}
	must(t, d.BumpVersion())
	must(t, d.Commit(CommitOptions{}))
	if v := startRead(t, other); v <= before {
		t.Error(v)
	}
	other.EndRead()
}
