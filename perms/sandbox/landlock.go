// Package sandbox narrows what a process can reach, by the kernel's means. This is its first layer: Landlock rules about files, TCP and
// what is outside of the process, and no_new_privs. It is a leaf: it knows no site and decides nothing; what is asked of it
// happens for every thread of the process or the answer says what did not.
//
// It never falls to nothing in silence: Probe names the kernel's ABI and what that ABI lacks, and Confine fails where there is
// none at all.
package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// ErrUnavailable is Confine's answer where the kernel has no Landlock.
var ErrUnavailable = errors.New("the kernel has no Landlock: it is not built in, or not among the security modules enabled at boot (lsm=)")

// State is what the kernel offers.
type State struct {
	ABI     int      // of Landlock; 0 is none
	Missing []string // what a backend's sandbox wants and does not get
}

// layers are the rights each ABI added, with the kernel that brought them.
var layers = []struct {
	abi           int
	what, version string
}{
	{1, "access to files", "5.13"},
	{2, "moving files between directories", "5.19"},
	{3, "truncation of files", "6.2"},
	{4, "TCP", "6.7"},
	{5, "ioctl on devices", "6.10"},
	{6, "abstract Unix sockets and signals", "6.12"},
}

// Probe asks the kernel. It changes nothing.
func Probe() State {
	s := State{ABI: version()}
	for _, l := range layers {
		if s.ABI < l.abi {
			s.Missing = append(s.Missing, fmt.Sprintf("%s (Linux %s)", l.what, l.version))
		}
	}
	if s.ABI >= 6 && !threadSignals() {
		s.Missing = append(s.Missing, "signals (Linux 6.15)")
	}
	return s
}

// String says it in one line for a log.
func (s State) String() string {
	if s.ABI == 0 {
		return "Landlock is not available"
	}
	if len(s.Missing) == 0 {
		return fmt.Sprintf("Landlock ABI %d", s.ABI)
	}
	return fmt.Sprintf("Landlock ABI %d, without restriction of: %s", s.ABI, strings.Join(s.Missing, ", "))
}

const (
	queryVersion = 1 << 0
	queryErrata  = 1 << 1
	// erratumThreads is the bit of erratum 2: threads of one process may signal one another whatever their domains.
	erratumThreads = 1 << 1
)

func version() int {
	n, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, queryVersion)
	if e != 0 {
		return 0
	}
	return int(n)
}

// threadSignals tells whether scoped signals leave the process's own threads alone. Without that the Go runtime, which
// interrupts its threads by signals, would be broken by it.
func threadSignals() bool {
	n, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, queryErrata)
	return e == 0 && n&erratumThreads != 0
}

// Paths are what stays reachable.
type Paths struct {
	Dirs  []string // read and written, with all below
	Files []string // read only; those that do not exist are left out
}

// Confine takes everything else from the process, for good: all its threads, and what they start. Descriptors already open go
// on as they are.
func Confine(p Paths) error {
	s := Probe()
	if s.ABI == 0 {
		return ErrUnavailable
	}
	config := [...]landlock.Config{landlock.V1, landlock.V2, landlock.V3, landlock.V4, landlock.V5, landlock.V6}[min(s.ABI, 6)-1]
	var rules []landlock.Rule
	for _, d := range p.Dirs {
		r := landlock.RWDirs(d)
		if s.ABI >= 2 {
			r = r.WithRefer()
		}
		rules = append(rules, r)
	}
	for _, f := range p.Files {
		rules = append(rules, landlock.ROFiles(f).IgnoreIfMissing())
	}
	if s.ABI >= 6 && !threadSignals() {
		if err := config.RestrictPaths(rules...); err != nil {
			return fmt.Errorf("restrict files: %w", err)
		}
		return nil
	}
	if err := config.Restrict(rules...); err != nil {
		return fmt.Errorf("restrict: %w", err)
	}
	return nil
}
