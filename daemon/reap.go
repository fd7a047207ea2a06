package daemon

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
)

// reap collects every process that has ended. As the first process of a container the postmaster has children it never started:
// those are collected too, and nothing else is done about them.
func (p *postmaster) reap() {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if c := p.table.Get(pid); c != nil {
			p.collected(c, status)
		}
	}
}

// lastWords is how long reports of a child that has ended are waited for; they are in its channel already.
const lastWords = time.Second

// collected makes sure that what a child said before it ended is heard before its end: a cancel request, the reason why it
// could not start.
func (p *postmaster) collected(c *children.Child, status unix.WaitStatus) {
	c.Collected = true
	l := p.links[c.PID]
	go func() {
		select {
		case <-l.heard:
		case <-time.After(lastWords):
		}
		p.post(func() { p.ended(c, status) })
	}()
}

func (p *postmaster) ended(c *children.Child, status unix.WaitStatus) {
	pid := c.PID
	if p.table.Get(pid) != c {
		return
	}
	p.table.Remove(pid)
	if l := p.links[pid]; l != nil {
		l.close()
		delete(p.links, pid)
	}
	k := kinds[c.Kind]
	what, ordinary := describe(k, c, status)
	now := time.Now()
	switch {
	case ordinary && c.Told, ordinary && k.policy == forget:
		p.log.Debugf("%s", what)
	case ordinary:
		p.log.Infof("%s", what)
	default:
		e := p.log.WithField("pid", pid)
		if c.Role != "" {
			e = e.WithField("role", c.Role).WithField("database_name", c.Database)
		}
		if c.Kind == kindBackend && c.Remote != "" {
			e = e.WithField("remote", c.Remote)
		}
		logging.Severe(e, "LOG", what)
	}
	if !c.Clean && !c.Told {
		p.throttle(c.Kind).failed(now)
	}
	switch k.policy {
	case forget:
		p.toKeeper(&handoff.Control{Kind: handoff.ControlGone, PID: int32(pid)}, nil)
		p.backendFailing(c, what)
	case startAgain:
		if p.phase == phaseReady && !c.Told {
			p.launch(c.Kind) // when throttled, tick tries again
		}
	case startAll:
		p.keeper = 0
		p.keeperEnded(c, what)
	}
	p.restart()
}

// describe words an exit as PostgreSQL does, and says whether it is ordinary.
func describe(k *kind, c *children.Child, status unix.WaitStatus) (string, bool) {
	if status.Signaled() {
		s := status.Signal()
		told := c.Told && (s == unix.SIGTERM || s == unix.SIGQUIT || s == unix.SIGKILL || s == unix.SIGINT)
		return fmt.Sprintf("%s (PID %d) was terminated by signal %d: %s", k.title, c.PID, int(s), signalName(s)), told
	}
	code := status.ExitStatus()
	return fmt.Sprintf("%s (PID %d) exited with exit code %d", k.title, c.PID, code), code == 0 || k.quietExit && code == 1 || c.Told && code == 2
}

// signalName is C's strsignal for those a process dies of.
func signalName(s syscall.Signal) string {
	switch s {
	case unix.SIGHUP:
		return "Hangup"
	case unix.SIGINT:
		return "Interrupt"
	case unix.SIGQUIT:
		return "Quit"
	case unix.SIGILL:
		return "Illegal instruction"
	case unix.SIGABRT:
		return "Aborted"
	case unix.SIGBUS:
		return "Bus error"
	case unix.SIGFPE:
		return "Floating point exception"
	case unix.SIGKILL:
		return "Killed"
	case unix.SIGSEGV:
		return "Segmentation fault"
	case unix.SIGTERM:
		return "Terminated"
	case unix.SIGSYS:
		return "Bad system call"
	}
	return s.String()
}

// backendFailing gives a start up when spares die before they ever worked: waiting would help nobody.
func (p *postmaster) backendFailing(c *children.Child, what string) {
	if !p.announced && !c.Clean && p.throttle(c.Kind).failures >= throttleGiveUp {
		p.fail(fmt.Errorf("backends end as soon as they start: %s", what))
	}
}

// keeperEnded ends and starts everything anew: without the keeper nobody can say who a session is.
func (p *postmaster) keeperEnded(c *children.Child, what string) {
	switch {
	case p.phase == phaseStopping || c.Told:
		return
	case !p.announced:
		p.fail(fmt.Errorf("the keeper ended before it was ready: %s", what))
		return
	}
	p.phase = phaseRecovering
	if p.table.Len() > 0 {
		p.log.Info("terminating any other active server processes")
	}
	p.quit()
}

// restart starts the processes again once the last of the old ones is gone.
func (p *postmaster) restart() {
	if p.phase != phaseRecovering || p.table.Len() > 0 {
		return
	}
	if !p.values.Bool("restart_after_crash") {
		p.fail(errors.New("shutting down because restart_after_crash is off"))
		return
	}
	if !p.throttle(kindKeeper).allows(time.Now()) {
		return // tick tries again
	}
	p.log.Info("all server processes terminated; reinitializing")
	p.phase = phaseStarting
	p.launch(kindKeeper)
}
