// Command pgd is the whole of pgd in one binary: the installer, the daemon's processes, the client and the audit. Which of the daemon's
// processes a run is, is told by a hidden first argument; it is looked at before anything else, so that a backend pays
// nothing for the command line.
//
// Messages: "pgd: error: …" in lower case and without full stop, then "pgd: hint: …", both on standard error. Answers
// that a program may want have --json.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"pgd/backend"
	"pgd/backend/storage/checkpointer"
	"pgd/daemon"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper"
)

// processes are the kinds of processes this binary can be, by hidden first argument.
var processes = map[string]func(){
	handoff.ArgPopulate:     populateMain,
	handoff.ArgPostmaster:   func() { daemon.Main(version) },
	handoff.ArgKeeper:       titled("keeper", keeper.Main),
	handoff.ArgBackend:      titled("spare backend", backend.Main),
	handoff.ArgCheckpointer: titled("checkpointer", checkpointer.Main),
}

// titled makes ps show what a child is: "pgd: keeper main".
func titled(kind string, run func()) func() {
	return func() {
		if len(os.Args) > 2 {
			handoff.SetTitle(kind + " " + strings.Clone(os.Args[2]))
		}
		run()
	}
}

func main() {
	if len(os.Args) > 1 {
		if run, ok := processes[os.Args[1]]; ok {
			run()
			return
		}
	}
	os.Exit(execute(os.Args[1:]))
}

// status is an error that only sets the exit status; what there is to say has been said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// hinted is an error with a hint, as perms.Refusal is.
type hinted interface{ HintText() string }

// complain prints an error the way every command does and gives the exit status.
func complain(err error) int {
	var code status
	if errors.As(err, &code) {
		return int(code)
	}
	printLines("error", err.Error())
	var h hinted
	if errors.As(err, &h) && h.HintText() != "" {
		printLines("hint", h.HintText())
	}
	var c interface{ ExitStatus() int }
	if errors.As(err, &c) {
		return c.ExitStatus()
	}
	return 1
}

func printLines(kind, text string) {
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		fmt.Fprintf(os.Stderr, "pgd: %s: %s\n", kind, line)
	}
}
