package sqltest

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

var (
	differ = flag.Int("differ", 300, "how many random statements to compare with PGD_ORACLE")
	seed   = flag.Uint64("seed", 1, "where the random statements begin")
)

var differSetup = []string{
	"create table ta (id int primary key, i int, t text, n numeric, b bool)",
	"create table tb (k int not null, i int8, f float8, t varchar(5), d date)",
	"create table tc (x int2, n numeric(6,2), c char(3), ts timestamp)",
	"insert into ta values (1,1,'a',1.0,true),(2,2,'b',2.50,false),(3,null,'ab',null,null),(4,2,null,1.00,true),(5,5,'',0.5,false)",
	"insert into tb values (1,1,1.5,'a','2024-01-01'),(2,2,'NaN','b',null),(2,null,-2,null,'1999-12-31'),(3,7,null,'B c','2024-02-29')",
	"insert into tc values (1,1,'a','2024-01-01 10:00:00'),(null,2.5,'ab',null),(3,null,null,'2000-02-03 04:05:06'),(2,3,'b','2024-01-01 10:00:00')",
	"create index on tb (i)", "create index on ta (n)", "create index on tb (t)",
}

// Ensure that random queries give the rows PostgreSQL gives. It needs PGD_ORACLE and is skipped without.
func TestRandomQueries(t *testing.T) {
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
	for _, s := range append([]string{"create schema if not exists differ", "set search_path = differ", "drop table if exists ta, tb, tc"}, differSetup...) {
		if a := ask(ctx, c, s); a.err != nil && !strings.Contains(a.err.Message, "exists") {
			t.Fatal(s, a.err)
		}
	}
	for _, s := range differSetup {
		if a := e.run(s); a.err != nil {
			t.Fatal(s, a.err)
		}
	}
	same, unsupported, both := 0, 0, 0
	for i := range *differ {
		g := &generator{r: rand.New(rand.NewPCG(*seed+uint64(i), 7))}
		sql := g.statement()
		want, got := ask(ctx, c, sql), e.run(sql)
		if want.err != nil && got.err != nil && want.err.Code == got.err.Code {
			both++
			continue
		}
		if got.err != nil && got.err.Code == "0A000" {
			unsupported++
			t.Logf("seed %d unsupported: %s", *seed+uint64(i), got.err.Message)
			continue
		}
		// PostgreSQL's planner may fold an expression to one with a typmod, and equal numbers may keep either of their scales.
		loosen(&want)
		loosen(&got)
		sort.Strings(want.rows)
		sort.Strings(got.rows)
		if print(sql, want) == print(sql, got) || strings.Contains(sql, "limit") && len(want.rows) == len(got.rows) && want.err == nil && got.err == nil {
			same++
			continue
		}
		var compiled string
		e.showSQL = func(s string) { compiled = s }
		e.run(sql)
		e.showSQL = nil
		t.Errorf("seed %d\n--- want\n%s\n--- got\n%s\n--- compiled\n%s", *seed+uint64(i), print(sql, want), print(sql, got), compiled)
	}
	t.Logf("%d same, %d fail in both, %d not supported", same, both, unsupported)
}

var (
	typmods = regexp.MustCompile(`:-?\d+$`)
	zeros   = regexp.MustCompile(`(\.\d*?)0+(\||$)`)
	points  = regexp.MustCompile(`\.(\||$)`)
)

func loosen(a *answer) {
	if a.err != nil && a.err.Schema == "differ" {
		a.err.Schema = "public"
	}
	for i := range a.columns {
		a.columns[i] = typmods.ReplaceAllString(a.columns[i], "")
	}
	for i, r := range a.rows {
		a.rows[i] = points.ReplaceAllString(zeros.ReplaceAllString(zeros.ReplaceAllString(r, "$1$2"), "$1$2"), "$1")
	}
}

// Ensure that random changes leave the rows PostgreSQL has, or fail with its error. It needs PGD_ORACLE and is skipped without.
func TestRandomChanges(t *testing.T) {
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
	for _, s := range []string{"create schema if not exists differ", "set search_path = differ", "drop table if exists ta, tb, tc, tm"} {
		ask(ctx, c, s)
	}
	table := "create table tm (k int primary key, u int unique, a int, t text default 'd', n numeric not null default 1.5, check (a <> 4))"
	for _, s := range append(append([]string{}, differSetup...), table) {
		if a := ask(ctx, c, s); a.err != nil {
			t.Fatal(s, a.err)
		}
		if a := e.run(s); a.err != nil {
			t.Fatal(s, a.err)
		}
	}
	same, both := 0, 0
	for i := range *differ {
		g := &generator{r: rand.New(rand.NewPCG(*seed+uint64(i), 9))}
		sql := g.change()
		want, got := ask(ctx, c, sql), e.run(sql)
		loosen(&want)
		loosen(&got)
		sort.Strings(want.rows)
		sort.Strings(got.rows)
		all := "select * from tm order by k"
		left, right := ask(ctx, c, all), e.run(all)
		loosen(&left)
		loosen(&right)
		switch {
		case want.err != nil && got.err != nil && constraint(want.err.Code) && constraint(got.err.Code) && print(all, left) == print(all, right):
			// Which of several violations is met first depends on the order of rows.
			same++
			both++
		case print(sql, want) == print(sql, got) && print(all, left) == print(all, right):
			same++
			if want.err != nil {
				both++
			}
		default:
			var compiled string
			e.showSQL = func(s string) { compiled = s }
			e.run(sql)
			e.showSQL = nil
			t.Errorf("seed %d\n--- want\n%s\n%s\n--- got\n%s\n%s\n--- compiled\n%s", *seed+uint64(i), print(sql, want), print(all, left), print(sql, got), print(all, right), compiled)
		}
		if print(all, left) != print(all, right) || i%40 == 39 {
			ask(ctx, c, "delete from tm")
			e.run("delete from tm")
		}
	}
	t.Logf("%d same, %d of them errors", same, both)
}

func constraint(code string) bool { return strings.HasPrefix(code, "23") || code == "21000" }
