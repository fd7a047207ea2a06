package wire

import (
	"strconv"

	"pgd/backend/pgerr"
)

// Column is one column of a RowDescription.
type Column struct {
	Name     string
	TableOID uint32
	Attnum   int16
	Type     uint32
	Len      int16
	Typmod   int32
	Format   int16
}

// Simple appends a message without a body: ParseComplete, BindComplete, NoData …
func (w *Writer) Simple(kind byte) {
	w.Begin(kind)
	w.End()
}

// AuthenticationOk tells that authentication is over.
func (w *Writer) AuthenticationOk() {
	w.Begin(OutAuthentication)
	w.Int32(0)
	w.End()
}

// ParameterStatus reports a setting.
func (w *Writer) ParameterStatus(name, value string) {
	w.Begin(OutParameterStatus)
	w.CString(name)
	w.CString(value)
	w.End()
}

// BackendKeyData tells the process id and the cancel key, of which protocol 3.0 takes four bytes.
func (w *Writer) BackendKeyData(protocol uint32, pid int32, secret []byte) {
	if protocol < Protocol32 && len(secret) > 4 {
		secret = secret[:4]
	}
	w.Begin(OutBackendKeyData)
	w.Int32(pid)
	w.Buf = append(w.Buf, secret...)
	w.End()
}

// NegotiateProtocolVersion tells which version is spoken and which options are not known.
func (w *Writer) NegotiateProtocolVersion(s *Startup) {
	w.Begin(OutNegotiateVersion)
	w.Int32(int32(s.Protocol))
	w.Int32(int32(len(s.Unknown)))
	for _, name := range s.Unknown {
		w.CString(name)
	}
	w.End()
}

// ReadyForQuery tells that the next command may come; status is I, T or E.
func (w *Writer) ReadyForQuery(status byte) {
	w.Begin(OutReadyForQuery)
	w.Byte(status)
	w.End()
}

// CommandComplete ends a command.
func (w *Writer) CommandComplete(tag string) {
	w.Begin(OutCommandComplete)
	w.CString(tag)
	w.End()
}

// CommandCompleteRows ends a command with a count, without building a string.
func (w *Writer) CommandCompleteRows(tag string, rows int64) {
	w.Begin(OutCommandComplete)
	w.Buf = append(w.Buf, tag...)
	w.Buf = append(w.Buf, ' ')
	w.Buf = strconv.AppendInt(w.Buf, rows, 10)
	w.Byte(0)
	w.End()
}

// RowDescription describes the rows that follow.
func (w *Writer) RowDescription(columns []Column) {
	w.Begin(OutRowDescription)
	w.Int16(int16(len(columns)))
	for i := range columns {
		c := &columns[i]
		w.CString(c.Name)
		w.Int32(int32(c.TableOID))
		w.Int16(c.Attnum)
		w.Int32(int32(c.Type))
		w.Int16(c.Len)
		w.Int32(c.Typmod)
		w.Int16(c.Format)
	}
	w.End()
}

// ParameterDescription tells the types of a statement's parameters.
func (w *Writer) ParameterDescription(types []uint32) {
	w.Begin(OutParameterDescription)
	w.Int16(int16(len(types)))
	for _, t := range types {
		w.Int32(int32(t))
	}
	w.End()
}

// CopyResponse begins a COPY: kind is OutCopyIn or OutCopyOut.
func (w *Writer) CopyResponse(kind byte, binary bool, columns int) {
	format := byte(0)
	if binary {
		format = 1
	}
	w.Begin(kind)
	w.Byte(format)
	w.Int16(int16(columns))
	for range columns {
		w.Int16(int16(format))
	}
	w.End()
}

// Error appends an ErrorResponse, or a NoticeResponse when the severity is below ERROR.
func (w *Writer) Error(e *pgerr.Error) {
	severity := e.Severity
	if severity == "" {
		severity = pgerr.SevError
	}
	kind := byte(OutNotice)
	switch severity {
	case pgerr.SevError, pgerr.SevFatal, pgerr.SevPanic:
		kind = OutError
	}
	w.Begin(kind)
	w.field('S', severity)
	w.field('V', severity)
	w.field('C', e.Code)
	w.Byte('M')
	w.text(e.Message)
	w.field('D', e.Detail)
	w.field('H', e.Hint)
	w.number('P', e.Position)
	w.number('p', e.InternalPosition)
	w.field('q', e.InternalQuery)
	w.field('W', e.Where)
	w.field('s', e.Schema)
	w.field('t', e.Table)
	w.field('c', e.Column)
	w.field('d', e.DataType)
	w.field('n', e.Constraint)
	w.field('F', e.File)
	w.number('L', e.Line)
	w.field('R', e.Routine)
	w.Byte(0)
	w.End()
}

func (w *Writer) field(code byte, s string) {
	if s != "" {
		w.Byte(code)
		w.text(s)
	}
}

func (w *Writer) number(code byte, n int32) {
	if n > 0 {
		w.Byte(code)
		w.Buf = strconv.AppendInt(w.Buf, int64(n), 10)
		w.Byte(0)
	}
}

// text appends a string; a zero byte inside would end it early and break the message, so it is left out.
func (w *Writer) text(s string) {
	for i := 0; i < len(s); i++ {
		if s[i] != 0 {
			w.Buf = append(w.Buf, s[i])
		}
	}
	w.Byte(0)
}
