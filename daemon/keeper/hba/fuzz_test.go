package hba

import (
	"net/netip"
	"testing"
)

// Ensure that no file breaks the parser or the matcher, and that a rule's normal form is read as the same rule.
func FuzzRules(f *testing.F) {
	f.Add(DefaultFile("peer", "scram-sha-256"))
	f.Add("hostssl a,\"b c\",@x +r,/^x 10.0.0.1 255.0.0.255 cert map=m clientname=DN\ninclude x\ninclude_dir d\n")
	f.Add("local all \\\nall peer \"map=x y\"\n# \\\n\"")
	f.Add("@x @x @x @x\ninclude \"\"\nhost all all fe80::%1/64 trust")
	f.Fuzz(func(t *testing.T, text string) {
		r, _ := loaderOf(map[string]string{"/etc/hba": text, "/etc/x": "@x y,z"}).rules("/etc/hba")
		if r == nil {
			return
		}
		for _, c := range []*Conn{{Local: true, Database: "d", User: "u"}, {Remote: netip.MustParseAddr("10.0.0.1"), TLS: true, Database: "u", User: "u"}} {
			c.Network, c.MemberOf = fakeNet{}, members
			r.Find(c)
		}
		for _, rule := range r.Lines {
			again, problems := loaderOf(map[string]string{"/etc/hba": rule.String()}).rules("/etc/hba")
			if len(problems) > 0 {
				t.Fatalf("%s: %v", rule, problems)
			}
			if got := again.Lines[0].String(); got != rule.String() {
				t.Fatalf("%s became %s", rule, got)
			}
		}
	})
}

// Ensure that no map breaks the parser or the matcher.
func FuzzMaps(f *testing.F) {
	f.Add("m /^(.*)@x$ \\1\nm a +b\nm \"a\" all", "m", "a", "b")
	f.Add("m /(x)?y \\1", "m", "y", "")
	f.Fuzz(func(t *testing.T, text, name, system, role string) {
		if m, _ := loaderOf(map[string]string{"/i": text}).maps("/i"); m != nil {
			m.Allowed(name, system, role, members)
		}
	})
}
