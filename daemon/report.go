package daemon

import (
	"errors"

	"golang.org/x/sys/unix"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
)

// handler is one row of the table of reports: which kinds of children may send it.
type handler struct {
	from   map[string]bool
	handle func(p *postmaster, c *children.Child, r *handoff.Report)
}

var (
	anyChild    = map[string]bool{kindKeeper: true, kindCheckpointer: true, kindBackend: true}
	keeperOnly  = map[string]bool{kindKeeper: true}
	backendOnly = map[string]bool{kindBackend: true}
)

// handlers lists what children may say. Anything else ends the child that said it.
var handlers map[string]handler

func init() { // a literal would refer to itself through report
	handlers = map[string]handler{
		handoff.ReportReady:         {anyChild, (*postmaster).childReady},
		handoff.ReportAuthenticated: {keeperOnly, (*postmaster).authenticated},
		handoff.ReportCancel:        {backendOnly, (*postmaster).cancel},
		handoff.ReportSignal:        {keeperOnly, (*postmaster).signalBackend},
		handoff.ReportReload:        {keeperOnly, func(p *postmaster, _ *children.Child, _ *handoff.Report) { p.reload("request of a session") }},
		handoff.ReportReloaded:      {keeperOnly, (*postmaster).reloaded},
	}
}

// report takes what a child said.
func (p *postmaster) report(pid int, r *handoff.Report) {
	c := p.table.Get(pid)
	if c == nil {
		return // said before it died
	}
	h, ok := handlers[r.Kind]
	if !ok || !h.from[c.Kind] {
		p.distrust(pid, errors.New("report "+r.Kind+" is not one of its kind"))
		return
	}
	h.handle(p, c, r)
}

// distrust ends a child that does not speak as it was built to: it may have been taken over.
func (p *postmaster) distrust(pid int, err error) {
	c := p.table.Get(pid)
	if c == nil {
		return
	}
	p.log.Errorf("%s (PID %d) broke the rules of its channel and is ended: %v", kinds[c.Kind].title, pid, err)
	p.kill(c, unix.SIGKILL)
}

func (p *postmaster) childReady(c *children.Child, r *handoff.Report) {
	if r.Error != "" {
		if !p.announced {
			p.fail(errors.New(r.Error))
			return
		}
		p.log.Errorf("%s (PID %d): %s", kinds[c.Kind].title, c.PID, r.Error)
		return
	}
	if c.State != children.Starting {
		return
	}
	c.Clean = true
	p.throttle(c.Kind).worked()
	if c.Kind == kindBackend {
		p.table.Move(c, children.Spare)
	} else {
		p.table.Move(c, children.Working)
	}
	// The site is ready when the keeper has loaded everything and the first backend has shown that backends can work here.
	if p.phase == phaseStarting && p.table.Count(kindKeeper, children.Working) > 0 &&
		(p.values.Int("spare_backends") == 0 || p.table.Count(kindBackend, children.Spare) > 0) {
		p.becomeReady()
	}
}

// authenticated is the keeper's word on who a backend's session is; the backend's own would count for nothing.
func (p *postmaster) authenticated(_ *children.Child, r *handoff.Report) {
	c := p.table.Get(int(r.PID))
	if c == nil || c.Kind != kindBackend {
		return
	}
	c.Role, c.Database, c.Application, c.Superuser = r.Role, r.Database, r.Application, r.Superuser
	if c.State == children.Greeting {
		p.table.Move(c, children.Session)
	}
}

// cancel interrupts the backend a CancelRequest means, as far as the key is right. The one who asks is told nothing.
func (p *postmaster) cancel(_ *children.Child, r *handoff.Report) {
	c, known := p.table.Cancel(r.CancelPID, r.CancelSecret)
	switch {
	case c != nil:
		p.kill(c, unix.SIGINT)
	case known:
		p.log.Infof("wrong key in cancel request for process %d", r.CancelPID)
	default:
		p.log.Infof("PID %d in cancel request did not match any process", r.CancelPID)
	}
}

// signalBackend is pg_cancel_backend and pg_terminate_backend, which the keeper has permitted.
func (p *postmaster) signalBackend(_ *children.Child, r *handoff.Report) {
	c := p.table.Get(int(r.PID))
	if c == nil || c.Kind != kindBackend || c.State != children.Greeting && c.State != children.Session {
		return
	}
	if r.Terminate {
		p.kill(c, unix.SIGTERM)
	} else {
		p.kill(c, unix.SIGINT)
	}
}
