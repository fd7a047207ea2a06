package backend

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/catalog"
	"pgd/backend/storage"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper"
	"pgd/install/settings"
	"pgd/install/site"
)

// TestMain makes the test binary the processes it tests, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case handoff.ArgBackend:
			Main()
		case handoff.ArgKeeper:
			keeper.CopyDatabase = storage.CopyDatabase
			keeper.Main()
		}
	}
	// What this process was started with is not its children's.
	fds, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range fds {
		if n, err := strconv.Atoi(fd.Name()); err == nil && n > 2 {
			syscall.CloseOnExec(n)
		}
	}
	os.Exit(m.Run())
}

// postmaster does for tests what the real one does: it starts a keeper and backends, and hands them clients.
type postmaster struct {
	t      *testing.T
	start  handoff.Start
	keeper *child
	listen net.Listener
}

// child is a process it started. log is what it wrote.
type child struct {
	t       *testing.T
	cmd     *exec.Cmd
	control *handoff.Conn
	reports chan *handoff.Report
	done    chan struct{}
	log     *buffer
}

// buffer may be read while the child writes.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.b.Write(p) }
func (b *buffer) String() string              { b.mu.Lock(); defer b.mu.Unlock(); return b.b.String() }

// newPostmaster makes a site with one superuser, "admin" with password "sesame", and starts its keeper.
func newPostmaster(t *testing.T, hbaText string, set ...string) *postmaster {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := site.Dir(t.TempDir())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{site.GlobalDir, site.BaseDir} {
		must(os.Mkdir(dir.Path(d), 0o700))
	}
	must(os.WriteFile(dir.Path(site.HBAFile), []byte(hbaText), 0o600))
	must(os.WriteFile(dir.Path(site.IdentFile), nil, 0o600))
	must(keeper.Bootstrap(string(dir), keeper.BootstrapOptions{Superuser: "admin", Password: "sesame"}))
	first := dir.Database(site.Template1OID)
	must(os.Mkdir(first, 0o700))
	db, err := storage.Create(first)
	must(err)
	must(db.Begin(storage.ReadCommitted, false))
	_, err = db.StartWrite(storage.TurnOptions{})
	must(err)
	must(catalog.Bootstrap(db, catalog.BootOptions{}))
	must(db.Commit(storage.CommitOptions{}))
	must(db.Close())
	must(storage.CopyDatabase(first, dir.Database(site.PostgresOID)))
	must(storage.CopyDatabase(first, dir.Database(site.Template0OID)))
	values := settings.NewValues()
	for i := 0; i+1 < len(set); i += 2 {
		values.Set(set[i], set[i+1], settings.Source{Kind: settings.SourceFile})
	}
	p := &postmaster{t: t, start: handoff.Start{Site: string(dir), Name: "test", PostmasterPID: os.Getpid(), Started: time.Now(), Version: "0",
		SharedCatalog: dir.Path(site.CatalogDB), Base: dir.Path(site.BaseDir)}}
	p.start.Settings, p.start.Sources = values.Maps()
	p.listen, err = net.Listen("tcp", "127.0.0.1:0")
	must(err)
	t.Cleanup(func() { p.listen.Close() })
	p.keeper = p.spawn("keeper", handoff.ArgKeeper, nil)
	if r := p.keeper.report(); r.Kind != handoff.ReportReady || r.Error != "" {
		t.Fatalf("keeper: %+v", r)
	}
	return p
}

func (p *postmaster) spawn(kind, arg string, channel *os.File) *child {
	p.t.Helper()
	conn, other, err := handoff.Pair()
	if err != nil {
		p.t.Fatal(err)
	}
	defer other.Close()
	c := &child{t: p.t, cmd: exec.Command(os.Args[0], arg), control: conn, reports: make(chan *handoff.Report, 100), done: make(chan struct{}), log: &buffer{}}
	c.cmd.Env = []string{}
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	c.cmd.ExtraFiles = []*os.File{other}
	if channel != nil {
		c.cmd.ExtraFiles = append(c.cmd.ExtraFiles, channel)
	}
	if err := c.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	start := p.start
	start.Kind = kind
	if err := conn.Send(start); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		for {
			r, err := conn.RecvReport()
			if err != nil {
				return
			}
			c.reports <- r
		}
	}()
	go func() {
		c.cmd.Wait()
		close(c.done)
	}()
	p.t.Cleanup(func() {
		c.cmd.Process.Kill()
		<-c.done
		conn.Close()
		if p.t.Failed() {
			p.t.Logf("%s wrote:\n%s", kind, c.log)
		}
	})
	return c
}

func (c *child) report() *handoff.Report {
	c.t.Helper()
	select {
	case r := <-c.reports:
		return r
	case <-time.After(20 * time.Second):
		c.t.Fatalf("no report; log: %s", c.log)
	}
	return nil
}

// status waits for the end.
func (c *child) status() int {
	c.t.Helper()
	select {
	case <-c.done:
	case <-time.After(20 * time.Second):
		c.t.Fatalf("does not end; log: %s", c.log)
	}
	return c.cmd.ProcessState.ExitCode()
}

// spare starts a backend that waits.
func (p *postmaster) spare() *child {
	p.t.Helper()
	mine, its, err := handoff.FilePair()
	if err != nil {
		p.t.Fatal(err)
	}
	defer mine.Close()
	defer its.Close()
	c := p.spawn("backend", handoff.ArgBackend, its)
	if err := p.keeper.control.Send(handoff.Control{Kind: handoff.ControlAttach, PID: int32(c.cmd.Process.Pid)}, mine); err != nil {
		p.t.Fatal(err)
	}
	if r := c.report(); r.Kind != handoff.ReportReady {
		p.t.Fatalf("spare: %+v", r)
	}
	return c
}

// client starts a backend and connects to it.
func (p *postmaster) client(change ...func(*handoff.Client)) (net.Conn, *child) {
	p.t.Helper()
	c := p.spare()
	conn, err := net.Dial("tcp", p.listen.Addr().String())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	accepted, err := p.listen.Accept()
	if err != nil {
		p.t.Fatal(err)
	}
	defer accepted.Close()
	f, err := accepted.(*net.TCPConn).File()
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	who := &handoff.Client{PID: int32(c.cmd.Process.Pid), Accepted: time.Now(), Remote: conn.LocalAddr().String()}
	for _, f := range change {
		f(who)
	}
	if err := p.keeper.control.Send(handoff.Control{Kind: handoff.ControlClient, PID: who.PID, Client: who}); err != nil {
		p.t.Fatal(err)
	}
	withSecret := *who
	withSecret.Secret = []byte("0123456789abcdef0123456789abcdef")
	if err := c.control.Send(handoff.Control{Kind: handoff.ControlClient, PID: who.PID, Client: &withSecret}, f); err != nil {
		p.t.Fatal(err)
	}
	return conn, c
}

// login connects with pgx.
func (p *postmaster) login(user, database, password string) (*pgconn.PgConn, *child, error) {
	p.t.Helper()
	conn, c := p.client()
	conf, err := pgconn.ParseConfig("postgres://" + user + ":" + password + "@127.0.0.1:" + strconv.Itoa(1) + "/" + database + "?sslmode=disable")
	if err != nil {
		p.t.Fatal(err)
	}
	conf.DialFunc = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	ctx, done := context.WithTimeout(context.Background(), 20*time.Second)
	defer done()
	pg, err := pgconn.ConnectConfig(ctx, conf)
	return pg, c, err
}
