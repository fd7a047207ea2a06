package sqltest

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgd/backend/parse"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// undone are definitions of which each must leave nothing when it is rolled back.
var undone = []string{
	"create table n1 (a serial primary key, b text unique default 'x', c int generated always as (length(b)) stored, check (b <> ''), foreign key (a) references base)",
	"create table n2 (like base including all)",
	"create table n3 as select * from base",
	"create index on base (lower(b))",
	"create unique index nd on base (b) nulls not distinct",
	"create view nv as select * from base",
	"create sequence ns owned by base.id",
	"create schema nsc create table t (a int) create view v as select a from t",
	"alter table base add column n int default 5 not null, add check (n > 0)",
	"alter table s.t alter column a type bigint",
	"alter table base drop column b cascade",
	"alter table base rename to other",
	"alter table base rename column b to bb",
	"alter table base set schema s",
	"alter table base drop constraint base_pkey cascade",
	"alter table base add constraint bu unique (b)",
	"alter table base alter column b set default 'z', alter column b set not null",
	"alter schema s rename to s2",
	"alter sequence s.sq increment 5 restart 77",
	"alter view v rename to v2",
	"create or replace view v as select id, b, 1 as one from base",
	"alter table child add foreign key (id, id) references base (id, id)",
	"comment on table base is 'a table'",
	"grant select on base to public",
	"truncate base cascade",
	"drop view v",
	"drop table base cascade",
	"drop schema s cascade",
}

// Ensure that a definition that is rolled back leaves nothing: neither in the catalog nor in SQLite's schema, and a file in order.
func TestDefinitionsRolledBack(t *testing.T) {
	e := newEngine(t)
	for _, sql := range []string{
		"create table base (id int primary key, b text check (b <> 'bad'))", "create index base_b on base (b)", "insert into base values (1, 'x'), (2, 'y')",
		"create table child (id int references base on delete cascade)", "insert into child values (1)", "create view v as select id, b from base",
		"create schema s", "create table s.t (a int primary key)", "create sequence s.sq",
	} {
		if a := e.run(sql); a.err != nil {
			t.Fatalf("%s: %v", sql, a.err)
		}
	}
	before := contents(t, e)
	for _, sql := range undone {
		st, err := parse.Parse(sql)
		must(t, err)
		must(t, e.db.Begin(storage.ReadCommitted, false))
		_, err = e.statement(st[0])
		e.db.EndRead()
		must(t, e.db.Rollback())
		e.cache.Forget()
		if err != nil && !strings.Contains(sql, "(id, id)") {
			t.Errorf("%s: %v", sql, err)
		}
		if after := contents(t, e); after != before {
			t.Fatalf("%s left something:\n%s", sql, difference(before, after))
		}
	}
	problems, err := e.db.Integrity()
	must(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
}

// contents writes down the whole file: SQLite's schema and every row of every table, the counters aside.
func contents(t *testing.T, e *engine) string {
	t.Helper()
	must(t, e.db.Begin(storage.ReadCommitted, true))
	_, err := e.db.StartRead()
	must(t, err)
	defer func() { e.db.EndRead(); must(t, e.db.Rollback()) }()
	var lines, tables []string
	must(t, e.db.Query("SELECT type, name, sql FROM sqlite_schema", nil, func(r []types.Value) error {
		lines = append(lines, string(r[0].B)+" "+string(r[1].B)+" "+string(r[2].B))
		// The built-in rows of these are many and are never changed.
		if name := string(r[1].B); string(r[0].B) == "table" && !slices.Contains([]string{"pg_catalog.pg_proc", "pg_catalog.pg_operator", "pg_catalog.pg_amop", "pg_catalog.pg_amproc"}, name) {
			tables = append(tables, string(r[1].B))
		}
		return nil
	}))
	for _, name := range tables {
		must(t, e.db.Query(`SELECT * FROM "`+name+`"`, nil, func(r []types.Value) error {
			var b strings.Builder
			b.WriteString(name)
			for _, v := range r {
				b.WriteByte('|')
				fmt.Fprintf(&b, "%d %d %g %q", v.Kind, v.I, v.F, v.B)
			}
			lines = append(lines, b.String())
			return nil
		}))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func difference(a, b string) string {
	had := map[string]bool{}
	for _, l := range strings.Split(a, "\n") {
		had[l] = true
	}
	var out []string
	for _, l := range strings.Split(b, "\n") {
		if !had[l] {
			out = append(out, "+ "+l)
		}
		delete(had, l)
	}
	for l := range had {
		out = append(out, "- "+l)
	}
	return strings.Join(out, "\n")
}
