package session

import (
	"pgd/backend/catalog"
	"pgd/backend/ddl"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Temporary tables live in SQLite's temporary database, which goes away with the connection; their rows of pg_catalog are in the database,
// under a schema of this session's own, and are removed when it ends. What a session that died has left there is removed by
// the next one that takes the schema over.

// makesTemp tells whether a statement may make a temporary relation.
func makesTemp(n parse.Node) bool {
	var rv *parse.RangeVar
	switch n := n.(type) {
	case *parse.CreateStmt:
		rv = n.Relation
	case *parse.CreateSeqStmt:
		rv = n.Sequence
	case *parse.ViewStmt:
		rv = n.View
	case *parse.CreateTableAsStmt:
		if n.Into != nil {
			rv = n.Into.Rel
		}
	}
	return rv != nil && (rv.Relpersistence == "t" || rv.Schemaname == "pg_temp")
}

// makeTempSchema makes the session's schema of temporary relations, in the write transaction that is open, and gives the catalog version
// with it.
func (s *session) makeTempSchema(version int64) (int64, error) {
	if s.tempSchema != "" {
		return version, nil
	}
	name := "pg_temp_" + itoa(int64(s.PID))
	v, err := s.planner.viewAt(version)
	if err != nil {
		return 0, err
	}
	w := catalog.NewWriter(s.planner.raw)
	if oid, ok := v.Namespace(name); ok {
		if err := dropContents(s, w, oid); err != nil {
			return 0, err
		}
	} else if _, err := w.CreateNamespace(name, bootstrapRole); err != nil {
		return 0, err
	}
	if err := s.db.BumpVersion(); err != nil {
		return 0, err
	}
	s.tempSchema = name
	s.epoch++
	s.db.OnEnd(func(committed bool) {
		if !committed {
			s.tempSchema = ""
			s.planner.cache.Forget()
			s.epoch++
		}
	})
	return s.db.StartRead()
}

// bootstrapRole owns the schemas of temporary relations, as in PostgreSQL.
const bootstrapRole = 10

// dropContents removes the catalog rows of everything in a schema.
func dropContents(s *session, w *catalog.Writer, schema uint32) error {
	var targets []catalog.Address
	err := s.db.Query(`SELECT oid, relkind FROM "pg_catalog.pg_class" WHERE relnamespace = ?1 AND relkind IN ('r', 'v', 'S', 'm', 'c')`,
		[]types.Value{types.IntValue(int64(schema))}, func(r []types.Value) error {
			targets = append(targets, catalog.Address{Class: catalog.ClassRelation, OID: uint32(r[0].I)})
			return nil
		})
	if err != nil || len(targets) == 0 {
		return err
	}
	d, err := w.PlanDrop(targets, true)
	if err != nil {
		return err
	}
	for _, o := range d.Objects {
		if err := w.Delete(o); err != nil {
			return err
		}
	}
	return nil
}

// dropTemp drops the session's temporary relations with their schema: DISCARD TEMP, and the end of the session.
func (s *session) dropTemp() error {
	if s.tempSchema == "" {
		return nil
	}
	st, err := parsed("DROP SCHEMA " + quoteAlways(s.tempSchema) + " CASCADE")
	if err != nil {
		return err
	}
	version, err := s.snapshot(true, false)
	if err != nil {
		return err
	}
	defer s.db.EndRead()
	e, err := s.definer(version)
	if err != nil {
		return err
	}
	e.Superuser = true
	e.Notice = func(*pgerr.Error) {}
	s.defining()
	if _, err := ddl.Run(e, st); err != nil {
		return err
	}
	name := s.tempSchema
	s.tempSchema = ""
	s.epoch++
	s.db.OnEnd(func(committed bool) {
		if !committed {
			s.tempSchema = name
			s.epoch++
		}
	})
	return nil
}

// leaveTemp removes the temporary relations at the end of the session. When that cannot be done the next session of the same number does it.
func (s *session) leaveTemp() {
	if s.tempSchema == "" || s.interrupts.terminate.Load() {
		return
	}
	s.tx.readOnly = false
	err := s.db.Begin(readCommitted, false)
	if err == nil {
		if err = s.dropTemp(); err == nil {
			err = s.db.Commit(true)
		} else {
			_ = s.db.Rollback()
		}
	}
	if err != nil {
		s.Log.WithError(err).Info("could not remove temporary relations")
	}
}

// forgetSequences forgets currval and values taken in advance: DISCARD SEQUENCES.
func (s *session) forgetSequences() { s.planner.raw.Sequences().Discard() }
