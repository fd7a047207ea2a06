package storage

import (
	"math"
	"strconv"

	"pgd/backend/pgerr"
)

// SequenceOptions are a sequence's parameters, as pg_sequence has them.
type SequenceOptions struct {
	Start, Increment, Min, Max, Cache int64
	Cycle                             bool
}

// SequenceState is what a sequence's row shows.
type SequenceState struct {
	Last, LogCount int64
	Called         bool
}

// Sequences are the database's sequences as this session sees them. Taking a value never waits for a writer and does not roll back;
// creating, dropping and altering do. A value is never given out twice by a committed transaction, through a power cut either.
type Sequences struct {
	// Name gives a sequence's name for messages; it is set by the session.
	Name func(oid uint32) string

	d      *DB
	m      *sequenceMap
	known  map[uint32]*sequenceUse
	lastly *sequenceUse
}

// sequenceUse is what a session remembers of a sequence: the slot, values taken in advance, and currval.
type sequenceUse struct {
	slot      int
	next      int64
	left      int64
	increment int64
	current   int64
	defined   bool
}

// loggedAhead is how many values one sync of the file is good for; PostgreSQL logs as many.
const loggedAhead = 32

func openSequences(d *DB) (*Sequences, error) {
	m, err := openSequenceMap(d.cfg.Dir, d.shared.first)
	if err != nil {
		return nil, err
	}
	return &Sequences{d: d, m: m, known: map[uint32]*sequenceUse{}}, nil
}

// Sequences gives the database's sequences.
func (d *DB) Sequences() *Sequences { return d.sequences }

func (s *Sequences) sync() error { return s.d.fdatasync(s.m.f) }
func (s *Sequences) close()      { s.m.close() }

func (s *Sequences) name(oid uint32) string {
	if s.Name != nil {
		return s.Name(oid)
	}
	return strconv.FormatUint(uint64(oid), 10)
}

// open locks a sequence's slot.
func (s *Sequences) open(oid uint32) (*sequenceUse, *slot, error) {
	u := s.known[oid]
	for {
		if u == nil || s.m.slot(u.slot).oid.Load() != uint64(oid) {
			i := s.m.find(oid)
			if i < 0 || oid == 0 {
				return nil, nil, pgerr.New(pgerr.InternalError, "sequence %q has no state in the database's file", s.name(oid))
			}
			if u == nil {
				u = &sequenceUse{}
				s.known[oid] = u
			}
			u.slot, u.left = i, 0
		}
		if err := s.m.lock(u.slot); err != nil {
			return nil, nil, err
		}
		sl := s.m.slot(u.slot)
		if sl.oid.Load() == uint64(oid) {
			return u, sl, nil
		}
		s.m.unlock(u.slot)
	}
}

// logged notes that the file has to be synced before the transaction's commit is acknowledged.
func (s *Sequences) logged() { s.d.txn.sequenceTicket = s.d.shared.page.sequenceDirty.Add(1) }

// Next is nextval.
func (s *Sequences) Next(oid uint32) (int64, error) {
	if u := s.known[oid]; u != nil && u.left > 0 && s.m.slot(u.slot).oid.Load() == uint64(oid) {
		u.left--
		v := u.next
		u.next += u.increment
		return s.use(u, v), nil
	}
	u, sl, err := s.open(oid)
	if err != nil {
		return 0, err
	}
	defer s.m.unlock(u.slot)
	inc, want := sl.increment.Load(), max(sl.cache.Load(), 1)
	first, ok := s.after(sl, sl.last.Load(), sl.called.Load() != 0)
	if !ok {
		bound, limit := "maximum", sl.max.Load()
		if inc < 0 {
			bound, limit = "minimum", sl.min.Load()
		}
		return 0, pgerr.New(pgerr.SequenceGeneratorLimitExceeded, "nextval: reached %s value of sequence %q (%d)", bound, s.name(oid), limit)
	}
	last, n := first, int64(1)
	for n < want {
		v, ok := step(last, inc, sl.min.Load(), sl.max.Load())
		if !ok {
			break
		}
		last, n = v, n+1
	}
	if sl.ahead.Load() < n || sl.called.Load() == 0 || (first < sl.last.Load()) != (inc < 0) {
		sl.logged.Store(advance(last, inc, sl.min.Load(), sl.max.Load()))
		sl.loggedCalled.Store(1)
		sl.ahead.Store(loggedAhead)
		s.logged()
	} else {
		sl.ahead.Add(-n)
	}
	sl.last.Store(last)
	sl.called.Store(1)
	u.next, u.left, u.increment = first+inc, n-1, inc
	return s.use(u, first), nil
}

// after gives the value that follows last, going round where the sequence cycles.
func (s *Sequences) after(sl *slot, last int64, called bool) (int64, bool) {
	if !called {
		return last, true
	}
	inc := sl.increment.Load()
	v, ok := step(last, inc, sl.min.Load(), sl.max.Load())
	if !ok && sl.cycle.Load() != 0 {
		if inc > 0 {
			return sl.min.Load(), true
		}
		return sl.max.Load(), true
	}
	return v, ok
}

func step(v, inc, lo, hi int64) (int64, bool) {
	if inc > 0 && (v > math.MaxInt64-inc || v+inc > hi) || inc < 0 && (v < math.MinInt64-inc || v+inc < lo) {
		return 0, false
	}
	return v + inc, true
}

// advance is where a sequence stands after loggedAhead more values, within its bounds.
func advance(v, inc, lo, hi int64) int64 {
	for range loggedAhead {
		n, ok := step(v, inc, lo, hi)
		if !ok {
			return v
		}
		v = n
	}
	return v
}

func (s *Sequences) use(u *sequenceUse, v int64) int64 {
	u.current, u.defined = v, true
	s.lastly = u
	return v
}

// Current is currval.
func (s *Sequences) Current(oid uint32) (int64, error) {
	if u := s.known[oid]; u != nil && u.defined {
		return u.current, nil
	}
	return 0, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "currval of sequence %q is not yet defined in this session", s.name(oid))
}

// Last is lastval.
func (s *Sequences) Last() (int64, error) {
	if s.lastly == nil {
		return 0, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "lastval is not yet defined in this session")
	}
	return s.lastly.current, nil
}

// Set is setval.
func (s *Sequences) Set(oid uint32, value int64, called bool) error {
	u, sl, err := s.open(oid)
	if err != nil {
		return err
	}
	defer s.m.unlock(u.slot)
	if lo, hi := sl.min.Load(), sl.max.Load(); value < lo || value > hi {
		return pgerr.New(pgerr.NumericValueOutOfRange, "setval: value %d is out of bounds for sequence %q (%d..%d)", value, s.name(oid), lo, hi)
	}
	s.place(sl, value, called)
	u.left = 0
	if called {
		u.current, u.defined = value, true
	}
	return nil
}

func (s *Sequences) place(sl *slot, value int64, called bool) {
	var c uint64
	if called {
		c = 1
	}
	sl.ahead.Store(0)
	sl.logged.Store(value)
	sl.loggedCalled.Store(c)
	sl.last.Store(value)
	sl.called.Store(c)
	s.logged()
}

// Discard forgets what the session remembers, as DISCARD SEQUENCES.
func (s *Sequences) Discard() { s.known, s.lastly = map[uint32]*sequenceUse{}, nil }
