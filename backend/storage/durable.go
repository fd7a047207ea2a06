package storage

import (
	"errors"
	"math"
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// syncTo returns when the commit with that ticket, and every one before it, is on disk. One process at a time syncs; who comes
// meanwhile sleeps until it has ended, all wake at once, and one of those whose commit was not covered syncs for all who
// committed by then. Queueing for the lock instead would keep those whose commit is on disk behind the next sync.
//
//	A commits 7 ─ syncs ──────────────┐ synced = 7
//	     B commits 8 ─ sleeps         ├─ syncs ──────┐ synced = 9
//	          C commits 9 ─ sleeps    └─ sleeps      └─ finds 9 synced
func (d *DB) syncTo(ticket uint64) error {
	p := d.shared.page
	if !d.cfg.Fsync {
		return nil
	}
	for {
		round := p.syncRound.Load()
		if p.synced.Load() >= ticket && p.sequenceSynced.Load() >= d.txn.sequenceTicket {
			return d.checkSync()
		}
		ok, err := tryLock(d.turn.f, unix.F_WRLCK, syncByte, 1)
		if err != nil {
			return err
		}
		if ok {
			err := d.syncAll(ticket)
			p.syncRound.Add(1)
			unlock(d.turn.f, syncByte, 1)
			futexWake(&p.syncRound)
			return err
		}
		futexWait(&p.syncRound, round, syncerDied)
	}
}

// syncerDied is how long to sleep before looking whether the syncing process was killed, and with it the waking.
const syncerDied = 20 * time.Millisecond

// futexWait sleeps until somebody has moved the word on from value, or for that time.
func futexWait(word *atomic.Uint32, value uint32, most time.Duration) {
	ts := unix.NsecToTimespec(int64(most))
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexOpWait, uintptr(value), uintptr(unsafe.Pointer(&ts)), 0, 0)
}

func futexWake(word *atomic.Uint32) {
	unix.Syscall(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexOpWake, math.MaxInt32)
}

const (
	futexOpWait = 0
	futexOpWake = 1
)

// syncAll syncs what has been committed so far.
func (d *DB) syncAll(ticket uint64) error {
	p := d.shared.page
	if err := d.checkSync(); err != nil {
		return err
	}
	if p.synced.Load() < ticket {
		done := p.done.Load()
		if err := d.fdatasync(d.wal); err != nil {
			return err
		}
		p.synced.Store(done)
	}
	if dirty := p.sequenceDirty.Load(); p.sequenceSynced.Load() < dirty {
		if err := d.sequences.sync(); err != nil {
			return err
		}
		p.sequenceSynced.Store(dirty)
	}
	return nil
}

// fdatasync syncs one file. A sync that failed may have dropped the very pages it failed on, so it is never tried again: all processes
// are told to stop until the log was recovered.
func (d *DB) fdatasync(f *os.File) error {
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if err == nil {
			return nil
		}
		if !errors.Is(err, unix.EINTR) {
			d.markBroken(err)
			return d.checkSync()
		}
	}
}

func (d *DB) markBroken(err error) {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		errno = unix.EIO
	}
	d.shared.page.broken.CompareAndSwap(0, uint64(errno))
}

func (d *DB) checkSync() error {
	errno := d.shared.page.broken.Load()
	if errno == 0 {
		return nil
	}
	e := pgerr.Fatal(pgerr.IoError, "could not sync the write-ahead log: %s", unix.Errno(errno).Error()).
		WithHint("The database accepts no work until all its sessions have ended.")
	e.Severity = pgerr.SevPanic
	return e
}

// WaitDurable returns when everything this session has read is on disk. It is called before an answer is sent, so that nobody is
// ever told what a power cut could take back.
func (d *DB) WaitDurable() error {
	if d.shared.page.synced.Load() >= d.txn.readTicket {
		return nil
	}
	return d.syncTo(d.txn.readTicket)
}
