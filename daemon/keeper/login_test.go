package keeper

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgd/daemon/handoff"
)

const scramEverywhere = "host all all all scram-sha-256\nlocal all all trust\n"

// Ensure that the right password lets in, and that the identity is the catalog's.
func TestScramLogin(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	if b.id.RoleOID != 10 || b.id.Role != "admin" || !b.id.Superuser || b.id.DatabaseOID != 5 || b.id.Method != "scram-sha-256" {
		t.Fatalf("identity %+v", b.id)
	}
	r := <-h.reports
	if r.Kind != handoff.ReportAuthenticated || r.PID != b.pid || r.Role != "admin" || r.Database != "postgres" || !r.Superuser {
		t.Fatalf("report %+v", r)
	}
}

// Ensure that whoever does not know the password hears the same, whatever the reason, after the same exchange.
func TestPasswordRefusals(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	past := time.Now().Add(-time.Hour).UnixMicro()
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "expired", RoleOptions: handoff.RoleOptions{Login: ptr(true), Password: ptr("pw"), ValidUntil: &past}}, nil)
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "bare", RoleOptions: handoff.RoleOptions{Login: ptr(true)}}, nil)
	b.commit()
	for _, c := range []struct{ user, password string }{
		{"admin", "wrong"}, {"expired", "pw"}, {"bare", "x"}, {"nobody", "x"},
	} {
		f := h.backend("127.0.0.1:1").login(c.user, "postgres", c.password)
		want := fmt.Sprintf(`password authentication failed for user "%s"`, c.user)
		if f == nil || f.Severity != "FATAL" || f.Code != "28P01" || f.Message != want {
			t.Errorf("%s: %+v, want %s", c.user, f, want)
		}
	}
}

// Ensure that the salt told for a user who does not exist is always the same, as a real one's is.
func TestMockSaltIsStable(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	salt := func(user string) string {
		b := h.backend("127.0.0.1:1")
		b.must(handoff.AskStartup, handoff.Startup{User: user, Database: "postgres"}, nil)
		var step handoff.AuthStep
		first := "n,,n=,r=abcdefghijklmnopqrstuvwx"
		b.must(handoff.AskAuth, handoff.AuthData{Data: append([]byte("SCRAM-SHA-256\x00\x00\x00\x00"), append([]byte{byte(len(first))}, first...)...)}, &step)
		return strings.Split(string(step.Requests[0].Data), ",")[1]
	}
	if a, b := salt("ghost"), salt("ghost"); a != b {
		t.Errorf("salts %s and %s", a, b)
	}
	if a, b := salt("ghost"), salt("other"); a == b {
		t.Error("two users have one salt")
	}
}

// Ensure that what stops a proven user is said as PostgreSQL says it, and only after the proof.
func TestRefusalsAfterAuthentication(t *testing.T) {
	h := keeperFor(t, "local all all trust\nhost all rejected all reject\nhost all all 127.0.0.1/32 scram-sha-256\n")
	b := h.backend("")
	if f := b.login("admin", "postgres", ""); f != nil {
		t.Fatal(f)
	}
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "nologin"}, nil)
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "alice", RoleOptions: handoff.RoleOptions{Login: ptr(true), Password: ptr("pw"), ConnectionLimit: ptr(int32(1))}}, nil)
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "bob", RoleOptions: handoff.RoleOptions{Login: ptr(true)}}, nil)
	b.must(handoff.AskPrivileges, handoff.Privileges{Kind: "database", Names: []string{"postgres"}, Privileges: "c", Grantees: []string{""}, Revoke: true}, nil)
	b.must(handoff.AskPrivileges, handoff.Privileges{Kind: "database", Names: []string{"postgres"}, Privileges: "c", Grantees: []string{"alice"}}, nil)
	b.commit()
	alice := h.session("alice", "postgres", "pw")
	for _, c := range []struct{ remote, user, database, code, message string }{
		{"", "nobody", "postgres", "28000", `role "nobody" does not exist`},
		{"", "nologin", "postgres", "28000", `role "nologin" is not permitted to log in`},
		{"", "alice", "postgres", "53300", `too many connections for role "alice"`},
		{"", "admin", "missing", "3D000", `database "missing" does not exist`},
		{"", "admin", "template0", "55000", `database "template0" is not currently accepting connections`},
		{"", "bob", "postgres", "42501", `permission denied for database "postgres"`},
		{"127.0.0.1:7", "rejected", "x", "28000", `pg_hba.conf rejects connection for host "127.0.0.1", user "rejected", database "x", no encryption`},
		{"10.1.1.1:7", "admin", "postgres", "28000", `no pg_hba.conf entry for host "10.1.1.1", user "admin", database "postgres", no encryption`},
		{"[::1]:7", "admin", "postgres", "28000", `no pg_hba.conf entry for host "::1", user "admin", database "postgres", no encryption`},
	} {
		f := h.backend(c.remote).login(c.user, c.database, "pw")
		if f == nil || f.Severity != "FATAL" || f.Code != c.code || f.Message != c.message {
			t.Errorf("%+v: got %+v", c, f)
		}
	}
	alice.conn.Close()
	h.wait(func() bool { return len(h.others(5, nil)) == 1 })
	if f := h.backend("").login("alice", "postgres", ""); f != nil {
		t.Errorf("alice may come back: %+v", f)
	}
}

func (h *host) wait(f func() bool) {
	h.t.Helper()
	for i := 0; i < 500; i++ {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatal("did not happen")
}

// Ensure that requests out of their state, unknown or too long end that backend and no other.
func TestStateViolations(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	good := h.session("admin", "postgres", "sesame")
	role := handoff.RoleCreate{Name: "x"}
	long := strings.Repeat("x", 20<<10)
	for name, f := range map[string]func(b *backend) *handoff.Answer{
		"role before authentication": func(b *backend) *handoff.Answer { return b.raw(handoff.AskRoleCreate, role) },
		"unknown":                    func(b *backend) *handoff.Answer { return b.raw("shell", nil) },
		"auth before startup":        func(b *backend) *handoff.Answer { return b.raw(handoff.AskAuth, handoff.AuthData{}) },
		"second startup": func(b *backend) *handoff.Answer {
			b.must(handoff.AskStartup, handoff.Startup{User: "admin", Database: "postgres"}, nil)
			return b.raw(handoff.AskStartup, handoff.Startup{User: "admin", Database: "postgres"})
		},
		"after refusal": func(b *backend) *handoff.Answer {
			b.login("admin", "postgres", "wrong")
			return b.raw(handoff.AskAuth, handoff.AuthData{Data: []byte("again")})
		},
		"sign without handshake config twice": func(b *backend) *handoff.Answer {
			b.raw(handoff.AskTLSSign, handoff.TLSSign{})
			return b.raw(handoff.AskTLSSign, handoff.TLSSign{})
		},
		"too long": func(b *backend) *handoff.Answer {
			b.login("admin", "postgres", "sesame")
			return b.raw(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: long})
		},
		"as somebody else": func(b *backend) *handoff.Answer {
			good.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "low", RoleOptions: handoff.RoleOptions{Login: ptr(true), Password: ptr("pw")}}, nil)
			good.commit()
			b.login("low", "postgres", "pw")
			b.conn.SendShort(handoff.Ask{Kind: handoff.AskRoleCreate, As: 10, Body: []byte(`{"Name":"evil"}`)})
			a, _ := b.conn.RecvAnswer()
			return a
		},
		"not JSON": func(b *backend) *handoff.Answer {
			b.conn.SendShort("x")
			a, _ := b.conn.RecvAnswer()
			return a
		},
	} {
		b := h.backend("127.0.0.1:9")
		if a := f(b); a != nil {
			t.Errorf("%s: answered %+v", name, a)
		}
	}
	good.must(handoff.AskSessions, handoff.SessionsFrom{}, nil)
	if h.current().byName["evil"] != nil {
		t.Error("a role was made with another's rights")
	}
}

// Ensure that a password in the clear works where the line asks for it, and an empty one never does.
func TestClearPassword(t *testing.T) {
	h := keeperFor(t, "host all all all password\n")
	try := func(data string) *handoff.Failure {
		b := h.backend("127.0.0.1:1")
		var a handoff.StartupAnswer
		b.must(handoff.AskStartup, handoff.Startup{User: "admin", Database: "postgres"}, &a)
		if a.Step.Requests[0].Code != authCleartext {
			t.Fatalf("step %+v", a.Step)
		}
		return b.ask(handoff.AskAuth, handoff.AuthData{Data: []byte(data)}, nil)
	}
	if f := try("sesame\x00"); f != nil {
		t.Errorf("right password: %+v", f)
	}
	for data, want := range map[string]string{
		"wrong\x00": `password authentication failed for user "admin"`, "\x00": "empty password returned by client",
		"sesame": "invalid password packet size", "ses\x00ame\x00": "invalid password packet size",
	} {
		if f := try(data); f == nil || f.Message != want {
			t.Errorf("%q: %+v, want %s", data, f, want)
		}
	}
}
