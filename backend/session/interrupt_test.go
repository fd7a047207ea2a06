package session

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// endless is a query that runs until it is stopped.
const endless = "with recursive r(n) as (values (1) union all select (n + 1) % 1000 from r) select count(*) from r"

func eventTo(s *site, c *pgconn.PgConn, e Event) {
	s.mu.Lock()
	ch := s.events[int32(c.PID())]
	s.mu.Unlock()
	ch <- e
}

// Ensure that a cancel request stops a running statement and leaves the session usable.
func TestCancel(t *testing.T) {
	s := newSite(t)
	c := s.connect()
	time.AfterFunc(100*time.Millisecond, func() { eventTo(s, c, Event{Kind: Cancel}) })
	if got := run(c, endless); got != "ERROR 57014 canceling statement due to user request" {
		t.Error(got)
	}
	eventTo(s, c, Event{Kind: Cancel}) // nothing runs: it is for nobody
	time.Sleep(50 * time.Millisecond)
	if got := run(c, "select 1"); got != "1\n[SELECT 1]" {
		t.Error(got)
	}
}

// Ensure that statement_timeout stops a statement, each of a string by itself.
func TestStatementTimeout(t *testing.T) {
	c := newSite(t).connect("options='-c statement_timeout=100'")
	if got := run(c, "select 1; "+endless); got != "1\n[SELECT 1]\nERROR 57014 canceling statement due to statement timeout" {
		t.Error(got)
	}
	if got := run(c, "set statement_timeout = 0; show statement_timeout"); got != "[SET]\n0\n[SHOW]" {
		t.Error(got)
	}
}

// Ensure that lock_timeout, a cancel request and statement_timeout end the wait for another writer.
func TestLockWaits(t *testing.T) {
	s := newSite(t)
	a, b := s.connect(), s.connect()
	run(a, "create table t (a int)")
	run(a, "begin; insert into t values (1)")
	if got := run(b, "set lock_timeout = 100; insert into t values (2)"); !strings.Contains(got, "ERROR 55P03 canceling statement due to lock timeout") {
		t.Error(got)
	}
	if got := run(b, "set lock_timeout = 0; set statement_timeout = 100"); got != "[SET]\n[SET]" {
		t.Error(got)
	}
	if got := run(b, "insert into t values (2)"); got != "ERROR 57014 canceling statement due to statement timeout" {
		t.Error(got)
	}
	run(b, "set statement_timeout = 0")
	time.AfterFunc(100*time.Millisecond, func() { eventTo(s, b, Event{Kind: Cancel}) })
	if got := run(b, "insert into t values (2)"); got != "ERROR 57014 canceling statement due to user request" {
		t.Error(got)
	}
	if got := run(b, "begin; lock table t nowait"); got != "[BEGIN]\nERROR 55P03 could not obtain lock on relation \"t\"" {
		t.Error(got)
	}
	run(b, "rollback")
	committed := make(chan string)
	go func() {
		time.Sleep(100 * time.Millisecond)
		committed <- run(a, "commit")
	}()
	if got := run(b, "insert into t values (2); select count(*) from t"); got != "[INSERT 0 1]\n2\n[SELECT 1]" {
		t.Error(got)
	}
	if got := <-committed; got != "[COMMIT]" {
		t.Error(got)
	}
}

// Ensure that a session that is to end tells its client why, whatever it was doing.
func TestTerminate(t *testing.T) {
	for name, busy := range map[string]string{"idle": "", "in a transaction": "begin", "running": endless, "copying": "copy t from stdin"} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := s.connect()
			run(c, "create table t (a int)")
			time.AfterFunc(100*time.Millisecond, func() { eventTo(s, c, Event{Kind: Terminate}) })
			got := ""
			switch name {
			case "copying":
				_, err := c.CopyFrom(context.Background(), slow{}, busy)
				got = errText(err)
			case "running":
				got = run(c, busy)
			default:
				run(c, busy)
				got = lastWord(t, c)
			}
			if got != "ERROR 57P01 terminating connection due to administrator command" {
				t.Error(got)
			}
		})
	}
}

// slow is data of which nothing comes for a while.
type slow struct{}

func (slow) Read(p []byte) (int, error) {
	time.Sleep(400 * time.Millisecond)
	return copy(p, "1\n"), nil
}

// lastWord waits for what the server says by itself.
func lastWord(t *testing.T, c *pgconn.PgConn) string {
	t.Helper()
	h, err := c.Hijack()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Conn.Close()
	_ = h.Conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	m, err := h.Frontend.Receive()
	if err != nil {
		return err.Error()
	}
	e, ok := m.(*pgproto3.ErrorResponse)
	if !ok {
		return fmt.Sprintf("%T", m)
	}
	return "ERROR " + e.Code + " " + e.Message
}

// Ensure that a silent client is dropped after idle_session_timeout and idle_in_transaction_session_timeout.
func TestIdleTimeouts(t *testing.T) {
	s := newSite(t)
	c := s.connect("options='-c idle_session_timeout=100'")
	if got := lastWord(t, c); got != "ERROR 57P05 terminating connection due to idle-session timeout" {
		t.Error(got)
	}
	c = s.connect("options='-c idle_in_transaction_session_timeout=100'")
	time.Sleep(200 * time.Millisecond)
	run(c, "begin; create table gone (a int)")
	if got := lastWord(t, c); got != "ERROR 25P03 terminating connection due to idle-in-transaction timeout" {
		t.Error(got)
	}
	if got := run(s.connect(), "select * from gone"); got != "ERROR 42P01 relation \"gone\" does not exist" {
		t.Error(got)
	}
}

// Ensure that a client that vanishes leaves nothing behind: its transaction is undone and its turn given up.
func TestClientGone(t *testing.T) {
	s := newSite(t)
	a := s.connect()
	run(a, "create table t (a int)")
	run(a, "begin; insert into t values (1)")
	h, err := a.Hijack()
	if err != nil {
		t.Fatal(err)
	}
	h.Conn.(*net.UnixConn).Close()
	if got := run(s.connect("options='-c lock_timeout=5000'"), "insert into t values (2); select a from t"); got != "[INSERT 0 1]\n2\n[SELECT 1]" {
		t.Error(got)
	}
}

// Ensure that what a client's startup packet asks for holds, and that what cannot hold is refused.
func TestStartup(t *testing.T) {
	s := newSite(t)
	c := s.connect("application_name=me", "options='-c work_mem=2MB --search-path=x'")
	if got := run(c, "show application_name; show work_mem; show search_path; reset work_mem; show work_mem"); got != "me\n[SHOW]\n2MB\n[SHOW]\nx\n[SHOW]\n[RESET]\n2MB\n[SHOW]" {
		t.Error(got)
	}
	for name, want := range map[string]string{
		"server_encoding": "UTF8", "client_encoding": "UTF8", "DateStyle": "ISO, MDY", "integer_datetimes": "on", "is_superuser": "on",
		"session_authorization": "postgres", "standard_conforming_strings": "on", "application_name": "me", "TimeZone": "Etc/UTC",
		"IntervalStyle": "postgres", "default_transaction_read_only": "off", "in_hot_standby": "off",
	} {
		if got := c.ParameterStatus(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	for options, want := range map[string]string{
		"options='-c nosuch=1'":         "42704 unrecognized configuration parameter \"nosuch\"",
		"options='-c work_mem'":         "42601 -c work_mem requires a value",
		"options='-x'":                  "42601 invalid command-line argument for server process: -x",
		"options='-c shared_buffers=1'": "55P02 parameter \"shared_buffers\" cannot be changed without restarting the server",
		"options='-c work_mem=x'":       "22023 invalid value for parameter \"work_mem\": \"x\"",
		"options='-c timezone=nowhere'": "22023 invalid value for parameter \"TimeZone\": \"nowhere\"",
		"replication=database":          "0A000 replication connections are not supported",
		"client_encoding=latin1":        "0A000 invalid value for parameter \"client_encoding\": \"latin1\"",
		"client_encoding=klingon":       "22023 invalid value for parameter \"client_encoding\": \"klingon\"",
	} {
		_, err := s.try(options)
		if err == nil {
			t.Errorf("%s: accepted", options)
			continue
		}
		var pe *pgconn.PgError
		if !asPgError(err, &pe) || pe.Code+" "+pe.Message != want || pe.Severity != "FATAL" {
			t.Errorf("%s: %v", options, err)
		}
	}
}
