package storage

// Create makes a sequence's state; it goes again when the transaction, or the savepoint it is in, is rolled back.
func (s *Sequences) Create(oid uint32, o SequenceOptions) error {
	i, err := s.m.take(oid)
	if err != nil {
		return err
	}
	defer s.m.unlock(i)
	sl := s.m.slot(i)
	s.options(sl, o)
	s.place(sl, o.Start, false)
	sl.oid.Store(uint64(oid))
	s.d.OnEnd(func(committed bool) {
		if !committed {
			s.free(oid)
		}
	})
	return nil
}

// Drop frees a sequence's state when the transaction commits.
func (s *Sequences) Drop(oid uint32) error {
	s.d.OnEnd(func(committed bool) {
		if committed {
			s.free(oid)
		}
	})
	return nil
}

func (s *Sequences) free(oid uint32) {
	if u, sl, err := s.open(oid); err == nil {
		sl.oid.Store(0)
		s.m.unlock(u.slot)
		delete(s.known, oid)
	}
}

// Alter changes a sequence's options; restart, when not nil, is where it starts anew. Both are undone by a rollback.
func (s *Sequences) Alter(oid uint32, o SequenceOptions, restart *int64) error {
	return s.change(oid, func(sl *slot) {
		s.options(sl, o)
		if restart != nil {
			s.place(sl, *restart, false)
			return
		}
		// What was taken in advance followed the old options.
		s.place(sl, sl.last.Load(), sl.called.Load() != 0)
	})
}

// Restart sets a sequence back to its start value, as TRUNCATE … RESTART IDENTITY does. It is undone by a rollback.
func (s *Sequences) Restart(oid uint32) error {
	return s.change(oid, func(sl *slot) { s.place(sl, sl.start.Load(), false) })
}

func (s *Sequences) change(oid uint32, f func(sl *slot)) error {
	u, sl, err := s.open(oid)
	if err != nil {
		return err
	}
	defer s.m.unlock(u.slot)
	o, last, called := readOptions(sl), sl.last.Load(), sl.called.Load() != 0
	u.left = 0
	f(sl)
	s.d.OnEnd(func(committed bool) {
		if committed {
			return
		}
		if u, sl, err := s.open(oid); err == nil {
			s.options(sl, o)
			s.place(sl, last, called)
			u.left = 0
			s.m.unlock(u.slot)
		}
	})
	return nil
}

func (s *Sequences) options(sl *slot, o SequenceOptions) {
	sl.increment.Store(o.Increment)
	sl.min.Store(o.Min)
	sl.max.Store(o.Max)
	sl.start.Store(o.Start)
	sl.cache.Store(o.Cache)
	var cycle uint64
	if o.Cycle {
		cycle = 1
	}
	sl.cycle.Store(cycle)
}

func readOptions(sl *slot) SequenceOptions {
	return SequenceOptions{Start: sl.start.Load(), Increment: sl.increment.Load(), Min: sl.min.Load(), Max: sl.max.Load(),
		Cache: sl.cache.Load(), Cycle: sl.cycle.Load() != 0}
}

// Options gives a sequence's parameters.
func (s *Sequences) Options(oid uint32) (SequenceOptions, error) {
	u, sl, err := s.open(oid)
	if err != nil {
		return SequenceOptions{}, err
	}
	defer s.m.unlock(u.slot)
	return readOptions(sl), nil
}

// State gives what SELECT * FROM a sequence shows.
func (s *Sequences) State(oid uint32) (SequenceState, error) {
	u, sl, err := s.open(oid)
	if err != nil {
		return SequenceState{}, err
	}
	defer s.m.unlock(u.slot)
	return SequenceState{Last: sl.last.Load(), LogCount: sl.ahead.Load(), Called: sl.called.Load() != 0}, nil
}
