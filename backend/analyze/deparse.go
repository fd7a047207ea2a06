package analyze

import (
	"strconv"
	"strings"
	"time"

	"pgd/backend/catalog"
	"pgd/backend/types"
)

// Deparse prints an analysed expression as PostgreSQL's pg_get_expr does: every operator in parentheses, constants
// with their type, conversions shown where they matter. Read again it means the same. names gives a column's name as it is to be
// printed, quoted; values are printed by fixed settings (ISO dates, UTC), not by the session's.
func Deparse(e Expr, names func(v *Var) string, cat catalog.Lookup) string {
	d := deparser{names: names, cat: cat, ctx: &types.Context{DateStyle: types.DateStyle{Format: "ISO", Order: "MDY"}, IntervalStyle: "postgres",
		TimeZone: time.UTC, TimeZoneName: "UTC", ExtraFloatDigits: 1}}
	if n, ok := cat.(types.ObjectNames); ok {
		d.ctx.Names = n
	}
	d.ctx.Lookup = ownTypes(cat)
	d.expr(e, false)
	return d.b.String()
}

// deparser holds the text so far. indent is the depth of CASE, which is printed on lines of its own.
type deparser struct {
	b      strings.Builder
	names  func(v *Var) string
	cat    catalog.Lookup
	ctx    *types.Context
	indent int
	// levels are the queries around the expression, the innermost last; none for an expression by itself.
	levels []*Query
}

func (d *deparser) put(ss ...string) {
	for _, s := range ss {
		d.b.WriteString(s)
	}
}

// typ prints a type's name as casts give it.
func (d *deparser) typ(oid uint32, mod int32) string {
	if f, ok := d.cat.(interface {
		FormatTypeGiven(oid uint32, typmod int32) string
	}); ok {
		return f.FormatTypeGiven(oid, mod)
	}
	return d.cat.FormatType(oid, mod)
}

// list prints expressions between commas.
func (d *deparser) list(es []Expr, implicit bool) {
	for i, e := range es {
		if i > 0 {
			d.put(", ")
		}
		d.expr(e, implicit)
	}
}

// expr prints e; implicit tells that conversions the user did not write are shown.
func (d *deparser) expr(e Expr, implicit bool) {
	switch x := e.(type) {
	case *Const:
		d.constant(x, true)
	case *Param:
		d.put("$", strconv.Itoa(x.N))
	case *Var:
		d.put(d.names(x))
	case *Call:
		d.call(x, implicit)
	case *Relabel:
		d.cast(x.Arg, x, x.Implicit, implicit)
	case *CoerceIO:
		d.cast(x.Arg, x, x.Implicit, implicit)
	case *CoerceArray:
		d.cast(x.Arg, x, x.Implicit, implicit)
	case *ApplyTypmod:
		d.cast(x.Arg, x, x.Implicit, implicit)
	case *DomainCheck:
		d.cast(x.Arg, x, x.Implicit, implicit)
	case *DomainValue:
		d.put("VALUE")
	case *Collate:
		d.put("(")
		d.expr(x.Arg, implicit)
		d.put(" COLLATE ", d.collation(x.Coll), ")")
	case *ScalarArray:
		d.put("(")
		d.expr(x.Left, true)
		word := " ANY ("
		if x.All {
			word = " ALL ("
		}
		d.put(" ", d.operator(x.Op), word)
		d.expr(x.Right, true)
		d.put("))")
	case *Bool:
		d.boolean(x)
	case *NullTest:
		d.put("(")
		d.expr(x.Arg, true)
		d.put(map[bool]string{false: " IS NULL)", true: " IS NOT NULL)"}[x.Not])
	case *BoolTest:
		for _, t := range boolTests {
			if t.not == x.Not && equalValue(t.value, x.Value) {
				d.put("(")
				d.expr(x.Arg, false)
				d.put(" ", t.name, ")")
			}
		}
	case *Distinct:
		if x.Not {
			d.put("(NOT ")
		}
		d.put("(")
		d.expr(x.Left, true)
		d.put(" IS DISTINCT FROM ")
		d.expr(x.Right, true)
		d.put(")")
		if x.Not {
			d.put(")")
		}
	case *NullIf:
		d.args("NULLIF(", []Expr{x.Left, x.Right})
	case *Case:
		d.caseExpr(x)
	case *CaseTest:
		d.put("VALUE")
	case *Coalesce:
		d.args("COALESCE(", x.Args)
	case *MinMax:
		d.args(map[bool]string{false: "GREATEST(", true: "LEAST("}[x.Least], x.Args)
	case *Array:
		d.put("ARRAY[")
		d.list(x.Elems, true)
		d.put("]")
		if len(x.Elems) == 0 {
			d.put("::", d.typ(x.Typ, -1))
		}
	case *Row:
		d.args("ROW(", x.Args)
		if x.Typ != typeRecord {
			d.put("::", d.typ(x.Typ, -1))
		}
	case *RowCompare:
		d.args("(ROW(", x.Left)
		d.put(" ", x.Op, " ")
		d.args("ROW(", x.Right)
		d.put(")")
	case *Subscript:
		d.subscript(x, implicit)
	case *Field:
		d.bracketed(x.Arg, needsParens(x.Arg))
		d.put(".", catalog.QuoteIdent(x.Name))
	case *SQLValue:
		d.put(strings.ToUpper(x.Name))
		if x.Mod >= 0 {
			d.put("(", strconv.Itoa(int(x.Mod)), ")")
		}
	case *Default:
		d.put("DEFAULT")
	case *Agg:
		d.aggregate(x)
	case *Window:
		d.function(x.Proc, x.Args, x.Star, x.Variadic)
		d.over(x)
	case *SetCall:
		d.function(x.Proc, x.Args, false, x.Variadic)
	case *Sublink:
		d.sublink(x)
	}
}

// args prints expressions after an opening parenthesis and closes it.
func (d *deparser) args(open string, es []Expr) {
	d.put(open)
	d.list(es, true)
	d.put(")")
}

func (d *deparser) bracketed(e Expr, parens bool) {
	if parens {
		d.put("(")
	}
	d.expr(e, true)
	if parens {
		d.put(")")
	}
}

func needsParens(e Expr) bool {
	switch e.(type) {
	case *Subscript, *Field:
		return false
	}
	return true
}

// cast prints arg::type; one that the user did not write only where asked for.
func (d *deparser) cast(arg, e Expr, hidden, implicit bool) {
	if hidden && !implicit {
		d.expr(arg, false)
		return
	}
	if c, ok := arg.(*Const); ok && c.Typ == e.Type() && c.Mod == -1 {
		d.constant(c, false)
	} else {
		d.put("(")
		d.expr(arg, false)
		d.put(")")
	}
	d.put("::", d.typ(e.Type(), e.Typmod()))
}

func (d *deparser) boolean(x *Bool) {
	if x.Op == Not {
		d.put("(NOT ")
		d.expr(x.Args[0], false)
		d.put(")")
		return
	}
	word := map[BoolOp]string{And: " AND ", Or: " OR "}[x.Op]
	d.put("(")
	for i, e := range x.Args {
		if i > 0 {
			d.put(word)
		}
		d.expr(e, false)
	}
	d.put(")")
}

// line begins a line of a CASE.
func (d *deparser) line(word string) {
	s := strings.TrimRight(d.b.String(), " ")
	d.b.Reset()
	d.put(s, "\n", strings.Repeat(" ", d.indent), word)
}

// caseExpr prints CASE over several lines. A condition of the form with an argument shows only what it is compared with.
func (d *deparser) caseExpr(x *Case) {
	d.line("CASE")
	d.indent += 4
	if x.Arg != nil {
		d.put(" ")
		d.expr(x.Arg, true)
	}
	for _, w := range x.Whens {
		d.line("WHEN ")
		cond := w.Cond
		if c, ok := cond.(*Call); ok && x.Arg != nil && len(c.Args) == 2 && isCaseTest(c.Args[0]) {
			cond = c.Args[1]
		}
		d.expr(cond, false)
		d.put(" THEN ")
		d.expr(w.Result, true)
	}
	d.line("ELSE ")
	d.expr(x.Else, true)
	d.indent -= 4
	d.line("END")
}

func isCaseTest(e Expr) bool {
	for {
		switch x := e.(type) {
		case *CaseTest:
			return true
		case *Relabel:
			e = x.Arg
		case *CoerceIO:
			e = x.Arg
		case *Call:
			if x.Form != FormImplicitCast || len(x.Args) == 0 {
				return false
			}
			e = x.Args[0]
		default:
			return false
		}
	}
}

// subscript prints x[i] and x[lower:upper].
func (d *deparser) subscript(x *Subscript, implicit bool) {
	_, isVar := x.Arg.(*Var)
	_, isField := x.Arg.(*Field)
	if isVar || isField {
		d.expr(x.Arg, implicit)
	} else {
		d.put("(")
		d.expr(x.Arg, implicit)
		d.put(")")
	}
	for i, u := range x.Upper {
		d.put("[")
		if x.Slice {
			if l := x.Lower[i]; l != nil {
				d.expr(l, false)
			}
			d.put(":")
		}
		if u != nil {
			d.expr(u, false)
		}
		d.put("]")
	}
}
