package session

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/daemon/handoff"
)

// Signal is pg_cancel_backend and pg_terminate_backend: the keeper decides, the postmaster does it.
func (e env) Signal(pid int32, terminate bool) (bool, error) {
	var done handoff.SignalDone
	if err := e.s.ask(handoff.AskSignal, handoff.Signal{PID: pid, Terminate: terminate}, &done); err != nil {
		return false, err
	}
	if !done.Found {
		e.s.notice(pgerr.Warning(pgerr.WarningCondition, "PID %d is not a PostgreSQL backend process", pid))
	}
	return done.Found, nil
}

// Reload is pg_reload_conf.
func (e env) Reload() error { return e.s.ask(handoff.AskReload, nil, nil) }

// Size gives the bytes of this database. SQLite does not tell how many pages of the file a table has.
func (e env) Size(kind string, oid uint32) (int64, error) {
	if kind != "database" || oid != e.s.Identity.DatabaseOID {
		return 0, pgerr.New(pgerr.FeatureNotSupported, "the size of a %s is not known", kind)
	}
	size := int64(1)
	for _, q := range []string{"PRAGMA page_size", "PRAGMA page_count"} {
		err := e.s.db.Query(q, nil, func(row []types.Value) error {
			size *= row[0].I
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return size, nil
}

// TransactionID is not kept: a database has one writer at a time, and its transactions have no numbers.
func (e env) TransactionID(bool) (uint64, error) {
	return 0, pgerr.New(pgerr.FeatureNotSupported, "transaction identifiers are not supported")
}
