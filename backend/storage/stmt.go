package storage

import (
	"runtime"
	"strings"
	"unsafe"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Stmt is a prepared statement.
type Stmt struct {
	d       *DB
	s       *sqlite3.Stmt
	columns int
	params  int
	// inUse and row serve Query, which keeps statements.
	inUse bool
	row   []types.Value
}

// Prepare compiles one statement. Functions, set-returning functions and the shared catalog it names are made known to SQLite on the
// way, so the same text may be compiled several times.
func (d *DB) Prepare(sql string) (*Stmt, error) {
	s, tail, err := d.prepare(sql, 0)
	if err != nil {
		return nil, err
	}
	if s == nil || !blank(tail) {
		if s != nil {
			s.Close()
		}
		return nil, pgerr.New(pgerr.InternalError, "storage needs exactly one statement")
	}
	return s, nil
}

func (d *DB) prepare(sql string, flags sqlite3.PrepareFlag) (st *Stmt, tail string, err error) {
	if d.broken {
		return nil, "", errBroken
	}
	defer d.recovered(&err)
	for {
		d.funcErr = nil
		s, tail, err := d.compile(sql, flags)
		if err == nil {
			if s == nil {
				return nil, tail, nil
			}
			return &Stmt{d: d, s: s, columns: s.ColumnCount(), params: s.BindCount()}, tail, nil
		}
		if d.funcErr != nil {
			return nil, "", d.takeError(err)
		}
		again, failed := d.provide(err)
		if failed != nil {
			return nil, "", failed
		}
		if !again {
			return nil, "", sqliteError(err)
		}
	}
}

// compile is the driver's Prepare. For an error inside the text of the schema SQLite gives an offset into that text, which the driver takes
// for one into sql and panics; the error is had by compiling a longer text.
func (d *DB) compile(sql string, flags sqlite3.PrepareFlag) (s *sqlite3.Stmt, tail string, err error) {
	const longer = 1 << 20
	defer func() {
		r := recover()
		if _, ok := r.(runtime.Error); ok && len(sql) < longer {
			s, tail, err = d.conn.PrepareFlags(sql+strings.Repeat(" ", longer), flags)
		} else if r != nil {
			panic(r)
		}
	}()
	return d.conn.PrepareFlags(sql, flags)
}

func blank(s string) bool {
	for _, c := range []byte(s) {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != ';' {
			return false
		}
	}
	return true
}

// Bind gives parameter i, counted from 1, a value. SQLite keeps a copy.
func (s *Stmt) Bind(i int, v types.Value) (err error) {
	defer s.d.recovered(&err)
	switch v.Kind {
	case types.Null:
		err = s.s.BindNull(i)
	case types.Int:
		err = s.s.BindInt64(i, v.I)
	case types.Float:
		err = s.s.BindFloat(i, v.F)
	case types.Text:
		err = s.s.BindText(i, unsafeString(v.B))
	default:
		err = s.s.BindBlob(i, v.B)
	}
	if err != nil {
		return sqliteError(err)
	}
	return nil
}

// unsafeString lends bytes to a call that only copies them.
func unsafeString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Step runs to the next row; false is the end. Errors are *pgerr.Error, *ConstraintError, or what a function called by the
// statement returned. After an error or the end the statement is ready to be bound and run again.
func (s *Stmt) Step() (row bool, err error) {
	d := s.d
	if d.broken {
		return false, errBroken
	}
	defer d.recovered(&err)
	if d.intr.depth == 0 {
		d.funcErr = nil
	}
	for {
		d.intr.depth++
		row = s.s.Step()
		d.intr.depth--
		if row {
			return true, nil
		}
		e := s.s.Err()
		s.reset()
		if e == nil {
			if d.intr.depth == 0 {
				d.intr.err = nil
			}
			return false, nil
		}
		// When the schema has changed SQLite compiles the statement again, and may then need a function it did not know before.
		if d.funcErr == nil {
			if again, _ := d.provide(e); again {
				continue
			}
		}
		return false, d.takeError(e)
	}
}

// takeError turns an error of SQLite's into the one to answer with: a function's own, the pending interrupt's, or SQLite's put into a
// SQLSTATE. It also notes when SQLite rolled the transaction back on its own.
func (d *DB) takeError(e error) error {
	fe, ie := d.funcErr, d.intr.err
	d.funcErr = nil
	if d.intr.depth == 0 {
		d.intr.err = nil
	}
	d.noteRollback()
	if fe != nil {
		return fe
	}
	if ie != nil && sqliteCode(e) == sqlite3.INTERRUPT {
		return ie
	}
	return sqliteError(e)
}

// Value gives a column of the current row, counted from 0. Its bytes are SQLite's: good until the next Step, Reset or Close.
func (s *Stmt) Value(col int) types.Value {
	switch s.s.ColumnType(col) {
	case sqlite3.INTEGER:
		return types.Value{Kind: types.Int, I: s.s.ColumnInt64(col)}
	case sqlite3.FLOAT:
		return types.Value{Kind: types.Float, F: s.s.ColumnFloat(col)}
	case sqlite3.TEXT:
		return types.Value{Kind: types.Text, B: s.s.ColumnRawText(col)}
	case sqlite3.BLOB:
		return types.Value{Kind: types.Blob, B: s.s.ColumnRawBlob(col)}
	}
	return types.Value{}
}

// NumColumns is how many columns a row has, 0 for a statement that returns none.
func (s *Stmt) NumColumns() int { return s.columns }

// NumParams is the number of the highest parameter.
func (s *Stmt) NumParams() int { return s.params }

// ReadOnly tells whether the statement cannot change the database.
func (s *Stmt) ReadOnly() bool { return s.s.ReadOnly() }

// Reset stops a statement that has not come to its end; its parameters stay.
func (s *Stmt) Reset() {
	if s.s != nil {
		s.reset()
	}
	if s.d.intr.depth == 0 {
		s.d.intr.err = nil
	}
}

func (s *Stmt) reset() {
	defer ignorePanic()
	s.s.Reset()
}

// ignorePanic is for calls that repeat a statement's last error: the driver panics when that was out of memory.
func ignorePanic() { recover() }

// ClearBindings lets go of the parameters' values.
func (s *Stmt) ClearBindings() { s.s.ClearBindings() }

// Close frees the statement.
func (s *Stmt) Close() {
	if s.s != nil {
		defer ignorePanic()
		c := s.s
		s.s = nil
		c.Close()
	}
}

// Changes is how many rows the last INSERT, UPDATE or DELETE changed.
func (d *DB) Changes() int64 { return d.conn.Changes() }
