package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"pgd/daemon"
	"pgd/install/settings"
	"pgd/install/site"
)

func reloadCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "reload [NAME]",
		Short: "Make a running site read its configuration, HBA file and TLS material again",
		Long: "Make a running site read pgd.conf, pg_hba.conf, pg_ident.conf and its TLS files again. A file with errors changes nothing; the\n" +
			"log says what was found.\n\nExit status: 0 done, 1 failed, 2 it is not running.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err != nil {
				return err
			}
			p, err := daemon.Find(site.Dir(t.dir))
			if errors.Is(err, daemon.ErrNotRunning) {
				printLines("error", fmt.Sprintf("site %q is not running", t.name))
				return status(2)
			}
			if err != nil {
				return err
			}
			defer p.Close()
			if err := checkConfiguration(t); err != nil {
				return err
			}
			if err := p.Signal(unix.SIGHUP); err != nil {
				return err
			}
			fmt.Printf("Site %s reloads its configuration.\n", t.name)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	return c
}

// checkConfiguration reads pgd.conf as the postmaster would, so that a mistake is told to the one who made it and not only to
// the log.
func checkConfiguration(t target) error {
	d := site.Dir(t.dir)
	if _, problems := settings.Load(d.Path(site.ConfigFile), d.Path(site.AutoConfigFile), nil); len(problems) > 0 {
		return &daemon.ConfigError{Problems: problems}
	}
	return nil
}
