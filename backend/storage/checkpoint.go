package storage

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// LogState is how full a database's write-ahead log is, in pages, as its index says.
type LogState struct {
	// Frames are in the log, Moved of them are in the file already.
	Frames, Moved int64
	// Synced tells that every commit is on disk.
	Synced bool
	// Broken tells that a sync failed: whoever has the database open has to let go of it.
	Broken bool
}

// LogState reads the state without taking a lock: it may be old by the time it is looked at.
func (d *DB) LogState() (LogState, error) {
	p := d.shared.page
	s := LogState{Synced: p.synced.Load() >= p.done.Load(), Broken: p.broken.Load() != 0}
	f, err := openFile(filepath.Join(d.cfg.Dir, shmFile), 0)
	if err != nil {
		return s, fileError(err)
	}
	defer f.Close()
	// The index begins with two copies of a header of 48 bytes, which has the number of frames at 16; the number moved
	// follows them. This is SQLite's documented WAL-index format.
	var b [100]byte
	if n, _ := f.ReadAt(b[:], 0); n == len(b) {
		s.Frames = int64(binary.NativeEndian.Uint32(b[16:]))
		s.Moved = int64(binary.NativeEndian.Uint32(b[96:]))
	}
	return s, nil
}

// SyncCommits makes what was committed without waiting (synchronous_commit = off) last.
func (d *DB) SyncCommits() error { return d.syncTo(d.shared.page.done.Load()) }

// CheckpointMode says how far Checkpoint goes.
type CheckpointMode uint8

const (
	// CheckpointPassive moves what no reader still needs and disturbs nobody.
	CheckpointPassive CheckpointMode = iota
	// CheckpointRestart takes the write turn, moves everything and has the next writer begin at the log's start; it waits a moment for readers.
	CheckpointRestart
	// CheckpointTruncate does that and gives the log's space back.
	CheckpointTruncate
)

// checkpointWait bounds how long a checkpoint that holds the write turn may wait for readers.
const checkpointWait = 100 * time.Millisecond

// Checkpoint moves pages from the log into the file. It answers whether the log can now be used from its start; false
// means that a reader still needs a part of it. It must not be called inside a transaction.
func (d *DB) Checkpoint(mode CheckpointMode, o TurnOptions) (complete bool, err error) {
	if d.txn.state != txnNone {
		return false, pgerr.New(pgerr.ActiveSqlTransaction, "CHECKPOINT cannot run inside a transaction block")
	}
	defer d.recovered(&err)
	if err := d.checkSync(); err != nil {
		return false, err
	}
	d.unpin()
	if mode == CheckpointPassive {
		return d.moveLog(sqlite3.CHECKPOINT_PASSIVE)
	}
	if err := d.turn.acquire(d.shared, o, d.cfg.Interrupted); err != nil {
		return false, err
	}
	defer d.turn.release(d.shared.page)
	// Most is moved while readers may come and go; what is left afterwards is short.
	if _, err := d.moveLog(sqlite3.CHECKPOINT_PASSIVE); err != nil {
		return false, err
	}
	if err := d.conn.BusyTimeout(checkpointWait); err != nil {
		return false, sqliteError(err)
	}
	defer d.conn.BusyTimeout(busyTimeoutMS * time.Millisecond)
	if mode == CheckpointTruncate {
		return d.moveLog(sqlite3.CHECKPOINT_TRUNCATE)
	}
	return d.moveLog(sqlite3.CHECKPOINT_RESTART)
}

func (d *DB) moveLog(mode sqlite3.CheckpointMode) (complete bool, err error) {
	frames, moved, err := d.conn.WALCheckpoint("main", mode)
	if err != nil && sqliteCode(err) == sqlite3.BUSY {
		return false, nil
	}
	if err != nil {
		var x sqlite3.ExtendedErrorCode
		if errors.As(err, &x) && (x == sqlite3.IOERR_FSYNC || x == sqlite3.IOERR_DIR_FSYNC) {
			d.markBroken(err)
		}
		return false, sqliteError(err)
	}
	return frames == moved, nil
}

// Recoverable tells whether a database's log has to be recovered after a failed sync and nobody has it open any more.
func Recoverable(dir string) bool {
	f, err := openFile(filepath.Join(dir, sharedFile), 0)
	if err != nil {
		return os.IsNotExist(err)
	}
	defer f.Close()
	return !locked(f, usersByte, 1)
}

// InUse tells whether another process has the database open.
func (d *DB) InUse() bool { return locked(d.shared.f, usersByte, 1) }

// recoverLog makes a log trustworthy whose last sync failed: everything it holds is written to the file anew and synced.
func (d *DB) recoverLog() error {
	if !d.shared.first || d.shared.page.broken.Load() == 0 {
		return nil
	}
	_, _, err := d.conn.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	return sqliteError(err)
}

// Integrity checks the file and every foreign key and gives what is wrong, one line each; nil is a sound database.
func (d *DB) Integrity() ([]string, error) {
	var problems []string
	err := d.Query(`PRAGMA integrity_check(100)`, nil, func(row []types.Value) error {
		if text := string(row[0].B); text != "ok" {
			problems = append(problems, text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = d.Query(`PRAGMA foreign_key_check`, nil, func(row []types.Value) error {
		problems = append(problems, pgerr.New(pgerr.ForeignKeyViolation, "row %d of %q has no counterpart in %q",
			row[1].I, row[0].B, row[2].B).Message)
		return nil
	})
	return problems, err
}
