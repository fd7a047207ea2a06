package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

// Ensure that each connection is one process of the service account, a child of the postmaster, which ends with the connection.
func TestProcessPerConnection(t *testing.T) {
	s := startSite(t, "spare_backends = 2")
	postmaster := s.postmaster()
	seen := map[uint32]bool{}
	var conns []*pgx.Conn
	for range 5 {
		c := s.connect()
		conns = append(conns, c)
		pid := c.PgConn().PID()
		if seen[pid] {
			t.Errorf("two connections have process %d", pid)
		}
		seen[pid] = true
		if got := one[int32](t, c, "SELECT pg_backend_pid()"); uint32(got) != pid {
			t.Errorf("pg_backend_pid() is %d, the protocol said %d", got, pid)
		}
	}
	for _, p := range ours() {
		if p.uid != world.acct.uid {
			t.Errorf("not the service account's: %s", p)
		}
		if p.pid != postmaster && p.parent != postmaster {
			t.Errorf("not the postmaster's child: %s", p)
		}
		delete(seen, uint32(p.pid))
	}
	if len(seen) > 0 {
		t.Errorf("connections without a process: %v", seen)
	}
	out := s.must("status", "test", "--verbose")
	if n := strings.Count(out, " backend "); n < 5 || !strings.Contains(out, "keeper") || !strings.Contains(out, "checkpointer") {
		t.Errorf("status --verbose: %s", out)
	}
	pid := int(conns[0].PgConn().PID())
	closeSoon(conns[0])
	if !eventually(patience, func() bool { return !alive(pid) }) {
		t.Errorf("process %d outlived its connection", pid)
	}
}

// Ensure that the two ends of a connection need nothing of the postmaster: stopped by SIGSTOP, sessions go on, and a new one waits.
func TestPostmasterStopped(t *testing.T) {
	s := startSite(t)
	c := s.connect()
	do(t, c, "CREATE TABLE t (id serial PRIMARY KEY, word text)")
	postmaster := s.postmaster()
	signal(t, postmaster, unix.SIGSTOP)
	defer signal(t, postmaster, unix.SIGCONT)
	for i := range 20 {
		do(t, c, "INSERT INTO t (word) VALUES ($1)", fmt.Sprint(i))
	}
	do(t, c, "BEGIN")
	do(t, c, "DELETE FROM t WHERE id > 10")
	do(t, c, "COMMIT")
	if n := one[int64](t, c, "SELECT count(*) FROM t"); n != 10 {
		t.Errorf("%d rows", n)
	}
	short, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if c, err := pgx.Connect(short, s.socketDSN("postgres")); err == nil {
		closeSoon(c)
		t.Error("a connection was made while the postmaster was stopped")
	}
	signal(t, postmaster, unix.SIGCONT)
	s.connect()
}

// Ensure that SIGKILL of one of 8 busy backends is logged and leaves the other 7 working.
func TestBackendKilled(t *testing.T) {
	s := startSite(t)
	setup := s.connect()
	do(t, setup, "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, client int, n int)")
	var (
		wg      sync.WaitGroup
		done    [8]atomic.Int64
		failed  [8]error
		conns   [8]*pgx.Conn
		stopped = make(chan struct{})
	)
	for i := range conns {
		conns[i] = s.connect()
	}
	for i, c := range conns {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stopped:
					return
				default:
				}
				limit, cancel := context.WithTimeout(context.Background(), patience)
				_, err := c.Exec(limit, "INSERT INTO t (client, n) VALUES ($1, $2)", i, n)
				cancel()
				if err != nil {
					failed[i] = err
					return
				}
				done[i].Add(1)
			}
		})
	}
	all := func(more int64) bool {
		var before [8]int64
		for i := range done {
			before[i] = done[i].Load()
		}
		return eventually(patience, func() bool {
			for i := range done {
				if i != 3 && done[i].Load() < before[i]+more {
					return false
				}
			}
			return true
		})
	}
	all(5)
	victim := conns[3].PgConn().PID()
	signal(t, int(victim), unix.SIGKILL)
	if !all(20) {
		t.Error("the other seven do not go on")
	}
	close(stopped)
	wg.Wait()
	for i, err := range failed {
		if (err != nil) != (i == 3) {
			t.Errorf("connection %d: %v", i, err)
		}
	}
	s.waitLog(fmt.Sprintf(`server process \(PID %d\) was terminated by signal 9: Killed`, victim))
	for i := range done {
		n := one[int64](t, setup, "SELECT count(*) FROM t WHERE client = $1", i)
		// The last insert of the one that was killed may have been done and not answered.
		if want := done[i].Load(); n != want && (i != 3 || n != want+1) {
			t.Errorf("client %d: %d rows, %d acknowledged", i, n, want)
		}
	}
}

// Ensure that a cancel request, and only one with the right key, ends a running statement with 57014, and the session goes on.
func TestCancel(t *testing.T) {
	s := startSite(t)
	c := s.connect()
	slow := make(chan error, 1)
	for _, sql := range []string{"SELECT pg_sleep(60)", "SELECT count(*) FROM generate_series(1, 100000000) a"} {
		go func() {
			_, err := c.Exec(context.Background(), sql)
			slow <- err
		}()
		select {
		case err := <-slow:
			t.Fatalf("%s: %v", sql, err)
		case <-time.After(300 * time.Millisecond):
		}
		began := time.Now()
		if err := c.PgConn().CancelRequest(ctx(t)); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-slow:
			var e *pgconn.PgError
			if !errors.As(err, &e) || e.Code != "57014" || e.Message != "canceling statement due to user request" {
				t.Errorf("%s: %v", sql, err)
			}
		case <-time.After(patience):
			t.Fatalf("%s was not canceled", sql)
		}
		if d := time.Since(began); d > 10*time.Second {
			t.Errorf("%s: canceled after %v", sql, d)
		}
		if one[int32](t, c, "SELECT 1") != 1 {
			t.Error("the session is gone")
		}
	}
	// One who waits for another's lock can be canceled too.
	do(t, c, "CREATE TABLE t (id int)")
	holder := s.connect()
	do(t, holder, "BEGIN")
	do(t, holder, "INSERT INTO t VALUES (1)")
	go func() {
		_, err := c.Exec(context.Background(), "INSERT INTO t VALUES (2)")
		slow <- err
	}()
	time.Sleep(200 * time.Millisecond)
	if err := c.PgConn().CancelRequest(ctx(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-slow; sqlstate(err) != "57014" {
		t.Errorf("waiting for the write turn: %v", err)
	}
	do(t, holder, "COMMIT")
	// statement_timeout and lock_timeout have SQLSTATEs of their own.
	do(t, c, "SET statement_timeout = '100ms'")
	if _, err := c.Exec(ctx(t), "SELECT pg_sleep(60)"); sqlstate(err) != "57014" || !strings.Contains(err.Error(), "canceling statement due to statement timeout") {
		t.Errorf("statement_timeout: %v", err)
	}
	do(t, c, "RESET statement_timeout")
	do(t, holder, "BEGIN")
	do(t, holder, "INSERT INTO t VALUES (1)")
	do(t, c, "SET lock_timeout = '100ms'")
	if _, err := c.Exec(ctx(t), "INSERT INTO t VALUES (2)"); sqlstate(err) != "55P03" {
		t.Errorf("lock_timeout: %v", err)
	}
}
