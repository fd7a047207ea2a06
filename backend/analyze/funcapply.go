package analyze

import (
	"slices"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// checkUse refuses a call whose form does not fit what its name turned out to be.
func (a *Analyzer) checkUse(c *funcUse, d *funcDetail) error {
	name := c.String()
	wrong := func(format string, args ...any) error {
		return pgerr.New(pgerr.WrongObjectType, format, args...).At(c.loc)
	}
	switch d.kind {
	case 'p':
		return pgerr.New(pgerr.WrongObjectType, "%s is a procedure", a.funcSignature(c)).WithHint("To call a procedure, use CALL.").At(c.loc)
	case 'f':
		switch {
		case c.star():
			return wrong("%s(*) specified, but %s is not an aggregate function", name, name)
		case c.distinct():
			return wrong("DISTINCT specified, but %s is not an aggregate function", name)
		case c.within():
			return wrong("WITHIN GROUP specified, but %s is not an aggregate function", name)
		case c.order():
			return wrong("ORDER BY specified, but %s is not an aggregate function", name)
		case c.filter != nil:
			return wrong("FILTER specified, but %s is not an aggregate function", name)
		case c.over():
			return wrong("OVER specified, but %s is not a window function nor an aggregate function", name)
		}
	case 'a':
		ordered := d.proc.AggKind == 'o' || d.proc.AggKind == 'h'
		switch {
		case ordered && !c.within():
			return wrong("WITHIN GROUP is required for ordered-set aggregate %s", name)
		case ordered && c.over():
			return pgerr.New(pgerr.FeatureNotSupported, "OVER is not supported for ordered-set aggregate %s", name).At(c.loc)
		case !ordered && c.within():
			return wrong("%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name)
		}
	case 'w':
		switch {
		case !c.over():
			return wrong("window function %s requires an OVER clause", name)
		case c.within():
			return wrong("window function %s cannot have WITHIN GROUP", name)
		}
	case '?':
		return pgerr.New(pgerr.AmbiguousFunction, "function %s is not unique", a.funcSignature(c)).
			WithHint("Could not choose a best candidate function. You might need to add explicit type casts.").At(c.loc)
	default:
		hint := "No function matches the given name and argument types. You might need to add explicit type casts."
		if c.node != nil && len(c.node.AggOrder) > 1 && !c.within() {
			hint = "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear after all regular arguments of the aggregate."
		}
		return pgerr.New(pgerr.UndefinedFunction, "function %s does not exist", a.funcSignature(c)).WithHint("%s", hint).At(c.loc)
	}
	return nil
}

// funcSignature prints name(types) for a message.
func (a *Analyzer) funcSignature(c *funcUse) string {
	var b strings.Builder
	b.WriteString(c.String())
	b.WriteByte('(')
	positional := len(c.args) - len(c.names)
	for i, e := range c.args {
		if i > 0 {
			b.WriteString(", ")
		}
		if i >= positional && i-positional < len(c.names) {
			b.WriteString(c.names[i-positional])
			b.WriteString(" => ")
		}
		b.WriteString(a.format(e.Type()))
	}
	b.WriteByte(')')
	return b.String()
}

// applyFunc converts the arguments and makes the node.
func (a *Analyzer) applyFunc(sc *scope, c *funcUse, d *funcDetail, types []uint32) (Expr, error) {
	p, cand := d.proc, d.cand
	args := slices.Clone(c.args)
	actual := slices.Clone(types)
	if cand.defaults > 0 {
		more, err := a.defaultArgs(p, cand)
		if err != nil {
			return nil, err
		}
		for _, e := range more {
			args, actual = append(args, e), append(actual, e.Type())
		}
	}
	declared, result, err := a.enforceGenerics(actual, cand.args, p.Result)
	if err != nil {
		return nil, err
	}
	if err := a.convertArgs(args, declared); err != nil {
		return nil, err
	}
	if cand.places != nil {
		placed := make([]Expr, len(args))
		for i, at := range cand.places {
			placed[at] = args[i]
		}
		args = placed
	}
	if result == typeInternal {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "functions returning type \"internal\" cannot be called explicitly").At(c.loc)
	}
	variadic := c.variadic() && p.Variadic != 0
	if cand.variadic > 0 && p.Variadic != typeAny {
		n := len(args) - cand.variadic
		elems := args[n:]
		elem := elems[0].Type()
		arr := a.arrayType(elem)
		if arr == 0 {
			return nil, pgerr.New(pgerr.UndefinedObject, "could not find array type for data type %s", a.format(elem)).At(elems[0].Location())
		}
		args = append(args[:n:n], &Array{Info: Info{Typ: arr, Mod: -1, Coll: a.collationOf(arr), Loc: leftmostOf(-1, elems...)}, Elems: elems})
		variadic = true
	}
	if variadic && p.Variadic == typeAny {
		last := args[len(args)-1]
		if a.elemType(a.baseType(last.Type())) == 0 {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "VARIADIC argument must be an array").At(last.Location())
		}
		if d.kind != 'f' {
			return nil, pgerr.Unsupported(last.Location(), "VARIADIC with this argument of function %s is not supported", p.Name)
		}
	}
	info := Info{Typ: result, Mod: -1, Coll: a.collationOf(result), Loc: leftmostOf(c.loc, args...)}
	if sc.kind == kindFromFunction {
		for _, e := range args {
			if s := setIn(e); s != nil {
				return nil, pgerr.New(pgerr.FeatureNotSupported, "set-returning functions must appear at top level of FROM").At(s.Location())
			}
		}
	}
	switch {
	case c.over():
		info.Loc = c.loc
		return a.windowCall(sc, c, p, args, info, variadic)
	case d.kind == 'a':
		info.Loc = c.loc
		return a.aggregateCall(sc, c, p, args, info, variadic)
	case p.ReturnsSet:
		return a.setCall(sc, c, p, args, info, variadic)
	}
	form := FormCall
	if c.node != nil && c.node.Funcformat == parse.CoercionForm_COERCE_SQL_SYNTAX {
		form = FormSQLSyntax
	}
	call := &Call{Info: info, Proc: p, Args: args, Form: form, Variadic: variadic}
	if cand.places == nil {
		call.Defaults = cand.defaults
	} else {
		call.Names, call.Places = c.names, cand.places[:len(c.args)]
	}
	return call, nil
}

// defaultArgs analyses the defaults of the arguments a call leaves out, in the order the candidate lists them.
func (a *Analyzer) defaultArgs(p *catalog.Proc, cand *candidate) ([]Expr, error) {
	sts, err := parse.Parse("SELECT " + p.DefaultSrc)
	if err != nil {
		return nil, err
	}
	sel, ok := sts[0].Node.(*parse.SelectStmt)
	if !ok || len(sel.TargetList) != p.Defaults {
		return nil, pgerr.New(pgerr.InternalError, "not enough default arguments")
	}
	first := len(p.Args) - p.Defaults
	var out []Expr
	for i := len(p.Args) - cand.defaults; i < len(p.Args); i++ {
		at := i
		if cand.places != nil {
			at = cand.places[i]
		}
		rt, ok := sel.TargetList[at-first].(*parse.ResTarget)
		if !ok {
			return nil, pgerr.New(pgerr.InternalError, "malformed default of function %s", p.Name)
		}
		e, err := a.expr(&scope{kind: kindDefault}, rt.Val)
		if err != nil {
			return nil, pgerr.New(pgerr.InternalError, "malformed default of function %s", p.Name).WithCause(err)
		}
		out = append(out, withoutPlace(e))
	}
	return out, nil
}

// setCall is a set-returning function, where one may stand.
func (a *Analyzer) setCall(sc *scope, c *funcUse, p *catalog.Proc, args []Expr, info Info, variadic bool) (Expr, error) {
	if err := forbidden(pgerr.FeatureNotSupported, "set-returning functions", places[sc.kind].set, sc.kind, c.loc); err != nil {
		return nil, err
	}
	sc.setReturning = true
	return &SetCall{Info: info, Proc: p, Args: args, Variadic: variadic}, nil
}
