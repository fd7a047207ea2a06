package sqltest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ensure that statements of unusual size are answered or refused with a SQLSTATE of class 54, and never with an internal error.
func TestLargeStatements(t *testing.T) {
	e := newEngine(t)
	if a := e.run("create table big (a int primary key, b text)"); a.err != nil {
		t.Fatal(a.err)
	}
	list := func(n int, sep string, f func(i int) string) string {
		s := make([]string, n)
		for i := range s {
			s[i] = f(i)
		}
		return strings.Join(s, sep)
	}
	for _, c := range []struct {
		name, sql string
		must      bool // it has to work
	}{
		{"rows", "insert into big values " + list(10000, ", ", func(i int) string { return fmt.Sprintf("(%d, 'x%d')", i, i) }), true},
		{"rows in conflict", "insert into big values " + list(3000, ", ", func(i int) string { return fmt.Sprintf("(%d, 'y')", i) }) + " on conflict (a) do update set b = excluded.b", true},
		{"list", "select count(*) from big where a in (" + list(10000, ", ", func(i int) string { return fmt.Sprint(i) }) + ")", true},
		{"or", "select count(*) from big where " + list(900, " or ", func(i int) string { return fmt.Sprintf("a = %d", i) }), true},
		{"many or", "select count(*) from big where " + list(20000, " or ", func(i int) string { return fmt.Sprintf("a = %d", i) }), false},
		{"sum", "select " + list(150, " + ", func(i int) string { return fmt.Sprint(i) }), true},
		{"long sum", "select " + list(20000, " + ", func(i int) string { return fmt.Sprint(i) }), false},
		{"concatenation", "select " + list(3000, " || ", func(i int) string { return "'x'" }), false},
		{"union", list(700, " union all ", func(i int) string { return fmt.Sprintf("select %d", i) }), true},
		{"long union", list(5000, " union ", func(i int) string { return fmt.Sprintf("select %d", i) }), false},
		{"brackets", "select " + strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000), false},
		{"subqueries", "select " + strings.Repeat("(select ", 200) + "1" + strings.Repeat(")", 200), false},
		{"from", strings.Repeat("select * from (", 100) + "select 1 as a" + strings.Repeat(") x", 100), false},
		{"not", "select " + strings.Repeat("not ", 2500) + "true", false},
		{"case", "select " + strings.Repeat("case when true then ", 400) + "1" + strings.Repeat(" end", 400), false},
		{"columns", "select " + list(1600, ", ", func(i int) string { return fmt.Sprint(i) }), true},
		{"too many columns", "select " + list(1700, ", ", func(i int) string { return fmt.Sprint(i) }), false},
		{"join", "select count(*) from " + list(60, ", ", func(i int) string { return fmt.Sprintf("big t%d", i) }) + " where " + list(60, " and ", func(i int) string { return fmt.Sprintf("t%d.a = 1", i) }), true},
		{"wide join", "select count(*) from " + list(100, ", ", func(i int) string { return fmt.Sprintf("(select 1) t%d", i) }), false},
		{"with", "with " + list(300, ", ", func(i int) string { return fmt.Sprintf("w%d as (select %d as c)", i, i) }) + " select * from w0, w299", true},
		{"chain", "with w0 as (select 1 as c), " + list(200, ", ", func(i int) string { return fmt.Sprintf("w%d as (select c from w%d)", i+1, i) }) + " select * from w200", false},
		{"array", "select array[" + list(5000, ", ", func(i int) string { return fmt.Sprint(i) }) + "]", false},
		{"coalesce", "select coalesce(" + list(3000, ", ", func(i int) string { return "null" }) + ")", false},
		{"greatest", "select greatest(" + list(3000, ", ", func(i int) string { return fmt.Sprint(i) }) + ")", false},
		{"text", "select length('" + strings.Repeat("x", 5000000) + "')", true},
	} {
		a := e.run(c.sql)
		switch {
		case a.err == nil:
		case !c.must && strings.HasPrefix(a.err.Code, "54"):
		default:
			m := a.err.Error()
			t.Errorf("%s: %s", c.name, m[:min(300, len(m))])
		}
	}
}

// Ensure that however deep a statement nests, and in whatever way, it is answered or refused with 54001: past SQLite's stack the
// connection would be lost.
func TestDeepStatements(t *testing.T) {
	e := newEngine(t)
	for _, s := range []string{"create table t (a int primary key, b text, c bool)", "insert into t values (1, 'x', true)"} {
		if a := e.run(s); a.err != nil {
			t.Fatal(a.err)
		}
	}
	nest := func(head, open, core, end, tail string) func(n int) string {
		return func(n int) string { return head + strings.Repeat(open, n) + core + strings.Repeat(end, n) + tail }
	}
	for name, f := range map[string]func(n int) string{
		"function":    nest("select ", "lower(", "b", ")", " from t"),
		"plus":        nest("select ", "(", "a", " + 1)", " from t"),
		"plus right":  nest("select ", "(1 + ", "a", ")", " from t"),
		"numeric":     nest("select ", "(", "a", " * 1.5)", " from t"),
		"concat":      nest("select ", "(b || ", "b", ")", " from t"),
		"not":         nest("select ", "(not ", "c", ")", " from t"),
		"case":        nest("select ", "case when c then ", "a", " end", " from t"),
		"case value":  nest("select ", "case a when 1 then ", "a", " end", " from t"),
		"case cond":   nest("select ", "case when ", "c", " then true end", " from t group by c"),
		"coalesce":    nest("select ", "coalesce(a, ", "a", ")", " from t"),
		"nullif":      nest("select ", "nullif(", "a", ", 7)", " from t"),
		"greatest":    nest("select ", "greatest(a, ", "a", ")", " from t"),
		"between":     nest("select ", "(c and a between 1 and (", "a", ")::int)", " from t"),
		"cast":        nest("select ", "(", "a", ")::text::int", " from t"),
		"scalar":      nest("select ", "(select ", "1", ")", ""),
		"scalar from": nest("select ", "(select a + ", "1", " from t)", ""),
		"exists":      nest("select ", "exists (select 1 from t where ", "true", ")", ""),
		"in":          nest("select ", "a in (select a from t where ", "true", ")", " from t"),
		"any":         nest("select ", "a > any (select a from t where ", "true", ")", " from t"),
		"from":        nest("", "select * from (", "select a from t", ") x", ""),
		"from limit":  nest("", "select * from (", "select a from t", " limit 5) x", ""),
		"from sorted": nest("", "select distinct on (a) a from (", "select a from t", ") x order by a", ""),
		"with":        nest("", "with w as materialized (", "select a from t", ") select * from w", ""),
		"union":       nest("", "select 1 union (", "select a from t", ")", ""),
		"union left":  nest("", "(", "select a from t", " union select 1)", ""),
		"except all":  nest("", "(", "select a from t", " except all select 1)", ""),
		"union from":  nest("", "select * from (select 1 union ", "select a from t", ") x", ""),
		"join":        nest("select 1 from ", "(t as j join ", "t as k", " on true)", ""),
		"lateral":     nest("select * from t, lateral (select t.a + ", "", "1", "", ") l"),
		"array":       nest("select ", "array[", "1", "]", ""),
		"row":         nest("select (", "row(1, ", "a", ")", ") is null from t"),
		"window":      nest("select ", "sum(", "a", ") over ()", " from t"),
		"view":        nest("", "select q.* from (select * from (select a, lower(b) as b from (", "select a, b from t", ") x) y where exists (select 1 from t)) q", ""),
	} {
		for _, n := range []int{10, 16, 20, 22, 24, 26, 28, 30, 60, 100, 150, 200, 300, 500, 900, 2500} {
			start := time.Now()
			a := e.run(f(n))
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("%s %d: takes %v", name, n, d)
				break
			}
			if a.err != nil && a.err.Code != "54001" && !strings.HasPrefix(a.err.Code, "42") && !strings.HasPrefix(a.err.Code, "54") && a.err.Code != "0A000" && a.err.Code != "22003" {
				m := a.err.Error()
				t.Errorf("%s %d: %s", name, n, m[:min(200, len(m))])
				e = newEngine(t)
				e.run("create table t (a int primary key, b text, c bool)")
				break
			}
		}
	}
}
