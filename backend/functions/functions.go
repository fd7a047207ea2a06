// Package functions holds the functions, aggregates and operators of pg_proc that pgd implements: one row each, in
// the file of its chapter of PostgreSQL's manual. A row is either a template of SQLite SQL, only where the meaning is equal
// (overflow, NULL and errors included), or a Go function. It never touches SQLite and holds no state of a session.
package functions

import (
	"time"

	"pgd/backend/types"
)

// Row is one pg_proc entry.
type Row struct {
	// Sig is the entry as regprocedure prints it without schema: "lower(text)", "int4pl(integer,integer)", "now()".
	Sig string
	// SQL is a template of SQLite SQL with $1, $2 … for the arguments (each is substituted in parentheses where needed),
	// "" where there is none. A strict function's template must be NULL when an argument is.
	SQL string
	// Scalar is the Go function. When pg_proc says the function is strict it is never called with a NULL.
	Scalar func(c *Call, a []types.Value) (types.Value, error)
	// Aggregate makes the state of one group. Strictness is not applied: Step sees NULLs.
	Aggregate func(c *Call) Aggregate
	// Set is a set-returning function; it gives an iterator over rows, each with as many values as the function has output columns.
	Set func(c *Call, a []types.Value) (RowIter, error)
	// Window marks a window function that SQLite has under the same name.
	Window bool
	// Volatile marks what SQLite must not treat as deterministic (set from pg_proc: everything not immutable).
}

// Aggregate is the state of one group. Inverse is only called in window frames and may be nil-able through Inverter.
type Aggregate interface {
	Step(a []types.Value) error
	Value() (types.Value, error)
}

// Inverter is an Aggregate that can take a row back out, as moving window frames need.
type Inverter interface {
	Aggregate
	Inverse(a []types.Value) error
}

// RowIter yields rows until it answers false. The slice is reused.
type RowIter interface {
	Next() (row []types.Value, ok bool, err error)
}

// Call is what a function may know of where it runs. It is reused between calls: keep no pointer to it.
type Call struct {
	*types.Context
	Env Env
	// Args and Result are the actual types, for polymorphic functions.
	Args   []uint32
	Result uint32
	// Columns is the column definition list of a function in FROM that returns record, nil where there is none.
	Columns []Column
	// Collation is the collation OID the call was resolved with, 0 for none.
	Collation uint32
}

// Column is one column of a column definition list.
type Column struct {
	Name   string
	Type   uint32
	Typmod int32
}

// Env is the session as functions see it. session implements it.
type Env interface {
	StatementTime() time.Time
	TransactionTime() time.Time
	Setting(name string) (string, bool)
	SetSetting(name, value string, local bool) error
	Session() SessionInfo
	Sequences() Sequences
	Catalog() Catalog
	Locks() AdvisoryLocks
	Notice(err error)
	// Cancelled answers with the error of a cancel, timeout or termination that is pending; long loops ask it.
	Cancelled() error
}

// SessionInfo is who and where this session is.
type SessionInfo struct {
	PID                  int32
	Database             string
	DatabaseOID          uint32
	User, SessionUser    string
	UserOID              uint32
	Superuser            bool
	ClientAddr, Unix     string
	ClientPort           int
	ServerAddr           string
	ServerPort           int
	Started, ServerStart time.Time
	ServerVersion        string
	Version              string   // what version() says
	SearchPath           []string // effective, pg_catalog and temp included where implicit
	InRecovery, TLS      bool
	ApplicationName      string
}

// Sequences are the sequences of the database. Their values do not roll back.
type Sequences interface {
	Next(oid uint32) (int64, error)
	Current(oid uint32) (int64, error)
	Last() (int64, error)
	Set(oid uint32, value int64, called bool) error
}

// AdvisoryLocks are the database's advisory locks: real exclusion between sessions. key2 is nil for one-key locks.
type AdvisoryLocks interface {
	Acquire(key AdvisoryKey, shared, transaction, try bool) (bool, error)
	Release(key AdvisoryKey, shared bool) (bool, error)
	ReleaseAll() error
}

// AdvisoryKey is one bigint key (Two false) or two integer keys.
type AdvisoryKey struct {
	Key    int64
	K1, K2 int32
	Two    bool
}

// Catalog answers what the system information functions ask. It reads the statement's snapshot.
type Catalog interface {
	types.ObjectNames
	// Query runs SQLite SQL over the catalog's stored tables and gives each row to f; values are borrowed.
	Query(sql string, args []types.Value, f func(row []types.Value) error) error
	// FormatType prints a type as format_type does.
	FormatType(oid uint32, typmod int32) string
	// Visible tells whether an object of pg_class, pg_type, pg_proc, pg_operator … is found without its schema.
	Visible(kind string, oid uint32) bool
	HasPrivilege(kind string, role uint32, object uint32, column int16, privilege string) (bool, error)
	RoleOID(name string) (uint32, bool)
	RoleName(oid uint32) (string, bool)
}
