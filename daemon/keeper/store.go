package keeper

import (
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/types"
	"pgd/install/site"
)

// store is the keeper's one connection: global/catalog.db as main, global/secrets.db attached, so that a change of both is one
// transaction. The first is made by package catalog, which backends read it by. It is used by whoever holds the turn (turn.go).
//
// catalog.db is in WAL mode, because backends read it in transactions of any length and must not hold up a commit here; secrets.db,
// which nobody else opens, has a rollback journal. A crash between the commits of the two, which come in this order, can lose a
// new password and nothing else: verifiers are found by OIDs that are never given twice.
type store struct {
	db    *sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

// busyWait is how long a change waits for whoever else has the files open for a moment (a copy being made).
const busyWait = 10 * time.Second

func openStore(dir site.Dir) (*store, error) {
	db, err := sqlite3.OpenFlags("file:"+uriPath(dir.Path(site.CatalogDB)), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir.Path(site.CatalogDB), err)
	}
	s := &store{db: db, stmts: map[string]*sqlite3.Stmt{}}
	for _, sql := range []string{
		"ATTACH " + sqlite3.Quote(dir.Path(site.SecretsDB)) + " AS secrets",
		"PRAGMA main.journal_mode=WAL", "PRAGMA secrets.journal_mode=DELETE",
		"PRAGMA main.synchronous=FULL", "PRAGMA secrets.synchronous=FULL",
		"PRAGMA secrets.secure_delete=ON", "PRAGMA trusted_schema=OFF", "PRAGMA foreign_keys=OFF",
	} {
		if err := db.Exec(sql); err != nil {
			s.close()
			return nil, fmt.Errorf("open %s: %w", dir.Path(site.GlobalDir), err)
		}
	}
	// The log stays when the keeper ends: backends that have it open, or a sandbox that names it, need its inode.
	if _, err := db.FileControl("main", sqlite3.FCNTL_PERSIST_WAL, true); err != nil {
		s.close()
		return nil, err
	}
	if err := db.BusyTimeout(busyWait); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// uriPath escapes what has a meaning in a URI.
func uriPath(p string) string {
	out := make([]byte, 0, len(p))
	for i := 0; i < len(p); i++ {
		switch c := p[i]; c {
		case '?', '#', '%':
			out = append(out, fmt.Sprintf("%%%02x", c)...)
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

func (s *store) close() {
	for _, st := range s.stmts {
		st.Close()
	}
	s.db.Close()
}

// prepare gives a statement that is kept.
func (s *store) prepare(sql string) (*sqlite3.Stmt, error) {
	if st := s.stmts[sql]; st != nil {
		return st, nil
	}
	st, tail, err := s.db.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("keeper's store: %w in %q", err, sql)
	}
	if tail != "" || st == nil {
		return nil, fmt.Errorf("keeper's store: not one statement: %q", sql)
	}
	s.stmts[sql] = st
	return st, nil
}

func bind(st *sqlite3.Stmt, i int, a any) error {
	switch v := a.(type) {
	case nil:
		return st.BindNull(i)
	case bool:
		return st.BindBool(i, v)
	case int:
		return st.BindInt64(i, int64(v))
	case int32:
		return st.BindInt64(i, int64(v))
	case int64:
		return st.BindInt64(i, v)
	case uint32:
		return st.BindInt64(i, int64(v))
	case string:
		return st.BindText(i, v)
	case []byte:
		if v == nil {
			return st.BindNull(i)
		}
		return st.BindBlob(i, v)
	case types.Value:
		switch v.Kind {
		case types.Null:
			return st.BindNull(i)
		case types.Int:
			return st.BindInt64(i, v.I)
		case types.Float:
			return st.BindFloat(i, v.F)
		case types.Text:
			return st.BindText(i, string(v.B))
		}
		return st.BindBlob(i, v.B)
	}
	return fmt.Errorf("keeper's store: cannot bind %T", a)
}

// query runs a statement and calls f for each row.
func (s *store) query(sql string, f func(*sqlite3.Stmt) error, args ...any) error {
	st, err := s.prepare(sql)
	if err != nil {
		return err
	}
	defer st.ClearBindings()
	defer st.Reset()
	for i, a := range args {
		if err := bind(st, i+1, a); err != nil {
			return err
		}
	}
	for st.Step() {
		if f != nil {
			if err := f(st); err != nil {
				return err
			}
		}
	}
	if err := st.Err(); err != nil {
		return fmt.Errorf("keeper's store: %w", err)
	}
	return nil
}

func (s *store) exec(sql string, args ...any) error { return s.query(sql, nil, args...) }

// Exec makes a store what the catalog's bootstrap fills.
func (s *store) Exec(sql string, args ...types.Value) error {
	a := make([]any, len(args))
	for i, v := range args {
		a[i] = v
	}
	if len(a) == 0 {
		return s.db.Exec(sql)
	}
	return s.exec(sql, a...)
}

// secret reads one value of secrets.db; nil for none.
func (s *store) secret(name string) (v []byte, err error) {
	err = s.query("SELECT value FROM secrets.secret WHERE name = ?", func(st *sqlite3.Stmt) error {
		v = st.ColumnBlob(0, nil)
		return nil
	}, name)
	return v, err
}

// nextOID gives an OID no role or database ever had: OIDs are remembered elsewhere (in privileges), so none is given twice.
func (s *store) nextOID() (uint32, error) {
	var oid int64
	err := s.query(`UPDATE "pg_pgd.counter" SET value = value + 1 WHERE name = 'oid' RETURNING value - 1`, func(st *sqlite3.Stmt) error {
		oid = st.ColumnInt64(0)
		return nil
	})
	if err == nil && (oid < 16384 || oid > 1<<32-1) {
		err = errors.New("keeper's store: OIDs are used up")
	}
	return uint32(oid), err
}

func isBusy(err error) bool {
	return errors.Is(err, sqlite3.BUSY) || errors.Is(err, sqlite3.LOCKED)
}
