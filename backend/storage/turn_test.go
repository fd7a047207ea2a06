package storage

import (
	"bufio"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgd/backend/pgerr"
)

func init() {
	// turn: takes the turn, says so, and on a line of input commits one row with that text.
	jobs["turn"] = func(d *DB, in *bufio.Reader, say func(string)) {
		d.Begin(ReadCommitted, false)
		_, err := d.StartWrite(TurnOptions{Waiting: func(w bool) {
			if w {
				say("waiting")
			}
		}})
		if err != nil {
			say(err.Error())
			return
		}
		say("turn")
		line, _ := in.ReadString('\n')
		d.Exec(`INSERT INTO log(who) VALUES ('` + strings.TrimSpace(line) + `')`)
		if err := d.Commit(CommitOptions{}); err != nil {
			say(err.Error())
		}
		say("done")
		in.ReadString('\n')
	}
}

func queueLength(d *DB) int {
	n := 0
	for i := int64(1); i <= int64(d.shared.page.nextTicket.Load()); i++ {
		if locked(d.turn.f, queueBase+i, 1) {
			n++
		}
	}
	return n
}

func logDB(t testing.TB) *DB {
	d := newDB(t, nil)
	write(t, d, `CREATE TABLE log(id INTEGER PRIMARY KEY, who TEXT)`)
	return d
}

// Ensure that processes get the turn in the order they came, also when some die in the queue.
func TestTurnIsFair(t *testing.T) {
	d := logDB(t)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	var cs []*child
	for i := range 6 {
		c := startChild(t, "turn", d.cfg.Dir)
		c.hear("waiting")
		eventually(t, "queued", func() bool { return queueLength(d) == i+1 })
		cs = append(cs, c)
	}
	cs[0].kill()
	cs[3].kill()
	must(t, d.Rollback())
	want := ""
	for _, i := range []int{1, 2, 4, 5} {
		cs[i].hear("turn")
		cs[i].tell(fmt.Sprint(i))
		cs[i].hear("done")
		want += fmt.Sprint(i) + ";"
	}
	if got := rows(t, d, `SELECT who FROM log ORDER BY id`); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if queueLength(d) != 0 || locked(d.turn.f, 0, math.MaxInt64) {
		t.Error("locks left behind")
	}
}

// Ensure that the turn and SQLite's own locks are released when the holder is killed in the middle of a transaction.
func TestTurnSurvivesItsHolder(t *testing.T) {
	d := logDB(t)
	holder := startChild(t, "turn", d.cfg.Dir)
	holder.hear("turn")
	begin(t, d, ReadCommitted)
	_, err := d.StartWrite(TurnOptions{NoWait: true})
	wantCode(t, err, pgerr.LockNotAvailable)
	time.AfterFunc(30*time.Millisecond, func() { holder.cmd.Process.Kill() })
	startWrite(t, d)
	must(t, d.Exec(`INSERT INTO log(who) VALUES ('me')`))
	must(t, d.Commit(CommitOptions{}))
}

// Ensure that lock_timeout and a cancel end the wait, with their own errors, and leave the queue as it was.
func TestTurnTimeoutAndCancel(t *testing.T) {
	d := logDB(t)
	holder := startChild(t, "turn", d.cfg.Dir)
	holder.hear("turn")
	begin(t, d, ReadCommitted)
	began := time.Now()
	_, err := d.StartWrite(TurnOptions{Timeout: 50 * time.Millisecond})
	wantCode(t, err, pgerr.LockNotAvailable)
	if took := time.Since(began); took < 50*time.Millisecond || took > 500*time.Millisecond {
		t.Errorf("took %s", took)
	}
	var pending atomic.Pointer[pgerr.Error]
	cancel := pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
	d.cfg.Interrupted = func() error {
		if e := pending.Swap(nil); e != nil {
			return e
		}
		return nil
	}
	time.AfterFunc(30*time.Millisecond, func() { pending.Store(cancel) })
	if _, err := d.StartWrite(TurnOptions{}); err != cancel {
		t.Errorf("got %v", err)
	}
	if queueLength(d) != 0 {
		t.Error("still queued")
	}
	holder.tell("holder")
	holder.hear("done")
	startWrite(t, d)
	must(t, d.Exec(`INSERT INTO log(who) VALUES ('me')`))
	must(t, d.Commit(CommitOptions{}))
}
