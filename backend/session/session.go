package session

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/backend/wire"
)

// session is one client's conversation. Everything but interrupts belongs to one goroutine.
type session struct {
	Config
	r          *wire.Reader
	w          *wire.Writer
	db         engine
	planner    *planning
	interrupts interrupts

	vars    *variables
	opt     options // settings read on every statement
	types   types.Context
	who     identity
	tx      transaction
	stmts   map[string]*prepared
	portals map[string]*portal
	cache   planCache
	epoch   int // moves when plans made before may mean something else

	// text is the query string errors' positions count in.
	text       string
	stmtTime   time.Time
	began      time.Time
	logged     bool
	keptRead   bool // a Describe has left its snapshot for the Execute that follows
	unsynced   bool // what was read may not be durable: to be waited for before an answer goes out
	reported   map[string]string
	toReport   map[string]bool
	extended   bool // the message is one of the extended query's
	skipping   bool // until Sync
	lost       bool // client and session no longer agree on where they are
	flushWant  bool
	idle       bool // ReadyForQuery was the last thing the client was told
	pipelined  bool // more than one command has run since the last Sync
	parse      wire.Parse
	bind       wire.Bind
	started    time.Time
	tempSchema string // "" until there is one
}

// Run holds the conversation until the client leaves (nil) or a FATAL ends it (that error, which the client was told where
// that was possible).
func Run(ctx context.Context, c Config) error {
	s, err := newSession(c)
	if err != nil {
		return s.refuse(err)
	}
	defer s.close()
	done := make(chan struct{})
	defer close(done)
	go s.interrupts.watch(ctx, c.Events, done)
	return s.run()
}

// run greets and then answers message after message.
func (s *session) run() (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = s.panicked(x)
		}
	}()
	if err := s.greet(); err != nil {
		return s.refuse(err)
	}
	ready := true
	for {
		if ready && !s.skipping {
			if err := s.ready(); err != nil {
				return err
			}
			ready = false
		}
		kind, body, err := s.next()
		if err != nil {
			return s.leave(err)
		}
		s.extended = isExtended(kind)
		s.logged, s.idle = false, false
		if kind == wire.MsgSync {
			s.skipping = false
		}
		if kind == wire.MsgTerminate {
			return s.leave(io.EOF)
		}
		if s.skipping {
			continue
		}
		s.takeReload()
		ready, err = s.dispatch(kind, body)
		s.interrupts.end()
		if err != nil {
			if fatal := s.fail(err); fatal != nil {
				return fatal
			}
			if s.extended {
				s.skipping = true
			} else {
				ready = true
			}
		}
	}
}

func isExtended(kind byte) bool {
	switch kind {
	case wire.MsgParse, wire.MsgBind, wire.MsgDescribe, wire.MsgExecute, wire.MsgClose, wire.MsgFlush:
		return true
	}
	return false
}

// dispatch answers one message; ready tells that ReadyForQuery follows.
func (s *session) dispatch(kind byte, body []byte) (ready bool, err error) {
	switch kind {
	case wire.MsgQuery:
		text, err := wire.Text(body)
		if err != nil {
			return true, err
		}
		return true, s.simpleQuery(text)
	case wire.MsgParse:
		return false, s.parseMessage(body)
	case wire.MsgBind:
		return false, s.bindMessage(body)
	case wire.MsgDescribe:
		return false, s.describeMessage(body)
	case wire.MsgExecute:
		return false, s.executeMessage(body)
	case wire.MsgClose:
		return false, s.closeMessage(body)
	case wire.MsgFlush:
		if err := wire.Empty(body); err != nil {
			return false, err
		}
		s.flushWant = true
		return false, nil
	case wire.MsgSync:
		if err := wire.Empty(body); err != nil {
			return true, err
		}
		s.pipelined = false
		return true, s.endCommand()
	case wire.MsgFunctionCall:
		s.beginCommand()
		return true, pgerr.New(pgerr.FeatureNotSupported, "function call messages are not supported").
			WithHint("Use SELECT to call functions.")
	}
	// CopyData, CopyDone and CopyFail outside of COPY: what was under way when a COPY failed.
	return false, nil
}

// ready tells the client that it may go on, and what has changed meanwhile.
func (s *session) ready() error {
	s.reportChanges()
	s.w.ReadyForQuery(s.tx.status())
	s.flushWant, s.idle = true, true
	return s.w.Err()
}

// next waits for the next message. What has collected is sent only when nothing of the client's is left to be read, so that a
// pipeline is answered with few system calls.
func (s *session) next() (kind byte, body []byte, err error) {
	if !s.r.Ready() {
		if s.keptRead {
			// The next statement is not here yet: it gets a snapshot of its own.
			s.keptRead = false
			s.db.EndRead()
		}
		if s.flushWant {
			s.flushWant = false
			if err := s.w.Flush(); err != nil {
				return 0, nil, err
			}
		}
	}
	wait, onTime := s.idleLimit()
	var until time.Time
	if wait > 0 {
		until = time.Now().Add(wait)
	}
	for {
		if err := s.interrupts.ended(); err != nil {
			return 0, nil, err
		}
		s.interrupts.arm(until)
		kind, body, err = s.r.Next(&wire.SessionLimits)
		if err == nil || !isTimeout(err) {
			return kind, body, err
		}
		s.interrupts.rearm()
		if err := s.interrupts.ended(); err != nil {
			return 0, nil, err
		}
		if !until.IsZero() && !time.Now().Before(until) {
			return 0, nil, onTime
		}
	}
}

// idleLimit is how long the client may be silent now, 0 for ever, and the FATAL when it was.
func (s *session) idleLimit() (time.Duration, error) {
	if !s.idle {
		return 0, nil
	}
	switch {
	case s.tx.block != noBlock && s.opt.idleInTransaction > 0:
		return s.opt.idleInTransaction, pgerr.Fatal(pgerr.IdleInTransactionSessionTimeout, "terminating connection due to idle-in-transaction timeout")
	case s.tx.block == noBlock && s.opt.idleSession > 0:
		return s.opt.idleSession, pgerr.Fatal(pgerr.IdleSessionTimeout, "terminating connection due to idle-session timeout")
	}
	return 0, nil
}

// fail tells the client of an error and ends or fails the transaction. It answers with an error when the session is over.
func (s *session) fail(err error) error {
	if werr := s.w.Err(); werr != nil {
		return s.leave(werr)
	}
	e := s.positioned(err)
	s.logError(e)
	if e.Severity == pgerr.SevFatal || e.Severity == pgerr.SevPanic {
		s.abort()
		return s.say(e)
	}
	s.abort()
	s.w.Error(e)
	if s.lost {
		return s.say(pgerr.Fatal(pgerr.ProtocolViolation, "terminating connection because protocol synchronization was lost"))
	}
	return s.w.Err()
}

// positioned gives the error as the client is told it: its place counts characters in the text the client sent.
func (s *session) positioned(err error) *pgerr.Error {
	e := pgerr.From(err)
	if e.Location == 0 && e.Position == 0 {
		return e
	}
	c := *e
	if c.Position == 0 {
		c.Position = position(s.text, c.Location-1)
	}
	c.Location = 0
	return &c
}

// say sends a FATAL and what has collected before it, and gives it back.
func (s *session) say(e *pgerr.Error) error {
	_ = s.Conn.SetWriteDeadline(time.Now().Add(lastWords))
	s.unsynced = false
	s.w.Error(e)
	_ = s.w.Flush()
	return e
}

// leave ends the conversation for a reason met while reading: the client's leaving is none.
func (s *session) leave(err error) error {
	s.abort()
	var e *pgerr.Error
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &e):
		s.logError(e)
		return s.say(e)
	}
	// The connection broke: there is nobody to tell. PostgreSQL logs it and ends the backend as if the client had left.
	s.Log.WithError(err).Info("could not receive data from client")
	return nil
}

// refuse ends a session that has not begun.
func (s *session) refuse(err error) error {
	e := *pgerr.From(err)
	e.Severity = pgerr.SevFatal
	s.logError(&e)
	return s.say(&e)
}

// panicked ends the session after a broken invariant; nothing it had in hand can be trusted.
func (s *session) panicked(x any) error {
	s.Log.WithField("stack", string(debug.Stack())).Errorf("panic: %v", x)
	e := pgerr.Fatal(pgerr.InternalError, "internal error")
	func() {
		defer func() { _ = recover() }()
		_ = s.db.Rollback()
	}()
	func() {
		defer func() { _ = recover() }()
		_ = s.say(e)
	}()
	return e
}

// close gives everything back.
func (s *session) close() {
	defer func() { _ = recover() }()
	s.dropPortals(func(*portal) bool { return true })
	s.cache.clear()
	for _, p := range s.stmts {
		p.st.release()
	}
	s.logDisconnection()
	if s.db != nil {
		s.leaveTemp()
		_ = s.db.Close()
	}
}

// outbox is what the writer writes to: an answer may not tell of what could still be lost.
type outbox struct{ s *session }

func (o outbox) Write(p []byte) (int, error) {
	if o.s.unsynced {
		o.s.unsynced = false
		if err := o.s.db.WaitDurable(); err != nil {
			return 0, err
		}
	}
	return o.s.Conn.Write(p)
}
