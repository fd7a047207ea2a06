package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

// way is one way to connect: as libpq takes it, and as node-postgres does.
type way struct {
	name, dsn string
	node      map[string]any
}

// driverSite starts a site that can be reached in each way.
func driverSite(t *testing.T) (*testSite, []way) {
	t.Helper()
	s := newSite(t, "ssl = on", "ssl_ca_file = 'clients.crt'")
	servers := newAuthority(t, s.home, "servers")
	servers.server("server")
	clients := newAuthority(t, s.home, "clients")
	clients.client("client", "certified")
	for from, to := range map[string]string{"server.crt": "server.crt", "server.key": "server.key", "clients.crt": "clients.crt"} {
		b, err := os.ReadFile(filepath.Join(s.home, from))
		if err != nil {
			t.Fatal(err)
		}
		s.write(to, string(b))
	}
	s.hba(`local all all peer map=tests
hostssl all certified 127.0.0.1/32 cert
hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all certified 127.0.0.1/32 reject
hostnossl all all 127.0.0.1/32 scram-sha-256
`)
	s.start()
	c := s.connect()
	do(t, c, "CREATE ROLE app LOGIN PASSWORD 'app''s password'")
	do(t, c, "CREATE ROLE certified LOGIN")
	file := func(name string) string { return filepath.Join(s.home, name) }
	tcp := fmt.Sprintf("host=127.0.0.1 port=%d dbname=postgres", s.port)
	base := func(user string, more map[string]any) map[string]any {
		m := map[string]any{"host": "127.0.0.1", "port": s.port, "database": "postgres", "user": user}
		for k, v := range more {
			m[k] = v
		}
		return m
	}
	return s, []way{
		{"socket", s.socketDSN("postgres"), base(world.acct.name, map[string]any{"host": s.sock})},
		{"tcp", tcp + ` user=app password='app\'s password' sslmode=disable`, base("app", map[string]any{"password": "app's password"})},
		{"tls", tcp + ` user=app password='app\'s password' sslmode=verify-full sslrootcert=` + file("servers.crt"),
			base("app", map[string]any{"password": "app's password", "ssl": map[string]any{"ca": file("servers.crt")}})},
		{"certificate", tcp + " user=certified sslmode=verify-full sslrootcert=" + file("servers.crt") + " sslcert=" + file("client.crt") + " sslkey=" + file("client.key"),
			base("certified", map[string]any{"ssl": map[string]any{"ca": file("servers.crt"), "cert": file("client.crt"), "key": file("client.key")}})},
	}
}

// Ensure that psycopg 2 and 3 and node-postgres connect in each way, and that their conversation gives what it gives with PostgreSQL.
func TestDrivers(t *testing.T) {
	s, ways := driverSite(t)
	for _, d := range []struct {
		name, program, script string
		probe                 []string
		arg                   func(w way) string
	}{
		{"psycopg2", "/usr/bin/python3", "with_psycopg2.py", []string{"-c", "import psycopg2"}, func(w way) string { return w.dsn }},
		{"psycopg3", "/usr/bin/python3", "with_psycopg3.py", []string{"-c", "import psycopg"}, func(w way) string { return w.dsn }},
		{"node-postgres", "node", "with_pg.js", []string{"-e", "require('pg')"}, func(w way) string { b, _ := json.Marshal(w.node); return string(b) }},
	} {
		t.Run(d.name, func(t *testing.T) {
			program := needProgram(t, d.program)
			env := append(s.env, "NODE_PATH="+nodePath(), "PYTHONDONTWRITEBYTECODE=1")
			if r := finish(t, world.acct.command(s.home, env, program, d.probe...), patience); r.status != 0 {
				t.Skipf("%s is not installed", d.name)
			}
			script := s.copyFile(filepath.Join("testdata", "drivers", d.script))
			golden := filepath.Join("testdata", "drivers", d.script+".out")
			if *update {
				recordDriver(t, program, script, golden, env, d.name)
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range ways {
				t.Run(w.name, func(t *testing.T) {
					r := finish(t, world.acct.command(s.home, env, program, script, d.arg(w)), patience)
					if r.status != 0 || r.err != "" {
						t.Errorf("status %d: %s", r.status, r.err)
					}
					compare(t, r.out, string(want))
				})
			}
		})
	}
}

// nodePath is where node finds the package pg.
func nodePath() string {
	if p := os.Getenv("PGD_NODE_PATH"); p != "" {
		return p
	}
	return "/usr/share/nodejs"
}

// copyFile puts a file where the account can read it.
func (s *testSite) copyFile(from string) string {
	s.t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		s.t.Fatal(err)
	}
	to := filepath.Join(s.home, filepath.Base(from))
	if err := os.WriteFile(to, b, 0o644); err != nil {
		s.t.Fatal(err)
	}
	return to
}

// oracle gives the connection to PostgreSQL, as libpq takes it and as a map; without one the test fails, because it was asked to record.
func oracle(t *testing.T) (string, map[string]string) {
	t.Helper()
	dsn := os.Getenv("PGD_ORACLE")
	if dsn == "" {
		t.Fatal("-update needs PGD_ORACLE=\"host=… port=… user=…\"")
	}
	m := map[string]string{}
	for _, f := range strings.Fields(dsn) {
		k, v, _ := strings.Cut(f, "=")
		m[k] = v
	}
	return dsn, m
}

func recordDriver(t *testing.T, program, script, golden string, env []string, name string) {
	t.Helper()
	dsn, m := oracle(t)
	arg := dsn + " dbname=postgres"
	if name == "node-postgres" {
		port, _ := strconv.Atoi(m["port"])
		b, _ := json.Marshal(map[string]any{"host": m["host"], "port": port, "user": m["user"], "database": "postgres"})
		arg = string(b)
	}
	c := osexec.Command(program, script, arg)
	c.Env = append(os.Environ(), env...)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("record: %v", err)
	}
	if err := os.WriteFile(golden, out, 0o644); err != nil {
		t.Fatal(err)
	}
}

// compare shows the lines in which an answer differs from the recorded one.
func compare(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s", diff.Diff("PostgreSQL", []byte(want), "pgd", []byte(got)))
	}
}
