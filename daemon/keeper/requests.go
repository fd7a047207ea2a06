package keeper

import (
	"fmt"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// request is a row of the table of what a backend may ask. What is not in the table, not permitted in the channel's
// state, too long or asked too often ends that backend.
type request struct {
	states state
	size   int // of the body, in bytes
	times  int // how often in a connection; 0 is any number
	needs  right
	serve  func(c *channel, a *handoff.Ask) (any, error)
}

// right is what the acting role needs before the handler looks at anything else; most handlers have rules of their own,
// which depend on the object.
type right uint8

const (
	anyRole right = iota
	superuser
)

const (
	small  = 4 << 10
	medium = 16 << 10
	large  = 60 << 10
)

// requests is filled by init: handlers reach the table through the channel.
var requests map[string]request

func init() {
	const before, exchange, after = stateNew, stateExchange, stateAuthenticated
	requests = map[string]request{
		handoff.AskTLSConfig: {before, small, 1, anyRole, plain(handleTLSConfig)},
		handoff.AskTLSSign:   {before, small, 1, anyRole, plain(handleTLSSign)},
		handoff.AskStartup:   {before, large, 1, anyRole, plain(handleStartup)},
		handoff.AskAuth:      {exchange, large, 8, anyRole, plain(handleAuth)},

		handoff.AskRoleCreate:     {after, large, 0, anyRole, changes(handleRoleCreate)},
		handoff.AskRoleAlter:      {after, large, 0, anyRole, changes(handleRoleAlter)},
		handoff.AskRoleDrop:       {after, large, 0, anyRole, changes(handleRoleDrop)},
		handoff.AskRoleRename:     {after, small, 0, anyRole, changes(handleRoleRename)},
		handoff.AskGrantRole:      {after, large, 0, anyRole, changes(handleGrantRole)},
		handoff.AskSetting:        {after, medium, 0, anyRole, changes(handleSetting)},
		handoff.AskDatabaseCreate: {after, small, 0, anyRole, alone(handleDatabaseCreate)},
		handoff.AskDatabaseDrop:   {after, small, 0, anyRole, alone(handleDatabaseDrop)},
		handoff.AskDatabaseAlter:  {after, small, 0, anyRole, changes(handleDatabaseAlter)},
		handoff.AskDatabaseRename: {after, small, 0, anyRole, changes(handleDatabaseRename)},
		handoff.AskComment:        {after, large, 0, anyRole, changes(handleComment)},
		handoff.AskPrivileges:     {after, large, 0, anyRole, changes(handlePrivileges)},
		handoff.AskDepend:         {after, large, 0, anyRole, changes(handleDepend)},
		handoff.AskSystemSet:      {after, medium, 0, anyRole, reads(handleSystemSet)},
		handoff.AskReload:         {after, small, 0, anyRole, reads(handleReload)},
		handoff.AskSessions:       {after, small, 0, anyRole, reads(handleSessions)},
		handoff.AskSignal:         {after, small, 0, anyRole, reads(handleSignal)},
		handoff.AskActivity:       {after, medium, 0, anyRole, plain(handleActivity)},
		handoff.AskHBARules:       {after, small, 0, superuser, reads(handleHBARules)},
		handoff.AskSetSession:     {after, small, 0, anyRole, plain(handleSetSession)},
		handoff.AskSavepoint:      {after, small, 0, anyRole, plain(handleSavepoint)},
		handoff.AskEnd:            {after, small, 0, anyRole, plain(handleEnd)},
	}
}

// actor is the role whose rights count for one request, with the roster it is judged by.
type actor struct {
	*role
	r *roster
}

func (a actor) may(b uint32) bool { return a.r.mayAct(a.oid, b) }

// createRoles tells whether the actor may make roles.
func (a actor) createRoles() bool { return a.super || a.createRole }

// actor finds whose rights count, and refuses what SET ROLE would refuse.
func (c *channel) actor(r *roster, as uint32) (actor, error) {
	own := c.session.acting.Load()
	if as == 0 {
		as = own
	}
	x := r.roles[as]
	if x == nil {
		return actor{}, pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", as)
	}
	if as != own && !r.isSuper(own) && !r.memberOf(own, as, false) {
		return actor{}, fmt.Errorf("%w: role %q may not act as %q", errForbidden, r.name(own), x.name)
	}
	return actor{x, r}, nil
}

func decode[T any](a *handoff.Ask) (*T, error) {
	q := new(T)
	return q, handoff.Decode(a.Body, q)
}

// plain serves a request that neither asks for rights nor changes the store.
func plain[T any](f func(*channel, *T) (any, error)) func(*channel, *handoff.Ask) (any, error) {
	return func(c *channel, a *handoff.Ask) (any, error) {
		q, err := decode[T](a)
		if err != nil {
			return nil, err
		}
		return f(c, q)
	}
}

// reads serves a request by what is committed, or changed so far in this transaction.
func reads[T any](f func(*channel, actor, *T) (any, error)) func(*channel, *handoff.Ask) (any, error) {
	return func(c *channel, a *handoff.Ask) (any, error) {
		q, err := decode[T](a)
		if err != nil {
			return nil, err
		}
		r := c.k.current()
		if c.tx != nil {
			r = c.tx.roster
		}
		who, err := c.actor(r, a.As)
		if err != nil {
			return nil, err
		}
		if requests[a.Kind].needs == superuser && !who.super {
			return nil, pgerr.New(pgerr.InsufficientPrivilege, "permission denied")
		}
		return f(c, who, q)
	}
}

// changes serves a request that takes part in the session's transaction. It waits for the turn where this is the first.
func changes[T any](f func(*channel, actor, *T) (any, error)) func(*channel, *handoff.Ask) (any, error) {
	return func(c *channel, a *handoff.Ask) (out any, err error) {
		q, err := decode[T](a)
		if err != nil {
			return nil, err
		}
		if c.tx == nil {
			if c.tx, err = c.k.begin(c.interrupts); err != nil {
				c.tx = nil
				return nil, err
			}
		}
		err = c.tx.statement(func() error {
			who, err := c.actor(c.tx.roster, a.As)
			if err == nil {
				out, err = f(c, who, q)
			}
			return err
		})
		return out, err
	}
}

// alone serves a request that is a transaction of its own: CREATE and DROP DATABASE.
func alone[T any](f func(*channel, actor, *T) (any, error)) func(*channel, *handoff.Ask) (any, error) {
	inner := changes(f)
	return func(c *channel, a *handoff.Ask) (any, error) {
		if c.tx != nil {
			return nil, pgerr.New(pgerr.ActiveSqlTransaction, "CREATE and DROP DATABASE cannot run inside a transaction block")
		}
		out, err := inner(c, a)
		if c.tx == nil {
			return out, err
		}
		tx := c.tx
		c.tx = nil
		if err != nil {
			tx.rollback()
			return nil, err
		}
		return out, tx.commit()
	}
}

// handleEnd ends the keeper's part in the session's transaction.
func handleEnd(c *channel, q *handoff.End) (any, error) {
	tx := c.tx
	c.tx = nil
	switch {
	case tx == nil:
		return nil, nil
	case q.Commit:
		return nil, tx.commit()
	}
	tx.rollback()
	return nil, nil
}

// handleSavepoint follows the session. A backend that has savepoints when it makes its first change tells them first, so
// setting one begins the transaction.
func handleSavepoint(c *channel, q *handoff.Savepoint) (_ any, err error) {
	if c.tx == nil {
		if q.Op != "save" {
			return nil, nil
		}
		if c.tx, err = c.k.begin(c.interrupts); err != nil {
			c.tx = nil
			return nil, err
		}
	}
	return nil, c.tx.savepoint(q.Op, q.Name)
}
