// Package storage keeps one database in SQLite's file and lets many backend processes work on it at once. It owns the
// directory base/OID: the file and its write-ahead log, the write turn, group commit, sequences and advisory locks, and
// with the keeper's store it is the only code that knows SQLite.
//
//	session ── Begin, StartRead ──────────────► pin: one open read statement holds the snapshot
//	        ── StartWrite ──► turn (kernel lock, in order of arrival) ──► BEGIN IMMEDIATE
//	        ── Commit ──────► COMMIT, the turn goes on ──► one fdatasync for all who committed before it
//
// It never runs text that a client wrote: compile's output, catalog queries and DDL come in. It starts no transaction and gives
// up no turn on its own, except where SQLite itself rolled back (disk full, I/O error): then the transaction is marked
// doomed and everything but Rollback is refused.
//
// It fails with *pgerr.Error, with *ConstraintError where the catalog has to put the error into PostgreSQL's words, or with
// the very error a function called by a statement returned. After a failed sync of the log nobody is told that a commit
// lasted: the database refuses work until every process has let go of it and it was recovered.
package storage
