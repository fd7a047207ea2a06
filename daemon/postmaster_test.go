package daemon

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pgd/install/site"
)

// Ensure that each connection has a process of its own with an empty environment and counted descriptors, and that a clean end
// leaves neither socket nor pid file.
func TestConnectAndStop(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a, b := s.session(), s.session()
	if a.pid == b.pid || a.key == b.key || len(a.key) != 64 {
		t.Error(a.first, b.first)
	}
	if got := strings.ReplaceAll(a.say("env"), s.dir.Path(BackgroundLog), "LOG"); got != "0 /dev/null,LOG,LOG,socket,socket,socket" {
		t.Error(got)
	}
	if pid, err := s.dir.ReadPID(); err != nil || pid.State != site.StateReady || pid.SocketDir != string(s.dir)+"/run" || pid.Port != 5432 {
		t.Error(pid, err)
	}
	p := s.signal(unix.SIGTERM)
	a.expect("TERMINATED")
	b.expect("TERMINATED")
	s.waitGone(p)
	for _, f := range []string{s.sock, s.sock + ".lock", s.dir.Path(site.PIDFile)} {
		if _, err := os.Lstat(f); err == nil {
			t.Error("left:", f)
		}
	}
	if _, err := os.Stat(s.dir.Path(site.LockFile)); err != nil {
		t.Error(err)
	}
	s.waitLog("database system is shut down")
	if strings.Contains(s.log(), "WARNING") || strings.Contains(s.log(), "ERROR") {
		t.Error(s.log())
	}
}

// Ensure that the limits on connections hold: the reserved ones are marked, those beyond are refused by a child that only refuses.
func TestAdmission(t *testing.T) {
	t.Parallel()
	s := startSite(t, "max_connections = 4\nsuperuser_reserved_connections = 1\nmax_unauthenticated_connections = 2\n")
	sessions := []*frontend{s.session(), s.session()}
	a := s.until(" false")
	b := s.until(" true") // the last connection is reserved for superusers
	if c := s.connect(); c.first != "REFUSED 53300 sorry, too many clients already" {
		t.Error(c.first)
	}
	sessions[0].conn.Close()
	s.waitLog(fmt.Sprintf("server process (PID %d) exited with exit code 0", sessions[0].pid))
	if c := s.connect(); c.first != "REFUSED 53300 sorry, too many clients already" {
		t.Error("more unauthenticated connections than allowed: ", c.first)
	}
	a.say("auth")
	s.until(" true")
	b.conn.Close()
}

// until connects again and again until the first line ends as wanted: what others did may not have reached the postmaster.
func (s *runningSite) until(end string) (f *frontend) {
	s.t.Helper()
	s.eventually("connection "+end, func() bool {
		if f = s.connect(); strings.HasSuffix(f.first, end) {
			return true
		}
		f.conn.Close()
		return false
	})
	return f
}

// probe connects, reads the first line and leaves.
func (s *runningSite) probe() string {
	f := s.connect()
	f.conn.Close()
	return f.first
}

// Ensure that the pool of spares refills itself, also from a burst and from nothing.
func TestSpares(t *testing.T) {
	t.Parallel()
	for _, spares := range []string{"0", "3"} {
		s := startSite(t, "max_connections = 50\nspare_backends = "+spares+"\n")
		done := make(chan string, 40)
		for range cap(done) {
			go func() {
				c, err := net.Dial("unix", s.sock)
				if err != nil {
					done <- err.Error()
					return
				}
				defer c.Close()
				c.SetDeadline(time.Now().Add(patience))
				line, _ := bufio.NewReader(c).ReadString('\n')
				done <- line[:min(5, len(line))]
			}()
		}
		served := 0
		for range cap(done) {
			if first := <-done; first == "HELLO" {
				served++
			} else if first != "REFUS" {
				t.Error(first)
			}
		}
		if served < 30 {
			t.Errorf("%d served", served)
		}
	}
}

// Ensure that a backend's death is reported and touches nobody else.
func TestBackendDies(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a, b, c := s.session(), s.session(), s.session()
	a.say("kill")
	s.waitLog(fmt.Sprintf("LOG:  server process (PID %d) was terminated by signal 9: Killed", a.pid))
	b.say("exit 3")
	s.waitLog(fmt.Sprintf("server process (PID %d) exited with exit code 3", b.pid))
	if c.say("hello") != "OK" || s.session().pid == 0 {
		t.Error(s.log())
	}
}

// Ensure that a cancel request with the right key reaches its backend and no other does, and that a backend which says what only
// the keeper may say is ended.
func TestCancelAndTrust(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a, b := s.session(), s.session()
	s.session().say("cancel %d %s", a.pid, strings.Repeat("00", 32))
	s.waitLog(fmt.Sprintf("wrong key in cancel request for process %d", a.pid))
	s.session().say("cancel %d 00000000", 1)
	s.waitLog("PID 1 in cancel request did not match any process")
	s.session().say("cancel %d %s", a.pid, a.key)
	a.expect("INTERRUPT")
	s.connect().say("cancel %d %s", a.pid, a.key[:8])
	a.expect("INTERRUPT")
	b.say("claim")
	b.expect("EOF")
	s.waitLog("broke the rules of its channel")
	if a.say("hello") != "OK" {
		t.Error("touched")
	}
}

// Ensure that a smart stop waits for the last session and refuses others, and that stronger stops override weaker ones.
func TestStopModes(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a := s.session()
	p := s.signal(unix.SIGUSR2)
	s.waitLog("received smart shutdown request")
	if f := s.connect(); f.first != "REFUSED 57P03 the database system is shutting down" {
		t.Error(f.first)
	}
	if pid, err := s.dir.ReadPID(); err != nil || pid.State != site.StateStopping {
		t.Error(pid, err)
	}
	a.conn.Close()
	s.waitGone(p)

	s = startSite(t, "test.stubborn = 1\n")
	a = s.session()
	p = s.signal(unix.SIGUSR2)
	s.waitLog("received smart shutdown request")
	p.Signal(unix.SIGINT)
	s.waitLog("received fast shutdown request")
	p.Signal(unix.SIGUSR2)
	p.Signal(unix.SIGQUIT)
	s.waitLog("received immediate shutdown request")
	a.expect("EOF")
	s.waitGone(p)
	if strings.Count(s.log(), "smart") != 1 {
		t.Error("a weaker stop was taken: ", s.log())
	}
}

// Ensure that a second start is refused with who runs, and that a pid file left by a killed postmaster is replaced with a notice,
// after its children have ended themselves.
func TestSecondStartAndStalePID(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	pid, _ := s.dir.ReadPID()
	_, err := s.launch()
	var e *StartError
	if !errors.As(err, &e) || e.ExitStatus() != 2 || !strings.HasPrefix(e.Error(), fmt.Sprintf(`site "main" is already running: PID %d, command "pgd --pgd-postmaster`, pid.PID)) {
		t.Error(err)
	}
	a := s.session()
	p := s.signal(unix.SIGKILL)
	s.waitGone(p)
	a.expect("EOF")
	if _, err := Find(s.dir); !errors.Is(err, ErrNotRunning) {
		t.Error(err)
	}
	ann, err := s.launch()
	if err != nil {
		t.Fatal(err)
	}
	if len(ann.Notices) != 1 || !strings.Contains(ann.Notices[0], fmt.Sprintf("was stale (PID %d) and was replaced", pid.PID)) {
		t.Error(ann.Notices)
	}
	s.session()
}

// Ensure that sessions go on while the postmaster is stopped with SIGSTOP, and new ones are served when it goes on.
func TestSIGSTOP(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a := s.session()
	p := s.signal(unix.SIGSTOP)
	for range 100 {
		if a.say("hello") != "OK" {
			t.Fatal("disturbed")
		}
	}
	p.Signal(unix.SIGCONT)
	s.session()
}

// Ensure that a reload takes good files over in running backends, and that a file with errors changes nothing.
func TestReload(t *testing.T) {
	t.Parallel()
	s := startSite(t, "work_mem = 1MB\n")
	a := s.session()
	conf, _ := os.ReadFile(s.dir.Path(site.ConfigFile))
	s.write(site.ConfigFile, string(conf)+"work_mem = 2MB\nport = 6000\ntest.hba_error = 'pg_hba.conf was not reloaded'\n")
	s.signal(unix.SIGHUP)
	s.waitLog(`parameter "port" cannot be changed without restarting the server`)
	s.waitLog(`parameter "work_mem" changed to "2MB"`)
	s.waitLog("pg_hba.conf was not reloaded")
	s.eventually("new value", func() bool { return a.say("show work_mem") == "2048" && a.say("show port") == "5432" })
	s.write(site.ConfigFile, string(conf)+"work_mem = 3MB\nwork_men = 2MB\n")
	s.signal(unix.SIGHUP)
	s.waitLog("no changes were applied")
	if !strings.Contains(s.log(), `unrecognized configuration parameter "work_men" in file "`+s.dir.Path(site.ConfigFile)+`" line 6`) {
		t.Error(s.log())
	}
	if b := s.session(); b.say("show work_mem") != "2048" {
		t.Error("a bad file was taken over")
	}
}

// Ensure that the keeper's death ends all backends and the site goes on with a new one.
func TestKeeperDies(t *testing.T) {
	t.Parallel()
	s := startSite(t, "")
	a := s.session()
	pids, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	killed := false
	for _, e := range pids {
		b, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if l, _ := os.Readlink("/proc/" + e.Name() + "/cwd"); strings.Contains(string(b), "--pgd-keeper") && l == string(s.dir) {
			var pid int
			fmt.Sscan(e.Name(), &pid)
			killed = unix.Kill(pid, unix.SIGKILL) == nil
		}
	}
	if !killed {
		t.Fatal("no keeper found")
	}
	a.expect("EOF")
	s.waitLog("was terminated by signal 9: Killed")
	s.waitLog("all server processes terminated; reinitializing")
	s.eventually("session", func() bool { return strings.HasPrefix(s.probe(), "HELLO") })
}

// Ensure that what makes a start impossible is told, and leaves nothing behind.
func TestStartFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ conf, want string }{
		{"work_men = 1\n", `unrecognized configuration parameter "work_men"`},
		{"test.keeper_error = 'line 3 of pg_hba.conf is wrong'\n", "line 3 of pg_hba.conf is wrong"},
		{"test.backend_dies = 1\n", "backends end as soon as they start: server process"},
		{"unix_socket_directories = '/nosuch/dir'\n", `socket directory "/nosuch/dir" does not exist`},
		{"unix_socket_directories = '" + strings.Repeat("/long", 25) + "'\n", "is too long (maximum 107 bytes)"},
		{"unix_socket_directories = ''\n", "no socket to listen on"},
	} {
		s := newSite(t, c.conf)
		_, err := s.launch()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.conf, err)
		}
		if held, _ := s.dir.Locked(); held {
			p := s.process()
			p.WaitGone(patience)
		}
		if _, err := s.dir.ReadPID(); err == nil {
			t.Error("pid file is left")
		}
	}
}

// Ensure that a taken port and a taken socket are named, and that clients are served over TCP.
func TestPorts(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	conf := fmt.Sprintf("listen_addresses = '127.0.0.1'\nport = %d\n", port)
	s := newSite(t, conf)
	if _, err := s.launch(); err == nil || !strings.Contains(err.Error(), "Address already in use") {
		t.Error(err)
	}
	l.Close()
	s.start()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	if line, err := bufio.NewReader(c).ReadString('\n'); !strings.HasPrefix(line, "HELLO") {
		t.Error(line, err)
	}
	other := newSite(t, fmt.Sprintf("port = %d\nunix_socket_directories = '%s/run'\n", port, s.dir))
	if _, err := other.launch(); err == nil || !strings.Contains(err.Error(), "is in use by another server") {
		t.Error(err)
	}
}
