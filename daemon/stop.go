package daemon

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"

	"pgd/daemon/children"
	"pgd/daemon/logging"
	"pgd/install/site"
)

// stopMode is how strong a stop is; a stronger one overrides a weaker one.
type stopMode uint8

const (
	stopNot stopMode = iota
	stopSmart
	stopFast
	stopImmediate
)

// sigEnd asks a child to end in an orderly way.
const sigEnd = unix.SIGTERM

// immediateGrace is how long an immediate stop waits before it kills.
const immediateGrace = 5 * time.Second

var stopSignals = map[os.Signal]stopMode{unix.SIGUSR2: stopSmart, unix.SIGTERM: stopFast, unix.SIGINT: stopFast, unix.SIGQUIT: stopImmediate}

var stopNames = map[stopMode]string{stopSmart: "smart", stopFast: "fast", stopImmediate: "immediate"}

func watchSignals() chan os.Signal {
	c := make(chan os.Signal, 64)
	signal.Notify(c, unix.SIGCHLD, unix.SIGHUP, unix.SIGTERM, unix.SIGINT, unix.SIGUSR2, unix.SIGQUIT)
	return c
}

func (p *postmaster) signal(s os.Signal) {
	switch s {
	case unix.SIGCHLD:
		p.reap()
	case unix.SIGHUP:
		p.reload("SIGHUP")
	default:
		p.stop(stopSignals[s])
	}
}

// tell asks a child to end, once for each signal it has not had.
func (p *postmaster) tell(c *children.Child, s syscall.Signal) {
	c.Told = true
	p.kill(c, s)
}

// stop begins a stop, or makes one that has begun stronger.
func (p *postmaster) stop(mode stopMode) {
	if mode <= p.stopping {
		return
	}
	p.log.Infof("received %s shutdown request", stopNames[mode])
	first := p.stopping == stopNot
	p.stopping = mode
	p.phase = phaseStopping
	if first {
		p.writePID(site.StateStopping)
		_, _ = sd.SdNotify(false, sd.SdNotifyStopping)
		p.refusePending()
	}
	switch mode {
	case stopFast:
		if p.leaving() > 0 {
			p.log.Info("aborting any active transactions")
		}
		for _, c := range p.table.All() {
			if c.State == children.Greeting || c.State == children.Session {
				p.tell(c, sigEnd)
			}
		}
	case stopImmediate:
		p.closeListeners()
		p.quit()
	}
}

// refusePending turns those who wait for a backend into clients to be refused.
func (p *postmaster) refusePending() {
	v := p.judge()
	for _, a := range p.pending {
		a.client.RefuseCode, a.client.Refuse, a.client.ReservedOnly = v.code, v.message, false
	}
}

// quit ends all children at once, and kills those that take too long.
func (p *postmaster) quit() {
	all := p.table.All()
	for _, c := range all {
		p.tellQuit(c)
	}
	time.AfterFunc(immediateGrace, func() {
		p.post(func() {
			said := false
			for _, c := range all {
				if p.table.Get(c.PID) != c {
					continue
				}
				if !said {
					p.log.Info("issuing SIGKILL to recalcitrant children")
					said = true
				}
				p.tell(c, unix.SIGKILL)
			}
		})
	})
}

// tellQuit asks a child to end at once. One that has only begun has no handler yet, and would print its stacks on SIGQUIT.
func (p *postmaster) tellQuit(c *children.Child) {
	if c.State == children.Starting {
		p.tell(c, sigEnd)
		return
	}
	p.tell(c, kinds[c.Kind].quit)
}

// leaving counts the sessions a stop waits for.
func (p *postmaster) leaving() int {
	return p.table.Count(kindBackend, children.Greeting, children.Session)
}

// stopStep takes a stop one step further when the last one is done: sessions, then all other backends, then one kind after the
// other, the keeper last.
func (p *postmaster) stopStep() {
	if p.phase != phaseStopping {
		return
	}
	if p.stopping != stopImmediate {
		if p.leaving() > 0 {
			return
		}
		p.closeListeners()
		for _, a := range p.pending {
			a.close()
		}
		p.pending = nil
		for order := 1; order <= len(kinds); order++ {
			waiting := false
			for _, c := range p.table.All() {
				if kinds[c.Kind].order != order {
					continue
				}
				waiting = true
				if !c.Told {
					p.tell(c, sigEnd)
				}
			}
			if waiting {
				return
			}
		}
	}
	if p.table.Len() == 0 {
		p.done = true
	}
}

// fail ends the site because it cannot go on; Run answers with the first reason.
func (p *postmaster) fail(err error) {
	if p.failure != nil {
		return
	}
	p.failure = err
	if p.announced {
		logging.Severe(p.log.WithFields(nil), "FATAL", err.Error())
	}
	if p.stopping < stopImmediate {
		p.stopping = stopImmediate
		p.phase = phaseStopping
		p.closeListeners()
		p.quit()
	}
}
