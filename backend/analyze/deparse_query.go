package analyze

import (
	"strconv"
	"strings"
	"time"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// DeparseQuery prints an analysed SELECT in the layout of pg_get_viewdef: every name qualified as cat's search path needs, `*` expanded. Read
// again it means the same. What it has no text for is 0A000.
func DeparseQuery(q *Query, cat catalog.Lookup) (text string, err error) {
	d := &deparser{cat: cat, ctx: &types.Context{Lookup: ownTypes(cat), DateStyle: types.DateStyle{Format: "ISO", Order: "MDY"}, IntervalStyle: "postgres",
		TimeZone: time.UTC, TimeZoneName: "UTC", ExtraFloatDigits: 1}}
	if n, ok := cat.(types.ObjectNames); ok {
		d.ctx.Names = n
	}
	d.names = d.column
	defer func() {
		if r := recover(); r != nil {
			u, ok := r.(undeparsable)
			if !ok {
				panic(r)
			}
			err = pgerr.Unsupported(-1, "%s", string(u))
		}
	}()
	d.query(q)
	return d.b.String(), nil
}

// undeparsable leaves the depths of a query that cannot be printed; it never leaves this file.
type undeparsable string

// column prints a column with the name its entry has.
func (d *deparser) column(v *Var) string {
	if v.Up >= len(d.levels) {
		panic(undeparsable("storing a query that refers to a query around it is not supported"))
	}
	q := d.levels[len(d.levels)-1-v.Up]
	if v.RTE < 0 || v.RTE >= len(q.RTable) {
		panic(undeparsable("storing this form of set operation is not supported"))
	}
	r := q.RTable[v.RTE]
	if r.Kind == RTEJoin && !r.Aliased && v.Col >= 0 {
		var inner string
		d.levels = d.levels[:len(d.levels)-v.Up]
		inner = d.nested(r.JoinVars[v.Col])
		d.levels = d.levels[:len(d.levels)+v.Up]
		return inner
	}
	switch v.Col {
	case WholeRow:
		return catalog.QuoteIdent(d.alias(q, v.RTE)) + ".*"
	case TableOIDCol:
		return catalog.QuoteIdent(d.alias(q, v.RTE)) + ".tableoid"
	case CtidCol:
		return catalog.QuoteIdent(d.alias(q, v.RTE)) + ".ctid"
	}
	return catalog.QuoteIdent(d.alias(q, v.RTE)) + "." + catalog.QuoteIdent(r.Columns[v.Col].Name)
}

// nested prints an expression aside from the text so far.
func (d *deparser) nested(e Expr) string {
	outer := d.b.String()
	d.b.Reset()
	d.expr(e, true)
	inner := d.b.String()
	d.b.Reset()
	d.put(outer)
	return inner
}

// alias is an entry's name, numbered where an entry before it has the same: names of tables may repeat across schemas.
func (d *deparser) alias(q *Query, i int) string {
	n := 0
	for _, r := range q.RTable[:i] {
		if r.Alias == q.RTable[i].Alias && r.Kind != RTEJoin {
			n++
		}
	}
	if n == 0 {
		return q.RTable[i].Alias
	}
	return q.RTable[i].Alias + "_" + strconv.Itoa(n)
}

// newline begins a line for a clause of the query at hand.
func (d *deparser) newline(spaces int, word string) {
	d.put("\n", strings.Repeat(" ", d.indent+spaces), word)
}

func (d *deparser) query(q *Query) {
	if q.Command != Select {
		panic(undeparsable("storing statements that change data is not supported"))
	}
	d.levels = append(d.levels, q)
	defer func() { d.levels = d.levels[:len(d.levels)-1] }()
	d.with(q)
	switch {
	case q.SetOp != nil:
		d.setOperation(q)
	case q.Values != nil:
		d.values(q)
	default:
		d.selectClauses(q)
	}
	d.sorting(q)
}

func (d *deparser) with(q *Query) {
	for i, c := range q.With {
		d.put([]string{" WITH ", ", "}[min(i, 1)])
		if i == 0 && q.Recursive {
			d.put("RECURSIVE ")
		}
		d.put(catalog.QuoteIdent(c.Name), "(")
		for j, col := range c.Columns {
			if j > 0 {
				d.put(", ")
			}
			d.put(catalog.QuoteIdent(col.Name))
		}
		d.put(") AS ", map[int8]string{1: "MATERIALIZED ", -1: "NOT MATERIALIZED "}[c.Materialized], "(")
		d.indent += 8
		d.newline(0, "")
		d.query(c.Query)
		d.indent -= 8
		d.newline(8, ")")
	}
	if len(q.With) > 0 {
		d.newline(0, "")
	}
}

func (d *deparser) selectClauses(q *Query) {
	d.put(" SELECT ")
	switch {
	case len(q.DistinctOn) > 0:
		d.put("DISTINCT ON (")
		d.list(q.DistinctOn, false)
		d.put(") ")
	case q.Distinct:
		d.put("DISTINCT ")
	}
	d.targets(q)
	for i, f := range q.From {
		if i == 0 {
			d.newline(3, "FROM ")
		} else {
			d.put(",")
			d.newline(4, "")
		}
		d.fromItem(q, f)
	}
	if q.Where != nil {
		d.newline(2, "WHERE ")
		d.expr(q.Where, false)
	}
	d.grouping(q)
	if q.Having != nil {
		d.newline(2, "HAVING ")
		d.expr(q.Having, false)
	}
}

// targets prints the select list; a name is given where the expression would not have it by itself.
func (d *deparser) targets(q *Query) {
	first := true
	for _, t := range q.Targets {
		if t.Junk {
			continue
		}
		if !first {
			d.put(",")
			d.newline(4, "")
		}
		first = false
		d.expr(t.Expr, true)
		natural := "?column?"
		if v, ok := t.Expr.(*Var); ok && v.Col >= 0 && v.Up == 0 {
			natural = d.levels[len(d.levels)-1].RTable[v.RTE].Columns[v.Col].Name
		}
		if t.Name != natural {
			d.put(" AS ", catalog.QuoteIdent(t.Name))
		}
	}
}

func (d *deparser) grouping(q *Query) {
	if len(q.GroupBy) == 0 && q.GroupingSets == nil {
		return
	}
	d.newline(2, "GROUP BY ")
	if q.GroupingSets == nil {
		d.list(q.GroupBy, false)
		return
	}
	d.put("GROUPING SETS (")
	for i, set := range q.GroupingSets {
		d.put([]string{"(", ", ("}[min(i, 1)])
		for j, k := range set {
			if j > 0 {
				d.put(", ")
			}
			d.expr(q.GroupBy[k], false)
		}
		d.put(")")
	}
	d.put(")")
}

func (d *deparser) setOperation(q *Query) {
	s := q.SetOp
	if s.LeftCast != nil || s.RightCast != nil {
		panic(undeparsable("storing this form of set operation is not supported"))
	}
	arm := func(q *Query) {
		plain := q.SetOp == nil && len(q.Order) == 0 && q.Limit == nil && q.Offset == nil && len(q.With) == 0
		if !plain {
			d.put("(")
		}
		d.query(q)
		if !plain {
			d.put(")")
		}
	}
	arm(s.Left)
	d.newline(0, strings.ToUpper(s.Op)+" ")
	if s.All {
		d.put("ALL ")
	}
	d.newline(0, "")
	arm(s.Right)
}

func (d *deparser) values(q *Query) {
	for i, row := range q.Values {
		d.put([]string{" VALUES (", ", ("}[min(i, 1)])
		d.list(row, false)
		d.put(")")
	}
}

// sorting prints ORDER BY, LIMIT, OFFSET and locking. A key of a set operation is an output column, printed by number.
func (d *deparser) sorting(q *Query) {
	for i, k := range q.Order {
		if i == 0 {
			d.newline(2, "ORDER BY ")
		} else {
			d.put(", ")
		}
		d.sortKey(q, k)
	}
	if q.Offset != nil {
		d.newline(1, "OFFSET ")
		d.expr(q.Offset, false)
	}
	if q.Limit != nil {
		if q.WithTies {
			d.newline(1, "FETCH FIRST (")
			d.expr(q.Limit, false)
			d.put(") ROWS WITH TIES")
		} else {
			d.newline(1, "LIMIT ")
			d.expr(q.Limit, false)
		}
	}
	if q.Lock != nil {
		panic(undeparsable("storing FOR UPDATE and its like is not supported"))
	}
}

func (d *deparser) sortKey(q *Query, k SortKey) {
	if v, ok := k.Expr.(*Var); ok && (q.SetOp != nil || q.Values != nil) && v.RTE < 0 {
		d.put(strconv.Itoa(v.Col + 1))
	} else {
		d.expr(k.Expr, false)
	}
	if k.Desc {
		d.put(" DESC")
	}
	if k.NullsFirst != k.Desc {
		d.put(map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[k.NullsFirst])
	}
}

// over prints the window of a window function.
func (d *deparser) over(x *Window) {
	if x.Filter != nil {
		d.put(" FILTER (WHERE ")
		d.expr(x.Filter, false)
		d.put(")")
	}
	if len(d.levels) == 0 {
		panic(undeparsable("window functions are not supported here"))
	}
	q := d.levels[len(d.levels)-1]
	w := q.Windows[x.Win]
	d.put(" OVER (")
	space := ""
	for i, e := range w.Partition {
		d.put([]string{"PARTITION BY ", ", "}[min(i, 1)])
		d.expr(e, false)
		space = " "
	}
	for i, k := range w.Order {
		d.put([]string{space + "ORDER BY ", ", "}[min(i, 1)])
		d.sortKey(q, k)
		space = " "
	}
	if w.Frame != "" {
		parts := strings.Split(w.Frame, "%s")
		d.put(space, parts[0])
		for i, e := range w.Offsets {
			d.expr(e, false)
			d.put(parts[i+1])
		}
	}
	d.put(")")
}

// sublink prints a query in an expression.
func (d *deparser) sublink(x *Sublink) {
	if len(d.levels) == 0 && d.names != nil && x.Query == nil {
		panic(undeparsable("subqueries are not supported here"))
	}
	open := map[SubKind]string{SubExists: "(EXISTS (", SubExpr: "(", SubArray: "ARRAY("}[x.Kind]
	if x.Kind == SubAny || x.Kind == SubAll {
		d.put("(")
		if len(x.Left) == 1 {
			d.expr(x.Left[0], true)
		} else {
			d.args("ROW(", x.Left)
		}
		open = " " + x.Op + map[SubKind]string{SubAny: " ANY (", SubAll: " ALL ("}[x.Kind]
		if x.Kind == SubAny && x.Op == "=" {
			open = " IN ("
		}
	}
	d.put(open)
	d.indent += 8
	d.query(x.Query)
	d.indent -= 8
	d.put(")")
	if x.Kind != SubExpr && x.Kind != SubArray {
		d.put(")")
	}
}
