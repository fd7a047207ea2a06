package analyze

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// maxArgs is the most arguments a function may have.
const maxArgs = 100

// funcCall analyses a function call: its arguments, then what the name means for their types.
func (a *Analyzer) funcCall(sc *scope, n *parse.FuncCall) (Expr, error) {
	const consumed = parse.Has_FuncCall_Funcname | parse.Has_FuncCall_Args | parse.Has_FuncCall_AggOrder | parse.Has_FuncCall_AggFilter |
		parse.Has_FuncCall_Over | parse.Has_FuncCall_AggWithinGroup | parse.Has_FuncCall_AggStar | parse.Has_FuncCall_AggDistinct |
		parse.Has_FuncCall_FuncVariadic | parse.Has_FuncCall_Funcformat | parse.Has_FuncCall_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	name, err := nameParts(n.Funcname, n.Location)
	if err != nil {
		return nil, err
	}
	args := make([]Expr, 0, len(n.Args))
	var names []string
	for _, arg := range n.Args {
		argName := ""
		loc := int32(-1)
		if na, ok := arg.(*parse.NamedArgExpr); ok {
			const consumed = parse.Has_NamedArgExpr_Arg | parse.Has_NamedArgExpr_Name | parse.Has_NamedArgExpr_Argnumber | parse.Has_NamedArgExpr_Location
			if err := only(na, consumed, na.Location); err != nil {
				return nil, err
			}
			argName, loc, arg = na.Name, na.Location, na.Arg
		}
		e, err := a.expr(sc, arg)
		if err != nil {
			return nil, err
		}
		if argName == "" && len(names) > 0 {
			return nil, pgerr.New(pgerr.SyntaxError, "positional argument cannot follow named argument").At(e.Location())
		}
		if argName != "" {
			for _, have := range names {
				if have == argName {
					return nil, pgerr.New(pgerr.SyntaxError, "argument name \"%s\" used more than once", argName).At(loc)
				}
			}
			names = append(names, argName)
		}
		args = append(args, e)
	}
	direct := len(args)
	if n.AggWithinGroup {
		for _, o := range n.AggOrder {
			sb, ok := o.(*parse.SortBy)
			if !ok {
				return nil, pgerr.Unsupported(n.Location, "WITHIN GROUP of this form is not supported")
			}
			e, err := a.expr(sc, sb.Node)
			if err != nil {
				return nil, err
			}
			args = append(args, e)
		}
	}
	c := &funcUse{name: name, args: args, names: names, node: n, loc: n.Location, direct: direct}
	if n.AggFilter != nil {
		saved := sc.kind
		sc.kind = kindFilter
		f, err := a.expr(sc, n.AggFilter)
		if err == nil {
			f, err = a.coerceBool(f, "FILTER")
		}
		sc.kind = saved
		if err != nil {
			return nil, err
		}
		c.filter = f
	}
	return a.funcOrColumn(sc, c)
}

// funcUse is a call under analysis; node is nil where it is a column selection written x.f.
type funcUse struct {
	name   []string
	args   []Expr
	names  []string
	node   *parse.FuncCall
	filter Expr
	loc    int32
	direct int // arguments before WITHIN GROUP
}

func (c *funcUse) String() string { return strings.Join(c.name, ".") }

// star and its like are false for x.f.
func (c *funcUse) star() bool     { return c.node != nil && c.node.AggStar }
func (c *funcUse) distinct() bool { return c.node != nil && c.node.AggDistinct }
func (c *funcUse) within() bool   { return c.node != nil && c.node.AggWithinGroup }
func (c *funcUse) variadic() bool { return c.node != nil && c.node.FuncVariadic }
func (c *funcUse) order() bool    { return c.node != nil && len(c.node.AggOrder) > 0 }
func (c *funcUse) over() bool     { return c.node != nil && c.node.Over != nil }

// funcOrColumn decides what name(args) is: a function, an aggregate, a window function, a cast or a field.
func (a *Analyzer) funcOrColumn(sc *scope, c *funcUse) (Expr, error) {
	if len(c.args) > maxArgs {
		return nil, pgerr.New(pgerr.TooManyArguments, "cannot pass more than %d arguments to a function", maxArgs).At(c.loc)
	}
	types := make([]uint32, len(c.args))
	for i, e := range c.args {
		types[i] = e.Type()
	}
	maybeField := len(c.args) == 1 && len(c.name) == 1 && len(c.names) == 0 && !c.star() && !c.distinct() && c.filter == nil &&
		!c.order() && !c.over() && !c.variadic() && (types[0] == typeRecord || a.isComposite(types[0]))
	if maybeField && c.node == nil {
		e, err := a.field(sc, c.args[0], c.name[0], c.loc)
		if e != nil || err != nil {
			return e, err
		}
	}
	d, err := a.funcDetail(c, types)
	if err != nil {
		return nil, err
	}
	if d.kind == 'c' {
		return a.coerce(c.args[0], d.typ, -1, coerceExplicit, c.loc)
	}
	if err := a.checkUse(c, d); err != nil {
		if d.kind == 0 && maybeField && c.node != nil {
			if e, ferr := a.field(sc, c.args[0], c.name[0], c.loc); e != nil || ferr != nil {
				return e, ferr
			}
		}
		return nil, err
	}
	return a.applyFunc(sc, c, d, types)
}

// funcDetail is what a call's name turned out to be. kind: f function, p procedure, a aggregate, w window function, c cast
// to typ, 0 nothing, '?' several.
type funcDetail struct {
	kind byte
	cand *candidate
	proc *catalog.Proc
	typ  uint32
}

// funcDetail resolves the name for the argument types, as PostgreSQL's func_get_detail.
func (a *Analyzer) funcDetail(c *funcUse, types []uint32) (*funcDetail, error) {
	procs, err := a.procsNamed(c.name, c.loc)
	if err != nil {
		return nil, err
	}
	shape := callShape{nargs: len(types), names: c.names, expand: !c.variadic(), defaults: true}
	cands := a.candidates(procs, shape)
	var best *candidate
	for _, cand := range cands {
		if len(cand.args)-cand.defaults == len(types) && equalTypes(cand.args[:len(types)], types) {
			best = cand
			break
		}
	}
	if best == nil {
		if len(types) == 1 && len(c.names) == 0 && c.node != nil {
			if typ := a.castTarget(c.name, c.args[0]); typ != 0 {
				return &funcDetail{kind: 'c', typ: typ}, nil
			}
		}
		if cands = a.matchCandidates(types, cands); len(cands) == 1 {
			best = cands[0]
		} else if len(cands) > 1 {
			if best = a.selectCandidate(types, cands); best == nil {
				return &funcDetail{kind: '?'}, nil
			}
		}
	}
	if best == nil {
		return &funcDetail{}, nil
	}
	if best.ambiguous {
		return &funcDetail{kind: '?'}, nil
	}
	return &funcDetail{kind: best.proc.Kind, cand: best, proc: best.proc}, nil
}

func equalTypes(x, y []uint32) bool {
	for i := range y {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

func (a *Analyzer) procsNamed(name []string, loc int32) ([]*catalog.Proc, error) {
	switch len(name) {
	case 1:
		return a.Catalog.Procs("", name[0]), nil
	case 2:
		if _, ok := a.Catalog.Namespace(name[0]); !ok {
			return nil, pgerr.New(pgerr.UndefinedSchema, "schema \"%s\" does not exist", name[0]).At(loc)
		}
		return a.Catalog.Procs(name[0], name[1]), nil
	case 3:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(name, ".")).At(loc)
	}
	return nil, pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", strings.Join(name, ".")).At(loc)
}

// castTarget tells whether name(x) is a cast: the name is a type's and the conversion needs no function of that name.
func (a *Analyzer) castTarget(name []string, arg Expr) uint32 {
	source := arg.Type()
	schema := ""
	if len(name) > 1 {
		schema = name[0]
	}
	t := a.Catalog.TypeByName(schema, name[len(name)-1])
	if t == nil || t.Relid != 0 {
		return 0
	}
	if _, literal := arg.(*Const); literal && source == typeUnknown {
		return t.OID
	}
	switch p, _ := a.pathway(t.OID, source, coerceExplicit); p {
	case pathRelabel:
		return t.OID
	case pathIO:
		if (source == typeRecord || a.isComposite(source)) && t.Category == 'S' {
			return 0
		}
		return t.OID
	}
	return 0
}
