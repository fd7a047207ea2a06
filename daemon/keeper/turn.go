package keeper

import (
	"fmt"
	"time"

	"pgd/backend/pgerr"
)

// The turn is the right to use the store. One backend's transaction holds it from its first change to its end; others wait in
// order (a Go channel's waiters are served first come, first served), and a waiting backend that leaves or is interrupted gives its place up.
type turn chan struct{}

func newTurn() turn {
	t := make(turn, 1)
	t <- struct{}{}
	return t
}

// turnWait is how long a command waits for the turn.
const turnWait = 30 * time.Second

// transaction is the part the keeper has in one session's transaction.
type transaction struct {
	k      *Keeper
	roster *roster // as this transaction sees it
	names  []string
	// done are called after the commit or the rollback, with what it was.
	done []func(committed bool)
}

// begin takes the turn and opens a transaction. interrupted ends the wait.
func (k *Keeper) begin(interrupted <-chan *pgerr.Error) (*transaction, error) {
	select {
	case <-k.turn:
	default:
		// A session that waits here may have its database's write turn, for which the one that has this turn may be waiting:
		// nobody sees both, so the wait has an end.
		limit := time.NewTimer(k.turnWait)
		defer limit.Stop()
		select {
		case <-k.turn:
		case <-limit.C:
			return nil, pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on shared catalogs").
				WithDetail("Another session has not yet ended a transaction that changes roles or databases.")
		case e := <-interrupted:
			if e == nil {
				e = pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
			}
			return nil, e
		}
	}
	if err := k.store.exec("BEGIN IMMEDIATE"); err != nil {
		k.turn <- struct{}{}
		return nil, err
	}
	return &transaction{k: k, roster: k.current()}, nil
}

// changed reads the roster anew after a change inside the transaction.
func (tx *transaction) changed() error {
	r, err := readRoster(tx.k.store)
	if err == nil {
		tx.roster = r
	}
	return err
}

// commit makes the changes durable and shows them to everybody. When it fails the transaction is rolled back.
func (tx *transaction) commit() error {
	err := tx.k.store.exec("COMMIT")
	if err != nil {
		tx.rollback()
		if isBusy(err) {
			return pgerr.New(pgerr.LockNotAvailable, "could not commit changes of shared catalogs").WithCause(err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	tx.k.publish(tx.roster)
	tx.end(true)
	return nil
}

func (tx *transaction) rollback() {
	// An error here means that SQLite has rolled back already.
	_ = tx.k.store.exec("ROLLBACK")
	tx.end(false)
}

func (tx *transaction) end(committed bool) {
	tx.k.turn <- struct{}{}
	for _, f := range tx.done {
		f(committed)
	}
}

// statement runs one request inside the transaction: when it fails its changes are taken back and the transaction goes on.
func (tx *transaction) statement(f func() error) error {
	if err := tx.k.store.exec("SAVEPOINT pgd_statement"); err != nil {
		return err
	}
	before := tx.roster
	err := f()
	if err == nil {
		err = tx.changed()
	}
	if err != nil {
		_ = tx.k.store.exec("ROLLBACK TO pgd_statement")
		tx.roster = before
	}
	if e := tx.k.store.exec("RELEASE pgd_statement"); e != nil && err == nil {
		err = e
	}
	return err
}

// savepoint follows the session's savepoints. The newest of equal names is meant, as in PostgreSQL and SQLite.
func (tx *transaction) savepoint(op, name string) error {
	at := -1
	for i, n := range tx.names {
		if n == name {
			at = i
		}
	}
	if op != "save" && at < 0 {
		return pgerr.New(pgerr.InvalidSavepointSpecification, `savepoint "%s" does not exist`, name)
	}
	switch op {
	case "save":
		if len(tx.names) >= 10000 {
			return pgerr.New(pgerr.ProgramLimitExceeded, "too many savepoints")
		}
		tx.names = append(tx.names, name)
		return tx.k.store.db.Exec(fmt.Sprintf("SAVEPOINT s%d", len(tx.names)))
	case "release":
		tx.names = tx.names[:at]
		return tx.k.store.db.Exec(fmt.Sprintf("RELEASE s%d", at+1))
	case "rollback":
		tx.names = tx.names[:at+1]
		if err := tx.k.store.db.Exec(fmt.Sprintf("ROLLBACK TO s%d", at+1)); err != nil {
			return err
		}
		return tx.changed()
	}
	return pgerr.New(pgerr.ProtocolViolation, "invalid savepoint operation")
}
