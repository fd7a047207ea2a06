package session

import (
	"time"

	"pgd/backend/pgerr"
)

// block is how the transaction that is open was begun.
type block uint8

const (
	noBlock       block = iota // none, or one statement's own
	implicitBlock              // that of a query string with several statements
	inBlock                    // BEGIN
	failedBlock                // after an error, until ROLLBACK
)

// transaction is the transaction as the protocol and the statements of its chapter see it.
type transaction struct {
	block block
	// open tells that the store has been told. It is also false in a failed block that has no savepoint to go back to.
	open       bool
	isolation  isolation
	level      string // transaction_isolation
	readOnly   bool
	deferrable bool
	queried    bool // a snapshot was taken: the isolation level is settled
	started    time.Time
	saves      []savepoint
	// constraints is what SET CONSTRAINTS ALL said: deferred or not; nil where it was not used.
	constraints *bool
	suspects    []suspect
}

// savepoint is what going back to one undoes in the session; the store knows the rest.
type savepoint struct {
	name     string
	settings int
	readOnly bool
}

// status is what ReadyForQuery tells.
func (t *transaction) status() byte {
	switch t.block {
	case inBlock, implicitBlock:
		return 'T'
	case failedBlock:
		return 'E'
	}
	return 'I'
}

// explicit tells whether a block was begun: what savepoints and cursors need.
func (t *transaction) explicit() bool { return t.block == inBlock || t.block == failedBlock }

// begin opens a transaction if none is.
func (s *session) begin() error {
	if s.tx.open || s.tx.block == failedBlock {
		return nil
	}
	s.tx.level = s.vars.get("default_transaction_isolation")
	s.tx.isolation = isolationNames[s.tx.level]
	s.tx.readOnly = s.opt.readOnly
	s.tx.deferrable = s.opt.deferrable
	return s.beginAs()
}

// beginAs opens a transaction with the characteristics already in s.tx.
func (s *session) beginAs() error {
	if err := s.db.Begin(s.tx.isolation, s.tx.readOnly); err != nil {
		return err
	}
	s.tx.open = true
	s.tx.queried = false
	s.tx.started = s.stmtTime
	s.types.Now = s.stmtTime
	return nil
}

// endCommand ends the transaction of a single statement; one in a block goes on.
func (s *session) endCommand() error {
	if s.tx.block != noBlock {
		if s.tx.block == implicitBlock {
			return s.commit()
		}
		return nil
	}
	return s.commit()
}

// commit makes the transaction's work last and forgets it.
func (s *session) commit() error {
	if !s.tx.open {
		s.reset(true)
		return nil
	}
	if err := s.beforeCommit(); err != nil {
		return err
	}
	if err := s.keeperEnd(true); err != nil {
		return err
	}
	if err := s.db.Commit(s.opt.asyncCommit); err != nil {
		return s.storeError(err)
	}
	s.reset(true)
	return nil
}

// beforeCommit does what may still fail: cursors that are to be kept, and constraints that were put off.
func (s *session) beforeCommit() error {
	if err := s.holdPortals(); err != nil {
		return err
	}
	return s.checkDeferred()
}

// abort undoes the transaction after an error, or as far as the last savepoint: the block then waits for ROLLBACK.
func (s *session) abort() {
	switch s.tx.block {
	case failedBlock:
		return
	case inBlock:
		s.tx.block = failedBlock
		mark := 0
		if n := len(s.tx.saves); n > 0 {
			mark = s.tx.saves[n-1].settings
			s.finishPortals()
			s.db.EndRead()
		} else {
			s.dropPortals(func(p *portal) bool { return !p.held })
			s.rollbackStore()
		}
		s.vars.rollback(mark)
	default:
		s.rollback()
	}
}

// rollback undoes the transaction and forgets it.
func (s *session) rollback() {
	s.dropPortals(func(p *portal) bool { return !p.held })
	s.rollbackStore()
	s.vars.rollback(0)
	s.reset(false)
}

func (s *session) rollbackStore() {
	if err := s.keeperEnd(false); err != nil {
		s.Log.WithError(err).Warn("could not roll back the keeper's part of a transaction")
	}
	if s.tx.open {
		s.tx.open = false
		if err := s.db.Rollback(); err != nil {
			s.Log.WithError(err).Warn("could not roll back")
		}
	}
}

// reset forgets the transaction: nothing of it is left.
func (s *session) reset(committed bool) {
	if committed {
		s.dropPortals(func(p *portal) bool { return !p.held })
		s.vars.commit()
	}
	s.tx = transaction{saves: s.tx.saves[:0]}
}

// requireBlock refuses what makes sense only in a transaction block.
func (s *session) requireBlock(what string) error {
	if s.tx.explicit() {
		return nil
	}
	return pgerr.New(pgerr.NoActiveSqlTransaction, "%s can only be used in transaction blocks", what)
}

// warnBlock warns of what has no effect outside of a transaction block.
func (s *session) warnBlock(what string) {
	if !s.tx.explicit() && s.tx.block != implicitBlock {
		s.notice(pgerr.Warning(pgerr.NoActiveSqlTransaction, "%s can only be used in transaction blocks", what))
	}
}

// preventBlock refuses what cannot be part of a larger transaction.
func (s *session) preventBlock(c *command, what string) error {
	switch {
	case s.tx.explicit():
		return pgerr.New(pgerr.ActiveSqlTransaction, "%s cannot run inside a transaction block", what)
	case s.tx.block == implicitBlock:
		return pgerr.New(pgerr.ActiveSqlTransaction, "%s cannot run inside a transaction block", what)
	case s.pipelined:
		return pgerr.New(pgerr.ActiveSqlTransaction, "%s cannot be executed within a pipeline", what)
	case !c.top:
		return pgerr.New(pgerr.ActiveSqlTransaction, "%s cannot be executed from a function", what)
	}
	return nil
}

// preventReadOnly refuses what changes something in a read-only transaction.
func (s *session) preventReadOnly(tag string) error {
	if s.tx.readOnly {
		return pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot execute %s in a read-only transaction", tag)
	}
	return nil
}

// errAborted is the answer to everything but the end of a failed block.
func errAborted() error {
	return pgerr.New(pgerr.InFailedSqlTransaction, "current transaction is aborted, commands ignored until end of transaction block")
}
