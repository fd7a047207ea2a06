package sqltest

import (
	"context"
	"math/rand/v2"
	"os"
	"sort"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

var grammarSetup = []string{
	"create table wf (id int primary key, g text, v int, f float8, n numeric, t text, d date)",
	"insert into wf select x, case x % 4 when 0 then null when 1 then 'a' when 2 then 'b' else 'c' end, nullif(x * 7 % 11, 3), nullif(x * 5 % 9, 4) * 0.5::float8," +
		" nullif(x * 3 % 7, 2) * 0.50, nullif(substr('xyZ w', x % 5 + 1, 1), ' '), date '2024-01-01' + nullif(x * 5 % 13, 6) from generate_series(1, 24) x",
}

// Ensure that random statements about documents, arrays, paths and windows give PostgreSQL's answer, its message included. It needs PGD_ORACLE and
// is skipped without.
func TestRandomDocuments(t *testing.T) {
	if os.Getenv("PGD_ORACLE") == "" || *update {
		t.Skip("PGD_ORACLE is not set")
	}
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	e := newEngine(t)
	for _, s := range append([]string{"create schema if not exists differ", "set search_path = differ", "set timezone = 'UTC'", "drop table if exists wf"}, grammarSetup...) {
		ask(ctx, c, s)
	}
	for _, s := range grammarSetup {
		if a := e.run(s); a.err != nil {
			t.Fatal(s, a.err)
		}
	}
	same, unsupported := 0, 0
	for i := range *differ {
		sql := derive(rand.New(rand.NewPCG(*seed+uint64(i), 11)), "statement", 0)
		want, got := ask(ctx, c, sql), e.run(sql)
		if got.err != nil && got.err.Code == "0A000" && (want.err == nil || want.err.Code != "0A000") {
			unsupported++
			t.Logf("seed %d unsupported: %s\n%s", *seed+uint64(i), got.err.Message, sql)
			continue
		}
		sort.Strings(want.rows)
		sort.Strings(got.rows)
		if print(sql, want) == print(sql, got) {
			same++
			continue
		}
		t.Errorf("seed %d\n--- want\n%s\n--- got\n%s", *seed+uint64(i), print(sql, want), print(sql, got))
	}
	t.Logf("%d same, %d not supported", same, unsupported)
}
