package daemon

import (
	"fmt"
	"os"
	"strings"

	"pgd/install/settings"
	"pgd/install/site"
)

// AlreadyRunning is the refusal to run a site twice.
type AlreadyRunning struct {
	Name string
	PID  site.PID
	// Command is the running process's command line, where it can be read.
	Command string
}

// Error says what runs.
func (e *AlreadyRunning) Error() string {
	if e.PID.PID == 0 {
		return fmt.Sprintf("site %q is already running", e.Name)
	}
	command := ""
	if e.Command != "" {
		command = fmt.Sprintf(", command %q", e.Command)
	}
	return fmt.Sprintf("site %q is already running: PID %d%s, started %s", e.Name, e.PID.PID, command, e.PID.Started.Format("2006-01-02 15:04:05 MST"))
}

// HintText tells how to look further.
func (e *AlreadyRunning) HintText() string {
	return "See: pgd status " + e.Name + "\nStop it with: pgd stop " + e.Name
}

// ExitStatus is that of a command that found the wanted state.
func (e *AlreadyRunning) ExitStatus() int { return 2 }

func alreadyRunning(d site.Dir, name string) error {
	e := &AlreadyRunning{Name: name}
	if pid, err := d.ReadPID(); err == nil {
		e.PID = pid
		if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid.PID)); err == nil {
			e.Command = strings.TrimSpace(strings.ReplaceAll(string(b), "\x00", " "))
		}
	}
	return e
}

// ConfigError is a configuration that cannot be taken, with every problem found.
type ConfigError struct{ Problems []settings.Problem }

func configError(problems []settings.Problem) error { return &ConfigError{problems} }

// Error gives one line a problem.
func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, q := range e.Problems {
		lines[i] = q.String()
	}
	return strings.Join(lines, "\n")
}

// HintText gives the hints there are.
func (e *ConfigError) HintText() string {
	var lines []string
	for _, q := range e.Problems {
		for _, t := range []string{q.Detail, q.Hint} {
			if t != "" {
				lines = append(lines, t)
			}
		}
	}
	return strings.Join(lines, "\n")
}
