package daemon

import (
	"os"
	"time"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
	"pgd/install/site"
)

// phase of the site's life.
type phase uint8

const (
	phaseStarting   phase = iota // the keeper is not ready
	phaseReady                   // clients are served
	phaseRecovering              // the keeper died: everything is being ended, to be started anew
	phaseStopping
)

// postmaster is all state. Everything in it belongs to the goroutine of loop, except what is said to be constant.
type postmaster struct {
	opts    Options  // constant
	dir     site.Dir // constant
	log     *logging.Log
	started time.Time // constant
	lock    *site.Lock

	values      *settings.Values
	generation  uint64
	commandLine []settings.Line

	phase     phase
	stopping  stopMode
	done      bool
	failure   error // why Run ends, where it is not a stop
	announced bool  // it has been ready once
	watching  bool  // the timer runs at the short interval

	table     *children.Table
	links     map[int]*link
	keeper    int // pid, 0 while there is none
	throttles map[string]*throttle
	pending   []*arrival
	demand    int // extra spares because of a recent burst

	onReady   func() // nil, or called once
	listeners []*listener
	files     *logging.Files
	oomAdjust int // the postmaster's own, constant
	events    chan func()
	wake      *time.Timer
	closed    chan struct{} // closed when the loop is over
}

// post gives the loop something to do. It may wait, so the loop itself must not use it.
func (p *postmaster) post(f func()) {
	select {
	case p.events <- f:
	case <-p.closed:
	}
}

// loop runs until the site has stopped.
func (p *postmaster) loop() {
	signals := watchSignals()
	p.wake = time.NewTimer(time.Hour)
	defer p.wake.Stop()
	defer close(p.closed)
	p.settle()
	for !p.done {
		select {
		case f := <-p.events:
			f()
		case s := <-signals:
			p.signal(s)
		case <-p.wake.C:
			p.tick(time.Now())
		}
		p.settle()
	}
}

// settle does what the last event made possible: hand clients over, refill the pool, go on with a stop. It starts at most a
// few processes, so that no burst keeps other events waiting for long.
func (p *postmaster) settle() {
	p.serve()
	p.refill()
	p.stopStep()
	p.rearm(time.Now())
}

func (p *postmaster) writePID(state string) {
	pid := site.PID{PID: os.Getpid(), Dir: string(p.dir), Started: p.started, Port: int(p.values.Int("port")), State: state}
	for _, l := range p.listeners {
		switch {
		case l.unixDir != "" && pid.SocketDir == "":
			pid.SocketDir = l.unixDir
		case l.address != "" && pid.Listen == "":
			pid.Listen = l.address
		}
	}
	if err := p.dir.WritePID(pid); err != nil {
		p.log.Error(err.Error())
	}
}

// start is the first message of a child of that kind, and with ControlSettings the new configuration.
func (p *postmaster) start(kind string) *handoff.Start {
	values, sources := p.values.Maps()
	s := &handoff.Start{
		Kind: kind, Site: string(p.dir), Name: p.opts.Name, Settings: values, Sources: sources, Generation: p.generation,
		PostmasterPID: os.Getpid(), Started: p.started, Port: int(p.values.Int("port")), Version: p.opts.Version,
		SharedCatalog: p.dir.Path(site.CatalogDB), Base: p.dir.Path(site.BaseDir),
	}
	for _, l := range p.listeners {
		if l.unixDir != "" {
			s.SocketDir = l.unixDir
			break
		}
	}
	return s
}
