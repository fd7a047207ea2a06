package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgd/backend/compile"
	"pgd/backend/functions"
	"pgd/backend/storage"
	"pgd/backend/types"
	"pgd/install/site"
)

// testSite is a site of one test, made and run with the binary.
type testSite struct {
	t    testing.TB
	home string // a directory of its own, short, the account's
	dir  site.Dir
	sock string
	port int
	env  []string
}

// password is the superuser's in every site of the tests.
const password = "correct horse"

var siteNumber atomic.Int32

// newSite makes a site; settings are added to its pgd.conf. root may be any superuser of it over the socket, as the account may.
func newSite(t testing.TB, settings ...string) *testSite {
	t.Helper()
	s := emptyHome(t)
	s.makeSite()
	s.hba("local all all peer map=tests\nhostssl all all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n")
	s.write("pg_ident.conf", fmt.Sprintf("tests root %q\ntests %q all\n", world.acct.name, world.acct.name))
	s.set(settings...)
	return s
}

// startSite makes a site and starts it.
func startSite(t testing.TB, settings ...string) *testSite {
	t.Helper()
	s := newSite(t, settings...)
	s.start()
	return s
}

// emptyHome makes the directory and the environment for a site, and no site.
func emptyHome(t testing.TB) *testSite {
	t.Helper()
	s := &testSite{t: t, home: filepath.Join(world.dir, "s"+strconv.Itoa(int(siteNumber.Add(1)))), port: freePort(t)}
	s.dir, s.sock = site.Dir(filepath.Join(s.home, "site")), filepath.Join(s.home, "run")
	for _, d := range []string{s.home, s.sock} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
		world.acct.give(t, d)
	}
	s.env = []string{"XDG_DATA_HOME=" + s.home + "/data", "XDG_CONFIG_HOME=" + s.home + "/config", "XDG_RUNTIME_DIR=" + s.home}
	t.Cleanup(s.remove)
	return s
}

func (s *testSite) makeSite(flags ...string) {
	s.t.Helper()
	pw := filepath.Join(s.home, "password")
	if err := os.WriteFile(pw, []byte(password+"\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
	world.acct.give(s.t, pw)
	s.must(append([]string{"init", "site", "test", "--dir", string(s.dir), "--socket-dir", s.sock, "--port", strconv.Itoa(s.port), "--pwfile", pw}, flags...)...)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// remove stops the site, looks for what it left behind, and checks its databases.
func (s *testSite) remove() {
	if s.running() {
		if r := s.pgd("stop", "test", "-m", "fast"); r.status != 0 {
			s.t.Errorf("stop: %v", r)
		}
	}
	for _, p := range waitNone(10 * time.Second) {
		s.t.Errorf("left behind: %s", p)
		p.kill()
	}
	if s.t.Failed() {
		s.t.Logf("log of the site:\n%s", tail(s.log(), 25))
	}
	s.sound()
	_ = os.RemoveAll(s.home)
}

// sound checks that every database of a stopped site is whole.
func (s *testSite) sound() {
	s.t.Helper()
	if _, err := os.Stat(s.dir.Path(site.VersionFile)); err != nil {
		return
	}
	// Root has to own what it opens, and what SQLite made beside the files must not stay root's.
	s.own(0, 0)
	defer s.own(world.acct.uid, world.acct.gid)
	files, _ := filepath.Glob(s.dir.Path("base/*/" + site.MainDB))
	for _, f := range files {
		db, err := storage.Open(storage.Config{Dir: filepath.Dir(f), Resolve: func(name string, args int) (*storage.Function, bool) {
			return compile.Resolve(name, args, functions.Call{Context: &types.Context{TimeZone: time.UTC}})
		}})
		if err != nil {
			s.t.Errorf("open %s: %v", f, err)
			continue
		}
		if bad, err := db.Integrity(); err != nil || len(bad) > 0 {
			s.t.Errorf("integrity of %s: %v %v", f, bad, err)
		}
		_ = db.Close()
	}
}

// own gives all databases to a uid, where the tests are root's.
func (s *testSite) own(uid, gid int) {
	if os.Geteuid() != 0 {
		return
	}
	_ = filepath.WalkDir(s.dir.Path(site.BaseDir), func(p string, _ os.DirEntry, err error) error {
		if err == nil {
			_ = os.Lchown(p, uid, gid)
		}
		return nil
	})
}

func (s *testSite) running() bool {
	held, err := s.dir.Locked()
	return err == nil && held
}

// pgd runs a command of the binary as the account.
func (s *testSite) pgd(args ...string) result {
	s.t.Helper()
	return s.run(world.pgd, args...)
}

// run runs any program as the account, in the site's home.
func (s *testSite) run(name string, args ...string) result {
	s.t.Helper()
	return finish(s.t, world.acct.command(s.home, s.env, name, args...), patience)
}

// must runs a command of the binary that has to succeed.
func (s *testSite) must(args ...string) string {
	s.t.Helper()
	r := s.pgd(args...)
	if r.status != 0 {
		s.t.Fatalf("pgd %s: %v", strings.Join(args, " "), r)
	}
	return r.out
}

func (s *testSite) start(args ...string) {
	s.t.Helper()
	s.must(append([]string{"start", "test"}, args...)...)
}

func (s *testSite) stop(mode string) {
	s.t.Helper()
	s.must("stop", "test", "-m", mode)
}

// set adds settings to pgd.conf.
func (s *testSite) set(settings ...string) {
	s.t.Helper()
	if len(settings) == 0 {
		return
	}
	b, err := os.ReadFile(s.dir.Path(site.ConfigFile))
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(site.ConfigFile, string(b)+strings.Join(settings, "\n")+"\n")
}

func (s *testSite) hba(text string) { s.t.Helper(); s.write(site.HBAFile, text) }

// write replaces one of the site's files; its owner and mode stay.
func (s *testSite) write(name, text string) {
	s.t.Helper()
	path := s.dir.Path(name)
	_, err := os.Stat(path)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err != nil {
		world.acct.give(s.t, path)
	}
}

// log gives the site's log.
func (s *testSite) log() string {
	b, _ := os.ReadFile(s.dir.Path("log/postmaster.log"))
	return string(b)
}

// waitLog waits until the log matches.
func (s *testSite) waitLog(pattern string) {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	if !eventually(patience, func() bool { return re.MatchString(s.log()) }) {
		s.t.Fatalf("not in the log: %s\n%s", pattern, tail(s.log(), 30))
	}
}

// postmaster gives the process id of the running postmaster.
func (s *testSite) postmaster() int {
	s.t.Helper()
	p, err := s.dir.ReadPID()
	if err != nil {
		s.t.Fatal(err)
	}
	return p.PID
}

// eventually waits until something is so.
func eventually(limit time.Duration, so func() bool) bool {
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if so() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
