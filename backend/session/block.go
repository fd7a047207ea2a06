package session

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// endsBlock tells whether a statement may run in a failed block: those that end it or go back before the failure.
func endsBlock(n parse.Node) bool {
	t, ok := n.(*parse.TransactionStmt)
	if !ok {
		return false
	}
	switch t.Kind {
	case parse.TransactionStmtKind_TRANS_STMT_COMMIT, parse.TransactionStmtKind_TRANS_STMT_PREPARE,
		parse.TransactionStmtKind_TRANS_STMT_ROLLBACK, parse.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO:
		return true
	}
	return false
}

// transactionStatement runs BEGIN, COMMIT, SAVEPOINT and their like.
func transactionStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.TransactionStmt)
	switch n.Kind {
	case parse.TransactionStmtKind_TRANS_STMT_BEGIN:
		return s.beginBlock(n, "BEGIN")
	case parse.TransactionStmtKind_TRANS_STMT_START:
		return s.beginBlock(n, "START TRANSACTION")
	case parse.TransactionStmtKind_TRANS_STMT_COMMIT:
		return s.commitBlock(n)
	case parse.TransactionStmtKind_TRANS_STMT_ROLLBACK:
		return s.rollbackBlock(n)
	case parse.TransactionStmtKind_TRANS_STMT_SAVEPOINT:
		return done("SAVEPOINT"), s.savepoint(n.SavepointName)
	case parse.TransactionStmtKind_TRANS_STMT_RELEASE:
		return done("RELEASE"), s.releaseSavepoint(n.SavepointName)
	case parse.TransactionStmtKind_TRANS_STMT_ROLLBACK_TO:
		return done("ROLLBACK"), s.rollbackTo(n.SavepointName)
	}
	if n.Kind == parse.TransactionStmtKind_TRANS_STMT_PREPARE {
		switch s.tx.block {
		case failedBlock:
			s.rollback()
			return done("ROLLBACK"), nil
		case noBlock, implicitBlock:
			s.notice(pgerr.Warning(pgerr.NoActiveSqlTransaction, "there is no transaction in progress"))
			s.rollback()
			return done("ROLLBACK"), nil
		}
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "prepared transactions are not supported")
}

func (s *session) beginBlock(n *parse.TransactionStmt, tag string) (*result, error) {
	switch s.tx.block {
	case inBlock:
		s.notice(pgerr.Warning(pgerr.ActiveSqlTransaction, "there is already a transaction in progress"))
	case failedBlock:
		return nil, errAborted()
	default:
		s.tx.block = inBlock
	}
	if err := s.setModes(n.Options); err != nil {
		return nil, err
	}
	return done(tag), nil
}

// chain begins the next transaction of COMMIT AND CHAIN with the same characteristics.
func (s *session) chain(of transaction) error {
	s.tx.level, s.tx.isolation, s.tx.readOnly, s.tx.deferrable = of.level, of.isolation, of.readOnly, of.deferrable
	s.tx.block = inBlock
	return s.beginAs()
}

func (s *session) commitBlock(n *parse.TransactionStmt) (*result, error) {
	old := s.tx
	switch s.tx.block {
	case inBlock:
		if err := s.commit(); err != nil {
			// The block is over: PostgreSQL leaves no failed block behind a COMMIT that failed.
			s.tx.block = noBlock
			return nil, err
		}
		if n.Chain {
			return done("COMMIT"), s.chain(old)
		}
		return done("COMMIT"), nil
	case failedBlock:
		s.rollback()
		if n.Chain {
			return done("ROLLBACK"), s.chain(old)
		}
		return done("ROLLBACK"), nil
	}
	if n.Chain {
		return nil, pgerr.New(pgerr.NoActiveSqlTransaction, "COMMIT AND CHAIN can only be used in transaction blocks")
	}
	s.notice(pgerr.Warning(pgerr.NoActiveSqlTransaction, "there is no transaction in progress"))
	return done("COMMIT"), s.commit()
}

func (s *session) rollbackBlock(n *parse.TransactionStmt) (*result, error) {
	old := s.tx
	if !s.tx.explicit() {
		if n.Chain {
			return nil, pgerr.New(pgerr.NoActiveSqlTransaction, "ROLLBACK AND CHAIN can only be used in transaction blocks")
		}
		s.notice(pgerr.Warning(pgerr.NoActiveSqlTransaction, "there is no transaction in progress"))
	}
	s.rollback()
	if n.Chain {
		return done("ROLLBACK"), s.chain(old)
	}
	return done("ROLLBACK"), nil
}

func (s *session) savepoint(name string) error {
	if err := s.requireBlock("SAVEPOINT"); err != nil {
		return err
	}
	if err := s.db.Savepoint(name); err != nil {
		return s.storeError(err)
	}
	if err := s.keeperSavepoint("save", name); err != nil {
		return err
	}
	s.tx.saves = append(s.tx.saves, savepoint{name: name, settings: s.vars.mark(), readOnly: s.tx.readOnly})
	return nil
}

// findSavepoint gives the index of the newest savepoint of that name.
func (s *session) findSavepoint(name string) (int, error) {
	for i := len(s.tx.saves) - 1; i >= 0; i-- {
		if s.tx.saves[i].name == name {
			return i, nil
		}
	}
	return 0, pgerr.New(pgerr.InvalidSavepointSpecification, "savepoint \"%s\" does not exist", name)
}

func (s *session) releaseSavepoint(name string) error {
	if err := s.requireBlock("RELEASE SAVEPOINT"); err != nil {
		return err
	}
	i, err := s.findSavepoint(name)
	if err != nil {
		return err
	}
	if err := s.db.Release(name); err != nil {
		return s.storeError(err)
	}
	if err := s.keeperSavepoint("release", name); err != nil {
		return err
	}
	s.tx.saves = s.tx.saves[:i]
	for _, p := range s.portals {
		p.depth = min(p.depth, i)
	}
	return nil
}

func (s *session) rollbackTo(name string) error {
	if err := s.requireBlock("ROLLBACK TO SAVEPOINT"); err != nil {
		return err
	}
	i, err := s.findSavepoint(name)
	if err != nil {
		return err
	}
	s.dropPortals(func(p *portal) bool { return p.depth > i })
	if err := s.spoolPortals(nil); err != nil {
		return err
	}
	if err := s.db.RollbackTo(name); err != nil {
		return s.storeError(err)
	}
	if err := s.keeperSavepoint("rollback", name); err != nil {
		return err
	}
	s.vars.rollback(s.tx.saves[i].settings)
	s.tx.readOnly = s.tx.saves[i].readOnly
	s.tx.saves = s.tx.saves[:i+1]
	s.tx.block = inBlock
	return nil
}
