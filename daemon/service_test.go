package daemon

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pgd/install/site"
)

const argForeground = "--test-foreground"

func foregroundMain() int {
	err := Run(Options{Dir: os.Args[2], Name: "main", Version: "test",
		RefuseRoot: func(string, string) error { return nil }, Check: func(site.Dir, uint32) error { return nil }})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Ensure that a service manager's socket is served in place of the settings', and that it is told of readiness and stop.
func TestServiceManager(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	path := filepath.Join(t.TempDir(), "socket")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.UnixListener).File()
	if err != nil {
		t.Fatal(err)
	}
	notify := filepath.Join(t.TempDir(), "notify")
	n, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notify, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	n.SetReadDeadline(time.Now().Add(patience))
	exe, _ := os.Executable()
	c := exec.Command("sh", "-c", `export LISTEN_PID=$$; exec "$0" "$@"`, exe, argForeground, string(s.dir))
	c.Env = []string{"LISTEN_FDS=1", "NOTIFY_SOCKET=" + notify, "PATH=" + os.Getenv("PATH")}
	c.ExtraFiles = []*os.File{f}
	var log strings.Builder
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	told := func(want string) {
		t.Helper()
		buf := make([]byte, 256)
		k, err := n.Read(buf)
		if err != nil || !strings.HasPrefix(string(buf[:k]), want) {
			t.Errorf("%q %v", buf[:k], err)
		}
	}
	told("READY=1")
	s.sock = path
	a := s.session()
	if _, err := os.Stat(s.dir.Path("run")); err == nil {
		t.Error("the settings' socket was made too")
	}
	c.Process.Signal(unix.SIGTERM)
	told("STOPPING=1")
	a.expect("TERMINATED")
	if err := c.Wait(); err != nil {
		t.Error(err, log.String())
	}
	if _, err := os.Lstat(path); err != nil {
		t.Error("the service manager's socket was removed")
	}
}

// Ensure that as the first process of a container the postmaster collects processes it never started.
func TestFirstProcess(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	exe, _ := os.Executable()
	c := exec.Command(exe, argForeground, string(s.dir))
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	if os.Geteuid() != 0 {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
	}
	err := c.Start()
	if errors.Is(err, os.ErrPermission) {
		t.Skip("no PID namespaces here")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.eventually("ready", func() bool { p, err := s.dir.ReadPID(); return err == nil && p.State == site.StateReady })
	if p, _ := s.dir.ReadPID(); p.PID != 1 {
		t.Error(p)
	}
	a := s.session()
	if a.say("orphan") != "OK" {
		t.Error("no orphan")
	}
	zombies := func() (n int) {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", c.Process.Pid, c.Process.Pid))
		for _, pid := range strings.Fields(string(b)) {
			if st, _ := os.ReadFile("/proc/" + pid + "/stat"); strings.Contains(string(st), ") Z ") {
				n++
			}
		}
		return n
	}
	time.Sleep(50 * time.Millisecond)
	s.eventually("no zombies", func() bool { return zombies() == 0 })
	if a.say("hello") != "OK" {
		t.Error("disturbed")
	}
	c.Process.Signal(unix.SIGTERM)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

// Ensure that with logging_collector the log goes to a file, and children follow when the next one is begun.
func TestLogFiles(t *testing.T) {
	t.Parallel()
	s := startSite(t, "logging_collector = on\nlog_filename = 'a-%S%s.log'\nlog_rotation_size = 1kB\nlog_rotation_age = 0\n")
	a := s.session()
	files := func() []string {
		out, _ := filepath.Glob(s.dir.Path("log/a-*.log"))
		return out
	}
	if len(files()) != 1 {
		t.Fatal(files())
	}
	for range 20 {
		a.say("log %s", strings.Repeat("x", 100))
	}
	s.eventually("second file", func() bool { return len(files()) > 1 })
	s.eventually("line in the second file", func() bool {
		a.say("log second")
		f, err := os.Open(files()[len(files())-1])
		if err != nil {
			return false
		}
		defer f.Close()
		for in := bufio.NewScanner(f); in.Scan(); {
			if in.Text() == "second" {
				return true
			}
		}
		return false
	})
}
