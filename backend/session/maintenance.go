package session

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// lockStatement runs LOCK TABLE: there is one writer at a time, so every mode that excludes writers takes the write turn.
func lockStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.LockStmt)
	if c.top || s.tx.explicit() {
		if err := s.requireBlock("LOCK TABLE"); err != nil {
			return nil, err
		}
	}
	// ACCESS SHARE and ROW SHARE (1, 2) hold up nobody here.
	writes := n.Mode > 2
	if writes && n.Mode > 3 {
		if err := s.preventReadOnly("LOCK TABLE"); err != nil {
			return nil, err
		}
	}
	check := func(v view) error {
		for _, r := range n.Relations {
			rv, ok := r.(*parse.RangeVar)
			if !ok {
				return pgerr.Unsupported(-1, "this form of LOCK TABLE is not supported")
			}
			rel, err := s.relationFor(v, rv)
			if err != nil {
				return err
			}
			if rel.Kind != 'r' && rel.Kind != 'v' && rel.Kind != 'p' {
				return pgerr.New(pgerr.WrongObjectType, "cannot lock relation \"%s\"", rel.Name)
			}
			if err := s.mayLock(v, rel, n.Mode); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.inView(check); err != nil {
		return nil, err
	}
	if writes && !s.tx.readOnly {
		if _, err := s.snapshot(true, n.Nowait); err != nil {
			if n.Nowait && pgerr.Code(err) == pgerr.LockNotAvailable && len(n.Relations) > 0 {
				return nil, pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on relation \"%s\"", n.Relations[0].(*parse.RangeVar).Relname)
			}
			return nil, err
		}
		s.db.EndRead()
	}
	return done("LOCK TABLE"), nil
}

// relationFor finds the relation a statement names.
func (s *session) relationFor(v view, rv *parse.RangeVar) (*catalog.Relation, error) {
	rel, err := v.Relation(rv.Schemaname, rv.Relname)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		name := rv.Relname
		if rv.Schemaname != "" {
			name = rv.Schemaname + "." + name
		}
		return nil, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	return rel, nil
}

// mayLock checks the privileges LOCK TABLE needs: SELECT for the weakest modes, one that changes for the others.
func (s *session) mayLock(v view, rel *catalog.Relation, mode int32) error {
	if s.who.superuser {
		return nil
	}
	privileges := []string{"UPDATE", "DELETE", "TRUNCATE"}
	if mode <= 3 {
		privileges = append(privileges, "INSERT")
	}
	if mode == 1 {
		privileges = append(privileges, "SELECT")
	}
	for _, p := range privileges {
		ok, err := v.HasPrivilege("table", s.who.oid, rel.OID, 0, p)
		if err != nil || ok {
			return err
		}
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for %s %s", map[byte]string{'v': "view"}[rel.Kind]+map[bool]string{true: "table"}[rel.Kind != 'v'], rel.Name)
}

// optionOn reads an option of VACUUM and its like: present without a value is on.
func optionOn(options []parse.Node, name string) bool {
	for _, o := range options {
		if d, ok := o.(*parse.DefElem); ok && d.Defname == name {
			on, err := defBool(d)
			return err == nil && on
		}
	}
	return false
}

var vacuumOptions = map[string]bool{
	"verbose": true, "analyze": true, "freeze": true, "full": true, "disable_page_skipping": true, "skip_locked": true, "index_cleanup": true,
	"process_toast": true, "truncate": true, "parallel": true,
}

// vacuumStatement runs VACUUM and ANALYZE. The space of deleted rows is used again without it, and the checkpointer gives back what is free at
// the end of the file; ANALYZE has SQLite count anew how many rows an index finds.
func vacuumStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.VacuumStmt)
	tag := "ANALYZE"
	if n.IsVacuumcmd {
		tag = "VACUUM"
		if err := s.preventBlock(c, tag); err != nil {
			return nil, err
		}
	}
	for _, o := range n.Options {
		d, ok := o.(*parse.DefElem)
		if !ok || !vacuumOptions[d.Defname] || !n.IsVacuumcmd && d.Defname != "verbose" && d.Defname != "skip_locked" {
			name := ""
			if ok {
				name = d.Defname
			}
			return nil, pgerr.New(pgerr.SyntaxError, "unrecognized %s option \"%s\"", tag, name).At(d.Location)
		}
	}
	analyze := !n.IsVacuumcmd || optionOn(n.Options, "analyze")
	if s.tx.readOnly && !n.IsVacuumcmd {
		return nil, s.preventReadOnly(tag)
	}
	var targets []*catalog.Relation
	if err := s.inView(func(v view) error {
		for _, r := range n.Rels {
			vr, ok := r.(*parse.VacuumRelation)
			if !ok || vr.Relation == nil {
				return pgerr.Unsupported(-1, "this form of %s is not supported", tag)
			}
			rel, err := s.relationFor(v, vr.Relation)
			if err != nil {
				return err
			}
			if len(vr.VaCols) > 0 && !analyze {
				return pgerr.New(pgerr.FeatureNotSupported, "ANALYZE option must be specified when a column list is provided")
			}
			for _, col := range vr.VaCols {
				if name, ok := col.(*parse.String); ok && findColumn(rel, name.Sval) == nil {
					return noColumn(rel, name.Sval)
				}
			}
			if rel.Kind != 'r' && rel.Kind != 'p' && rel.Kind != 'm' {
				verb := "vacuum"
				if !n.IsVacuumcmd {
					verb = "analyze"
				}
				s.notice(pgerr.Warning(pgerr.WarningCondition, "skipping \"%s\" --- cannot %s non-tables or special system tables", rel.Name, verb))
				continue
			}
			if !s.ownsRelation(v, rel) {
				verb := "vacuum"
				if !n.IsVacuumcmd {
					verb = "analyze"
				}
				s.notice(pgerr.Warning(pgerr.InsufficientPrivilege, "permission denied to %s \"%s\", skipping it", verb, rel.Name))
				continue
			}
			targets = append(targets, rel)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if analyze && (len(n.Rels) == 0 || len(targets) > 0) {
		if err := s.writing(func() error { return s.analyzeTables(targets) }); err != nil {
			return nil, err
		}
	}
	return done(tag), nil
}

// ownsRelation tells whether the current role may maintain a relation.
func (s *session) ownsRelation(v view, rel *catalog.Relation) bool {
	return s.who.superuser || v.MemberOf(s.who.oid, rel.Owner, true)
}

// writing runs f with the write turn.
func (s *session) writing(f func() error) error {
	if _, err := s.snapshot(true, false); err != nil {
		return err
	}
	defer s.db.EndRead()
	return s.storeError(f())
}

// analyzeTables has SQLite gather its statistics, of some tables or of all.
func (s *session) analyzeTables(tables []*catalog.Relation) error {
	if len(tables) == 0 {
		return s.db.Exec("ANALYZE main")
	}
	for _, t := range tables {
		if t.Shared {
			continue // the keeper's file, small and not this process's to write
		}
		if err := s.db.Exec("ANALYZE " + t.Physical); err != nil {
			return err
		}
	}
	return nil
}

// reindexDatabase rebuilds the indexes of every table of this database, one after the other: SQLite's own REINDEX of everything would
// want to write the attached shared catalog too.
func (s *session) reindexDatabase() error {
	var tables []string
	err := s.db.Query("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", nil, func(row []types.Value) error {
		tables = append(tables, string(row[0].B))
		return nil
	})
	for _, name := range tables {
		if err == nil {
			err = s.db.Exec(`REINDEX main."` + strings.ReplaceAll(name, `"`, `""`) + `"`)
		}
	}
	return err
}

// reindexStatement runs REINDEX.
func reindexStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.ReindexStmt)
	if optionOn(n.Params, "concurrently") {
		if err := s.preventBlock(c, "REINDEX CONCURRENTLY"); err != nil {
			return nil, err
		}
	}
	if err := s.preventReadOnly("REINDEX"); err != nil {
		return nil, err
	}
	var what []string
	switch n.Kind {
	case parse.ReindexObjectType_REINDEX_OBJECT_SYSTEM, parse.ReindexObjectType_REINDEX_OBJECT_DATABASE, parse.ReindexObjectType_REINDEX_OBJECT_SCHEMA:
		name := map[parse.ReindexObjectType]string{parse.ReindexObjectType_REINDEX_OBJECT_SYSTEM: "REINDEX SYSTEM", parse.ReindexObjectType_REINDEX_OBJECT_DATABASE: "REINDEX DATABASE",
			parse.ReindexObjectType_REINDEX_OBJECT_SCHEMA: "REINDEX SCHEMA"}[n.Kind]
		if err := s.preventBlock(c, name); err != nil {
			return nil, err
		}
		if n.Kind != parse.ReindexObjectType_REINDEX_OBJECT_SCHEMA {
			if n.Name != "" && n.Name != s.Identity.Database {
				return nil, pgerr.New(pgerr.FeatureNotSupported, "can only reindex the currently open database")
			}
			what = []string{everyIndex}
		}
	}
	if what == nil {
		if err := s.inView(func(v view) (err error) {
			what, err = s.reindexTargets(v, n)
			return err
		}); err != nil {
			return nil, err
		}
	}
	err := s.writing(func() error {
		for _, sql := range what {
			run := func() error { return s.db.Exec(sql) }
			if sql == everyIndex {
				run = s.reindexDatabase
			}
			if err := run(); err != nil {
				return err
			}
		}
		return nil
	})
	return done("REINDEX"), err
}

// everyIndex stands for all indexes of the database in what reindexTargets gives.
const everyIndex = ""

// reindexTargets writes what SQLite is to rebuild.
func (s *session) reindexTargets(v view, n *parse.ReindexStmt) ([]string, error) {
	if n.Kind == parse.ReindexObjectType_REINDEX_OBJECT_SCHEMA {
		oid, ok := v.Namespace(n.Name)
		if !ok {
			return nil, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", n.Name)
		}
		_ = oid
		return []string{everyIndex}, nil
	}
	rel, err := s.relationFor(v, n.Relation)
	if err != nil {
		return nil, err
	}
	if n.Kind == parse.ReindexObjectType_REINDEX_OBJECT_INDEX {
		if rel.Kind != 'i' {
			return nil, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not an index", rel.Name)
		}
		return []string{everyIndex}, nil
	}
	if rel.Shared {
		return nil, nil
	}
	if rel.Kind != 'r' && rel.Kind != 'm' && rel.Kind != 'p' {
		return nil, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a table or materialized view", rel.Name)
	}
	if !s.ownsRelation(v, rel) {
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "must be owner of table %s", rel.Name)
	}
	return []string{"REINDEX " + rel.Physical}, nil
}

// clusterStatement runs CLUSTER: a table is in the order of its primary key already and no other order can be kept.
func clusterStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.ClusterStmt)
	if n.Relation == nil {
		return done("CLUSTER"), s.preventBlock(c, "CLUSTER")
	}
	err := s.inView(func(v view) error {
		rel, err := s.relationFor(v, n.Relation)
		if err != nil {
			return err
		}
		if n.Indexname == "" {
			return pgerr.New(pgerr.UndefinedObject, "there is no previously clustered index for table \"%s\"", rel.Name)
		}
		return pgerr.New(pgerr.FeatureNotSupported, "CLUSTER of a table is not supported")
	})
	return nil, err
}

// checkpointStatement runs CHECKPOINT: commits are durable without it, and the checkpointer moves them into the file.
func checkpointStatement(s *session, _ *command) (*result, error) {
	if !s.who.superuser && !s.memberOf("pg_checkpoint") {
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT")
	}
	return done("CHECKPOINT"), nil
}
