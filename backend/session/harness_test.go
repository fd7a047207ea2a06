package session

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/functions"
	"pgd/backend/storage"
	"pgd/backend/types"
	"pgd/backend/wire"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// site is a database with its shared catalog in a temporary directory and a listener whose every connection gets a session.
type site struct {
	t              testing.TB
	dir, shared    string
	socket         string
	settings       *settings.Values
	keeper         Keeper
	mu             sync.Mutex
	events         map[int32]chan Event
	pid            int32
	wg             sync.WaitGroup
	lastRunResults []error
}

func bootstrapped(t testing.TB, dir string, fill func(x catalog.Execer) error) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Begin(storage.ReadCommitted, false); err != nil {
		t.Fatal(err)
	}
	if _, err := db.StartWrite(storage.TurnOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := fill(db); err != nil {
		t.Fatal(err)
	}
	if err := db.Commit(storage.CommitOptions{}); err != nil {
		t.Fatal(err)
	}
}

// templates are made once for all tests; each test works with copies.
var templates = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "pgd-session-")
	if err != nil {
		panic(err)
	}
	return dir
})

var madeTemplates sync.Once

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(templates())
	os.Exit(code)
}

func newSite(t testing.TB) *site {
	t.Helper()
	from := templates()
	madeTemplates.Do(func() {
		bootstrapped(t, filepath.Join(from, "db"), func(x catalog.Execer) error { return catalog.Bootstrap(x, catalog.BootOptions{}) })
		bootstrapped(t, filepath.Join(from, "global"), func(x catalog.Execer) error {
			return catalog.BootstrapShared(x, catalog.SharedOptions{Superuser: "postgres"})
		})
	})
	dir := t.TempDir()
	s := &site{t: t, dir: filepath.Join(dir, "5"), shared: filepath.Join(dir, "global", "main.db"), socket: filepath.Join(dir, "s"),
		settings: settings.NewValues(), events: map[int32]chan Event{}}
	if err := os.CopyFS(s.dir, os.DirFS(filepath.Join(from, "db"))); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "global"), os.DirFS(filepath.Join(from, "global"))); err != nil {
		t.Fatal(err)
	}
	_ = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			return os.Chmod(p, 0o600)
		}
		return os.Chmod(p, 0o700)
	})
	l, err := net.Listen("unix", s.socket)
	if err != nil {
		t.Fatal(err)
	}
	go s.accept(l)
	t.Cleanup(func() {
		l.Close()
		s.wg.Wait()
		s.integrity()
	})
	return s
}

// integrity checks the file after every test.
func (s *site) integrity() {
	db, err := storage.Open(storage.Config{Dir: s.dir, Resolve: func(name string, nargs int) (*storage.Function, bool) {
		return compile.Resolve(name, nargs, functions.Call{Context: &types.Context{}})
	}})
	if err != nil {
		s.t.Error(err)
		return
	}
	defer db.Close()
	if bad, err := db.Integrity(); err != nil || len(bad) > 0 {
		s.t.Errorf("integrity: %v %v", bad, err)
	}
}

func (s *site) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.pid++
		pid := s.pid
		events := make(chan Event, 4)
		s.events[pid] = events
		s.mu.Unlock()
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			defer conn.Close()
			s.serve(conn, pid, events)
		}()
	}
}

func (s *site) serve(conn net.Conn, pid int32, events chan Event) {
	st, err := wire.ReadStartup(conn)
	if err != nil {
		return
	}
	if st.Kind == wire.StartCancel {
		s.mu.Lock()
		defer s.mu.Unlock()
		if ch := s.events[st.CancelPID]; ch != nil {
			ch <- Event{Kind: Cancel}
		}
		return
	}
	w := wire.NewWriter(conn)
	w.AuthenticationOk()
	_ = w.Flush()
	err = Run(context.Background(), Config{
		Conn: conn, Protocol: st.Protocol, StartupParams: st.Params, PID: pid, Secret: []byte("secret"),
		Identity: handoff.Identity{RoleOID: 10, Role: "postgres", Superuser: true, DatabaseOID: 5, Database: "postgres"},
		Client:   handoff.Client{Local: true}, Dir: s.dir, SharedCatalog: s.shared, Settings: s.settings, Version: "test",
		Keeper: s.keeper, Events: events, NoFsync: true,
	})
	s.mu.Lock()
	s.lastRunResults = append(s.lastRunResults, err)
	s.mu.Unlock()
}

// connect gives a client's connection.
func (s *site) connect(options ...string) *pgconn.PgConn {
	s.t.Helper()
	conn, err := s.try(options...)
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

func asPgError(err error, to **pgconn.PgError) bool { return errors.As(err, to) }

// try connects, if it can.
func (s *site) try(options ...string) (*pgconn.PgConn, error) {
	s.t.Helper()
	extra := ""
	for _, o := range options {
		extra += " " + o
	}
	c, err := pgconn.ParseConfig("host=" + filepath.Dir(s.socket) + " port=5432 user=postgres database=postgres sslmode=disable" + extra)
	if err != nil {
		s.t.Fatal(err)
	}
	c.DialFunc = func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", s.socket) }
	conn, err := pgconn.ConnectConfig(context.Background(), c)
	if err == nil {
		s.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	}
	return conn, err
}
