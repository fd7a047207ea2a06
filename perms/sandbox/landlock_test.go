package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also the confined process: it tries things and tells how each went.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SANDBOX_TEST_DIR"); dir != "" {
		attempt(dir)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func attempt(dir string) {
	own, file := filepath.Join(dir, "own"), filepath.Join(dir, "shared", "catalog")
	// Threads that exist before must be confined too.
	var jobs [8]chan func() error
	results := make(chan error)
	for i := range jobs {
		jobs[i] = make(chan func() error)
		go func() {
			runtime.LockOSThread()
			for f := range jobs[i] {
				results <- f()
			}
		}()
	}
	began := time.Now()
	if err := Confine(Paths{Dirs: []string{own}, Files: []string{file, file + "-none"}}); err != nil {
		fmt.Println("confine:", err)
		return
	}
	fmt.Println("took:", time.Since(began))
	for _, t := range []struct {
		name string
		f    func() error
	}{
		{"write own", func() error { return os.WriteFile(filepath.Join(own, "x"), nil, 0o600) }},
		{"rename own", func() error {
			if err := os.MkdirAll(filepath.Join(own, "tmp"), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(own, "x"), nil, 0o600); err != nil {
				return err
			}
			return os.Rename(filepath.Join(own, "x"), filepath.Join(own, "tmp", "x"))
		}},
		{"read shared", func() error { _, err := os.ReadFile(file); return err }},
		{"write shared", func() error { _, err := os.OpenFile(file, os.O_RDWR, 0); return err }},
		{"read secret", func() error { _, err := os.ReadFile(filepath.Join(dir, "shared", "secret")); return err }},
		{"read other", func() error { _, err := os.ReadFile(filepath.Join(dir, "other", "main.db")); return err }},
		{"list parent", func() error { _, err := os.ReadDir(dir); return err }},
		{"passwd", func() error { _, err := os.ReadFile("/etc/passwd"); return err }},
		{"exec", func() error { return exec.Command("/bin/true").Run() }},
		{"connect", func() error { _, err := net.Dial("tcp", os.Getenv("SANDBOX_TEST_ADDR")); return err }},
		{"signal", func() error { return syscall.Kill(os.Getppid(), 0) }},
	} {
		for i := range jobs {
			jobs[i] <- t.f
			err := <-results
			word := "done"
			if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) {
				word = "denied"
			} else if err != nil {
				word = err.Error()
			}
			fmt.Printf("%s: %s\n", t.name, word)
		}
	}
}

// Ensure that a confined process reaches what it was left and nothing else, on threads it had before too.
func TestConfine(t *testing.T) {
	state := Probe()
	t.Log(state)
	if state.ABI < 1 {
		t.Skip("no Landlock here")
	}
	dir := t.TempDir()
	for _, d := range []string{"own", "shared", "other"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"shared/catalog", "shared/secret", "other/main.db"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SANDBOX_TEST_DIR="+dir, "SANDBOX_TEST_ADDR="+l.Addr().String())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := map[string]string{"write own": "done", "rename own": "done", "read shared": "done", "write shared": "denied", "read secret": "denied",
		"read other": "denied", "list parent": "denied", "passwd": "denied", "exec": "denied", "connect": "denied", "signal": "denied"}
	if state.ABI < 4 {
		delete(want, "connect")
	}
	if state.ABI < 6 || !threadSignals() {
		delete(want, "signal")
	}
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		name, got, _ := strings.Cut(line, ": ")
		seen[name] = true
		if name == "took" {
			t.Log(line)
		}
		if w := want[name]; w != "" && got != w {
			t.Errorf("%s: %s, want %s", name, got, w)
		}
	}
	for name := range want {
		if !seen[name] {
			t.Errorf("%s was not tried: %s", name, out)
		}
	}
}
