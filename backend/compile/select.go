package compile

import (
	"strings"

	"pgd/backend/analyze"
)

// form is where a query stands: at the top its columns need no names, elsewhere they are c0, c1 …
type form uint8

const (
	asTop form = iota
	asSub
)

// query writes a SELECT of any kind, standing in parent.
func (g *gen) query(q *analyze.Query, parent *level, as form) {
	g.enter(3)
	defer g.leave(3)
	old := g.level
	defer func() { g.level = old }()
	g.level = g.push(q, parent)
	if q.Lock != nil {
		g.plan.Locks = true
		g.plan.NoWait = g.plan.NoWait || q.Lock.NoWait
	}
	g.with(q)
	switch {
	case q.SetOp != nil:
		g.setQuery(q, as)
	case q.Values != nil:
		g.valuesQuery(q)
	case q.GroupingSets != nil:
		g.groupingSets(q, as)
	case q.DistinctOn != nil:
		g.distinctOn(q, as)
	case q.WithTies:
		g.withTies(q, as)
	case q.Having != nil && q.GroupBy == nil && !aggregated(q):
		g.havingOnly(q, as)
	default:
		g.plain(q, as)
	}
}

// plain writes SELECT … FROM … without what needs a query around it.
func (g *gen) plain(q *analyze.Query, as form) {
	sets := g.setCalls(q)
	if sets != nil && (q.HasAggs || q.GroupBy != nil || q.Having != nil || len(q.Windows) > 0) {
		g.setsOverGroups(q, sets, as)
		return
	}
	from := g.text(func() { g.from(q, sets) })
	g.w("SELECT ")
	if q.Distinct {
		g.w("DISTINCT ")
	}
	g.targets(q, as)
	g.w(from)
	g.where(q)
	g.group(q)
	g.order(q)
	g.limit(q)
}

// targets writes the select list.
func (g *gen) targets(q *analyze.Query, as form) {
	n := 0
	for i := range q.Targets {
		t := &q.Targets[i]
		if t.Junk {
			continue
		}
		if n > 0 {
			g.w(", ")
		}
		if q.Distinct {
			g.collated(t.Expr)
		} else {
			g.expr(t.Expr)
		}
		if as == asSub {
			g.w(" AS ", col(n))
		}
		n++
	}
	if n == 0 {
		g.w("NULL")
		if as == asSub {
			g.w(" AS c0")
		}
	}
}

func (g *gen) where(q *analyze.Query) {
	if q.Where != nil {
		g.w(" WHERE ")
		g.qual(q.Where)
	}
}

// qual writes a condition of which only truth counts: where it is NULL may as well be false.
func (g *gen) qual(e analyze.Expr) {
	switch e := e.(type) {
	case *analyze.Bool:
		if e.Op != analyze.Not {
			op := " AND "
			if e.Op == analyze.Or {
				op = " OR "
			}
			g.balanced(e.Args, op, g.qual)
			return
		}
	case *analyze.ScalarArray:
		g.scalarArray(e, true)
		return
	}
	g.expr(e)
}

func (g *gen) group(q *analyze.Query) {
	if q.GroupBy != nil {
		g.w(" GROUP BY ")
		g.keys(q.GroupBy)
	}
	if q.Having != nil {
		g.w(" HAVING ")
		g.qual(q.Having)
	}
}

// keys writes grouping or partition keys. A constant groups nothing, and a number would be taken for a column's place.
func (g *gen) keys(es []analyze.Expr) {
	n := 0
	for _, e := range es {
		key := g.key(e)
		if key == "" {
			continue
		}
		if n > 0 {
			g.w(", ")
		}
		g.w(key)
		n++
	}
	if n == 0 {
		g.w("NULL")
	}
}

// key gives an expression to sort or group by, "" for a constant, which decides nothing and which SQLite, once it has folded it to a
// number, would take for a column's place.
func (g *gen) key(e analyze.Expr) string {
	if constantKey(e) {
		return ""
	}
	s := g.text(func() { g.collated(e) })
	if strings.Trim(s, "()+- 0123456789") == "" || s == "NULL" {
		return ""
	}
	if b, ok := e.(*analyze.Bool); ok && b.Op != analyze.Not {
		// x AND 0 is folded too.
		s = "nullif(" + s + ", NULL)"
	}
	return s
}

// constantKey tells an expression that has the same value in every row.
func constantKey(e analyze.Expr) bool {
	same := true
	analyze.Walk(e, func(e analyze.Expr) bool {
		switch e := e.(type) {
		case *analyze.Var, *analyze.Agg, *analyze.Window, *analyze.Sublink, *analyze.SetCall:
			same = false
		case *analyze.Call:
			same = same && e.Proc.Volatile != 'v'
		}
		return same
	})
	return same
}

// order writes ORDER BY. A key that is an output column is named by its number, so that it is computed once.
func (g *gen) order(q *analyze.Query) {
	n := 0
	for _, k := range q.Order {
		key := g.key(k.Expr)
		if key == "" {
			continue
		}
		if n == 0 {
			g.w(" ORDER BY ")
		} else {
			g.w(", ")
		}
		n++
		place, shown := 0, 0
		for i := range q.Targets {
			if q.Targets[i].Junk {
				continue
			}
			if shown++; q.Targets[i].Expr == k.Expr && place == 0 {
				place = shown
			}
		}
		if _, plain := k.Expr.(*analyze.Var); place > 0 && !plain {
			g.int(int64(place))
			if c := g.collation(k.Expr.Type()); c != "" {
				g.w(" COLLATE ", c)
			}
		} else {
			g.w(key)
		}
		g.direction(k)
	}
}

// direction writes DESC and where NULLs go. SQLite takes NULL for the smallest value, PostgreSQL for the largest; saying nothing where
// it does not matter lets an index serve.
func (g *gen) direction(k analyze.SortKey) {
	if k.Desc {
		g.w(" DESC")
	}
	if k.NullsFirst == k.Desc && !g.notNull(k.Expr) {
		if k.NullsFirst {
			g.w(" NULLS FIRST")
		} else {
			g.w(" NULLS LAST")
		}
	}
}

// sortKeys writes the keys of a window or an aggregate.
func (g *gen) sortKeys(ks []analyze.SortKey) bool {
	n := 0
	for _, k := range ks {
		key := g.key(k.Expr)
		if key == "" {
			continue
		}
		if n == 0 {
			g.w("ORDER BY ")
		} else {
			g.w(", ")
		}
		n++
		g.w(key)
		g.direction(k)
	}
	return n > 0
}

// limit writes LIMIT and OFFSET. SQLite takes a negative number for no limit and fails on NULL; PostgreSQL the other way round.
func (g *gen) limit(q *analyze.Query) {
	if q.Limit == nil && q.Offset == nil {
		return
	}
	g.w(" LIMIT ")
	g.limitValue(q.Limit, "-1", "pg_limit")
	if q.Offset != nil {
		g.w(" OFFSET ")
		g.limitValue(q.Offset, "0", "pg_offset")
	}
}

func (g *gen) limitValue(e analyze.Expr, none, check string) {
	if e == nil {
		g.w(none)
		return
	}
	if i, ok := constInt(e); ok && i >= 0 {
		g.int(i)
		return
	}
	outer := false
	analyze.Walk(e, func(e analyze.Expr) bool {
		if v, ok := e.(*analyze.Var); ok && v.Up > 0 {
			outer = true
		}
		return true
	})
	if outer {
		g.unsupported(e.Location(), "LIMIT with a reference to an outer query is not supported")
	}
	g.w(check, "(")
	g.expr(e)
	g.w(")")
}

// valuesQuery writes VALUES as a query.
func (g *gen) valuesQuery(q *analyze.Query) {
	if rawValues(q) {
		g.valuesRows(q)
		return
	}
	t := g.alias()
	g.w("SELECT ")
	lv := g.level
	lv.out = nil
	for i := range q.Targets {
		if i > 0 {
			g.w(", ")
		}
		name := t + ".column" + itoa(i+1)
		lv.out = append(lv.out, name)
		g.w(name, " AS ", col(i))
	}
	g.w(" FROM (")
	g.valuesRows(q)
	g.w(") AS ", t)
	g.order(q)
	g.limit(q)
}

func (g *gen) valuesRows(q *analyze.Query) {
	g.w("VALUES ")
	for r, row := range q.Values {
		if r > 0 {
			g.w(", ")
		}
		g.w("(")
		for i, e := range row {
			if i > 0 {
				g.w(", ")
			}
			g.expr(e)
		}
		if len(row) == 0 {
			g.w("NULL")
		}
		g.w(")")
	}
}
