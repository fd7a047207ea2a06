// Package keeperclient is a backend's side of its channel to the keeper: it asks, waits and turns refusals into errors for the client.
// It must never decide anything itself: what the keeper says holds. It keeps the session's savepoints for the keeper until there is
// something there that they can undo.
//
// It fails with the keeper's *pgerr.Error; when the channel has ended, with a FATAL 57P01: without a keeper there is no
// session.
package keeperclient

import (
	"sync"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// Client is one backend's end of the channel. Ask is the session goroutine's; Interrupt may come from any.
type Client struct {
	conn *handoff.Conn

	mu      sync.Mutex // of sends, and of waiting
	waiting bool

	part  bool     // the keeper has a part in the transaction
	saves []string // the session's savepoints
}

// New makes a client of a channel.
func New(conn *handoff.Conn) *Client { return &Client{conn: conn} }

// joins are the requests that take part in the session's transaction.
var joins = map[string]bool{
	handoff.AskRoleCreate: true, handoff.AskRoleAlter: true, handoff.AskRoleDrop: true, handoff.AskRoleRename: true,
	handoff.AskGrantRole: true, handoff.AskSetting: true, handoff.AskDatabaseAlter: true, handoff.AskDatabaseRename: true,
	handoff.AskComment: true, handoff.AskPrivileges: true, handoff.AskDepend: true,
}

// Ask sends one request (kinds and structs are package handoff's) and reads its answer into into, which may be nil. as is the role
// whose rights count, 0 for the session's own.
//
// AskSavepoint and AskEnd may be sent whether or not the keeper has a part in the transaction; where it has none they stay here.
func (c *Client) Ask(kind string, as uint32, body, into any) ([]*pgerr.Error, error) {
	switch kind {
	case handoff.AskSavepoint:
		if s, ok := body.(handoff.Savepoint); ok {
			return nil, c.savepoint(s)
		}
	case handoff.AskEnd:
		c.saves = c.saves[:0]
		if !c.part {
			return nil, nil
		}
		c.part = false
	}
	if joins[kind] && !c.part {
		c.part = true
		for _, name := range c.saves {
			if _, err := c.roundTrip(handoff.AskSavepoint, 0, handoff.Savepoint{Op: "save", Name: name}, nil); err != nil {
				return nil, err
			}
		}
	}
	return c.roundTrip(kind, as, body, into)
}

// Part tells whether the keeper has a part in the transaction, so that it must be ended there too.
func (c *Client) Part() bool { return c.part }

// savepoint follows SAVEPOINT, RELEASE and ROLLBACK TO. The newest of equal names is meant.
func (c *Client) savepoint(s handoff.Savepoint) error {
	at := -1
	for i, name := range c.saves {
		if name == s.Name {
			at = i
		}
	}
	known := at >= 0
	switch {
	case s.Op == "save":
		c.saves = append(c.saves, s.Name)
		known = true
	case s.Op == "release" && known:
		c.saves = c.saves[:at]
	case s.Op == "rollback" && known:
		c.saves = c.saves[:at+1]
	}
	if !c.part || !known {
		return nil
	}
	_, err := c.roundTrip(handoff.AskSavepoint, 0, s, nil)
	return err
}

func (c *Client) roundTrip(kind string, as uint32, body, into any) ([]*pgerr.Error, error) {
	c.mu.Lock()
	err := c.conn.SendShort(struct {
		Kind string
		As   uint32 `json:",omitempty"`
		Body any    `json:",omitempty"`
	}{kind, as, body})
	c.waiting = err == nil
	c.mu.Unlock()
	if err != nil {
		return nil, ended(err)
	}
	a, err := c.conn.RecvAnswer()
	c.mu.Lock()
	c.waiting = false
	c.mu.Unlock()
	if err != nil {
		return nil, ended(err)
	}
	var notices []*pgerr.Error
	for i := range a.Notices {
		notices = append(notices, toError(&a.Notices[i]))
	}
	if a.Failure != nil {
		return notices, toError(a.Failure)
	}
	if into != nil {
		if err := handoff.Decode(a.Body, into); err != nil {
			return notices, ended(err)
		}
	}
	return notices, nil
}

// Interrupt ends a wait of Ask with an error, where there is one.
func (c *Client) Interrupt(e *pgerr.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting {
		_ = c.conn.SendShort(map[string]any{"Kind": handoff.AskInterrupt,
			"Body": handoff.Failure{Severity: e.Severity, Code: e.Code, Message: e.Message}})
	}
}

func toError(f *handoff.Failure) *pgerr.Error {
	return &pgerr.Error{Severity: f.Severity, Code: f.Code, Message: f.Message, Detail: f.Detail, Hint: f.Hint}
}

func ended(cause error) error {
	return pgerr.Fatal(pgerr.AdminShutdown, "terminating connection because the keeper has ended").WithCause(cause)
}
