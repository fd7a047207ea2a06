package functions

import (
	"pgd/backend/pgerr"
	"unicode"
	"unicode/utf8"
)

// reChars is a set of characters.
type reChars struct {
	negative  bool
	ranges    []rune // pairs
	classes   []reClass
	noNewline bool // newline-sensitive: a negated set does not match one
}

type reClass struct {
	name     string
	negative bool
}

func (s *reChars) has(r rune, fold bool) bool {
	if s.noNewline && r == '\n' && s.negative {
		return false
	}
	in := s.plain(r)
	if !in && fold {
		in = s.plain(unicode.ToLower(r)) || s.plain(unicode.ToUpper(r))
	}
	return in != s.negative
}

func (s *reChars) plain(r rune) bool {
	for i := 0; i < len(s.ranges); i += 2 {
		if r >= s.ranges[i] && r <= s.ranges[i+1] {
			return true
		}
	}
	for _, c := range s.classes {
		if classHas(c.name, r) != c.negative {
			return true
		}
	}
	return false
}

// classHas tells whether a character is in a named class.
func classHas(name string, r rune) bool {
	switch name {
	case "alpha":
		return unicode.IsLetter(r)
	case "digit":
		return r >= '0' && r <= '9'
	case "alnum":
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	case "word":
		return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
	case "upper":
		return unicode.IsUpper(r)
	case "lower":
		return unicode.IsLower(r)
	case "space":
		return unicode.IsSpace(r) && r != 0xa0 && r != 0x2007 && r != 0x202f && r != 0x85
	case "blank":
		return r == ' ' || r == '\t'
	case "punct":
		return unicode.IsPunct(r) || unicode.IsSymbol(r)
	case "cntrl":
		return unicode.IsControl(r)
	case "graph":
		return unicode.IsGraphic(r) && !unicode.IsSpace(r)
	case "print":
		return unicode.IsGraphic(r)
	case "xdigit":
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F'
	}
	return false
}

var reClasses = map[string]bool{"alpha": true, "digit": true, "alnum": true, "word": true, "upper": true, "lower": true, "space": true,
	"blank": true, "punct": true, "cntrl": true, "graph": true, "print": true, "xdigit": true}

// reFlags are the options of a regular expression.
type reFlags struct {
	fold, quote, expanded  bool
	newlineSet, newlineEnd bool // n: both; p: only the first; w: only the second
	basic, extended        bool
	global                 bool
}

func errRegex(what string) error {
	return pgerr.New(pgerr.InvalidRegularExpression, "invalid regular expression: %s", what)
}

// readFlags reads the flags argument of the regexp functions.
func readFlags(s string, f *reFlags) error {
	for i, c := range s {
		switch c {
		case 'g':
			f.global = true
		default:
			if !f.option(byte(c)) || c > 127 {
				_, n := utf8.DecodeRuneInString(s[i:])
				return pgerr.New(pgerr.InvalidParameterValue, "invalid regular expression option: \"%s\"", s[i:i+n])
			}
		}
	}
	return nil
}

func (f *reFlags) option(c byte) bool {
	switch c {
	case 'i':
		f.fold = true
	case 'c':
		f.fold = false
	case 'b':
		f.basic, f.extended, f.quote = true, false, false
	case 'e':
		f.extended, f.basic, f.quote = true, false, false
	case 'q':
		f.quote, f.basic, f.extended = true, false, false
	case 'm', 'n':
		f.newlineSet, f.newlineEnd = true, true
	case 'p':
		f.newlineSet, f.newlineEnd = true, false
	case 's':
		f.newlineSet, f.newlineEnd = false, false
	case 'w':
		f.newlineSet, f.newlineEnd = false, true
	case 't':
		f.expanded = false
	case 'x':
		f.expanded = true
	default:
		return false
	}
	return true
}
