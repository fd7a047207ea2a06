package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// Ensure that a full disk is an error with PostgreSQL's SQLSTATE, that nothing that was committed is lost, and that all goes on when there is
// room again.
func TestDiskFull(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to mount a small file system")
	}
	s := emptyHome(t)
	s.dir = s.dir[:len(s.dir)-len("/site")] + "/small/site"
	small := filepath.Join(s.home, "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", small, "tmpfs", 0, "size=32m,mode=0755"); err != nil {
		t.Skipf("cannot mount a file system: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(small, unix.MNT_DETACH) })
	world.acct.give(t, small)
	s.makeSite()
	s.hba("local all all peer map=tests\n")
	s.write("pg_ident.conf", "tests root "+world.acct.name+"\n")
	s.start()
	// The site is stopped and looked at while its file system is still there: cleanups run in reverse order.
	t.Cleanup(func() {
		s.stop("fast")
		s.sound()
	})
	c := s.connect()
	do(t, c, "CREATE TABLE t (id int PRIMARY KEY, filler text)")
	fill := func(c *pgx.Conn) (rows int, err error) {
		for n := one[int](t, c, "SELECT coalesce(max(id), 0) FROM t"); n < 10000; n++ {
			if _, err := c.Exec(ctx(t), "INSERT INTO t VALUES ($1, repeat('x', 100000))", n+1); err != nil {
				return n, err
			}
		}
		return 0, nil
	}
	rows, err := fill(c)
	if sqlstate(err) != "53100" {
		t.Fatalf("after %d rows: %v", rows, err)
	}
	if n := one[int](t, c, "SELECT count(*) FROM t"); n != rows {
		t.Errorf("%d rows, %d were acknowledged", n, rows)
	}
	if _, err := c.Exec(ctx(t), "UPDATE t SET filler = filler || 'y'"); sqlstate(err) != "53100" {
		t.Errorf("an update without room: %v", err)
	}
	if _, err := c.Exec(ctx(t), "CREATE DATABASE another"); sqlstate(err) != "53100" {
		t.Errorf("a database without room: %v", err)
	}
	if dirs, _ := filepath.Glob(s.dir.Path("base/*")); len(dirs) != 3 {
		t.Error("half a database is left")
	}
	// Others read, and write again as soon as there is room.
	d := s.connect()
	if n := one[int](t, d, "SELECT count(*) FROM t WHERE length(filler) = 100000"); n != rows {
		t.Errorf("another session sees %d of %d rows", n, rows)
	}
	if err := unix.Mount("tmpfs", small, "tmpfs", unix.MS_REMOUNT, "size=128m,mode=0755"); err != nil {
		t.Fatal(err)
	}
	do(t, c, "INSERT INTO t VALUES ($1, repeat('x', 100000))", rows+1)
	do(t, d, "DELETE FROM t WHERE id <= 10")
	do(t, d, "CREATE DATABASE another")
	if n := one[int](t, c, "SELECT count(*) FROM t"); n != rows+1-10 {
		t.Errorf("%d rows in the end", n)
	}
}
