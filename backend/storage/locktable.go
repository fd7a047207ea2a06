package storage

import (
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// The lock table is the part of the shared page's file that tells who has and who waits for which lock: for pg_locks and for finding
// deadlocks. It decides nothing: the locks themselves are the kernel's. An entry belongs to a session, known by a number whose
// byte of the file it keeps locked for life, so that entries of the dead are told apart and used again.
type lockEntry struct {
	owner atomic.Uint64 // number of the session, 0 for a free entry
	pid   atomic.Int64
	what  atomic.Uint64 // see the bits below, 0 while it is being filled in
	key   atomic.Uint64
}

const (
	lockEntries = 4096
	sessionByte = 1 << 20

	lockTurn      = 1
	lockOneKey    = 2
	lockTwoKeys   = 3
	lockKind      = 0xff
	lockExclusive = 1 << 8
	lockGranted   = 1 << 9
)

// LockInfo is one row of pg_locks.
type LockInfo struct {
	PID int32
	// Turn is the write turn; otherwise Key is an advisory lock's.
	Turn               bool
	Key                AdvisoryKey
	Exclusive, Granted bool

	session uint64
}

// enroll gives the session its number.
func (s *shared) enroll() error {
	s.session = s.page.nextSession.Add(1)
	_, err := tryLock(s.f, unix.F_WRLCK, sessionByte+int64(s.session), 1)
	return err
}

func (s *shared) alive(session uint64) bool {
	return session == s.session || locked(s.f, sessionByte+int64(session), 1)
}

// announce writes an entry for this session. When the table is full of living sessions' entries the lock goes unlisted.
func (s *shared) announce(what uint64, k AdvisoryKey) *lockEntry {
	for try := range 2 {
		for i := range s.page.locks {
			e := &s.page.locks[(s.hint+i)%lockEntries]
			o := e.owner.Load()
			if o != 0 && (try == 0 || s.alive(o)) || !e.owner.CompareAndSwap(o, s.session) {
				continue
			}
			s.hint = (s.hint + i) % lockEntries
			e.what.Store(0)
			e.pid.Store(int64(os.Getpid()))
			e.key.Store(k.bits())
			e.what.Store(what)
			return e
		}
	}
	return nil
}

// withdraw frees an entry.
func (e *lockEntry) withdraw() {
	if e != nil {
		e.what.Store(0)
		e.owner.Store(0)
	}
}

func (k AdvisoryKey) bits() uint64 {
	if k.Two {
		return uint64(uint32(k.K1))<<32 | uint64(uint32(k.K2))
	}
	return uint64(k.Key)
}

func (k AdvisoryKey) kind() uint64 {
	if k.Two {
		return lockTwoKeys
	}
	return lockOneKey
}

// list gives the locks of living sessions.
func (s *shared) list() []LockInfo {
	var out []LockInfo
	alive := map[uint64]bool{}
	for i := range s.page.locks {
		e := &s.page.locks[i]
		owner, what := e.owner.Load(), e.what.Load()
		if owner == 0 || what == 0 {
			continue
		}
		l := LockInfo{PID: int32(e.pid.Load()), Turn: what&lockKind == lockTurn, Exclusive: what&lockExclusive != 0,
			Granted: what&lockGranted != 0, session: owner}
		switch bits := e.key.Load(); what & lockKind {
		case lockOneKey:
			l.Key = AdvisoryKey{Key: int64(bits)}
		case lockTwoKeys:
			l.Key = AdvisoryKey{Two: true, K1: int32(bits >> 32), K2: int32(bits)}
		}
		live, known := alive[owner]
		if !known {
			live = s.alive(owner)
			alive[owner] = live
		}
		if live && e.owner.Load() == owner {
			out = append(out, l)
		}
	}
	if h := s.page.holderSession.Load(); h != 0 && s.alive(h) {
		out = append(out, LockInfo{PID: int32(s.page.holder.Load()), Turn: true, Exclusive: true, Granted: true, session: h})
	}
	return out
}

// LockTable gives the locks that the database's sessions have and wait for.
func (d *DB) LockTable() []LockInfo { return d.shared.list() }

// blocks tells whether one entry stands in the way of another.
func (l LockInfo) blocks(w LockInfo) bool {
	return l.Granted && !w.Granted && l.session != w.session && l.Turn == w.Turn && l.Key == w.Key && (l.Exclusive || w.Exclusive)
}

// BlockingPIDs gives the processes that stand in the way of one, as pg_blocking_pids.
func (d *DB) BlockingPIDs(pid int32) []int32 {
	var out []int32
	table := d.shared.list()
	for _, w := range table {
		for _, l := range table {
			if w.PID == pid && l.blocks(w) {
				out = append(out, l.PID)
			}
		}
	}
	return out
}

// watching adds to what a waiting session is interrupted by that it waits for itself; it looks once, after deadlock_timeout, since
// whoever completes the circle later looks for himself.
func (s *shared) watching(check func() error) func() error {
	began, looked := time.Now(), false
	return func() error {
		if check != nil {
			if err := check(); err != nil {
				return err
			}
		}
		if looked || time.Since(began) < s.deadlockTimeout {
			return nil
		}
		looked = true
		return s.deadlock()
	}
}

// deadlock finds out whether this session waits for itself through others, and if so gives PostgreSQL's error.
func (s *shared) deadlock() error {
	table := s.list()
	var path []LockInfo
	seen := map[uint64]bool{}
	var visit func(session uint64) bool
	visit = func(session uint64) bool {
		for _, w := range table {
			if w.session != session || w.Granted {
				continue
			}
			for _, l := range table {
				if !l.blocks(w) {
					continue
				}
				path = append(path, w, l)
				if l.session == s.session {
					return true
				}
				if !seen[l.session] {
					seen[l.session] = true
					if visit(l.session) {
						return true
					}
				}
				path = path[:len(path)-2]
			}
		}
		return false
	}
	if !visit(s.session) {
		return nil
	}
	e := pgerr.New(pgerr.DeadlockDetected, "deadlock detected").WithHint("See server log for query details.")
	for i := 0; i < len(path); i += 2 {
		if i > 0 {
			e.Detail += "\n"
		}
		w, l := path[i], path[i+1]
		e.Detail += pgerr.New("", "Process %d waits for %s; blocked by process %d.", w.PID, w.describe(s.database), l.PID).Message
	}
	return e
}

func (l LockInfo) describe(database string) string {
	mode := "ShareLock"
	if l.Exclusive {
		mode = "ExclusiveLock"
	}
	switch {
	case l.Turn:
		return mode + " on the write turn"
	case l.Key.Two:
		return pgerr.New("", "%s on advisory lock [%s,%d,%d,2]", mode, database, uint32(l.Key.K1), uint32(l.Key.K2)).Message
	}
	return pgerr.New("", "%s on advisory lock [%s,%d,%d,1]", mode, database, uint32(l.Key.Key>>32), uint32(l.Key.Key)).Message
}
