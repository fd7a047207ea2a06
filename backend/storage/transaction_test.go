package storage

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func begin(t testing.TB, d *DB, level Isolation) {
	t.Helper()
	must(t, d.Begin(level, false))
}

func startRead(t testing.TB, d *DB) int64 {
	t.Helper()
	v, err := d.StartRead()
	must(t, err)
	return v
}

func startWrite(t testing.TB, d *DB) int64 {
	t.Helper()
	v, err := d.StartWrite(TurnOptions{})
	must(t, err)
	return v
}

// pair makes a database with a table t(id, n) holding (1, 0) and opens it twice.
func pair(t testing.TB) (a, b *DB) {
	a = newDB(t, nil)
	write(t, a, `CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1,0)`)
	return a, openDB(t, a.cfg.Dir, nil)
}

const readN = `SELECT n FROM t WHERE id = 1`

// Ensure that READ COMMITTED sees each commit in its next statement and that REPEATABLE READ does not.
func TestSnapshots(t *testing.T) {
	a, b := pair(t)
	begin(t, a, ReadCommitted)
	startRead(t, a)
	rows(t, a, readN)
	write(t, b, `UPDATE t SET n = 1`)
	if got := rows(t, a, readN); got != "0;" {
		t.Errorf("inside the statement: %s", got)
	}
	a.EndRead()
	startRead(t, a)
	if got := rows(t, a, readN); got != "1;" {
		t.Errorf("next statement: %s", got)
	}
	a.EndRead()
	must(t, a.Rollback())

	begin(t, a, RepeatableRead)
	startRead(t, a)
	a.EndRead()
	write(t, b, `UPDATE t SET n = 2`)
	startRead(t, a)
	if got := rows(t, a, readN); got != "1;" {
		t.Errorf("repeatable read: %s", got)
	}
	a.EndRead()
	_, err := a.StartWrite(TurnOptions{})
	wantCode(t, err, pgerr.SerializationFailure)
	must(t, a.Rollback())
	write(t, b, `UPDATE t SET n = 3`)
}

// Ensure that REPEATABLE READ may write when nobody else has, and reads its own writes.
func TestRepeatableReadWrites(t *testing.T) {
	a, b := pair(t)
	begin(t, a, RepeatableRead)
	startRead(t, a)
	a.EndRead()
	startWrite(t, a)
	must(t, a.Exec(`UPDATE t SET n = n + 5`))
	if got := rows(t, a, readN); got != "5;" {
		t.Error(got)
	}
	if got := rows(t, b, readN); got != "0;" {
		t.Error(got)
	}
	must(t, a.Commit(CommitOptions{}))
	if got := rows(t, b, readN); got != "5;" {
		t.Error(got)
	}
}

// Ensure that a read-only transaction is refused the write turn.
func TestReadOnlyTransaction(t *testing.T) {
	d := newDB(t, nil)
	must(t, d.Begin(ReadCommitted, true))
	_, err := d.StartWrite(TurnOptions{})
	wantCode(t, err, pgerr.ReadOnlySqlTransaction)
	must(t, d.Rollback())
}

// Ensure that savepoints of equal names nest, that those made before the first write work, and that hooks follow them.
func TestSavepoints(t *testing.T) {
	d, _ := pair(t)
	begin(t, d, ReadCommitted)
	must(t, d.Savepoint("s"))
	startWrite(t, d)
	must(t, d.Exec(`UPDATE t SET n = 1`))
	var events []string
	note := func(name string) {
		d.OnEnd(func(ok bool) {
			if ok {
				name += "+"
			}
			events = append(events, name)
		})
	}
	note("one")
	must(t, d.Savepoint("s"))
	must(t, d.Exec(`UPDATE t SET n = 2`))
	note("two")
	must(t, d.RollbackTo("s"))
	if got := rows(t, d, readN); got != "1;" {
		t.Error(got)
	}
	must(t, d.Release("s"))
	must(t, d.Exec(`UPDATE t SET n = 7`))
	must(t, d.RollbackTo("s"))
	if got := rows(t, d, readN); got != "0;" {
		t.Error(got)
	}
	wantCode(t, d.RollbackTo("nope"), pgerr.InvalidSavepointSpecification)
	must(t, d.Exec(`UPDATE t SET n = 9`))
	note("three")
	must(t, d.Commit(CommitOptions{}))
	if got := rows(t, d, readN); got != "9;" {
		t.Error(got)
	}
	if len(events) != 3 || events[0] != "two" || events[1] != "one" || events[2] != "three+" {
		t.Error(events)
	}
}

// Ensure that the statement's error leaves the transaction usable from a savepoint on.
func TestErrorThenRollbackToSavepoint(t *testing.T) {
	d, _ := pair(t)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`UPDATE t SET n = 1`))
	must(t, d.Savepoint("s"))
	_, err := query(d, `INSERT INTO t VALUES (2, 0), (1, 0)`)
	var ce *ConstraintError
	if !errors.As(err, &ce) {
		t.Fatal(err)
	}
	must(t, d.RollbackTo("s"))
	must(t, d.Commit(CommitOptions{}))
	if got := rows(t, d, `SELECT * FROM t`); got != "1|1;" {
		t.Error(got)
	}
}

// Ensure that a foreign key violated at commit is found before and rolls back at commit.
func TestDeferredViolations(t *testing.T) {
	d := newDB(t, nil)
	write(t, d, `CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)`)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`INSERT INTO c VALUES (1)`))
	if !d.DeferredViolations() {
		t.Error("violation not seen")
	}
	var ce *ConstraintError
	if err := d.Commit(CommitOptions{}); !errors.As(err, &ce) || ce.Kind != "foreign" {
		t.Errorf("got %v", err)
	}
	if d.InTransaction() || rows(t, d, `SELECT count(*) FROM c`) != "0;" {
		t.Error("not rolled back")
	}
}

// Ensure that an interrupt stops a query with its own error, and that a write it stopped dooms the transaction.
func TestInterrupt(t *testing.T) {
	d, other := pair(t)
	var pending atomic.Pointer[pgerr.Error]
	d.cfg.Interrupted = func() error {
		if e := pending.Swap(nil); e != nil {
			return e
		}
		return nil
	}
	cancel := pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
	const forever = `WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r) `
	after := time.AfterFunc(20*time.Millisecond, func() { pending.Store(cancel) })
	if _, err := query(d, forever+`SELECT count(*) FROM r`); err != cancel {
		t.Errorf("got %v", err)
	}
	after.Stop()
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Savepoint("s"))
	time.AfterFunc(20*time.Millisecond, func() { pending.Store(cancel) })
	if _, err := query(d, forever+`INSERT INTO t SELECT x + 10, 0 FROM r`); err != cancel {
		t.Errorf("got %v", err)
	}
	if d.Writing() {
		t.Error("still writing")
	}
	calls := 0
	d.cfg.Resolve = func(string, int) (*Function, bool) {
		return &Function{Scalar: func(a []types.Value) (types.Value, error) { calls++; return a[0], nil }}, true
	}
	_, err := d.StartRead()
	wantCode(t, err, pgerr.InFailedSqlTransaction)
	wantCode(t, d.RollbackTo("s"), pgerr.TransactionRollback)
	must(t, d.Rollback())
	write(t, other, `UPDATE t SET n = 3`)
	write(t, d, `UPDATE t SET n = 4`)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`UPDATE t SET n = 5`))
	must(t, d.Savepoint("s"))
	time.AfterFunc(20*time.Millisecond, func() { pending.Store(cancel) })
	if _, err := query(d, forever+`INSERT INTO t SELECT f_1(x) + 10, 0 FROM r`); err != cancel || calls == 0 {
		t.Errorf("got %v after %d calls", err, calls)
	}
	must(t, d.RollbackTo("s"))
	must(t, d.Commit(CommitOptions{}))
	if got := rows(t, d, `SELECT * FROM t`); got != "1|5;" {
		t.Error(got)
	}
}

// Ensure that limits of SQLite's are answered with the SQLSTATE of a limit.
func TestLimits(t *testing.T) {
	d := newDB(t, nil)
	d.conn.HardHeapLimit(50 << 20)
	deep := "1"
	for range 1200 {
		deep = "(" + deep + "+1)"
	}
	many := "SELECT 1"
	for range 2100 {
		many += ",1"
	}
	for _, c := range []struct{ sql, code string }{
		{"SELECT " + deep, pgerr.StatementTooComplex}, {many, pgerr.TooManyColumns},
		{"SELECT ?40000", pgerr.ProgramLimitExceeded}, {"SELECT zeroblob(1073741825)", pgerr.ProgramLimitExceeded},
		{"SELECT length(zeroblob(40000000)||zeroblob(40000000))", pgerr.OutOfMemory},
	} {
		_, err := query(d, c.sql)
		wantCode(t, err, c.code)
	}
	if got := rows(t, d, "SELECT 1", []types.Value{}...); got != "1;" {
		t.Error(got)
	}
}
