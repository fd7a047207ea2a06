package storage

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

var (
	errOneStatement = pgerr.New(pgerr.InternalError, "storage needs exactly one statement")
	// errBroken is all a connection answers after SQLite's state in memory can no longer be trusted.
	errBroken = pgerr.Fatal(pgerr.InternalError, "the database connection failed earlier and cannot be used any more")
	// errNoWriteTurn is a mistake of the caller.
	errNoWriteTurn = pgerr.New(pgerr.InternalError, "a write was attempted outside a write transaction")
	errDoomed      = pgerr.New(pgerr.InFailedSqlTransaction,
		"current transaction is aborted, commands ignored until end of transaction block")
)

// states says which SQLSTATE an SQLite result code means for a client.
var states = map[sqlite3.ErrorCode]struct{ code, message string }{
	sqlite3.FULL:      {pgerr.DiskFull, "could not write to database: no space left on device"},
	sqlite3.IOERR:     {pgerr.IoError, "could not read or write database file"},
	sqlite3.CANTOPEN:  {pgerr.IoError, "could not open database file"},
	sqlite3.NOMEM:     {pgerr.OutOfMemory, "out of memory"},
	sqlite3.CORRUPT:   {pgerr.DataCorrupted, "database file is corrupted"},
	sqlite3.NOTADB:    {pgerr.DataCorrupted, "file is not a database"},
	sqlite3.TOOBIG:    {pgerr.ProgramLimitExceeded, "value or statement is too large"},
	sqlite3.READONLY:  {pgerr.IoError, "database file is read-only"},
	sqlite3.PERM:      {pgerr.IoError, "no permission to use database file"},
	sqlite3.BUSY:      {pgerr.LockNotAvailable, "database file is locked by another process"},
	sqlite3.LOCKED:    {pgerr.ObjectInUse, "table is in use by an active query of this session"},
	sqlite3.INTERRUPT: {pgerr.QueryCanceled, "canceling statement due to user request"},
	sqlite3.ABORT:     {pgerr.InternalError, "query was ended by a rollback"},
	sqlite3.MISMATCH:  {pgerr.DatatypeMismatch, "value does not fit the column's type"},
}

// limits are the errors that SQLite only tells apart by text: a limit of its compiler that a statement went over.
var limits = []struct{ text, code, message string }{
	{"variable number must be between", pgerr.ProgramLimitExceeded, "too many parameters in statement"},
	{"too many SQL variables", pgerr.ProgramLimitExceeded, "too many parameters in statement"},
	{"too many columns", pgerr.TooManyColumns, "too many columns"},
	{"too many terms in", pgerr.ProgramLimitExceeded, "too many terms in statement"},
	{"too many arguments on function", pgerr.TooManyArguments, "cannot pass more than 1000 arguments to a function"},
	{"too many FROM clause terms", pgerr.ProgramLimitExceeded, "too many tables in statement"},
	{"at most 64 tables in a join", pgerr.ProgramLimitExceeded, "too many tables in a join"},
	{"Expression tree is too large", pgerr.StatementTooComplex, "stack depth limit exceeded"},
	{"parser stack overflow", pgerr.StatementTooComplex, "stack depth limit exceeded"},
	{"too many levels of", pgerr.StatementTooComplex, "stack depth limit exceeded"},
	{"statement too long", pgerr.ProgramLimitExceeded, "statement is too long"},
	{"string or blob too big", pgerr.ProgramLimitExceeded, "value or statement is too large"},
}

func sqliteCode(err error) sqlite3.ErrorCode {
	var c sqlite3.ErrorCode
	if errors.As(err, &c) {
		return c
	}
	return sqlite3.ERROR
}

// sqliteError puts an error of SQLite's into a SQLSTATE; one that is already an answer stays as it is.
func sqliteError(err error) error {
	if err == nil {
		return nil
	}
	var pe *pgerr.Error
	if errors.As(err, &pe) {
		return err
	}
	var x sqlite3.ExtendedErrorCode
	errors.As(err, &x)
	switch {
	case x == sqlite3.BUSY_SNAPSHOT:
		return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").WithCause(err)
	case x.Code() == sqlite3.CONSTRAINT:
		return constraintError(x, err)
	case x.Code() == sqlite3.READONLY && x != sqlite3.READONLY_DBMOVED && x != sqlite3.READONLY_DIRECTORY:
		return pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot write to a read-only database").WithCause(err)
	}
	text := err.Error()
	for _, l := range limits {
		if strings.Contains(text, l.text) {
			return pgerr.New(l.code, "%s", l.message).WithCause(err)
		}
	}
	if s, ok := states[sqliteCode(err)]; ok {
		e := pgerr.New(s.code, "%s", s.message).WithCause(err)
		if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
			e.Code, e.Message = pgerr.DiskFull, states[sqlite3.FULL].message
		}
		return e
	}
	return pgerr.New(pgerr.InternalError, "%s", strings.TrimPrefix(text, "sqlite3: ")).WithCause(err)
}

// fileError is sqliteError for the storage's own files.
func fileError(err error) error {
	var pe *pgerr.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &pe):
		return err
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EDQUOT):
		return pgerr.New(pgerr.DiskFull, "%s", err).WithCause(err)
	case errors.Is(err, fs.ErrNotExist):
		return pgerr.New(pgerr.UndefinedFile, "%s", err).WithCause(err)
	case errors.Is(err, unix.ENOMEM):
		return pgerr.New(pgerr.OutOfMemory, "%s", err).WithCause(err)
	}
	return pgerr.New(pgerr.IoError, "%s", err).WithCause(err)
}

// outOfMemory is what the driver panics with when SQLite's memory is used up.
const outOfMemory = "sqlite3: out of memory"

// recovered turns a panic of the translated SQLite into an error. Out of memory is answered as such when SQLite itself came back with
// it; anything else leaves SQLite's memory in doubt, so the connection is given up.
func (d *DB) recovered(err *error) {
	r := recover()
	if r == nil {
		return
	}
	d.intr.depth = 0
	e, ok := r.(error)
	if ok && e.Error() == outOfMemory && !d.inCallback() {
		d.noteRollback()
		*err = pgerr.New(pgerr.OutOfMemory, "out of memory").WithDetail("Failed in SQLite.")
		return
	}
	d.broken = true
	if !ok {
		e = pgerr.New(pgerr.InternalError, "%v", r)
	}
	*err = pgerr.Fatal(pgerr.InternalError, "internal error of the database engine: %v", r).WithCause(e)
}
