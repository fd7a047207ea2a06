package functions

import (
	"strings"
	"unicode/utf8"
)

// escape reads what follows a backslash outside of brackets.
func (p *reParser) escape() (*reNode, error) {
	if len(p.s) < 2 {
		return nil, errRegex("invalid escape \\ sequence")
	}
	c := p.s[1]
	switch c {
	case 'A', 'Z', 'm', 'M', 'y', 'Y':
		p.s = p.s[2:]
		n := p.node(reAssert)
		n.at = c
		return n, nil
	case 'd', 'D', 'w', 'W', 's', 'S':
		p.s = p.s[2:]
		n := p.node(reSet)
		n.set = &reChars{classes: []reClass{shorthand(c)}, noNewline: p.r.flags.newlineSet && (c == 'D' || c == 'W')}
		if n.set.noNewline {
			n.set.classes[0].negative, n.set.negative = false, true
		}
		return n, nil
	}
	if c >= '1' && c <= '9' {
		num, i := 0, 1
		for i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9' && num < 1000 {
			num = num*10 + int(p.s[i]-'0')
			i++
		}
		// Several digits are a backreference only where there are so many groups, else an octal character.
		if i == 2 || num <= p.r.groups {
			if num > p.r.groups || p.open[num] {
				return nil, errRegex("invalid backreference number")
			}
			p.s = p.s[i:]
			n := p.node(reBackref)
			n.group, n.captures = num, true
			p.r.special = true
			return n, nil
		}
	}
	r, err := p.charEscape()
	if err != nil {
		return nil, err
	}
	return p.char(r), nil
}

func shorthand(c byte) reClass {
	name := map[byte]string{'d': "digit", 'w': "word", 's': "space"}[c|0x20]
	return reClass{name, c < 'a'}
}

// charEscape reads an escape that stands for one character.
func (p *reParser) charEscape() (rune, error) {
	bad := errRegex("invalid escape \\ sequence")
	if len(p.s) < 2 {
		return 0, bad
	}
	c := p.s[1]
	if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
		r, n := utf8.DecodeRuneInString(p.s[1:])
		p.s = p.s[1+n:]
		return r, nil
	}
	hex := func(low, high int) (rune, error) {
		r, i := rune(0), 2
		for ; i < len(p.s) && i-2 < high; i++ {
			d := strings.IndexByte("0123456789abcdef", p.s[i]|0x20)
			if p.s[i] >= '0' && p.s[i] <= '9' {
				d = int(p.s[i] - '0')
			} else if p.s[i] < 'A' {
				d = -1
			}
			if d < 0 {
				break
			}
			if r = r<<4 | rune(d); r > 0x7ffffff {
				return 0, bad
			}
		}
		if i-2 < low || r > utf8.MaxRune {
			return 0, bad
		}
		p.s = p.s[i:]
		return r, nil
	}
	switch c {
	case 'u':
		return hex(4, 4)
	case 'U':
		return hex(8, 8)
	case 'x':
		return hex(1, 255)
	case 'c':
		if len(p.s) < 3 {
			return 0, bad
		}
		r := rune(p.s[2] & 31)
		p.s = p.s[3:]
		return r, nil
	}
	if c >= '0' && c <= '7' {
		r, i := rune(0), 1
		for ; i < len(p.s) && i < 4 && p.s[i] >= '0' && p.s[i] <= '7'; i++ {
			r = r<<3 | rune(p.s[i]-'0')
		}
		p.s = p.s[i:]
		return r, nil
	}
	r, ok := map[byte]rune{'a': 7, 'b': 8, 'B': '\\', 'e': 27, 'f': 12, 'n': 10, 'r': 13, 't': 9, 'v': 11}[c]
	if !ok {
		return 0, bad
	}
	p.s = p.s[2:]
	return r, nil
}

// bracket reads [...]; [[:<:]] and [[:>:]] are the start and end of a word.
func (p *reParser) bracket() (*reNode, error) {
	for mark, at := range map[string]byte{"[[:<:]]": 'm', "[[:>:]]": 'M'} {
		if strings.HasPrefix(p.s, mark) {
			p.s = p.s[len(mark):]
			n := p.node(reAssert)
			n.at = at
			return n, nil
		}
	}
	unbalanced := errRegex("brackets [] not balanced")
	p.s = p.s[1:]
	set := &reChars{noNewline: p.r.flags.newlineSet}
	if strings.HasPrefix(p.s, "^") {
		set.negative = true
		p.s = p.s[1:]
	}
	for first := true; ; first = false {
		if p.s == "" {
			return nil, unbalanced
		}
		if p.s[0] == ']' && !first {
			p.s = p.s[1:]
			break
		}
		if p.s[0] == '-' && !first && len(p.s) > 1 && p.s[1] != ']' {
			return nil, errRegex("invalid character range")
		}
		low, class, err := p.bracketItem()
		if err != nil {
			return nil, err
		}
		if class != nil {
			set.classes = append(set.classes, *class)
			if strings.HasPrefix(p.s, "-") && !strings.HasPrefix(p.s, "-]") {
				return nil, errRegex("invalid character range")
			}
			continue
		}
		high := low
		if strings.HasPrefix(p.s, "-") && !strings.HasPrefix(p.s, "-]") {
			p.s = p.s[1:]
			if p.s == "" {
				return nil, unbalanced
			}
			if high, class, err = p.bracketItem(); err != nil {
				return nil, err
			}
			if class != nil || high < low {
				return nil, errRegex("invalid character range")
			}
		}
		set.ranges = append(set.ranges, low, high)
	}
	n := p.node(reSet)
	n.set = set
	return n, nil
}

func (p *reParser) bracketItem() (rune, *reClass, error) {
	if len(p.s) > 1 && p.s[0] == '[' && strings.IndexByte(":.=", p.s[1]) >= 0 {
		end := strings.Index(p.s[2:], string(p.s[1])+"]")
		if end < 0 {
			return 0, nil, errRegex("brackets [] not balanced")
		}
		kind, name := p.s[1], p.s[2:2+end]
		p.s = p.s[end+4:]
		if kind == ':' {
			if !reClasses[name] {
				return 0, nil, errRegex("invalid character class")
			}
			return 0, &reClass{name: name}, nil
		}
		r, n := utf8.DecodeRuneInString(name)
		if n != len(name) || n == 0 {
			return 0, nil, errRegex("invalid collating element")
		}
		return r, nil, nil
	}
	if p.s[0] == '\\' && !p.r.flags.extended {
		if len(p.s) > 1 && strings.IndexByte("dDwWsS", p.s[1]) >= 0 {
			c := shorthand(p.s[1])
			p.s = p.s[2:]
			return 0, &c, nil
		}
		r, err := p.charEscape()
		return r, nil, err
	}
	r, n := utf8.DecodeRuneInString(p.s)
	p.s = p.s[n:]
	return r, nil, nil
}
