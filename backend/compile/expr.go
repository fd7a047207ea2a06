package compile

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// expr writes an expression. What it writes can stand as an operand: compound expressions are in brackets.
func (g *gen) expr(e analyze.Expr) {
	n := weight(e)
	g.enter(n)
	defer g.leave(n)
	if g.isAbsent(e) {
		g.w("NULL")
		return
	}
	switch e := e.(type) {
	case *analyze.Const:
		g.constant(e.Value)
	case *analyze.Var:
		g.variable(e)
	case *analyze.Param:
		if g.param != nil {
			g.w(g.param(e))
			return
		}
		g.w("?", strconv.Itoa(e.N))
	case *analyze.Call:
		g.callExpr(e)
	case *analyze.Relabel:
		g.expr(e.Arg)
	case *analyze.Collate:
		g.collate(e)
	case *analyze.CoerceIO:
		g.coerceIO(e)
	case *analyze.CoerceArray:
		g.coerceArray(e)
	case *analyze.ApplyTypmod:
		if v, ok := g.foldTypmod(e); ok {
			g.constant(v)
			return
		}
		g.w("pg_typmod_", strconv.Itoa(int(g.baseType(e.Typ))), "(")
		g.expr(e.Arg)
		g.w(", ", strconv.Itoa(int(e.Mod)), ", ", bit(e.Explicit), ")")
	case *analyze.ScalarArray:
		g.scalarArray(e, false)
	case *analyze.Bool:
		g.boolean(e)
	case *analyze.NullTest:
		g.nullTest(e)
	case *analyze.BoolTest:
		g.boolTest(e)
	case *analyze.Distinct:
		g.distinct(e)
	case *analyze.NullIf:
		g.nullIf(e)
	case *analyze.Case:
		g.caseExpr(e)
	case *analyze.CaseTest:
		if len(g.caseTest) == 0 {
			g.unsupported(e.Loc, "this expression is not supported")
		}
		g.w(g.caseTest[len(g.caseTest)-1])
	case *analyze.DomainCheck:
		g.domainCheck(e)
	case *analyze.DomainValue:
		if len(g.domainValue) == 0 {
			g.unsupported(e.Loc, "this expression is not supported")
		}
		g.w(g.domainValue[len(g.domainValue)-1])
	case *analyze.Coalesce:
		if len(e.Args) == 1 {
			g.expr(e.Args[0])
			return
		}
		g.chunked("coalesce", e.Args)
	case *analyze.MinMax:
		g.minMax(e)
	case *analyze.Array:
		g.array(e)
	case *analyze.Row:
		g.row(e.Args, e.Typ, e.Loc)
	case *analyze.RowCompare:
		g.rowCompare(e)
	case *analyze.Subscript:
		g.subscript(e)
	case *analyze.Field:
		g.field(e)
	case *analyze.SQLValue:
		g.w("pg_sqlvalue_", e.Name, "(")
		g.int(int64(e.Mod))
		g.w(")")
	case *analyze.Agg:
		absent := g.level.absent
		g.level.absent = nil
		g.aggregate(e)
		g.level.absent = absent
	case *analyze.Window:
		g.window(e)
	case *analyze.Sublink:
		g.sublink(e)
	case *analyze.SetCall:
		if s, ok := g.level.sets[e]; ok {
			g.setValue(e, s)
			return
		}
		g.unsupported(e.Loc, "set-returning functions are not supported here")
	default:
		g.unsupported(e.Location(), "this expression is not supported")
	}
}

// foldTypmod gives a constant with its typmod applied; false where it is none or does not fit, which is told when it is run.
func (g *gen) foldTypmod(e *analyze.ApplyTypmod) (types.Value, bool) {
	c, ok := e.Arg.(*analyze.Const)
	t := g.typ(e.Typ)
	if !ok || t == nil || t.Apply == nil || g.o.Types == nil || g.baseType(e.Typ) != e.Typ {
		return types.Value{}, false
	}
	if c.Value.IsNull() {
		return c.Value, true
	}
	v, err := t.Apply(g.o.Types, c.Value, e.Mod, e.Explicit)
	return v, err == nil
}

// weight is the stack an expression takes: those written as functions take twice that of an operator. Calls add theirs where they are
// written by name.
func weight(e analyze.Expr) int {
	switch e.(type) {
	case *analyze.NullIf, *analyze.Row, *analyze.Array, *analyze.Subscript, *analyze.Field, *analyze.ApplyTypmod, *analyze.CoerceIO,
		*analyze.CoerceArray, *analyze.ScalarArray, *analyze.RowCompare, *analyze.Distinct:
		return 2
	}
	return 1
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func (g *gen) boolean(e *analyze.Bool) {
	if e.Op == analyze.Not {
		g.w("(NOT ")
		g.expr(e.Args[0])
		g.w(")")
		return
	}
	op := " AND "
	if e.Op == analyze.Or {
		op = " OR "
	}
	g.balanced(e.Args, op, g.expr)
}

// balanced writes a chain of ANDs or ORs as a tree that is not deep, however long the chain.
func (g *gen) balanced(args []analyze.Expr, op string, write func(e analyze.Expr)) {
	const few = 16
	g.w("(")
	if len(args) <= few {
		for i, x := range args {
			if i > 0 {
				g.w(op)
			}
			write(x)
		}
	} else {
		half := len(args) / 2
		g.balanced(args[:half], op, write)
		g.w(op)
		g.balanced(args[half:], op, write)
	}
	g.w(")")
}

// nullTest writes IS [NOT] NULL; of a row it asks every column.
func (g *gen) nullTest(e *analyze.NullTest) {
	word := " IS NULL"
	if e.Not {
		word = " IS NOT NULL"
	}
	if r, ok := e.Arg.(*analyze.Row); ok {
		g.w("(")
		for i, x := range r.Args {
			if i > 0 {
				g.w(" AND ")
			}
			g.expr(x)
			g.w(word)
		}
		if len(r.Args) == 0 {
			g.w("1")
		}
		g.w(")")
		return
	}
	if v, ok := e.Arg.(*analyze.Var); ok && v.Col == analyze.WholeRow {
		g.rowNullTest(v, word)
		return
	}
	if t := g.o.Catalog.Type(e.Arg.Type()); e.Arg.Type() == typeRecord || t != nil && t.Kind == 'c' {
		g.w("pg_row_nulls(")
		g.expr(e.Arg)
		g.w(", ", bit(e.Not), ")")
		return
	}
	g.w("(")
	g.expr(e.Arg)
	g.w(word, ")")
}

// rowNullTest asks all columns of an entry; where an outer join found no row they are all NULL.
func (g *gen) rowNullTest(v *analyze.Var, word string) {
	lv := g.up(v.Up)
	if lv == nil || lv.q == nil {
		g.unsupported(v.Loc, "IS NULL of a composite value is not supported")
	}
	r := lv.q.RTable[v.RTE]
	g.w("(")
	n := 0
	for i := range r.Columns {
		if r.Columns[i].Dropped {
			continue
		}
		if n > 0 {
			g.w(" AND ")
		}
		n++
		g.variable(&analyze.Var{Up: v.Up, RTE: v.RTE, Col: i})
		g.w(word)
	}
	if n == 0 {
		g.w("1")
	}
	g.w(")")
}

func (g *gen) boolTest(e *analyze.BoolTest) {
	word := " IS "
	if e.Not {
		word = " IS NOT "
	}
	g.w("(")
	g.expr(e.Arg)
	switch {
	case e.Value.IsNull():
		g.w(word, "NULL)")
	case e.Value.Bool():
		g.w(word, "TRUE)")
	default:
		g.w(word, "FALSE)")
	}
}

// distinct writes IS [NOT] DISTINCT FROM.
func (g *gen) distinct(e *analyze.Distinct) {
	if g.native(e.Op, e.Left.Type(), e.Right.Type()) != "" {
		if e.Not {
			g.compare("IS", e.Left, e.Right)
		} else {
			g.compare("IS NOT", e.Left, e.Right)
		}
		return
	}
	if volatileExpr(e.Left) || volatileExpr(e.Right) {
		g.unsupported(e.Loc, "IS DISTINCT FROM of these types is not supported with a volatile function")
	}
	l, r := g.text(func() { g.expr(e.Left) }), g.text(func() { g.expr(e.Right) })
	if e.Not {
		g.w("(NOT ")
	}
	g.w("(CASE WHEN ", l, " IS NULL OR ", r, " IS NULL THEN (", l, " IS NULL) <> (", r, " IS NULL) ELSE NOT ")
	g.procedure(e.Proc, []analyze.Expr{e.Left, e.Right}, typeBool, e.Loc)
	g.w(" END)")
	if e.Not {
		g.w(")")
	}
}

func (g *gen) nullIf(e *analyze.NullIf) {
	if g.native(e.Op, e.Left.Type(), e.Right.Type()) != "" {
		g.w("nullif(")
		g.collated(e.Left)
		g.w(", ")
		g.expr(e.Right)
		g.w(")")
		return
	}
	if volatileExpr(e.Left) {
		g.unsupported(e.Loc, "NULLIF of these types is not supported with a volatile function")
	}
	g.w("(CASE WHEN ")
	g.procedure(e.Proc, []analyze.Expr{e.Left, e.Right}, typeBool, e.Loc)
	g.w(" THEN NULL ELSE ")
	g.expr(e.Left)
	g.w(" END)")
}

// minMax writes GREATEST or LEAST, which pass over NULLs; SQLite's max() and min() do not.
func (g *gen) minMax(e *analyze.MinMax) {
	if g.class(e.Typ) == 0 {
		g.unsupported(e.Loc, "GREATEST and LEAST of this type are not supported")
	}
	if len(e.Args) == 1 {
		g.expr(e.Args[0])
		return
	}
	name := "pg_greatest_"
	if e.Least {
		name = "pg_least_"
	}
	g.chunked(name+strconv.Itoa(int(g.baseType(e.Typ))), e.Args)
}

// chunked writes a call of a function of which f(f(a, b), f(c, d)) is f(a, b, c, d), however many arguments there are.
func (g *gen) chunked(name string, args []analyze.Expr) {
	const most = maxArguments / 2
	g.enter(1)
	defer g.leave(1)
	g.w(name, "(")
	if len(args) <= most {
		g.list(args)
	} else {
		for i := 0; i < len(args); i += most {
			if i > 0 {
				g.w(", ")
			}
			part := args[i:min(i+most, len(args))]
			if len(part) == 1 {
				g.expr(part[0])
			} else {
				g.chunked(name, part)
			}
		}
	}
	g.w(")")
}

// collate passes a COLLATE clause: every collation pgd has orders by bytes.
func (g *gen) collate(e *analyze.Collate) { g.expr(e.Arg) }

// rowCompare writes a comparison of rows, which SQLite makes as PostgreSQL does where all columns are native.
func (g *gen) rowCompare(e *analyze.RowCompare) {
	op := comparisons[e.Op]
	for i := range e.Left {
		if cl := g.class(e.Left[i].Type()); op == "" || cl == 0 || cl != g.class(e.Right[i].Type()) {
			g.unsupported(e.Loc, "comparison of rows of these types is not supported")
		}
	}
	g.w("(")
	g.rowValue(e.Left, true)
	g.w(" ", op, " ")
	g.rowValue(e.Right, false)
	g.w(")")
}

// rowValue writes an SQLite row value.
func (g *gen) rowValue(es []analyze.Expr, collate bool) {
	g.w("(")
	for i, e := range es {
		if i > 0 {
			g.w(", ")
		}
		if collate {
			g.against(e, "COLLATE")
		} else {
			g.expr(e)
		}
	}
	g.w(")")
}

// procUnsupported is the error for a function pgd does not have.
func (g *gen) procUnsupported(p *catalog.Proc, loc int32) {
	g.fail(pgerr.Unsupported(loc, "function %s is not supported", signature(p)))
}
