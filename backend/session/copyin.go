package session

import (
	"fmt"
	"io"
	"unicode/utf8"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/backend/wire"
)

// copyFrom is a COPY FROM STDIN under way.
type copyFrom struct {
	s         *session
	t         *copyTable
	o         *copyOptions
	st        *statement
	plan      *plan
	prog      program
	types     []*types.Type
	typmods   []int32
	notNull   []bool // FORCE_NOT_NULL
	forceNull []bool
	// where the data is, for the context of errors
	lines  *lineReader
	line   []byte // the current line; nil where it cannot be shown
	row    int64  // of binary data
	column int    // the column being read, -1 for none
	value  []byte
	count  int64
}

// copyIn runs COPY FROM STDIN: each row is an INSERT of a statement planned once.
func (s *session) copyIn(c *command, n *parse.CopyStmt) (*result, error) {
	o, err := readCopyOptions(n.Options, true)
	if err != nil {
		return nil, err
	}
	f := &copyFrom{s: s, o: &o, column: -1}
	if err := s.inView(func(v view) (err error) {
		if f.t, err = s.copyTarget(v, n); err != nil {
			return err
		}
		return f.settle()
	}); err != nil {
		return nil, err
	}
	// PostgreSQL finds out only once it has asked for the data.
	late := copyable(f.t.rel, true)
	if late == nil && o.freeze && !s.tx.explicit() && s.tx.block != implicitBlock {
		late = pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction")
	}
	if late != nil {
		s.w.CopyResponse(wire.OutCopyIn, o.format == copyBinary, len(f.t.columns))
		return nil, late
	}
	if err := f.statement(c, n); err != nil {
		return nil, err
	}
	f.st.users++
	defer f.st.release()
	if f.plan, err = s.planned(f.st); err != nil {
		s.db.EndRead()
		if n.WhereClause == nil {
			err = placeless(err)
		}
		return nil, err
	}
	defer s.db.EndRead()
	if f.prog, err = s.program(f.plan); err != nil {
		return nil, s.planner.violation(err, f.plan.version)
	}
	defer s.giveBack(f.plan, f.prog)
	s.w.CopyResponse(wire.OutCopyIn, o.format == copyBinary, len(f.t.columns))
	if err := s.w.Flush(); err != nil {
		return nil, err
	}
	if o.format == copyBinary {
		err = f.binary()
	} else {
		err = f.text()
	}
	if err != nil {
		return nil, f.context(err)
	}
	if err := s.checkStatement(f.plan); err != nil {
		return nil, err
	}
	count := f.count
	return &result{tag: "COPY", count: func() int64 { return count }}, nil
}

// settle finds the columns' types and the flags options give them.
func (f *copyFrom) settle() (err error) {
	for _, c := range f.t.columns {
		t := f.s.types.Find(c.Type)
		if t == nil || t.Input == nil {
			return pgerr.New(pgerr.FeatureNotSupported, "COPY into a column of type %s is not supported", f.s.typeName(c.Type))
		}
		f.types = append(f.types, t)
		f.typmods = append(f.typmods, c.Typmod)
	}
	if f.notNull, err = f.t.flags(f.o.forceNotNull, "FORCE_NOT_NULL"); err != nil {
		return err
	}
	f.forceNull, err = f.t.flags(f.o.forceNull, "FORCE_NULL")
	return err
}

// statement makes the INSERT that takes one row; with WHERE it is one of SELECT over the row.
func (f *copyFrom) statement(c *command, n *parse.CopyStmt) error {
	list, params := f.t.columnList(), ""
	declared := make([]uint32, len(f.t.columns))
	overriding := ""
	for i, col := range f.t.columns {
		if i > 0 {
			params += ", "
		}
		params += fmt.Sprintf("$%d", i+1)
		declared[i] = col.Type
		if col.Identity == 'a' {
			overriding = "OVERRIDING SYSTEM VALUE "
		}
	}
	text := "INSERT INTO " + f.t.name() + " (" + list + ") " + overriding
	switch {
	case len(declared) == 0:
		text = "INSERT INTO " + f.t.name() + " DEFAULT VALUES"
	case n.WhereClause == nil:
		text += "VALUES (" + params + ")"
	default:
		name := quoteAlways(f.t.rel.Name)
		text += "SELECT * FROM (SELECT " + params + ") AS " + name + " (" + list + ") WHERE true"
	}
	source, err := parsed(text)
	if err != nil {
		return err
	}
	f.st = &statement{source: source, query: text, declared: declared, external: true}
	if n.WhereClause == nil {
		return nil
	}
	ins, ok := source.Node.(*parse.InsertStmt)
	if !ok {
		return pgerr.New(pgerr.InternalError, "malformed statement")
	}
	sel, ok := ins.SelectStmt.(*parse.SelectStmt)
	if !ok {
		return pgerr.New(pgerr.InternalError, "malformed statement")
	}
	sel.WhereClause = n.WhereClause
	return nil
}

// data gives the next piece of what the client sends; nil at the end.
func (f *copyFrom) data() ([]byte, error) {
	s := f.s
	for {
		if err := s.interrupts.pending(); err != nil {
			return nil, err
		}
		s.interrupts.arm(s.interrupts.deadline)
		kind, body, err := s.r.Next(&wire.SessionLimits)
		if isTimeout(err) {
			s.interrupts.rearm()
			continue
		}
		if err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return nil, pgerr.Fatal(pgerr.ConnectionFailure, "unexpected EOF on client connection with an open transaction")
			}
			return nil, err
		}
		switch kind {
		case wire.MsgCopyData:
			if len(body) > 0 {
				return body, nil
			}
		case wire.MsgCopyDone:
			return nil, wire.Empty(body)
		case wire.MsgCopyFail:
			text, err := wire.Text(body)
			if err != nil {
				return nil, err
			}
			if !validText(text) {
				return nil, invalidText(text)
			}
			return nil, pgerr.New(pgerr.QueryCanceled, "COPY from stdin failed: %s", text)
		case wire.MsgFlush, wire.MsgSync:
		case wire.MsgTerminate:
			return nil, pgerr.Fatal(pgerr.ConnectionFailure, "unexpected EOF on client connection with an open transaction")
		default:
			// What the client means by it cannot be known: PostgreSQL ends the session after this error.
			s.lost = true
			return nil, pgerr.New(pgerr.ProtocolViolation, "unexpected message type 0x%02X during COPY from stdin", kind)
		}
	}
}

// text reads rows in the text or CSV form.
func (f *copyFrom) text() error {
	f.lines = &lineReader{more: f.data, o: f.o}
	split := &fieldSplitter{o: f.o}
	for first := true; ; first = false {
		f.line, f.column = nil, -1
		line, ok, err := f.lines.next()
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		if first && f.o.header && !f.o.headerMatch {
			continue
		}
		if !validText(line) {
			return invalidText(line)
		}
		f.line = line
		if first && f.o.headerMatch {
			if err := f.header(split); err != nil {
				return err
			}
			continue
		}
		if err := f.textRow(split); err != nil {
			return err
		}
	}
}

// header compares the first line with the columns' names.
func (f *copyFrom) header(split *fieldSplitter) error {
	fields, err := split.split(f.line)
	if err != nil {
		return err
	}
	if len(fields) != len(f.t.columns) {
		return pgerr.New(pgerr.BadCopyFileFormat, "wrong number of fields in header line: got %d, expected %d", len(fields), len(f.t.columns))
	}
	for i, c := range f.t.columns {
		if fields[i].null {
			return pgerr.New(pgerr.BadCopyFileFormat, "column name mismatch in header line field %d: got null value (\"%s\"), expected \"%s\"", i+1, f.o.null, c.Name)
		}
		if string(fields[i].value) != c.Name {
			return pgerr.New(pgerr.BadCopyFileFormat, "column name mismatch in header line field %d: got \"%s\", expected \"%s\"", i+1, fields[i].value, c.Name)
		}
	}
	return nil
}

func (f *copyFrom) textRow(split *fieldSplitter) error {
	var fields []copyField
	if len(f.t.columns) > 0 || len(f.line) > 0 {
		var err error
		if fields, err = split.split(f.line); err != nil {
			return err
		}
	}
	if len(fields) > len(f.t.columns) {
		return pgerr.New(pgerr.BadCopyFileFormat, "extra data after last expected column")
	}
	for i, t := range f.types {
		if i >= len(fields) {
			return pgerr.New(pgerr.BadCopyFileFormat, "missing data for column \"%s\"", f.t.columns[i].Name)
		}
		v, null := fields[i].value, fields[i].null
		if f.o.format == copyCSV {
			if null && f.notNull[i] {
				v, null = []byte(f.o.null), false
			} else if !null && f.forceNull[i] && string(v) == f.o.null {
				null = true
			}
		}
		arg := types.NullValue
		if !null {
			f.column, f.value = i, v
			if f.o.format == copyText && !validText(v) {
				// An escape has made what is no text; the line itself was.
				f.column = -1
				return invalidText(v)
			}
			var err error
			if arg, err = t.Input(&f.s.types, string(v), f.typmods[i]); err != nil {
				return err
			}
			f.column = -1
		}
		if err := f.prog.Bind(i+1, arg); err != nil {
			return err
		}
	}
	f.column = -1
	return f.insert()
}

// insert runs the statement over the row that has been bound.
func (f *copyFrom) insert() error {
	if _, err := f.prog.Step(); err != nil {
		err = f.s.planner.violation(err, f.plan.version)
		if pgerr.Code(err) == pgerr.UniqueViolation {
			// PostgreSQL has put rows into the table in bulk by then and only knows the number.
			f.line = nil
		}
		return err
	}
	f.count += f.s.db.Changes()
	f.prog.Reset()
	if f.count&255 == 0 {
		return f.s.interrupts.pending()
	}
	return nil
}

// context tells in an error where in the data it happened.
func (f *copyFrom) context(err error) error {
	e := *pgerr.From(err)
	if e.Severity == pgerr.SevFatal {
		return &e
	}
	e.Location, e.Position = 0, 0
	name := f.t.rel.Name
	switch {
	case f.lines == nil && f.row == 0:
		// The header is wrong: there is no line yet.
	case f.lines == nil && f.column >= 0:
		e.Where = fmt.Sprintf("COPY %s, line %d, column %s", name, f.row, f.t.columns[f.column].Name)
	case f.lines == nil:
		e.Where = fmt.Sprintf("COPY %s, line %d", name, f.row)
	case f.column >= 0:
		e.Where = fmt.Sprintf("COPY %s, line %d, column %s: \"%s\"", name, f.lines.line, f.t.columns[f.column].Name, clip(f.value))
	case f.line != nil:
		e.Where = fmt.Sprintf("COPY %s, line %d: \"%s\"", name, f.lines.line, clip(f.line))
	case pgerr.Code(err) == pgerr.BadCopyFileFormat && f.lines.from < len(f.lines.buf) && f.lines.over:
		e.Where = fmt.Sprintf("COPY %s, line %d: \"%s\"", name, f.lines.line, clip(f.lines.buf[f.lines.from:]))
	default:
		e.Where = fmt.Sprintf("COPY %s, line %d", name, f.lines.line)
	}
	return &e
}

// clip shortens data for a message, at a character.
func clip(v []byte) string {
	const most = 100
	if len(v) <= most {
		return string(v)
	}
	n := most
	for n > 0 && !utf8.RuneStart(v[n]) {
		n--
	}
	return string(v[:n]) + "..."
}
