package storage

import (
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
)

// Isolation is a transaction's isolation level.
type Isolation uint8

// The levels; READ UNCOMMITTED is ReadCommitted.
const (
	ReadCommitted Isolation = iota
	RepeatableRead
	Serializable
)

type txnState uint8

const (
	txnNone txnState = iota
	txnOpen
	txnWriting
)

// transaction is the state of the current PostgreSQL transaction. SQLite has one of its own only while writing: until then a
// snapshot is held by an open read statement, the pin, which costs no BEGIN and COMMIT.
type transaction struct {
	state    txnState
	level    Isolation
	readOnly bool
	pinned   bool
	// doomed: SQLite rolled back by itself; the transaction can only be rolled back.
	doomed     bool
	version    int64
	savepoints []savepoint
	hooks      []func(committed bool)
	// readTicket is the last commit that anything read so far may contain; it outlives the transaction.
	readTicket, sequenceTicket uint64
}

// CommitOptions say what Commit waits for. Async is synchronous_commit = off.
type CommitOptions struct{ Async bool }

func (d *DB) prepareTransactions() (err error) {
	if d.turn, err = openTurn(d.cfg.Dir); err != nil {
		return fileError(err)
	}
	if d.wal, err = openFile(filepath.Join(d.cfg.Dir, walFile), 0); err != nil {
		return fileError(err)
	}
	for _, p := range []struct {
		to  **sqlite3.Stmt
		sql string
	}{{&d.pin, `PRAGMA schema_version`}, {&d.begin, `BEGIN IMMEDIATE`}, {&d.commit, `COMMIT`}, {&d.rollback, `ROLLBACK`}} {
		if *p.to, err = d.prepareFixed(p.sql); err != nil {
			return err
		}
	}
	return nil
}

// Begin opens a transaction. It takes no lock and no snapshot.
func (d *DB) Begin(level Isolation, readOnly bool) error {
	if d.txn.state != txnNone {
		return pgerr.New(pgerr.ActiveSqlTransaction, "there is already a transaction in progress")
	}
	d.unpin()
	d.txn = transaction{state: txnOpen, level: level, readOnly: readOnly, readTicket: d.txn.readTicket,
		savepoints: d.txn.savepoints[:0], hooks: d.txn.hooks[:0]}
	return nil
}

// InTransaction tells whether Begin was called and neither Commit nor Rollback yet.
func (d *DB) InTransaction() bool { return d.txn.state != txnNone }

// Writing tells whether the transaction has the write turn.
func (d *DB) Writing() bool { return d.txn.state == txnWriting && !d.txn.doomed }

// Doomed tells that SQLite rolled the transaction back on its own, so that savepoints are gone too.
func (d *DB) Doomed() bool { return d.txn.doomed }

// SetIsolation changes level and access mode, before the first snapshot.
func (d *DB) SetIsolation(level Isolation, readOnly bool) error {
	if level != d.txn.level && (d.txn.pinned || d.txn.state == txnWriting) {
		return pgerr.New(pgerr.ActiveSqlTransaction, "SET TRANSACTION ISOLATION LEVEL must be called before any query")
	}
	if d.txn.readOnly && !readOnly && (d.txn.pinned || d.txn.state == txnWriting) {
		return pgerr.New(pgerr.ActiveSqlTransaction, "transaction read-write mode must be set before any query")
	}
	d.txn.level, d.txn.readOnly = level, readOnly
	return nil
}

// StartRead takes the snapshot for one statement, or keeps the transaction's, and gives the schema version inside it.
func (d *DB) StartRead() (int64, error) {
	switch {
	case d.broken:
		return 0, errBroken
	case d.txn.doomed:
		return 0, errDoomed
	case d.txn.state == txnWriting:
		v, err := d.readVersion()
		d.pin.Reset()
		return v, err
	case d.txn.pinned:
		return d.txn.version, nil
	}
	v, err := d.readVersion()
	if err != nil {
		d.pin.Reset()
		return 0, err
	}
	d.txn.pinned, d.txn.version = true, v
	// Read after the snapshot was taken: it cannot hold a later commit.
	d.txn.readTicket = d.shared.page.begun.Load()
	return v, nil
}

func (d *DB) readVersion() (v int64, err error) {
	defer d.recovered(&err)
	if !d.pin.Step() {
		return 0, sqliteError(d.pin.Err())
	}
	return d.pin.ColumnInt64(0), nil
}

func (d *DB) unpin() {
	if d.txn.pinned {
		d.pin.Reset()
		d.txn.pinned = false
	}
}

// EndRead ends a statement: under READ COMMITTED its snapshot goes. While a statement is still open, for a suspended portal, SQLite keeps the
// snapshot until that one ends.
func (d *DB) EndRead() {
	if d.txn.state == txnNone || d.txn.level == ReadCommitted {
		d.unpin()
	}
}

// StartWrite takes the write turn, which is kept to the end of the transaction, and a snapshot that is the newest there is; it
// gives the schema version inside it.
func (d *DB) StartWrite(o TurnOptions) (int64, error) {
	switch {
	case d.broken:
		return 0, errBroken
	case d.txn.doomed:
		return 0, errDoomed
	case d.txn.state == txnNone:
		return 0, pgerr.New(pgerr.InternalError, "StartWrite outside a transaction")
	case d.txn.state == txnWriting:
		return d.StartRead()
	case d.txn.readOnly:
		return 0, pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot write in a read-only transaction")
	}
	if d.txn.level == ReadCommitted {
		d.unpin()
	}
	p := d.shared.page
	if err := d.turn.acquire(d.shared, o, d.cfg.Interrupted); err != nil {
		return 0, err
	}
	err := d.checkSync()
	if err == nil {
		err = d.beginWrite()
	}
	if err != nil {
		d.turn.release(p)
		return 0, err
	}
	d.txn.readTicket = p.begun.Load()
	return d.StartRead()
}

// beginWrite starts SQLite's transaction. With a snapshot held from before (REPEATABLE READ, or a suspended portal) it fails when that is no
// longer the newest, which is PostgreSQL's 40001.
func (d *DB) beginWrite() error {
	if err := d.fixedStep(d.begin); err != nil {
		return err
	}
	d.unpin()
	d.txn.state = txnWriting
	for i := range d.txn.savepoints {
		if err := d.savepointSQL("SAVEPOINT", i); err != nil {
			d.fixedStep(d.rollback)
			d.txn.state = txnOpen
			return err
		}
	}
	return nil
}

func (d *DB) fixedStep(s *sqlite3.Stmt) (err error) {
	defer d.recovered(&err)
	return sqliteError(s.Exec())
}

// Commit ends the transaction, gives the turn up, and returns when the commit is on disk. When it fails the transaction is
// rolled back, unless the failure is that of the sync: then the outcome is unknown and the session has to end.
func (d *DB) Commit(o CommitOptions) error {
	if d.txn.state == txnNone {
		return pgerr.New(pgerr.NoActiveSqlTransaction, "there is no transaction in progress")
	}
	if d.txn.doomed {
		d.Rollback()
		return errDoomed
	}
	var ticket uint64
	if d.txn.state == txnWriting {
		p := d.shared.page
		ticket = p.begun.Load() + 1
		p.begun.Store(ticket)
		err := d.fixedStep(d.commit)
		p.done.Store(ticket)
		if err != nil {
			d.Rollback()
			return err
		}
		d.turn.release(p)
	}
	d.unpin()
	d.end(true)
	wait := !o.Async && (ticket != 0 || d.txn.sequenceTicket != 0)
	var err error
	if wait {
		err = d.syncTo(ticket)
	}
	d.txn.sequenceTicket = 0
	return err
}

// Rollback ends the transaction and undoes it.
func (d *DB) Rollback() error {
	var err error
	if d.txn.state == txnWriting && !d.broken && !d.conn.GetAutocommit() {
		err = d.fixedStep(d.rollback)
	}
	d.turn.release(d.shared.page)
	d.unpin()
	d.end(false)
	d.txn.sequenceTicket = 0
	return err
}

// noteRollback finds out, after an error, whether SQLite has rolled the transaction back on its own (disk full, I/O error, out of
// memory, an interrupted write).
func (d *DB) noteRollback() {
	if d.txn.state == txnWriting && !d.txn.doomed && d.conn.GetAutocommit() {
		d.txn.doomed = true
		d.turn.release(d.shared.page)
	}
}

func (d *DB) end(committed bool) {
	d.txn.state, d.txn.doomed = txnNone, false
	d.txn.savepoints = d.txn.savepoints[:0]
	d.runHooks(0, committed)
}

// OnEnd has f called once, when the current transaction ends or the part of it that f belongs to is rolled back to a savepoint.
func (d *DB) OnEnd(f func(committed bool)) { d.txn.hooks = append(d.txn.hooks, f) }

func (d *DB) runHooks(from int, committed bool) {
	hooks := d.txn.hooks[from:]
	d.txn.hooks = d.txn.hooks[:from]
	for i := len(hooks) - 1; i >= 0; i-- {
		f := hooks[i]
		hooks[i] = nil
		f(committed)
	}
}

// DeferredViolations tells whether a foreign key is violated at the moment: all are checked at commit by SQLite.
func (d *DB) DeferredViolations() bool {
	n, _, err := d.conn.Status(sqlite3.DBSTATUS_DEFERRED_FKS, false)
	return err == nil && n != 0
}
