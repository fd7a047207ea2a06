package compile

import (
	"pgd/backend/analyze"
	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// domainCheck writes a value that a domain's constraints look at: CASE takes them one after another, so that the first that fails is named and
// none is evaluated after it.
func (g *gen) domainCheck(e *analyze.DomainCheck) {
	if !e.NotNull && len(e.Checks) == 0 {
		g.expr(e.Arg)
		return
	}
	arg := g.text(func() { g.expr(e.Arg) })
	if simple(e.Arg) || !volatileExpr(e.Arg) && (len(arg) < mostRepeated || holdsAggregate(e.Arg)) {
		g.checkedValue(e, arg)
		return
	}
	if holdsAggregate(e.Arg) {
		g.unsupported(e.Loc, "conversion to domain %s of this expression is not supported", e.Display)
	}
	t := g.alias()
	g.w("(SELECT ")
	g.checkedValue(e, t+".c0")
	g.w(" FROM pg_values_1(", arg, ") AS ", t, ")")
}

// mostRepeated is how long an expression may be that is written once for each constraint.
const mostRepeated = 200

// holdsAggregate tells an expression that cannot be moved into a query of its own.
func holdsAggregate(e analyze.Expr) bool {
	found := false
	analyze.Walk(e, func(x analyze.Expr) bool {
		switch x.(type) {
		case *analyze.Agg, *analyze.Window, *analyze.SetCall:
			found = true
		}
		return !found
	})
	return found
}

func (g *gen) checkedValue(e *analyze.DomainCheck, v string) {
	fail := func(constraint string) {
		g.w(" THEN pg_fail_domain(")
		g.quote(e.Schema)
		g.w(", ")
		g.quote(e.Name)
		g.w(", ")
		g.int(int64(e.OID))
		g.w(", ")
		g.quote(constraint)
		g.w(")")
	}
	g.w("(CASE")
	if e.NotNull {
		g.w(" WHEN ", v, " IS NULL")
		fail("")
	}
	for _, c := range e.Checks {
		g.w(" WHEN (")
		g.domainValue = append(g.domainValue, v)
		g.expr(c.Cond)
		g.domainValue = g.domainValue[:len(g.domainValue)-1]
		g.w(") IS FALSE")
		fail(c.Name)
	}
	g.w(" ELSE ", v, " END)")
}

// domainArray writes the cast of an array's elements to a domain: the elements are converted, then each is checked.
func (g *gen) domainArray(e *analyze.CoerceArray, check *analyze.DomainCheck) {
	plain := *e
	plain.Elem = check.Arg
	arg := g.text(func() { g.coerceArray(&plain) })
	if !check.NotNull && len(check.Checks) == 0 {
		g.w(arg)
		return
	}
	if volatileExpr(e.Arg) {
		g.unsupported(e.Loc, "conversion of a volatile expression to an array of domain %s is not supported", check.Display)
	}
	t := g.alias()
	g.w("(CASE WHEN (SELECT count(")
	g.checkedValue(check, t+".c0")
	g.w(") FROM pg_elements(", arg, ") AS ", t, ") >= 0 THEN ", arg, " END)")
}

// failDomain raises the error of a constraint of a domain: schema, name, OID, constraint ("" for NOT NULL).
func failDomain(call *functions.Call, _ []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		if len(a) < 4 {
			return types.NullValue, pgerr.New(pgerr.CheckViolation, "value for domain violates check constraint")
		}
		display := text(a[1])
		if call.Env != nil && call.Env.Catalog() != nil {
			display = call.Env.Catalog().FormatType(uint32(a[2].I), -1)
		}
		if len(a[3].B) == 0 {
			return types.NullValue, pgerr.New(pgerr.NotNullViolation, "domain %s does not allow null values", display).
				WithTable(text(a[0]), "").WithType(text(a[1]))
		}
		return types.NullValue, pgerr.New(pgerr.CheckViolation, "value for domain %s violates check constraint \"%s\"", display, text(a[3])).
			WithTable(text(a[0]), "").WithType(text(a[1])).WithConstraint(text(a[3]))
	}
}

// DomainCondition writes the condition of a domain's CHECK over a value in SQLite's SQL.
func DomainCondition(cond analyze.Expr, v string, o Options) (sql string, err error) {
	g := &gen{o: o, plan: &Plan{}, level: &level{}, domainValue: []string{v}}
	defer g.rescue(&err)
	g.expr(cond)
	return string(g.b), nil
}

// shownType is the type clients are told of a column: the one under a domain.
func (g *gen) shownType(typ uint32, mod int32) (uint32, int32) {
	for range 32 {
		t := g.o.Catalog.Type(typ)
		if t == nil || t.Kind != 'd' {
			break
		}
		typ, mod = t.BaseType, t.Typmod
	}
	return typ, mod
}
