package wire

// Parse is the message that prepares a statement.
type Parse struct {
	Name, Query []byte
	Types       []uint32
}

// Decode reads a Parse. Byte slices are borrowed; Types is reused.
func (m *Parse) Decode(body []byte) error {
	p := NewBody(body)
	m.Name, m.Query = p.CString(), p.CString()
	n := p.Uint16()
	m.Types = m.Types[:0]
	for i := 0; i < n && p.Err() == nil; i++ {
		m.Types = append(m.Types, uint32(p.Int32()))
	}
	return p.End()
}

// Bind is the message that makes a portal of a statement.
type Bind struct {
	Portal, Statement []byte
	ParamFormats      []int16
	Params            [][]byte // nil is NULL
	ResultFormats     []int16
}

// Decode reads a Bind. Byte slices are borrowed, the others reused. That formats and counts fit the statement is not checked here.
func (m *Bind) Decode(body []byte) error {
	p := NewBody(body)
	m.Portal, m.Statement = p.CString(), p.CString()
	m.ParamFormats = formats(&p, m.ParamFormats[:0])
	n := p.Uint16()
	m.Params = m.Params[:0]
	for i := 0; i < n && p.Err() == nil; i++ {
		m.Params = append(m.Params, p.Value())
	}
	m.ResultFormats = formats(&p, m.ResultFormats[:0])
	return p.End()
}

func formats(p *Body, to []int16) []int16 {
	n := p.Uint16()
	for i := 0; i < n && p.Err() == nil; i++ {
		to = append(to, p.Int16())
	}
	return to
}

// Target is the body of Describe and Close: Kind is 'S' for a statement, 'P' for a portal.
type Target struct {
	Kind byte
	Name []byte
}

// Decode reads a Target. That Kind is one of the two is for the session to say, since the message's name is in the error.
func (m *Target) Decode(body []byte) error {
	p := NewBody(body)
	m.Kind, m.Name = p.Byte(), p.CString()
	return p.End()
}

// Execute is the message that runs a portal; MaxRows of 0 or less is no limit.
type Execute struct {
	Portal  []byte
	MaxRows int32
}

// Decode reads an Execute.
func (m *Execute) Decode(body []byte) error {
	p := NewBody(body)
	m.Portal, m.MaxRows = p.CString(), p.Int32()
	return p.End()
}

// Text reads a body that is one string: Query, CopyFail, a password.
func Text(body []byte) ([]byte, error) {
	p := NewBody(body)
	s := p.CString()
	return s, p.End()
}

// Empty checks a body that must be empty: Flush, Sync, CopyDone, Terminate.
func Empty(body []byte) error {
	p := NewBody(body)
	return p.End()
}
