package types

import (
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// Kinds of jsonpath tokens besides the characters that stand for themselves.
const (
	pathEnd    = 0
	pathIdent  = 'i'
	pathStr    = '"'
	pathVar    = 'v'
	pathInt    = '1'
	pathNumber = 'n'
	pathOp     = 'o' // of two characters, and < and >
)

// pathLexer cuts a path into tokens as PostgreSQL's does, its oddities in what an error quotes included.
type pathLexer struct {
	s    string
	pos  int
	kind byte
	str  string // of the token
	text string // what an error quotes; "" says the end
}

func pathError(code, message, near string) error {
	if near == "" {
		return pgerr.New(code, "%s at end of jsonpath input", message)
	}
	return pgerr.New(code, "%s at or near \"%s\" of jsonpath input", message, near)
}

func pathBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'
}

// pathOther are the bytes of names and numbers.
func pathOther(c byte) bool {
	return strings.IndexByte("?%$.[]{}()|&!=<>@#,*:-+/\\\"", c) < 0 && !pathBlank(c)
}

func (l *pathLexer) fail(message, near string) error {
	return pathError(pgerr.SyntaxError, message, near)
}

func (l *pathLexer) next() error {
	for {
		for l.pos < len(l.s) && pathBlank(l.s[l.pos]) {
			l.pos++
		}
		if !strings.HasPrefix(l.s[l.pos:], "/*") {
			break
		}
		if err := l.comment(); err != nil {
			return err
		}
	}
	if l.pos >= len(l.s) {
		l.kind, l.text = pathEnd, ""
		return nil
	}
	rest, c := l.s[l.pos:], l.s[l.pos]
	take := func(kind byte, n int) {
		l.kind, l.str, l.text = kind, rest[:n], rest[:n]
		l.pos += n
	}
	for _, op := range []string{"&&", "||", "**", "<=", "==", "<>", "!=", ">="} {
		if strings.HasPrefix(rest, op) {
			take(pathOp, 2)
			return nil
		}
	}
	switch {
	case c == '<' || c == '>':
		take(pathOp, 1)
		return nil
	case c == '"':
		l.kind = pathStr
		return l.quoted()
	case strings.HasPrefix(rest, "$\""):
		l.pos++
		l.kind = pathVar
		return l.quoted()
	case c == '$' && len(rest) > 1 && pathOther(rest[1]):
		n := 1
		for n < len(rest) && pathOther(rest[n]) {
			n++
		}
		take(pathVar, n)
		l.str = rest[1:n]
		return nil
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		word := 0
		for word < len(rest) && pathOther(rest[word]) {
			word++
		}
		n, kind, problem := scanPathNumber(rest)
		if word > n {
			return l.identifier()
		}
		take(kind, n)
		if problem != "" {
			return l.fail(problem, rest[:n])
		}
		return nil
	case c == '\\' || pathOther(c):
		return l.identifier()
	}
	take(c, 1)
	return nil
}

func (l *pathLexer) comment() error {
	end := strings.Index(l.s[l.pos+2:], "*/")
	if end < 0 {
		l.pos = len(l.s)
		return l.fail("unexpected end of comment", "")
	}
	l.pos += end + 4
	return nil
}

// scanPathNumber finds the longest number at the start of s, with a character of junk after it where there is one.
func scanPathNumber(s string) (n int, kind byte, problem string) {
	digits := func(i int) int {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		return i
	}
	kind = pathInt
	switch {
	case s[0] == '0':
		n = 1
	case s[0] != '.':
		n = digits(0)
	}
	if n < len(s) && s[n] == '.' {
		n, kind = digits(n+1), pathNumber
	}
	if n < len(s) && s[n]|0x20 == 'e' {
		i := n + 1
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if end := digits(i); end > i {
			n, kind = end, pathNumber
		} else if i > n+1 {
			return i, kind, "invalid numeric literal"
		}
	}
	if n < len(s) && pathOther(s[n]) {
		return n + runeLen(s[n:]), kind, "trailing junk after numeric literal"
	}
	return n, kind, ""
}

// identifier reads a name without quotes. An error quotes the blank that ended it, and says the end where something else did.
func (l *pathLexer) identifier() error {
	var b []byte
	l.kind = pathIdent
	for l.pos < len(l.s) {
		c := l.s[l.pos]
		switch {
		case c == '\\':
			var err error
			if b, err = l.escape(b); err != nil {
				return err
			}
			continue
		case pathBlank(c):
			l.pos++
			l.str, l.text = string(b), string(c)
			return nil
		case strings.HasPrefix(l.s[l.pos:], "/*"):
			// A comment right after a name swallows it.
			if err := l.comment(); err != nil {
				return err
			}
			return l.next()
		case !pathOther(c):
			l.str, l.text = string(b), ""
			return nil
		}
		b = append(b, c)
		l.pos++
	}
	l.str, l.text = string(b), ""
	return nil
}

// quoted reads a string or the name of a variable in quotes.
func (l *pathLexer) quoted() error {
	var b []byte
	for l.pos++; l.pos < len(l.s); {
		switch c := l.s[l.pos]; c {
		case '"':
			l.pos++
			l.str, l.text = string(b), "\""
			return nil
		case '\\':
			var err error
			if b, err = l.escape(b); err != nil {
				return err
			}
		default:
			b = append(b, c)
			l.pos++
		}
	}
	return l.fail("unexpected end of quoted string", "")
}

// escape reads what begins with a backslash; a run of \u is read at once, since two make one character.
func (l *pathLexer) escape(b []byte) ([]byte, error) {
	rest := l.s[l.pos:]
	if len(rest) < 2 {
		return b, l.fail("unexpected end after backslash", "\\")
	}
	l.pos += 2
	if i := strings.IndexByte("bfnrtv", rest[1]); i >= 0 {
		return append(b, "\b\f\n\r\t\v"[i]), nil
	}
	switch rest[1] {
	case 'x':
		n := 2
		for n < 4 && n < len(rest) && pathHex(rest[n]) >= 0 {
			n++
		}
		if n < 4 {
			return b, l.fail("invalid hex character sequence", rest[:n])
		}
		l.pos += 2
		return appendPathRune(b, rune(pathHex(rest[2])<<4|pathHex(rest[3])))
	case 'u':
		l.pos -= 2
		return l.unicodes(b)
	}
	n := runeLen(rest[1:])
	l.pos += n - 1
	return append(b, rest[1:1+n]...), nil
}

func pathHex(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// unicodes reads a run of \uXXXX and \u{X…}.
func (l *pathLexer) unicodes(b []byte) ([]byte, error) {
	high := rune(0)
	for strings.HasPrefix(l.s[l.pos:], "\\u") {
		rest := l.s[l.pos:]
		n, most, x := 2, 6, rune(0)
		braces := n < len(rest) && rest[n] == '{'
		if braces {
			n, most = 3, 9
		}
		first := n
		for n < most && n < len(rest) && pathHex(rest[n]) >= 0 {
			x = x<<4 | rune(pathHex(rest[n]))
			n++
		}
		if braces && (n == first || n >= len(rest) || rest[n] != '}') || !braces && n < most {
			return b, l.fail("invalid unicode sequence", rest[:n])
		}
		if braces {
			n++
		}
		l.pos += n
		surrogate := pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s", "jsonpath")
		switch {
		case x >= 0xd800 && x <= 0xdbff:
			if high != 0 {
				return b, surrogate.WithDetail("Unicode high surrogate must not follow a high surrogate.")
			}
			high = x
			continue
		case x >= 0xdc00 && x <= 0xdfff:
			if high == 0 {
				return b, surrogate.WithDetail("Unicode low surrogate must follow a high surrogate.")
			}
			x, high = 0x10000+(high&0x3ff)<<10+x&0x3ff, 0
		case high != 0:
			return b, surrogate.WithDetail("Unicode low surrogate must follow a high surrogate.")
		}
		var err error
		if b, err = appendPathRune(b, x); err != nil {
			return b, err
		}
	}
	if high != 0 {
		return b, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s", "jsonpath").
			WithDetail("Unicode low surrogate must follow a high surrogate.")
	}
	return b, nil
}

func appendPathRune(b []byte, x rune) ([]byte, error) {
	if x == 0 {
		return b, pgerr.New(pgerr.UntranslatableCharacter, "unsupported Unicode escape sequence").WithDetail("\\u0000 cannot be converted to text.")
	}
	if x > utf8.MaxRune {
		return b, pgerr.New(pgerr.SyntaxError, "invalid Unicode code point")
	}
	return utf8.AppendRune(b, x), nil
}
