package storage

import (
	"bufio"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"pgd/backend/pgerr"
)

func init() {
	// advisory: takes key 7 exclusively and holds it until it is told to end.
	jobs["advisory"] = func(d *DB, in *bufio.Reader, say func(string)) {
		if _, err := d.Locks().Acquire(AdvisoryKey{Key: 7}, false, false, false); err != nil {
			say(err.Error())
		}
		say("locked")
		in.ReadString('\n')
	}
}

func try(t testing.TB, d *DB, k AdvisoryKey, shared bool) bool {
	t.Helper()
	ok, err := d.Locks().Acquire(k, shared, false, true)
	must(t, err)
	return ok
}

// Ensure that keys exclude each other as PostgreSQL's do, are counted, and that no two keys are taken for one.
func TestAdvisoryLocks(t *testing.T) {
	a := newDB(t, nil)
	b := openDB(t, a.cfg.Dir, nil)
	keys := []AdvisoryKey{{}, {Two: true}, {Key: -1}, {Key: math.MaxInt64}, {Key: math.MinInt64}, {K1: -1, K2: -1, Two: true}, {K1: 1, Two: true}, {Key: 1 << 32}}
	for i, k := range keys {
		for _, other := range keys[i:] {
			if !try(t, b, other, false) {
				t.Errorf("%+v is taken", other)
			}
			must(t, b.Locks().ReleaseAll())
		}
		if !try(t, a, k, false) || try(t, b, k, false) || try(t, b, k, true) {
			t.Errorf("%+v does not exclude", k)
		}
	}
	must(t, a.Locks().ReleaseAll())
	k := keys[1]
	if !try(t, a, k, true) || !try(t, b, k, true) || try(t, a, k, false) {
		t.Error("shared locks")
	}
	if ok, _ := b.Locks().Release(k, true); !ok || !try(t, a, k, false) || try(t, b, k, true) {
		t.Error("own shared lock stands in the way")
	}
	if ok, _ := a.Locks().Release(k, false); !ok || !try(t, b, k, true) {
		t.Error("not back to shared")
	}
	if ok, _ := a.Locks().Release(k, false); ok {
		t.Error("released twice")
	}
}

// Ensure that transaction locks end with the transaction or the savepoint, session locks do not.
func TestAdvisoryLocksOfATransaction(t *testing.T) {
	a := newDB(t, nil)
	b := openDB(t, a.cfg.Dir, nil)
	one, two, three := AdvisoryKey{Key: 1}, AdvisoryKey{Key: 2}, AdvisoryKey{Key: 3}
	begin(t, a, ReadCommitted)
	take := func(k AdvisoryKey, transaction bool) {
		_, err := a.Locks().Acquire(k, false, transaction, false)
		must(t, err)
	}
	take(one, true)
	must(t, a.Savepoint("s"))
	take(two, true)
	take(three, false)
	must(t, a.RollbackTo("s"))
	if !try(t, b, two, false) || try(t, b, one, false) || try(t, b, three, false) {
		t.Error("after rolling back to the savepoint")
	}
	must(t, a.Locks().ReleaseAll())
	if try(t, b, one, false) {
		t.Error("ReleaseAll took the transaction's")
	}
	must(t, a.Commit(CommitOptions{}))
	if !try(t, b, one, false) {
		t.Error("after commit")
	}
}

// Ensure that a lock is waited for, that lock_timeout and cancel end the wait, and that the death of the holder does.
func TestAdvisoryLockWaits(t *testing.T) {
	d := newDB(t, nil)
	holder := startChild(t, "advisory", d.cfg.Dir)
	holder.hear("locked")
	k := AdvisoryKey{Key: 7}
	if try(t, d, k, false) {
		t.Fatal("not excluded")
	}
	d.Locks().Timeout = func() time.Duration { return 30 * time.Millisecond }
	_, err := d.Locks().Acquire(k, true, false, false)
	wantCode(t, err, pgerr.LockNotAvailable)
	d.Locks().Timeout = nil
	var pending atomic.Bool
	d.cfg.Interrupted = func() error {
		if pending.Swap(false) {
			return errBoom
		}
		return nil
	}
	time.AfterFunc(20*time.Millisecond, func() { pending.Store(true) })
	if _, err := d.Locks().Acquire(k, false, false, false); err != errBoom {
		t.Error(err)
	}
	time.AfterFunc(20*time.Millisecond, func() { holder.cmd.Process.Kill() })
	if ok, err := d.Locks().Acquire(k, false, false, false); !ok || err != nil {
		t.Error(ok, err)
	}
}
