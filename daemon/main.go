package daemon

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"pgd/install/settings"
)

// fdStartup is the descriptor on which a postmaster in the background tells `pgd start` how its start went.
const fdStartup = 3

// outcome crosses from the postmaster to the `pgd start` that waits for it.
type outcome struct {
	Ready  *Announcement `json:",omitempty"`
	Error  string        `json:",omitempty"`
	Hint   string        `json:",omitempty"`
	Status int           `json:",omitempty"`
}

// hinted and exiting are what errors of a start may be besides.
type (
	hinted  interface{ HintText() string }
	exiting interface{ ExitStatus() int }
)

// StartError is what a postmaster in the background said of its failure.
type StartError struct {
	message, hint string
	status        int
}

// Error gives the message.
func (e *StartError) Error() string { return e.message }

// HintText gives the hint.
func (e *StartError) HintText() string { return e.hint }

// ExitStatus gives the exit status of the command.
func (e *StartError) ExitStatus() int { return e.status }

// Main is the process `pgd start` starts in the background: the postmaster, with descriptor 3 to tell how the start went.
//
//	pgd --pgd-postmaster --dir DIR --name NAME [--set name=value]...
func Main(version string) { os.Exit(runMain(Options{Version: version})) }

// runMain runs with the options of the command line added to those given.
func runMain(base Options) int {
	o, err := parse(os.Args[2:])
	unix.CloseOnExec(fdStartup)
	pipe := os.NewFile(fdStartup, "startup")
	tell := func(out outcome) {
		if pipe != nil {
			_ = json.NewEncoder(pipe).Encode(out) // nobody may be waiting any more
			pipe.Close()
			pipe = nil
		}
	}
	if err == nil {
		o.Version, o.RefuseRoot, o.Check = base.Version, base.RefuseRoot, base.Check
		o.Ready = func(a Announcement) { tell(outcome{Ready: &a}) }
		err = Run(o)
	}
	if err == nil {
		return 0
	}
	out := outcome{Error: err.Error(), Status: 1}
	var h hinted
	if errors.As(err, &h) {
		out.Hint = h.HintText()
	}
	var x exiting
	if errors.As(err, &x) {
		out.Status = x.ExitStatus()
	}
	fmt.Fprintf(os.Stderr, "pgd: error: %s\n", out.Error)
	tell(out)
	return out.Status
}

func parse(args []string) (Options, error) {
	var o Options
	f := flag.NewFlagSet("postmaster", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.Dir, "dir", "", "")
	f.StringVar(&o.Name, "name", "", "")
	f.Func("set", "", func(v string) error {
		name, value, ok := strings.Cut(v, "=")
		if !ok {
			return fmt.Errorf("%q is not name=value", v)
		}
		o.Settings = append(o.Settings, settings.Line{Name: name, Value: value})
		return nil
	})
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.Dir == "" || o.Name == "" {
		return o, errors.New("no site given")
	}
	o.Command = "pgd start " + o.Name
	return o, nil
}
