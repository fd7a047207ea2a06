package storage

import (
	"context"
	"time"
)

// interrupt is the context SQLite's driver asks, every thousand instructions of its virtual machine, whether to stop. It only says
// yes while a statement of the session runs: commits, rollbacks and the storage's own statements are never cut short.
type interrupt struct {
	d *DB
	// depth counts the statements that run, one inside a function of the other.
	depth int
	err   error
	since time.Time
	asked uint8
}

// askEvery is how many of the driver's questions are answered by one of ours: it asks before each row, too.
const askEvery = 16

// savepointGrace is how long an interrupt waits for a Go function to raise it. SQLite answers an interrupt of a write by rolling the
// whole transaction back; an error of a function only undoes the statement, so that ROLLBACK TO SAVEPOINT still works.
const savepointGrace = time.Second

func (*interrupt) Deadline() (time.Time, bool) { return time.Time{}, false }
func (*interrupt) Done() <-chan struct{}       { return nil }
func (*interrupt) Value(any) any               { return nil }

// Err tells the driver whether an interrupt is pending and keeps the reason for the error that Step answers with.
func (i *interrupt) Err() error {
	if i.depth == 0 || i.d.cfg.Interrupted == nil {
		return nil
	}
	if i.err == nil {
		if i.asked++; i.asked%askEvery != 0 {
			return nil
		}
		if i.err = i.d.cfg.Interrupted(); i.err == nil {
			return nil
		}
		i.since = time.Now()
	}
	if i.d.Writing() && len(i.d.txn.savepoints) > 0 && time.Since(i.since) < savepointGrace {
		return nil
	}
	return context.Canceled
}
