package storage

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Ensure that the shared catalog is found when a statement first names it, inside a transaction too, and that it cannot be written.
func TestSharedCatalog(t *testing.T) {
	s := newDB(t, nil)
	write(t, s, `CREATE TABLE "pg_catalog.pg_database"(oid INTEGER PRIMARY KEY, datname TEXT); INSERT INTO "pg_catalog.pg_database" VALUES (5,'postgres')`)
	d := newDB(t, nil)
	d.cfg.SharedCatalog = filepath.Join(s.cfg.Dir, mainFile)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Exec(`CREATE TABLE t(a INTEGER)`))
	if got := rows(t, d, `SELECT datname FROM shared."pg_catalog.pg_database" WHERE oid = 5`); got != "postgres;" {
		t.Error(got)
	}
	must(t, d.Exec(`INSERT INTO t SELECT oid FROM shared."pg_catalog.pg_database"`))
	if err := d.Exec(`DELETE FROM shared."pg_catalog.pg_database"`); err == nil {
		t.Error("written")
	}
	must(t, d.Commit(CommitOptions{}))
	write(t, s, `INSERT INTO "pg_catalog.pg_database" VALUES (16384,'new')`)
	write(t, d, `INSERT INTO t VALUES (7)`)
	if got := rows(t, d, `SELECT count(*) FROM shared."pg_catalog.pg_database", t`); got != "4;" {
		t.Error(got)
	}
	if _, err := query(d, `SELECT * FROM shared."nope"`); err == nil {
		t.Error("no error for a relation that is not there")
	}
	begin(t, d, RepeatableRead)
	startRead(t, d)
	rows(t, d, `SELECT count(*) FROM shared."pg_catalog.pg_database"`)
	d.EndRead()
	must(t, d.Commit(CommitOptions{}))
}

func init() {
	// reader: reads the shared catalog named in its environment each time it is told to.
	jobs["reader"] = func(d *DB, in *bufio.Reader, say func(string)) {
		d.cfg.SharedCatalog = os.Getenv("PGD_SHARED")
		for {
			got, err := query(d, `SELECT count(*) FROM shared.a`)
			say(fmt.Sprint(got, err))
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
		}
	}
}

// Ensure that a process that may only read the shared catalog's files, as a sandboxed backend may, sees every change to it.
func TestSharedCatalogWithoutWriteAccess(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to become an account that may not write")
	}
	const nobody = 65534
	s := newDB(t, nil)
	write(t, s, `CREATE TABLE a(x); INSERT INTO a VALUES (1)`)
	own := newDB(t, nil)
	dir := own.cfg.Dir
	must(t, own.Close())
	for p := s.cfg.Dir; p != os.TempDir() && p != "/"; p = filepath.Dir(p) {
		must(t, os.Chmod(p, 0o755))
	}
	must(t, os.Chmod(filepath.Dir(dir), 0o755))
	must(t, filepath.WalkDir(s.cfg.Dir, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			err = os.Chmod(p, 0o644)
		}
		return err
	}))
	must(t, filepath.WalkDir(dir, func(p string, _ os.DirEntry, err error) error { return errors.Join(err, os.Chown(p, nobody, nobody)) }))
	binary := filepath.Join(t.TempDir(), "test")
	b, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(binary, b, 0o755))
	must(t, os.Chmod(filepath.Dir(binary), 0o755))
	c := &child{t: t, cmd: exec.Command(binary)}
	c.cmd.Env = append(os.Environ(), childJob+"=reader", "PGD_STORAGE_DIR="+dir, "PGD_SHARED="+filepath.Join(s.cfg.Dir, mainFile))
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	c.start()
	c.hear("1;<nil>")
	write(t, s, `INSERT INTO a VALUES (2)`)
	c.tell("")
	c.hear("2;<nil>")
	if done, err := s.Checkpoint(CheckpointTruncate, TurnOptions{}); err != nil || !done {
		t.Error(done, err)
	}
	write(t, s, `INSERT INTO a VALUES (3)`)
	c.tell("")
	c.hear("3;<nil>")
}
