package storage

import (
	"strings"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
)

// ConstraintError is a violated constraint as SQLite tells it: physical names. The catalog puts it into PostgreSQL's words.
type ConstraintError struct {
	Kind    string // unique, primary, foreign
	Table   string
	Columns []string
	Index   string // of an index over expressions, where SQLite names no columns
	Cause   error
}

func (e *ConstraintError) Error() string { return e.Cause.Error() }

// Unwrap gives SQLite's error.
func (e *ConstraintError) Unwrap() error { return e.Cause }

const constraintFailed = "UNIQUE constraint failed: "

func constraintError(code sqlite3.ExtendedErrorCode, err error) error {
	e := &ConstraintError{Cause: err}
	switch code {
	case sqlite3.CONSTRAINT_UNIQUE:
		e.Kind = "unique"
	case sqlite3.CONSTRAINT_PRIMARYKEY, sqlite3.CONSTRAINT_ROWID:
		e.Kind = "primary"
	case sqlite3.CONSTRAINT_FOREIGNKEY:
		e.Kind = "foreign"
		return e
	default:
		// NOT NULL and CHECK constraints raise PostgreSQL's errors from functions of their own.
		return pgerr.New(pgerr.IntegrityConstraintViolation, "%s", strings.TrimPrefix(err.Error(), "sqlite3: ")).WithCause(err)
	}
	if _, list, ok := strings.Cut(err.Error(), constraintFailed); ok {
		e.Table, e.Columns, e.Index = constraintColumns(list)
	}
	return e
}

// constraintColumns reads "table.a, table.b" or "index 'name'". Table and column are physical names: a '.' that is part of a name has '^' in
// front, one that divides schema, table and column has not. A comma may be part of a column's name.
func constraintColumns(list string) (table string, columns []string, index string) {
	if name, ok := strings.CutPrefix(list, "index '"); ok {
		return "", nil, strings.TrimSuffix(name, "'")
	}
	first, _, _ := strings.Cut(list, ", ")
	dot := lastDot(first)
	if dot < 0 {
		return list, nil, ""
	}
	table = first[:dot]
	return table, strings.Split(list[dot+1:], ", "+table+"."), ""
}

func lastDot(s string) int {
	last := -1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '^':
			i++
		case '.':
			last = i
		}
	}
	return last
}
