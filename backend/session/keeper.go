package session

import (
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// ask sends the keeper a request with the rights of the current role.
func (s *session) ask(kind string, body, into any) error {
	if s.Keeper == nil {
		return pgerr.New(pgerr.FeatureNotSupported, "this session has no keeper")
	}
	as := s.who.oid
	if as == s.Identity.RoleOID {
		as = 0
	}
	notices, err := s.Keeper.Ask(kind, as, body, into)
	for _, n := range notices {
		s.notice(n)
	}
	return err
}

// keeperEnd ends the keeper's part of the transaction.
func (s *session) keeperEnd(commit bool) error {
	if s.Keeper == nil || !s.tx.open {
		return nil
	}
	return s.ask(handoff.AskEnd, handoff.End{Commit: commit}, nil)
}

// keeperSavepoint tells the keeper of a savepoint: op is "save", "release" or "rollback".
func (s *session) keeperSavepoint(op, name string) error {
	if s.Keeper == nil {
		return nil
	}
	return s.ask(handoff.AskSavepoint, handoff.Savepoint{Op: op, Name: name}, nil)
}
