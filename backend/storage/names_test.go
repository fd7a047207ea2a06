package storage

import (
	"strings"
	"testing"
)

// Ensure that taking apart SQLite's messages and physical names never fails on odd names and loses nothing of them.
func FuzzConstraintColumns(f *testing.F) {
	for _, s := range []string{"t.a", "s.t.a, s.t.b", "index 'x'", "t.a^.b, t.c, d", "", ".", "^", "t.a, ", "index '"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		table, columns, index := constraintColumns(s)
		if index != "" && (table != "" || columns != nil) {
			t.Errorf("%q: both an index and columns", s)
		}
		if len(columns) > 0 {
			whole := table + "." + strings.Join(columns, ", "+table+".")
			if whole != s {
				t.Errorf("%q became %q", s, whole)
			}
		}
		splitPhysical(s)
	})
}

// Ensure that physical names are taken apart as the catalog makes them.
func TestSplitPhysical(t *testing.T) {
	for in, want := range map[string][2]string{
		`"t"`: {"main", "t"}, `t`: {"main", "t"}, `"s.t"`: {"main", "s.t"}, `temp."t"`: {"temp", "t"}, `"a""b"`: {"main", `a"b`}, `"`: {"main", `"`},
	} {
		if s, n := splitPhysical(in); s != want[0] || n != want[1] {
			t.Errorf("%s: %s %s", in, s, n)
		}
	}
}
