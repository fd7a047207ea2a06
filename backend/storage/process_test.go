package storage

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The test binary runs itself as another process of the database: the job's name is in the environment, its argument is the
// database's directory.
const childJob = "PGD_STORAGE_JOB"

var jobs = map[string]func(d *DB, in *bufio.Reader, say func(string)){}

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		runChild(jobs[job], os.Getenv("PGD_STORAGE_DIR"))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func runChild(job func(*DB, *bufio.Reader, func(string)), dir string) {
	d, err := Open(Config{Dir: dir, Fsync: true, Resolve: testFunctions})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	job(d, bufio.NewReader(os.Stdin), func(s string) { fmt.Println(s) })
	d.Close()
}

type child struct {
	t   testing.TB
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startChild(t testing.TB, job, dir string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childJob+"="+job, "PGD_STORAGE_DIR="+dir)
	c.start()
	return c
}

func (c *child) start() {
	c.t.Helper()
	c.cmd.Stderr = os.Stderr
	var err error
	c.in, err = c.cmd.StdinPipe()
	must(c.t, err)
	out, err := c.cmd.StdoutPipe()
	must(c.t, err)
	c.out = bufio.NewScanner(out)
	must(c.t, c.cmd.Start())
	c.t.Cleanup(c.kill)
}

func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		c.cmd.Process.Kill()
		c.cmd.Wait()
	}
}

func (c *child) tell(s string) { fmt.Fprintln(c.in, s) }

func (c *child) hear(want string) {
	c.t.Helper()
	if !c.out.Scan() {
		c.t.Fatalf("child ended, expected %q", want)
	}
	if got := c.out.Text(); !strings.HasPrefix(got, want) {
		c.t.Fatalf("child said %q, expected %q", got, want)
	}
}

func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for range 500 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}
