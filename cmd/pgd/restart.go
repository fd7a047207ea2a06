package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"pgd/daemon"
	"pgd/perms"
)

func restartCommand() *cobra.Command {
	var (
		mode, dir string
		timeout   time.Duration
		sets      []string
	)
	c := &cobra.Command{
		Use:   "restart [NAME]",
		Short: "Stop a site and start it again in the background",
		Long:  "Stop a site, if it is running, and start it again in the background.\n\nExit status: 0 started, 1 failed.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err != nil {
				return err
			}
			lines, err := overrides(sets)
			if err != nil {
				return err
			}
			// What could not be started again is not stopped.
			o := daemon.Options{Dir: t.dir, Name: t.name, Version: version, Settings: lines, Command: "pgd restart " + t.name}
			if err := perms.RefuseRoot(o.Command, t.dir); err != nil {
				return err
			}
			if err := checkConfiguration(t); err != nil {
				return err
			}
			if err := stop(t, mode, timeout, false); err != nil && !errors.Is(err, daemon.ErrNotRunning) {
				return err
			}
			return launch(o, timeout, false)
		},
	}
	f := c.Flags()
	f.StringVarP(&mode, "mode", "m", "fast", "how to stop: smart, fast or immediate")
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.DurationVarP(&timeout, "timeout", "t", standardTimeout, "how long to wait for each of the two")
	f.StringArrayVarP(&sets, "set", "c", nil, "a setting that overrides the configuration files, as name=value")
	return c
}
