package session

import (
	"time"

	"pgd/backend/functions"
	"pgd/backend/types"
)

// engine is the store a session runs its programs in: package storage, or what takes its place. It is used by one goroutine.
type engine interface {
	Prepare(sql string) (program, error)
	Query(sql string, args []types.Value, f func(row []types.Value) error) error
	Exec(sql string, args ...types.Value) error
	Changes() int64

	Begin(level isolation, readOnly bool) error
	SetIsolation(level isolation, readOnly bool) error
	Writing() bool
	StartRead() (version int64, err error)
	StartWrite(timeout time.Duration, noWait bool) (version int64, err error)
	EndRead()
	Commit(async bool) error
	Rollback() error
	Savepoint(name string) error
	Release(name string) error
	RollbackTo(name string) error
	WaitDurable() error
	DeferredViolations() bool
	BumpVersion() error
	OnEnd(f func(committed bool))

	Sequences() functions.Sequences
	Locks() functions.AdvisoryLocks
	Close() error
}

// program is one prepared SQLite statement.
type program interface {
	Bind(i int, v types.Value) error
	source
	Reset()
	Close()
}

// isolation is a transaction's isolation level, weakest first.
type isolation uint8

const (
	readCommitted isolation = iota
	repeatableRead
	serializable
)

// isolationNames are the levels as transaction_isolation shows them. READ UNCOMMITTED is READ COMMITTED.
var isolationNames = map[string]isolation{
	"read uncommitted": readCommitted, "read committed": readCommitted, "repeatable read": repeatableRead, "serializable": serializable,
}
