package analyze

import (
	"slices"
	"strings"

	"pgd/backend/pgerr"
)

// noteLiteral remembers what the value of a literal depended on besides its text, so that a plan is not kept longer
// than that stays the same.
func (a *Analyzer) noteLiteral(s string, typ uint32) {
	if elem := a.elemType(typ); elem != 0 {
		typ = elem
	}
	if rng := multirangeRange(typ); rng != 0 {
		typ = rng
	}
	if sub := rangeSubtype(typ); sub != 0 {
		typ = sub
	}
	switch typ {
	case typeDate, typeTime, typeTimetz, typeTimestamp, typeTimestamptz, typeInterval:
		a.LiteralSettings = true
		s = strings.ToLower(s)
		for _, w := range [...]string{"now", "today", "tomorrow", "yesterday"} {
			if strings.Contains(s, w) {
				a.LiteralNow = true
			}
		}
		// Without a date the zone's offset is today's.
		if typ == typeTimetz {
			a.LiteralNow = true
		}
	}
}

// paramType is the type known of $n so far, unknown for none.
func (a *Analyzer) paramType(n int) uint32 {
	if n-1 < len(a.ParamTypes) && a.ParamTypes[n-1] != 0 {
		return a.ParamTypes[n-1]
	}
	return typeUnknown
}

// decideParam gives an undecided parameter the type its use asks for; nil when it is none of those.
func (a *Analyzer) decideParam(p *Param, typ uint32, loc int32) (Expr, error) {
	switch have := a.paramType(p.N); {
	case have == typeUnknown:
		a.ParamTypes[p.N-1] = typ
	case have != typ:
		return nil, pgerr.New(pgerr.AmbiguousParameter, "inconsistent types deduced for parameter $%d", p.N).
			WithDetail("%s versus %s", a.format(have), a.format(typ)).At(p.Loc)
	}
	p.Typ, p.Mod, p.Coll = typ, -1, a.collationOf(typ)
	p.Loc = leftmost(loc, p.Loc)
	return p, nil
}

// copyParam makes an undecided parameter that is used more than once decide its type for each use by itself.
func (a *Analyzer) copyParam(e Expr) Expr {
	p, ok := e.(*Param)
	if !ok || p.Typ != typeUnknown {
		return e
	}
	c := *p
	a.paramNodes = append(a.paramNodes, &c)
	return &c
}

// forget takes an undecided parameter out of the count when only copies of it are in use.
func (a *Analyzer) forget(e Expr) {
	if p, ok := e.(*Param); ok && p.Typ == typeUnknown {
		a.paramNodes = slices.DeleteFunc(a.paramNodes, func(x *Param) bool { return x == p })
	}
}

// finishParams answers 42P18 for parameters whose type nothing decided, 42P08 for those used before it was; called
// once at the end of a statement.
func (a *Analyzer) finishParams() error {
	for _, p := range a.paramNodes {
		if have := a.paramType(p.N); have != p.Typ {
			return pgerr.New(pgerr.AmbiguousParameter, "could not determine data type of parameter $%d", p.N).At(p.Loc)
		}
	}
	for i, t := range a.ParamTypes {
		if t == 0 || t == typeUnknown {
			return pgerr.New(pgerr.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
	return nil
}
