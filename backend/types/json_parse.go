package types

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// JSONKind orders kinds as jsonb does: null before strings, numbers, booleans, arrays, objects.
type JSONKind uint8

// The kinds.
const (
	JSONNull JSONKind = iota
	JSONString
	JSONNumber
	JSONBool
	JSONArray
	JSONObject
)

// JSON is a document taken apart. A number is its text (canonical numeric in jsonb); a json value remembers where it stood in the text.
type JSON struct {
	Kind  JSONKind
	True  bool
	Str   string // of a string or number
	Keys  []string
	Elems []JSON // of an array, or the values of Keys
	Src   string // json only: the value as written
}

// ParseJSON reads a json value; every part keeps its source text, strings are unescaped.
func ParseJSON(s string) (JSON, error) { return parseJSON(s, true, false) }

// maxJSONDepth stands for PostgreSQL's stack depth limit.
const maxJSONDepth = 6400

type jsonReader struct {
	s      string
	pos    int
	tok    byte // kind of the current token: { } [ ] : , s n t f 0 (null) or e for the end
	start  int  // of the current token
	prev   int  // end of the token before
	str    string
	values bool // wanted: the unescaped strings and the tree
	depth  int
	only   bool // only validation
}

// parseJSON reads a document. unescape checks and decodes escapes, which the type json leaves alone.
func parseJSON(s string, unescape, validateOnly bool) (JSON, error) {
	r := &jsonReader{s: s, values: unescape, only: validateOnly}
	if err := r.next(); err != nil {
		return JSON{}, err
	}
	j, err := r.value()
	if err != nil {
		return JSON{}, err
	}
	if r.tok != 'e' {
		return JSON{}, r.expected("end of input")
	}
	return j, nil
}

func (r *jsonReader) fail(detail string, args ...any) error {
	return r.context(pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type json").WithDetail(detail, args...), r.pos)
}

// context adds the line up to the place of the error, cut in front where it is long.
func (r *jsonReader) context(e *pgerr.Error, end int) error {
	end = min(end, len(r.s))
	line := 1
	start := 0
	for i := 0; i < end; i++ {
		if r.s[i] == '\n' {
			line++
			start = i + 1
		}
	}
	prefix, suffix := "", ""
	for end-start >= 50 {
		_, n := utf8.DecodeRuneInString(r.s[start:])
		start += n
		prefix = "..."
	}
	if end < len(r.s) && r.s[end] != '\n' && r.s[end] != '\r' {
		suffix = "..."
	}
	e.Where = fmt.Sprintf("JSON data, line %d: %s%s%s", line, prefix, r.s[start:end], suffix)
	return e
}

func (r *jsonReader) expected(what string) error {
	if r.tok == 'e' {
		return r.fail("The input string ended unexpectedly.")
	}
	return r.fail("Expected %s, but found \"%s\".", what, r.s[r.start:r.pos])
}

func jsonWordByte(c byte) bool {
	return isAlpha(c) || isDigit(c) || c == '_' || c >= 0x80
}

// next reads a token.
func (r *jsonReader) next() error {
	r.prev = r.pos
	for r.pos < len(r.s) {
		c := r.s[r.pos]
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			break
		}
		r.pos++
	}
	r.start = r.pos
	if r.pos >= len(r.s) {
		r.tok = 'e'
		return nil
	}
	switch c := r.s[r.pos]; {
	case strings.IndexByte("{}[]:,", c) >= 0:
		r.pos++
		r.tok = c
		return nil
	case c == '"':
		r.tok = 's'
		return r.lexString()
	case c == '-' || isDigit(c):
		r.tok = 'n'
		return r.lexNumber()
	default:
		for r.pos < len(r.s) && jsonWordByte(r.s[r.pos]) {
			r.pos++
		}
		if r.pos == r.start {
			r.pos++
			return r.fail("Token \"%s\" is invalid.", r.s[r.start:r.pos])
		}
	}
	switch r.s[r.start:r.pos] {
	case "true":
		r.tok = 't'
	case "false":
		r.tok = 'f'
	case "null":
		r.tok = '0'
	default:
		return r.fail("Token \"%s\" is invalid.", r.s[r.start:r.pos])
	}
	return nil
}

func (r *jsonReader) lexNumber() error {
	s, i, bad := r.s, r.pos, false
	digits := func() int {
		n := i
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		return i - n
	}
	if s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '0' {
		i++
	} else if digits() == 0 {
		bad = true
	}
	if i < len(s) && s[i] == '.' {
		i++
		bad = digits() == 0 || bad
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		bad = digits() == 0 || bad
	}
	for ; i < len(s) && jsonWordByte(s[i]); i++ {
		bad = true
	}
	r.pos = i
	if bad {
		return r.fail("Token \"%s\" is invalid.", s[r.start:r.pos])
	}
	return nil
}

func (r *jsonReader) lexString() error {
	var b []byte
	s := r.s
	i := r.pos + 1
	plain := i // start of what has not been copied
	high := rune(0)
	at := func(end int) { r.pos = min(end, len(s)) }
	for {
		if i >= len(s) {
			at(len(s))
			return r.fail("Token \"%s\" is invalid.", s[r.start:])
		}
		c := s[i]
		if c != '\\' {
			if high != 0 {
				at(i + runeLen(s[i:]))
				return r.fail("Unicode low surrogate must follow a high surrogate.")
			}
			if c == '"' {
				break
			}
			if c < 0x20 {
				at(i)
				return r.fail("Character with value 0x%02x must be escaped.", c)
			}
			i++
			continue
		}
		if r.values {
			b = append(b, s[plain:i]...)
		}
		i++
		if i >= len(s) {
			at(len(s))
			return r.fail("Token \"%s\" is invalid.", s[r.start:])
		}
		if s[i] == 'u' {
			x := rune(0)
			for n := 1; n <= 4; n++ {
				if i+n >= len(s) {
					at(len(s))
					return r.fail("Token \"%s\" is invalid.", s[r.start:])
				}
				d := strings.IndexByte("0123456789abcdef", s[i+n]|0x20)
				if isDigit(s[i+n]) {
					d = int(s[i+n] - '0')
				}
				if d < 0 || s[i+n] < '0' {
					at(i + n + runeLen(s[i+n:]))
					return r.fail("\"\\u\" must be followed by four hexadecimal digits.")
				}
				x = x<<4 | rune(d)
			}
			i += 5
			plain = i
			if !r.values {
				continue
			}
			switch {
			case x >= 0xd800 && x <= 0xdbff:
				if high != 0 {
					at(i)
					return r.fail("Unicode high surrogate must not follow a high surrogate.")
				}
				high = x
				continue
			case x >= 0xdc00 && x <= 0xdfff:
				if high == 0 {
					at(i)
					return r.fail("Unicode low surrogate must follow a high surrogate.")
				}
				x = 0x10000 + (high&0x3ff)<<10 + x&0x3ff
				high = 0
			}
			if high != 0 {
				at(i)
				return r.fail("Unicode low surrogate must follow a high surrogate.")
			}
			if x == 0 {
				at(i)
				return r.context(pgerr.New(pgerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
					WithDetail("\\u0000 cannot be converted to text."), r.pos)
			}
			b = utf8.AppendRune(b, x)
			continue
		}
		if high != 0 {
			at(i)
			return r.fail("Unicode low surrogate must follow a high surrogate.")
		}
		k := strings.IndexByte("\"\\/bfnrt", s[i])
		if k < 0 {
			at(i + runeLen(s[i:]))
			return r.fail("Escape sequence \"\\%s\" is invalid.", s[i:r.pos])
		}
		if r.values {
			b = append(b, "\"\\/\b\f\n\r\t"[k])
		}
		i++
		plain = i
	}
	r.pos = i + 1
	if r.values {
		r.str = string(append(b, s[plain:i]...))
	}
	return nil
}

func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// value reads the value that begins with the current token and the token after it.
func (r *jsonReader) value() (JSON, error) {
	start := r.start
	var j JSON
	var err error
	switch r.tok {
	case '{':
		j, err = r.object()
	case '[':
		j, err = r.array()
	case 's':
		j = JSON{Kind: JSONString, Str: r.str}
		err = r.next()
	case 'n':
		j = JSON{Kind: JSONNumber, Str: r.s[r.start:r.pos]}
		err = r.next()
	case 't', 'f':
		j = JSON{Kind: JSONBool, True: r.tok == 't'}
		err = r.next()
	case '0':
		err = r.next()
	default:
		err = r.expected("JSON value")
	}
	if err == nil && r.values {
		j.Src = r.s[start:r.prev]
	}
	return j, err
}

func (r *jsonReader) enter() error {
	if r.depth++; r.depth > maxJSONDepth {
		return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
	}
	return r.next()
}

func (r *jsonReader) array() (JSON, error) {
	j := JSON{Kind: JSONArray}
	if err := r.enter(); err != nil {
		return j, err
	}
	defer func() { r.depth-- }()
	for first := true; r.tok != ']' || !first; first = false {
		e, err := r.value()
		if err != nil {
			return j, err
		}
		if !r.only {
			j.Elems = append(j.Elems, e)
		}
		if r.tok == ']' {
			break
		}
		if r.tok != ',' {
			return j, r.expected("\",\" or \"]\"")
		}
		if err := r.next(); err != nil {
			return j, err
		}
	}
	return j, r.next()
}

func (r *jsonReader) object() (JSON, error) {
	j := JSON{Kind: JSONObject}
	if err := r.enter(); err != nil {
		return j, err
	}
	defer func() { r.depth-- }()
	for first := true; r.tok != '}' || !first; first = false {
		if r.tok != 's' {
			if first {
				return j, r.expected("string or \"}\"")
			}
			return j, r.expected("string")
		}
		key := r.str
		if err := r.next(); err != nil {
			return j, err
		}
		if r.tok != ':' {
			return j, r.expected("\":\"")
		}
		if err := r.next(); err != nil {
			return j, err
		}
		e, err := r.value()
		if err != nil {
			return j, err
		}
		if !r.only {
			j.Keys, j.Elems = append(j.Keys, key), append(j.Elems, e)
		}
		if r.tok == '}' {
			break
		}
		if r.tok != ',' {
			return j, r.expected("\",\" or \"}\"")
		}
		if err := r.next(); err != nil {
			return j, err
		}
	}
	return j, r.next()
}
