package keeper

import (
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/keeperclient"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

func login(name string) handoff.RoleCreate {
	return handoff.RoleCreate{Name: name, RoleOptions: handoff.RoleOptions{Login: ptr(true), Password: ptr("pw")}}
}

// Ensure that role commands obey PostgreSQL's rules and refuse in its words.
func TestRoleRules(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	admin := h.session("admin", "postgres", "sesame")
	maker := login("maker")
	maker.CreateRole = ptr(true)
	boss := login("boss")
	boss.Superuser = ptr(true)
	for _, r := range []handoff.RoleCreate{maker, boss, login("plain"), {Name: "team"}} {
		admin.must(handoff.AskRoleCreate, r, nil)
	}
	admin.commit()
	m := h.session("maker", "postgres", "pw")
	p := h.session("plain", "postgres", "pw")
	su := func(b bool) handoff.RoleOptions { return handoff.RoleOptions{Superuser: &b} }
	for _, c := range []struct {
		by            *backend
		kind          string
		body          any
		code, message string
	}{
		{p, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x"}, "42501", "permission denied to create role"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", RoleOptions: su(true)}, "42501", "must be superuser to create superusers"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", RoleOptions: handoff.RoleOptions{Replication: ptr(true)}}, "42501", "must be superuser to create replication users"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", RoleOptions: handoff.RoleOptions{BypassRLS: ptr(true)}}, "42501", "must be superuser to create bypassrls users"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "plain"}, "42710", `role "plain" already exists`},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "pg_x"}, "42939", `role name "pg_x" is reserved`},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", RoleOptions: handoff.RoleOptions{ConnectionLimit: ptr(int32(-2))}}, "22023", "invalid connection limit: -2"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", RoleOptions: handoff.RoleOptions{Password: ptr("md5" + "0123456789abcdef0123456789abcdef")}}, "0A000", "MD5 password hashes are not supported"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", InRoles: []string{"boss"}}, "42501", "must be superuser to alter superusers"},
		{m, handoff.AskRoleCreate, handoff.RoleCreate{Name: "x", InRoles: []string{"nope"}}, "42704", `role "nope" does not exist`},
		{m, handoff.AskRoleAlter, handoff.RoleAlter{Name: "boss", RoleOptions: handoff.RoleOptions{Login: ptr(false)}}, "42501", "must be superuser to alter superuser roles or change superuser attribute"},
		{m, handoff.AskRoleAlter, handoff.RoleAlter{Name: "plain", RoleOptions: su(false)}, "42501", "must be superuser to alter superuser roles or change superuser attribute"},
		{m, handoff.AskRoleAlter, handoff.RoleAlter{Name: "pg_monitor"}, "42939", `role name "pg_monitor" is reserved`},
		{p, handoff.AskRoleAlter, handoff.RoleAlter{Name: "plain", RoleOptions: handoff.RoleOptions{CreateDB: ptr(true)}}, "42501", "permission denied"},
		{p, handoff.AskRoleAlter, handoff.RoleAlter{Name: "maker", RoleOptions: handoff.RoleOptions{Password: ptr("x")}}, "42501", "permission denied"},
		{p, handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"team"}}, "42501", "permission denied to drop role"},
		{m, handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"maker"}}, "55006", "current user cannot be dropped"},
		{m, handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"boss"}}, "42501", "must be superuser to drop superusers"},
		{m, handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"nope"}}, "42704", `role "nope" does not exist`},
		{admin, handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"pg_monitor"}}, "2BP01", "cannot drop role pg_monitor because it is required by the database system"},
		{m, handoff.AskRoleRename, handoff.Rename{Old: "maker", New: "y"}, "0A000", "session user cannot be renamed"},
		{m, handoff.AskRoleRename, handoff.Rename{Old: "boss", New: "y"}, "42501", "must be superuser to rename superusers"},
		{p, handoff.AskRoleRename, handoff.Rename{Old: "team", New: "y"}, "42501", "permission denied to rename role"},
		{m, handoff.AskRoleRename, handoff.Rename{Old: "team", New: "plain"}, "42710", `role "plain" already exists`},
		{m, handoff.AskRoleRename, handoff.Rename{Old: "team", New: "pg_y"}, "42939", `role name "pg_y" is reserved`},
		{p, handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"team"}, Members: []string{"plain"}}, "42501", `must have admin option on role "team"`},
		{m, handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"boss"}, Members: []string{"plain"}}, "42501", "must be superuser to alter superusers"},
		{m, handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"team"}, Members: []string{"plain"}, GrantedBy: "admin"}, "42501", "must be superuser to set grantor"},
		{m, handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"pg_database_owner"}, Members: []string{"plain"}}, "0LP01", `role "pg_database_owner" cannot have explicit members`},
		{p, handoff.AskSetting, handoff.StoredSetting{Role: "maker", Name: "work_mem", Value: ptr("4MB")}, "42501", "permission denied"},
		{p, handoff.AskSetting, handoff.StoredSetting{Role: "plain", Name: "nope", Value: ptr("1")}, "42704", `unrecognized configuration parameter "nope"`},
		{p, handoff.AskSetting, handoff.StoredSetting{Role: "plain", Name: "work_mem", Value: ptr("x")}, "22023", `invalid value for parameter "work_mem": "x"`},
		{p, handoff.AskSetting, handoff.StoredSetting{Role: "plain", Name: "max_connections", Value: ptr("1")}, "55P02", `parameter "max_connections" cannot be changed`},
		{p, handoff.AskSetting, handoff.StoredSetting{Role: "plain", Name: "log_statement", Value: ptr("all")}, "42501", `permission denied to set parameter "log_statement"`},
		{p, handoff.AskSetting, handoff.StoredSetting{AllRoles: true, Name: "work_mem", Value: ptr("4MB")}, "42501", "must be superuser to alter settings globally"},
		{p, handoff.AskSetting, handoff.StoredSetting{Database: "postgres", Name: "work_mem", Value: ptr("4MB")}, "42501", "must be owner of database postgres"},
		{p, handoff.AskSystemSet, handoff.SystemSet{Name: "work_mem", Value: ptr("4MB")}, "42501", `permission denied to set parameter "work_mem"`},
		{p, handoff.AskReload, nil, "42501", "permission denied for function pg_reload_conf"},
		{p, handoff.AskComment, handoff.Comment{Kind: "role", Name: "team", Text: ptr("x")}, "42501", "must have CREATEROLE privilege"},
	} {
		c.by.refused(c.kind, c.body, c.code, c.message)
		c.by.must(handoff.AskEnd, handoff.End{}, nil)
	}
	p.must(handoff.AskRoleAlter, handoff.RoleAlter{Name: "plain", RoleOptions: handoff.RoleOptions{Password: ptr("new")}}, nil)
	p.commit()
	h.session("plain", "postgres", "new")
}

// Ensure that circles of membership are refused, and that members have what membership gives.
func TestMembership(t *testing.T) {
	h := keeperFor(t, "local all admin trust\nhost all +team all scram-sha-256\n")
	admin := h.backend("")
	admin.login("admin", "postgres", "")
	for _, r := range []handoff.RoleCreate{{Name: "team"}, {Name: "crew"}, login("alice")} {
		admin.must(handoff.AskRoleCreate, r, nil)
	}
	admin.must(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"team"}, Members: []string{"crew"}}, nil)
	admin.must(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"crew"}, Members: []string{"alice"}, Admin: true}, nil)
	admin.refused(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"alice"}, Members: []string{"team"}}, "0LP01", `role "alice" is a member of role "team"`)
	admin.refused(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"team"}, Members: []string{"team"}}, "0LP01", `role "team" is a member of role "team"`)
	a := admin.raw(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"crew"}, Members: []string{"alice"}})
	if a.Failure != nil || len(a.Notices) != 1 || a.Notices[0].Message != `role "alice" is already a member of role "crew"` {
		t.Errorf("again: %+v", a)
	}
	admin.commit()
	alice := h.session("alice", "postgres", "pw")
	alice.must(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"crew"}, Members: []string{"admin"}}, nil)
	alice.must(handoff.AskEnd, handoff.End{}, nil)
	admin.must(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"crew"}, Members: []string{"alice"}, Revoke: true}, nil)
	a = admin.raw(handoff.AskGrantRole, handoff.GrantRole{Roles: []string{"crew"}, Members: []string{"alice"}, Revoke: true})
	if a.Failure != nil || len(a.Notices) != 1 || a.Notices[0].Message != `role "alice" is not a member of role "crew"` {
		t.Errorf("revoke again: %+v", a)
	}
	admin.commit()
	if f := h.backend("127.0.0.1:1").login("alice", "postgres", "pw"); f == nil || f.Code != "28000" {
		t.Errorf("alice is not of the team any more: %+v", f)
	}
}

// Ensure that changes are the session's until it commits, that others wait, and that whoever leaves takes theirs back.
func TestRoleTransactions(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	h.turnWait = 200 * time.Millisecond
	a, b := h.session("admin", "postgres", "sesame"), h.session("admin", "postgres", "sesame")
	a.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "one"}, nil)
	b.refused(handoff.AskRoleCreate, handoff.RoleCreate{Name: "two"}, "55P03", "could not obtain lock on shared catalogs")
	if h.current().byName["one"] != nil {
		t.Error("seen before commit")
	}
	a.must(handoff.AskSavepoint, handoff.Savepoint{Op: "save", Name: "s"}, nil)
	a.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "undone"}, nil)
	a.must(handoff.AskSavepoint, handoff.Savepoint{Op: "rollback", Name: "s"}, nil)
	a.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "undone", RoleOptions: handoff.RoleOptions{CreateDB: ptr(true)}}, nil)
	a.must(handoff.AskSavepoint, handoff.Savepoint{Op: "release", Name: "s"}, nil)
	a.refused(handoff.AskRoleCreate, handoff.RoleCreate{Name: "one"}, "42710", `role "one" already exists`)
	a.commit()
	if x := h.current().byName["undone"]; x == nil || !x.createDB || h.current().byName["one"] == nil {
		t.Error("not there after commit")
	}
	b.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "lost"}, nil)
	b.conn.Close()
	a.must(handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"one"}}, nil)
	a.commit()
	if r := h.current(); r.byName["lost"] != nil || r.byName["one"] != nil {
		t.Error("a session that left has left something")
	}
}

// Ensure that a wait for another's transaction ends when the session is canceled, and the next request is not disturbed.
func TestWaitIsInterrupted(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	a, b := h.session("admin", "postgres", "sesame"), h.session("admin", "postgres", "sesame")
	a.must(handoff.AskRoleCreate, handoff.RoleCreate{Name: "one"}, nil)
	c := keeperclient.New(b.conn)
	go func() {
		time.Sleep(100 * time.Millisecond)
		c.Interrupt(pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request"))
	}()
	if _, err := c.Ask(handoff.AskRoleCreate, 0, handoff.RoleCreate{Name: "two"}, nil); pgerr.Code(err) != pgerr.QueryCanceled {
		t.Errorf("wait ended with %v", err)
	}
	a.commit()
	c.Interrupt(pgerr.New(pgerr.QueryCanceled, "late"))
	if _, err := c.Ask(handoff.AskRoleCreate, 0, handoff.RoleCreate{Name: "two"}, nil); err != nil {
		t.Error(err)
	}
}

// Ensure that the client tells savepoints only when the keeper has something to undo, and then all of them.
func TestClientSavepoints(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	c := keeperclient.New(h.session("admin", "postgres", "sesame").conn)
	ask := func(kind string, body any) {
		t.Helper()
		if _, err := c.Ask(kind, 0, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	ask(handoff.AskSavepoint, handoff.Savepoint{Op: "save", Name: "a"})
	ask(handoff.AskSavepoint, handoff.Savepoint{Op: "save", Name: "b"})
	if len(h.turn) != 1 {
		t.Error("a savepoint alone took the turn")
	}
	ask(handoff.AskRoleCreate, handoff.RoleCreate{Name: "x"})
	ask(handoff.AskSavepoint, handoff.Savepoint{Op: "rollback", Name: "a"})
	ask(handoff.AskRoleCreate, handoff.RoleCreate{Name: "y"})
	ask(handoff.AskEnd, handoff.End{Commit: true})
	if r := h.current(); r.byName["x"] != nil || r.byName["y"] == nil {
		t.Errorf("x %v, y %v", r.byName["x"], r.byName["y"])
	}
}

// Ensure that stored settings reach the session they are for, weakest first.
func TestStoredSettings(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	b.must(handoff.AskRoleCreate, login("alice"), nil)
	for _, s := range []handoff.StoredSetting{
		{Role: "alice", Database: "postgres", Name: "work_mem", Value: ptr("5MB")},
		{Role: "alice", Name: "work_mem", Value: ptr("4MB")}, {Role: "alice", Name: "my.own", Value: ptr("x")},
		{Database: "postgres", Name: "work_mem", Value: ptr("3MB")}, {AllRoles: true, Name: "work_mem", Value: ptr("2MB")},
		{Role: "alice", Name: "search_path", Value: ptr("a, b")}, {Role: "alice", Name: "my.own"},
	} {
		b.must(handoff.AskSetting, s, nil)
	}
	b.commit()
	got := h.session("alice", "postgres", "pw").id.Settings
	want := []handoff.RoleSetting{{Name: "work_mem", Value: "2MB", Source: "global"}, {Name: "work_mem", Value: "3MB", Source: "database"},
		{Name: "work_mem", Value: "4MB", Source: "user"}, {Name: "search_path", Value: "a, b", Source: "user"}, {Name: "work_mem", Value: "5MB", Source: "database user"}}
	if len(got) != len(want) {
		t.Fatalf("settings %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("setting %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	b.must(handoff.AskSetting, handoff.StoredSetting{Role: "alice"}, nil)
	b.commit()
	if n := len(h.session("alice", "template1", "pw").id.Settings); n != 1 {
		t.Errorf("%d settings after RESET ALL", n)
	}
}

// Ensure that a role something belongs to stays, and that what is recorded of other databases cannot be touched.
func TestDropRoleDependencies(t *testing.T) {
	h := keeperFor(t, scramEverywhere)
	b := h.session("admin", "postgres", "sesame")
	var id handoff.OID
	b.must(handoff.AskRoleCreate, login("alice"), &id)
	b.must(handoff.AskDepend, handoff.Depend{Add: []handoff.Dependency{{ClassID: 1259, ObjID: 20000, RefOID: id.OID, Type: "o"},
		{ClassID: 1259, ObjID: 20001, RefOID: id.OID, Type: "o"}}}, nil)
	b.must(handoff.AskPrivileges, handoff.Privileges{Kind: "database", Names: []string{"template1"}, Privileges: "C", Grantees: []string{"alice"}}, nil)
	b.commit()
	other := h.session("admin", "template1", "sesame")
	other.must(handoff.AskDepend, handoff.Depend{Remove: []handoff.Dependency{{ClassID: 1259, ObjID: 20000}}}, nil)
	other.commit()
	f := b.ask(handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"alice"}}, nil)
	want := "privileges for database template1\n2 objects in database postgres"
	if f == nil || f.Code != "2BP01" || f.Message != `role "alice" cannot be dropped because some objects depend on it` || f.Detail != want {
		t.Fatalf("%+v", f)
	}
	b.must(handoff.AskDepend, handoff.Depend{Remove: []handoff.Dependency{{ClassID: 1259, ObjID: 20000}, {ClassID: 1259, ObjID: 20001}}}, nil)
	b.must(handoff.AskPrivileges, handoff.Privileges{Kind: "database", Names: []string{"template1"}, Grantees: []string{"alice"}, Revoke: true}, nil)
	b.must(handoff.AskRoleDrop, handoff.RoleDrop{Names: []string{"alice"}}, nil)
	b.commit()
	n := 0
	<-h.turn
	err := h.store.query("SELECT 1 FROM secrets.verifier WHERE role = ?", func(*sqlite3.Stmt) error { n++; return nil }, id.OID)
	h.turn <- struct{}{}
	if err != nil || n != 0 {
		t.Errorf("the verifier is still there: %v", err)
	}
}
