package e2e

import (
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Ensure that psql's describing commands and an ordinary first session print what they print with PostgreSQL 15. What differs and is documented
// is in the file NAME.differs: lines of PostgreSQL's, each followed by the line that stands for it.
func TestPsql(t *testing.T) {
	psql := needProgram(t, "psql", postgresBin)
	if out, _ := osexec.Command(psql, "--version").Output(); !strings.Contains(string(out), ") 15.") {
		t.Skipf("the answers were recorded with psql 15, here is %s", out)
	}
	s := startSite(t)
	// A database and a superuser of the same names on both sides.
	c := s.connect()
	do(t, c, "CREATE ROLE e2e_owner SUPERUSER LOGIN")
	for _, name := range []string{"describe", "session"} {
		t.Run(name, func(t *testing.T) {
			script, golden := filepath.Join("testdata", "psql", name+".sql"), filepath.Join("testdata", "psql", name+".out")
			if *update {
				recordPsql(t, psql, script, golden)
			}
			do(t, c, "CREATE DATABASE e2e_shop OWNER e2e_owner")
			defer do(t, c, "DROP DATABASE e2e_shop")
			r := s.run("sh", "-c", `exec "$0" "$@" 2>&1`, psql, "-X", "-a", "-h", s.sock, "-p", strconv.Itoa(s.port), "-U", "e2e_owner", "-d", "e2e_shop",
				"-f", s.copyFile(script))
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, plain(r.out), differing(t, string(want), strings.TrimSuffix(golden, ".out")+".differs"))
		})
	}
}

// recordPsql runs a script with PostgreSQL.
func recordPsql(t *testing.T, psql, script, golden string) {
	t.Helper()
	dsn, _ := oracle(t)
	run := func(args ...string) string {
		t.Helper()
		out, err := osexec.Command(psql, append([]string{"-X", "-d"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v %s", args, err, out)
		}
		return string(out)
	}
	run(dsn+" dbname=postgres", "-c", "DROP DATABASE IF EXISTS e2e_shop", "-c", "DROP ROLE IF EXISTS e2e_owner, e2e_writer, e2e_reader",
		"-c", "CREATE ROLE e2e_owner SUPERUSER LOGIN", "-c", "CREATE DATABASE e2e_shop OWNER e2e_owner")
	dsn = regexp.MustCompile(`user=\S+`).ReplaceAllString(dsn, "") // as the owner, in the database
	out := run(dsn+" user=e2e_owner dbname=e2e_shop", "-a", "-f", script)
	dsn, _ = oracle(t)
	run(dsn+" dbname=postgres", "-c", "DROP DATABASE e2e_shop", "-c", "DROP ROLE e2e_owner")
	if err := os.WriteFile(golden, []byte(plain(out)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// plain takes the script's path out of psql's messages.
func plain(text string) string {
	return regexp.MustCompile(`psql:\S*/`).ReplaceAllString(text, "psql:")
}

// differing puts in the place of PostgreSQL's lines what is documented to stand for them.
func differing(t *testing.T, text, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		return text
	}
	var pairs []string
	for _, l := range strings.Split(string(b), "\n") {
		if l != "" && !strings.HasPrefix(l, "#") {
			pairs = append(pairs, strings.TrimPrefix(strings.TrimPrefix(l, "- "), "+ "))
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]+"\n") {
			t.Errorf("%s: not in PostgreSQL's answers: %s", file, pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i]+"\n", pairs[i+1]+"\n")
	}
	return text
}
