package storage

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// shared is the page every process of the database has mapped, file "shared". It holds counters only; who is alive and who waits is
// known from kernel locks, so that a process killed at any moment leaves nothing behind that another could wait for.
type shared struct {
	f    *os.File
	mem  []byte
	page *page
	// first tells that nobody else uses the database: the page is to be reset, what crashed before is to be recovered.
	first bool
	// session is this session's number in the lock table, hint where it last found a free entry.
	session uint64
	hint    int

	deadlockTimeout time.Duration
	// database is the directory's name, the database's OID.
	database string
}

// page is the layout of the shared page. A commit's ticket is given out under the write turn: begun is set before SQLite's
// COMMIT, done after it, synced once an fdatasync that began after it has returned. A snapshot taken when begun was n holds no
// commit beyond n.
type page struct {
	magic  atomic.Uint64
	begun  atomic.Uint64
	done   atomic.Uint64
	synced atomic.Uint64
	// broken is the errno of a sync that failed; nothing can be promised until the log was recovered.
	broken atomic.Uint64
	// nextTicket numbers those who queue for the write turn.
	nextTicket atomic.Uint64
	// sequenceDirty counts the times a sequence went past what is known to be on disk, sequenceSynced how many of them are there.
	sequenceDirty, sequenceSynced atomic.Uint64
	// holder is the process that has the write turn, since when in Unix microseconds, and its session's number.
	holder, holderSince, holderSession atomic.Uint64
	// nextSession numbers sessions for the lock table.
	nextSession atomic.Uint64
	// syncRound moves on when a sync has ended; those it may have served sleep on it.
	syncRound atomic.Uint32
	_         [4096 - 13*8]byte
	locks     [lockEntries]lockEntry
}

const sharedSize = int(unsafe.Sizeof(page{}))

const pageMagic = 0x7067642d73686d31

// usersByte is locked shared by every process that uses the page, exclusively by the one that resets it.
const usersByte = 0

func openShared(dir string) (*shared, error) {
	f, err := openFile(filepath.Join(dir, sharedFile), 0)
	if err != nil {
		return nil, err
	}
	s := &shared{f: f, database: filepath.Base(dir)}
	ok, err := tryLock(f, unix.F_WRLCK, usersByte, 1)
	if err == nil && ok {
		s.first = true
		// Allocated, not left as a hole: a write into a hole of a mapped file kills the process when the disk is full.
		if e := unix.Fallocate(int(f.Fd()), 0, 0, int64(sharedSize)); e != nil {
			err = &os.PathError{Op: "fallocate", Path: f.Name(), Err: e}
		}
	} else if err == nil {
		err = lock(f, unix.F_RDLCK, usersByte, 1)
	}
	if err == nil {
		s.mem, err = unix.Mmap(int(f.Fd()), 0, sharedSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s.page = (*page)(unsafe.Pointer(&s.mem[0]))
	return s, nil
}

// start ends the time as first: the page is made new and others are let in. What the log holds was perhaps never synced, so it counts as
// a commit that still has to be.
func (s *shared) start() error {
	if !s.first {
		return s.enroll()
	}
	clear(s.mem)
	s.page.begun.Store(1)
	s.page.done.Store(1)
	s.page.magic.Store(pageMagic)
	s.first = false
	if err := s.enroll(); err != nil {
		return err
	}
	return lock(s.f, unix.F_RDLCK, usersByte, 1)
}

func (s *shared) close() {
	if s.mem != nil {
		unix.Munmap(s.mem)
		s.mem, s.page = nil, nil
	}
	s.f.Close()
}
