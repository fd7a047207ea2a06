// Package ddl carries out the statements that define things: tables, columns, constraints, indexes, views, sequences, schemas,
// comments and privileges. Each checks, writes rows of pg_catalog and changes SQLite's schema in the one transaction the session opened
// for it, so that a definition is there whole or not at all.
//
// It never decides how an expression is typed (analyze) or written in SQLite (compile), and keeps nothing between statements. It
// fails with *pgerr.Error; the session then rolls the transaction back.
package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// Env is what a statement works with. It is made for each statement.
type Env struct {
	DB      *storage.DB
	Catalog *catalog.View // as the session's search path shows it
	Types   *types.Context
	// View gives the catalog as it is now, after this statement's own changes, seen through a search path.
	View func(path []string) (*catalog.View, error)
	// SearchPath are the schemas of the session's search path that exist, without the implicit ones; TempSchema is the session's schema
	// of temporary tables ("pg_temp_3").
	SearchPath []string
	TempSchema string
	Database   string

	User, SessionUser uint32
	Superuser         bool
	Notice            func(*pgerr.Error)
	Setting           func(name string) string
	// RoleOID finds a role by name.
	RoleOID  func(name string) (uint32, bool)
	RoleName func(oid uint32) (string, bool)
	// MemberOf tells whether the current role has the privileges of another.
	MemberOf func(role uint32) bool
	// MayCreateSchema tells whether the current role holds CREATE on the database.
	MayCreateSchema func() bool
	// Execute runs an analyzed query to its end and gives the number of rows changed (CREATE TABLE AS).
	Execute func(q *analyze.Query) (int64, error)
	// InBlock tells that the client opened a transaction block.
	InBlock bool

	stored *catalog.View
	w      *catalog.Writer
}

func (e *Env) writer() *catalog.Writer {
	if e.w == nil {
		e.w = catalog.NewWriter(e.DB)
	}
	return e.w
}

// refresh looks at the catalog anew after a change, so that what follows in the same statement sees it.
func (e *Env) refresh() error {
	if err := e.DB.BumpVersion(); err != nil {
		return err
	}
	v, err := e.View(e.SearchPath)
	if err != nil {
		return err
	}
	e.Catalog, e.stored = v, nil
	return nil
}

// storedView is the catalog as stored expressions see it: nothing but pg_catalog without qualification.
func (e *Env) storedView() (*catalog.View, error) {
	if e.stored == nil {
		v, err := e.View(nil)
		if err != nil {
			return nil, err
		}
		e.stored = v
	}
	return e.stored, nil
}

// analyzer analyses what the statement says, with the session's search path.
func (e *Env) analyzer() *analyze.Analyzer { return e.analyzerFor(e.Catalog) }

func (e *Env) analyzerFor(c catalog.Lookup) *analyze.Analyzer {
	return &analyze.Analyzer{Catalog: c, Types: e.Types, User: e.User, Superuser: e.Superuser, Setting: e.Setting, Notice: e.Notice}
}

// storedAnalyzer analyses text out of the catalog.
func (e *Env) storedAnalyzer() (*analyze.Analyzer, error) {
	v, err := e.storedView()
	if err != nil {
		return nil, err
	}
	return e.analyzerFor(v), nil
}

// skip sends the notice of IF [NOT] EXISTS.
func (e *Env) skip(code, format string, args ...any) {
	e.Notice(pgerr.Notice(code, format+", skipping", args...))
}
