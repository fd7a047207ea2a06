package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// process is a process that runs the binary under test.
type process struct {
	pid, parent int
	uid         int
	kind        string // keeper, checkpointer, spare, backend, or the command
	state       string
	rss         int    // kB
	born        string // when it started, in ticks
}

func (p process) String() string {
	return fmt.Sprintf("PID %d %s (uid %d, parent %d, %s)", p.pid, p.kind, p.uid, p.parent, p.state)
}

func (p process) kill() {
	if p.pid > 1 {
		_ = unix.Kill(p.pid, unix.SIGKILL)
	}
}

// known are the processes that were seen to be this run's, by process id with the time they started.
var (
	known      = map[int]string{}
	knownMutex sync.Mutex
)

// ours lists the processes of this run's sites: those that run its binary, and their children. A backend does not let other accounts look at
// what it runs, so a process that has lost its parent is known by having been seen before. One that has ended and was not collected
// yet counts as gone.
func ours() (out []process) {
	knownMutex.Lock()
	defer knownMutex.Unlock()
	all := map[int]process{}
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(d))
		if p, ok := readProcess(pid); ok && p.state != "Z" && pid != os.Getpid() {
			all[pid] = p
		}
	}
	for pid, p := range all {
		exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
		if world.pgd != "" && strings.TrimSuffix(exe, " (deleted)") == world.pgd {
			known[pid] = p.born
		}
	}
	for pid, p := range all {
		if parent, ok := all[p.parent]; ok && parent.born != "" && known[p.parent] == parent.born && p.uid == world.acct.uid {
			known[pid] = p.born
		}
	}
	for pid, p := range all {
		if born, ok := known[pid]; ok && born == p.born {
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
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		// The command, in parentheses, may hold anything; the start is the 20th field after it.
		if f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])); len(f) > 19 {
			p.born = f[19]
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

// signal sends a signal to one process of the run's.
func signal(t testing.TB, pid int, s syscall.Signal) {
	t.Helper()
	if pid <= 1 {
		t.Fatalf("no process to send %v to", s)
	}
	if err := unix.Kill(pid, s); err != nil {
		t.Fatalf("send %v to %d: %v", s, pid, err)
	}
}
