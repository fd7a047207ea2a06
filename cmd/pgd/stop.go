package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pgd/daemon"
	"pgd/install/site"
	"pgd/perms"
)

func stopCommand() *cobra.Command {
	var (
		mode, dir string
		noWait    bool
		timeout   time.Duration
	)
	c := &cobra.Command{
		Use:   "stop [NAME]",
		Short: "Stop a site",
		Long: "Stop a site. Modes: smart waits until the last client has left; fast (the default) rolls open transactions back and ends the\n" +
			"sessions; immediate ends all processes at once.\n\nExit status: 0 stopped, 1 failed, 2 it was not running.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err != nil {
				return err
			}
			err = stop(t, mode, timeout, noWait)
			if errors.Is(err, daemon.ErrNotRunning) {
				printLines("error", fmt.Sprintf("site %q is not running", t.name))
				return status(2)
			}
			return err
		},
	}
	f := c.Flags()
	f.StringVarP(&mode, "mode", "m", "fast", "smart, fast or immediate")
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.BoolVarP(&noWait, "no-wait", "W", false, "do not wait until the site has stopped")
	f.DurationVarP(&timeout, "timeout", "t", standardTimeout, "how long to wait")
	return c
}

// stop signals the postmaster and waits for its end.
func stop(t target, mode string, timeout time.Duration, noWait bool) error {
	signal, ok := daemon.StopSignals[mode]
	if !ok {
		return &perms.Refusal{Message: fmt.Sprintf("unrecognized shutdown mode %q", mode), Hint: "Modes are smart, fast and immediate."}
	}
	p, err := daemon.Find(site.Dir(t.dir))
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Signal(signal); err != nil {
		return err
	}
	if noWait {
		fmt.Printf("Site %s is stopping.\n", t.name)
		return nil
	}
	if err := p.WaitGone(timeout); errors.Is(err, os.ErrDeadlineExceeded) {
		hint := "Sessions are still open. End them with: pgd stop -m fast " + t.name
		if mode != "smart" {
			hint = "Look at the log. Processes are ended at once with: pgd stop -m immediate " + t.name
		}
		return &perms.Refusal{Message: "server does not stop", Hint: hint}
	} else if err != nil {
		return err
	}
	fmt.Printf("Site %s stopped.\n", t.name)
	return nil
}
