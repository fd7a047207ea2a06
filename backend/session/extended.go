package session

import (
	"pgd/backend/compile"
	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/backend/wire"
)

// parseMessage prepares a statement.
func (s *session) parseMessage(body []byte) error {
	s.beginCommand()
	if err := s.begin(); err != nil {
		return err
	}
	m := &s.parse
	if err := m.Decode(body); err != nil {
		return err
	}
	name, err := cleanName(m.Name)
	if err != nil {
		return err
	}
	if name == "" {
		s.dropPrepared("")
	}
	declared := make([]uint32, len(m.Types))
	for i, t := range m.Types {
		if t != unknownType {
			declared[i] = t
		}
	}
	st, text, err := s.parseOne(m.Query, declared)
	s.text = text
	if err != nil {
		return err
	}
	if st != nil {
		if s.tx.block == failedBlock && !endsBlock(st.source.Node) {
			return errAborted()
		}
		if err := s.settle(st); err != nil {
			return err
		}
	}
	if name != "" && s.stmts[name] != nil {
		return pgerr.New(pgerr.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", name)
	}
	if st != nil {
		s.cache.addPrepared(st)
	}
	s.keep(name, st, false)
	s.w.Simple(wire.OutParseComplete)
	s.logParse("parse", name, text)
	return nil
}

// unknownType is the OID with which a client says that it does not know a parameter's type.
const unknownType = 705

// settle decides a statement's parameters and columns.
func (s *session) settle(st *statement) error {
	if !isQuery(st.source.Node) {
		if st.params == nil {
			st.params = []uint32{}
		}
		return nil
	}
	if st.params != nil && st.plan != nil && st.plan.epoch == s.epoch {
		return nil
	}
	version, err := s.snapshot(false, false)
	if err != nil {
		return err
	}
	defer s.db.EndRead()
	return s.analyzed(st, version)
}

// settleKeeping settles st in view of the catalog as it is now. The snapshot taken for it does for an Execute that has come along, too.
func (s *session) settleKeeping(st *statement) error {
	version, err := s.snapshot(false, false)
	if err == nil {
		err = s.analyzed(st, version)
	}
	if err != nil {
		s.db.EndRead()
		return err
	}
	s.keptRead = true
	return nil
}

// columnsOf gives what a statement will return; nil for nothing.
func (s *session) columnsOf(st *statement) ([]compile.Column, error) {
	if st.util != nil {
		if st.util.columns == nil {
			return nil, nil
		}
		return st.util.columns(s, st.source.Node)
	}
	return st.columns, nil
}

// bindMessage makes a portal.
func (s *session) bindMessage(body []byte) error {
	s.beginCommand()
	m := &s.bind
	// PostgreSQL reads the names before anything else, so a statement that is not there is told first.
	derr := m.Decode(body)
	if derr != nil && m.Statement == nil {
		return derr
	}
	name, err := cleanName(m.Portal)
	if err != nil {
		return err
	}
	stmtName, err := cleanName(m.Statement)
	if err != nil {
		return err
	}
	p, err := s.lookup(stmtName)
	if err != nil {
		return err
	}
	if derr != nil {
		return derr
	}
	if err := s.begin(); err != nil {
		return err
	}
	s.text = ""
	var want []uint32
	if p.st != nil {
		s.text = p.st.query
		want = p.st.params
	}
	if n := len(m.ParamFormats); n > 1 && n != len(m.Params) {
		return pgerr.New(pgerr.ProtocolViolation, "bind message has %d parameter formats but %d parameters", n, len(m.Params))
	}
	if len(m.Params) != len(want) {
		return pgerr.New(pgerr.ProtocolViolation, "bind message supplies %d parameters, but prepared statement \"%s\" requires %d", len(m.Params), stmtName, len(want))
	}
	if s.tx.block == failedBlock && p.st != nil && (!endsBlock(p.st.source.Node) || len(want) > 0) {
		return errAborted()
	}
	o := &portal{name: name, p: p, st: p.st, text: s.text}
	if o.args, err = s.arguments(name, m, want); err != nil {
		return err
	}
	if p.st != nil {
		if s.tx.block != failedBlock && p.st.plan != nil && !p.st.plan.needsTurn() {
			if err := s.settleKeeping(p.st); err != nil {
				return err
			}
			if err := p.told.hold(p.st.columns); err != nil {
				return err
			}
		}
		columns, err := s.columnsOf(p.st)
		if err != nil {
			return err
		}
		if n := len(m.ResultFormats); n > 1 && n != len(columns) {
			return pgerr.New(pgerr.ProtocolViolation, "bind message has %d result formats but query has %d columns", n, len(columns))
		}
		o.formats = append([]int16(nil), m.ResultFormats...)
	}
	if err := s.putPortal(o); err != nil {
		return err
	}
	s.w.Simple(wire.OutBindComplete)
	return nil
}

// arguments reads a Bind's parameters as their types want them.
func (s *session) arguments(portal string, m *wire.Bind, want []uint32) ([]types.Value, error) {
	if len(want) == 0 {
		return nil, nil
	}
	args := make([]types.Value, len(want))
	for i, raw := range m.Params {
		if raw == nil {
			continue
		}
		t := s.types.Find(want[i])
		if t == nil {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "type %s is not supported for parameters", s.typeName(want[i]))
		}
		var err error
		switch f := formatOf(m.ParamFormats, i); f {
		case 0:
			if !validText(raw) {
				return nil, paramContext(invalidText(raw), portal, i, false)
			}
			if t.Input == nil {
				return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", s.typeName(want[i]))
			}
			args[i], err = t.Input(&s.types, string(raw), -1)
			if err != nil {
				return nil, paramContext(err, portal, i, true)
			}
		case 1:
			if t.Receive == nil {
				return nil, pgerr.New(pgerr.UndefinedFunction, "no binary input function available for type %s", s.typeName(want[i]))
			}
			// What Receive gives may share the message's bytes, which do not outlive it.
			args[i], err = t.Receive(&s.types, raw, -1)
			if err != nil {
				return nil, paramContext(err, portal, i, false)
			}
			args[i] = args[i].Clone()
		default:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "unsupported format code: %d", f)
		}
	}
	return args, nil
}

// describeMessage tells what a statement takes and gives, or what a portal gives.
func (s *session) describeMessage(body []byte) error {
	s.beginCommand()
	if err := s.begin(); err != nil {
		return err
	}
	var m wire.Target
	if err := m.Decode(body); err != nil {
		return err
	}
	name, err := cleanName(m.Name)
	if err != nil {
		return err
	}
	var st *statement
	var formats []int16
	var t *told
	switch m.Kind {
	case 'S':
		p, err := s.lookup(name)
		if err != nil {
			return err
		}
		st, t = p.st, &p.told
	case 'P':
		p := s.portals[name]
		if p == nil {
			return errNoPortal(name)
		}
		st, formats, t = p.st, p.formats, &p.told
		if p.cursor {
			formats = p.cursorFormats()
		}
	default:
		return pgerr.New(pgerr.ProtocolViolation, "invalid DESCRIBE message subtype %d", m.Kind)
	}
	var columns []compile.Column
	if st != nil {
		s.text = st.query
	}
	if st != nil && s.tx.block == failedBlock {
		if columns, err = s.columnsOf(st); err != nil {
			return err
		}
		if columns != nil {
			return errAborted()
		}
	}
	if m.Kind == 'S' {
		var params []uint32
		if st != nil {
			params = st.params
		}
		s.w.ParameterDescription(params)
	}
	if st != nil {
		if s.tx.block != failedBlock && isQuery(st.source.Node) && (m.Kind == 'S' || s.portals[name].state == portalReady) {
			// What is told now must be what the statement will give: the catalog may have moved since it was planned.
			if err := s.settleKeeping(st); err != nil {
				return err
			}
		}
		if columns, err = s.columnsOf(st); err != nil {
			return err
		}
		if isQuery(st.source.Node) {
			if err := t.hold(columns); err != nil {
				return err
			}
		}
	}
	if columns == nil {
		s.w.Simple(wire.OutNoData)
		return nil
	}
	s.describe(columns, formats)
	return nil
}

// executeMessage runs a portal, or goes on with it.
func (s *session) executeMessage(body []byte) error {
	s.beginCommand()
	var m wire.Execute
	if err := m.Decode(body); err != nil {
		return err
	}
	name, err := cleanName(m.Portal)
	if err != nil {
		return err
	}
	p := s.portals[name]
	if p == nil {
		return errNoPortal(name)
	}
	s.text = p.text
	if p.st == nil {
		s.w.Simple(wire.OutEmptyQuery)
		return nil
	}
	if err := s.begin(); err != nil {
		return err
	}
	node := p.st.source.Node
	if s.tx.block == failedBlock && !endsBlock(node) {
		return errAborted()
	}
	if p.state == portalReady {
		s.logExecute(p)
	}
	if p.cursor {
		return s.executeCursor(p, m.MaxRows)
	}
	if err := s.advance(p, int64(m.MaxRows)); err != nil {
		return err
	}
	s.logDuration("execute", p.text)
	return s.w.Err()
}

// advance gives the next rows of a portal, at most most where that is above 0.
func (s *session) advance(p *portal, most int64) error {
	c := &command{st: p.st, node: p.st.source.Node, args: p.args, top: true, fetch: most, told: [2]*told{nil, &p.told}}
	if p.p != nil {
		c.told[0] = &p.p.told
	}
	switch p.state {
	case portalReady:
		if err := s.interrupts.pending(); err != nil {
			return err
		}
		p.state = portalActive
		r, err := s.open(c)
		if err != nil {
			p.state = portalFailed
			return err
		}
		p.res = r
		if r.rows != nil {
			if p.enc, err = s.encoders(p.enc, r.columns, p.formats); err != nil {
				return err
			}
		}
	case portalDone:
		if !returnsRows(c.node) {
			return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
		}
	case portalFailed:
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", p.name)
	}
	r := p.res
	var n int64
	if r.rows != nil {
		var all bool
		var err error
		if n, all, err = s.sendRows(r.rows, p.enc, most); err != nil {
			return err
		}
		if !all {
			s.w.Simple(wire.OutPortalSuspended)
			return nil
		}
	}
	if err := r.end(); err != nil {
		return err
	}
	tag := *r
	r.free()
	p.state = portalDone
	if r.columns != nil {
		r.rows = &table{}
	}
	if isTransaction(c.node) {
		if err := s.endCommand(); err != nil {
			return err
		}
		s.pipelined = false
	} else {
		s.pipelined = true
		if s.endsAtOnce(c.node) {
			if err := s.endCommand(); err != nil {
				return err
			}
		}
	}
	s.complete(&tag, n)
	return nil
}

// closeMessage forgets a statement or portal; that there is none is no error.
func (s *session) closeMessage(body []byte) error {
	var m wire.Target
	if err := m.Decode(body); err != nil {
		return err
	}
	name, err := cleanName(m.Name)
	if err != nil {
		return err
	}
	switch m.Kind {
	case 'S':
		s.dropPrepared(name)
	case 'P':
		s.dropPortal(name)
	default:
		return pgerr.New(pgerr.ProtocolViolation, "invalid CLOSE message subtype %d", m.Kind)
	}
	s.w.Simple(wire.OutCloseComplete)
	return nil
}
