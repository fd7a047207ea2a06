package daemon

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
)

const (
	// authGrace is what a backend has beyond authentication_timeout to end its client itself.
	authGrace = 5 * time.Second
	// refuseTime is how long a client that is refused may take to read it.
	refuseTime = 10 * time.Second
	// watchEvery is how often the postmaster looks while there is something to watch.
	watchEvery = time.Second
	idleEvery  = time.Hour
)

// rearm sets the next look: soon while something can become due, else seldom, so that an idle site does not wake up.
func (p *postmaster) rearm(now time.Time) {
	watching := p.files != nil || p.demand > 0 || p.table.Count(kindBackend, children.Greeting, children.Refusing, children.Starting) > 0 ||
		p.table.Count(kindBackend, children.Spare) > p.wanted() || p.phase == phaseRecovering || p.phase == phaseStarting
	for _, t := range p.throttles {
		watching = watching || t.failures > 0
	}
	if watching == p.watching {
		return
	}
	p.watching = watching
	p.wake.Reset(p.interval())
}

func (p *postmaster) interval() time.Duration {
	if p.watching {
		return watchEvery
	}
	return idleEvery
}

// tick looks for what became due.
func (p *postmaster) tick(now time.Time) {
	p.wake.Reset(p.interval())
	p.demand /= 2
	p.trim(now)
	p.overdue(now)
	p.rotate(now)
	if p.phase == phaseRecovering {
		p.restart()
	}
	if p.phase == phaseReady && p.table.Count(kindCheckpointer) == 0 {
		p.launch(kindCheckpointer)
	}
}

// overdue ends backends whose clients take too long to say who they are. The backend should have done so itself; it may be
// stopped, or no longer its own master.
func (p *postmaster) overdue(now time.Time) {
	limit := p.values.Duration("authentication_timeout") + authGrace
	for _, c := range p.table.All() {
		var late time.Duration
		switch c.State {
		case children.Greeting:
			late = now.Sub(c.Accepted) - limit
		case children.Refusing:
			late = now.Sub(c.Accepted) - refuseTime
		case children.Starting:
			late = now.Sub(c.Started) - limit
			if c.Kind != kindBackend {
				continue
			}
		default:
			continue
		}
		switch {
		case late > authGrace:
			p.tell(c, unix.SIGKILL)
		case late > 0 && !c.Told:
			if c.State == children.Greeting {
				p.log.WithField("remote", c.Remote).Infof("server process (PID %d) did not authenticate its client in time", c.PID)
			}
			p.tell(c, sigEnd)
		}
	}
}

// openLog begins the first log file, or after a change of settings another one.
func (p *postmaster) openLog(again bool) {
	old := p.files
	p.files = logging.NewFiles(string(p.dir), p.values)
	if p.files == nil || again && old == nil {
		return // logging_collector is fixed at start
	}
	p.switchLog(time.Now(), false)
}

func (p *postmaster) rotate(now time.Time) {
	if p.files == nil {
		return
	}
	if due, byAge := p.files.Due(now); due {
		p.switchLog(now, byAge)
	}
}

// switchLog opens a file and makes it everybody's descriptors 1 and 2.
func (p *postmaster) switchLog(now time.Time, byAge bool) {
	f, err := p.files.Open(now, byAge)
	if err != nil {
		p.log.Error(err.Error())
		return
	}
	for _, l := range p.links {
		if fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0); err == nil {
			l.send(&handoff.Control{Kind: handoff.ControlLog}, os.NewFile(uintptr(fd), "log"))
		}
	}
	if err := logging.Redirect(f); err != nil {
		p.log.Error(err.Error())
	}
}
