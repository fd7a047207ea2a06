package daemon

import (
	"crypto/rand"
	"os"
	"time"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
)

// arrival is a client whose socket nobody has yet.
type arrival struct {
	socket *os.File
	client handoff.Client
}

func (a *arrival) close() { a.socket.Close() }

// verdict is what becomes of a client.
type verdict struct {
	code, message string // of the FATAL it gets; empty to let it in
	reservedOnly  bool
}

// judge decides about one more client from the numbers alone.
func (p *postmaster) judge() verdict {
	switch {
	case p.phase == phaseStopping:
		return verdict{code: "57P03", message: "the database system is shutting down"}
	case p.phase == phaseRecovering, p.phase == phaseStarting && p.announced:
		return verdict{code: "57P03", message: "the database system is in recovery mode"}
	case p.phase == phaseStarting:
		return verdict{code: "57P03", message: "the database system is starting up"}
	}
	waiting := 0
	for _, a := range p.pending {
		if a.client.RefuseCode == "" {
			waiting++
		}
	}
	greeting := p.table.Count(kindBackend, children.Greeting) + waiting
	all := p.table.Count(kindBackend, children.Session) + greeting
	most, reserved := int(p.values.Int("max_connections")), int(p.values.Int("superuser_reserved_connections"))
	switch {
	case all >= most, greeting >= int(p.values.Int("max_unauthenticated_connections")):
		return verdict{code: "53300", message: "sorry, too many clients already"}
	case all >= most-reserved:
		return verdict{reservedOnly: true}
	}
	return verdict{}
}

// admit takes a client that a listener accepted.
func (p *postmaster) admit(a *arrival) {
	v := p.judge()
	a.client.RefuseCode, a.client.Refuse, a.client.ReservedOnly = v.code, v.message, v.reservedOnly
	if v.code != "" && p.refusing() >= refusingMost {
		a.close()
		return
	}
	p.pending = append(p.pending, a)
	p.demand = max(p.demand, min(len(p.pending), demandMost))
}

// refusing counts the clients that are being refused.
func (p *postmaster) refusing() int {
	n := p.table.Count(kindBackend, children.Refusing)
	for _, a := range p.pending {
		if a.client.RefuseCode != "" {
			n++
		}
	}
	return n
}

// serve hands waiting clients to spares, in the order in which they came.
func (p *postmaster) serve() {
	for len(p.pending) > 0 {
		c := p.table.Oldest(kindBackend, children.Spare)
		if c == nil {
			return
		}
		a := p.pending[0]
		p.pending = p.pending[1:]
		p.hand(c, a)
	}
}

// hand tells the keeper who is connected to the backend, then gives the backend the socket.
func (p *postmaster) hand(c *children.Child, a *arrival) {
	m := a.client
	m.PID = int32(c.PID)
	p.toKeeper(&handoff.Control{Kind: handoff.ControlClient, Client: &m}, nil)
	c.Client = children.Client{Accepted: time.Now(), Remote: m.Remote, Secret: make([]byte, children.KeySize)}
	if m.Local {
		c.Remote = "[local]"
	}
	rand.Read(c.Secret) // never fails
	withKey := m
	withKey.Secret = c.Secret
	p.links[c.PID].send(&handoff.Control{Kind: handoff.ControlClient, Client: &withKey}, a.socket)
	if m.RefuseCode != "" {
		p.table.Move(c, children.Refusing)
	} else {
		p.table.Move(c, children.Greeting)
	}
}
