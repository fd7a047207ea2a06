package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// bench runs pgbench against the site.
func (s *testSite) bench(limit time.Duration, args ...string) result {
	s.t.Helper()
	pgbench := needProgram(s.t, "pgbench", postgresBin)
	args = append([]string{"-h", s.sock, "-p", strconv.Itoa(s.port), "-U", world.acct.name}, args...)
	return finish(s.t, world.acct.command(s.home, s.env, pgbench, append(args, "postgres")...), limit)
}

// Ensure that pgbench makes its tables, with foreign keys too, runs each of its scripts in each protocol without an error, and that
// the balances add up afterwards.
func TestPgbench(t *testing.T) {
	needProgram(t, "pgbench", postgresBin)
	s := startSite(t)
	scale, seconds := "1", "2"
	if world.long {
		scale, seconds = "10", "20"
	}
	for _, flags := range [][]string{{"--partitions=0"}, {"--foreign-keys"}} {
		r := s.bench(5*time.Minute, append([]string{"-i", "-s", scale}, flags...)...)
		if r.status != 0 || strings.Contains(r.err, "ERROR") {
			t.Fatalf("pgbench -i %v: %v", flags, r)
		}
		c := s.connect()
		if n := one[int64](t, c, "SELECT count(*) FROM pgbench_accounts"); strconv.FormatInt(n, 10) != scale+"00000" {
			t.Errorf("%d accounts", n)
		}
		closeSoon(c)
	}
	for _, script := range []string{"tpcb-like", "simple-update", "select-only"} {
		for _, protocol := range []string{"simple", "extended", "prepared"} {
			t.Run(script+"/"+protocol, func(t *testing.T) {
				r := s.bench(3*time.Minute, "-n", "-c", "8", "-j", "2", "-T", seconds, "-b", script, "-M", protocol)
				if r.status != 0 || strings.Contains(r.out+r.err, "ERROR") || strings.Contains(r.out+r.err, "aborted") ||
					!strings.Contains(r.out, "number of failed transactions: 0 ") {
					t.Fatal(r)
				}
				balanced(t, s, script)
			})
			if script == "simple-update" {
				// That script leaves tellers and branches alone: begin anew.
				c := s.connect()
				do(t, c, "TRUNCATE pgbench_history; UPDATE pgbench_accounts SET abalance = 0; UPDATE pgbench_tellers SET tbalance = 0; UPDATE pgbench_branches SET bbalance = 0")
				closeSoon(c)
			}
		}
	}
}

// balanced checks that every transaction is in all the tables it wrote.
func balanced(t *testing.T, s *testSite, script string) {
	t.Helper()
	c := s.connect()
	defer closeSoon(c)
	var accounts, tellers, branches, history int64
	err := c.QueryRow(ctx(t), `SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(tbalance) FROM pgbench_tellers),
		(SELECT sum(bbalance) FROM pgbench_branches), (SELECT coalesce(sum(delta), 0) FROM pgbench_history)`).Scan(&accounts, &tellers, &branches, &history)
	if err != nil {
		t.Fatal(err)
	}
	if accounts != history || script == "tpcb-like" && (tellers != history || branches != history) {
		t.Errorf("balances: accounts %d, tellers %d, branches %d, history %d", accounts, tellers, branches, history)
	}
}

// Ensure that Debian's maintenance programs work.
func TestPostgresPrograms(t *testing.T) {
	s := startSite(t)
	where := []string{"-h", s.sock, "-p", strconv.Itoa(s.port), "-U", world.acct.name}
	for _, step := range []struct {
		program string
		args    []string
		out     string // in what it prints
		check   string // afterwards true
	}{
		{"pg_isready", nil, "accepting connections", "true"},
		{"createuser", []string{"--createdb", "--createrole", "--connection-limit=5", "alice"}, "", "EXISTS (SELECT FROM pg_roles WHERE rolname = 'alice' AND rolcanlogin AND rolcreatedb AND rolcreaterole AND rolconnlimit = 5)"},
		{"createdb", []string{"--owner=alice", "shop", "of alice"}, "", "EXISTS (SELECT FROM pg_database d JOIN pg_roles r ON r.oid = datdba WHERE datname = 'shop' AND rolname = 'alice')"},
		{"createdb", []string{"--template=shop", "copy"}, "", "EXISTS (SELECT FROM pg_database WHERE datname = 'copy')"},
		{"vacuumdb", []string{"--analyze", "postgres"}, `vacuuming database "postgres"`, ""},
		{"vacuumdb", []string{"--all"}, `vacuuming database "shop"`, ""},
		{"vacuumdb", []string{"--all", "--analyze-in-stages"}, "", ""},
		{"reindexdb", []string{"postgres"}, "", ""},
		{"reindexdb", []string{"--all"}, `reindexing database "shop"`, ""},
		{"reindexdb", []string{"--table=keyed", "postgres"}, "", ""},
		{"dropdb", []string{"copy"}, "", "NOT EXISTS (SELECT FROM pg_database WHERE datname = 'copy')"},
		{"dropdb", []string{"--if-exists", "copy"}, "", ""},
		{"dropdb", []string{"--force", "shop"}, "", "NOT EXISTS (SELECT FROM pg_database WHERE datname = 'shop')"},
		{"dropuser", []string{"alice"}, "", "NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'alice')"},
	} {
		c := s.connect()
		do(t, c, "CREATE TABLE IF NOT EXISTS keyed (id int PRIMARY KEY, word text UNIQUE)")
		program := needProgram(t, step.program, postgresBin)
		r := s.run(program, append(append([]string{}, where...), step.args...)...)
		if r.status != 0 || !strings.Contains(r.out+r.err, step.out) {
			t.Errorf("%s %v: %v", step.program, step.args, r)
		}
		if step.check != "" && !one[bool](t, c, "SELECT "+step.check) {
			t.Errorf("%s %v: not so: %s", step.program, step.args, step.check)
		}
		closeSoon(c)
	}
}
