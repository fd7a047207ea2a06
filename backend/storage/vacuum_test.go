package storage

import "testing"

// Ensure that VACUUM gives pages back, while others read, also where an index calls one of our functions.
func TestVacuum(t *testing.T) {
	for _, full := range []bool{false, true} {
		d := newDB(t, testFunctions)
		write(t, d, `CREATE TABLE t(a TEXT)`, `CREATE INDEX i ON t(upper_2(a))`,
			`INSERT INTO t SELECT printf('%500s', x) FROM (WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r WHERE x < 500) SELECT x FROM r)`)
		e := openDB(t, d.cfg.Dir, testFunctions)
		begin(t, e, RepeatableRead)
		startRead(t, e)
		write(t, d, `DELETE FROM t WHERE rowid > 10`)
		free, before, err := d.FreePages()
		must(t, err)
		if free == 0 {
			t.Fatal("no free pages")
		}
		f := openDB(t, d.cfg.Dir, testFunctions)
		must(t, f.Vacuum(full, TurnOptions{}))
		free, after, err := f.FreePages()
		must(t, err)
		if free != 0 || after >= before {
			t.Errorf("full %t: %d of %d pages free, before %d", full, free, after, before)
		}
		if got := rows(t, e, `SELECT count(*) FROM t`); got != "500;" {
			t.Error(got)
		}
		must(t, e.Commit(CommitOptions{}))
		if got := rows(t, e, `SELECT count(*) FROM t`); got != "10;" {
			t.Error(got)
		}
	}
}
