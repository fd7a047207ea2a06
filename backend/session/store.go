package session

import (
	"errors"
	"time"

	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// store is package storage as an engine.
type store struct{ *storage.DB }

var levels = [...]storage.Isolation{readCommitted: storage.ReadCommitted, repeatableRead: storage.RepeatableRead, serializable: storage.Serializable}

func (d store) Prepare(sql string) (program, error) {
	st, err := d.DB.Prepare(sql)
	if err != nil {
		return nil, err
	}
	return st, nil
}

func (d store) Begin(level isolation, readOnly bool) error {
	return d.DB.Begin(levels[level], readOnly)
}

func (d store) SetIsolation(level isolation, readOnly bool) error {
	return d.DB.SetIsolation(levels[level], readOnly)
}

func (d store) StartWrite(timeout time.Duration, noWait bool) (int64, error) {
	return d.DB.StartWrite(storage.TurnOptions{Timeout: timeout, NoWait: noWait})
}

func (d store) Commit(async bool) error { return d.DB.Commit(storage.CommitOptions{Async: async}) }

func (d store) Sequences() functions.Sequences { return d.DB.Sequences() }

func (d store) Locks() functions.AdvisoryLocks { return locks{d.DB.Locks()} }

// locks are the store's advisory locks as functions ask for them.
type locks struct{ a *storage.AdvisoryLocks }

func (l locks) Acquire(key functions.AdvisoryKey, shared, transaction, try bool) (bool, error) {
	return l.a.Acquire(storage.AdvisoryKey(key), shared, transaction, try)
}

func (l locks) Release(key functions.AdvisoryKey, shared bool) (bool, error) {
	return l.a.Release(storage.AdvisoryKey(key), shared)
}

func (l locks) ReleaseAll() error { return l.a.ReleaseAll() }

// openStore opens the database and what reads its catalog.
func (s *session) openStore() error {
	db, err := storage.Open(storage.Config{
		Dir: s.Dir, SharedCatalog: s.SharedCatalog, Fsync: !s.NoFsync && s.vars.base.Bool("fsync"),
		Interrupted: s.interrupts.pending,
		Resolve: func(name string, nargs int) (*storage.Function, bool) {
			return compile.Resolve(name, nargs, functions.Call{Context: &s.types, Env: env{s}})
		},
	})
	if err != nil {
		return err
	}
	s.useStore(db)
	return nil
}

func (s *session) useStore(db *storage.DB) {
	s.db = store{db}
	p := &planning{s: s, cache: catalog.NewCache(db), raw: db}
	p.cache.Database = s.Identity.Database
	s.planner = p
	s.types.Lookup = p.dataType
	s.types.CheckDomain = p.checkDomain
	s.types.Names = names{p}
	db.Sequences().Name = p.relationName
	locks := db.Locks()
	locks.Timeout = func() time.Duration { return s.opt.lockTimeout }
}

// violation puts a constraint the store found violated into PostgreSQL's words.
func (p *planning) violation(err error, version int64) error { return p.violationOf(err, version, nil) }

// violationOf is violation with the key of the refused row, where that is known.
func (p *planning) violationOf(err error, version int64, key []types.Value) error {
	var c *storage.ConstraintError
	if !errors.As(err, &c) {
		return p.s.storeError(err)
	}
	v, verr := p.viewAt(version)
	if verr != nil {
		return verr
	}
	if c.Kind == "foreign" {
		if e := v.ForeignViolation(catalog.ForeignCheck{}, &p.s.types); e != nil {
			return e
		}
		return pgerr.New(pgerr.ForeignKeyViolation, "foreign key constraint is violated").WithCause(err)
	}
	return v.Violation(catalog.ConstraintInfo{Table: c.Table, Columns: c.Columns, Index: c.Index, Values: key}, &p.s.types)
}
