package storage

import (
	"os"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// Ensure that a commit is synced before it is acknowledged, that one that does not wait is not, and that who reads it waits.
func TestReadersWaitForUnsyncedCommits(t *testing.T) {
	a, b := pair(t)
	p := a.shared.page
	write(t, a, `UPDATE t SET n = 1`)
	if p.synced.Load() != p.done.Load() {
		t.Errorf("acknowledged %d, synced %d", p.done.Load(), p.synced.Load())
	}
	begin(t, a, ReadCommitted)
	startWrite(t, a)
	must(t, a.Exec(`UPDATE t SET n = 2`))
	must(t, a.Commit(CommitOptions{Async: true}))
	if p.synced.Load() >= p.done.Load() {
		t.Error("synced without need")
	}
	startRead(t, b)
	if got := rows(t, b, readN); got != "2;" {
		t.Error(got)
	}
	b.EndRead()
	must(t, b.WaitDurable())
	if p.synced.Load() < p.done.Load() {
		t.Error("a reader was told what is not on disk")
	}
}

// Ensure that many sessions committing at once share syncs and that none is told before its own commit is synced.
func TestGroupCommit(t *testing.T) {
	d := newDB(t, nil)
	write(t, d, `CREATE TABLE t(a INTEGER)`)
	var wait sync.WaitGroup
	for range 8 {
		e := openDB(t, d.cfg.Dir, nil)
		wait.Go(func() {
			for range 25 {
				if err := e.Begin(ReadCommitted, false); err != nil {
					t.Error(err)
				}
				if _, err := e.StartWrite(TurnOptions{}); err != nil {
					t.Error(err)
					return
				}
				if err := e.Exec(`INSERT INTO t VALUES (1)`); err != nil {
					t.Error(err)
				}
				mine := e.shared.page.begun.Load() + 1
				if err := e.Commit(CommitOptions{}); err != nil {
					t.Error(err)
				}
				if e.shared.page.synced.Load() < mine {
					t.Error("told before the sync")
				}
			}
		})
	}
	wait.Wait()
	if got := rows(t, d, `SELECT count(*) FROM t`); got != "200;" {
		t.Error(got)
	}
}

// Ensure that after a failed sync nobody is told anything, and that the database works again once all have let go of it.
func TestFailedSync(t *testing.T) {
	a, b := pair(t)
	dir := a.cfg.Dir
	write(t, b, `UPDATE t SET n = 1`)
	r, w, err := os.Pipe()
	must(t, err)
	defer r.Close()
	a.wal.Close()
	a.wal = w // a pipe cannot be synced
	begin(t, a, ReadCommitted)
	startWrite(t, a)
	must(t, a.Exec(`UPDATE t SET n = 2`))
	err = a.Commit(CommitOptions{})
	wantCode(t, err, pgerr.IoError)
	if err.(*pgerr.Error).Severity != pgerr.SevPanic {
		t.Error(err)
	}
	begin(t, b, ReadCommitted)
	_, err = b.StartWrite(TurnOptions{})
	wantCode(t, err, pgerr.IoError)
	must(t, b.Rollback())
	startRead(t, b)
	b.EndRead()
	wantCode(t, b.WaitDurable(), pgerr.IoError)
	_, err = Open(Config{Dir: dir, Fsync: true})
	wantCode(t, err, pgerr.IoError)
	must(t, a.Close())
	must(t, b.Close())
	c := openDB(t, dir, nil)
	write(t, c, `UPDATE t SET n = n + 10`)
	if got := rows(t, c, readN); got != "12;" && got != "11;" {
		t.Error(got)
	}
}

// Ensure that what is not an ordinary file of our own is refused in the place of the database's files.
func TestForeignFilesAreRefused(t *testing.T) {
	for _, name := range []string{mainFile, walFile, shmFile, sharedFile, turnFile, sequenceFile} {
		for what, change := range map[string]func(path string) error{
			"symbolic link": func(p string) error { os.Rename(p, p+".x"); return os.Symlink(p+".x", p) },
			"directory":     func(p string) error { os.Rename(p, p+".x"); return os.Mkdir(p, 0o700) },
			"fifo":          func(p string) error { os.Rename(p, p+".x"); return unix.Mkfifo(p, 0o600) },
			"hard link":     func(p string) error { return os.Link(p, p+".x") },
			"open mode":     func(p string) error { return os.Chmod(p, 0o666) },
		} {
			d := newDB(t, nil)
			dir := d.cfg.Dir
			must(t, d.Close())
			must(t, change(dir+"/"+name))
			if e, err := Open(Config{Dir: dir}); err == nil {
				e.Close()
				t.Errorf("%s as a %s was opened", name, what)
			}
		}
	}
}

// Ensure that a copy is a snapshot with its sequences, that the source stays as it is, and that a failed copy leaves nothing.
func TestCopyDatabase(t *testing.T) {
	a, b := pair(t)
	createSequence(t, a, 100, bySeven)
	next(t, a.Sequences(), 100)
	begin(t, a, ReadCommitted)
	startWrite(t, a)
	must(t, a.Exec(`UPDATE t SET n = 99`))
	to := t.TempDir() + "/16384"
	must(t, CopyDatabase(a.cfg.Dir, to))
	must(t, a.Rollback())
	c := openDB(t, to, nil)
	if got := rows(t, c, `SELECT * FROM t`); got != "1|0;" {
		t.Error(got)
	}
	if v := next(t, c.Sequences(), 100); v != 17 {
		t.Error(v)
	}
	write(t, c, `UPDATE t SET n = 5`)
	if got := rows(t, b, `SELECT * FROM t`); got != "1|0;" {
		t.Error(got)
	}
	if err := CopyDatabase(a.cfg.Dir, to); err == nil {
		t.Error("copied over an existing database")
	}
	nowhere := t.TempDir() + "/1"
	if err := CopyDatabase(t.TempDir(), nowhere); err == nil {
		t.Error("copied nothing")
	}
	if _, err := os.Stat(nowhere); !os.IsNotExist(err) {
		t.Error("left a directory behind")
	}
	if got := rows(t, c, readN); got != "5;" {
		t.Error(got)
	}
}

// Ensure that the log can be used from its start again once no reader needs it, and that a reader is waited for only a moment.
func TestCheckpoint(t *testing.T) {
	a, b := pair(t)
	for range 20 {
		write(t, a, `UPDATE t SET n = n + 1`)
	}
	begin(t, b, RepeatableRead)
	startRead(t, b)
	write(t, a, `UPDATE t SET n = n + 1`)
	if done, err := a.Checkpoint(CheckpointTruncate, TurnOptions{}); err != nil || done {
		t.Error(done, err)
	}
	if got := rows(t, b, readN); got != "20;" {
		t.Error(got)
	}
	must(t, b.Commit(CommitOptions{}))
	if done, err := a.Checkpoint(CheckpointTruncate, TurnOptions{}); err != nil || !done {
		t.Error(done, err)
	}
	if st, err := os.Stat(a.cfg.Dir + "/" + walFile); err != nil || st.Size() != 0 {
		t.Error(st.Size(), err)
	}
	if s, err := a.LogState(); err != nil || s.Frames != 0 {
		t.Error(s, err)
	}
	write(t, b, `UPDATE t SET n = n + 1`)
	if s, err := a.LogState(); err != nil || s.Frames == 0 || s.Moved != 0 || !s.Synced {
		t.Error(s, err)
	}
	if got := rows(t, a, readN); got != "22;" {
		t.Error(got)
	}
}
