package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// load inserts rows on some connections until they break, and remembers what was acknowledged.
type load struct {
	wg    sync.WaitGroup
	mu    sync.Mutex
	acked map[int]int // last row of each client
}

func (s *testSite) load(clients int, round int) *load {
	s.t.Helper()
	l := &load{acked: map[int]int{}}
	for i := range clients {
		c := s.connect()
		client := round*100 + i
		l.wg.Go(func() {
			for n := 1; ; n++ {
				limit, cancel := context.WithTimeout(context.Background(), patience)
				_, err := c.Exec(limit, "INSERT INTO acked (client, n) VALUES ($1, $2)", client, n)
				cancel()
				if err != nil {
					return
				}
				l.mu.Lock()
				l.acked[client] = n
				l.mu.Unlock()
			}
		})
	}
	return l
}

// ended waits until every client has lost its connection.
func (l *load) ended() bool {
	done := make(chan struct{})
	go func() { l.wg.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

// check looks for every acknowledged row; of each client at most the one row that was under way may be there besides.
func (l *load) check(t *testing.T, c *pgx.Conn) {
	t.Helper()
	for client, n := range l.acked {
		var rows, last int
		if err := c.QueryRow(ctx(t), "SELECT count(*), max(n) FROM acked WHERE client = $1", client).Scan(&rows, &last); err != nil {
			t.Fatal(err)
		}
		if rows != last || last < n || last > n+1 {
			t.Errorf("client %d: %d rows up to %d, acknowledged up to %d", client, rows, last, n)
		}
	}
	if len(l.acked) == 0 {
		t.Error("nothing was acknowledged: the test shows nothing")
	}
}

// Ensure that after SIGKILL of the postmaster under load all other processes end by themselves within seconds, a new start takes the site over, and every
// acknowledged row is there in a sound file.
func TestPostmasterKilled(t *testing.T) {
	rounds := 3
	if world.long {
		rounds = 20
	}
	s := startSite(t)
	do(t, s.connect(), "CREATE TABLE acked (client int, n int, PRIMARY KEY (client, n))")
	for round := range rounds {
		l := s.load(8, round)
		time.Sleep(300 * time.Millisecond)
		killed := s.postmaster()
		ours() // so that they are known when they have lost their parent
		signal(t, killed, unix.SIGKILL)
		if left := waitNone(10 * time.Second); len(left) > 0 {
			t.Fatalf("orphans 10 s after the postmaster's death: %v", left)
		}
		if !l.ended() {
			t.Fatal("clients still wait")
		}
		s.sound()
		if r := s.pgd("status", "test"); r.status != 3 {
			t.Errorf("status of the dead site: %v", r)
		}
		r := s.pgd("start", "test")
		if r.status != 0 || !containsAll(r.err, "pgd: warning: ", fmt.Sprintf("was stale (PID %d) and was replaced", killed)) {
			t.Fatalf("start after the crash: %v", r)
		}
		c := s.connect()
		l.check(t, c)
		closeSoon(c)
	}
}

// Ensure that the postmaster can be started again at once, while backends of the killed one still end.
func TestStartAtOnce(t *testing.T) {
	s := startSite(t)
	do(t, s.connect(), "CREATE TABLE acked (client int, n int, PRIMARY KEY (client, n))")
	l := s.load(4, 1)
	time.Sleep(200 * time.Millisecond)
	signal(t, s.postmaster(), unix.SIGKILL)
	s.start()
	if !l.ended() {
		t.Fatal("clients still wait")
	}
	l.check(t, s.connect())
}

// Ensure that the death of the keeper ends all sessions and the site comes back by itself, and that a new checkpointer replaces one that
// was killed without anybody noticing.
func TestChildKilled(t *testing.T) {
	s := startSite(t)
	do(t, s.connect(), "CREATE TABLE acked (client int, n int, PRIMARY KEY (client, n))")
	postmaster := s.postmaster()

	c := s.connect()
	checkpointer := s.child("checkpointer")
	signal(t, checkpointer, unix.SIGKILL)
	if !eventually(patience, func() bool { n := s.child("checkpointer"); return n != 0 && n != checkpointer }) {
		t.Error("no new checkpointer")
	}
	s.waitLog(fmt.Sprintf(`checkpointer process \(PID %d\) was terminated by signal 9: Killed`, checkpointer))
	do(t, c, "INSERT INTO acked VALUES (0, 1)")

	l := s.load(4, 1)
	time.Sleep(200 * time.Millisecond)
	keeper := s.child("keeper")
	signal(t, keeper, unix.SIGKILL)
	if !l.ended() {
		t.Fatal("sessions outlive the keeper")
	}
	s.waitLog(fmt.Sprintf(`keeper process \(PID %d\) was terminated by signal 9: Killed`, keeper))
	s.waitLog("all server processes terminated; reinitializing")
	// Only now: the postmaster ends sessions one after another, and an idle one may answer until its turn comes.
	if _, err := c.Exec(ctx(t), "SELECT 1"); err == nil {
		t.Error("an idle session outlives the keeper")
	}
	if !eventually(patience, func() bool {
		n, err := s.try(s.socketDSN("postgres"))
		if err == nil {
			c = n
		}
		return err == nil
	}) {
		t.Fatal("the site does not come back")
	}
	l.check(t, c)
	if s.postmaster() != postmaster {
		t.Error("the postmaster is another one")
	}
}

// child gives the process id of a kind of child, once it has called itself that.
func (s *testSite) child(kind string) (pid int) {
	eventually(patience/4, func() bool {
		for _, p := range ours() {
			if p.kind == kind {
				pid = p.pid
			}
		}
		return pid != 0
	})
	return pid
}

// Ensure what each mode of a stop does to a session in a transaction, with what is lost (nothing that was committed), and that
// stronger modes override weaker ones.
func TestStopModes(t *testing.T) {
	s := newSite(t)
	ready := func() (idle, open *pgx.Conn) {
		s.start()
		idle, open = s.connect(), s.connect()
		do(t, idle, "CREATE TABLE IF NOT EXISTS t (word text)")
		do(t, open, "BEGIN")
		do(t, open, "INSERT INTO t VALUES ('uncommitted')")
		return idle, open
	}
	ended := func(mode string, conns ...*pgx.Conn) {
		t.Helper()
		for _, c := range conns {
			if _, err := c.Exec(ctx(t), "SELECT 1"); err == nil {
				t.Errorf("%s: a session goes on", mode)
			}
		}
	}

	// Smart: nobody new comes in, those who are there finish what they do.
	idle, open := ready()
	s.must("stop", "test", "-m", "smart", "--no-wait")
	if !eventually(patience, func() bool {
		c, err := s.try(s.socketDSN("postgres"))
		if err == nil {
			closeSoon(c) // the signal had not arrived; the stop must not wait for this one
		}
		return sqlstate(err) == "57P03"
	}) {
		t.Error("smart: new sessions are let in")
	}
	if r := s.pgd("ready", "test"); r.status != 1 {
		t.Errorf("smart: pgd ready: %v", r)
	}
	do(t, open, "INSERT INTO t VALUES ('smart')")
	do(t, open, "COMMIT")
	closeSoon(open)
	if left := s.postmaster(); !alive(left) {
		t.Error("smart: did not wait for the last session")
	}
	closeSoon(idle)
	if left := waitNone(patience); len(left) > 0 {
		t.Fatalf("smart: %v", left)
	}

	// Fast, overriding a smart one that waits.
	idle, open = ready()
	listening := s.session(t)
	s.must("stop", "test", "-m", "smart", "--no-wait")
	s.stop("fast")
	ended("fast", idle, open)
	if got := answers(listening, 1); got != "FATAL 57P01 terminating connection due to administrator command; closed" {
		t.Errorf("fast: a session was told %s", got)
	}
	if left := waitNone(patience); len(left) > 0 {
		t.Fatalf("fast: %v", left)
	}

	idle, open = ready()
	s.stop("immediate")
	ended("immediate", idle, open)
	if left := waitNone(patience); len(left) > 0 {
		t.Fatalf("immediate: %v", left)
	}

	if r := s.pgd("stop", "test"); r.status != 2 || !containsAll(r.err, `pgd: error: site "test" is not running`) {
		t.Errorf("stop of a stopped site: %v", r)
	}
	s.start()
	if n := one[int64](t, s.connect(), "SELECT count(*) FROM t"); n != 2 {
		t.Errorf("%d rows in place of the 2 that were committed", n)
	}
	for _, f := range []string{"smart", "fast", "immediate"} {
		s.waitLog("received " + f + " shutdown request")
	}
}
