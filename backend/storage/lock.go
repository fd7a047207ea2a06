package storage

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Locks between processes are open-file-description locks on bytes of a file: the kernel queues and wakes, and lets go of them
// when a process dies, however it dies.

func flock(f *os.File, cmd int, typ int16, start, n int64) error {
	l := unix.Flock_t{Type: typ, Whence: 0, Start: start, Len: n}
	return unix.FcntlFlock(f.Fd(), cmd, &l)
}

// tryLock takes a lock or says at once that somebody else has it.
func tryLock(f *os.File, typ int16, start, n int64) (bool, error) {
	for {
		err := flock(f, unix.F_OFD_SETLK, typ, start, n)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EACCES):
			return false, nil
		case !errors.Is(err, unix.EINTR):
			return false, fileError(os.NewSyscallError("fcntl", err))
		}
	}
}

// lock waits for a lock that is only ever held for a moment.
func lock(f *os.File, typ int16, start, n int64) error {
	for {
		err := flock(f, unix.F_OFD_SETLKW, typ, start, n)
		if !errors.Is(err, unix.EINTR) {
			return fileError(os.NewSyscallError("fcntl", err))
		}
	}
}

func unlock(f *os.File, start, n int64) {
	for flock(f, unix.F_OFD_SETLK, unix.F_UNLCK, start, n) == unix.EINTR {
	}
}

// locked tells whether somebody else has a lock in a range.
func locked(f *os.File, start, n int64) bool {
	l := unix.Flock_t{Type: unix.F_WRLCK, Start: start, Len: n}
	for {
		err := unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &l)
		if !errors.Is(err, unix.EINTR) {
			return err == nil && l.Type != unix.F_UNLCK
		}
	}
}

// errLockTimeout says that the time a lock may be waited for is over.
var errLockTimeout = errors.New("lock timeout")

// wakeSignal ends a blocking lock call of one thread. The runtime's handler for it does nothing; that it was installed without
// SA_RESTART is what makes the call return.
const wakeSignal = unix.Signal(44)

var withoutRestart = sync.OnceValue(func() error {
	const saRestart = 0x10000000
	var act struct {
		handler  uintptr
		flags    uint64
		restorer uintptr
		mask     uint64
	}
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(wakeSignal), 0, uintptr(unsafe.Pointer(&act)), 8, 0, 0)
	if e != 0 {
		return e
	}
	if act.handler <= 1 {
		return unix.EINVAL
	}
	act.flags &^= saRestart
	_, _, e = unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(wakeSignal), uintptr(unsafe.Pointer(&act)), 0, 8, 0, 0)
	if e != 0 {
		return e
	}
	return nil
})

// pollInterrupt is how often a waiting process looks for a cancel request.
const pollInterrupt = 10 * time.Millisecond

// waitLock waits for a lock, in the kernel, until it has it, until check answers with an error, or until the deadline (zero for none). After
// an error the lock may have been taken all the same: the caller puts the bytes back to what they were.
func waitLock(f *os.File, typ int16, start, n int64, deadline time.Time, check func() error) error {
	if check == nil && deadline.IsZero() {
		return lock(f, typ, start, n)
	}
	if err := withoutRestart(); err != nil {
		return fileError(os.NewSyscallError("rt_sigaction", err))
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	w := watch{tid: unix.Gettid(), deadline: deadline, check: check, pause: time.Millisecond}
	w.start()
	var err error
	for {
		err = flock(f, unix.F_OFD_SETLKW, typ, start, n)
		if !errors.Is(err, unix.EINTR) || w.fired.Load() {
			break
		}
	}
	if reason := w.end(); reason != nil {
		return reason
	}
	return fileError(os.NewSyscallError("fcntl", err))
}

// watch looks after one blocked thread, from a timer: most waits end before it first goes off and then cost no more than setting it.
type watch struct {
	tid      int
	deadline time.Time
	check    func() error
	fired    atomic.Bool

	mu     sync.Mutex
	timer  *time.Timer
	pause  time.Duration
	reason error
	ended  bool
}

func (w *watch) start() {
	w.mu.Lock()
	w.timer = time.AfterFunc(w.next(), w.look)
	w.mu.Unlock()
}

// end stops the watch; check is not running any more when it returns.
func (w *watch) end() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
	return w.reason
}

func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	if w.reason == nil && w.check != nil {
		w.reason = w.check()
	}
	if w.reason == nil && !w.deadline.IsZero() && !time.Now().Before(w.deadline) {
		w.reason = errLockTimeout
	}
	w.pause = min(w.pause+time.Millisecond, pollInterrupt)
	if w.reason != nil {
		// The signal may come before the thread is in its call: it is sent until the thread says that it noticed.
		w.fired.Store(true)
		unix.Tgkill(unix.Getpid(), w.tid, wakeSignal)
		w.pause = time.Millisecond
	}
	w.timer.Reset(w.next())
}

// next is the time to the next look, shortened where the deadline is nearer.
func (w *watch) next() time.Duration {
	if w.deadline.IsZero() || w.reason != nil {
		return w.pause
	}
	return min(w.pause, max(time.Until(w.deadline), 100*time.Microsecond))
}
