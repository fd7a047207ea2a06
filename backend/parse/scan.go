package parse

import "strings"

// tokenKind is what depth needs to know of a token.
type tokenKind uint8

const (
	tokenOther tokenKind = iota
	tokenWord
	tokenComma
	tokenSemicolon
	tokenOpen
	tokenClose
	tokenDot
)

// scanner splits SQL into tokens by PostgreSQL's lexical rules, as far as where each begins and ends. Of an operator that may
// be several, count is how many at most.
type scanner struct {
	sql   string
	at    int
	kind  tokenKind
	text  string
	count int
}

const operatorChars = "~!@#^&|`?+-*/%<>="

func isOperator(c byte) bool { return strings.IndexByte(operatorChars, c) >= 0 }

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// next reads a token; false at the end.
func (s *scanner) next() bool {
	s.space()
	if s.at >= len(s.sql) {
		return false
	}
	from := s.at
	s.kind, s.count = tokenOther, 1
	switch c := s.sql[s.at]; {
	case isLetter(c):
		s.identifier()
	case isDigit(c):
		s.number()
	case c == '\'':
		s.quoted('\'', false)
	case c == '"':
		s.quoted('"', false)
	case c == '$':
		s.dollar()
	case c == ',':
		s.kind = tokenComma
		s.at++
	case c == ';':
		s.kind = tokenSemicolon
		s.at++
	case c == '(' || c == '[':
		s.kind = tokenOpen
		s.at++
	case c == ')' || c == ']':
		s.kind = tokenClose
		s.at++
	case c == '.' && s.at+1 < len(s.sql) && isDigit(s.sql[s.at+1]):
		s.number()
	case c == '.':
		s.kind = tokenDot
		s.at++
	case c == ':' && strings.HasPrefix(s.sql[s.at:], "::"):
		s.at += 2
	case isOperator(c):
		s.operator()
	default:
		s.at++
	}
	s.text = s.sql[from:s.at]
	return true
}

// space skips white space and comments; those between slashes and stars nest.
func (s *scanner) space() {
	for s.at < len(s.sql) {
		rest := s.sql[s.at:]
		switch c := rest[0]; {
		case c == ' ' || c >= '\t' && c <= '\r':
			s.at++
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexAny(rest, "\r\n")
			if n < 0 {
				n = len(rest)
			}
			s.at += n
		case strings.HasPrefix(rest, "/*"):
			s.comment()
		default:
			return
		}
	}
}

func (s *scanner) comment() {
	depth := 0
	for s.at < len(s.sql) {
		switch rest := s.sql[s.at:]; {
		case strings.HasPrefix(rest, "/*"):
			depth++
			s.at += 2
		case strings.HasPrefix(rest, "*/"):
			s.at += 2
			if depth--; depth == 0 {
				return
			}
		default:
			s.at++
		}
	}
}

// identifier reads a word, or the string it is the prefix of.
func (s *scanner) identifier() {
	from := s.at
	for s.at < len(s.sql) && (isLetter(s.sql[s.at]) || isDigit(s.sql[s.at]) || s.sql[s.at] == '$') {
		s.at++
	}
	s.kind = tokenWord
	if s.at >= len(s.sql) {
		return
	}
	prefix := s.sql[from:s.at]
	switch c := s.sql[s.at]; {
	case c == '\'' && len(prefix) == 1 && strings.ContainsAny(prefix, "eEnNbBxX"):
		s.kind = tokenOther
		s.quoted('\'', prefix == "e" || prefix == "E")
	case c == '&' && (prefix == "u" || prefix == "U") && s.at+1 < len(s.sql) && (s.sql[s.at+1] == '\'' || s.sql[s.at+1] == '"'):
		s.kind = tokenOther
		s.at++
		s.quoted(s.sql[s.at], false)
	}
}

func (s *scanner) number() {
	for s.at < len(s.sql) && (isDigit(s.sql[s.at]) || isLetter(s.sql[s.at]) || s.sql[s.at] == '.') {
		if c := s.sql[s.at] | 0x20; c == 'e' && s.at+1 < len(s.sql) && (s.sql[s.at+1] == '+' || s.sql[s.at+1] == '-') {
			// 0xe+1 is no exponent but two tokens more.
			s.count = 3
			s.at++
		}
		s.at++
	}
}

// quoted reads to the closing quote; a doubled one is part of the text, and a backslash takes the next character along
// where escapes are on.
func (s *scanner) quoted(q byte, escapes bool) {
	s.at++
	for s.at < len(s.sql) {
		c := s.sql[s.at]
		s.at++
		switch {
		case c == '\\' && escapes:
			s.at++
		case c == q:
			if s.at >= len(s.sql) || s.sql[s.at] != q {
				return
			}
			s.at++
		}
	}
	s.at = len(s.sql)
}

// dollar reads a parameter or a string between dollar tags.
func (s *scanner) dollar() {
	i := s.at + 1
	if i < len(s.sql) && isDigit(s.sql[i]) {
		for s.at = i; s.at < len(s.sql) && isDigit(s.sql[s.at]); s.at++ {
		}
		return
	}
	for i < len(s.sql) && (isLetter(s.sql[i]) || isDigit(s.sql[i])) {
		i++
	}
	if i >= len(s.sql) || s.sql[i] != '$' {
		s.at++
		return
	}
	tag := s.sql[s.at : i+1]
	if end := strings.Index(s.sql[i+1:], tag); end >= 0 {
		s.at = i + 1 + end + len(tag)
		return
	}
	s.at = len(s.sql)
}

// operator reads a run of operator characters up to a comment. Where it has + or - the grammar may see several operators.
func (s *scanner) operator() {
	from := s.at
	for s.at < len(s.sql) && isOperator(s.sql[s.at]) {
		if rest := s.sql[s.at:]; s.at > from && (strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "/*")) {
			break
		}
		s.at++
	}
	if strings.ContainsAny(s.sql[from:s.at], "+-") {
		s.count = s.at - from
	}
}
