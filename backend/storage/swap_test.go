package storage

import (
	"strings"
	"testing"

	"pgd/backend/types"
)

// Ensure that a rebuilt table takes the old one's place with rows, references and file whole, and that a rollback undoes it.
func TestSwapTables(t *testing.T) {
	d, err := Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	exec := func(sql string) { t.Helper(); must(d.Exec(sql)) }
	begin := func() {
		t.Helper()
		must(d.Begin(ReadCommitted, false))
		_, err := d.StartWrite(TurnOptions{})
		must(err)
	}
	begin()
	exec(`CREATE TABLE "p" ("a" INTEGER, "b" TEXT)`)
	exec(`CREATE TABLE "c" ("a" INTEGER, FOREIGN KEY ("a") REFERENCES "p" ("a") DEFERRABLE INITIALLY DEFERRED)`)
	exec(`CREATE UNIQUE INDEX "p_a" ON "p" ("a")`)
	exec(`INSERT INTO "p" VALUES (2, 'x'), (1, 'y')`)
	exec(`INSERT INTO "c" VALUES (1), (2)`)
	must(d.Commit(CommitOptions{}))

	for _, commit := range []bool{false, true} {
		begin()
		exec(`CREATE TABLE "^rebuild" ("a" INTEGER PRIMARY KEY, "b" TEXT)`)
		exec(`DROP INDEX "p_a"`)
		exec(`INSERT INTO "^rebuild" SELECT a, b FROM "p" ORDER BY a`)
		must(d.SwapTables(`"p"`, `"^rebuild"`))
		exec(`DROP TABLE "^rebuild"`)
		exec(`INSERT INTO "p" VALUES (3, 'z')`)
		exec(`INSERT INTO "c" VALUES (3)`)
		if d.DeferredViolations() {
			t.Error("a reference to the rebuilt table is open")
		}
		if commit {
			must(d.Commit(CommitOptions{}))
		} else {
			must(d.Rollback())
		}
	}
	var sql string
	must(d.Begin(ReadCommitted, false))
	_, err = d.StartRead()
	must(err)
	must(d.Query(`SELECT sql FROM sqlite_schema WHERE name = 'p'`, nil, func(r []types.Value) error { sql = string(r[0].B); return nil }))
	if !strings.HasPrefix(sql, `CREATE TABLE "p" ("a" INTEGER PRIMARY KEY`) {
		t.Errorf("schema text is %s", sql)
	}
	n := int64(0)
	must(d.Query(`SELECT count(*) FROM p`, nil, func(r []types.Value) error { n = r[0].I; return nil }))
	if n != 3 {
		t.Errorf("%d rows, 3 wanted", n)
	}
	d.EndRead()
	must(d.Rollback())
	if bad, err := d.Integrity(); err != nil || len(bad) > 0 {
		t.Errorf("integrity: %v %v", bad, err)
	}
}
