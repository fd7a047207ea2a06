package keeper

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgd/daemon/handoff"
	"pgd/install/site"
)

// Ensure that CREATE DATABASE copies its template, and that the new one can be connected to, renamed and dropped.
func TestDatabaseLife(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	var id handoff.OID
	b.must(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop", ConnectionLimit: ptr(int32(5))}, &id)
	text, err := os.ReadFile(filepath.Join(h.databaseDir(id.OID), site.MainDB))
	if err != nil || string(text) != "database base/1" {
		t.Fatalf("copy: %q, %v", text, err)
	}
	s := h.session("admin", "shop", "sesame")
	b.refused(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop"}, "42P04", `database "shop" already exists`)
	f := b.ask(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "shop"}, nil)
	if f == nil || f.Code != "55006" || f.Message != `database "shop" is being accessed by other users` || f.Detail != "There is 1 other session using the database." {
		t.Errorf("drop in use: %+v", f)
	}
	s.conn.Close()
	b.must(handoff.AskDatabaseRename, handoff.Rename{Old: "shop", New: "store"}, nil)
	b.commit()
	b.must(handoff.AskDatabaseAlter, handoff.DatabaseAlter{Name: "store", AllowConnections: ptr(false)}, nil)
	b.commit()
	if f := h.backend("127.0.0.1:1").login("admin", "store", "sesame"); f == nil || f.Code != "55000" {
		t.Errorf("closed database: %+v", f)
	}
	b.must(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "store"}, nil)
	if _, err := os.Stat(h.databaseDir(id.OID)); !os.IsNotExist(err) {
		t.Errorf("directory is still there: %v", err)
	}
	a := b.raw(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "store", IfExists: true})
	if a.Failure != nil || len(a.Notices) != 1 || a.Notices[0].Message != `database "store" does not exist, skipping` {
		t.Errorf("drop if exists: %+v", a)
	}
	var next handoff.OID
	b.must(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop"}, &next)
	if next.OID <= id.OID {
		t.Errorf("OID %d after %d", next.OID, id.OID)
	}
}

// Ensure that DROP DATABASE ... WITH (FORCE) has the others ended by the postmaster and then goes on.
func TestDropForce(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	b.must(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop"}, nil)
	s := h.session("admin", "shop", "sesame")
	go func() {
		for r := range h.reports {
			if r.Kind == handoff.ReportSignal && r.PID == s.pid && r.Terminate {
				s.conn.Close()
				return
			}
		}
	}()
	b.must(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "shop", Force: true}, nil)
}

// Ensure that database commands obey PostgreSQL's rules and refuse in its words.
func TestDatabaseRules(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	maker := login("maker")
	maker.CreateDB = ptr(true)
	b.must(handoff.AskRoleCreate, maker, nil)
	b.must(handoff.AskRoleCreate, login("plain"), nil)
	b.commit()
	b.must(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop"}, nil)
	m, p := h.session("maker", "postgres", "pw"), h.session("plain", "postgres", "pw")
	create := func(f func(*handoff.DatabaseCreate)) handoff.DatabaseCreate {
		q := handoff.DatabaseCreate{Name: "new"}
		f(&q)
		return q
	}
	for _, c := range []struct {
		by            *backend
		kind          string
		body          any
		code, message string
	}{
		{p, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) {}), "42501", "permission denied to create database"},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Owner = "plain" }), "42501", `must be member of role "plain"`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Owner = "nope" }), "42704", `role "nope" does not exist`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Template = "shop" }), "42501", `permission denied to copy database "shop"`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Template = "nope" }), "3D000", `template database "nope" does not exist`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Encoding = "FOO" }), "42704", "FOO is not a valid encoding name"},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Encoding = "LATIN1" }), "22023", `encoding "LATIN1" does not match locale "C.UTF-8"`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Locale = "xx_YY" }), "42809", `invalid locale name: "xx_YY"`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.Tablespace = "nope" }), "42704", `tablespace "nope" does not exist`},
		{m, handoff.AskDatabaseCreate, create(func(q *handoff.DatabaseCreate) { q.ConnectionLimit = ptr(int32(-5)) }), "22023", "invalid connection limit: -5"},
		{m, handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "shop"}, "42501", "must be owner of database shop"},
		{b, handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "template1"}, "42809", "cannot drop a template database"},
		{b, handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "postgres"}, "55006", "cannot drop the currently open database"},
		{b, handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "nope"}, "3D000", `database "nope" does not exist`},
		{b, handoff.AskDatabaseRename, handoff.Rename{Old: "postgres", New: "x"}, "0A000", "current database cannot be renamed"},
		{b, handoff.AskDatabaseRename, handoff.Rename{Old: "shop", New: "template1"}, "42P04", `database "template1" already exists`},
		{m, handoff.AskDatabaseRename, handoff.Rename{Old: "shop", New: "x"}, "42501", "must be owner of database shop"},
		{b, handoff.AskDatabaseAlter, handoff.DatabaseAlter{Name: "postgres", AllowConnections: ptr(false)}, "22023", "cannot disallow connections for current database"},
		{m, handoff.AskPrivileges, handoff.Privileges{Kind: "database", Names: []string{"nope"}, Grantees: []string{""}}, "3D000", `database "nope" does not exist`},
	} {
		c.by.refused(c.kind, c.body, c.code, c.message)
		c.by.must(handoff.AskEnd, handoff.End{}, nil)
	}
	b.must(handoff.AskDatabaseAlter, handoff.DatabaseAlter{Name: "shop", Owner: "maker"}, nil)
	b.commit()
	m.must(handoff.AskDatabaseDrop, handoff.DatabaseDrop{Name: "shop"}, nil)
}

// Ensure that a copy that fails leaves nothing, and that what a crash left is gone after the next start.
func TestUnfinishedDatabases(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	copyFS := h.copyDatabase
	h.copyDatabase = func(from, to string) error {
		if err := copyFS(from, to); err != nil {
			return err
		}
		return errors.New("disk full")
	}
	f := b.ask(handoff.AskDatabaseCreate, handoff.DatabaseCreate{Name: "shop"}, nil)
	if f == nil || f.Code != "58030" || !strings.Contains(f.Message, "disk full") {
		t.Fatalf("failing copy: %+v", f)
	}
	if names := h.bases(); names != "1 4 5" {
		t.Errorf("left: %s", names)
	}
	b.conn.Close()
	h.wait(func() bool { h.mu.Lock(); defer h.mu.Unlock(); return len(h.channels) == 0 })
	for _, d := range []string{"16999", ".pgd-16998", "keep.txt"} {
		if err := os.Mkdir(h.dir.Path("base/"+d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	h.close()
	h.Keeper = reopen(t, h, h.config.Load().values)
	if names := h.bases(); names != "1 4 5 keep.txt" {
		t.Errorf("after start: %s", names)
	}
}

func (h *host) bases() string {
	es, err := os.ReadDir(h.dir.Path(site.BaseDir))
	if err != nil {
		h.t.Fatal(err)
	}
	var names []string
	for _, e := range es {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// Ensure that ALTER SYSTEM writes what it was told, whole, and keeps what it was not.
func TestAlterSystem(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	set := func(name string, value *string) *handoff.Failure {
		return b.ask(handoff.AskSystemSet, handoff.SystemSet{Name: name, Value: value}, nil)
	}
	for _, s := range [][2]string{{"work_mem", "8MB"}, {"log_line_prefix", `it's \ %p`}, {"WORK_MEM", "16MB"}, {"my.own", "x"}} {
		if f := set(s[0], &s[1]); f != nil {
			t.Fatalf("%v: %+v", s, f)
		}
	}
	if f := set("my.own", nil); f != nil {
		t.Fatal(f)
	}
	text, err := os.ReadFile(h.dir.Path(site.AutoConfigFile))
	if err != nil || !strings.HasSuffix(string(text), "work_mem = '16MB'\nlog_line_prefix = 'it''s \\\\ %p'\n") {
		t.Errorf("%v: %s", err, text)
	}
	for _, c := range [][3]string{
		{"server_version", "15", "55P02"}, {"nope", "1", "42704"}, {"work_mem", "x", "22023"}, {"log_line_prefix", "a\nb", "22023"}, {"hba_file", "/tmp/x", "55P02"},
	} {
		if f := set(c[0], &c[1]); f == nil || f.Code != c[2] {
			t.Errorf("%v: %+v", c, f)
		}
	}
	if f := set("", nil); f != nil {
		t.Fatal(f)
	}
	if text, _ := os.ReadFile(h.dir.Path(site.AutoConfigFile)); strings.Contains(string(text), "work_mem") {
		t.Errorf("after RESET ALL: %s", text)
	}
}

// Ensure that sessions are listed with what the asker may see, and that signals go through the postmaster by PostgreSQL's rules.
func TestSessionsAndSignals(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	b.must(handoff.AskRoleCreate, login("alice"), nil)
	b.must(handoff.AskRoleCreate, login("bob"), nil)
	b.commit()
	alice, bob := h.session("alice", "postgres", "pw"), h.session("bob", "template1", "pw")
	alice.must(handoff.AskActivity, handoff.Activity{State: "active", Query: "select 1"}, nil)
	list := func(by *backend) map[int32]handoff.Session {
		var s handoff.Sessions
		by.must(handoff.AskSessions, handoff.SessionsFrom{}, &s)
		out := map[int32]handoff.Session{}
		for _, x := range s.Sessions {
			out[x.PID] = x
		}
		return out
	}
	if s := list(b)[alice.pid]; s.Role != "alice" || s.Database != "postgres" || s.Query != "select 1" || s.Remote == "" {
		t.Errorf("admin sees %+v", s)
	}
	if s := list(bob)[alice.pid]; s.Role != "alice" || s.Query != "<insufficient privilege>" || s.Remote != "" || s.State != "" {
		t.Errorf("bob sees %+v", s)
	}
	bob.refused(handoff.AskSignal, handoff.Signal{PID: b.pid, Terminate: true}, "42501", "must be a superuser to terminate superuser process")
	bob.refused(handoff.AskSignal, handoff.Signal{PID: alice.pid}, "42501", "must be a member of the role whose query is being canceled or member of pg_signal_backend")
	for len(h.reports) > 0 {
		<-h.reports
	}
	alice.must(handoff.AskSignal, handoff.Signal{PID: alice.pid}, nil)
	if r := <-h.reports; r.Kind != handoff.ReportSignal || r.PID != alice.pid || r.Terminate {
		t.Errorf("report %+v", r)
	}
	a := alice.raw(handoff.AskSignal, handoff.Signal{PID: 1})
	if len(a.Notices) != 1 || a.Notices[0].Message != "PID 1 is not a PostgreSQL server process" {
		t.Errorf("no such process: %+v", a)
	}
	bob.refused(handoff.AskSetSession, handoff.SetSession{Role: "alice"}, "42501", "permission denied to set session authorization")
	b.must(handoff.AskSetSession, handoff.SetSession{Role: "bob"}, nil)
	b.refused(handoff.AskRoleCreate, handoff.RoleCreate{Name: "x"}, "42501", "permission denied to create role")
	b.must(handoff.AskEnd, handoff.End{}, nil)
	b.must(handoff.AskSetSession, handoff.SetSession{Role: "admin"}, nil)
}

// Ensure that a broken file leaves the old rules in force, and a good one takes effect.
func TestReload(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	v := h.config.Load().values
	write(t, h.dir.Path(site.HBAFile), "host all all all trust\nhost all all 10.0.0.0/99 trust\n")
	if got := h.reload(v); !strings.Contains(got, `pg_hba.conf:2: invalid CIDR mask in address "10.0.0.0/99"`) {
		t.Errorf("reload: %q", got)
	}
	if f := h.backend("127.0.0.1:1").login("admin", "postgres", "wrong"); f == nil {
		t.Error("the broken file let somebody in")
	}
	write(t, h.dir.Path(site.HBAFile), "host all all all reject\n")
	if got := h.reload(v); got != "" {
		t.Errorf("reload: %q", got)
	}
	if f := h.backend("127.0.0.1:1").login("admin", "postgres", "sesame"); f == nil || !strings.HasPrefix(f.Message, "pg_hba.conf rejects") {
		t.Errorf("new file: %+v", f)
	}
}
