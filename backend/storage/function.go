package storage

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Function is a function, aggregate or set-returning function as SQLite calls it: one of Scalar, Aggregate and Set.
// Arguments are borrowed for the call.
type Function struct {
	// Deterministic marks an immutable function, which SQLite may fold, factor out of loops and use in an index.
	Deterministic bool
	Scalar        func(args []types.Value) (types.Value, error)
	Aggregate     func() Aggregate
	// Window makes an aggregate without Inverse keep the rows of its frame and begin anew whenever the frame's start moves.
	Window bool
	Set    func(args []types.Value) (Rows, error)
	// Columns of Set: the output columns. Storage adds the hidden columns "arg1" … and, last, "ordinality".
	Columns []string
	// NArgs is the number of Set's arguments; all are needed.
	NArgs int
}

// Aggregate is the state of one group or window.
type Aggregate interface {
	Step(args []types.Value) error
	Value() (types.Value, error)
}

// Inverter is an Aggregate that can take its oldest row back out.
type Inverter interface {
	Aggregate
	Inverse(args []types.Value) error
}

// Rows are what a set-returning function yields. The row is good until the next call.
type Rows interface {
	Next() (row []types.Value, ok bool, err error)
	Close()
}

// missing are the texts with which SQLite says that it needs something we make known on demand; it has no code for them.
// The first two name a function, met in a statement and in a constraint or index of the schema.
var missing = []struct {
	text string
	make func(d *DB, name string) (bool, error)
}{
	{"no such function: ", (*DB).provideFunction},
	{"unknown function: ", (*DB).provideFunction},
	{"no such table: shared.", (*DB).attachShared},
	{"unknown database shared", (*DB).attachShared},
	{"no such table: ", (*DB).provideSet},
}

// provide makes known what a statement failed to find and tells whether compiling it again is worth while.
func (d *DB) provide(err error) (again bool, failed error) {
	if sqliteCode(err) != sqlite3.ERROR {
		return false, nil
	}
	text := strings.TrimPrefix(err.Error(), "sqlite3: SQL logic error: ")
	for _, m := range missing {
		if name, ok := strings.CutPrefix(text, m.text); ok {
			return m.make(d, strings.Trim(strings.TrimSuffix(name, "()"), `"`))
		}
	}
	return false, nil
}

func (d *DB) resolve(name string) *Function {
	if d.cfg.Resolve == nil || d.resolved[name] {
		return nil
	}
	f, ok := d.cfg.Resolve(name, -1)
	if !ok {
		return nil
	}
	d.resolved[name] = true
	return f
}

func (d *DB) provideFunction(name string) (bool, error) {
	f := d.resolve(name)
	if f == nil {
		return false, nil
	}
	// The schema is ours and calls only what we put there, so every function may be used from constraints and indexes.
	flags := sqlite3.INNOCUOUS
	if f.Deterministic {
		flags |= sqlite3.DETERMINISTIC
	}
	switch {
	case f.Scalar != nil:
		return true, sqliteError(d.conn.CreateFunction(name, -1, flags, d.scalar(f)))
	case f.Aggregate != nil:
		return true, sqliteError(d.conn.CreateWindowFunction(name, -1, flags, d.aggregate(f)))
	}
	return false, pgerr.New(pgerr.InternalError, "function %q returns a set and was called as one that does not", name)
}

func (d *DB) provideSet(name string) (bool, error) {
	f := d.resolve(name)
	if f == nil {
		return false, nil
	}
	if f.Set == nil {
		return false, pgerr.New(pgerr.InternalError, "function %q returns no set and was called as one that does", name)
	}
	return true, sqliteError(d.createSet(name, f))
}

// attachShared attaches the shared catalog when a statement first needs it: most sessions of an application never do, and
// each attached file costs locks in every write transaction.
func (d *DB) attachShared(string) (bool, error) {
	if d.attached || d.cfg.SharedCatalog == "" {
		return false, nil
	}
	path, err := filepath.Abs(d.cfg.SharedCatalog)
	if err != nil {
		return false, fileError(err)
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: "mode=ro&vfs=" + readOnlyName}
	registerReadOnly()
	if err := d.conn.Exec(`ATTACH ` + sqlite3.Quote(u.String()) + ` AS shared`); err != nil {
		return false, sqliteError(err)
	}
	d.attached = true
	return true, nil
}
