package sqltest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes random queries over the tables of differSetup. Every expression has a type, so that most statements are right.
type generator struct {
	r     *rand.Rand
	alias int
	ctes  []source
}

// source is something with columns: an entry of FROM.
type source struct {
	name string
	cols []column
}

type column struct {
	name string
	typ  string
}

var baseTables = []source{
	{"ta", []column{{"id", "int4"}, {"i", "int4"}, {"t", "text"}, {"n", "numeric"}, {"b", "bool"}}},
	{"tb", []column{{"k", "int4"}, {"i", "int8"}, {"f", "float8"}, {"t", "varchar"}, {"d", "date"}}},
	{"tc", []column{{"x", "int2"}, {"n", "numeric"}, {"c", "bpchar"}, {"ts", "timestamp"}}},
}

var scalarTypes = []string{"int4", "int8", "numeric", "float8", "text", "bool", "date"}

func (g *generator) pick(xs ...string) string { return xs[g.r.IntN(len(xs))] }
func (g *generator) chance(n int) bool        { return g.r.IntN(n) == 0 }

func (g *generator) name() string {
	g.alias++
	return fmt.Sprintf("q%d", g.alias)
}

// class groups types that an expression of one may stand for.
func class(t string) string {
	switch t {
	case "int2", "int4":
		return "int4"
	case "varchar", "bpchar":
		return "text"
	}
	return t
}

func (g *generator) literal(t string) string {
	if g.chance(9) {
		return "null::" + t
	}
	switch class(t) {
	case "int4":
		return fmt.Sprint(g.r.IntN(7) - 1)
	case "int8":
		return fmt.Sprintf("%d::int8", g.r.IntN(7)-1)
	case "numeric":
		return g.pick("1.0", "2.50", "0.5", "3", "1.00") + "::numeric"
	case "float8":
		return g.pick("1.5", "-2", "0", "3") + "::float8"
	case "text":
		return g.pick("'a'", "'b'", "'ab'", "''", "'B c'") + "::text"
	case "bool":
		return g.pick("true", "false")
	case "date":
		return g.pick("'2024-01-01'", "'2024-02-29'", "'1999-12-31'") + "::date"
	case "timestamp":
		return "'2024-01-01 10:00:00'::timestamp"
	}
	return "null"
}

// column gives a column of a class, "" where there is none.
func (g *generator) column(from []source, t string) string {
	var have []string
	for _, s := range from {
		for _, c := range s.cols {
			if class(c.typ) == class(t) {
				have = append(have, s.name+"."+c.name)
			}
		}
	}
	if len(have) == 0 {
		return ""
	}
	return g.pick(have...)
}

// expr makes an expression of type t over from.
func (g *generator) expr(from []source, t string, depth int) string {
	if depth <= 0 || g.chance(3) {
		if c := g.column(from, t); c != "" && !g.chance(4) {
			if class(t) == "text" {
				return c + "::text"
			}
			return c
		}
		return g.literal(t)
	}
	sub := func(t string) string { return g.expr(from, t, depth-1) }
	switch g.r.IntN(8) {
	case 0:
		return fmt.Sprintf("case when %s then %s else %s end", sub("bool"), sub(t), sub(t))
	case 1:
		return fmt.Sprintf("coalesce(%s, %s)", sub(t), sub(t))
	case 2:
		return fmt.Sprintf("nullif(%s, %s)", sub(t), sub(t))
	case 3:
		if depth > 1 && g.chance(2) {
			return g.scalarQuery(from, t, depth-1)
		}
	}
	switch class(t) {
	case "int4":
		switch g.r.IntN(4) {
		case 0:
			return fmt.Sprintf("(%s %s %s)", sub(t), g.pick("+", "-", "*"), sub(t))
		case 1:
			return fmt.Sprintf("length(%s)", sub("text"))
		case 2:
			return fmt.Sprintf("(%s)::int4", sub("bool"))
		default:
			return fmt.Sprintf("case %s when %s then %s end", sub(t), g.literal(t), sub(t))
		}
	case "int8":
		return fmt.Sprintf("(%s + %s)", sub("int4"), sub("int8"))
	case "numeric":
		return fmt.Sprintf("(%s %s %s)", sub("numeric"), g.pick("+", "-", "*"), g.pick(sub("numeric"), sub("int4")))
	case "float8":
		return fmt.Sprintf("(%s + %s)", sub("float8"), sub("int4"))
	case "text":
		return fmt.Sprintf(g.pick("upper(%s)", "lower(%s)", "(%s || 'x')", "(%s || 1)"), sub("text"))
	case "date":
		return fmt.Sprintf("(%s + 1)", sub("date"))
	case "bool":
		return g.condition(from, depth)
	}
	return g.literal(t)
}

// condition makes a boolean.
func (g *generator) condition(from []source, depth int) string {
	sub := func(t string) string { return g.expr(from, t, depth-1) }
	t := g.pick(scalarTypes...)
	switch g.r.IntN(11) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", sub(t), g.pick("=", "<>", "<", "<=", ">", ">="), sub(t))
	case 3:
		return fmt.Sprintf("(%s %s %s)", sub("bool"), g.pick("and", "or"), sub("bool"))
	case 4:
		return fmt.Sprintf("(not %s)", sub("bool"))
	case 5:
		return fmt.Sprintf("(%s is %snull)", sub(t), g.pick("", "not "))
	case 6:
		return fmt.Sprintf("(%s is %sdistinct from %s)", sub(t), g.pick("", "not "), sub(t))
	case 7:
		return fmt.Sprintf("(%s %sin (%s, %s))", sub(t), g.pick("", "not "), g.literal(t), g.literal(t))
	case 8:
		return fmt.Sprintf("(%s between %s and %s)", sub(t), sub(t), sub(t))
	case 9:
		return fmt.Sprintf("(%s is %s)", sub("bool"), g.pick("true", "not true", "false", "unknown", "not unknown"))
	}
	if depth < 2 {
		return fmt.Sprintf("(%s like %s)", sub("text"), g.pick("'a%'", "'%b'", "'_'"))
	}
	q, cols := g.query(from, []string{t}, depth-1)
	_ = cols
	switch g.r.IntN(3) {
	case 0:
		return fmt.Sprintf("%sexists (%s)", g.pick("", "not "), q)
	case 1:
		return fmt.Sprintf("(%s %sin (%s))", sub(t), g.pick("", "not "), q)
	}
	return fmt.Sprintf("(%s %s %s (%s))", sub(t), g.pick("=", "<>", "<", ">="), g.pick("any", "all"), q)
}

// scalarQuery makes a subquery of one row.
func (g *generator) scalarQuery(outer []source, t string, depth int) string {
	from, text := g.from(outer, 1)
	scope := append(append([]source{}, from...), outer...)
	where := ""
	if g.chance(2) {
		where = " where " + g.condition(scope, depth)
	}
	switch class(t) {
	case "int8":
		return fmt.Sprintf("(select count(%s) from %s%s)", g.expr(scope, g.pick(scalarTypes...), 1), text, where)
	case "bool":
		return fmt.Sprintf("(select bool_or(%s) from %s%s)", g.expr(from, t, 1), text, where)
	}
	// An argument of the inner level only, so that the aggregate is the inner query's.
	return fmt.Sprintf("(select %s(%s) from %s%s)", g.pick("max", "min"), g.inner(from, t), text, where)
}

func (g *generator) inner(from []source, t string) string {
	if c := g.column(from, t); c != "" {
		if class(t) == "text" {
			return c + "::text"
		}
		return c
	}
	return g.literal(t)
}

// from makes a FROM list with up to n joins; what it gives are the names visible.
func (g *generator) from(outer []source, n int) ([]source, string) {
	first, text := g.item(outer, n)
	scope := []source{first}
	for n > 0 && g.chance(2) {
		n--
		s, t := g.item(outer, n)
		kind := g.pick(",", "cross join", "join", "left join", "left join", "right join", "full join")
		all := append(append([]source{}, scope...), s)
		switch kind {
		case ",":
			if strings.Contains(text, " join ") {
				continue
			}
			text += ", " + t
		case "cross join":
			if strings.Contains(text, ", ") && !strings.Contains(text, "(") {
				continue
			}
			text += " cross join " + t
		default:
			if strings.Contains(text, ", ") {
				continue
			}
			on := g.equality(scope, s)
			if kind != "full join" && g.chance(3) {
				on += " and " + g.condition(all, 1)
			}
			text += " " + kind + " " + t + " on " + on
		}
		scope = all
	}
	return scope, text
}

// equality makes a condition that a full join can have.
func (g *generator) equality(left []source, right source) string {
	for range 10 {
		c := right.cols[g.r.IntN(len(right.cols))]
		if l := g.column(left, c.typ); l != "" {
			return l + " = " + right.name + "." + c.name
		}
	}
	return "true"
}

func (g *generator) item(outer []source, n int) (source, string) {
	name := g.name()
	if n > 0 && g.chance(4) {
		types := []string{g.pick(scalarTypes...), g.pick(scalarTypes...)}
		q, cols := g.query(nil, types, 1)
		return source{name, cols}, fmt.Sprintf("(%s) as %s", q, name)
	}
	tables := append(append([]source{}, baseTables...), g.ctes...)
	s := tables[g.r.IntN(len(tables))]
	return source{name, s.cols}, s.name + " as " + name
}

// query makes a SELECT of columns of these types.
func (g *generator) query(outer []source, types []string, depth int) (string, []column) {
	if depth > 0 && g.chance(6) {
		l, cols := g.query(outer, types, depth-1)
		r, _ := g.query(outer, types, depth-1)
		op := g.pick("union", "union all", "intersect", "except", "intersect all", "except all")
		return fmt.Sprintf("(%s) %s (%s)", l, op, r), cols
	}
	from, text := g.from(outer, depth)
	scope := append(append([]source{}, from...), outer...)
	var cols []column
	var list, keys []string
	grouped := g.chance(4)
	if grouped {
		keys = append(keys, g.expr(from, g.pick(scalarTypes...), 1))
	}
	for i, t := range types {
		e := ""
		switch {
		case grouped && g.chance(2):
			e = g.expr(from, t, 1)
			keys = append(keys, e)
		case grouped:
			e = g.aggregate(from, t)
		default:
			e = g.expr(scope, t, depth)
		}
		c := fmt.Sprintf("c%d", i)
		list = append(list, fmt.Sprintf("(%s)::%s as %s", e, t, c))
		cols = append(cols, column{c, t})
	}
	s := "select "
	if !grouped && g.chance(6) {
		s += "distinct "
	}
	s += strings.Join(list, ", ") + " from " + text
	if g.chance(2) {
		s += " where " + g.condition(scope, depth)
	}
	if grouped {
		var by []string
		for _, k := range keys {
			by = append(by, "("+k+")")
		}
		s += " group by " + strings.Join(by, ", ")
		if g.chance(3) {
			s += " having count(*) > " + g.pick("0", "1", "2")
		}
	}
	return s, cols
}

func (g *generator) aggregate(from []source, t string) string {
	switch class(t) {
	case "int8":
		return g.pick("count(*)", fmt.Sprintf("count(%s)", g.expr(from, g.pick(scalarTypes...), 1)),
			fmt.Sprintf("count(distinct %s)", g.expr(from, "int4", 1)), fmt.Sprintf("sum(%s)", g.expr(from, "int4", 1)))
	case "numeric":
		return fmt.Sprintf("sum(%s)", g.expr(from, "numeric", 1))
	case "bool":
		return fmt.Sprintf("bool_and(%s)", g.expr(from, "bool", 1))
	}
	return fmt.Sprintf("%s(%s)", g.pick("max", "min"), g.expr(from, t, 1))
}

// statement makes a whole query, its rows in an order that its columns decide.
func (g *generator) statement() string {
	g.alias, g.ctes = 0, nil
	with := ""
	if g.chance(5) {
		q, cols := g.query(nil, []string{"int4", g.pick(scalarTypes...)}, 1)
		with = "with w as (" + q + ") "
		g.ctes = []source{{"w", cols}}
	}
	n := 1 + g.r.IntN(3)
	var types, by []string
	for i := range n {
		types = append(types, g.pick(scalarTypes...))
		by = append(by, fmt.Sprintf("%d%s", i+1, g.pick("", " desc", " nulls first", " desc nulls last")))
	}
	q, cols := g.query(nil, types, 3)
	if g.chance(5) {
		var w []string
		for _, c := range cols {
			w = append(w, fmt.Sprintf("%s over (order by %s)", g.pick("rank()", "dense_rank()", "count(*)", "max("+c.name+"::text)"), c.name))
		}
		q = fmt.Sprintf("select *, %s from (%s) z", strings.Join(w, ", "), q)
	}
	s := with + q + " order by " + strings.Join(by, ", ")
	if g.chance(4) {
		s += g.pick(" limit 3", " limit 2 offset 1", " offset 2")
	}
	return s
}

// change makes a statement that changes table tm (k, u, a, t, n) of changeSetup.
func (g *generator) change() string {
	g.alias, g.ctes = 0, nil
	tm := source{"tm", []column{{"k", "int4"}, {"u", "int4"}, {"a", "int4"}, {"t", "text"}, {"n", "numeric"}}}
	row := func() string {
		return fmt.Sprintf("(%d, %s, %s, %s, %s)", g.r.IntN(12), g.pick("null", "1", "2", "3", "4", "5", "6"), g.literal("int4"), g.literal("text"), g.literal("numeric"))
	}
	returning := ""
	if g.chance(2) {
		returning = " returning " + g.pick("*", "k, a", "t || 'r', n", "(select max(i) from ta), k")
	}
	where := ""
	if !g.chance(5) {
		where = " where " + g.condition([]source{tm}, 2)
	}
	set := func(from []source) string {
		switch g.r.IntN(6) {
		case 0:
			return "k = " + fmt.Sprint(g.r.IntN(12))
		case 1:
			return "u = " + g.pick("null", "1", "2", "tm.u + 1")
		case 2:
			return fmt.Sprintf("(a, t) = (%s, %s)", g.expr(from, "int4", 1), g.expr(from, "text", 1))
		case 3:
			return fmt.Sprintf("n = %s, a = %s", g.expr(from, "numeric", 1), g.expr(from, "int4", 1))
		case 4:
			return "t = default, n = default"
		}
		return "a = " + g.expr(from, "int4", 2)
	}
	switch g.r.IntN(8) {
	case 0:
		return "insert into tm values " + row() + ", " + row() + returning
	case 1:
		return "insert into tm (k, a) select id + 5, i from ta" + g.pick("", " where id < 3") + " order by id" + returning
	case 2:
		return "insert into tm values " + row() + g.pick(" on conflict do nothing", " on conflict (k) do nothing", " on conflict (u) do nothing") + returning
	case 3:
		excl := source{"excluded", tm.cols}
		s := "insert into tm values " + row()
		if g.chance(3) {
			s += ", " + row()
		}
		s += " on conflict (" + g.pick("k", "k", "u") + ") do update set " + set([]source{tm, excl})
		if g.chance(3) {
			s += " where " + g.condition([]source{tm, excl}, 1)
		}
		return s + returning
	case 4, 5:
		return "update tm set " + set([]source{tm}) + where + returning
	case 6:
		from := source{"q", []column{{"id", "int4"}, {"i", "int4"}, {"t", "text"}, {"n", "numeric"}, {"b", "bool"}}}
		return "update tm set " + set([]source{tm, from}) + " from ta as q where q.id = tm.k" + g.pick("", " and "+g.condition([]source{tm, from}, 1))
	}
	if g.chance(2) {
		return "delete from tm using ta as q where q.id = tm.k and " + g.condition([]source{tm}, 1)
	}
	return "delete from tm" + where + returning
}
