package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pgd/daemon"
	"pgd/install"
	"pgd/install/settings"
	"pgd/install/site"
	"pgd/perms"
)

// standardTimeout is how long start and stop wait, as pg_ctl does.
const standardTimeout = 60 * time.Second

// target is the site a command is about.
type target struct{ name, dir string }

// siteOf finds the site from the argument or --dir.
func siteOf(args []string, dir string) (target, error) {
	if dir == "" {
		name := ""
		if len(args) > 0 {
			name = args[0]
		}
		found, err := install.Find(name)
		if err != nil {
			return target{}, err
		}
		if name == "" || strings.Contains(name, "/") {
			name = install.NameOf(found)
		}
		return target{name, found}, nil
	}
	if len(args) > 0 {
		return target{}, &perms.Refusal{Message: "a site is given by its name or by --dir, not by both"}
	}
	found, err := install.Find(withSlash(dir))
	if err != nil {
		return target{}, err
	}
	return target{install.NameOf(found), found}, nil
}

// withSlash makes a word a directory for install.Find.
func withSlash(dir string) string {
	if strings.Contains(dir, "/") {
		return dir
	}
	return "./" + dir
}

// overrides reads name=value words.
func overrides(words []string) ([]settings.Line, error) {
	var out []settings.Line
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return nil, &perms.Refusal{Message: fmt.Sprintf("%q is not name=value", w)}
		}
		out = append(out, settings.Line{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return out, nil
}

func startCommand() *cobra.Command {
	var (
		foreground, noWait bool
		dir                string
		timeout            time.Duration
		sets               []string
	)
	c := &cobra.Command{
		Use:   "start [NAME]",
		Short: "Start a site, as the account that owns it",
		Long: "Start the postmaster of a site in the background and wait until it accepts connections; its log goes to log/postmaster.log of the site.\n" +
			"With --foreground this process becomes the postmaster, for service managers and containers; its log goes to standard error.\n\n" +
			"Exit status: 0 started, 1 failed, 2 it was running already.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err != nil {
				return err
			}
			lines, err := overrides(sets)
			if err != nil {
				return err
			}
			o := daemon.Options{Dir: t.dir, Name: t.name, Version: version, Settings: lines, Command: "pgd start " + t.name}
			if foreground {
				return daemon.Run(o)
			}
			wait := timeout
			if noWait {
				wait = time.Nanosecond
			}
			return launch(o, wait, noWait)
		},
	}
	f := c.Flags()
	f.BoolVarP(&foreground, "foreground", "F", false, "do not go into the background")
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.BoolVarP(&noWait, "no-wait", "W", false, "do not wait until the site accepts connections")
	f.BoolP("wait", "w", true, "wait until the site accepts connections (the default)")
	f.DurationVarP(&timeout, "timeout", "t", standardTimeout, "how long to wait")
	f.StringArrayVarP(&sets, "set", "c", nil, "a setting that overrides the configuration files, as name=value")
	return c
}

// launch starts a site in the background. What can be refused at once is refused by this process.
func launch(o daemon.Options, timeout time.Duration, noWait bool) error {
	if err := perms.RefuseRoot(o.Command, o.Dir); err != nil {
		return err
	}
	if _, err := site.Dir(o.Dir).ReadVersion(); err != nil {
		return err
	}
	if err := site.Dir(o.Dir).Check(uint32(os.Geteuid())); err != nil {
		return err
	}
	a, err := daemon.Launch(o, timeout)
	if errors.Is(err, daemon.ErrStillStarting) {
		if noWait {
			fmt.Printf("Site %s is starting.\n", o.Name)
			return nil
		}
		return &perms.Refusal{Message: err.Error(), Hint: "It goes on starting. Look at: pgd status " + o.Name}
	}
	if err != nil {
		return err
	}
	for _, n := range a.Notices {
		printLines("warning", n)
	}
	fmt.Printf("Site %s started (PID %d), listening on %s.\n", o.Name, a.PID, strings.Join(a.Listen, " and "))
	return nil
}
