package storage

type Sequences struct{ d *DB }

func openSequences(d *DB) (*Sequences, error) { return &Sequences{d: d}, nil }
func (s *Sequences) sync() error              { return nil }
func (s *Sequences) close()                   {}
