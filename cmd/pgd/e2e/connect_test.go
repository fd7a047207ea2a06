package e2e

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// socketDSN connects over the Unix socket as the superuser; as root by way of the map in pg_ident.conf.
func (s *testSite) socketDSN(database string) string {
	return fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable", s.sock, s.port, world.acct.name, database)
}

// tcpDSN connects over TCP with the superuser's password.
func (s *testSite) tcpDSN(database, sslmode string) string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=%s password='%s' dbname=%s sslmode=%s", s.port, world.acct.name, password, database, sslmode)
}

// connect opens a session over the Unix socket; it is closed at the end of the test.
func (s *testSite) connect() *pgx.Conn {
	s.t.Helper()
	c, err := s.try(s.socketDSN("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *testSite) try(dsn string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, dsn)
	if err == nil {
		s.t.Cleanup(func() { closeSoon(c) })
	}
	return c, err
}

// closeSoon closes a connection whose server may be gone or stopped.
func closeSoon(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.Close(ctx)
}

// ctx bounds everything a test asks a server.
func ctx(t testing.TB) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return c
}

// exec runs statements that have to succeed.
func do(t testing.TB, c *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := c.Exec(ctx(t), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// one gives the single value a query answers with.
func one[T any](t testing.TB, c *pgx.Conn, sql string, args ...any) (v T) {
	t.Helper()
	if err := c.QueryRow(ctx(t), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// sqlstate gives an error's SQLSTATE, "" where it came from elsewhere.
func sqlstate(err error) string {
	for err != nil {
		if e, ok := err.(*pgconn.PgError); ok {
			return e.Code
		}
		switch u := err.(type) {
		case interface{ Unwrap() error }:
			err = u.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range u.Unwrap() {
				if code := sqlstate(e); code != "" {
					return code
				}
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

// dial opens a bare connection over TCP or the socket.
func (s *testSite) dial(network string) net.Conn {
	s.t.Helper()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	if network == "unix" {
		address = s.socketPath()
	}
	c, err := net.DialTimeout(network, address, patience)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

func (s *testSite) socketPath() string { return s.sock + "/.s.PGSQL." + strconv.Itoa(s.port) }
