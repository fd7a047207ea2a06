package e2e

import (
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pgd/install/site"
)

// Ensure that the command line does what testdata/script says. In the scripts:
//
//	status N COMMAND…   runs a command as the account and wants that exit status
//	asroot N COMMAND…   the same as root
//	port NAME           puts a free port into the environment
//	alter FILE TEXT…    adds lines to a file
//
// $PGD is the binary, $ACCOUNT the account that owns the sites, $R the script's short directory for them; the condition [root] holds for
// root.
func TestScripts(t *testing.T) {
	root := filepath.Join(world.dir, "w")
	if err := os.Mkdir(root, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:             "testdata/script",
		WorkdirRoot:     root,
		UpdateScripts:   *update,
		ContinueOnError: true,
		Setup:           setupScript,
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Geteuid() == 0, nil
			case "psql":
				_, err := osexec.LookPath("psql")
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":  func(ts *testscript.TestScript, neg bool, args []string) { runStatus(ts, neg, args, true) },
			"asroot":  func(ts *testscript.TestScript, neg bool, args []string) { runStatus(ts, neg, args, false) },
			"port":    setPort,
			"alter":   alterFile,
			"replace": replaceText,
			"loglike": logLike,
		},
	})
}

var scriptNumber int

func setupScript(e *testscript.Env) error {
	// The scripts' own directories have long names; what a Unix socket lies in must be short.
	scriptNumber++
	short := filepath.Join(world.dir, "t"+strconv.Itoa(scriptNumber))
	for _, d := range []string{short, short + "/run"} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	e.Defer(func() {
		for _, p := range ours() {
			if cwd, _ := os.Readlink(fmt.Sprintf("/proc/%d/cwd", p.pid)); strings.HasPrefix(cwd, short+"/") {
				p.kill()
			}
		}
		_ = os.RemoveAll(short)
	})
	for _, v := range []struct{ name, value string }{
		{"PGD", world.pgd}, {"ACCOUNT", world.acct.name}, {"R", short}, {"HOME", short}, {"XDG_DATA_HOME", short + "/data"},
		{"XDG_CONFIG_HOME", short + "/config"}, {"XDG_RUNTIME_DIR", short + "/run"}, {"LC_ALL", "C.UTF-8"}, {"S", short + "/data/pgd"},
		{"PATH", filepath.Dir(world.pgd) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
	} {
		e.Setenv(v.name, v.value)
	}
	if os.Geteuid() != 0 {
		return nil
	}
	for _, tree := range []string{short, e.WorkDir} {
		err := filepath.WalkDir(tree, func(p string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(p, world.acct.uid, world.acct.gid)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// runStatus runs a command, as the account where it is not root's, and wants an exit status.
func runStatus(ts *testscript.TestScript, neg bool, args []string, account bool) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	args = args[1:]
	if account && os.Geteuid() == 0 {
		id := strconv.Itoa
		args = append([]string{"setpriv", "--reuid", id(world.acct.uid), "--regid", id(world.acct.gid), "--clear-groups", "--"}, args...)
	}
	err = ts.Exec(args[0], args[1:]...)
	var exit *osexec.ExitError
	switch {
	case err == nil && want == 0:
	case errors.As(err, &exit) && exit.ExitCode() == want:
	default:
		ts.Fatalf("want exit status %d, got %v", want, err)
	}
}

func setPort(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		ts.Setenv(name, strconv.Itoa(freePort(tsLogger{ts: ts})))
	}
}

// tsLogger lets a script use what tests use.
type tsLogger struct {
	testing.TB
	ts *testscript.TestScript
}

func (l tsLogger) Helper()                      {}
func (l tsLogger) Fatalf(f string, args ...any) { l.ts.Fatalf(f, args...) }
func (l tsLogger) Fatal(args ...any)            { l.ts.Fatalf("%s", fmt.Sprint(args...)) }

// alterFile adds lines to a file, whose owner and mode stay.
func alterFile(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_APPEND, 0)
	ts.Check(err)
	defer f.Close()
	for _, line := range args[1:] {
		_, err := fmt.Fprintln(f, line)
		ts.Check(err)
	}
}

// replaceText writes a file's whole content; its owner and mode stay.
func replaceText(ts *testscript.TestScript, neg bool, args []string) {
	f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_TRUNC, 0)
	ts.Check(err)
	defer f.Close()
	for _, line := range args[1:] {
		_, err := fmt.Fprintln(f, line)
		ts.Check(err)
	}
}

// logLike waits until a site's log matches an expression.
func logLike(ts *testscript.TestScript, neg bool, args []string) {
	s := &testSite{dir: site.Dir(args[0])}
	for _, pattern := range args[1:] {
		re := regexp.MustCompile(pattern)
		if !eventually(patience/4, func() bool { return re.MatchString(s.log()) }) {
			ts.Fatalf("not in the log: %s\n%s", pattern, tail(s.log(), 10))
		}
	}
}
