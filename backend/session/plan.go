package session

import (
	"slices"
	"time"

	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// plan is a compiled query with its program.
type plan struct {
	*compile.Plan
	version int64
	epoch   int
	prog    program
	busy    bool
}

func (p *plan) close() {
	if p.prog != nil && !p.busy {
		p.prog.Close()
	}
	p.prog = nil
}

// needsTurn tells whether a plan waits for other writers.
func (p *plan) needsTurn() bool { return p.Writes || p.Locks }

// isQuery tells whether a statement is for the planner, and not a utility.
func isQuery(n parse.Node) bool {
	switch n := n.(type) {
	case *parse.SelectStmt:
		return n.IntoClause == nil
	case *parse.InsertStmt, *parse.UpdateStmt, *parse.DeleteStmt, *parse.MergeStmt:
		return true
	}
	return false
}

// snapshot begins a statement's view of the database; what portals are still to read is put aside first where it would
// keep an old one alive.
func (s *session) snapshot(write, noWait bool) (version int64, err error) {
	if write || s.tx.isolation == readCommitted {
		if err := s.spoolPortals(nil); err != nil {
			return 0, err
		}
	}
	if s.keptRead && write {
		s.db.EndRead()
	}
	s.keptRead = false
	if write {
		version, err = s.db.StartWrite(s.opt.lockTimeout, noWait)
	} else {
		version, err = s.db.StartRead()
	}
	if err != nil {
		return 0, s.storeError(err)
	}
	s.tx.queried = true
	s.unsynced = true
	return version, nil
}

// ready makes sure that st has a plan that is good in the snapshot, which it begins.
func (s *session) planned(st *statement) (*plan, error) {
	for {
		writes := st.plan != nil && st.plan.needsTurn()
		if writes && st.plan.Writes && s.tx.readOnly {
			return nil, s.preventReadOnly(commandTag(st.source.Node))
		}
		version, err := s.snapshot(writes, writes && st.plan.NoWait)
		if err != nil {
			if writes && st.plan.NoWait && pgerr.Code(err) == pgerr.LockNotAvailable && len(st.plan.Relations) > 0 {
				err = pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on row in relation \"%s\"", s.planner.relationName(st.plan.Relations[0]))
			}
			return nil, err
		}
		if err := s.analyzed(st, version); err != nil {
			return nil, err
		}
		if writes || !st.plan.needsTurn() {
			return st.plan, nil
		}
	}
}

// analyzed gives st a plan for the catalog of this version, in the snapshot that has begun.
func (s *session) analyzed(st *statement, version int64) error {
	if p := st.plan; p != nil && p.version == version && p.epoch == s.epoch {
		return nil
	}
	declared := st.declared
	if st.params != nil {
		declared = st.params
	}
	made, err := s.planner.plan(st.source, declared, st.external, version)
	if err != nil {
		return err
	}
	if st.plan != nil {
		st.plan.close()
	}
	st.plan = &plan{Plan: made, version: version, epoch: s.epoch}
	st.columns = made.Columns
	if st.external && st.params == nil {
		st.params = append([]uint32{}, made.Params...)
	}
	return nil
}

func sameColumns(a, b []compile.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Type != b[i].Type || a[i].Typmod != b[i].Typmod {
			return false
		}
	}
	return true
}

// open starts a statement. The result's rows, if any, are still to be fetched.
func (s *session) open(c *command) (*result, error) {
	if c.st.util != nil {
		return c.st.util.run(s, c)
	}
	if !isQuery(c.node) {
		return s.other(c)
	}
	p, err := s.planned(c.st)
	for _, t := range c.told {
		if err == nil && t != nil {
			err = t.hold(c.st.columns)
		}
	}
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	r, err := s.start(p, c.args)
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	return r, nil
}

// start runs a plan in the snapshot that has begun. One that writes does all its writing before the first row is given out.
func (s *session) start(p *plan, args []types.Value) (*result, error) {
	prog, err := s.program(p)
	if err != nil {
		return nil, s.planner.violation(err, p.version)
	}
	r := &result{tag: p.Tag, streaming: true}
	r.release = func() { s.giveBack(p, prog) }
	for i, v := range args {
		if err := prog.Bind(i+1, v); err != nil {
			r.free()
			return nil, s.storeError(err)
		}
	}
	rows := &running{s: s, p: p, prog: prog}
	if p.Columns != nil {
		r.columns, r.rows = p.Columns, rows
	}
	if p.Writes {
		err := rows.first()
		if err == nil {
			err = s.checkStatement(p)
		}
		if err != nil {
			r.free()
			return nil, err
		}
		if p.Returning {
			// PostgreSQL counts the rows that this part of a portal gave.
			r.counted = true
		} else {
			n := s.db.Changes()
			r.count = func() int64 { return n }
		}
	} else {
		r.counted = true
	}
	r.finish = func() error {
		s.db.EndRead()
		return nil
	}
	return r, nil
}

// program gives the plan's program, or another one of it while that is in use.
func (s *session) program(p *plan) (program, error) {
	if p.prog != nil && !p.busy {
		p.busy = true
		return p.prog, nil
	}
	prog, err := s.db.Prepare(p.SQL)
	if err != nil {
		return nil, err
	}
	if p.prog == nil {
		p.prog, p.busy = prog, true
	}
	return prog, nil
}

// giveBack ends the use of a program.
func (s *session) giveBack(p *plan, prog program) {
	if p.prog != prog {
		prog.Close()
		return
	}
	prog.Reset()
	p.busy = false
}

// running is a program's rows.
type running struct {
	s     *session
	p     *plan
	prog  program
	ahead bool // the first step has been made
	row   bool
	over  bool
}

func (r *running) first() error {
	row, err := r.prog.Step()
	if err != nil {
		return r.s.planner.violation(err, r.p.version)
	}
	r.ahead, r.row = true, row
	return nil
}

func (r *running) Step() (bool, error) {
	if r.ahead {
		r.ahead = false
		r.over = !r.row
		return r.row, nil
	}
	if r.over {
		return false, nil
	}
	row, err := r.prog.Step()
	if err != nil {
		return false, r.s.planner.violation(err, r.p.version)
	}
	r.over = !row
	return row, nil
}

func (r *running) Value(i int) types.Value { return r.prog.Value(i) }

// suspect is a change that left a foreign key violated which is checked at the end of the transaction.
type suspect struct {
	target   uint32
	deleting bool
}

// checkStatement raises the violation of a foreign key that a statement left behind: the store checks them all at the end.
func (s *session) checkStatement(p *plan) error {
	if !s.db.DeferredViolations() {
		return nil
	}
	x := suspect{p.Target, p.Tag == "DELETE"}
	if !slices.Contains(s.tx.suspects, x) {
		s.tx.suspects = append(s.tx.suspects, x)
	}
	return s.planner.deferred(p.version, x, false)
}

// checkDeferred does so at the end of the transaction. The changes that left violations are looked at first: they decide which way round
// a violation is told.
func (s *session) checkDeferred() error {
	if !s.tx.queried || !s.db.Writing() || !s.db.DeferredViolations() {
		return nil
	}
	version, err := s.db.StartRead()
	if err != nil {
		return s.storeError(err)
	}
	defer s.db.EndRead()
	for _, x := range append(s.tx.suspects, suspect{}) {
		if err := s.planner.deferred(version, x, true); err != nil {
			return err
		}
	}
	return pgerr.New(pgerr.ForeignKeyViolation, "foreign key constraint is violated")
}

// options are the settings every statement looks at.
type options struct {
	statementTimeout, lockTimeout, idleInTransaction, idleSession time.Duration

	readOnly, deferrable, asyncCommit bool
	logStatement                      string
	logDuration                       bool
	logMinDuration                    time.Duration
	logMinMessages                    int
	clientMinMessages                 int
}
