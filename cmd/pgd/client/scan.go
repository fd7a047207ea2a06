package client

import "strings"

// Splitter cuts input into statements and backslash commands, line by line, as psql does: a semicolon ends a statement unless it stands in a
// string, a quoted name, a comment, a dollar-quoted string or brackets; a backslash outside of them begins a command to the end of the line.
type Splitter struct {
	buf     strings.Builder
	state   byte // 0, ', ", $, * (block comment), E (string with escapes)
	tag     string
	comment int
	parens  int
}

// Piece is a statement or a command.
type Piece struct {
	SQL     string
	Command string // without the backslash; the statement so far stands in SQL where the command works on it (\g, \gx)
}

// Pending tells whether a statement has begun.
func (s *Splitter) Pending() bool { return strings.TrimSpace(s.buf.String()) != "" }

// Prompt gives the sign for psql's prompt: = - ' " $ * (
func (s *Splitter) Prompt() byte {
	switch {
	case s.state == 'E':
		return '\''
	case s.state != 0:
		return s.state
	case s.parens > 0:
		return '('
	case s.Pending():
		return '-'
	}
	return '='
}

// Reset throws the statement so far away.
func (s *Splitter) Reset() { *s = Splitter{} }

// Rest gives what is left at the end of the input.
func (s *Splitter) Rest() string {
	out := strings.TrimSpace(s.buf.String())
	s.Reset()
	return out
}

// Line takes a line without its end and gives what it completes.
func (s *Splitter) Line(line string) []Piece {
	var out []Piece
	for i := 0; i < len(line); {
		n, done := s.step(line, i)
		if done == '\\' {
			cmd := line[i+1:]
			p := Piece{Command: strings.TrimSpace(cmd)}
			if strings.HasPrefix(cmd, "g") && s.Pending() && (len(cmd) == 1 || cmd[1] == ' ' || cmd[1] == 'x') {
				p.SQL = s.Rest()
			}
			return append(out, p)
		}
		if done == ';' {
			out = append(out, Piece{SQL: strings.TrimSpace(s.buf.String())})
			s.Reset()
			i += n
			continue
		}
		s.buf.WriteString(line[i : i+n])
		i += n
	}
	if s.Pending() {
		s.buf.WriteByte('\n')
	}
	return out
}

// step looks at one token: how many bytes it has, and ';' or '\' where it ends a statement or begins a command.
func (s *Splitter) step(line string, i int) (n int, done byte) {
	c, rest := line[i], line[i:]
	switch s.state {
	case '\'', '"':
		if c == s.state {
			s.state = 0
		}
		return 1, 0
	case 'E':
		if c == '\\' && len(rest) > 1 {
			return 2, 0
		}
		if c == '\'' {
			s.state = 0
		}
		return 1, 0
	case '$':
		if strings.HasPrefix(rest, s.tag) {
			s.state = 0
			return len(s.tag), 0
		}
		return 1, 0
	case '*':
		switch {
		case strings.HasPrefix(rest, "/*"):
			s.comment++
			return 2, 0
		case strings.HasPrefix(rest, "*/"):
			if s.comment--; s.comment == 0 {
				s.state = 0
			}
			return 2, 0
		}
		return 1, 0
	}
	switch {
	case c == ';' && s.parens == 0:
		return 1, ';'
	case c == '\\':
		return 0, '\\'
	case c == '\'':
		s.state = '\''
		if i > 0 && (line[i-1] == 'E' || line[i-1] == 'e') && (i == 1 || !word(line[i-2])) {
			s.state = 'E'
		}
	case c == '"':
		s.state = '"'
	case c == '(' || c == '[':
		s.parens++
	case (c == ')' || c == ']') && s.parens > 0:
		s.parens--
	case strings.HasPrefix(rest, "--"):
		return len(rest), 0
	case strings.HasPrefix(rest, "/*"):
		s.state, s.comment = '*', 1
		return 2, 0
	case c == '$' && (i == 0 || !word(line[i-1])):
		if end := strings.IndexByte(rest[1:], '$'); end >= 0 && tag(rest[1:end+1]) {
			s.state, s.tag = '$', rest[:end+2]
			return end + 2, 0
		}
	}
	return 1, 0
}

func word(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func tag(s string) bool {
	for i := 0; i < len(s); i++ {
		if !word(s[i]) || i == 0 && s[i] >= '0' && s[i] <= '9' {
			return false
		}
	}
	return true
}
