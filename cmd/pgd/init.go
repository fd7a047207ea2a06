package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pgd/daemon/handoff"
	"pgd/install"
	"pgd/perms"
)

func initCommand() *cobra.Command {
	c := &cobra.Command{Use: "init", Short: "Make something new"}
	c.AddCommand(initSiteCommand())
	return c
}

func initSiteCommand() *cobra.Command {
	var o install.Options
	var pwfile, adopt string
	var asJSON bool
	c := &cobra.Command{
		Use:   "site [NAME]",
		Short: "Make a site: a collection of databases owned by one account",
		Long: "Makes the site NAME (main). As root: the system account, the directories, and, as that account, everything inside. As anyone else the caller owns it. " +
			"Safe from the start: loopback only, peer on the local socket, SCRAM elsewhere. What a failure leaves half made is removed.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Name = args[0]
			}
			if adopt != "" {
				res, err := install.Adopt(o.Name, adopt)
				if err != nil {
					return err
				}
				return printSite(res, asJSON, "adopted")
			}
			var err error
			if o.Password, err = readPassword(pwfile); err != nil {
				return err
			}
			exe, err := os.Executable()
			if err != nil {
				return err
			}
			o.Populator = []string{exe, handoff.ArgPopulate}
			res, err := install.Init(o)
			if err != nil {
				return err
			}
			return printSite(res, asJSON, "made")
		},
	}
	f := c.Flags()
	f.StringVar(&o.Dir, "dir", "", "the site's directory (root: /var/lib/pgd/NAME, others: $XDG_DATA_HOME/pgd/NAME)")
	f.StringVar(&o.Owner, "owner", "", "the account that owns the site (root: pgd, made where missing; others: the caller)")
	f.IntVar(&o.Port, "port", 0, "port (the next free one from 5432)")
	f.StringVar(&o.Listen, "listen", "localhost", "listen_addresses: addresses on this host, comma-separated; '' for none")
	f.StringVar(&o.SocketDir, "socket-dir", "", "directory of the Unix socket (root: /run/pgd, others: $XDG_RUNTIME_DIR/pgd)")
	f.StringVar(&o.Superuser, "superuser", "", "name of the bootstrap superuser role (the owner's name)")
	f.StringVar(&pwfile, "pwfile", "", "file on this host with the superuser's password on its first line, - for standard input")
	f.StringVar(&o.AuthLocal, "auth-local", "peer", "authentication on the local socket: peer, scram-sha-256, password, reject")
	f.StringVar(&o.AuthHost, "auth-host", "scram-sha-256", "authentication over TCP: scram-sha-256, password, cert, reject")
	f.BoolVar(&o.GroupAccess, "allow-group-access", false, "let the owner's group read the site (0750/0640)")
	f.StringVar(&adopt, "adopt", "", "register the existing site in this directory after checking it")
	f.BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

func printSite(r install.Result, asJSON bool, done string) error {
	if asJSON {
		return printJSON(r)
	}
	listen := " on " + r.Listen
	if r.Listen == "" {
		listen = ", of the socket only: no TCP"
	}
	fmt.Printf("Site %s %s.\n\n  directory  %s\n  owner      %s\n  port       %d%s\n  socket     %s\n", r.Name, done, r.Dir, r.Owner, r.Port, listen, r.SocketDir)
	if r.Superuser != "" { // not known of a site that is adopted
		fmt.Printf("  superuser  %s\n", r.Superuser)
	}
	if r.Unit != "" {
		fmt.Printf("  unit       %s\n", r.Unit)
	}
	start := "pgd start " + r.Name
	if os.Geteuid() == 0 {
		start = "sudo -u " + r.Owner + " " + start
	}
	fmt.Printf("\nStart it with: %s\n", start)
	return nil
}

func printJSON(v any) error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// readPassword reads the first line of a file that others cannot read.
func readPassword(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("open password file: %w", err)
		}
		defer f.Close()
		if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() || st.Mode().Perm()&0o077 != 0 {
			abs, _ := filepath.Abs(path)
			return "", &perms.Refusal{Message: fmt.Sprintf("password file %q must be a regular file that only its owner can read", path), Hint: "chmod 0600 " + abs}
		}
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return "", fmt.Errorf("read password file: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return "", &perms.Refusal{Message: fmt.Sprintf("password file %q is empty", path)}
	}
	return line, nil
}
