package parse

import (
	"strings"
	"unicode/utf8"

	"github.com/pganalyze/pg_query_go/v6/parser"

	"pgd/backend/pgerr"
)

// maxNesting is how many brackets may be open at once. The parser's C recursion takes well under the stack at this
// depth; PostgreSQL itself stops at its max_stack_depth with the same SQLSTATE.
const maxNesting = 3000

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
			case c >= 0xf0 && c < 0xf8:
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

// nesting counts what makes the parser recurse: open brackets, and the words and signs of which any number may
// follow each other (NOT NOT …, - - …, CASE WHEN CASE …, SELECT … UNION SELECT …). It over-counts inside strings, by so
// little that no statement written by hand or by a program comes near.
func nesting(sql string) error {
	if len(sql) < maxNesting {
		return nil
	}
	depth, deepest, run := 0, 0, 0
	quote := byte(0)
	for i := 0; i < len(sql); i++ {
		c := sql[i]
		if quote != 0 {
			if c == quote {
				quote = 0
			}
			continue
		}
		switch c {
		case '\'', '"':
			quote, run = c, 0
		case '(', '[':
			depth++
			run++
		case ')', ']':
			depth--
			run = 0
		case '-', '+', '~', '!', '@':
			run++
		case ' ', '\n', '\t', '\r':
		case 'n', 'N', 'o', 'O', 't', 'T':
			run++
		case 'c', 'C', 'a', 'A', 's', 'S', 'e', 'E':
			run++
		default:
			run = 0
		}
		deepest = max(deepest, depth, run/4)
	}
	if deepest > maxNesting {
		return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
	}
	return nil
}

// syntaxError turns the parser's error into PostgreSQL's.
func syntaxError(sql string, err error) error {
	pe, ok := err.(*parser.Error)
	if !ok {
		return pgerr.New(pgerr.SyntaxError, "%s", err.Error())
	}
	e := pgerr.New(codeOf(pe.Message), "%s", pe.Message)
	if pe.Cursorpos > 0 {
		e.Position = int32(pe.Cursorpos)
	}
	return e
}

// codes gives the SQLSTATE of the grammar's messages that are not 42601, by how they begin. The parser gives none.
var codes = []struct{ prefix, code string }{
	{"improper qualified name", pgerr.SyntaxError},
	{"unrecognized", pgerr.SyntaxError},
	{"invalid Unicode escape", pgerr.InvalidEscapeSequence},
	{"invalid Unicode", pgerr.SyntaxError},
	{"unsafe use of", pgerr.NonstandardUseOfEscapeCharacter},
	{"stack depth limit", pgerr.StatementTooComplex},
	{"MATCH PARTIAL not yet", pgerr.FeatureNotSupported},
	{"CREATE ASSERTION is not yet", pgerr.FeatureNotSupported},
	{"WITH CHECK OPTION not supported", pgerr.FeatureNotSupported},
	{"identifier too long", pgerr.NameTooLong},
	{"interval precision specified twice", pgerr.SyntaxError},
	{"window name", pgerr.WindowingError},
	{"frame start cannot", pgerr.WindowingError},
	{"frame end cannot", pgerr.WindowingError},
	{"frame starting from", pgerr.WindowingError},
	{"out of memory", pgerr.OutOfMemory},
}

func codeOf(msg string) string {
	if strings.HasSuffix(msg, "not supported") || strings.Contains(msg, "not yet implemented") || strings.Contains(msg, "is not implemented") {
		return pgerr.FeatureNotSupported
	}
	for _, c := range codes {
		if strings.HasPrefix(msg, c.prefix) {
			return c.code
		}
	}
	return pgerr.SyntaxError
}
