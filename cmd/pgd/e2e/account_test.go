package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// account is who owns the sites.
type account struct {
	name     string
	uid, gid int
	made     bool
}

// newAccount makes a throw-away account, or takes the caller where the caller is not root.
func newAccount() (account, error) {
	if os.Geteuid() != 0 {
		u, err := user.Current()
		if err != nil {
			return account{}, err
		}
		return account{name: u.Username, uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	a := account{name: fmt.Sprintf("pgdt%d", os.Getpid()), made: true}
	if out, err := exec.Command("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", a.name).CombinedOutput(); err != nil {
		return account{}, fmt.Errorf("useradd: %w: %s", err, out)
	}
	u, err := user.Lookup(a.name)
	if err != nil {
		return a, err
	}
	a.uid, _ = strconv.Atoi(u.Uid)
	a.gid, _ = strconv.Atoi(u.Gid)
	return a, nil
}

func (a account) remove() {
	if a.made {
		_ = exec.Command("userdel", a.name).Run()
	}
}

// give makes the account the owner of a path.
func (a account) give(t testing.TB, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if os.Geteuid() == 0 {
			if err := os.Lchown(p, a.uid, a.gid); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// needProgram gives the path of a program, or skips the test.
func needProgram(t testing.TB, name string, places ...string) string {
	t.Helper()
	for _, p := range places {
		if st, err := os.Stat(p + "/" + name); err == nil && st.Mode()&0o111 != 0 {
			return p + "/" + name
		}
	}
	p, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return p
}

// postgresBin is where Debian keeps PostgreSQL 15's programs.
const postgresBin = "/usr/lib/postgresql/15/bin"

// patience is how long anything may take that takes moments: the machine may be busy.
const patience = 60 * time.Second

// result is how a command ended.
type result struct {
	out, err string
	status   int
}

func (r result) String() string { return fmt.Sprintf("status %d\n%s%s", r.status, r.out, r.err) }

// command prepares a program to be run by the account in a directory, with nothing of the caller's environment.
func (a account) command(dir string, env []string, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=" + dir}, env...)
	if os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
	}
	return c
}

// finish runs a command to its end; one that takes too long is killed.
func finish(t testing.TB, c *exec.Cmd, limit time.Duration) result {
	t.Helper()
	out, err := os.CreateTemp(world.dir, "out")
	if err != nil {
		t.Fatal(err)
	}
	errs, err := os.CreateTemp(world.dir, "err")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		for _, f := range []*os.File{out, errs} {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	// Files, not pipes: a postmaster that stays would hold a pipe open.
	c.Stdout, c.Stderr = out, errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.Process.Kill() })
	err = c.Wait()
	if !stop() {
		t.Errorf("%v took longer than %v", c.Args, limit)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o, _ := os.ReadFile(out.Name())
	e, _ := os.ReadFile(errs.Name())
	return result{string(o), string(e), c.ProcessState.ExitCode()}
}
