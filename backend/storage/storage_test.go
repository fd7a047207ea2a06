package storage

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// newDB makes a database and checks its integrity when the test ends.
func newDB(t testing.TB, resolve func(string, int) (*Function, bool)) *DB {
	t.Helper()
	dir := t.TempDir()
	os.Chmod(dir, 0o700)
	d, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	return openDB(t, dir, resolve)
}

func openDB(t testing.TB, dir string, resolve func(string, int) (*Function, bool)) *DB {
	t.Helper()
	d, err := Open(Config{Dir: dir, Resolve: resolve, Fsync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.conn == nil {
			return
		}
		if d.InTransaction() {
			d.Rollback()
		}
		if p, err := d.Integrity(); err != nil || p != nil {
			t.Errorf("integrity: %v %v", p, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func write(t testing.TB, d *DB, sqls ...string) {
	t.Helper()
	must(t, d.Begin(ReadCommitted, false))
	_, err := d.StartWrite(TurnOptions{})
	must(t, err)
	for _, s := range sqls {
		must(t, d.Exec(s))
	}
	must(t, d.Commit(CommitOptions{}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rows gives a query's answer as text.
func rows(t testing.TB, d *DB, sql string, args ...types.Value) string {
	t.Helper()
	out, err := query(d, sql, args...)
	must(t, err)
	return out
}

func query(d *DB, sql string, args ...types.Value) (string, error) {
	out := ""
	err := d.Query(sql, args, func(row []types.Value) error {
		for i, v := range row {
			if i > 0 {
				out += "|"
			}
			out += show(v)
		}
		out += ";"
		return nil
	})
	return out, err
}

func show(v types.Value) string {
	switch v.Kind {
	case types.Null:
		return "NULL"
	case types.Int:
		return fmt.Sprint(v.I)
	case types.Float:
		return fmt.Sprintf("%gf", v.F)
	case types.Blob:
		return fmt.Sprintf("x%x", v.B)
	}
	return string(v.B)
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	var e *pgerr.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want SQLSTATE %s", err, code)
	}
}

// Ensure that values of every storage class come back as they went in.
func TestValuesKeepTheirClass(t *testing.T) {
	d := newDB(t, nil)
	got := rows(t, d, `SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7`, types.NullValue, types.IntValue(-1<<63), types.FloatValue(1.5),
		types.StringValue("héllo"), types.BlobValue([]byte{0, 1}), types.TextValue(nil), types.BlobValue(nil))
	if want := "NULL|-9223372036854775808|1.5f|héllo|x0001||x;"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }
