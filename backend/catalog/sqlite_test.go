package catalog

import (
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/types"
)

// database is a SQLite file for tests, with the shared catalogs attached as sessions have them.
type database struct {
	t     testing.TB
	c     *sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

func openDatabase(t testing.TB, path string) *database {
	t.Helper()
	c, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	d := &database{t: t, c: c, stmts: map[string]*sqlite3.Stmt{}}
	if err := c.Exec("PRAGMA synchronous = OFF"); err != nil { // the files do not outlive the test
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, s := range d.stmts {
			s.Close()
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *database) prepare(sql string) (*sqlite3.Stmt, error) {
	if s := d.stmts[sql]; s != nil {
		s.Reset()
		s.ClearBindings()
		return s, nil
	}
	s, _, err := d.c.Prepare(sql)
	if err == nil {
		d.stmts[sql] = s
	}
	return s, err
}

func (d *database) bind(s *sqlite3.Stmt, args []types.Value) (err error) {
	for i, v := range args {
		switch v.Kind {
		case types.Null:
			err = s.BindNull(i + 1)
		case types.Int:
			err = s.BindInt64(i+1, v.I)
		case types.Float:
			err = s.BindFloat(i+1, v.F)
		case types.Text:
			err = s.BindText(i+1, string(v.B))
		case types.Blob:
			err = s.BindBlob(i+1, v.B)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Exec is Execer.
func (d *database) Exec(sql string, args ...types.Value) error {
	return d.Query(sql, args, func([]types.Value) error { return nil })
}

// Query is Querier.
func (d *database) Query(sql string, args []types.Value, f func([]types.Value) error) error {
	s, err := d.prepare(sql)
	if err != nil {
		return err
	}
	defer s.Reset()
	if err := d.bind(s, args); err != nil {
		return err
	}
	var rows [][]types.Value
	for s.Step() {
		row := make([]types.Value, s.ColumnCount())
		for i := range row {
			switch s.ColumnType(i) {
			case sqlite3.INTEGER:
				row[i] = types.IntValue(s.ColumnInt64(i))
			case sqlite3.FLOAT:
				row[i] = types.FloatValue(s.ColumnFloat(i))
			case sqlite3.TEXT:
				row[i] = types.StringValue(s.ColumnText(i))
			case sqlite3.BLOB:
				row[i] = types.BlobValue(s.ColumnBlob(i, nil))
			}
		}
		rows = append(rows, row)
	}
	if err := s.Err(); err != nil {
		return err
	}
	s.Reset()
	for _, r := range rows {
		if err := f(r); err != nil {
			return err
		}
	}
	return nil
}

// site makes a database and its shared catalogs in a directory of the test.
func site(t testing.TB) *database {
	t.Helper()
	dir := t.TempDir()
	shared := openDatabase(t, filepath.Join(dir, "catalog.db"))
	shared.must("BEGIN")
	if err := BootstrapShared(shared, SharedOptions{Superuser: "admin"}); err != nil {
		t.Fatal(err)
	}
	shared.must("COMMIT")
	d := openDatabase(t, filepath.Join(dir, "main.db"))
	d.must("BEGIN")
	if err := Bootstrap(d, BootOptions{}); err != nil {
		t.Fatal(err)
	}
	d.must("COMMIT")
	d.must("ATTACH ? AS shared", types.StringValue("file:"+filepath.Join(dir, "catalog.db")+"?mode=ro"))
	return d
}

func (d *database) must(sql string, args ...types.Value) {
	d.t.Helper()
	if err := d.Exec(sql, args...); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
}

// number gives the one number a query answers with.
func (d *database) number(sql string, args ...types.Value) (n int64) {
	d.t.Helper()
	if err := d.Query(sql, args, func(r []types.Value) error { n = r[0].I; return nil }); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
	return n
}
