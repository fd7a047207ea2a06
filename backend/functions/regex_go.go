package functions

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// goRegex is a regular expression as Go's engine runs it: in linear time, but with Perl's idea of which match counts. So it is only asked
// whether and where the leftmost match begins, which both see alike.
type goRegex struct{ re *regexp.Regexp }

func (g *goRegex) start(s string, from int) int {
	// An expression with assertions has to see what is before from.
	if from == 0 {
		if loc := g.re.FindStringIndex(s); loc != nil {
			return loc[0]
		}
		return -1
	}
	return from
}

var (
	regexMutex sync.Mutex
	regexCache = map[regexKey]*regex{}
)

type regexKey struct {
	text  string
	flags reFlags
}

// compileRegex reads a regular expression; the last ones used are kept.
func compileRegex(s string, flags reFlags) (*regex, error) {
	flags.global = false
	key := regexKey{s, flags}
	regexMutex.Lock()
	defer regexMutex.Unlock()
	if r, ok := regexCache[key]; ok {
		return r, nil
	}
	r, err := parseRegex(s, flags)
	if err != nil {
		return nil, err
	}
	if !r.special {
		var b strings.Builder
		if r.flags.fold {
			b.WriteString("(?i)")
		}
		if r.goSource(&b, r.root) {
			if re, err := regexp.Compile(b.String()); err == nil {
				r.fast = &goRegex{re}
			}
		}
	}
	if len(regexCache) >= 64 {
		clear(regexCache)
	}
	regexCache[key] = r
	return r, nil
}

// matches tells whether the expression matches anywhere.
func (re *regex) matches(s string) (bool, error) {
	if re.fast != nil {
		return re.fast.re.MatchString(s), nil
	}
	caps, err := re.find(s, 0)
	return caps != nil, err
}

// goClasses are Go's spellings of classes, for use inside brackets; "" where there is none that means the same.
var goClasses = map[string]string{"digit": `0-9`, "alpha": `\p{L}`, "alnum": `\p{L}\p{Nd}`, "word": `_\p{L}\p{Nd}`, "upper": `\p{Lu}`,
	"lower": `\p{Ll}`, "blank": ` \t`, "xdigit": `0-9A-Fa-f`, "cntrl": `\p{Cc}`,
	"space": `\t\n\v\f\r \x{1680}\x{2000}-\x{2006}\x{2008}-\x{200a}\x{2028}\x{2029}\x{205f}\x{3000}`, "punct": `\p{P}\p{S}`}

// goSource writes a node in Go's syntax; false where it has none.
func (re *regex) goSource(b *strings.Builder, n *reNode) bool {
	switch n.kind {
	case reEmpty:
	case reSet:
		return re.goSet(b, n.set)
	case reConcat:
		for _, s := range n.sub {
			if !re.goSource(b, s) {
				return false
			}
		}
	case reAlt:
		b.WriteString("(?:")
		for i, s := range n.sub {
			if i > 0 {
				b.WriteByte('|')
			}
			if !re.goSource(b, s) {
				return false
			}
		}
		b.WriteByte(')')
	case reGroup:
		return re.goSource(b, n.sub[0])
	case reRepeat:
		b.WriteString("(?:")
		if !re.goSource(b, n.sub[0]) {
			return false
		}
		switch {
		case n.min == 0 && n.max < 0:
			b.WriteString(")*")
		case n.min == 1 && n.max < 0:
			b.WriteString(")+")
		case n.max < 0:
			fmt.Fprintf(b, "){%d,}", n.min)
		default:
			fmt.Fprintf(b, "){%d,%d}", n.min, n.max)
		}
	case reAssert:
		switch {
		case n.at == '^' && re.flags.newlineEnd:
			b.WriteString("(?m:^)")
		case n.at == '$' && re.flags.newlineEnd:
			b.WriteString("(?m:$)")
		case n.at == '^' || n.at == 'A':
			b.WriteString(`\A`)
		case n.at == '$' || n.at == 'Z':
			b.WriteString(`\z`)
		default:
			return false
		}
	default:
		return false
	}
	return true
}

func (re *regex) goSet(b *strings.Builder, s *reChars) bool {
	if s.negative && len(s.ranges)+len(s.classes) == 0 {
		if s.noNewline {
			b.WriteString(`[^\n]`)
		} else {
			b.WriteString(`(?s:.)`)
		}
		return true
	}
	if len(s.classes) == 1 && len(s.ranges) == 0 && s.classes[0].negative {
		s = &reChars{negative: !s.negative, classes: []reClass{{name: s.classes[0].name}}, noNewline: s.noNewline && !s.negative}
	}
	b.WriteByte('[')
	if s.negative {
		b.WriteByte('^')
		if s.noNewline {
			b.WriteString(`\n`)
		}
	}
	for i := 0; i < len(s.ranges); i += 2 {
		fmt.Fprintf(b, `\x{%x}-\x{%x}`, s.ranges[i], s.ranges[i+1])
	}
	for _, c := range s.classes {
		g := goClasses[c.name]
		switch {
		case g == "":
			return false
		case !c.negative:
			b.WriteString(g)
		case c.name == "digit":
			b.WriteString(`\D`)
		default:
			return false
		}
	}
	b.WriteByte(']')
	return true
}
