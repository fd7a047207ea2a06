package settings

import "strings"

// parseLine reads one line: name [=] value [# comment]. An empty name is an empty line. Where ok is false, near is the token
// that does not fit, empty for the end of the line.
func parseLine(line string) (name, value, near string, ok bool) {
	const space = " \t\r\f\v"
	line = strings.TrimLeft(line, space)
	if line == "" || line[0] == '#' {
		return "", "", "", true
	}
	n := nameLength(line)
	if n == 0 {
		return "", "", token(line), false
	}
	name, line = line[:n], strings.TrimLeft(line[n:], space)
	if line != "" && line[0] == '=' {
		line = strings.TrimLeft(line[1:], space)
	}
	if line == "" || line[0] == '#' {
		return "", "", "", false
	}
	if line[0] == '\'' {
		value, line, ok = quoted(line)
	} else {
		value, line, ok = bare(line)
	}
	if !ok {
		return "", "", token(line), false
	}
	line = strings.TrimLeft(line, space)
	if line != "" && line[0] != '#' {
		return "", "", token(line), false
	}
	return name, value, "", true
}

func nameStart(c byte) bool { return c == '_' || c >= 0x80 || 'a' <= lower(c) && lower(c) <= 'z' }
func digit(c byte) bool     { return '0' <= c && c <= '9' }

// nameLength counts the bytes of a setting's name: identifiers joined by dots.
func nameLength(s string) int {
	i := 0
	for {
		start := i
		if i >= len(s) || !nameStart(s[i]) {
			if start > 0 {
				return start - 1 // a dot that nothing follows
			}
			return 0
		}
		for i < len(s) && (nameStart(s[i]) || digit(s[i]) || s[i] == '$') {
			i++
		}
		if i >= len(s) || s[i] != '.' {
			return i
		}
		i++
	}
}

// quoted reads a string in single quotes: two of them inside are one, and a backslash begins C's short escapes or octal digits.
func quoted(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'':
			if i+1 < len(s) && s[i+1] == '\'' {
				b.WriteByte('\'')
				i++
				continue
			}
			return b.String(), s[i+1:], true
		case '\\':
			i++
			if i >= len(s) {
				return "", s, false
			}
			switch e := s[i]; e {
			case 'b':
				b.WriteByte('\b')
			case 'f':
				b.WriteByte('\f')
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case '0', '1', '2', '3', '4', '5', '6', '7':
				v := 0
				j := i
				for ; j < len(s) && j < i+3 && '0' <= s[j] && s[j] <= '7'; j++ {
					v = v*8 + int(s[j]-'0')
				}
				b.WriteByte(byte(v))
				i = j - 1
			default:
				b.WriteByte(e)
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", s, false
}

// bare reads an unquoted value: a number with an optional unit, or a word that begins with a letter.
func bare(s string) (value, rest string, ok bool) {
	i := 0
	switch {
	case nameStart(s[0]):
		for i < len(s) && (nameStart(s[i]) || digit(s[i]) || strings.IndexByte("-._:/$", s[i]) >= 0) {
			i++
		}
		return s[:i], s[i:], true
	default:
		if s[0] == '+' || s[0] == '-' {
			i++
		}
		digits := 0
		for i < len(s) && (digit(s[i]) || s[i] == '.' || 'a' <= lower(s[i]) && lower(s[i]) <= 'z' ||
			(s[i] == '-' || s[i] == '+') && lower(s[i-1]) == 'e') {
			if digit(s[i]) {
				digits++
			}
			i++
		}
		if digits == 0 {
			return "", s, false
		}
		return s[:i], s[i:], true
	}
}

// token is the first word of what does not fit, shortened for a message.
func token(s string) string {
	if i := strings.IndexAny(s, " \t\r"); i > 0 {
		s = s[:i]
	}
	if len(s) > 64 {
		s = s[:64]
	}
	return s
}
