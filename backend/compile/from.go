package compile

import (
	"strconv"
	"strings"

	"pgd/backend/analyze"
)

// from writes FROM with its items, set-returning functions of the select list after them.
func (g *gen) from(q *analyze.Query, sets []*analyze.SetCall) {
	for i, it := range q.From {
		if i == 0 {
			g.w(" FROM ")
		} else {
			g.w(", ")
		}
		// A right or full join after a comma would take what is before the comma into its left side.
		bracket := i > 0 && oneSided(it)
		if bracket {
			g.w("(")
		}
		g.item(it)
		if bracket {
			g.w(")")
		}
	}
	first := len(q.From) == 0
	g.setItems(sets, first)
}

// oneSided tells an item with a right or full join on its left spine.
func oneSided(it analyze.FromItem) bool {
	j, ok := it.(*analyze.Join)
	return ok && (j.Kind == analyze.JoinRight || j.Kind == analyze.JoinFull || oneSided(j.Left))
}

func (g *gen) item(it analyze.FromItem) {
	g.enter(1)
	defer g.leave(1)
	switch it := it.(type) {
	case *analyze.FromRTE:
		g.entry(it.RTE)
	case *analyze.Join:
		g.join(it)
	}
}

var joinWords = [...]string{analyze.JoinInner: " JOIN ", analyze.JoinLeft: " LEFT JOIN ", analyze.JoinRight: " RIGHT JOIN ", analyze.JoinFull: " FULL JOIN "}

func (g *gen) join(j *analyze.Join) {
	g.item(j.Left)
	g.w(joinWords[j.Kind])
	if _, nested := j.Right.(*analyze.Join); nested {
		g.w("(")
		g.item(j.Right)
		g.w(")")
	} else {
		g.item(j.Right)
	}
	switch {
	case j.On != nil:
		g.w(" ON ")
		g.qual(j.On)
	case j.Kind != analyze.JoinInner:
		g.w(" ON 1")
	}
}

// entry writes one entry of the range table with its alias.
func (g *gen) entry(i int) {
	lv := g.level
	r := lv.q.RTable[i]
	name := lv.names[i]
	switch r.Kind {
	case analyze.RTERelation:
		g.table(r)
		g.w(" AS ", name)
	case analyze.RTESubquery, analyze.RTEValues:
		g.subqueryEntry(lv, r, name)
	case analyze.RTEFunction:
		g.functionEntry(r, name)
	case analyze.RTECTE:
		cte, ok := g.ctes[r.CTE]
		if !ok {
			g.unsupported(-1, "a reference to WITH query \"%s\" is not supported here", r.CTE.Name)
		}
		if at, ok := g.recursing[r.CTE]; ok && at != g.level {
			g.unsupported(-1, "a recursive reference within a subquery is not supported")
		}
		g.w(cte, " AS ", name)
	default:
		g.unsupported(-1, "this FROM item is not supported")
	}
}

// table writes a stored table's name.
func (g *gen) table(r *analyze.RTE) {
	rel := r.Relation
	if rel.Kind == 'S' {
		g.relation(rel)
		g.w("pg_sequence_", strconv.Itoa(int(rel.OID)), "()")
		return
	}
	if rel.Kind != 'r' {
		g.unsupported(-1, "reading relation \"%s\" is not supported", rel.Name)
	}
	g.relation(rel)
	g.w(rel.Physical)
}

// subqueryEntry writes a subquery in FROM. One that calls volatile functions is computed once and kept, as SQLite would otherwise merge
// it into the query around and call them as often as their columns are named.
func (g *gen) subqueryEntry(lv *level, r *analyze.RTE, name string) {
	if r.Lateral {
		g.lateral(lv, r, name)
		return
	}
	if r.View != nil {
		g.relation(r.View)
	}
	g.w("(")
	if r.Query.Values == nil && volatileTargets(r.Query) {
		m := g.alias()
		g.w("WITH ", m, " AS MATERIALIZED (")
		g.query(r.Query, lv, asSub)
		g.w(") SELECT * FROM ", m)
	} else {
		g.query(r.Query, lv, asSub)
	}
	g.w(") AS ", name)
}

// functionEntry writes a function in FROM.
func (g *gen) functionEntry(r *analyze.RTE, name string) {
	var sets []*analyze.SetCall
	for _, f := range r.Func {
		switch c := f.(type) {
		case *analyze.SetCall:
			sets = append(sets, c)
		case *analyze.Call:
			if c.Proc.ReturnsSet {
				sets = append(sets, &analyze.SetCall{Info: c.Info, Proc: c.Proc, Args: c.Args, Variadic: c.Variadic})
			}
		}
	}
	for i, f := range r.Func {
		p, args := analyze.Called(f)
		if p == nil || r.Scalar || analyze.OutColumns(p, f) != nil || f.Type() != typeRecord && !p.ReturnsSet {
			continue
		}
		if len(r.Func) > 1 {
			// Alone such a function says how many columns are its own.
			if t := g.o.Catalog.Type(f.Type()); f.Type() == typeRecord || t != nil && t.Relid != 0 {
				g.unsupported(r.Func[i].Location(), "ROWS FROM with a function that returns rows of a composite type is not supported")
			}
			continue
		}
		g.checkProc(p, f.Location())
		columns := r.Columns
		if r.Ordinal {
			columns = columns[:len(columns)-1]
		}
		g.expanded(g.procName(p, args, f.Type()), args, columns, f.Type() == typeRecord, name)
		return
	}
	switch {
	case len(r.Func) > 1 && len(sets) == len(r.Func):
		old := g.level.sets
		g.level.sets = map[*analyze.SetCall]setTable{}
		g.lockstep(sets, name)
		g.level.sets = old
		return
	case len(r.Func) > 1:
		g.unsupported(r.Func[0].Location(), "ROWS FROM with a function that returns no set is not supported")
	case len(sets) == 1:
		g.setFunction(sets[0])
		g.w(" AS ", name)
		return
	}
	if !r.Scalar {
		n := len(r.Columns)
		if r.Ordinal {
			n--
		}
		g.w("pg_fields_", itoa(n), "(")
		g.expr(r.Func[0])
		g.w(") AS ", name)
		return
	}
	// As a table of one row: this form may refer to the items before it and calls the function once.
	g.w("pg_values_1(")
	g.expr(r.Func[0])
	g.w(") AS ", name)
}

// setFunction writes a call of a set-returning function as a table.
func (g *gen) setFunction(s *analyze.SetCall) {
	g.checkProc(s.Proc, s.Loc)
	g.call(g.procName(s.Proc, s.Args, s.Typ))
	g.w("(")
	g.list(s.Args)
	g.w(")")
}

func (g *gen) list(es []analyze.Expr) {
	for i, e := range es {
		if i > 0 {
			g.w(", ")
		}
		g.expr(e)
	}
}

// setCalls finds the set-returning functions of the select list, innermost first.
func (g *gen) setCalls(q *analyze.Query) []*analyze.SetCall {
	var out []*analyze.SetCall
	var visit func(e analyze.Expr)
	visit = func(e analyze.Expr) {
		analyze.Walk(e, func(e analyze.Expr) bool {
			s, ok := e.(*analyze.SetCall)
			if !ok {
				return true
			}
			for _, a := range s.Args {
				visit(a)
			}
			for _, have := range out {
				if have == s {
					return false
				}
			}
			out = append(out, s)
			return false
		})
	}
	for i := range q.Targets {
		visit(q.Targets[i].Expr)
	}
	return out
}

// setItems writes the set-returning functions of the select list as the last items of FROM. Several that do not contain each
// other run in step, the shorter ones filled up with NULLs.
func (g *gen) setItems(sets []*analyze.SetCall, first bool) {
	if len(sets) == 0 {
		return
	}
	lv := g.level
	lv.sets = map[*analyze.SetCall]setTable{}
	next := func() {
		if first {
			g.w(" FROM ")
		} else {
			g.w(" CROSS JOIN ")
		}
		first = false
	}
	nested := false
	for _, s := range sets {
		for _, a := range s.Args {
			analyze.Walk(a, func(e analyze.Expr) bool {
				_, in := e.(*analyze.SetCall)
				nested = nested || in
				return true
			})
		}
	}
	if len(sets) > 1 && !nested {
		t := g.alias()
		next()
		g.lockstep(sets, t)
		return
	}
	for i, s := range sets {
		if nested && i > 0 && !contains(s, sets[i-1]) {
			g.unsupported(s.Loc, "several nested set-returning functions in the select list are not supported")
		}
		t := g.alias()
		next()
		g.setFunction(s)
		g.w(" AS ", t)
		lv.sets[s] = setTable{name: t}
	}
}

func contains(outer, inner *analyze.SetCall) bool {
	found := false
	for _, a := range outer.Args {
		analyze.Walk(a, func(e analyze.Expr) bool {
			found = found || e == analyze.Expr(inner)
			return true
		})
	}
	return found
}

// lockstep writes several set-returning functions as one table: its name lists them, its arguments are theirs in a row.
func (g *gen) lockstep(sets []*analyze.SetCall, t string) {
	names := []string{"pg_lockstep"}
	column := 0
	var args []analyze.Expr
	for _, s := range sets {
		g.checkProc(s.Proc, s.Loc)
		names = append(names, g.procName(s.Proc, s.Args, s.Typ))
		g.level.sets[s] = setTable{t, column}
		column += setWidth(s)
		args = append(args, s.Args...)
	}
	g.call(strings.Join(names, "!"))
	g.w("(")
	g.list(args)
	g.w(") AS ", t)
}

// setWidth is how many columns a set-returning function gives.
func setWidth(s *analyze.SetCall) int {
	return max(1, len(analyze.OutColumns(s.Proc, s)))
}

// setValue writes the value of a set-returning function in the select list: its column, or its columns as a row.
func (g *gen) setValue(s *analyze.SetCall, t setTable) {
	cols := analyze.OutColumns(s.Proc, s)
	if len(cols) < 2 {
		g.w(t.name, ".", col(t.first))
		return
	}
	g.w("pg_row_", strconv.Itoa(int(s.Typ)))
	for _, c := range cols {
		g.w("_", strconv.Itoa(int(c.Typ)))
	}
	g.w("(")
	for i := range cols {
		if i > 0 {
			g.w(", ")
		}
		g.w(t.name, ".", col(t.first+i))
	}
	g.w(")")
}
