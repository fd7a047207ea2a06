package keeper

import (
	"testing"

	"pgd/daemon/handoff"
)

// Ensure that the explanation is what the keeper does, with roles as they are while it runs.
func TestExplain(t *testing.T) {
	h := keeperFor(t, "local all all peer map=m\nhostssl all +team 10.0.0.0/8 cert\nhost all admin all scram-sha-256\nhost all eve all reject\n")
	write(t, h.dir.Path("pg_ident.conf"), "m root admin\n")
	b := h.session("admin", "postgres", "sesame")
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "team"}, nil)
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "alice", InRoles: []string{"team"}}, nil)
	b.commit()
	for _, c := range []struct {
		q       Question
		line    int
		method  string
		message string
		last    string
		maps    string
	}{
		{Question{User: "admin", Database: "postgres", SystemUser: "root"}, 1, "peer", "", "", h.dir.Path("pg_ident.conf") + `:1 allows "root" to be "admin"`},
		{Question{User: "admin", Database: "postgres", SystemUser: "me"}, 1, "peer", "", "", `no match in usermap "m" for user "admin" authenticated as "me"`},
		{Question{User: "alice", Database: "postgres", From: "10.1.1.1", TLS: true}, 2, "cert", "", "", ""},
		{Question{User: "alice", Database: "postgres", From: "10.1.1.1"}, 0, "reject", `no pg_hba.conf entry for host "10.1.1.1", user "alice", database "postgres", no encryption`, "user", ""},
		{Question{User: "admin", Database: "postgres", From: "::1"}, 3, "scram-sha-256", "", "", ""},
		{Question{User: "eve", Database: "x", From: "::1", TLS: true}, 4, "reject", `pg_hba.conf rejects connection for host "::1", user "eve", database "x", SSL encryption`, "", ""},
	} {
		e, err := Explain(string(h.dir), c.q)
		if err != nil {
			t.Fatal(err)
		}
		line := 0
		if e.Decides != nil {
			line = e.Decides.Line
		}
		if line != c.line || e.Method != c.method || e.Message != c.message || e.Rules[len(e.Rules)-1].No != c.last || e.Map != c.maps {
			t.Errorf("%+v: %+v", c.q, e)
		}
	}
}
