package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is a process that runs the binary under test.
type process struct {
	pid, parent int
	uid         int
	kind        string // keeper, checkpointer, spare, backend, or the command
	state       string
	rss         int // kB
}

func (p process) String() string {
	return fmt.Sprintf("PID %d %s (uid %d, parent %d, %s)", p.pid, p.kind, p.uid, p.parent, p.state)
}

func (p process) kill() { _ = unix.Kill(p.pid, unix.SIGKILL) }

// ours lists the processes that run the binary of this run, which only this run's sites do. A process that has ended and was not
// collected yet counts as gone.
func ours() (out []process) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		if exe, err := os.Readlink(d + "/exe"); err != nil || world.pgd == "" || strings.TrimSuffix(exe, " (deleted)") != world.pgd {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(d))
		if p, ok := readProcess(pid); ok && p.state != "Z" {
			out = append(out, p)
		}
	}
	return out
}

func readProcess(pid int) (process, bool) {
	p := process{pid: pid}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return p, false
	}
	for _, l := range strings.Split(string(b), "\n") {
		key, value, _ := strings.Cut(l, ":")
		f := strings.Fields(value)
		if len(f) == 0 {
			continue
		}
		switch key {
		case "PPid":
			p.parent, _ = strconv.Atoi(f[0])
		case "Uid":
			p.uid, _ = strconv.Atoi(f[0])
		case "State":
			p.state = f[0]
		case "VmRSS":
			p.rss, _ = strconv.Atoi(f[0])
		}
	}
	cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	// Children give themselves a title: "pgd: keeper test".
	p.kind = strings.TrimSpace(string(bytes.ReplaceAll(cmdline, []byte{0}, []byte{' '})))
	if title, ok := strings.CutPrefix(p.kind, "pgd: "); ok {
		p.kind, _, _ = strings.Cut(title, " ")
	}
	return p, true
}

// waitNone waits until no process of the binary is left, and gives those that are.
func waitNone(limit time.Duration) (left []process) {
	eventually(limit, func() bool { left = ours(); return len(left) == 0 })
	return left
}

// alive tells whether a process is there and has not ended.
func alive(pid int) bool {
	p, ok := readProcess(pid)
	return ok && p.state != "Z"
}
