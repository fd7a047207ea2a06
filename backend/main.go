// Package backend is one connection's process: it waits as a warm spare, takes a client from the postmaster, reads the startup
// packet, does TLS, relays authentication to the keeper, confines itself to the one database, and runs the session.
//
//	postmaster ── start ──> spare ── ready ──> postmaster ── client + socket ──> startup packet, TLS
//	                                                                                 │  keeper: which directory
//	                                                                          sandbox narrowed
//	                                                                                 │  keeper: who is it
//	                                                                             session
//
// It decides nothing about who the client is. It ends with status 0 when the client left or was never there, 1 after a FATAL,
// 2 when it was told to quit at once; anything else counts as a crash.
package backend

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/keeperclient"
	"pgd/backend/session"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
)

// Exit status.
const (
	exitClean = 0
	exitFatal = 1
	exitQuit  = 2
	exitUsage = 64
)

// process is what a backend has before and besides its session.
type process struct {
	control *handoff.Conn
	start   *handoff.Start
	log     *logging.Log
	keeper  *keeperclient.Client
	values  atomic.Pointer[settings.Values]
	phase   atomic.Int32
	clients chan handed
	events  chan session.Event
}

// handed is a client as it comes from the postmaster.
type handed struct {
	client *handoff.Client
	socket *os.File
}

// Phases decide what a signal or the postmaster's end means.
const (
	phaseSpare   = iota // nobody is there
	phaseGreet          // a client is there that is nobody yet
	phaseSession        // the session says goodbye itself
)

// Main is the process. What can be done before a client is known is done first: that is what makes a spare warm.
func Main() {
	p := &process{clients: make(chan handed, 1), events: make(chan session.Event, 16)}
	p.obeySignals()
	if err := limit(); err != nil {
		fmt.Fprintf(os.Stderr, "pgd: error: backend: %v\n", err)
		os.Exit(exitFatal)
	}
	var err error
	if p.control, err = handoff.Inherited(handoff.FdControl); err != nil {
		fmt.Fprintf(os.Stderr, "pgd: error: a backend is started by the postmaster only: %v\n", err)
		os.Exit(exitUsage)
	}
	channel, err := handoff.Inherited(handoff.FdKeeper)
	if err != nil {
		os.Exit(exitFatal)
	}
	p.keeper = keeperclient.New(channel)
	if p.start, err = p.control.RecvStart(); err != nil {
		os.Exit(exitFatal)
	}
	values := settings.FromMaps(p.start.Settings, p.start.Sources)
	p.values.Store(values)
	p.log = logging.New("client backend", values)
	if err := p.control.Send(handoff.Report{Kind: handoff.ReportReady}); err != nil {
		os.Exit(exitClean)
	}
	go p.obey()
	h := <-p.clients
	os.Exit(p.serve(h))
}

// obey does what the postmaster says, until it is gone.
func (p *process) obey() {
	for {
		m, f, err := p.control.RecvControl()
		if err != nil {
			p.orphaned()
			return
		}
		switch m.Kind {
		case handoff.ControlClient:
			p.phase.CompareAndSwap(phaseSpare, phaseGreet)
			select {
			case p.clients <- handed{m.Client, f}:
			default:
				f.Close() // one client is all a backend gets
			}
		case handoff.ControlSettings:
			v := settings.FromMaps(m.Settings.Settings, m.Settings.Sources)
			p.values.Store(v)
			p.log.Configure(v)
			if p.phase.Load() == phaseSession {
				p.events <- session.Event{Kind: session.Reload, Settings: v}
			}
		case handoff.ControlLog:
			if err := logging.Redirect(f); err != nil {
				p.log.Errorf("redirect log: %v", err)
			}
		}
	}
}

// orphaned ends a backend whose postmaster is gone: at once where nobody is let in yet, by way of the session otherwise.
func (p *process) orphaned() {
	if p.phase.Load() != phaseSession {
		os.Exit(exitFatal)
	}
	p.keeper.Interrupt(orphanError)
	p.events <- session.Event{Kind: session.PostmasterGone}
}

// serve is the life of one client; the answer is the exit status.
func (p *process) serve(h handed) int {
	conn, err := net.FileConn(h.socket)
	h.socket.Close()
	if err != nil {
		p.log.Errorf("take client's socket: %v", err)
		return exitFatal
	}
	defer conn.Close()
	p.keepAlive(conn)
	g := &greeting{process: p, client: h.client, conn: conn, entry: logrus.NewEntry(p.log.Logger)}
	c, err := g.run()
	if err != nil {
		return g.refuse(err)
	}
	p.phase.Store(phaseSession)
	handoff.SetTitle("backend " + c.Identity.Role + " " + c.Identity.Database)
	if err := session.Run(c.ctx, c.Config); err != nil {
		return exitFatal
	}
	return exitClean
}

// keepAlive applies the settings of that name; 0 leaves the system's.
func (p *process) keepAlive(conn net.Conn) {
	t, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	v := p.values.Load()
	_ = t.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: orSystem(v.Duration("tcp_keepalives_idle")),
		Interval: orSystem(v.Duration("tcp_keepalives_interval")), Count: int(orSystem(time.Duration(v.Int("tcp_keepalives_count"))))})
}

// orSystem turns PostgreSQL's 0, "the system's default", into Go's -1.
func orSystem(d time.Duration) time.Duration {
	if d <= 0 {
		return -1
	}
	return d
}

func (p *process) database(oid uint32) string {
	return p.start.Base + "/" + strconv.FormatUint(uint64(oid), 10)
}

var errLeft = errors.New("client left")
