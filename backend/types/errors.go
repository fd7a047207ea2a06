package types

import (
	"strconv"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// badSyntax is the answer to text that is no value of a type.
func badSyntax(typ, s string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", typ, s)
}

// outOfRange is the answer to text that is a number, but not one of this type.
func outOfRange(typ, s string) error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", s, typ)
}

var (
	errShortBinary = pgerr.New(pgerr.ProtocolViolation, "insufficient data left in message")
	errBadBinary   = pgerr.New(pgerr.InvalidBinaryRepresentation, "incorrect binary data format")
)

// checkLen tells whether a binary value has exactly n bytes.
func checkLen(b []byte, n int) error {
	switch {
	case len(b) < n:
		return errShortBinary
	case len(b) > n:
		return errBadBinary
	}
	return nil
}

// ValidText tells whether b may be a text value: valid UTF-8 without NUL.
func ValidText(b []byte) error {
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			if c == 0 {
				return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x00")
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return badUTF8(b[i:])
		}
		i += n
	}
	return nil
}

// badUTF8 names as many bytes as the first one announces, as PostgreSQL does.
func badUTF8(b []byte) error {
	n := 1
	switch c := b[0]; {
	case c&0xe0 == 0xc0:
		n = 2
	case c&0xf0 == 0xe0:
		n = 3
	case c&0xf8 == 0xf0:
		n = 4
	}
	if n > len(b) {
		n = len(b)
	}
	msg := "invalid byte sequence for encoding \"UTF8\":"
	const hexDigits = "0123456789abcdef"
	for _, c := range b[:n] {
		msg += " 0x" + string([]byte{hexDigits[c>>4], hexDigits[c&15]})
	}
	return pgerr.New(pgerr.CharacterNotInRepertoire, "%s", msg)
}

// isSpace is C's isspace.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// trimSpace cuts C's white space off both ends.
func trimSpace(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// lowerASCII lowers A to Z only.
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if b[j] >= 'A' && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func compareInts(a, b Value) int {
	switch {
	case a.I < b.I:
		return -1
	case a.I > b.I:
		return 1
	}
	return 0
}

func itoa(i int) string { return strconv.Itoa(i) }
