package storage

import (
	"testing"

	"pgd/backend/pgerr"
)

var bySeven = SequenceOptions{Start: 10, Increment: 7, Min: 1, Max: 30, Cache: 1, Cycle: false}

func createSequence(t testing.TB, d *DB, oid uint32, o SequenceOptions) {
	t.Helper()
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Sequences().Create(oid, o))
	must(t, d.Commit(CommitOptions{}))
}

func next(t testing.TB, s *Sequences, oid uint32) int64 {
	t.Helper()
	v, err := s.Next(oid)
	must(t, err)
	return v
}

// Ensure that a sequence counts, ends at its bound with PostgreSQL's error, and cycles where it should.
func TestSequenceCountsAndEnds(t *testing.T) {
	d := newDB(t, nil)
	s := d.Sequences()
	s.Name = func(uint32) string { return "sq" }
	createSequence(t, d, 100, bySeven)
	for _, want := range []int64{10, 17, 24} {
		if got := next(t, s, 100); got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	_, err := s.Next(100)
	wantCode(t, err, pgerr.SequenceGeneratorLimitExceeded)
	if want := `nextval: reached maximum value of sequence "sq" (30)`; err.(*pgerr.Error).Message != want {
		t.Error(err)
	}
	o := bySeven
	o.Cycle = true
	must(t, s.Alter(100, o, nil))
	if got := next(t, s, 100); got != 1 {
		t.Errorf("after cycling: %d", got)
	}
	createSequence(t, d, 101, SequenceOptions{Start: -1, Increment: -1, Min: -2, Max: -1, Cache: 5})
	if a, b := next(t, s, 101), next(t, s, 101); a != -1 || b != -2 {
		t.Error(a, b)
	}
	_, err = s.Next(101)
	wantCode(t, err, pgerr.SequenceGeneratorLimitExceeded)
	wantCode(t, s.Set(101, 5, true), pgerr.NumericValueOutOfRange)
	must(t, s.Set(101, -1, false))
	if v := next(t, s, 101); v != -1 {
		t.Error(v)
	}
	if v, err := s.Last(); err != nil || v != -1 {
		t.Error(v, err)
	}
	_, err = openDB(t, d.cfg.Dir, nil).Sequences().Current(100)
	wantCode(t, err, pgerr.ObjectNotInPrerequisiteState)
}

// Ensure that sessions never get the same value, with and without values taken in advance.
func TestSequenceIsSharedBetweenSessions(t *testing.T) {
	d := newDB(t, nil)
	o := SequenceOptions{Start: 1, Increment: 1, Min: 1, Max: 1 << 40, Cache: 3}
	createSequence(t, d, 100, o)
	e := openDB(t, d.cfg.Dir, nil)
	seen := map[int64]bool{}
	for range 50 {
		for _, x := range []*DB{d, e} {
			v := next(t, x.Sequences(), 100)
			if seen[v] {
				t.Fatalf("%d twice", v)
			}
			seen[v] = true
		}
	}
	if v, _ := e.Sequences().Current(100); !seen[v] {
		t.Error(v)
	}
}

// Ensure that creating, dropping, altering and restarting follow the transaction and its savepoints.
func TestSequenceDDLRollsBack(t *testing.T) {
	d := newDB(t, nil)
	s := d.Sequences()
	createSequence(t, d, 100, bySeven)
	next(t, s, 100)
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, d.Savepoint("a"))
	must(t, s.Create(200, bySeven))
	must(t, s.Restart(100))
	if v := next(t, s, 100); v != 10 {
		t.Error(v)
	}
	must(t, d.RollbackTo("a"))
	if v := next(t, s, 100); v != 17 {
		t.Error(v)
	}
	if _, err := s.Next(200); err == nil {
		t.Error("sequence is still there")
	}
	must(t, s.Drop(100))
	must(t, d.Rollback())
	if v := next(t, s, 100); v != 24 {
		t.Error(v)
	}
	begin(t, d, ReadCommitted)
	startWrite(t, d)
	must(t, s.Drop(100))
	must(t, d.Commit(CommitOptions{}))
	if _, err := s.Next(100); err == nil {
		t.Error("sequence is still there")
	}
	for oid := uint32(1000); oid < 1400; oid++ {
		must(t, s.Create(oid, bySeven))
	}
	if v := next(t, s, 1399); v != 10 {
		t.Error(v)
	}
}

// Ensure that after a power cut no value comes again that a committed transaction was given.
func TestSequenceAfterPowerCut(t *testing.T) {
	d := newDB(t, nil)
	createSequence(t, d, 100, SequenceOptions{Start: 1, Increment: 1, Min: 1, Max: 1 << 40, Cache: 1})
	p := d.shared.page
	var last int64
	for range 100 {
		begin(t, d, ReadCommitted)
		before := d.Sequences().m.slot(0).logged.Load()
		last = next(t, d.Sequences(), 100)
		must(t, d.Commit(CommitOptions{}))
		if l := d.Sequences().m.slot(0).logged.Load(); l < last || l != before && p.sequenceSynced.Load() < p.sequenceDirty.Load() {
			t.Fatalf("value %d acknowledged, %d logged, synced %d of %d", last, l, p.sequenceSynced.Load(), p.sequenceDirty.Load())
		}
	}
	dir := d.cfg.Dir
	d.Sequences().m.header.bootID[0] ^= 1
	d.Sequences().m.header.bootTime.Add(-1000)
	must(t, d.Close())
	e := openDB(t, dir, nil)
	if v := next(t, e.Sequences(), 100); v <= last || v > last+loggedAhead+1 {
		t.Errorf("%d after %d", v, last)
	}
}
