package session

import (
	"time"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// portal is a statement with its parameters that is being, or will be, run: by Bind, or by DECLARE CURSOR. Its rows come from the
// running program until somebody else needs a snapshot; then the rest of them is put into a spool.
type portal struct {
	name    string
	p       *prepared
	st      *statement
	text    string // the query, for pg_cursors and errors
	args    []types.Value
	formats []int16
	enc     []encoder

	told told

	state portalState
	res   *result
	depth int // savepoints there were when it was made
	at    time.Time

	// cursor options
	cursor, scroll, noScroll, binary, hold bool
	held                                   bool // its transaction has committed
	spool                                  *spool
	pos                                    int64 // rows before the current place, of a cursor
	ended                                  bool  // the place is after the last row
}

type portalState uint8

const (
	portalReady  portalState = iota
	portalActive             // rows are left
	portalDone
	portalFailed
)

func errNoPortal(name string) error {
	return pgerr.New(pgerr.InvalidCursorName, "portal \"%s\" does not exist", name)
}

// putPortal makes a portal known; one without name takes the place of the one before.
func (s *session) putPortal(p *portal) error {
	if s.portals[p.name] != nil {
		if p.name != "" {
			return pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already exists", p.name)
		}
		s.dropPortal("")
	}
	p.depth = len(s.tx.saves)
	p.at = s.stmtTime
	if p.st != nil {
		p.st.users++
	}
	s.portals[p.name] = p
	return nil
}

// dropPortal forgets a portal, if there is one.
func (s *session) dropPortal(name string) {
	p := s.portals[name]
	if p == nil {
		return
	}
	delete(s.portals, name)
	s.finishPortal(p)
	if p.spool != nil {
		p.spool.close()
	}
	if p.st != nil {
		p.st.release()
	}
}

// dropPortals forgets those that which tells.
func (s *session) dropPortals(which func(*portal) bool) {
	for name, p := range s.portals {
		if which(p) {
			s.dropPortal(name)
		}
	}
}

// finishPortal gives back what a portal's rows need.
func (s *session) finishPortal(p *portal) {
	if p.res != nil {
		p.res.free()
		p.res = nil
	}
	if p.state == portalActive && p.spool == nil {
		p.state = portalFailed
	}
}

// finishPortals ends every portal's program: the transaction has failed.
func (s *session) finishPortals() {
	for _, p := range s.portals {
		if !p.held {
			s.finishPortal(p)
		}
	}
}

// spoolPortals puts aside the rows that portals have still to give, except those of not.
func (s *session) spoolPortals(not *portal) error {
	for _, p := range s.portals {
		if p == not || p.res == nil || !p.res.streaming || p.res.rows == nil {
			continue
		}
		if p.cursor {
			if err := s.fill(p, -1); err != nil {
				return err
			}
			s.finishPortal(p)
			continue
		}
		sp := s.newSpool(len(p.res.columns))
		if _, err := sp.drain(s, p.res.rows, -1); err != nil {
			sp.close()
			return err
		}
		p.res.free()
		p.res.rows = &spoolReader{sp: sp}
		p.res.release = sp.close
	}
	return nil
}

// returnsRows tells whether a statement gives rows by its kind alone.
func returnsRows(n parse.Node) bool {
	switch n := n.(type) {
	case *parse.SelectStmt:
		return n.IntoClause == nil
	case *parse.VariableShowStmt, *parse.ExplainStmt, *parse.ExecuteStmt:
		return true
	case *parse.FetchStmt:
		return !n.Ismove
	}
	return false
}
