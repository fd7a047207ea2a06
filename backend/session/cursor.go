package session

import (
	"math"

	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/backend/wire"
)

// Options of DECLARE, as the grammar numbers them.
const (
	optBinary      = 0x0001
	optScroll      = 0x0002
	optNoScroll    = 0x0004
	optInsensitive = 0x0008
	optAsensitive  = 0x0010
	optHold        = 0x0020
)

// declareStatement runs DECLARE. A cursor is a portal whose rows go through a spool, so that it can be moved in both directions and its
// rows are those of the moment it was opened.
func declareStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.DeclareCursorStmt)
	if n.Portalname == "" {
		return nil, pgerr.New(pgerr.InvalidCursorName, "invalid cursor name: must not be empty")
	}
	switch {
	case n.Options&optScroll != 0 && n.Options&optNoScroll != 0:
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot specify both %s and %s", "SCROLL", "NO SCROLL")
	case n.Options&optAsensitive != 0 && n.Options&optInsensitive != 0:
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot specify both %s and %s", "ASENSITIVE", "INSENSITIVE")
	}
	if n.Options&optHold == 0 {
		if !s.tx.explicit() && (c.top || s.tx.block != implicitBlock) {
			return nil, s.requireBlock("DECLARE CURSOR")
		}
	}
	if s.portals[n.Portalname] != nil {
		return nil, pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already exists", n.Portalname)
	}
	source := c.st.source
	source.Node = n.Query
	st := &statement{source: source, query: c.st.query}
	version, err := s.snapshot(false, false)
	if err != nil {
		return nil, err
	}
	if err := s.analyzed(st, version); err != nil {
		s.db.EndRead()
		return nil, err
	}
	if st.plan.Locks && n.Options&(optHold|optScroll|optInsensitive) != 0 {
		s.db.EndRead()
		return nil, pgerr.New(pgerr.FeatureNotSupported, "DECLARE CURSOR ... FOR UPDATE is not supported with these options")
	}
	p := &portal{
		name: n.Portalname, st: st, text: c.st.query, cursor: true, state: portalActive,
		scroll: n.Options&optScroll != 0, noScroll: n.Options&optNoScroll != 0,
		binary: n.Options&optBinary != 0, hold: n.Options&optHold != 0,
	}
	// The plan of a locking query takes the turn; it is planned again for that.
	if st.plan.needsTurn() {
		if _, err = s.planned(st); err != nil {
			s.db.EndRead()
			return nil, err
		}
	}
	if p.res, err = s.start(st.plan, c.args); err != nil {
		s.db.EndRead()
		return nil, err
	}
	p.spool = s.newSpool(len(st.columns))
	if err := s.putPortal(p); err != nil {
		return nil, err
	}
	return done("DECLARE CURSOR"), nil
}

// fill makes a cursor's spool hold at least upto rows, or all of them where that is negative.
func (s *session) fill(p *portal, upto int64) error {
	if p.res == nil {
		return nil
	}
	more := int64(-1)
	if upto >= 0 {
		if more = upto - p.spool.len(); more <= 0 {
			return nil
		}
	}
	all, err := p.spool.drain(s, p.res.rows, more)
	if err != nil {
		p.state = portalFailed
		return err
	}
	if all {
		p.res.free()
		p.res = nil
		s.db.EndRead()
	}
	return nil
}

// holdPortals keeps the cursors WITH HOLD beyond the end of the transaction that is about to commit.
func (s *session) holdPortals() error {
	for _, p := range s.portals {
		if !p.hold || p.held {
			continue
		}
		if err := s.fill(p, -1); err != nil {
			return err
		}
		p.held = true
		p.depth = 0
	}
	return nil
}

func (s *session) findCursor(name string) (*portal, error) {
	p := s.portals[name]
	if p == nil {
		return nil, pgerr.New(pgerr.InvalidCursorName, "cursor \"%s\" does not exist", name)
	}
	return p, nil
}

func fetchColumns(s *session, n parse.Node) ([]compile.Column, error) {
	f := n.(*parse.FetchStmt)
	if f.Ismove {
		return nil, nil
	}
	p, err := s.findCursor(f.Portalname)
	if err != nil {
		return nil, err
	}
	if p.st == nil {
		return nil, nil
	}
	return s.columnsOf(p.st)
}

// fetchStatement runs FETCH and MOVE.
func fetchStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.FetchStmt)
	p, err := s.findCursor(n.Portalname)
	if err != nil {
		return nil, err
	}
	if !p.cursor {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
	}
	if p.state == portalFailed {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
	}
	rows, err := s.seek(p, n.Direction, n.HowMany)
	if err != nil {
		return nil, err
	}
	count := int64(len(rows))
	if n.Ismove {
		return &result{tag: "MOVE", count: func() int64 { return count }}, nil
	}
	r := &result{columns: p.st.columns, tag: "FETCH", counted: true, rows: &picked{sp: p.spool, rows: rows}}
	return r, nil
}

// executeCursor answers an Execute message for a cursor's portal: the next rows, as a FETCH FORWARD of its own.
func (s *session) executeCursor(p *portal, most int32) error {
	if p.state == portalFailed {
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
	}
	howMany := int64(most)
	if howMany <= 0 {
		howMany = math.MaxInt64
	}
	rows, err := s.seek(p, parse.FetchDirection_FETCH_FORWARD, howMany)
	if err != nil {
		return err
	}
	if p.enc, err = s.encoders(p.enc, p.st.columns, p.cursorFormats()); err != nil {
		return err
	}
	n, _, err := s.sendRows(&picked{sp: p.spool, rows: rows}, p.enc, 0)
	if err != nil {
		return err
	}
	if !p.ended {
		s.w.Simple(wire.OutPortalSuspended)
		return nil
	}
	s.w.CommandCompleteRows("SELECT", n)
	return nil
}

// cursorFormats are the formats a cursor's own rows are sent in.
func (p *portal) cursorFormats() []int16 {
	if p.binary {
		return []int16{1}
	}
	return nil
}

// picked are chosen rows of a spool.
type picked struct {
	sp   *spool
	rows []int64
	at   int
	row  []types.Value
	buf  []byte
}

func (k *picked) Step() (bool, error) {
	if k.at >= len(k.rows) {
		return false, nil
	}
	if k.row == nil {
		k.row = make([]types.Value, k.sp.columns)
	}
	var err error
	k.buf, err = k.sp.read(k.rows[k.at], k.row, k.buf)
	k.at++
	return err == nil, err
}

func (k *picked) Value(i int) types.Value { return k.row[i] }

// closeStatement runs CLOSE.
func closeStatement(s *session, c *command) (*result, error) {
	name := c.node.(*parse.ClosePortalStmt).Portalname
	if name == "" {
		s.dropPortals(func(p *portal) bool { return p.name != "" || p.st != c.st })
		return done("CLOSE CURSOR ALL"), nil
	}
	if _, err := s.findCursor(name); err != nil {
		return nil, err
	}
	s.dropPortal(name)
	return done("CLOSE CURSOR"), nil
}
