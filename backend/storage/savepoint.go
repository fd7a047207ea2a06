package storage

import (
	"strconv"

	"pgd/backend/pgerr"
)

// savepoint is one of the transaction's savepoints. SQLite knows it as s0, s1 … by its depth, so that equal names nest as
// PostgreSQL's do, and only once the transaction writes.
type savepoint struct {
	name string
	// hooks is how many functions waited for the end of the transaction when the savepoint was made.
	hooks int
}

func (d *DB) savepointSQL(verb string, depth int) error {
	s, err := d.fixedStatement(verb + " s" + strconv.Itoa(depth))
	if err != nil {
		return err
	}
	return d.fixedStep(s)
}

// Savepoint makes a savepoint; one of the same name stays and is hidden by it.
func (d *DB) Savepoint(name string) error {
	if d.txn.doomed {
		return errDoomed
	}
	depth := len(d.txn.savepoints)
	if d.Writing() {
		if err := d.savepointSQL("SAVEPOINT", depth); err != nil {
			return err
		}
	}
	d.txn.savepoints = append(d.txn.savepoints, savepoint{name: name, hooks: len(d.txn.hooks)})
	return nil
}

func (d *DB) findSavepoint(name string) (int, error) {
	for i := len(d.txn.savepoints) - 1; i >= 0; i-- {
		if d.txn.savepoints[i].name == name {
			return i, nil
		}
	}
	return 0, pgerr.New(pgerr.InvalidSavepointSpecification, "savepoint %q does not exist", name)
}

// Release forgets a savepoint and those made after it; what was done stays.
func (d *DB) Release(name string) error {
	i, err := d.findSavepoint(name)
	if err != nil {
		return err
	}
	if d.Writing() {
		if err := d.savepointSQL("RELEASE", i); err != nil {
			return err
		}
	}
	d.txn.savepoints = d.txn.savepoints[:i]
	return nil
}

// RollbackTo undoes what was done after a savepoint, which stays. The write turn is kept. When SQLite has lost the whole transaction
// there is nothing to go back to and the answer is 40000.
func (d *DB) RollbackTo(name string) error {
	i, err := d.findSavepoint(name)
	if err != nil {
		return err
	}
	if d.txn.doomed {
		return pgerr.New(pgerr.TransactionRollback, "cannot roll back to savepoint %q: the whole transaction was rolled back", name)
	}
	if d.Writing() {
		if err := d.savepointSQL("ROLLBACK TO", i); err != nil {
			return err
		}
	}
	d.txn.savepoints = d.txn.savepoints[:i+1]
	d.runHooks(d.txn.savepoints[i].hooks, false)
	return nil
}
