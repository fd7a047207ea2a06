package catalog_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/types"
)

// Ensure that every query psql's describing commands send (testdata/psql_commands.txt) can be analyzed against the stored catalogs. psql is asked
// what it sends, with its option -E, where PGD_ORACLE gives its arguments for a PostgreSQL 15.
func TestPsqlQueriesAreAnalyzed(t *testing.T) {
	oracle := os.Getenv("PGD_ORACLE")
	if oracle == "" {
		t.Skip("PGD_ORACLE is not set")
	}
	commands, err := os.ReadFile("testdata/psql_commands.txt")
	if err != nil {
		t.Fatal(err)
	}
	const setup = `BEGIN;
CREATE TABLE pgd_a(id int PRIMARY KEY, n numeric(10,2) DEFAULT 1, t varchar(20) NOT NULL UNIQUE, x text CHECK (x <> ''));
CREATE TABLE pgd_b(p int, q text, a int REFERENCES pgd_a); CREATE VIEW pgd_v AS SELECT * FROM pgd_a; CREATE SEQUENCE pgd_s;
`
	v := catalog.See(t, catalog.Site(t), "public")
	cmd := exec.Command("psql", append(strings.Fields(oracle), "-X", "-q", "-E")...)
	cmd.Stdin = strings.NewReader(setup + string(commands) + "\nROLLBACK;\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, part := range strings.Split(string(out), "********* QUERY **********\n")[1:] {
		sql, _, _ := strings.Cut(part, "**************************")
		if seen[sql] || strings.Contains(sql, "'pgd_v'") { // a view of the other server
			continue
		}
		seen[sql] = true
		st, err := parse.Parse(sql)
		if err != nil {
			t.Errorf("%v\n%s", err, sql)
			continue
		}
		a := &analyze.Analyzer{Catalog: v, Types: &types.Context{Names: v}, User: 10, Superuser: true, Database: "postgres", Setting: func(string) string { return "" }}
		if _, err := a.Query(st[0]); err != nil {
			t.Errorf("%v\n%s", err, sql)
		}
	}
	t.Logf("%d queries", len(seen))
}
