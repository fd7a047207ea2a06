package sqltest

import (
	"testing"

	"pgd/backend/analyze"
	"pgd/backend/compile"
	"pgd/backend/parse"
)

// BenchmarkPlan measures what it costs to plan pgbench's statements from text.
func BenchmarkPlan(b *testing.B) {
	e := newEngine(b)
	for _, s := range []string{"create table pgbench_accounts(aid int primary key,bid int,abalance int,filler char(84))",
		"create table pgbench_history(tid int,bid int,aid int,delta int,mtime timestamp,filler char(22))"} {
		if a := e.run(s); a.err != nil {
			b.Fatal(a.err)
		}
	}
	for name, sql := range map[string]string{
		"select": "SELECT abalance FROM pgbench_accounts WHERE aid = 7",
		"update": "UPDATE pgbench_accounts SET abalance = abalance + -42 WHERE aid = 7",
		"insert": "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, 7, -42, CURRENT_TIMESTAMP)",
	} {
		b.Run(name, func(b *testing.B) {
			must(b, e.db.Begin(0, false))
			version, err := e.db.StartRead()
			must(b, err)
			v, err := e.view(version)
			must(b, err)
			st, err := parse.Parse(sql)
			must(b, err)
			b.ReportAllocs()
			for b.Loop() {
				a := &analyze.Analyzer{Catalog: v, Types: &e.types, User: 10, Superuser: true}
				q, err := a.Query(st[0])
				must(b, err)
				_, err = compile.Query(q, compile.Options{Catalog: v, Types: &e.types})
				must(b, err)
			}
			must(b, e.db.Rollback())
		})
	}
}
