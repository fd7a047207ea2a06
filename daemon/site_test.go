package daemon

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pgd/install/site"
)

const patience = 10 * time.Second

// running is a site whose postmaster runs in the background.
type runningSite struct {
	t    testing.TB
	dir  site.Dir
	sock string
}

func newSite(t testing.TB, conf string) *runningSite {
	t.Helper()
	dir := t.TempDir()
	s := &runningSite{t: t, dir: site.Dir(dir), sock: filepath.Join(dir, "run", ".s.PGSQL.5432")}
	for _, d := range []string{site.GlobalDir, site.BaseDir, site.LogDir} {
		if err := os.Mkdir(s.dir.Path(d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.write(site.VersionFile, site.NewVersion().String())
	s.write(site.ConfigFile, "listen_addresses = ''\nunix_socket_directories = 'run'\nlog_min_messages = debug2\n"+conf)
	return s
}

func (s *runningSite) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.dir.Path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *runningSite) launch() (*Announcement, error) {
	exe, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	return Launch(Options{Dir: string(s.dir), Name: "main", Executable: exe}, patience)
}

func startSite(t *testing.T, conf string) *runningSite {
	t.Helper()
	s := newSite(t, conf)
	s.start()
	return s
}

func (s *runningSite) start() {
	s.t.Helper()
	if _, err := s.launch(); err != nil {
		s.t.Fatal(err, s.log())
	}
	s.t.Cleanup(func() {
		if p, err := Find(s.dir); err == nil {
			p.Signal(unix.SIGCONT)
			p.Signal(unix.SIGQUIT)
			p.WaitGone(patience)
			p.Close()
		}
	})
}

func (s *runningSite) log() string {
	b, _ := os.ReadFile(s.dir.Path(BackgroundLog))
	return string(b)
}

func (s *runningSite) waitLog(text string) {
	s.t.Helper()
	s.eventually(text, func() bool { return strings.Contains(s.log(), text) })
}

func (s *runningSite) eventually(what string, f func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("not within %v: %s\n%s", patience, what, s.log())
		}
	}
}

func (s *runningSite) process() *Process {
	s.t.Helper()
	p, err := Find(s.dir)
	if err != nil {
		s.t.Fatal(err, s.log())
	}
	return p
}

func (s *runningSite) signal(sig unix.Signal) *Process {
	s.t.Helper()
	p := s.process()
	if err := p.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *runningSite) waitGone(p *Process) {
	s.t.Helper()
	if err := p.WaitGone(patience); err != nil {
		s.t.Fatal(err, s.log())
	}
	p.Close()
}

// frontend is a client of a fake backend.
type frontend struct {
	s    *runningSite
	conn net.Conn
	in   *bufio.Scanner
	pid  int
	key  string
	// first is the first line, "HELLO ..." or "REFUSED ...".
	first string
}

func (s *runningSite) connect() *frontend {
	s.t.Helper()
	conn, err := net.Dial("unix", s.sock)
	if err != nil {
		s.t.Fatal(err, s.log())
	}
	conn.SetDeadline(time.Now().Add(patience))
	f := &frontend{s: s, conn: conn, in: bufio.NewScanner(conn)}
	s.t.Cleanup(func() { conn.Close() })
	f.first = f.line()
	fmt.Sscanf(f.first, "HELLO %d %s", &f.pid, &f.key)
	return f
}

func (f *frontend) line() string {
	if !f.in.Scan() {
		return "EOF"
	}
	return f.in.Text()
}

func (f *frontend) say(format string, args ...any) string {
	fmt.Fprintf(f.conn, format+"\n", args...)
	return f.line()
}

func (f *frontend) expect(want string) {
	f.s.t.Helper()
	if got := f.line(); got != want {
		f.s.t.Fatalf("got %q, want %q\n%s", got, want, f.s.log())
	}
}

// session connects and authenticates.
func (s *runningSite) session() *frontend {
	s.t.Helper()
	f := s.connect()
	if f.pid == 0 || f.say("auth") != "OK" {
		s.t.Fatal(f.first, s.log())
	}
	return f
}
