package e2e

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "record PostgreSQL's answers from the server PGD_ORACLE names")

// world is what all tests of one run share.
var world struct {
	dir  string // of the whole run; every account may enter it
	pgd  string // the binary
	acct account
	long bool
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		// What the caller has set for libpq, pgx or node must not decide what is tested.
		if strings.HasPrefix(name, "PG") && !strings.HasPrefix(name, "PGD_") {
			os.Unsetenv(name)
		}
	}
	world.long = os.Getenv("PGD_LONG") != ""
	err := prepare()
	defer systemFiles()()
	defer func() {
		for _, p := range ours() {
			fmt.Fprintf(os.Stderr, "still running at the end: %s\n", p)
			p.kill()
		}
		if world.dir != "" {
			os.RemoveAll(world.dir)
		}
		world.acct.remove()
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func prepare() (err error) {
	// The directory's name is short: a Unix socket's path has room for 107 bytes.
	if world.dir, err = os.MkdirTemp("/tmp", "pgdt"); err != nil {
		return err
	}
	if err := os.Chmod(world.dir, 0o755); err != nil {
		return err
	}
	if err := build(); err != nil {
		return err
	}
	world.acct, err = newAccount()
	return err
}

// build makes the binary as scripts/build does.
func build() error {
	world.pgd = filepath.Join(world.dir, "bin", "pgd")
	if err := os.Mkdir(filepath.Dir(world.pgd), 0o755); err != nil {
		return err
	}
	if made := os.Getenv("PGD_TEST_BINARY"); made != "" {
		b, err := os.ReadFile(made)
		if err != nil {
			return err
		}
		return os.WriteFile(world.pgd, b, 0o755)
	}
	c := exec.Command("go", "build", "-trimpath", "-tags", "netgo,osusergo", "-o", world.pgd,
		"-ldflags", "-s -w -linkmode external -extldflags -static", "pgd/cmd/pgd")
	if out, err := c.CombinedOutput(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("build: %s", out)
		}
		return fmt.Errorf("build: %w", err)
	}
	return os.Chmod(world.pgd, 0o755)
}

// systemFiles gives what takes back what sites made by root leave in the system: the unit, the registry.
func systemFiles() (undo func()) {
	var absent []string
	for _, f := range []string{"/etc/systemd/system/pgd@.service", "/etc/pgd/sites", "/etc/pgd"} {
		if _, err := os.Lstat(f); err != nil {
			absent = append(absent, f)
		}
	}
	return func() {
		if os.Geteuid() != 0 {
			return
		}
		_ = os.Remove("/etc/pgd/sites/" + world.acct.name) // of a test that failed half-way
		for _, f := range absent {
			_ = os.Remove(f)
		}
	}
}
