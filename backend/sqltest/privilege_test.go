package sqltest

import (
	"testing"
)

// Ensure that a role that owns nothing needs privileges on what a statement touches, a view's owner on what the view reads, and that
// nobody changes the system catalogs.
func TestPrivileges(t *testing.T) {
	e := newEngine(t)
	for _, s := range []string{
		"create table secret (a int)", "insert into secret values (1)", "create table open (a int primary key, b int)",
		"create view window_in as select a from secret", "create sequence counter",
		"grant select, insert on open to public", "grant select on window_in to public",
	} {
		if a := e.run(s); a.err != nil {
			t.Fatal(s, a.err)
		}
	}
	e.user = 99999
	for _, c := range []struct{ sql, want string }{
		{"select a from open", ""},
		{"select * from secret", "permission denied for table secret"},
		{"select 1 from open where exists (select 1 from secret)", "permission denied for table secret"},
		{"with x as (select a from secret) select 1 from open, x", "permission denied for table secret"},
		{"select * from window_in", ""},
		{"insert into open values (1)", ""},
		{"insert into open select a + 1 from open", ""},
		{"insert into open values (1) on conflict (a) do update set b = 1", "permission denied for table open"},
		{"update open set b = 1", "permission denied for table open"},
		{"delete from open", "permission denied for table open"},
		{"select a from open for update", "permission denied for table open"},
		{"insert into secret values (1)", "permission denied for table secret"},
		{"select last_value from counter", "permission denied for sequence counter"},
		{"select relname from pg_class limit 1", ""},
		{"delete from pg_class", "permission denied: \"pg_class\" is a system catalog"},
		{"update pg_database set datname = 'x'", "permission denied: \"pg_database\" is a system catalog"},
	} {
		a := e.run(c.sql)
		got := ""
		if a.err != nil {
			got = a.err.Message
			if a.err.Code != "42501" {
				t.Errorf("%s: SQLSTATE %s", c.sql, a.err.Code)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.sql, got, c.want)
		}
	}
}
