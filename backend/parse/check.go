package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/pganalyze/pg_query_go/v6/parser"

	"pgd/backend/pgerr"
)

// check refuses what must not reach the parser.
func check(sql string) error {
	if len(sql) > MaxLength {
		return pgerr.New(pgerr.ProgramLimitExceeded, "statement is too long")
	}
	if strings.IndexByte(sql, 0) >= 0 {
		return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x00")
	}
	if !utf8.ValidString(sql) {
		return invalidUTF8(sql)
	}
	return nesting(sql)
}

// invalidUTF8 names the first bad bytes as PostgreSQL does.
func invalidUTF8(s string) error {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			const hex = "0123456789abcdef"
			want := 1
			switch c := s[i]; {
			case c >= 0xf8:
			case c >= 0xf0:
				want = 4
			case c >= 0xe0:
				want = 3
			case c >= 0xc0:
				want = 2
			}
			var b strings.Builder
			for j := i; j < len(s) && j < i+want; j++ {
				if j > i {
					b.WriteByte(' ')
				}
				b.WriteString("0x")
				b.WriteByte(hex[s[j]>>4])
				b.WriteByte(hex[s[j]&15])
			}
			return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s", b.String())
		}
		i += n
	}
	return nil
}

// syntaxError turns the parser's error into PostgreSQL's.
func syntaxError(sql string, err error) error {
	pe, ok := err.(*parser.Error)
	if !ok {
		return pgerr.New(pgerr.SyntaxError, "%s", err.Error())
	}
	m := messageOf(pe.Message)
	e := pgerr.New(m.code, "%s", pe.Message)
	if m.hint != "" {
		e.WithHint("%s", m.hint)
	}
	if pe.Cursorpos > 0 {
		e.Position = int32(pe.Cursorpos)
	}
	if pe.Message == "invalid Unicode escape" && !inEscapeString(sql, pe.Cursorpos) {
		e.Code, e.Hint = pgerr.SyntaxError, "Unicode escapes must be \\XXXX or \\+XXXXXX."
	}
	return e
}

// inEscapeString tells whether a character (counted from 1) stands in a string of the form E'…'.
func inEscapeString(sql string, position int) bool {
	s := scanner{sql: sql}
	for s.next() {
		if utf8.RuneCountInString(sql[:s.at]) >= position {
			return strings.HasPrefix(s.text, "E'") || strings.HasPrefix(s.text, "e'")
		}
	}
	return false
}

// message is what the parser does not give with an error's text.
type message struct{ prefix, code, hint string }

// messages are the grammar's errors that are not 42601 or have a hint, by how they begin.
var messages = []message{
	{"invalid Unicode escape character", pgerr.SyntaxError, ""},
	{"invalid Unicode escape", pgerr.InvalidEscapeSequence, "Unicode escapes must be \\uXXXX or \\UXXXXXXXX."},
	{"unsafe use of", pgerr.NonstandardUseOfEscapeCharacter, "Use '' to write quotes in strings. \\' is insecure in client-only encodings."},
	{"LIMIT #,# syntax", pgerr.SyntaxError, "Use separate LIMIT and OFFSET clauses."},
	{"aggregates cannot have output arguments", pgerr.FeatureNotSupported, ""},
	{"an ordered-set aggregate with", pgerr.FeatureNotSupported, ""},
	{"missing argument", pgerr.SyntaxError, "Use NONE to denote the missing argument of a unary operator."},
	{"MATCH PARTIAL not yet", pgerr.FeatureNotSupported, ""},
	{"CREATE ASSERTION is not yet", pgerr.FeatureNotSupported, ""},
	{"WITH CHECK OPTION not supported", pgerr.FeatureNotSupported, ""},
	{"current database cannot be changed", pgerr.FeatureNotSupported, ""},
	{"identifier too long", pgerr.NameTooLong, ""},
	{"frame start cannot", pgerr.WindowingError, ""},
	{"frame end cannot", pgerr.WindowingError, ""},
	{"frame starting from", pgerr.WindowingError, ""},
	{"invalid byte sequence", pgerr.CharacterNotInRepertoire, ""},
	{"out of memory", pgerr.OutOfMemory, ""},
	{"Failed to open pipe", pgerr.InsufficientResources, ""},
}

func messageOf(msg string) message {
	for _, m := range messages {
		if strings.HasPrefix(msg, m.prefix) {
			return m
		}
	}
	if strings.Contains(msg, "not yet implemented") || strings.HasSuffix(msg, "is not implemented") || strings.Contains(msg, "cannot be marked") {
		return message{code: pgerr.FeatureNotSupported}
	}
	return message{code: pgerr.SyntaxError}
}
