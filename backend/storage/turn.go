package storage

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// The write turn. Its holder has turnByte of the file "turn" locked. Who has to wait draws a ticket and locks the byte of that number,
// waits until no lower byte is locked, and then for turnByte itself:
//
//	turnByte   enterByte   syncByte        queueBase+17   +18   +19
//	[holder]                               [head]         [..]  [..]
//	                                        waits for      wait for the bytes before theirs
//	                                        turnByte
//
// A waiter that gives up or dies leaves only by letting go of its byte, so nobody can be forgotten or overtaken.
const (
	turnByte  = 0
	enterByte = 1
	syncByte  = 2
	queueBase = 16
)

// TurnOptions say how long StartWrite may wait.
type TurnOptions struct {
	Timeout time.Duration // lock_timeout; 0 for none
	NoWait  bool
	// Waiting is told when the wait begins and when it ends.
	Waiting func(bool)
}

var errCanceledByLockTimeout = pgerr.New(pgerr.LockNotAvailable, "canceling statement due to lock timeout")

type turn struct {
	f    *os.File
	held bool
}

func openTurn(dir string) (turn, error) {
	f, err := openFile(filepath.Join(dir, turnFile), 0)
	return turn{f: f}, err
}

func (t *turn) acquire(s *shared, o TurnOptions, check func() error) error {
	// Nobody queues: take it if it is free. Who comes while somebody queues goes behind them.
	if !locked(t.f, queueBase, math.MaxInt64-queueBase) {
		ok, err := tryLock(t.f, unix.F_WRLCK, turnByte, 1)
		if err != nil {
			return fileError(err)
		}
		if ok {
			t.taken(s)
			return nil
		}
	}
	if o.NoWait {
		return pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on database for writing")
	}
	e := s.announce(lockTurn|lockExclusive, AdvisoryKey{})
	if o.Waiting != nil {
		o.Waiting(true)
		defer o.Waiting(false)
	}
	err := t.queue(s.page, o, s.watching(check))
	e.withdraw()
	if err != nil {
		if errors.Is(err, errLockTimeout) {
			return errCanceledByLockTimeout
		}
		return err
	}
	t.taken(s)
	return nil
}

func (t *turn) queue(p *page, o TurnOptions, check func() error) error {
	var deadline time.Time
	if o.Timeout > 0 {
		deadline = time.Now().Add(o.Timeout)
	}
	// The ticket is drawn and its byte locked under one lock: otherwise a later number could find our byte free and go first.
	if err := lock(t.f, unix.F_WRLCK, enterByte, 1); err != nil {
		return err
	}
	ticket := int64(p.nextTicket.Add(1))
	_, err := tryLock(t.f, unix.F_WRLCK, queueBase+ticket, 1)
	unlock(t.f, enterByte, 1)
	if err != nil {
		return err
	}
	defer unlock(t.f, queueBase, ticket+1)
	if err := waitLock(t.f, unix.F_RDLCK, queueBase, ticket, deadline, check); err != nil {
		return err
	}
	if err := waitLock(t.f, unix.F_WRLCK, turnByte, 1, deadline, check); err != nil {
		unlock(t.f, turnByte, 1)
		return err
	}
	return nil
}

// taken notes the holder, and finishes for one that died between the two halves of a commit: whether its commit is in the log or
// not is settled by now.
func (t *turn) taken(s *shared) {
	t.held = true
	p := s.page
	if b := p.begun.Load(); p.done.Load() < b {
		p.done.Store(b)
	}
	p.holder.Store(uint64(os.Getpid()))
	p.holderSession.Store(s.session)
	p.holderSince.Store(uint64(time.Now().UnixMicro()))
}

func (t *turn) release(p *page) {
	if t.held {
		t.held = false
		p.holder.Store(0)
		p.holderSession.Store(0)
		unlock(t.f, turnByte, 1)
	}
}

func (t *turn) close() {
	if t.f != nil {
		t.f.Close()
		t.f = nil
	}
}
