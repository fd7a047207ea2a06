package daemon

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"pgd/install/site"
	"pgd/perms"
)

// ErrNotRunning says that nobody holds the site's lock.
var ErrNotRunning = errors.New("the site is not running")

// Process is a running postmaster that can be signalled without hitting a stranger.
type Process struct {
	site.PID
	dir site.Dir
	fd  int // pidfd
}

// Find finds the postmaster that runs a site. The lock says whether there is one; its pid file only who. A process that does not
// belong to the site's owner is refused, so that a forged pid file cannot make root signal somebody else's.
func Find(d site.Dir) (*Process, error) {
	for try := 0; ; try++ {
		held, err := d.Locked()
		if err != nil {
			return nil, err
		}
		if !held {
			return nil, ErrNotRunning
		}
		p, err := identify(d)
		if err == nil && p.ended() {
			// Killed a moment ago, while a child of it was being started: that child lets go of the lock when it has begun.
			p.Close()
			p, err = nil, ErrNotRunning
		}
		// A postmaster that has the lock writes its pid file soon after.
		if err == nil || try == 20 {
			return p, err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func identify(d site.Dir) (*Process, error) {
	pid, err := d.ReadPID()
	if err != nil {
		return nil, err
	}
	fd, err := unix.PidfdOpen(pid.PID, 0)
	if err != nil {
		return nil, fmt.Errorf("the pid file names process %d, which does not run: %w", pid.PID, err)
	}
	p := &Process{PID: pid, dir: d, fd: fd}
	var owner, process unix.Stat_t
	if err = unix.Stat(string(d), &owner); err == nil {
		err = unix.Stat(fmt.Sprintf("/proc/%d", pid.PID), &process)
	}
	if err == nil && owner.Uid != process.Uid {
		err = &perms.Refusal{Message: fmt.Sprintf("the pid file names process %d of account %q, but the site belongs to %q",
			pid.PID, perms.UserName(process.Uid), perms.UserName(owner.Uid)), Hint: "Look at " + d.Path(site.PIDFile)}
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// ended says whether the process has ended, reaped or not.
func (p *Process) ended() bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}, 0)
	return err == nil && n > 0
}

// Close lets go of the process.
func (p *Process) Close() { unix.Close(p.fd) }

// Signal sends a signal.
func (p *Process) Signal(s unix.Signal) error {
	err := unix.PidfdSendSignal(p.fd, s, nil, 0)
	switch {
	case errors.Is(err, unix.ESRCH):
		return ErrNotRunning
	case errors.Is(err, unix.EPERM):
		return &perms.Refusal{Message: fmt.Sprintf("no permission to signal process %d", p.PID.PID),
			Hint: "Run it as the owner of the site or as root."}
	}
	return err
}

// WaitGone waits until the process has ended and the lock is free.
func (p *Process) WaitGone(timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	for {
		fds := []unix.PollFd{{Fd: int32(p.fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, int(max(0, min(time.Until(deadline), time.Minute)).Milliseconds()))
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return err
		case n > 0:
			return nil
		case !time.Now().Before(deadline):
			return os.ErrDeadlineExceeded
		}
	}
}

// WaitState waits until the pid file says the state, the process ends (ErrNotRunning) or time is over.
func WaitState(d site.Dir, state string, timeout time.Duration) error {
	for deadline := time.Now().Add(timeout); ; time.Sleep(20 * time.Millisecond) {
		if held, err := d.Locked(); err != nil || !held {
			return errors.Join(err, ErrNotRunning)
		}
		if pid, err := d.ReadPID(); err == nil && pid.State == state {
			return nil
		}
		if time.Now().After(deadline) {
			return os.ErrDeadlineExceeded
		}
	}
}

// StopSignals are the signals of `pgd stop -m`.
var StopSignals = map[string]unix.Signal{"smart": unix.SIGUSR2, "fast": unix.SIGINT, "immediate": unix.SIGQUIT}
