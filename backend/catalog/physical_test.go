package catalog

import (
	"strings"
	"testing"
)

// sqliteFold is how SQLite compares identifiers: ASCII letters without case.
func sqliteFold(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

// Ensure that names people know stay readable in the file.
func TestPhysicalNames(t *testing.T) {
	for _, c := range []struct{ schema, name, want string }{
		{"public", "accounts", `"accounts"`},
		{"public", "Accounts", `"^Accounts"`},
		{"sales", "orders", `"sales.orders"`},
		{"public", "sales.orders", `"sales^.orders"`},
		{"pg_catalog", "pg_class", `"pg_catalog.pg_class"`},
		{"public", "sqlite_master", `"^sqlite_master"`},
		{"public", `a"b`, `"a""b"`},
		{"public", "größe", `"größe"`},
	} {
		if got := PhysicalTable(c.schema, c.name); got != c.want {
			t.Errorf("%s.%s: %s, want %s", c.schema, c.name, got, c.want)
		}
	}
	for name, want := range map[string]string{"a": `"a"`, "rowid": `"^rowid"`, "_rowid_": `"^_rowid_"`, "ROWID": `"^R^O^W^I^D"`, "oid": `"oid"`} {
		if got := PhysicalName(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := PhysicalTemp("t"); got != `temp."pg_temp.t"` {
		t.Error(got)
	}
}

// Ensure that no two names PostgreSQL tells apart are one to SQLite, and that each is found again.
func FuzzPhysicalNames(f *testing.F) {
	for _, s := range [][4]string{
		{"public", "a", "public", "A"}, {"public", "a.b", "a", "b"}, {"public", "^a", "public", "A"}, {"s", "^", "s^", ""},
		{"public", "sqlite_a", "public", "^sqlite_a"}, {"sqlite_s", "t", "public", "sqlite_s.t"}, {"public", "rowid", "public", "^rowid"},
	} {
		f.Add(s[0], s[1], s[2], s[3])
	}
	f.Fuzz(func(t *testing.T, s1, n1, s2, n2 string) {
		for _, s := range []string{s1, n1, s2, n2} {
			if s == "" || strings.ContainsRune(s, 0) {
				return // PostgreSQL has no such names
			}
		}
		k1, k2 := RelationKey(s1, n1), RelationKey(s2, n2)
		if s, n := LogicalRelation(k1); s != s1 || n != n1 {
			t.Fatalf("%q.%q came back as %q.%q from %q", s1, n1, s, n, k1)
		}
		if strings.HasPrefix(sqliteFold(k1), "sqlite_") {
			t.Fatalf("%q is SQLite's own", k1)
		}
		if (s1 != s2 || n1 != n2) && sqliteFold(k1) == sqliteFold(k2) {
			t.Fatalf("%q.%q and %q.%q are both %q", s1, n1, s2, n2, k1)
		}
		c1, c2 := ColumnKey(n1), ColumnKey(n2)
		if LogicalColumn(c1) != n1 {
			t.Fatalf("column %q came back as %q", n1, LogicalColumn(c1))
		}
		if n1 != n2 && sqliteFold(c1) == sqliteFold(c2) {
			t.Fatalf("columns %q and %q are both %q", n1, n2, c1)
		}
		if f := sqliteFold(c1); f == "rowid" || f == "_rowid_" {
			t.Fatalf("column %q is the rowid", n1)
		}
	})
}
