package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// AdvisoryKey is one bigint key (Two false) or two integer keys.
type AdvisoryKey struct {
	Key    int64
	K1, K2 int32
	Two    bool
}

// AdvisoryLocks are the database's advisory locks: each key is a byte of a lock file, so that the kernel excludes sessions from each
// other and lets go when one dies. 2 × 2⁶⁴ keys do not fit the 2⁶³ bytes of a file, so there are four files, and no two keys share a byte.
type AdvisoryLocks struct {
	// Timeout gives lock_timeout and Waiting is told when a wait begins and ends; the session sets them.
	Timeout func() time.Duration
	Waiting func(bool)

	d     *DB
	files [4]*os.File
	held  map[AdvisoryKey]*advisory
}

// advisory counts how often the session has a key: [0] exclusive, [1] shared.
type advisory struct {
	session, transaction [2]int
	mode                 int16
	entry                *lockEntry
}

// Locks gives the database's advisory locks.
func (d *DB) Locks() *AdvisoryLocks { return d.locks }

// place gives the file and the byte of a key.
func (a *AdvisoryLocks) place(k AdvisoryKey) (*os.File, int64, error) {
	u, file := uint64(k.Key), 0
	if k.Two {
		u, file = uint64(uint32(k.K1))<<32|uint64(uint32(k.K2)), 2
	}
	file += int(u >> 63)
	if a.files[file] == nil {
		f, err := openFile(filepath.Join(a.d.cfg.Dir, "locks"+strconv.Itoa(file)), unix.O_CREAT)
		if err != nil {
			return nil, 0, fileError(err)
		}
		a.files[file] = f
	}
	return a.files[file], int64(u &^ (1 << 63)), nil
}

func (l *advisory) wanted() int16 {
	switch {
	case l.session[0]+l.transaction[0] > 0:
		return unix.F_WRLCK
	case l.session[1]+l.transaction[1] > 0:
		return unix.F_RDLCK
	}
	return unix.F_UNLCK
}

// Acquire takes a lock for the session or the transaction. With try it answers false instead of waiting. A session never waits for
// itself, and has to release a lock as often as it took it.
func (a *AdvisoryLocks) Acquire(key AdvisoryKey, shared, transaction, try bool) (bool, error) {
	f, at, err := a.place(key)
	if err != nil {
		return false, err
	}
	l := a.held[key]
	if l == nil {
		l = &advisory{mode: unix.F_UNLCK}
	}
	i, mode := 0, int16(unix.F_WRLCK)
	if shared {
		i, mode = 1, unix.F_RDLCK
	}
	if l.mode == unix.F_UNLCK || l.mode == unix.F_RDLCK && !shared {
		ok, err := a.take(f, at, key, mode, l.mode, try)
		if err != nil || !ok {
			return false, err
		}
		a.note(key, l, mode)
	}
	if a.held == nil {
		a.held = map[AdvisoryKey]*advisory{}
	}
	a.held[key] = l
	if !transaction {
		l.session[i]++
		return true, nil
	}
	l.transaction[i]++
	a.d.OnEnd(func(bool) {
		l.transaction[i]--
		a.settle(key, l)
	})
	return true, nil
}

// note puts the mode the session now has into the lock table.
func (a *AdvisoryLocks) note(key AdvisoryKey, l *advisory, mode int16) {
	l.mode = mode
	l.entry.withdraw()
	l.entry = nil
	if mode != unix.F_UNLCK {
		l.entry = a.d.shared.announce(key.kind()|lockGranted|exclusive(mode), key)
	}
}

func exclusive(mode int16) uint64 {
	if mode == unix.F_WRLCK {
		return lockExclusive
	}
	return 0
}

func (a *AdvisoryLocks) take(f *os.File, at int64, key AdvisoryKey, mode, before int16, try bool) (bool, error) {
	ok, err := tryLock(f, mode, at, 1)
	if ok || err != nil || try {
		return ok, err
	}
	var deadline time.Time
	if a.Timeout != nil {
		if t := a.Timeout(); t > 0 {
			deadline = time.Now().Add(t)
		}
	}
	e := a.d.shared.announce(key.kind()|exclusive(mode), key)
	if a.Waiting != nil {
		a.Waiting(true)
		defer a.Waiting(false)
	}
	err = waitLock(f, mode, at, 1, deadline, a.d.shared.watching(a.d.cfg.Interrupted))
	e.withdraw()
	if err == nil {
		return true, nil
	}
	flock(f, unix.F_OFD_SETLK, before, at, 1)
	if errors.Is(err, errLockTimeout) {
		err = errCanceledByLockTimeout
	}
	return false, err
}

// settle makes the kernel's lock what the counts still ask for.
func (a *AdvisoryLocks) settle(key AdvisoryKey, l *advisory) {
	want := l.wanted()
	if want == l.mode {
		return
	}
	if f, at, err := a.place(key); err == nil {
		flock(f, unix.F_OFD_SETLK, want, at, 1)
	}
	a.note(key, l, want)
	if want == unix.F_UNLCK {
		delete(a.held, key)
	}
}

// Release gives back a lock the session took; false when it has none of that kind.
func (a *AdvisoryLocks) Release(key AdvisoryKey, shared bool) (bool, error) {
	l, i := a.held[key], 0
	if shared {
		i = 1
	}
	if l == nil || l.session[i] == 0 {
		return false, nil
	}
	l.session[i]--
	a.settle(key, l)
	return true, nil
}

// ReleaseAll gives back every lock the session took; those of the transaction stay.
func (a *AdvisoryLocks) ReleaseAll() error {
	for key, l := range a.held {
		l.session = [2]int{}
		a.settle(key, l)
	}
	return nil
}

// Held calls f for every key the session has, with whether it is exclusive.
func (a *AdvisoryLocks) Held(f func(key AdvisoryKey, exclusive bool)) {
	for key, l := range a.held {
		f(key, l.mode == unix.F_WRLCK)
	}
}

func (a *AdvisoryLocks) close() {
	for _, f := range a.files {
		if f != nil {
			f.Close()
		}
	}
}
