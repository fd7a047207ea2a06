package session

import (
	"bytes"

	"pgd/backend/pgerr"
)

// eol is how lines end; the first line decides.
type eol uint8

const (
	eolUnknown eol = iota
	eolNL
	eolCR
	eolCRNL
)

// lineReader cuts the data of a COPY FROM into lines, with PostgreSQL's rules: backslashes hide line ends in text, quotes do in CSV,
// and \. ends the data. Its source gives pieces of any size; nil is the end.
type lineReader struct {
	more func() ([]byte, error)
	o    *copyOptions
	buf  []byte
	pos  int // scanned up to here
	from int // the current line begins here
	eof  bool
	over bool // \. was read, or the end
	eol  eol
	line int64 // number of the current line
}

// fetch appends a piece to the buffer; false at the end.
func (r *lineReader) fetch() (bool, error) {
	if r.eof {
		return false, nil
	}
	if r.from > 0 {
		n := copy(r.buf, r.buf[r.from:])
		r.buf = r.buf[:n]
		r.pos -= r.from
		r.from = 0
	}
	piece, err := r.more()
	if err != nil {
		return false, err
	}
	if piece == nil {
		r.eof = true
		return false, nil
	}
	r.buf = append(r.buf, piece...)
	return true, nil
}

// peek gives the byte at pos+n; ok is false at the end.
func (r *lineReader) peek(n int) (c byte, ok bool, err error) {
	for r.pos+n >= len(r.buf) {
		got, err := r.fetch()
		if err != nil {
			return 0, false, err
		}
		if !got {
			return 0, false, nil
		}
	}
	return r.buf[r.pos+n], true, nil
}

// next gives one line without its end, borrowed until the next call; ok is false when there are no more.
func (r *lineReader) next() (line []byte, ok bool, err error) {
	if r.over {
		return nil, false, nil
	}
	r.line++
	r.from = r.pos
	csv := r.o.format == copyCSV
	escape := r.o.escape
	if escape == r.o.quote {
		escape = 0
	}
	inQuote, wasEscape := false, false
	for {
		if !csv {
			// Bytes that mean nothing are skipped at once.
			if i := bytes.IndexAny(r.buf[r.pos:], "\\\r\n"); i >= 0 {
				r.pos += i
			} else {
				r.pos = len(r.buf)
			}
		}
		c, ok, err := r.peek(0)
		if err != nil {
			return nil, false, err
		}
		if !ok {
			r.over = true
			rest := r.buf[r.from:r.pos]
			return rest, len(rest) > 0, nil
		}
		first := r.pos == r.from
		r.pos++
		if csv {
			if inQuote && c == escape && escape != 0 {
				wasEscape = !wasEscape
			}
			if c == r.o.quote && !wasEscape {
				inQuote = !inQuote
			}
			if c != escape || escape == 0 {
				wasEscape = false
			}
			if inQuote {
				if r.eol == eolNL && c == '\n' || r.eol != eolNL && c == '\r' {
					r.line++
				}
				continue
			}
		}
		switch {
		case c == '\r':
			end := r.pos - 1 - r.from
			if err := r.carriageReturn(csv); err != nil {
				return nil, false, err
			}
			return r.buf[r.from : r.from+end], true, nil
		case c == '\n':
			if r.eol == eolCR || r.eol == eolCRNL {
				return nil, false, lineEnd(csv, "newline", "\\n")
			}
			r.eol = eolNL
			return r.buf[r.from : r.pos-1], true, nil
		case c == '\\' && (!csv || first):
			c2, ok, err := r.peek(0)
			if err != nil {
				return nil, false, err
			}
			if !ok {
				continue
			}
			if c2 == '.' {
				end := r.pos - 1 - r.from
				marker, err := r.marker(csv)
				if err != nil {
					return nil, false, err
				}
				if marker {
					r.over = true
					return r.buf[r.from : r.from+end], end > 0, r.drain()
				}
				continue
			}
			if !csv {
				r.pos++
			}
		}
	}
}

// carriageReturn settles what a \r just read means and passes the \n that belongs to it.
func (r *lineReader) carriageReturn(csv bool) error {
	if r.eol == eolNL {
		return lineEnd(csv, "carriage return", "\\r")
	}
	if r.eol == eolCR {
		return nil
	}
	c, ok, err := r.peek(0)
	if err != nil {
		return err
	}
	if ok && c == '\n' {
		r.pos++
		r.eol = eolCRNL
		return nil
	}
	if r.eol == eolCRNL {
		return lineEnd(csv, "carriage return", "\\r")
	}
	r.eol = eolCR
	return nil
}

// marker tells whether the . at pos, after a \, ends the data: it must end its line. In CSV it may be data.
func (r *lineReader) marker(csv bool) (bool, error) {
	at := 1
	c, ok, err := r.peek(at)
	if err != nil {
		return false, err
	}
	if ok && c == '\r' && r.eol != eolNL {
		if n, two, err := r.peek(at + 1); err != nil {
			return false, err
		} else if two && n == '\n' && r.eol != eolCR {
			return true, nil
		} else if r.eol != eolCRNL {
			return true, nil
		}
	}
	if !ok || c == '\n' && (r.eol == eolNL || r.eol == eolUnknown) {
		return true, nil
	}
	if csv {
		return false, nil
	}
	if c == '\n' || c == '\r' {
		return false, pgerr.New(pgerr.BadCopyFileFormat, "end-of-copy marker does not match previous newline style")
	}
	return false, pgerr.New(pgerr.BadCopyFileFormat, "end-of-copy marker corrupt")
}

// drain passes what the client sends after the end marker.
func (r *lineReader) drain() error {
	for !r.eof {
		piece, err := r.more()
		if err != nil {
			return err
		}
		r.eof = piece == nil
	}
	return nil
}

func lineEnd(csv bool, what, escape string) error {
	if csv {
		return pgerr.New(pgerr.BadCopyFileFormat, "unquoted %s found in data", what).WithHint("Use quoted CSV field to represent %s.", what)
	}
	return pgerr.New(pgerr.BadCopyFileFormat, "literal %s found in data", what).WithHint("Use \"%s\" to represent %s.", escape, what)
}
