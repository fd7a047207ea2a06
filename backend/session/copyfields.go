package session

import (
	"pgd/backend/pgerr"
)

// copyField is one field of a line: its bytes, or NULL.
type copyField struct {
	value []byte
	null  bool
}

// fieldSplitter cuts lines into fields. What it gives is good until the next line.
type fieldSplitter struct {
	o      *copyOptions
	fields []copyField
	buf    []byte
}

// split cuts a line by the format's rules.
func (f *fieldSplitter) split(line []byte) ([]copyField, error) {
	f.fields = f.fields[:0]
	// The fields never take more room than the line, so the buffer does not move under them.
	if cap(f.buf) < len(line) {
		f.buf = make([]byte, 0, 2*len(line))
	}
	f.buf = f.buf[:0]
	if f.o.format == copyCSV {
		return f.fields, f.splitCSV(line)
	}
	f.splitText(line)
	return f.fields, nil
}

func (f *fieldSplitter) splitText(line []byte) {
	for {
		start := len(f.buf)
		raw := line
		i, found := 0, false
		for i < len(line) {
			c := line[i]
			i++
			if c == f.o.delim {
				found = true
				break
			}
			if c != '\\' || i >= len(line) {
				f.buf = append(f.buf, c)
				continue
			}
			c = line[i]
			i++
			switch c {
			case '0', '1', '2', '3', '4', '5', '6', '7':
				v := c - '0'
				for k := 0; k < 2 && i < len(line) && '0' <= line[i] && line[i] <= '7'; k++ {
					v = v<<3 + line[i] - '0'
					i++
				}
				c = v
			case 'x':
				if v, n := hexDigits(line[i:]); n > 0 {
					c = v
					i += n
				}
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'v':
				c = '\v'
			}
			f.buf = append(f.buf, c)
		}
		if found {
			raw = line[:i-1]
		}
		f.fields = append(f.fields, copyField{f.buf[start:len(f.buf):len(f.buf)], string(raw) == f.o.null})
		if !found {
			return
		}
		line = line[i:]
	}
}

func hexDigits(b []byte) (v byte, n int) {
	for n < 2 && n < len(b) {
		c := b[n]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return v, n
		}
		v = v<<4 + c
		n++
	}
	return v, n
}

func (f *fieldSplitter) splitCSV(line []byte) error {
	o := f.o
	for {
		start := len(f.buf)
		raw := line
		i, found, quoted := 0, false, false
		inQuote := false
		for i < len(line) {
			c := line[i]
			i++
			if !inQuote {
				if c == o.delim {
					found = true
					break
				}
				if c == o.quote {
					inQuote, quoted = true, true
					continue
				}
				f.buf = append(f.buf, c)
				continue
			}
			if c == o.escape && i < len(line) && (line[i] == o.escape || line[i] == o.quote) {
				f.buf = append(f.buf, line[i])
				i++
				continue
			}
			if c == o.quote {
				inQuote = false
				continue
			}
			f.buf = append(f.buf, c)
		}
		if inQuote {
			return pgerr.New(pgerr.BadCopyFileFormat, "unterminated CSV quoted field")
		}
		if found {
			raw = line[:i-1]
		}
		f.fields = append(f.fields, copyField{f.buf[start:len(f.buf):len(f.buf)], !quoted && string(raw) == o.null})
		if !found {
			return nil
		}
		line = line[i:]
	}
}
