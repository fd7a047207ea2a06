package e2e

import (
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Ensure that connections beyond max_connections get 53300, that the last ones are the superusers', and that a place that gets free is given
// again.
func TestConnectionLimits(t *testing.T) {
	s := startSite(t, "max_connections = 5", "superuser_reserved_connections = 2")
	admin := s.connect()
	do(t, admin, "CREATE ROLE plain LOGIN PASSWORD 'plain'")
	do(t, admin, "CREATE ROLE single LOGIN PASSWORD 'single' CONNECTION LIMIT 1")
	as := func(role string) (*pgx.Conn, error) {
		cfg, err := pgx.ParseConfig(s.tcpDSN("postgres", "disable"))
		if err != nil {
			t.Fatal(err)
		}
		cfg.User, cfg.Password = role, role
		c, err := pgx.ConnectConfig(ctx(t), cfg)
		if err == nil {
			t.Cleanup(func() { closeSoon(c) })
		}
		return c, err
	}
	refused := func(what string, err error, message string) {
		t.Helper()
		if sqlstate(err) != "53300" || !contains(err, message) {
			t.Errorf("%s: %v", what, err)
		}
	}
	limited, err := as("single")
	if err != nil {
		t.Fatal(err)
	}
	_, err = as("single")
	refused("connection limit of a role", err, `too many connections for role "single"`)
	closeSoon(limited)
	// The one that left may still be counted for a moment.
	var held []*pgx.Conn
	eventually(patience, func() bool {
		c, err := as("plain")
		if err == nil {
			held = append(held, c)
		}
		return len(held) == 2
	})
	_, err = as("plain")
	refused("the reserved ones", err, "remaining connection slots are reserved for non-replication superuser connections")
	s.connectSoon()
	s.connectSoon()
	_, err = s.try(s.socketDSN("postgres"))
	refused("all", err, "sorry, too many clients already")
	closeSoon(held[0])
	s.connectSoon() // a place that becomes free is given again
}

// Ensure that a database's connection limit and ALLOW_CONNECTIONS hold.
func TestDatabaseLimits(t *testing.T) {
	s := startSite(t)
	c := s.connect()
	do(t, c, "CREATE ROLE plain LOGIN PASSWORD 'plain'")
	do(t, c, "CREATE DATABASE narrow CONNECTION LIMIT 0")
	do(t, c, "CREATE DATABASE shut ALLOW_CONNECTIONS false")
	for database, want := range map[string]string{"narrow": "53300", "shut": "55000", "none": "3D000", "template0": "55000"} {
		cfg, _ := pgx.ParseConfig(s.tcpDSN(database, "disable"))
		cfg.User, cfg.Password = "plain", "plain"
		if _, err := pgx.ConnectConfig(ctx(t), cfg); sqlstate(err) != want {
			t.Errorf("%s: %v", database, err)
		}
	}
}

// Ensure that who does not finish authentication in time is closed, and that such clients have a limit of their own which does not
// shut out sessions that exist.
func TestUnauthenticated(t *testing.T) {
	s := startSite(t, "authentication_timeout = 2s", "max_unauthenticated_connections = 4")
	session := s.connect()
	began := time.Now()
	var idle []net.Conn
	// Two listeners have no order between them: one more is added each time until the cap is reached.
	if !eventually(time.Second, func() bool {
		idle = append(idle, s.dial("tcp"))
		c, err := s.try(s.socketDSN("postgres"))
		if err == nil {
			closeSoon(c)
		}
		return len(idle) >= 4 && sqlstate(err) == "53300"
	}) {
		t.Error("the cap on unauthenticated connections does not hold")
	}
	do(t, session, "SELECT 1")
	for _, c := range idle {
		if answer := readAll(c); len(answer) > 0 {
			t.Errorf("who said nothing was answered %q", answer)
		}
	}
	if d := time.Since(began); d < 1500*time.Millisecond || d > 20*time.Second {
		t.Errorf("closed after %v", d)
	}
	s.connectSoon()
	// Half a startup packet, half an authentication: the same.
	for _, bytes := range []string{"\x00\x00\x00\x20", string(startup("user", world.acct.name, "database", "postgres"))} {
		c := s.dial("tcp")
		began := time.Now()
		if _, err := c.Write([]byte(bytes)); err != nil {
			t.Fatal(err)
		}
		readAll(c)
		if d := time.Since(began); d < time.Second || d > 20*time.Second {
			t.Errorf("after %q closed after %v", bytes, d)
		}
	}
	s.waitLog("canceling authentication due to timeout")
}

// connectSoon connects when there is a place: who was just refused, or has just left, may be counted for a moment longer.
func (s *testSite) connectSoon() {
	s.t.Helper()
	var err error
	if !eventually(patience, func() bool { _, err = s.try(s.socketDSN("postgres")); return sqlstate(err) != "53300" }) || err != nil {
		s.t.Fatalf("no place: %v", err)
	}
}
