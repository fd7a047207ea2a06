package checkpointer

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"pgd/backend/storage"
)

func newBase(t *testing.T) string {
	t.Helper()
	base := t.TempDir()
	dir := filepath.Join(base, "5")
	must(t, os.Mkdir(dir, 0o700))
	d, err := storage.Create(dir)
	must(t, err)
	must(t, d.Close())
	return base
}

func open(t *testing.T, base string) *storage.DB {
	t.Helper()
	d, err := storage.Open(storage.Config{Dir: filepath.Join(base, "5"), Fsync: true})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func shut(t *testing.T, d *storage.DB) {
	t.Helper()
	if p, err := d.Integrity(); err != nil || p != nil {
		t.Error(p, err)
	}
	must(t, d.Close())
}

func write(t *testing.T, d *storage.DB, async bool, sql string) {
	t.Helper()
	must(t, d.Begin(storage.ReadCommitted, false))
	_, err := d.StartWrite(storage.TurnOptions{})
	must(t, err)
	must(t, d.Exec(sql))
	must(t, d.Commit(storage.CommitOptions{Async: async}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const bulk = `INSERT INTO t SELECT randomblob(1000) FROM (WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM r WHERE x < 2000) SELECT x FROM r)`

// Ensure that the log of a database under steady load stays within bounds, that asynchronous commits are synced, that a long
// reader is named once, and that the log is emptied at the end.
func TestLogStaysBounded(t *testing.T) {
	base := newBase(t)
	for _, name := range []string{"6", "pgsql_tmp", "7"} {
		must(t, os.Mkdir(filepath.Join(base, name), 0o700))
	}
	must(t, os.Symlink("/etc/passwd", filepath.Join(base, "7", "main.db")))
	must(t, os.WriteFile(filepath.Join(base, "7", "main.db-wal"), []byte("x"), 0o600))
	must(t, os.Symlink(filepath.Join(base, "5"), filepath.Join(base, "8")))
	d := open(t, base)
	write(t, d, false, `CREATE TABLE t(a BLOB)`)
	logger, hook := test.NewNullLogger()
	c := New(base, Options{Fsync: true, MaxLog: 64 << 20}, logrus.NewEntry(logger))
	now := time.Now()
	c.Round(now)
	for range 30 {
		write(t, d, true, bulk)
		now = now.Add(2 * time.Second)
		c.Round(now)
		s, err := d.LogState()
		must(t, err)
		if s.Frames > 20*framesPerMB || !s.Synced {
			t.Fatalf("%+v", s)
		}
	}
	if n := len(hook.AllEntries()); n != 1 {
		t.Errorf("%d complaints, want the one about database 7", n)
	}
	hook.Reset()
	reader := open(t, base)
	must(t, reader.Begin(storage.RepeatableRead, false))
	_, err := reader.StartRead()
	must(t, err)
	for range 15 {
		write(t, d, false, bulk)
		now = now.Add(2 * time.Second)
		c.Round(now)
	}
	if n := len(hook.AllEntries()); n != 1 {
		t.Errorf("%d complaints, want one about the long reader", n)
	}
	must(t, reader.Commit(storage.CommitOptions{}))
	shut(t, reader)
	shut(t, d)
	c.Finish()
	st, err := os.Stat(filepath.Join(base, "5", "main.db-wal"))
	must(t, err)
	if st.Size() != 0 {
		t.Errorf("%d bytes left in the log", st.Size())
	}
	shut(t, open(t, base))
}
