package session

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/compile"
	"pgd/backend/ddl"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// other runs what is neither a query nor a statement of the session: a definition, inside a write transaction.
func (s *session) other(c *command) (*result, error) {
	node := c.node
	if sel, ok := node.(*parse.SelectStmt); ok && sel.IntoClause != nil {
		source, err := selectInto(c.st.source, sel)
		if err != nil {
			return nil, err
		}
		return s.define(source, commandTag(source.Node))
	}
	if !ddl.Handles(node) {
		tag := commandTag(node)
		if tag == "" {
			tag = statementWords(node.NodeName())
		}
		return nil, pgerr.New(pgerr.FeatureNotSupported, "%s is not supported", tag)
	}
	return s.define(c.st.source, commandTag(node))
}

// statementWords makes the words of a statement of the name the grammar gives it: ReassignOwnedStmt is REASSIGN OWNED.
func statementWords(node string) string {
	if node == "SecLabelStmt" {
		return "SECURITY LABEL"
	}
	var b strings.Builder
	for i, c := range strings.TrimSuffix(node, "Stmt") {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}

// selectInto turns SELECT INTO into the CREATE TABLE AS it stands for.
func selectInto(st parse.Statement, sel *parse.SelectStmt) (parse.Statement, error) {
	q := *sel
	q.IntoClause = nil
	q.Present &^= parse.Has_SelectStmt_IntoClause
	st.Node = &parse.CreateTableAsStmt{
		Query: &q, Into: sel.IntoClause, Objtype: parse.ObjectType_OBJECT_TABLE, IsSelectInto: true,
		Present: parse.Has_CreateTableAsStmt_Query | parse.Has_CreateTableAsStmt_Into | parse.Has_CreateTableAsStmt_Objtype | parse.Has_CreateTableAsStmt_IsSelectInto,
	}
	return st, nil
}

// define runs a statement of package ddl.
func (s *session) define(st parse.Statement, tag string) (*result, error) {
	if err := s.preventReadOnly(tag); err != nil {
		return nil, err
	}
	version, err := s.snapshot(true, false)
	if err != nil {
		return nil, err
	}
	defer s.db.EndRead()
	if makesTemp(st.Node) {
		if version, err = s.makeTempSchema(version); err != nil {
			return nil, err
		}
	}
	e, err := s.definer(version)
	if err != nil {
		return nil, err
	}
	s.defining()
	done, err := ddl.Run(e, st)
	if err != nil {
		return nil, s.planner.violation(err, version)
	}
	return &result{tag: done}, nil
}

// defining notes that the transaction changes the catalog: should it be undone, what was read of it meanwhile is wrong, although the
// version is the old one again.
func (s *session) defining() {
	s.db.OnEnd(func(committed bool) {
		if !committed {
			s.planner.cache.Forget()
			s.epoch++
		}
	})
}

// definer makes what package ddl works with.
func (s *session) definer(version int64) (*ddl.Env, error) {
	p := s.planner
	v, err := p.viewAt(version)
	if err != nil {
		return nil, err
	}
	return &ddl.Env{
		DB: p.raw, Catalog: v, Types: &s.types,
		View: func(path []string) (view, error) {
			version, err := p.raw.StartRead()
			if err != nil {
				return nil, s.storeError(err)
			}
			return p.cache.At(version, path, s.tempSchema)
		},
		SearchPath: v.SearchPath(false), TempSchema: s.tempSchema, Database: s.Identity.Database,
		User: s.who.oid, SessionUser: s.who.sessionOID, Superuser: s.who.superuser, Notice: s.notice,
		Setting: func(name string) string {
			value, _ := s.show(name)
			return value
		},
		RoleOID: func(name string) (uint32, bool) {
			v, err := p.now()
			if err != nil {
				return 0, false
			}
			return v.RoleOID(name)
		},
		RoleName: func(oid uint32) (string, bool) {
			v, err := p.now()
			if err != nil {
				return "", false
			}
			return v.RoleName(oid)
		},
		MemberOf: func(role uint32) bool {
			if s.who.superuser || role == s.who.oid {
				return true
			}
			v, err := p.now()
			return err == nil && v.MemberOf(s.who.oid, role, true)
		},
		MayCreateSchema: func() bool {
			if s.who.superuser {
				return true
			}
			v, err := p.now()
			if err != nil {
				return false
			}
			ok, err := v.HasPrivilege("database", s.who.oid, s.Identity.DatabaseOID, 0, "CREATE")
			return ok && err == nil
		},
		Execute: s.executeQuery,
		InBlock: s.tx.explicit(),
	}, nil
}

// executeQuery runs an analyzed query to its end and gives the number of rows it changed.
func (s *session) executeQuery(q *analyze.Query) (int64, error) {
	v, err := s.planner.now()
	if err != nil {
		return 0, err
	}
	made, err := compile.Query(q, compile.Options{Catalog: v, Types: &s.types})
	if err != nil {
		return 0, err
	}
	prog, err := s.db.Prepare(made.SQL)
	if err != nil {
		return 0, s.planner.violation(err, v.Version())
	}
	defer prog.Close()
	for {
		row, err := prog.Step()
		if err != nil {
			return 0, s.planner.violation(err, v.Version())
		}
		if !row {
			return s.db.Changes(), nil
		}
	}
}
