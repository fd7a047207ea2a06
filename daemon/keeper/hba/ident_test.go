package hba

import (
	"fmt"
	"testing"
)

// Ensure that maps allow whom PostgreSQL's allow, and say why not in its words.
func TestMaps(t *testing.T) {
	m, problems := loaderOf(map[string]string{"/i": `
m    bryanh   bryanh
m    ann      ann
m    robert   bob
m    "ro bert" bob
re   /^(.*)@example\.com$  \1
re   /^admin$  root
re   "/^x(y)?"  \1z
any  carl     all
any  dora     "all"
grp  carl     +team
`}).maps("/i")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		name, system, role string
		want               bool
	}{
		{"", "u", "u", true}, {"", "u", "v", false}, {"", "U", "u", false},
		{"m", "ann", "ann", true}, {"m", "robert", "bob", true}, {"m", "robert", "robert", false}, {"m", "ro bert", "bob", true},
		{"m", "eve", "eve", false}, {"nope", "ann", "ann", false},
		{"re", "ann@example.com", "ann", true}, {"re", "ann@example.com", "bob", false}, {"re", "all@example.com", "bob", false},
		{"re", "+team@example.com", "alice", false}, {"re", "ann@example.org", "ann", false}, {"re", "admin", "root", true},
		{"re", "xy", "yz", true}, {"re", "x", "z", true},
		{"any", "carl", "whoever", true}, {"any", "dora", "whoever", false}, {"any", "dora", "all", true},
		{"grp", "carl", "alice", true}, {"grp", "carl", "eve", false},
	} {
		_, ok, why := m.Allowed(c.name, c.system, c.role, members)
		if ok != c.want {
			t.Errorf("%+v: %v (%s)", c, ok, why)
		}
	}
	if _, _, why := m.Allowed("m", "eve", "ann", nil); why != `no match in usermap "m" for user "ann" authenticated as "eve"` {
		t.Error(why)
	}
	if _, _, why := m.Allowed("", "eve", "ann", nil); why != "provided user name (ann) and authenticated user name (eve) do not match" {
		t.Error(why)
	}
}

// Ensure that what is wrong with a map is told with its place.
func TestMapProblems(t *testing.T) {
	for text, want := range map[string]string{
		"m":              "1: missing entry at end of line",
		"\nm a":          "2: missing entry at end of line",
		"m a,b c":        "1: multiple values in ident field",
		"m /( x":         "1: invalid regular expression \"(\": missing closing ): `(`",
		"m /abc \\1":     `1: regular expression "abc" has no subexpressions as requested by backreference in "\1"`,
		"include nope\n": `1: could not open file "/nope": No such file or directory`,
	} {
		_, problems := loaderOf(map[string]string{"/i": text}).maps("/i")
		got := "none"
		if len(problems) > 0 {
			got = fmt.Sprintf("%d: %s", problems[0].Line, problems[0].Reason)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
