package storage

type AdvisoryLocks struct{ d *DB }

func (a *AdvisoryLocks) close() {}

// Sequences gives the database's sequences.
func (d *DB) Sequences() *Sequences { return d.sequences }

// Locks gives the database's advisory locks.
func (d *DB) Locks() *AdvisoryLocks { return d.locks }
