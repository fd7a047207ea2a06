package session

import (
	"encoding/binary"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/wire"
)

// copySignature begins a binary COPY.
const copySignature = "PGCOPY\n\xff\r\n\x00"

// copyOut runs COPY TO STDOUT.
func (s *session) copyOut(c *command, n *parse.CopyStmt) (*result, error) {
	o, err := readCopyOptions(n.Options, false)
	if err != nil {
		return nil, err
	}
	st, err := s.copySource(c, n)
	if err != nil {
		return nil, err
	}
	defer st.release()
	r, err := s.open(&command{st: st, node: st.source.Node})
	if err != nil {
		if n.Query == nil {
			err = placeless(err)
		}
		return nil, err
	}
	defer r.free()
	if r.rows == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY query must have a RETURNING clause")
	}
	formats := []int16{0}
	if o.format == copyBinary {
		formats[0] = 1
	}
	enc, err := s.encoders(nil, r.columns, formats)
	if err != nil {
		return nil, err
	}
	w := &copyWriter{o: &o, single: len(r.columns) == 1, quoted: make([]bool, len(r.columns))}
	if err := w.force(r); err != nil {
		return nil, err
	}
	s.w.CopyResponse(wire.OutCopyOut, o.format == copyBinary, len(r.columns))
	count, err := s.copyRows(r, enc, w)
	if err != nil {
		return nil, err
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	s.w.Simple(wire.OutCopyDone)
	return &result{tag: "COPY", count: func() int64 { return count }}, nil
}

// copySource is the statement whose rows a COPY TO sends.
func (s *session) copySource(c *command, n *parse.CopyStmt) (*statement, error) {
	if n.Query != nil {
		if q, ok := n.Query.(*parse.SelectStmt); ok && q.IntoClause != nil {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY (SELECT INTO) is not supported")
		}
		source := c.st.source
		source.Node = n.Query
		if !isQuery(n.Query) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY of this statement is not supported")
		}
		if hasNoReturning(n.Query) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY query must have a RETURNING clause")
		}
		return &statement{source: source, query: c.st.query, users: 1}, nil
	}
	var t *copyTable
	err := s.inView(func(v view) (err error) {
		t, err = s.copyTarget(v, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	text := "SELECT " + t.columnList() + " FROM ONLY " + t.name()
	source, err := parsed(text)
	if err != nil {
		return nil, err
	}
	return &statement{source: source, query: text, users: 1}, nil
}

func hasNoReturning(n parse.Node) bool {
	switch n := n.(type) {
	case *parse.InsertStmt:
		return len(n.ReturningList) == 0
	case *parse.UpdateStmt:
		return len(n.ReturningList) == 0
	case *parse.DeleteStmt:
		return len(n.ReturningList) == 0
	}
	return false
}

// copyWriter writes rows of a COPY TO.
type copyWriter struct {
	o      *copyOptions
	single bool
	quoted []bool // columns of FORCE_QUOTE
	buf    []byte
}

// force finds the columns of FORCE_QUOTE.
func (w *copyWriter) force(r *result) error {
	for i := range w.quoted {
		w.quoted[i] = w.o.forceQuoteAll
	}
	for _, name := range w.o.forceQuote {
		found := false
		for i := range r.columns {
			if r.columns[i].Name == name {
				w.quoted[i], found = true, true
			}
		}
		if !found {
			return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", name)
		}
	}
	return nil
}

// copyRows sends the header and the rows, each in a message of its own.
func (s *session) copyRows(r *result, enc []encoder, w *copyWriter) (count int64, err error) {
	bin := w.o.format == copyBinary
	// The header of the binary form goes with the first row, or with the trailer.
	header := ""
	if bin {
		header = copySignature + "\x00\x00\x00\x00\x00\x00\x00\x00"
	}
	if w.o.header {
		s.w.Begin(wire.OutCopyData)
		for i := range r.columns {
			if i > 0 {
				s.w.Byte(w.o.delim)
			}
			s.w.Buf = w.field(s.w.Buf, []byte(r.columns[i].Name), false)
		}
		s.w.Byte('\n')
		s.w.End()
	}
	for {
		ok, err := r.rows.Step()
		if err != nil {
			return count, err
		}
		if !ok {
			break
		}
		s.w.Begin(wire.OutCopyData)
		if bin {
			s.w.Buf = append(s.w.Buf, header...)
			header = ""
			s.w.Int16(int16(len(enc)))
		}
		for i, e := range enc {
			v := r.rows.Value(i)
			switch {
			case bin && v.IsNull():
				s.w.Null()
			case bin:
				mark := s.w.Field()
				s.w.Buf = e(&s.types, s.w.Buf, v)
				s.w.EndField(mark)
			default:
				if i > 0 {
					s.w.Byte(w.o.delim)
				}
				if v.IsNull() {
					s.w.Buf = append(s.w.Buf, w.o.null...)
					continue
				}
				w.buf = e(&s.types, w.buf[:0], v)
				s.w.Buf = w.field(s.w.Buf, w.buf, w.quoted[i])
			}
		}
		if !bin {
			s.w.Byte('\n')
		}
		s.w.End()
		if count++; count&1023 == 0 {
			if err := s.w.Err(); err != nil {
				return count, err
			}
			if err := s.interrupts.pending(); err != nil {
				return count, err
			}
		}
	}
	if bin {
		s.w.Begin(wire.OutCopyData)
		s.w.Buf = append(s.w.Buf, header...)
		s.w.Buf = binary.BigEndian.AppendUint16(s.w.Buf, 0xffff)
		s.w.End()
	}
	return count, nil
}

// field appends a value in the text or CSV form.
func (w *copyWriter) field(dst, v []byte, force bool) []byte {
	if w.o.format == copyCSV {
		return w.csvField(dst, v, force)
	}
	for _, c := range v {
		switch c {
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\v':
			dst = append(dst, '\\', 'v')
		case '\\', w.o.delim:
			dst = append(dst, '\\', c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func (w *copyWriter) csvField(dst, v []byte, force bool) []byte {
	o := w.o
	quote := force || string(v) == o.null || w.single && string(v) == "\\."
	for i := 0; i < len(v) && !quote; i++ {
		quote = v[i] == o.delim || v[i] == o.quote || v[i] == '\n' || v[i] == '\r'
	}
	if !quote {
		return append(dst, v...)
	}
	dst = append(dst, o.quote)
	for _, c := range v {
		if c == o.quote || c == o.escape {
			dst = append(dst, o.escape)
		}
		dst = append(dst, c)
	}
	return append(dst, o.quote)
}
