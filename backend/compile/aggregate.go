package compile

import (
	"strconv"
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// nativeAggregates are the aggregates SQLite computes as PostgreSQL does on these types: sums of what cannot overflow 64 bits in any
// table that fits a disk, extremes of what it orders natively.
func (g *gen) nativeAggregate(p *catalog.Proc, args []analyze.Expr) string {
	switch p.Name {
	case "count":
		return "count"
	case "sum":
		if t := g.baseType(p.Args[0]); t == typeInt2 || t == typeInt4 {
			return "sum"
		}
	case "max", "min":
		// Where equal values may look different (numeric) PostgreSQL gives the last of them, SQLite the first.
		if len(args) == 1 && !pseudo(p.Args[0]) && g.class(p.Args[0]) != 0 && g.looksAlike(p.Args[0]) {
			return p.Name
		}
	case "bool_and", "every":
		return "min"
	case "bool_or":
		return "max"
	}
	return ""
}

// aggregate writes an aggregate call.
func (g *gen) aggregate(e *analyze.Agg) {
	if e.Up > 0 {
		// SQLite finds the query an aggregate belongs to by itself, and not where a FROM lies between.
		g.unsupported(e.Loc, "an aggregate of an outer query is not supported")
	}
	name := g.nativeAggregate(e.Proc, e.Args)
	byOrder := name == "" // the result depends on the order of the rows, or may
	if name == "" {
		g.checkProc(e.Proc, e.Loc)
		if row := procRow(e.Proc.OID); row.Aggregate == nil {
			g.procUnsupported(e.Proc, e.Loc)
		}
		name = g.procName(e.Proc, append(append([]analyze.Expr{}, e.Direct...), e.Args...), e.Typ)
	}
	if e.Distinct && len(e.Args) > 1 {
		g.distinctPairs(e, name)
		return
	}
	g.call(name)
	g.w("(")
	if e.Star || len(e.Args)+len(e.Direct) == 0 {
		if name == "count" {
			g.w("*")
		}
	} else {
		if e.Distinct {
			g.w("DISTINCT ")
		}
		for i, a := range e.Direct {
			if i > 0 {
				g.w(", ")
			}
			g.expr(a)
		}
		for i, a := range e.Args {
			if i > 0 || len(e.Direct) > 0 {
				g.w(", ")
			}
			if e.Distinct || name == "min" || name == "max" {
				g.collated(a)
			} else {
				g.expr(a)
			}
		}
		switch {
		case len(e.Order) > 0:
			g.w(" ")
			g.sortKeys(e.Order)
		case e.Distinct && byOrder:
			// PostgreSQL finds duplicates by sorting, so that what follows sees the values in order.
			g.w(" ")
			g.sortKeys([]analyze.SortKey{{Expr: e.Args[0]}})
		}
	}
	g.w(")")
	g.filter(e.Filter)
}

func (g *gen) filter(e analyze.Expr) {
	if e == nil {
		return
	}
	g.w(" FILTER (WHERE ")
	g.qual(e)
	g.w(")")
}

// distinctPairs writes an aggregate over distinct tuples, where SQLite only takes DISTINCT with one argument. Constant arguments
// after the first do not count.
func (g *gen) distinctPairs(e *analyze.Agg, name string) {
	values := ""
	for _, a := range e.Args[1:] {
		c, ok := a.(*analyze.Const)
		if !ok {
			g.unsupported(e.Loc, "DISTINCT over several arguments is not supported")
		}
		if values != "" {
			values += ", "
		}
		values += g.text(func() { g.constant(c.Value) })
	}
	// The constants come in front, as arguments of the function's name would: SQLite asks DISTINCT for a single argument.
	g.call("pg_with!" + name + "!" + values)
	g.w("(DISTINCT ")
	g.collated(e.Args[0])
	g.w(" ")
	if len(e.Order) > 0 {
		g.sortKeys(e.Order)
	} else {
		g.sortKeys([]analyze.SortKey{{Expr: e.Args[0]}})
	}
	g.w(")")
	g.filter(e.Filter)
}

// nativeWindows are the window functions SQLite has. The value tells the argument that must be checked or what PostgreSQL calls wrong.
var nativeWindows = map[string]string{"row_number": "", "rank": "", "dense_rank": "", "percent_rank": "", "cume_dist": "",
	"ntile": "pg_ntile", "lag": "", "lead": "", "first_value": "", "last_value": "", "nth_value": "pg_nth"}

// window writes a window function call with its OVER.
func (g *gen) window(e *analyze.Window) {
	name := ""
	check := ""
	if e.Agg {
		if name = g.nativeAggregate(e.Proc, e.Args); name == "" {
			g.checkProc(e.Proc, e.Loc)
			if row := procRow(e.Proc.OID); row.Aggregate == nil {
				g.procUnsupported(e.Proc, e.Loc)
			}
			name = g.procName(e.Proc, e.Args, e.Typ)
		}
	} else {
		var ok bool
		if check, ok = nativeWindows[e.Proc.Name]; !ok || e.Proc.Namespace != 11 {
			g.procUnsupported(e.Proc, e.Loc)
		}
		name = e.Proc.Name
	}
	if (e.Proc.Name == "lag" || e.Proc.Name == "lead") && len(e.Args) > 1 && !e.Agg {
		g.shifted(e)
		return
	}
	orOne := false
	if check != "" {
		// A NULL for the number of buckets or of the row gives NULL.
		last := e.Args[len(e.Args)-1]
		if _, ok := constInt(last); !ok && !g.notNull(last) {
			if c, ok := last.(*analyze.Const); !(ok && c.Value.IsNull()) && (name == "ntile" || volatileExpr(last)) {
				g.unsupported(e.Loc, "%s with an argument that may be NULL is not supported", name)
			}
			g.w("(CASE WHEN ")
			g.expr(last)
			g.w(" IS NULL THEN NULL ELSE ")
			defer g.w(" END)")
			orOne = true
		}
	}
	g.call(name)
	g.w("(")
	if e.Star {
		g.w("*")
	}
	for i, a := range e.Args {
		if i > 0 {
			g.w(", ")
		}
		switch {
		case check != "" && i == len(e.Args)-1:
			if orOne {
				g.w("coalesce(")
			}
			g.w(check, "(")
			g.expr(a)
			g.w(")")
			if orOne {
				g.w(", 1)")
			}
		case name == "min" || name == "max":
			g.collated(a)
		default:
			g.expr(a)
		}
	}
	g.w(")")
	g.filter(e.Filter)
	g.over(e)
}

// shifted writes lag and lead with an offset: SQLite wants a non-negative constant, so the sign chooses the function.
func (g *gen) shifted(e *analyze.Window) {
	n, ok := constInt(e.Args[1])
	name := e.Proc.Name
	if !ok {
		g.shiftedBy(e)
		return
	}
	if n < 0 {
		n = -n
		if name == "lag" {
			name = "lead"
		} else {
			name = "lag"
		}
	}
	g.w(name, "(")
	g.expr(e.Args[0])
	g.w(", ", strconv.FormatInt(n, 10))
	for _, a := range e.Args[2:] {
		g.w(", ")
		g.expr(a)
	}
	g.w(")")
	g.over(e)
}

// shiftedBy writes lag and lead with an offset of each row's own, which may be negative or NULL: lead sees the whole partition.
func (g *gen) shiftedBy(e *analyze.Window) {
	off := e.Args[1]
	if volatileExpr(off) {
		g.unsupported(e.Loc, "%s with a volatile offset is not supported", e.Proc.Name)
	}
	g.w("(CASE WHEN ")
	g.expr(off)
	g.w(" IS NULL THEN NULL ELSE lead(")
	g.expr(e.Args[0])
	g.w(", ")
	if e.Proc.Name == "lag" {
		g.w("-")
	}
	g.w("(")
	g.expr(off)
	g.w(")")
	for _, a := range e.Args[2:] {
		g.w(", ")
		g.expr(a)
	}
	g.w(")")
	g.over(e)
	g.w(" END)")
}

// over writes OVER with partition, order and frame.
func (g *gen) over(e *analyze.Window) {
	lv := g.level
	w := &lv.q.Windows[e.Win]
	g.w(" OVER (")
	if len(w.Partition) > 0 {
		g.w("PARTITION BY ")
		g.keys(w.Partition)
		g.w(" ")
	}
	ordered := g.sortKeys(w.Order)
	if w.Frame != "" {
		g.frame(w, ordered)
	}
	g.w(")")
}

// constInt gives the value of an integer constant, through the casts between integer types.
func constInt(e analyze.Expr) (int64, bool) {
	switch e := e.(type) {
	case *analyze.Const:
		return e.Value.I, e.Value.Kind == types.Int
	case *analyze.Relabel:
		return constInt(e.Arg)
	case *analyze.Call:
		if len(e.Args) == 1 {
			switch e.Proc.OID {
			case 480, 481, 754, 313, 714, 314, // int4(int8) int8(int4) int8(int2) int4(int2) int2(int8) int2(int4)
				316, 482, 235: // float8(int4) float8(int8) float8(int2)
				return constInt(e.Args[0])
			case 212, 206, 462: // int4um int4um… int8um
				i, ok := constInt(e.Args[0])
				return -i, ok
			}
		}
	}
	return 0, false
}

// frame writes the frame clause, whose %s stand for the offsets.
func (g *gen) frame(w *analyze.WindowDef, ordered bool) {
	g.w(" ")
	n := 0
	for at := 0; at < len(w.Frame); at++ {
		if w.Frame[at] != '%' || at+1 >= len(w.Frame) || w.Frame[at+1] != 's' {
			g.b = append(g.b, w.Frame[at])
			continue
		}
		at++
		off := w.Offsets[n]
		n++
		i, isInt := constInt(off)
		f, isConst := off.(*analyze.Const)
		isFloat := isConst && f.Value.Kind == types.Float
		if isConst && f.Value.IsNull() {
			which := "ending"
			if n == 1 && !strings.Contains(w.Frame[:at], " AND ") {
				which = "starting"
			}
			g.fail(pgerr.New(pgerr.NullValueNotAllowed, "frame %s offset must not be null", which))
		}
		if isConst && len(w.Order) == 1 && f.Typ == types.IntervalOID && g.intervalOffset(w.Order[0].Expr.Type(), f) {
			continue
		}
		if !isInt && !isFloat {
			g.unsupported(off.Location(), "a frame offset that is no constant is not supported")
		}
		if strings.HasPrefix(w.Frame, "RANGE") && len(w.Order) == 1 {
			if cl := g.class(w.Order[0].Expr.Type()); cl != typeInt8 && cl != typeFloat8 {
				g.unsupported(off.Location(), "RANGE with an offset over this type is not supported")
			}
		}
		if isInt && i < 0 || isFloat && f.Value.F < 0 {
			which := "ending"
			if n == 1 && !strings.Contains(w.Frame[:at], " AND ") {
				which = "starting"
			}
			if strings.HasPrefix(w.Frame, "RANGE") {
				g.fail(pgerr.New(pgerr.InvalidPrecedingOrFollowingSize, "invalid preceding or following size in window function"))
			}
			g.fail(pgerr.New(pgerr.InvalidPrecedingOrFollowingSize, "frame %s offset must not be negative", which))
		}
		if isInt {
			g.int(i)
		} else {
			g.constant(f.Value)
		}
	}
}

// intervalOffset writes an interval of days and time as the distance of two stored dates or times; false where no number says the same: of
// months, and of days where a day may have 23 hours.
func (g *gen) intervalOffset(over uint32, c *analyze.Const) bool {
	const day = 86400 * 1000000
	i := types.ReadInterval(c.Value.B)
	over = g.baseType(over)
	if i.Months != 0 || over == types.TimestamptzOID && i.Days != 0 {
		return false
	}
	distance := int64(i.Days)*day + i.Usec
	switch over {
	case types.DateOID, types.TimestampOID, types.TimestamptzOID:
	default:
		return false
	}
	if distance < 0 {
		g.fail(pgerr.New(pgerr.InvalidPrecedingOrFollowingSize, "invalid preceding or following size in window function"))
	}
	if over == types.DateOID {
		// Whole days between dates; a part of a day reaches none further.
		distance /= day
	}
	g.int(distance)
	return true
}
