package keeper

import (
	"fmt"
	"time"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper/hba"
)

// finish ends the exchange of whoever has proven who they are; a certificate that must name the role is the last proof.
func (c *channel) finish(system string) (*handoff.AuthStep, error) {
	if c.rule.Cert == hba.CertVerifyFull {
		name, err := c.certMatches(c.k.config.Load(), c.k.current())
		if err != nil {
			return nil, err
		}
		if system == "" {
			system = name
		}
	}
	step, err := c.admit(system)
	if err != nil {
		e := pgerr.From(c.refuse(err))
		if e.Code == pgerr.InternalError {
			return nil, err
		}
		return &handoff.AuthStep{Refused: failure(e).Failure}, nil
	}
	return step, nil
}

// admit asks, in PostgreSQL's order, whether somebody proven may come in, and makes the session. What names a role or a
// database that does not exist is only said here.
func (c *channel) admit(system string) (*handoff.AuthStep, error) {
	k, q := c.k, &c.startup
	r := k.current()
	x := r.byName[q.User]
	if x == nil {
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, `role "%s" does not exist`, q.User)
	}
	if !x.login {
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, `role "%s" is not permitted to log in`, q.User)
	}
	if q.Replication {
		return nil, pgerr.Fatal(pgerr.FeatureNotSupported, "replication connections are not supported")
	}
	s := &session{role: x.oid, super: x.super, started: k.now()}
	s.acting.Store(x.oid)
	if !c.client.Accepted.IsZero() {
		s.started = c.client.Accepted
	}
	d, err := c.enter(r, x, s)
	if err != nil {
		return nil, err
	}
	c.state, c.exchange = stateAuthenticated, nil
	if err := k.report(handoff.Report{Kind: handoff.ReportAuthenticated, PID: c.pid, Role: x.name, Database: d.name,
		Application: q.Application, Superuser: x.super}); err != nil {
		c.log.Warnf("tell the postmaster: %v", err)
	}
	return &handoff.AuthStep{Done: &handoff.Identity{RoleOID: x.oid, Role: x.name, Superuser: x.super, DatabaseOID: d.oid, Database: d.name,
		Method: string(c.rule.Method), SystemUser: system, Place: fmt.Sprintf("%s:%d", c.rule.File, c.rule.Line),
		Settings: r.settingsFor(d.oid, x.oid)}}, nil
}

// enter counts and admits in one step, so that limits hold when many come at once.
func (c *channel) enter(r *roster, x *role, s *session) (*database, error) {
	k := c.k
	k.mu.Lock()
	defer k.mu.Unlock()
	if x.connLimit >= 0 && !x.super && k.count(func(o *session) bool { return o.role == x.oid }) >= int(x.connLimit) {
		return nil, pgerr.Fatal(pgerr.TooManyConnections, `too many connections for role "%s"`, x.name)
	}
	if c.client.ReservedOnly && !x.super {
		return nil, pgerr.Fatal(pgerr.TooManyConnections, "remaining connection slots are reserved for non-replication superuser connections")
	}
	d := r.dbByName[c.startup.Database]
	if d == nil || k.dropping[d.oid] {
		return nil, pgerr.Fatal(pgerr.InvalidCatalogName, `database "%s" does not exist`, c.startup.Database)
	}
	if !d.allowConn {
		return nil, pgerr.Fatal(pgerr.ObjectNotInPrerequisiteState, `database "%s" is not currently accepting connections`, d.name)
	}
	if !r.mayConnect(x.oid, d) {
		return nil, pgerr.Fatal(pgerr.InsufficientPrivilege, `permission denied for database "%s"`, d.name).
			WithDetail("User does not have CONNECT privilege.")
	}
	if d.connLimit >= 0 && !x.super && k.count(func(o *session) bool { return o.database == d.oid }) >= int(d.connLimit) {
		return nil, pgerr.Fatal(pgerr.TooManyConnections, `too many connections for database "%s"`, d.name)
	}
	s.database = d.oid
	c.session = s
	return d, nil
}

// count counts sessions; the caller holds the lock.
func (k *Keeper) count(f func(*session) bool) (n int) {
	for _, c := range k.channels {
		if c.session != nil && f(c.session) {
			n++
		}
	}
	return n
}

// others are the sessions of a database but this one's.
func (k *Keeper) others(db uint32, but *channel) (out []*channel) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.channels {
		if c != but && c.session != nil && c.session.database == db {
			out = append(out, c)
		}
	}
	return out
}

// leaveWait is how long a command that needs a database for itself waits for sessions that are just ending.
const leaveWait = 5 * time.Second

// emptied waits until nobody else uses a database; the number of those who still do is the answer.
func (k *Keeper) emptied(db uint32, but *channel) int {
	until := time.Now().Add(k.leaveWait)
	for {
		n := len(k.others(db, but))
		if n == 0 || time.Now().After(until) {
			return n
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func othersDetail(n int) string {
	if n == 1 {
		return "There is 1 other session using the database."
	}
	return fmt.Sprintf("There are %d other sessions using the database.", n)
}
