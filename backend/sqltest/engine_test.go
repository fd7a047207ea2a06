package sqltest

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/ddl"
	"pgd/backend/functions"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// engine is the five steps without a session around them.
type engine struct {
	db    *storage.DB
	cache *catalog.Cache
	types types.Context
	now   time.Time
	// user is who runs statements, the bootstrap superuser unless a test says otherwise.
	user uint32
	// showSQL prints what was compiled.
	showSQL func(sql string)
}

func newEngine(t testing.TB) *engine {
	t.Helper()
	dir := create(t, func(db *storage.DB) error { return catalog.Bootstrap(db, catalog.BootOptions{}) })
	shared := create(t, func(db *storage.DB) error {
		return catalog.BootstrapShared(db, catalog.SharedOptions{Superuser: "postgres"})
	})
	var err error
	e := &engine{user: 10, now: time.Date(2024, 2, 29, 12, 34, 56, 789012000, time.UTC)}
	e.types = types.Context{DateStyle: types.DateStyle{Format: "ISO", Order: "MDY"}, IntervalStyle: "postgres", TimeZone: time.UTC, TimeZoneName: "UTC",
		ExtraFloatDigits: 1, Now: e.now}
	e.db, err = storage.Open(storage.Config{Dir: dir, SharedCatalog: filepath.Join(shared, "main.db"), Resolve: func(name string, nargs int) (*storage.Function, bool) {
		return compile.Resolve(name, nargs, functions.Call{Context: &e.types, Env: &env{e: e}})
	}})
	must(t, err)
	t.Cleanup(func() { e.db.Close() })
	e.cache = catalog.NewCache(e.db)
	e.cache.SetRole(10, "postgres")
	e.types.Names = names{e}
	e.types.Lookup = func(oid uint32) *types.Type { return e.userType(oid) }
	e.types.CheckDomain = e.checkDomain
	return e
}

// create makes a database that fill fills.
func create(t testing.TB, fill func(db *storage.DB) error) string {
	t.Helper()
	dir := t.TempDir()
	db, err := storage.Create(dir)
	must(t, err)
	must(t, db.Begin(storage.ReadCommitted, false))
	_, err = db.StartWrite(storage.TurnOptions{})
	must(t, err)
	must(t, fill(db))
	must(t, db.Commit(storage.CommitOptions{}))
	must(t, db.Close())
	return dir
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// userType finds types that are not built in.
func (e *engine) userType(oid uint32) *types.Type {
	if v := (names{e}).view(); v != nil {
		return v.DataType(oid)
	}
	return nil
}

// checkDomain looks whether a value read from text is one of a domain.
func (e *engine) checkDomain(domain uint32, v types.Value) error {
	view := names{e}.view()
	if view == nil {
		return nil
	}
	x, err := (&analyze.Analyzer{Catalog: view, Types: &e.types, User: e.user, Superuser: true}).DomainTest(domain)
	if err != nil {
		return err
	}
	sql, err := compile.Expr(x, nil, compile.Options{Catalog: view, Types: &e.types})
	if err != nil {
		return err
	}
	return e.db.Query("SELECT "+sql, []types.Value{v}, func([]types.Value) error { return nil })
}

// answer is what a statement gave, as text.
type answer struct {
	columns []string
	rows    []string
	tag     string
	err     *pgerr.Error
}

// run runs one statement in a transaction of its own.
func (e *engine) run(sql string) (out answer) {
	st, err := parse.Parse(sql)
	if err != nil {
		return answer{err: pgerr.From(err)}
	}
	if len(st) != 1 {
		return answer{err: pgerr.New(pgerr.InternalError, "%d statements", len(st))}
	}
	if err := e.db.Begin(storage.ReadCommitted, false); err != nil {
		return answer{err: pgerr.From(err)}
	}
	out, err = e.statement(st[0])
	if err == nil {
		err = e.db.Commit(storage.CommitOptions{})
		if err != nil {
			err = e.violation(err)
		}
	}
	if err != nil {
		e.db.Rollback()
		e.cache.Forget()
		pe := *pgerr.From(err)
		if pe.Location > 0 {
			pe.Position = parse.Position(sql, pe.Location-1)
		}
		return answer{err: &pe}
	}
	return out
}

func (e *engine) view(version int64) (*catalog.View, error) {
	return e.cache.At(version, []string{"$user", "public"}, "")
}

func (e *engine) statement(st parse.Statement) (answer, error) {
	if ddl.Handles(st.Node) {
		version, err := e.db.StartWrite(storage.TurnOptions{})
		if err != nil {
			return answer{}, err
		}
		env, err := e.definer(version)
		if err != nil {
			return answer{}, err
		}
		tag, err := ddl.Run(env, st)
		return answer{tag: tag}, err
	}
	version, err := e.db.StartRead()
	if err != nil {
		return answer{}, err
	}
	v, err := e.view(version)
	if err != nil {
		return answer{}, err
	}
	a := &analyze.Analyzer{Catalog: v, Types: &e.types, User: e.user, Superuser: e.user == 10, Setting: func(string) string { return "" }, Notice: func(*pgerr.Error) {}}
	q, err := a.Query(st)
	if err != nil {
		return answer{}, err
	}
	return e.query(q, v)
}

func (e *engine) query(q *analyze.Query, v *catalog.View) (answer, error) {
	p, err := compile.Query(q, compile.Options{Catalog: v, Types: &e.types})
	if err != nil {
		return answer{}, err
	}
	if e.showSQL != nil {
		e.showSQL(p.SQL)
	}
	if p.Writes || p.Locks || p.Volatile {
		if _, err := e.db.StartWrite(storage.TurnOptions{}); err != nil {
			return answer{}, err
		}
	}
	s, err := e.db.Prepare(p.SQL)
	if err != nil {
		return answer{}, fmt.Errorf("%w\n%s", err, p.SQL)
	}
	defer s.Close()
	out := answer{tag: p.Tag}
	for _, c := range p.Columns {
		out.columns = append(out.columns, fmt.Sprintf("%s:%d:%d", c.Name, c.Type, c.Typmod))
	}
	before, n := e.db.Changes(), int64(0)
	for {
		ok, err := s.Step()
		if err != nil {
			return answer{}, e.violationOf(err, v)
		}
		if !ok {
			break
		}
		n++
		var row []string
		for i, c := range p.Columns {
			row = append(row, e.text(s.Value(i), c.Type))
		}
		if len(p.Columns) > 0 || !p.Writes {
			out.rows = append(out.rows, strings.Join(row, "|"))
		}
	}
	if p.Writes {
		_ = before
		n = e.db.Changes()
		if e.db.DeferredViolations() {
			if x := v.ForeignViolation(catalog.ForeignCheck{}, &e.types); x != nil {
				return answer{}, x
			}
		}
	}
	out.tag = fmt.Sprintf("%s %d", p.Tag, n)
	return out, nil
}

func (e *engine) text(v types.Value, typ uint32) string {
	if v.IsNull() {
		return "NULL"
	}
	t := e.types.Find(typ)
	if t == nil || t.Output == nil {
		return fmt.Sprintf("?type %d", typ)
	}
	return string(t.Output(&e.types, nil, v))
}

func (e *engine) violation(err error) error { return err }

func (e *engine) violationOf(err error, v *catalog.View) error {
	var c *storage.ConstraintError
	if !errors.As(err, &c) {
		return err
	}
	if c.Kind == "foreign" {
		return err
	}
	return v.Violation(catalog.ConstraintInfo{Table: c.Table, Columns: c.Columns, Index: c.Index}, &e.types)
}

func (e *engine) definer(version int64) (*ddl.Env, error) {
	v, err := e.view(version)
	if err != nil {
		return nil, err
	}
	return &ddl.Env{DB: e.db, Catalog: v, Types: &e.types,
		View: func(path []string) (*catalog.View, error) {
			version, err := e.db.StartRead()
			if err != nil {
				return nil, err
			}
			return e.cache.At(version, path, "")
		},
		SearchPath: []string{"public"}, Database: "test", User: 10, SessionUser: 10, Superuser: true, Notice: func(*pgerr.Error) {},
		Setting: func(string) string { return "" },
		RoleOID: func(name string) (uint32, bool) { return 10, name == "postgres" }, RoleName: func(uint32) (string, bool) { return "postgres", true },
		MemberOf: func(uint32) bool { return true }, MayCreateSchema: func() bool { return true },
		Execute: func(q *analyze.Query) (int64, error) {
			a, err := e.query(q, v)
			return int64(len(a.rows)), err
		},
	}, nil
}

// env is what functions see of the engine.
type env struct {
	functions.Env
	e *engine
}

func (v *env) StatementTime() time.Time       { return v.e.now }
func (v *env) TransactionTime() time.Time     { return v.e.now }
func (v *env) Setting(string) (string, bool)  { return "", false }
func (v *env) Sequences() functions.Sequences { return v.e.db.Sequences() }
func (v *env) Cancelled() error               { return nil }
func (v *env) Catalog() functions.Catalog     { return &live{e: v.e} }
func (v *env) Notice(error)                   {}
func (v *env) Session() functions.SessionInfo {
	return functions.SessionInfo{Database: "test", User: "postgres", SessionUser: "postgres", UserOID: 10, Superuser: true, SearchPath: []string{"pg_catalog", "public"}}
}

// names looks objects up in the catalog as it is.
type names struct{ e *engine }

func (n names) view() *catalog.View {
	version, err := n.e.db.StartRead()
	if err != nil {
		return nil
	}
	v, err := n.e.view(version)
	if err != nil {
		return nil
	}
	return v
}

func (n names) ObjectName(kind string, oid uint32) (string, bool) {
	return n.view().ObjectName(kind, oid)
}
func (n names) ObjectOID(kind, name string) (uint32, error) { return n.view().ObjectOID(kind, name) }

type live struct {
	functions.Catalog
	e *engine
}

func (l *live) ObjectName(kind string, oid uint32) (string, bool) {
	return names{l.e}.ObjectName(kind, oid)
}
func (l *live) ObjectOID(kind, name string) (uint32, error) { return names{l.e}.ObjectOID(kind, name) }
func (l *live) FormatType(oid uint32, mod int32) string {
	return names{l.e}.view().FormatType(oid, mod)
}
func (l *live) Visible(kind string, oid uint32) bool { return names{l.e}.view().Visible(kind, oid) }
func (l *live) HasPrivilege(string, uint32, uint32, int16, string) (bool, error) {
	return true, nil
}
func (l *live) RoleOID(name string) (uint32, bool) { return 10, name == "postgres" }
func (l *live) RoleName(oid uint32) (string, bool) { return "postgres", oid == 10 }

func (l *live) Query(sql string, args []types.Value, f func(row []types.Value) error) error {
	return l.e.db.Query(sql, args, f)
}
