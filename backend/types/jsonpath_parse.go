package types

import (
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// ParseJSONPath reads a path expression. Its errors are those of PostgreSQL's parser: they quote the first token that cannot follow.
func ParseJSONPath(s string) (*JSONPath, error) {
	p := &pathParser{pathLexer: pathLexer{s: s}}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.kind == pathEnd {
		return nil, badSyntax("jsonpath", s)
	}
	out := &JSONPath{}
	if p.word("strict") || p.word("lax") {
		out.Strict = p.word("strict")
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	root, err := p.or()
	if err == nil && p.kind != pathEnd {
		err = p.unexpected()
	}
	if err == nil {
		err = checkPath(root, false, false)
	}
	out.Root = root
	return out, err
}

type pathParser struct {
	pathLexer
	depth int
}

func (p *pathParser) unexpected() error { return p.fail("syntax error", p.text) }

// pathLower are the words that count in lower case only.
var pathLower = map[string]bool{"true": true, "false": true, "null": true}

// word tells whether the token is this word.
func (p *pathParser) word(w string) bool {
	return p.kind == pathIdent && (p.str == w || !pathLower[w] && strings.EqualFold(p.str, w))
}

func (p *pathParser) op(s string) bool { return p.kind == pathOp && p.str == s }

func (p *pathParser) expect(kind byte) error {
	if p.kind != kind {
		return p.unexpected()
	}
	return p.next()
}

// predicate refuses, at the token after it, what is no predicate; expression the other way round.
func (p *pathParser) predicate(x *PathItem) error {
	if !isPredicate(x) {
		return p.unexpected()
	}
	return nil
}

func (p *pathParser) expression(x *PathItem) error {
	if isPredicate(x) {
		return p.unexpected()
	}
	return nil
}

// isPredicate: a predicate with something applied to it is an expression.
func isPredicate(x *PathItem) bool { return x.Kind.Predicate() && x.Next == nil }

func (p *pathParser) enter() error {
	if p.depth++; p.depth > maxJSONDepth/4 {
		return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
	}
	return nil
}

func (p *pathParser) or() (*PathItem, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	return p.logical("||", PathOr, func() (*PathItem, error) { return p.logical("&&", PathAnd, p.not) })
}

func (p *pathParser) logical(op string, kind PathKind, operand func() (*PathItem, error)) (*PathItem, error) {
	x, err := operand()
	for err == nil && p.op(op) {
		if err = p.predicate(x); err != nil {
			break
		}
		if err = p.next(); err != nil {
			break
		}
		var y *PathItem
		if y, err = operand(); err == nil {
			err = p.predicate(y)
		}
		x = &PathItem{Kind: kind, Left: x, Right: y}
	}
	return x, err
}

func (p *pathParser) not() (*PathItem, error) {
	if p.kind != '!' {
		return p.comparison()
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.word("exists") {
		x, err := p.exists()
		return &PathItem{Kind: PathNot, Left: x}, err
	}
	if err := p.expect('('); err != nil {
		return nil, err
	}
	x, err := p.or()
	if err == nil {
		if err = p.predicate(x); err == nil {
			err = p.expect(')')
		}
	}
	return &PathItem{Kind: PathNot, Left: x}, err
}

func (p *pathParser) exists() (*PathItem, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	if err := p.expect('('); err != nil {
		return nil, err
	}
	x, err := p.sum()
	if err == nil {
		if err = p.expression(x); err == nil {
			err = p.expect(')')
		}
	}
	return &PathItem{Kind: PathExists, Left: x}, err
}

var pathComparisons = map[string]PathKind{"==": PathEqual, "!=": PathNotEqual, "<>": PathNotEqual, "<": PathLess, ">": PathGreater,
	"<=": PathLessEqual, ">=": PathGreaterEqual}

func (p *pathParser) comparison() (*PathItem, error) {
	x, err := p.sum()
	if err != nil {
		return nil, err
	}
	kind, ok := pathComparisons[p.str]
	switch {
	case p.kind == pathOp && ok:
		if err := p.expression(x); err != nil {
			return nil, err
		}
		if err := p.next(); err != nil {
			return nil, err
		}
		y, err := p.sum()
		if err == nil {
			err = p.expression(y)
		}
		if err == nil && p.kind == pathOp && pathComparisons[p.str] != 0 {
			err = p.unexpected()
		}
		return &PathItem{Kind: kind, Left: x, Right: y}, err
	case p.word("starts"):
		return p.startsWith(x)
	case p.word("like_regex"):
		return p.likeRegex(x)
	}
	return x, nil
}

func (p *pathParser) startsWith(x *PathItem) (*PathItem, error) {
	if err := p.expression(x); err != nil {
		return nil, err
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if !p.word("with") {
		return nil, p.unexpected()
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	y := &PathItem{Kind: PathString, Str: p.str}
	switch p.kind {
	case pathStr:
	case pathVar:
		y.Kind = PathVariable
	default:
		return nil, p.unexpected()
	}
	return &PathItem{Kind: PathStartsWith, Left: x, Right: y}, p.next()
}

func (p *pathParser) likeRegex(x *PathItem) (*PathItem, error) {
	if err := p.expression(x); err != nil {
		return nil, err
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.kind != pathStr {
		return nil, p.unexpected()
	}
	out := &PathItem{Kind: PathLikeRegex, Left: x, Str: p.str}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.word("flag") {
		if err := p.next(); err != nil {
			return nil, err
		}
		if p.kind != pathStr {
			return nil, p.unexpected()
		}
		for _, c := range p.str {
			if !strings.ContainsRune("ismxq", c) {
				return nil, pgerr.New(pgerr.SyntaxError, "invalid input syntax for type jsonpath").
					WithDetail("Unrecognized flag character \"%c\" in LIKE_REGEX predicate.", c)
			}
		}
		for _, c := range "ismxq" {
			if strings.ContainsRune(p.str, c) {
				out.Flags += string(c)
			}
		}
		if strings.Contains(out.Flags, "x") && !strings.Contains(out.Flags, "q") {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "XQuery \"x\" flag (expanded regular expressions) is not implemented")
		}
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	if PathRegex != nil {
		return out, PathRegex(out.Str, out.Flags)
	}
	return out, nil
}

func (p *pathParser) sum() (*PathItem, error) {
	return p.arithmetic(map[byte]PathKind{'+': PathAdd, '-': PathSub}, func() (*PathItem, error) {
		return p.arithmetic(map[byte]PathKind{'*': PathMul, '/': PathDiv, '%': PathMod}, p.unary)
	})
}

func (p *pathParser) arithmetic(ops map[byte]PathKind, operand func() (*PathItem, error)) (*PathItem, error) {
	x, err := operand()
	for err == nil && ops[p.kind] != 0 {
		kind := ops[p.kind]
		if err = p.expression(x); err != nil {
			break
		}
		if err = p.next(); err != nil {
			break
		}
		var y *PathItem
		if y, err = operand(); err == nil {
			err = p.expression(y)
		}
		x = &PathItem{Kind: kind, Left: x, Right: y}
	}
	return x, err
}

// unary reads signs; one before a number belongs to it.
func (p *pathParser) unary() (*PathItem, error) {
	if p.kind != '+' && p.kind != '-' {
		return p.accessors()
	}
	kind := PathPlus
	if p.kind == '-' {
		kind = PathMinus
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if err := p.next(); err != nil {
		return nil, err
	}
	x, err := p.unary()
	if err == nil {
		err = p.expression(x)
	}
	if err != nil {
		return nil, err
	}
	if x.Kind == PathNumber && x.Next == nil {
		if kind == PathMinus {
			b, err := canonicalNumeric("-" + x.Str)
			if strings.HasPrefix(x.Str, "-") {
				b, err = []byte(x.Str[1:]), nil
			}
			return &PathItem{Kind: PathNumber, Str: string(b)}, err
		}
		return x, nil
	}
	return &PathItem{Kind: kind, Left: x}, nil
}

// pathLevel reads a level of .**{}.
func (p *pathParser) pathLevel() (uint32, error) {
	switch {
	case p.word("last"):
		return MaxLevel, p.next()
	case p.kind == pathInt:
		n, err := strconv.ParseInt(p.str, 10, 32)
		if err != nil {
			return 0, outOfRange("integer", p.str)
		}
		return uint32(n), p.next()
	}
	return 0, p.unexpected()
}

// checkPath refuses @ outside a filter and LAST outside a subscript.
func checkPath(x *PathItem, inFilter, inSubscript bool) error {
	for ; x != nil; x = x.Next {
		switch {
		case x.Kind == PathCurrent && !inFilter:
			return pgerr.New(pgerr.SyntaxError, "@ is not allowed in root expressions")
		case x.Kind == PathLast && !inSubscript:
			return pgerr.New(pgerr.SyntaxError, "LAST is allowed only in array subscripts")
		}
		for _, arg := range []*PathItem{x.Left, x.Right} {
			if err := checkPath(arg, inFilter || x.Kind == PathFilter, inSubscript); err != nil {
				return err
			}
		}
		for _, s := range x.Subscripts {
			for _, arg := range s {
				if err := checkPath(arg, inFilter, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
