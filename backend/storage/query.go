package storage

import (
	"github.com/ncruces/go-sqlite3"

	"pgd/backend/types"
)

// keptStatements bounds Query's cache; the catalog uses a few dozen texts.
const keptStatements = 256

// Query runs one statement and gives each row to f. The row and its bytes are borrowed until f returns. An error of f
// ends the statement and is returned unchanged. Statements are kept by their text.
func (d *DB) Query(sql string, args []types.Value, f func(row []types.Value) error) error {
	s, err := d.kept(sql)
	if err != nil {
		return err
	}
	s.inUse = true
	defer d.release(s, sql)
	for i := range args {
		if err := s.Bind(i+1, args[i]); err != nil {
			return err
		}
	}
	for {
		ok, err := s.Step()
		if err != nil || !ok {
			return err
		}
		if f == nil {
			continue
		}
		s.row = s.row[:0]
		for i := range s.columns {
			s.row = append(s.row, s.Value(i))
		}
		if err := f(s.row); err != nil {
			return err
		}
	}
}

func (d *DB) kept(sql string) (*Stmt, error) {
	if s := d.stmts[sql]; s != nil && !s.inUse {
		return s, nil
	}
	s, tail, err := d.prepare(sql, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if s == nil || !blank(tail) {
		if s != nil {
			s.Close()
		}
		return nil, errOneStatement
	}
	// A statement that is running, with Query called from inside it, keeps its place in the cache; this one is closed after use.
	if d.stmts[sql] == nil {
		if len(d.stmts) >= keptStatements {
			d.forgetStatements()
		}
		d.stmts[sql] = s
	}
	return s, nil
}

func (d *DB) release(s *Stmt, sql string) {
	s.inUse = false
	if d.stmts[sql] != s {
		s.Close()
		return
	}
	s.Reset()
	if s.params > 0 {
		s.ClearBindings()
	}
}

func (d *DB) forgetStatements() {
	for sql, s := range d.stmts {
		if !s.inUse {
			s.Close()
			delete(d.stmts, sql)
		}
	}
}

// Exec runs a statement for its effect. Without arguments the text may hold several statements.
func (d *DB) Exec(sql string, args ...types.Value) error {
	for {
		s, tail, err := d.prepare(sql, 0)
		if err != nil || s == nil {
			return err
		}
		err = s.run(args)
		s.Close()
		if err != nil || blank(tail) {
			return err
		}
		if len(args) > 0 {
			return errOneStatement
		}
		sql = tail
	}
}

func (s *Stmt) run(args []types.Value) error {
	for i := range args {
		if err := s.Bind(i+1, args[i]); err != nil {
			return err
		}
	}
	for {
		ok, err := s.Step()
		if err != nil || !ok {
			return err
		}
	}
}
