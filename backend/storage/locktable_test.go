package storage

import (
	"bufio"
	"testing"
	"time"

	"pgd/backend/pgerr"
)

func init() {
	// crossed: takes key 7, then, when told, the write turn.
	jobs["crossed"] = func(d *DB, in *bufio.Reader, say func(string)) {
		d.Begin(ReadCommitted, false)
		d.Locks().Acquire(AdvisoryKey{Key: 7}, false, true, false)
		say("locked")
		in.ReadString('\n')
		_, err := d.StartWrite(TurnOptions{Waiting: func(w bool) {
			if w {
				say("waiting")
			}
		}})
		if err != nil {
			say(err.Error())
		} else {
			say("turn")
		}
		d.Rollback()
		in.ReadString('\n')
	}
}

// Ensure that a deadlock between the write turn and an advisory lock is found and ends for one of the two, that the lock table shows
// both, and that the dead are not in it.
func TestDeadlock(t *testing.T) {
	d := newDB(t, nil)
	d.shared.deadlockTimeout = 100 * time.Millisecond
	other := startChild(t, "crossed", d.cfg.Dir)
	other.hear("locked")
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	other.tell("")
	other.hear("waiting")
	var granted, waiting int
	for _, l := range d.LockTable() {
		if l.Granted {
			granted++
		} else {
			waiting++
		}
	}
	if granted != 2 || waiting != 1 {
		t.Errorf("%+v", d.LockTable())
	}
	if b := d.BlockingPIDs(int32(other.cmd.Process.Pid)); len(b) != 1 || b[0] != d.LockTable()[2].PID {
		t.Error(b)
	}
	_, err := d.Locks().Acquire(AdvisoryKey{Key: 7}, false, true, false)
	wantCode(t, err, pgerr.DeadlockDetected)
	t.Log(err.(*pgerr.Error).Detail)
	must(t, d.Rollback())
	other.hear("turn")
	other.kill()
	eventually(t, "table empty", func() bool { return len(d.LockTable()) == 0 })
}
