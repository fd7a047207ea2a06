package functions

import (
	"pgd/backend/pgerr"
	"strings"
	"unicode/utf8"
)

// PostgreSQL's regular expressions are not Perl's: of all matches at the leftmost place the longest counts (or the shortest, where the first
// quantifier is a non-greedy one), then each part from left to right takes as much (or as little) as the whole allows. So they are read
// here into a tree, which regex_match.go matches by those rules; regex_go.go hands what only asks "does it match" to Go's engine.

type reKind uint8

const (
	reEmpty reKind = iota
	reSet          // one character
	reConcat
	reAlt
	reRepeat
	reGroup   // capturing
	reAssert  // a place: see reNode.at
	reLook    // look ahead or behind
	reBackref // what a group matched
)

// Preferences of a node.
const (
	preferNone = iota
	preferLong
	preferShort
)

type reNode struct {
	kind     reKind
	id       int
	sub      []*reNode
	set      *reChars
	at       byte // assertions: ^ $ A Z m M y Y
	min, max int  // repeat; max < 0 is no limit
	prefer   int
	group    int
	behind   bool
	negative bool
	captures bool // holds a group or a backreference
}

// regex is a regular expression taken apart.
type regex struct {
	root    *reNode
	groups  int
	nodes   int
	flags   reFlags
	special bool // look-around or backreferences: only our own matcher does them
	fast    *goRegex
}

type reParser struct {
	s     string
	r     *regex
	open  map[int]bool
	depth int
}

const maxRepeat = 255

func parseRegex(s string, flags reFlags) (*regex, error) {
	p := &reParser{s: s, r: &regex{flags: flags}, open: map[int]bool{}}
	f := &p.r.flags
	if strings.HasPrefix(s, "***") && !f.quote {
		switch {
		case strings.HasPrefix(s, "***="):
			f.quote = true
			p.s = s[4:]
		case strings.HasPrefix(s, "***:"):
			p.s = s[4:]
		default:
			return nil, errRegex("quantifier operand invalid")
		}
	}
	if f.basic {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "basic regular expressions are not supported")
	}
	if !f.quote && !f.extended && len(p.s) > 2 && p.s[0] == '(' && p.s[1] == '?' && p.s[2]|0x20 >= 'a' && p.s[2]|0x20 <= 'z' {
		end := strings.IndexByte(p.s, ')')
		if end < 0 {
			return nil, errRegex("invalid embedded option")
		}
		for _, c := range []byte(p.s[2:end]) {
			if !f.option(c) {
				return nil, errRegex("invalid embedded option")
			}
		}
		p.s = p.s[end+1:]
	}
	if f.quote {
		root := p.node(reConcat)
		for _, c := range p.s {
			root.sub = append(root.sub, p.char(c))
		}
		p.r.root = root
		return p.r, nil
	}
	root, err := p.alternation()
	if err != nil {
		return nil, err
	}
	if p.s != "" {
		return nil, errRegex("parentheses () not balanced")
	}
	p.r.root = root
	return p.r, nil
}

func (p *reParser) node(k reKind) *reNode {
	p.r.nodes++
	return &reNode{kind: k, id: p.r.nodes - 1}
}

func (p *reParser) char(c rune) *reNode {
	n := p.node(reSet)
	n.set = &reChars{ranges: []rune{c, c}}
	return n
}

func (p *reParser) alternation() (*reNode, error) {
	if p.depth++; p.depth > 500 {
		return nil, errRegex("nesting too deep")
	}
	defer func() { p.depth-- }()
	var branches []*reNode
	for {
		b, err := p.branch()
		if err != nil {
			return nil, err
		}
		branches = append(branches, b)
		if !strings.HasPrefix(p.s, "|") {
			break
		}
		p.s = p.s[1:]
	}
	if len(branches) == 1 {
		return branches[0], nil
	}
	n := p.node(reAlt)
	n.sub, n.prefer = branches, preferLong
	for _, b := range branches {
		n.captures = n.captures || b.captures
	}
	return n, nil
}

func (p *reParser) branch() (*reNode, error) {
	n := p.node(reConcat)
	for {
		p.skipExpanded()
		if p.s == "" || p.s[0] == '|' || p.s[0] == ')' && (p.depth > 1 || !p.r.flags.extended) {
			break
		}
		a, err := p.quantified()
		if err != nil {
			return nil, err
		}
		if a == nil {
			continue
		}
		n.sub = append(n.sub, a)
		n.captures = n.captures || a.captures
		if n.prefer == preferNone {
			n.prefer = a.prefer
		}
	}
	if len(n.sub) == 1 {
		return n.sub[0], nil
	}
	return n, nil
}

// skipExpanded skips white space and comments in the expanded syntax, and (?#…) always.
func (p *reParser) skipExpanded() {
	for {
		switch {
		case strings.HasPrefix(p.s, "(?#"):
			end := strings.IndexByte(p.s, ')')
			if end < 0 {
				p.s = ""
				return
			}
			p.s = p.s[end+1:]
		case p.r.flags.expanded && p.s != "" && strings.IndexByte(" \t\n\r\f\v", p.s[0]) >= 0:
			p.s = p.s[1:]
		case p.r.flags.expanded && p.s != "" && p.s[0] == '#':
			end := strings.IndexByte(p.s, '\n')
			if end < 0 {
				p.s = ""
				return
			}
			p.s = p.s[end+1:]
		default:
			return
		}
	}
}

// quantified reads an atom with what follows it.
func (p *reParser) quantified() (*reNode, error) {
	a, err := p.atom()
	if err != nil {
		return nil, err
	}
	p.skipExpanded()
	if p.s == "" {
		return a, nil
	}
	low, high := 0, -1
	switch p.s[0] {
	case '*':
		p.s = p.s[1:]
	case '+':
		low = 1
		p.s = p.s[1:]
	case '?':
		high = 1
		p.s = p.s[1:]
	case '{':
		if len(p.s) < 2 || p.s[1] < '0' || p.s[1] > '9' {
			return a, nil
		}
		if low, high, err = p.bounds(); err != nil {
			return nil, err
		}
	default:
		return a, nil
	}
	if a.kind == reAssert || a.kind == reLook {
		return nil, errRegex("quantifier operand invalid")
	}
	n := p.node(reRepeat)
	n.sub, n.min, n.max, n.captures = []*reNode{a}, low, high, a.captures
	n.prefer = preferLong
	if strings.HasPrefix(p.s, "?") && !p.r.flags.extended {
		p.s = p.s[1:]
		n.prefer = preferShort
	}
	if low == high {
		n.prefer = a.prefer
	}
	p.skipExpanded()
	if p.s != "" && strings.IndexByte("*+?", p.s[0]) >= 0 {
		return nil, errRegex("quantifier operand invalid")
	}
	if a.captures && low > 0 && !a.refers() {
		return p.lastRound(n, a), nil
	}
	return n, nil
}

// lastRound makes x{m,n} into x{m-1,n-1} without groups and x with them: groups tell of the last round, and the rounds before it take all they can.
func (p *reParser) lastRound(n, a *reNode) *reNode {
	n.captures = false
	n.min--
	if n.max > 0 {
		n.max--
	}
	c := p.node(reConcat)
	c.sub, c.captures, c.prefer = []*reNode{n, a}, true, n.prefer
	return c
}

// refers tells whether a backreference is inside.
func (n *reNode) refers() bool {
	if n.kind == reBackref {
		return true
	}
	for _, s := range n.sub {
		if s.refers() {
			return true
		}
	}
	return false
}

func (p *reParser) bounds() (low, high int, err error) {
	p.s = p.s[1:]
	number := func() (int, bool) {
		n, i := 0, 0
		for i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9' {
			if n = n*10 + int(p.s[i]-'0'); n > maxRepeat {
				return n, false
			}
			i++
		}
		ok := i > 0
		p.s = p.s[i:]
		return n, ok
	}
	bad := errRegex("invalid repetition count(s)")
	low, ok := number()
	if !ok {
		return 0, 0, bad
	}
	high = low
	if strings.HasPrefix(p.s, ",") {
		p.s = p.s[1:]
		high = -1
		if p.s != "" && p.s[0] >= '0' && p.s[0] <= '9' {
			if high, ok = number(); !ok || high < low {
				return 0, 0, bad
			}
		}
	}
	if !strings.HasPrefix(p.s, "}") {
		if p.s == "" {
			return 0, 0, errRegex("braces {} not balanced")
		}
		return 0, 0, bad
	}
	p.s = p.s[1:]
	return low, high, nil
}

func (p *reParser) atom() (*reNode, error) {
	c := p.s[0]
	switch c {
	case '(':
		return p.parens()
	case ')':
		return nil, errRegex("parentheses () not balanced")
	case '[':
		return p.bracket()
	case '.':
		p.s = p.s[1:]
		n := p.node(reSet)
		n.set = &reChars{negative: true, noNewline: p.r.flags.newlineSet}
		return n, nil
	case '^', '$':
		p.s = p.s[1:]
		n := p.node(reAssert)
		n.at = c
		return n, nil
	case '*', '+', '?':
		return nil, errRegex("quantifier operand invalid")
	case '{':
		if len(p.s) > 1 && p.s[1] >= '0' && p.s[1] <= '9' {
			return nil, errRegex("quantifier operand invalid")
		}
	case '\\':
		if !p.r.flags.extended {
			return p.escape()
		}
		if len(p.s) == 1 {
			return nil, errRegex("invalid escape \\ sequence")
		}
		p.s = p.s[1:]
	}
	r, n := utf8.DecodeRuneInString(p.s)
	p.s = p.s[n:]
	return p.char(r), nil
}

func (p *reParser) parens() (*reNode, error) {
	p.s = p.s[1:]
	kind, behind, negative := reGroup, false, false
	if strings.HasPrefix(p.s, "?") && !p.r.flags.extended {
		switch {
		case strings.HasPrefix(p.s, "?:"):
			kind = reEmpty
			p.s = p.s[2:]
		case strings.HasPrefix(p.s, "?="), strings.HasPrefix(p.s, "?!"):
			kind, negative = reLook, p.s[1] == '!'
			p.s = p.s[2:]
		case strings.HasPrefix(p.s, "?<="), strings.HasPrefix(p.s, "?<!"):
			kind, behind, negative = reLook, true, p.s[2] == '!'
			p.s = p.s[3:]
		default:
			return nil, errRegex("quantifier operand invalid")
		}
	}
	group := 0
	if kind == reGroup {
		p.r.groups++
		group = p.r.groups
		p.open[group] = true
	}
	sub, err := p.alternation()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(p.s, ")") {
		return nil, errRegex("parentheses () not balanced")
	}
	p.s = p.s[1:]
	delete(p.open, group)
	if kind == reEmpty {
		return sub, nil
	}
	n := p.node(kind)
	n.sub, n.group, n.behind, n.negative = []*reNode{sub}, group, behind, negative
	if kind == reLook {
		p.r.special = true
		return n, nil
	}
	n.prefer, n.captures = sub.prefer, true
	return n, nil
}
