package sqltest

import (
	"strings"
	"testing"

	"pgd/backend/types"
)

// Ensure that SQLite finds the index for what is compiled from the usual conditions and orders.
func TestIndexesAreUsed(t *testing.T) {
	e := newEngine(t)
	for _, s := range []string{
		"create table o (id int primary key, c int not null, n numeric, t text, ts timestamptz, u uuid, b bpchar(5), k bigint)",
		"create table l (id bigint primary key, o int references o(id), q int)",
		"create index o_c on o (c)", "create index o_n on o (n)", "create index o_t on o (t)", "create index o_ts on o (ts)", "create index o_u on o (u)",
		"create index o_low on o (lower(t))", "create index o_part on o (k) where c > 5", "create index l_o on l (o)", "create index o_b on o (b)",
		"create index o_ct on o (c, t)",
	} {
		if a := e.run(s); a.err != nil {
			t.Fatal(s, a.err)
		}
	}
	for _, c := range []struct{ sql, want string }{
		{"select * from o where id = 5", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where id in (1, 2, 3)", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where id = any (array[1, 2, 3])", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where id = any ('{1,2}'::int[])", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where id between 3 and 7", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
		{"select * from o where id = 5::bigint", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where n = 2.5", "INDEX o_n (n=?)"},
		{"select * from o where n > 2", "INDEX o_n (n>?)"},
		{"select * from o where t = 'x'", "INDEX o_t (t=?)"},
		{"select * from o where 'x' = t", "INDEX o_t (t=?)"},
		{"select * from o where t in ('x', 'y')", "INDEX o_t (t=?)"},
		{"select * from o where t = any (array(select 'x'))", "INDEX o_t (t=?)"},
		{"select * from o where lower(t) = 'x'", "INDEX o_low (<expr>=?)"},
		{"select * from o where b = 'x'", "INDEX o_b (b=?)"},
		{"select * from o where u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "INDEX o_u (u=?)"},
		{"select * from o where ts >= now()", "INDEX o_ts (ts>?)"},
		{"select * from o where k = 3 and c > 5", "INDEX o_part (k=?)"},
		{"select * from o where c = 5 and t = 'x'", "INDEX o_ct (c=? AND t=?)"},
		{"select * from o join l on l.o = o.id where o.id = 3", "INDEX l_o (o=?)"},
		{"select * from l join o on l.o = o.id where l.id = 3", "USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o where exists (select 1 from l where l.o = o.id)", "INDEX l_o (o=?)"},
		{"select * from o where id in (select o from l where id = 7)", "USING INTEGER PRIMARY KEY (rowid=?)"},
		{"select * from o order by id limit 5", "-USE TEMP B-TREE"},
		{"select * from o order by id desc limit 5", "-USE TEMP B-TREE"},
		{"select * from o order by c limit 5", "-USE TEMP B-TREE"},
		{"select c, count(*) from o group by c order by c", "-USE TEMP B-TREE"},
		{"select * from (select id, c as k from o) s where s.k = 5", "(c=?)"},
		{"select max(c) from o", "INDEX o_c"},
		{"update o set t = 'y' where id = 5", "SEARCH t1 USING INTEGER PRIMARY KEY (rowid=?)"},
		{"delete from o where t = 'x'", "INDEX o_t (t=?)"},
		{"update o set c = l.q from l where l.o = o.id and l.id = 3", "USING INTEGER PRIMARY KEY (rowid=?)"},
	} {
		sql := ""
		e.showSQL = func(s string) { sql = s }
		if a := e.run(c.sql); a.err != nil {
			if c.want != "" {
				t.Errorf("%s: %v", c.sql, a.err)
			}
			continue
		}
		var plan []string
		err := e.db.Query("EXPLAIN QUERY PLAN "+sql, nil, func(row []types.Value) error {
			plan = append(plan, string(row[3].B))
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		text := strings.Join(plan, "; ")
		not, is := strings.CutPrefix(c.want, "-")
		if is && strings.Contains(text, not) || !is && !strings.Contains(text, c.want) {
			t.Errorf("%s\nplan %s\nwant %s\n%s", c.sql, text, c.want, sql)
		}
	}
}
