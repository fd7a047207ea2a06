package compile

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
)

// insert writes INSERT. Defaults have been filled in by analysis, so SQLite's own are never used.
func (g *gen) insert(q *analyze.Query) {
	lv := g.push(q, nil)
	g.level = lv
	rel := q.RTable[q.Result].Relation
	g.target(rel)
	name := lv.names[q.Result]
	g.with(q)
	g.w("INSERT INTO ", rel.Physical, " AS ", name)
	cols := q.Columns
	targets := q.Targets
	// The rowid column must be among the values: left out or NULL, SQLite would choose one.
	if rc := rel.RowidColumn; rc >= 0 {
		has := false
		for _, c := range cols {
			has = has || c == rc
		}
		if !has {
			c := &rel.Columns[rc]
			cols = append([]int{rc}, cols...)
			targets = append([]analyze.Target{{Expr: &analyze.Const{Info: analyze.Info{Typ: c.Type, Mod: c.Typmod, Loc: -1}}}}, targets...)
		}
	}
	if len(cols) == 0 {
		g.w(" DEFAULT VALUES")
	} else {
		g.w("(")
		for i, c := range cols {
			if i > 0 {
				g.w(", ")
			}
			g.w(rel.Columns[c].Physical)
		}
		g.w(") ")
		g.insertRows(q, rel, cols, targets)
		g.conflict(q, rel, lv)
	}
	g.returning(q, rel, lv)
}

// target notes the table a plan changes.
func (g *gen) target(rel *catalog.Relation) {
	g.relation(rel)
	g.plan.Target = rel.OID
}

// insertRows writes VALUES or SELECT.
func (g *gen) insertRows(q *analyze.Query, rel *catalog.Relation, cols []int, targets []analyze.Target) {
	if sets := g.setCalls(q); sets != nil {
		if q.Source != nil {
			g.unsupported(sets[0].Loc, "set-returning functions are not supported here")
		}
		from := g.text(func() { g.setItems(sets, true) })
		g.w("SELECT ")
		g.assigned(rel, cols, targets)
		g.w(from, " WHERE 1")
		return
	}
	if q.Source == nil {
		if volatileRow(targets) && g.mayLackKey(rel, cols, targets) {
			g.insertChecked(q, rel, cols, targets)
			return
		}
		g.w("VALUES (")
		g.assigned(rel, cols, targets)
		g.w(")")
		return
	}
	lv := g.level
	if g.straight(q, rel, cols, targets) {
		if rawValues(q.Source) {
			g.query(q.Source, lv, asTop)
			return
		}
	}
	if q.OnConflict != nil && !q.OnConflict.DoNothing && len(q.OnConflict.Keys) > 0 {
		g.insertOnce(q, rel, cols, targets)
		return
	}
	src := lv.names[q.SourceRTE]
	g.w("SELECT ")
	g.assigned(rel, cols, targets)
	g.w(" FROM ")
	g.source(q, src)
	// Without a condition SQLite's grammar takes ON CONFLICT for a join's.
	g.w(" WHERE 1")
}

// source writes the rows to insert as a table. What calls volatile functions, or is to be numbered in its own order, is computed first.
func (g *gen) source(q *analyze.Query, name string) {
	lv := g.level
	volatile := volatileQuery(q.Source)
	for i := range q.Targets {
		volatile = volatile || volatileExpr(q.Targets[i].Expr)
	}
	if volatile && !rawValues(q.Source) {
		m := g.alias()
		g.w("(WITH ", m, " AS MATERIALIZED (")
		g.query(q.Source, lv, asSub)
		g.w(") SELECT * FROM ", m, ") AS ", name)
		return
	}
	g.w("(")
	g.query(q.Source, lv, asSub)
	g.w(") AS ", name)
}

// straight tells that the values go in as the source gives them.
func (g *gen) straight(q *analyze.Query, rel *catalog.Relation, cols []int, targets []analyze.Target) bool {
	if len(targets) != len(q.RTable[q.SourceRTE].Columns) || q.OnConflict != nil && !q.OnConflict.DoNothing {
		return false
	}
	for i := range targets {
		v, ok := targets[i].Expr.(*analyze.Var)
		if !ok || v.Up != 0 || v.RTE != q.SourceRTE || v.Col != i {
			return false
		}
		if cols[i] == rel.RowidColumn {
			return g.constantColumn(q.Source, i)
		}
	}
	return true
}

// constantColumn tells that column i of a VALUES list holds constants other than NULL.
func (g *gen) constantColumn(q *analyze.Query, i int) bool {
	for _, row := range q.Values {
		if !g.notNull(row[i]) {
			return false
		}
	}
	return q.Values != nil
}

func volatileRow(ts []analyze.Target) bool {
	for i := range ts {
		if volatileExpr(ts[i].Expr) {
			return true
		}
	}
	return false
}

// neverNull tells values that need no check before they become a rowid.
func (g *gen) neverNull(e analyze.Expr) bool {
	if c, ok := e.(*analyze.Call); ok {
		switch c.Proc.Name {
		case "nextval":
			return true
		case "int4", "int2", "int8":
			return len(c.Args) == 1 && g.neverNull(c.Args[0])
		}
	}
	return g.notNull(e)
}

func (g *gen) mayLackKey(rel *catalog.Relation, cols []int, targets []analyze.Target) bool {
	for i, c := range cols {
		if c == rel.RowidColumn && !g.neverNull(targets[i].Expr) {
			return true
		}
	}
	return false
}

// assigned writes the values; that of the rowid column raises PostgreSQL's error where it is NULL.
func (g *gen) assigned(rel *catalog.Relation, cols []int, targets []analyze.Target) {
	for i, c := range cols {
		if i > 0 {
			g.w(", ")
		}
		e := targets[i].Expr
		if c != rel.RowidColumn || g.neverNull(e) {
			g.expr(e)
			continue
		}
		if k, ok := e.(*analyze.Const); ok && k.Value.IsNull() {
			g.missingKey(rel, cols, targets)
			continue
		}
		g.w("coalesce(")
		g.expr(e)
		g.w(", ")
		g.missingKey(rel, cols, targets)
		g.w(")")
	}
}

// missingKey writes the error of a NULL in the rowid column.
func (g *gen) missingKey(rel *catalog.Relation, cols []int, targets []analyze.Target) {
	g.failNotNull(rel, rel.RowidColumn, func(i int) {
		for k, c := range cols {
			if c == i && c != rel.RowidColumn {
				g.expr(targets[k].Expr)
				return
			}
		}
		g.w("NULL")
	})
}

// failNotNull writes the call that raises PostgreSQL's error for a NULL in column c; value writes what the row has in column i.
func (g *gen) failNotNull(rel *catalog.Relation, c int, value func(i int)) {
	g.w("pg_fail_notnull(")
	g.quote(rel.Schema)
	g.w(", ")
	g.quote(rel.Name)
	g.w(", ")
	g.quote(rel.Columns[c].Name)
	for i := range rel.Columns {
		if rel.Columns[i].Dropped {
			continue
		}
		g.w(", ", strconv.Itoa(int(rel.Columns[i].Type)), ", ")
		value(i)
	}
	g.w(")")
}

// insertChecked inserts one row whose values are computed once although the check of the key names them again.
func (g *gen) insertChecked(q *analyze.Query, rel *catalog.Relation, cols []int, targets []analyze.Target) {
	m, t := g.alias(), g.alias()
	g.w("SELECT ")
	over := make([]analyze.Target, len(targets))
	lv := &level{q: &analyze.Query{}, parent: g.level}
	for i := range targets {
		e := targets[i].Expr
		lv.out = append(lv.out, t+"."+col(i))
		over[i].Expr = &analyze.Var{Info: analyze.Info{Typ: e.Type(), Mod: e.Typmod(), Coll: e.Collation(), Loc: -1}, RTE: -1, Col: i}
	}
	g.at(lv, func() { g.assigned(rel, cols, over) })
	g.w(" FROM (WITH ", m, " AS MATERIALIZED (SELECT ")
	for i := range targets {
		if i > 0 {
			g.w(", ")
		}
		g.expr(targets[i].Expr)
		g.w(" AS ", col(i))
	}
	g.w(") SELECT * FROM ", m, ") AS ", t, " WHERE 1")
}

// insertOnce inserts rows of which none may meet the row another of them has just inserted or updated: PostgreSQL refuses to touch a row
// twice. Rows with equal keys are found by numbering them; the rows keep their order.
func (g *gen) insertOnce(q *analyze.Query, rel *catalog.Relation, cols []int, targets []analyze.Target) {
	lv := g.level
	t := g.alias()
	m := g.alias()
	out := &level{q: &analyze.Query{}, parent: lv}
	over := make([]analyze.Target, len(targets))
	for i := range targets {
		e := targets[i].Expr
		out.out = append(out.out, t+"."+col(i))
		over[i].Expr = &analyze.Var{Info: analyze.Info{Typ: e.Type(), Mod: e.Typmod(), Coll: e.Collation(), Loc: -1}, RTE: -1, Col: i}
	}
	value := func(v *analyze.Var) string {
		for i, c := range cols {
			if c == v.Col {
				s := m + "." + col(i)
				if k := g.collation(v.Typ); k != "" {
					s += " COLLATE " + k
				}
				return s
			}
		}
		return "NULL"
	}
	g.w("SELECT ")
	g.at(out, func() { g.assigned(rel, cols, over) })
	g.w(" FROM (WITH ", m, " AS MATERIALIZED (SELECT ")
	for i := range targets {
		g.expr(targets[i].Expr)
		g.w(" AS ", col(i), ", ")
	}
	g.w("row_number() OVER () AS n FROM ")
	g.source(q, lv.names[q.SourceRTE])
	g.w(") SELECT ", m, ".*, row_number() OVER (PARTITION BY ")
	keyed := &level{column: value}
	for i, k := range q.OnConflict.Keys {
		if i > 0 {
			g.w(", ")
		}
		g.at(keyed, func() { g.expr(k) })
	}
	g.w(" ORDER BY ", m, ".n) AS d, ")
	for i, k := range q.OnConflict.Keys {
		if i > 0 {
			g.w(" + ")
		}
		g.at(keyed, func() { g.w("("); g.expr(k); g.w(" IS NULL)") })
	}
	if q.OnConflict.IndexWhere != nil {
		g.w(" + (NOT coalesce(")
		g.at(keyed, func() { g.expr(q.OnConflict.IndexWhere) })
		g.w(", 0))")
	}
	g.w(" AS u FROM ", m, ") AS ", t, " WHERE pg_upsert_once(", t, ".d, ", t, ".u) ORDER BY ", t, ".n")
}
