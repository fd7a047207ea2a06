package session

import (
	"time"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/wire"
)

// command is one statement as it is run.
type command struct {
	st   *statement
	node parse.Node
	args []param
	// top tells that the client sent it as a statement of its own, alone in its message.
	top bool
	// fetch is how many rows the client will fetch at once, 0 for all.
	fetch int64
	// told are the columns its client has been told: of the prepared statement and of the portal.
	told [2]*told
}

// beginCommand starts what one message or one statement of a message asks for.
func (s *session) beginCommand() {
	s.stmtTime = time.Now()
	s.began = s.stmtTime
	s.interrupts.begin(s.opt.statementTimeout)
}

// simpleQuery answers a Query message. Several statements are one transaction, unless they say otherwise: an error undoes all since
// the last COMMIT among them.
func (s *session) simpleQuery(raw []byte) error {
	s.beginCommand()
	s.dropPrepared("")
	s.dropPortal("")
	stmts, text, err := s.parseText(raw)
	s.text = text
	if err != nil {
		return err
	}
	s.logStatement(text, stmts)
	if len(stmts) == 0 {
		s.w.Simple(wire.OutEmptyQuery)
		s.logDuration("statement", text)
		return nil
	}
	for i, st := range stmts {
		last := i == len(stmts)-1
		if i > 0 {
			s.beginCommand()
		}
		if err := s.interrupts.pending(); err != nil {
			return err
		}
		if s.tx.block == failedBlock && !endsBlock(st.source.Node) {
			return errAborted()
		}
		if err := s.begin(); err != nil {
			return err
		}
		if len(stmts) > 1 && s.tx.block == noBlock {
			s.tx.block = implicitBlock
		}
		if err := s.runSimple(st, len(stmts) == 1, last); err != nil {
			return err
		}
	}
	s.logDuration("statement", text)
	return nil
}

// runSimple runs one statement of a Query message and sends all of it as text.
func (s *session) runSimple(st *statement, top, last bool) error {
	r, err := s.open(&command{st: st, node: st.source.Node, top: top})
	if err != nil {
		return err
	}
	defer r.free()
	var n int64
	if r.rows != nil {
		if st.text, err = s.encoders(st.text, r.columns, nil); err != nil {
			return err
		}
		s.describe(r.columns, nil)
		if n, _, err = s.sendRows(r.rows, st.text, 0); err != nil {
			return err
		}
	}
	if err := r.end(); err != nil {
		return err
	}
	r.free()
	if _, is := st.source.Node.(*parse.TransactionStmt); last || is {
		if err := s.endCommand(); err != nil {
			return err
		}
	}
	s.complete(r, n)
	return s.w.Err()
}

// position turns a byte offset of the query string into the place a client is told.
func position(text string, location int32) int32 { return parse.Position(text, location) }

// storeError gives an error of the store as the client is told it.
func (s *session) storeError(err error) error {
	if err == nil {
		return nil
	}
	return pgerr.From(err)
}
