package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper/hba"
)

// state of a channel: which requests are permitted.
type state uint8

const (
	stateNew           state = 1 << iota // nothing is known
	stateExchange                        // authentication is under way
	stateAuthenticated                   // it is known who this is
	stateOver                            // refused: nothing is permitted
)

// channel is one backend, served by one goroutine. Fields without a word are that goroutine's own.
type channel struct {
	k    *Keeper
	pid  int32
	conn *handoff.Conn
	log  *logrus.Entry

	// client is what the postmaster said; known is closed when it has.
	client *handoff.Client
	known  chan struct{}

	state    state
	asked    map[string]int // how often each limited request came
	tls      *tlsMaterial
	startup  handoff.Startup
	rule     *hba.Rule
	exchange exchange
	tx       *transaction
	notices  []handoff.Failure

	// asks are the requests as they arrive; closed at the end of the channel.
	asks chan *handoff.Ask
	// interrupts ends a wait for the turn.
	interrupts chan *pgerr.Error

	// session is set once, under the keeper's lock, when authentication succeeded.
	session *session
}

// session is what others may ask about. What is not atomic does not change after it was set under the keeper's lock.
type session struct {
	role, database uint32        // authenticated role
	acting         atomic.Uint32 // SET SESSION AUTHORIZATION
	super          bool          // the authenticated role was a superuser
	started        time.Time
	activity       atomic.Pointer[handoff.Activity]
}

// attach begins to serve a backend.
func (k *Keeper) attach(pid int32, f *os.File) error {
	conn, err := handoff.Take(f)
	if err != nil {
		return err
	}
	k.serve(pid, conn)
	return nil
}

func (k *Keeper) serve(pid int32, conn *handoff.Conn) *channel {
	c := &channel{k: k, pid: pid, conn: conn, log: k.log.WithField("backend", pid), state: stateNew,
		known: make(chan struct{}), asked: map[string]int{},
		asks: make(chan *handoff.Ask), interrupts: make(chan *pgerr.Error, 1)}
	k.mu.Lock()
	if old := k.channels[pid]; old != nil {
		old.conn.Close() // the process id was used again: its first owner is gone
	}
	k.channels[pid] = c
	k.mu.Unlock()
	stop := make(chan struct{})
	go c.receive(stop)
	go c.run(stop)
	return c
}

// identify takes the postmaster's word about who is connected.
func (k *Keeper) identify(pid int32, client *handoff.Client) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.channels[pid]; c != nil && c.client == nil {
		c.client = client
		close(c.known)
	}
}

// gone ends a channel whose backend has been reaped.
func (k *Keeper) gone(pid int32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c := k.channels[pid]; c != nil {
		c.conn.Close()
	}
}

// receive reads requests so that an interrupt or the end of the channel is noticed while one is being served.
func (c *channel) receive(stop <-chan struct{}) {
	defer close(c.asks)
	for {
		a, err := c.conn.RecvAsk()
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				c.k.log.WithField("backend", c.pid).Warnf("backend ended: %v", err)
			}
			c.interrupt(nil)
			return
		}
		if a.Kind == handoff.AskInterrupt {
			c.interrupt(interruption(a))
			continue
		}
		select {
		case c.asks <- a:
		case <-stop:
			return
		}
	}
}

func interruption(a *handoff.Ask) *pgerr.Error {
	var f handoff.Failure
	if handoff.Decode(a.Body, &f) != nil || f.Code == "" {
		return nil
	}
	return &pgerr.Error{Severity: f.Severity, Code: f.Code, Message: f.Message}
}

func (c *channel) interrupt(e *pgerr.Error) {
	select {
	case c.interrupts <- e:
	default:
	}
}

// run serves requests until the end of the channel, then takes back what was not committed.
func (c *channel) run(stop chan struct{}) {
	defer func() {
		close(stop)
		c.conn.Close()
		if c.tx != nil {
			c.tx.rollback()
			c.tx = nil
		}
		c.k.mu.Lock()
		if c.k.channels[c.pid] == c {
			delete(c.k.channels, c.pid)
		}
		c.k.mu.Unlock()
	}()
	for a := range c.asks {
		// An interrupt that came between requests was for one that is over.
		select {
		case <-c.interrupts:
		default:
		}
		answer, err := c.serveOne(a)
		if err != nil {
			c.log.WithField("request", a.Kind).Warnf("backend ended: %v", err)
			return
		}
		if err := c.conn.SendShort(answer); err != nil {
			if errors.Is(err, handoff.ErrMessage) {
				err = c.conn.SendShort(failure(pgerr.New(pgerr.ProgramLimitExceeded, "answer of the keeper is too long")))
			}
			if err != nil {
				return
			}
		}
	}
}

// errForbidden ends a backend: it asked for what a backend that works as it should never asks for.
var errForbidden = errors.New("request is not permitted")

// serveOne answers one request; an error ends the backend.
func (c *channel) serveOne(a *handoff.Ask) (*handoff.Answer, error) {
	row, ok := requests[a.Kind]
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: %.40q is none", errForbidden, a.Kind)
	case row.states&c.state == 0:
		return nil, fmt.Errorf("%w in this state", errForbidden)
	case len(a.Body) > row.size:
		return nil, fmt.Errorf("%w: %d bytes, %d allowed", errForbidden, len(a.Body), row.size)
	}
	if row.times > 0 {
		if c.asked[a.Kind]++; c.asked[a.Kind] > row.times {
			return nil, fmt.Errorf("%w: more than %d times", errForbidden, row.times)
		}
	}
	c.notices = nil
	body, err := row.serve(c, a)
	if errors.Is(err, errForbidden) || errors.Is(err, handoff.ErrMessage) {
		return nil, err
	}
	if err != nil {
		answer := failure(err)
		if pgerr.Code(err) == pgerr.InternalError {
			c.log.WithField("request", a.Kind).Errorf("%v", err)
			answer.Failure.Message = "the keeper failed: see the server's log"
		}
		answer.Notices = c.notices
		return answer, nil
	}
	answer := &handoff.Answer{Notices: c.notices}
	if body != nil {
		if answer.Body, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

func failure(err error) *handoff.Answer {
	e := pgerr.From(err)
	return &handoff.Answer{Failure: &handoff.Failure{Severity: e.Severity, Code: e.Code, Message: e.Message, Detail: e.Detail, Hint: e.Hint}}
}

// notice tells the client something beside the answer.
func (c *channel) notice(e *pgerr.Error) {
	if len(c.notices) < 50 {
		c.notices = append(c.notices, handoff.Failure{Severity: e.Severity, Code: e.Code, Message: e.Message, Detail: e.Detail, Hint: e.Hint})
	}
}
