package analyze

import (
	"pgd/backend/catalog/builtin"
	"pgd/backend/parse"
	"pgd/backend/types"
)

// coerceDomain is the place where values become a domain's: the base type's value with the domain's modifier, checked. The domains of
// information_schema have constraints that what is in its views meets by itself.
func (a *Analyzer) coerceDomain(e Expr, typ uint32, ctx coercion, implicit bool, loc int32) (Expr, error) {
	base, mod := a.baseTypeMod(typ, -1)
	if e.Type() != base {
		e = a.relabel(e, base, e.Typmod(), true, loc)
	}
	e, err := a.coerceTypmod(e, base, mod, ctx, true, loc, false)
	if err != nil {
		return nil, err
	}
	e = hideCast(e)
	info := Info{Typ: typ, Mod: -1, Coll: a.collationOf(typ), Loc: leftmost(loc, e.Location())}
	row := a.typeRow(typ)
	if row.Namespace == builtin.SchemaInformation {
		return &Relabel{Info: info, Arg: e, Implicit: implicit}, nil
	}
	d, err := a.domain(typ)
	if err != nil {
		return nil, err
	}
	out := *d
	out.Info, out.Arg, out.Implicit = info, e, implicit
	return &out, nil
}

// domain gathers what a domain and those under it ask of a value. What is asked by the innermost is checked first.
func (a *Analyzer) domain(typ uint32) (*DomainCheck, error) {
	if d := a.domains[typ]; d != nil {
		return d, nil
	}
	row := a.typeRow(typ)
	d := &DomainCheck{OID: typ, Schema: a.Catalog.NamespaceName(row.Namespace), Name: row.Name, Display: a.format(typ)}
	for t := row; t != nil && t.Kind == 'd'; t = a.Catalog.Type(t.BaseType) {
		d.NotNull = d.NotNull || t.NotNull
		var own []DomainConstraint
		for _, c := range a.Catalog.DomainChecks(t.OID) {
			cond, err := a.storedDomainExpr(c.Check, t.BaseType, t.Typmod)
			if err != nil {
				return nil, err
			}
			own = append(own, DomainConstraint{c.Name, cond})
		}
		d.Checks = append(own, d.Checks...)
	}
	if a.domains == nil {
		a.domains = map[uint32]*DomainCheck{}
	}
	a.domains[typ] = d
	return d, nil
}

func (a *Analyzer) storedDomainExpr(text string, base uint32, mod int32) (Expr, error) {
	st, err := parse.Parse("SELECT " + text)
	if err != nil {
		return nil, unplaced(err)
	}
	sel, ok := st[0].Node.(*parse.SelectStmt)
	if !ok || len(sel.TargetList) != 1 {
		return nil, tooComplex()
	}
	target, ok := sel.TargetList[0].(*parse.ResTarget)
	if !ok {
		return nil, tooComplex()
	}
	b := *a
	b.Catalog, b.Params, b.ParamTypes = a.storedCatalog(), false, nil
	e, err := b.DomainExpr(target.Val, base, mod)
	a.LiteralSettings, a.LiteralNow = a.LiteralSettings || b.LiteralSettings, a.LiteralNow || b.LiteralNow
	if err != nil {
		return nil, unplaced(err)
	}
	return withoutPlace(e), nil
}

// DomainExpr analyses the CHECK of a domain over base.
func (a *Analyzer) DomainExpr(n parse.Node, base uint32, mod int32) (Expr, error) {
	sc := &scope{query: &Query{}, kind: kindCheck}
	sc.domainValue = &DomainValue{Info{Typ: base, Mod: mod, Coll: a.collationOf(base), Loc: -1}}
	e, err := a.expr(sc, n)
	if err != nil {
		return nil, err
	}
	if e, err = a.coerceBool(e, "CHECK"); err != nil {
		return nil, err
	}
	return e, a.assignCollations(e)
}

// domainNull is NULL as a value of a domain that has something to say about it; nil where any type's NULL will do.
func (a *Analyzer) domainNull(typ uint32) (Expr, error) {
	if a.typeRow(typ).Kind != 'd' {
		return nil, nil
	}
	d, err := a.domain(typ)
	if err != nil || !d.NotNull && len(d.Checks) == 0 {
		return nil, err
	}
	base, mod := a.baseTypeMod(typ, -1)
	return a.coerceDomain(&Const{Info: Info{Typ: base, Mod: mod, Coll: a.collationOf(base), Loc: -1}, Value: types.NullValue}, typ, coerceImplicit, true, -1)
}

// domainParam checks a parameter that the client gives as a value of a domain.
func (a *Analyzer) domainParam(e Expr) Expr {
	p, ok := e.(*Param)
	if !ok || a.typeRow(p.Typ).Kind != 'd' {
		return e
	}
	base, _ := a.baseTypeMod(p.Typ, -1)
	r := &Relabel{Info: Info{Typ: base, Mod: -1, Coll: a.collationOf(base), Loc: p.Loc}, Arg: p, Implicit: true}
	out, err := a.coerceDomain(r, p.Typ, coerceImplicit, true, p.Loc)
	if err != nil {
		return e
	}
	return out
}

// DomainTest is the check of $1, a value of the type under a domain, for values that no expression makes: the elements of an array read from text.
func (a *Analyzer) DomainTest(domain uint32) (Expr, error) {
	base, mod := a.baseTypeMod(domain, -1)
	return a.coerceDomain(&Param{Info: Info{Typ: base, Mod: mod, Coll: a.collationOf(base), Loc: -1}, N: 1}, domain, coerceImplicit, true, -1)
}
