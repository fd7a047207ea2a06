package storage

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Vacuum gives free pages back to the file system: those at hand, or with full by writing the whole file anew. It takes the write
// turn and is durable when it returns. It must not be called inside a transaction.
func (d *DB) Vacuum(full bool, o TurnOptions) error {
	if d.txn.state != txnNone {
		return pgerr.New(pgerr.ActiveSqlTransaction, "VACUUM cannot run inside a transaction block")
	}
	if d.broken {
		return errBroken
	}
	d.unpin()
	p := d.shared.page
	if err := d.turn.acquire(d.shared, o, d.cfg.Interrupted); err != nil {
		return err
	}
	sql := `PRAGMA incremental_vacuum`
	if full {
		sql = `VACUUM`
	}
	ticket := p.begun.Load() + 1
	p.begun.Store(ticket)
	err := d.Exec(sql)
	p.done.Store(ticket)
	d.turn.release(p)
	if err != nil {
		return err
	}
	return d.syncTo(ticket)
}

// FreePages tells how many pages of the file are unused, and how many it has.
func (d *DB) FreePages() (free, total int64, err error) {
	for _, q := range []struct {
		sql string
		to  *int64
	}{{`PRAGMA freelist_count`, &free}, {`PRAGMA page_count`, &total}} {
		if err := d.Query(q.sql, nil, func(row []types.Value) error { *q.to = row[0].I; return nil }); err != nil {
			return 0, 0, err
		}
	}
	return free, total, nil
}
