package compile

import (
	"strconv"
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/catalog/builtin"
	"pgd/backend/functions"
	"pgd/backend/types"
)

// signature is a function as regprocedure prints it.
func signature(p *catalog.Proc) string {
	if s := builtin.ProcSignature(p.OID); s != "" {
		return s
	}
	return p.Name + "()"
}

// procRow finds what pgd has of a function; nil for nothing.
func procRow(oid uint32) *functions.Row {
	sig := builtin.ProcSignature(oid)
	if sig == "" {
		return nil
	}
	return functions.Find(sig)
}

// callExpr writes a function call, operator or cast.
func (g *gen) callExpr(e *analyze.Call) {
	if e.Proc.ReturnsSet {
		g.unsupported(e.Loc, "set-returning functions are not supported here")
	}
	if e.Proc.OID == 0 {
		// Analysis asks for one of this package's own functions.
		g.w(e.Proc.Name, "(")
		g.list(e.Args)
		g.w(")")
		return
	}
	if e.Op != 0 && len(e.Args) == 2 {
		if s := g.native(e.Op, e.Args[0].Type(), e.Args[1].Type()); s != "" {
			g.compare(s, e.Args[0], e.Args[1])
			return
		}
	}
	if f := overflowing[e.Proc.OID]; f.op != "" && simple(e.Args[0]) && simple(e.Args[1]) {
		g.checked(f, e)
		return
	}
	if e.Variadic && e.Proc.Variadic == types.AnyOID {
		g.spread(e)
		return
	}
	g.procedure(e.Proc, e.Args, e.Typ, e.Loc)
}

// spread writes a call of a VARIADIC "any" function with an array after the word VARIADIC: Resolve gives it the elements.
func (g *gen) spread(e *analyze.Call) {
	if row := procRow(e.Proc.OID); row == nil || row.Scalar == nil {
		g.procUnsupported(e.Proc, e.Loc)
	}
	g.call(g.procName(e.Proc, e.Args, e.Typ) + spreadSuffix)
	g.w("(")
	g.list(e.Args)
	g.w(")")
}

// overflowing are the integer operators written as SQLite's, with a look at the range; out of it the function itself raises the
// error. bigint is not among them: SQLite would go over to floating point.
var overflowing = map[uint32]struct{ op, low, high string }{
	177: {"+", "-2147483648", "2147483647"}, // int4pl
	181: {"-", "-2147483648", "2147483647"}, // int4mi
	141: {"*", "-2147483648", "2147483647"}, // int4mul
	176: {"+", "-32768", "32767"},           // int2pl
	180: {"-", "-32768", "32767"},           // int2mi
	178: {"+", "-2147483648", "2147483647"}, // int24pl
	179: {"+", "-2147483648", "2147483647"}, // int42pl
	182: {"-", "-2147483648", "2147483647"}, // int24mi
	183: {"-", "-2147483648", "2147483647"}, // int42mi
}

// checked writes an integer operation whose arguments may be written twice.
func (g *gen) checked(f struct{ op, low, high string }, e *analyze.Call) {
	op := g.text(func() {
		g.expr(e.Args[0])
		g.w(" ", f.op, " ")
		g.expr(e.Args[1])
	})
	// NULL is in no range, and the function gives NULL for it.
	g.w("(CASE WHEN ", op, " BETWEEN ", f.low, " AND ", f.high, " THEN ", op, " ELSE ")
	g.w(e.Proc.Name, "_", strconv.Itoa(int(e.Proc.OID)), "(")
	g.list(e.Args)
	g.w(") END)")
}

// procedure writes a call of a function: by its template of SQLite SQL, else by name.
func (g *gen) procedure(p *catalog.Proc, args []analyze.Expr, result uint32, loc int32) {
	if p.Volatile == 'v' {
		g.plan.Volatile = true
	}
	row := procRow(p.OID)
	if row == nil {
		g.procUnsupported(p, loc)
	}
	if row.SQL != "" && g.fits(row.SQL, args) {
		g.template(row.SQL, args)
		return
	}
	if row.Scalar == nil {
		g.procUnsupported(p, loc)
	}
	g.enter(1)
	defer g.leave(1)
	g.call(g.procName(p, args, result))
	g.w("(")
	g.list(args)
	g.w(")")
}

// fits tells whether a template may be used: an argument it names twice must not be volatile.
func (g *gen) fits(sql string, args []analyze.Expr) bool {
	for i, a := range args {
		if strings.Count(sql, "$"+strconv.Itoa(i+1)) != 1 && volatileExpr(a) {
			return false
		}
	}
	return true
}

// template writes a template with its arguments put in.
func (g *gen) template(sql string, args []analyze.Expr) {
	g.w("(")
	for i := 0; i < len(sql); i++ {
		if sql[i] != '$' || i+1 >= len(sql) || sql[i+1] < '1' || sql[i+1] > '9' {
			g.b = append(g.b, sql[i])
			continue
		}
		n := int(sql[i+1] - '1')
		i++
		if n < len(args) {
			g.expr(args[n])
		}
	}
	g.w(")")
}

// checkProc refuses a function pgd does not have.
func (g *gen) checkProc(p *catalog.Proc, loc int32) {
	if p.Volatile == 'v' {
		g.plan.Volatile = true
	}
	if row := procRow(p.OID); row == nil || row.Scalar == nil && row.Aggregate == nil && row.Set == nil {
		g.procUnsupported(p, loc)
	}
}

// procName is the SQLite name of a function: pg_proc's name and OID, and for a polymorphic one the actual types.
func (g *gen) procName(p *catalog.Proc, args []analyze.Expr, result uint32) string {
	name := p.Name + "_" + strconv.Itoa(int(p.OID))
	if !polymorphic(p) {
		return name
	}
	name += "_"
	for _, a := range args {
		name += "_" + strconv.Itoa(int(a.Type()))
	}
	return name + "__" + strconv.Itoa(int(result))
}

// polymorphic tells whether the actual types of a call are not those declared.
func polymorphic(p *catalog.Proc) bool {
	if pseudo(p.Result) {
		return true
	}
	for _, a := range p.Args {
		if pseudo(a) {
			return true
		}
	}
	return p.Variadic == types.AnyOID
}

// pseudo tells the types that stand for actual ones.
func pseudo(t uint32) bool {
	switch t {
	case 2276, 2277, 2283, 2776, 3500, 3831, 4537, 4538, 5077, 5078, 5079, 5080, typeRecord, 2287:
		return true
	}
	return false
}
