package types

// accessors reads a primary and what is applied to it: .key [subscripts] ?(filter) .method().
func (p *pathParser) accessors() (*PathItem, error) {
	head, err := p.primary()
	if err != nil {
		return nil, err
	}
	tail := head
	for tail.Next != nil {
		tail = tail.Next
	}
	for {
		var x *PathItem
		switch p.kind {
		case '.':
			x, err = p.member()
		case '[':
			x, err = p.subscripts()
		case '?':
			x, err = p.filter()
		default:
			return head, nil
		}
		if err != nil {
			return nil, err
		}
		tail.Next, tail = x, x
	}
}

func (p *pathParser) primary() (*PathItem, error) {
	x := &PathItem{Str: p.str}
	switch {
	case p.kind == pathStr:
		x.Kind = PathString
	case p.kind == pathVar:
		x.Kind = PathVariable
	case p.kind == pathInt || p.kind == pathNumber:
		b, err := canonicalNumeric(p.str)
		if err != nil {
			return nil, err
		}
		x.Kind, x.Str = PathNumber, string(b)
	case p.kind == '$':
		x.Kind = PathRoot
	case p.kind == '@':
		x.Kind = PathCurrent
	case p.kind == '(':
		return p.group()
	case p.word("null"):
		x.Kind = PathNull
	case p.word("true"), p.word("false"):
		x.Kind, x.True = PathBool, p.word("true")
	case p.word("last"):
		x.Kind = PathLast
	case p.word("exists"):
		return p.exists()
	default:
		return nil, p.unexpected()
	}
	return x, p.next()
}

// group reads what stands in brackets: an expression, or a predicate, which IS UNKNOWN may follow.
func (p *pathParser) group() (*PathItem, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	x, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.expect(')'); err != nil {
		return nil, err
	}
	if isPredicate(x) && p.word("is") {
		if err := p.next(); err != nil {
			return nil, err
		}
		if !p.word("unknown") {
			return nil, p.unexpected()
		}
		return &PathItem{Kind: PathIsUnknown, Left: x}, p.next()
	}
	return x, nil
}

// pathMethods are the methods that take no argument.
var pathMethods = map[string]bool{"abs": true, "size": true, "type": true, "floor": true, "double": true, "ceiling": true, "keyvalue": true}

// member reads .key, .*, .**{…}, .method().
func (p *pathParser) member() (*PathItem, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	switch {
	case p.kind == '*':
		return &PathItem{Kind: PathAnyKey}, p.next()
	case p.op("**"):
		return p.anyLevel()
	case p.kind == pathStr:
		x := &PathItem{Kind: PathKey, Str: p.str}
		return x, p.next()
	case p.kind != pathIdent:
		return nil, p.unexpected()
	}
	x := &PathItem{Kind: PathKey, Str: p.str}
	name := lowerASCII(p.str)
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.kind != '(' || !pathMethods[name] && name != "datetime" {
		return x, nil
	}
	x.Kind, x.Str = PathMethod, name
	if err := p.next(); err != nil {
		return nil, err
	}
	if name == "datetime" && p.kind == pathStr {
		x.Left = &PathItem{Kind: PathString, Str: p.str}
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	return x, p.expect(')')
}

// anyLevel reads **, **{2}, **{1 to last}.
func (p *pathParser) anyLevel() (*PathItem, error) {
	x := &PathItem{Kind: PathAny, Last: MaxLevel}
	if err := p.next(); err != nil || p.kind != '{' {
		return x, err
	}
	err := p.next()
	if err == nil {
		x.First, err = p.pathLevel()
	}
	x.Last = x.First
	if err == nil && p.word("to") {
		if err = p.next(); err == nil {
			x.Last, err = p.pathLevel()
		}
	}
	if err != nil {
		return nil, err
	}
	return x, p.expect('}')
}

func (p *pathParser) subscripts() (*PathItem, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.kind == '*' {
		if err := p.next(); err != nil {
			return nil, err
		}
		return &PathItem{Kind: PathAnyArray}, p.expect(']')
	}
	x := &PathItem{Kind: PathIndex}
	for {
		var s [2]*PathItem
		for i := range s {
			e, err := p.sum()
			if err == nil {
				err = p.expression(e)
			}
			if err != nil {
				return nil, err
			}
			s[i] = e
			if i == 1 || !p.word("to") {
				break
			}
			if err := p.next(); err != nil {
				return nil, err
			}
		}
		x.Subscripts = append(x.Subscripts, s)
		if p.kind != ',' {
			return x, p.expect(']')
		}
		if err := p.next(); err != nil {
			return nil, err
		}
	}
}

func (p *pathParser) filter() (*PathItem, error) {
	if err := p.next(); err != nil {
		return nil, err
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
	return &PathItem{Kind: PathFilter, Left: x}, err
}
