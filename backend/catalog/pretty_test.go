package catalog

import "testing"

// Ensure that canonical expressions are made pretty as PostgreSQL does; the pairs are its answers to pg_get_expr without and with pretty.
func TestPrettyExpr(t *testing.T) {
	for _, c := range [][2]string{
		{"((a > 0) AND ((b < 5) OR (c ~~ 'x%'::text)))", "a > 0 AND (b < 5 OR c ~~ 'x%'::text)"},
		{"(((a + b) * 2) > (a - (b - 1)))", "((a + b) * 2) > (a - (b - 1))"},
		{"(NOT (a = 1))", "NOT a = 1"},
		{"((c IS NOT NULL) OR ((a IS NULL) AND (b = ANY (ARRAY[1, 2]))))", "c IS NOT NULL OR a IS NULL AND (b = ANY (ARRAY[1, 2]))"},
		{"(length((c || d)) > 3)", "length(c || d) > 3"},
		{"((a >= 1) AND (a <= 5))", "a >= 1 AND a <= 5"},
		{"\nCASE\n    WHEN (a > 1) THEN (b > 2)\n    ELSE false\nEND", "\nCASE\n    WHEN a > 1 THEN b > 2\n    ELSE false\nEND"},
		{"(COALESCE((a + b), 3) > (2)::bigint)", "COALESCE(a + b, 3) > 2::bigint"},
		{"(((c)::character varying(5))::text = 'a)b''('::text)", "c::character varying(5)::text = 'a)b''('::text"},
		{"(e[(1 + a)] = ANY (ARRAY[(a + 1), b]))", "e[1 + a] = ANY (ARRAY[a + 1, b])"},
		{"((- a) < 3)", "(- a) < 3"},
		{"((a > b) = (b > a))", "(a > b) = (b > a)"},
		{"((((a * b) + (a / b)) - (a % b)) > ((a + b) + (a - b)))", "(a * b + a / b - a % b) > (a + b + (a - b))"},
		{"((a > 1) IS TRUE)", "(a > 1) IS TRUE"},
		{"((c ~ 'x'::text) OR ((a > 1) AND (b > 1)) OR ((a > 3) OR (b > 4)))", "c ~ 'x'::text OR a > 1 AND b > 1 OR a > 3 OR b > 4"},
		{"(ROW(a, b) < ROW(1, 2))", "(ROW(a, b) < ROW(1, 2))"},
		{"(EXTRACT(year FROM now()) > (3)::numeric)", "EXTRACT(year FROM now()) > 3::numeric"},
		{"(d < ('x'::text COLLATE \"POSIX\"))", "d < ('x'::text COLLATE \"POSIX\")"},
		{"(a IS DISTINCT FROM b)", "a IS DISTINCT FROM b"},
		{"nextval('s'::regclass)", "nextval('s'::regclass)"},
		{"'((a'::text", "'((a'::text"},
		{"0", "0"},
	} {
		if got := PrettyExpr(c[0]); got != c[1] {
			t.Errorf("%s:\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

// Ensure that no text, balanced or not, stops or hangs it.
func FuzzPrettyExpr(f *testing.F) {
	for _, s := range []string{"", "(", ")", "((a)", "[(]", "'", "f(", "a::", "(a)::b)", ",,", "(SELECT x)", "ANY (", "\"(\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 200 {
			return
		}
		PrettyExpr(s)
		SplitExprs(s)
	})
}
