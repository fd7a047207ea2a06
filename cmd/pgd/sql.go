package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pgd/cmd/pgd/client"
	"pgd/install"
	"pgd/install/site"
	"pgd/perms"
)

// connectTo are the flags that say where to connect.
type connectTo struct{ database, user, host, port string }

func sqlCommand() *cobra.Command {
	o := client.Options{Out: os.Stdout, Err: os.Stderr, In: os.Stdin, Format: client.Format{Kind: "aligned", Footer: true}}
	var to connectTo
	var asCSV, asJSON, unaligned bool
	var vars []string
	c := &cobra.Command{
		Use:   "sql [NAME|URL]",
		Short: "Run SQL: a client for hosts without psql",
		Long: "Connects to the site NAME (main) of this host over its local socket, or to any server a postgres:// URL names, and runs what it is given with -c, -f or " +
			"on standard input; on a terminal it asks. Files it reads and writes (-f, \\i, \\o, \\copy) are on this side.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			var err error
			if o.Conn, err = to.connString(name); err != nil {
				return err
			}
			for _, v := range vars {
				if k, val, _ := strings.Cut(v, "="); k == "ON_ERROR_STOP" && val != "0" && val != "off" {
					o.Stop = true
				}
			}
			switch {
			case asCSV:
				o.Format.Kind = "csv"
			case asJSON:
				o.Format.Kind = "json"
			case unaligned:
				o.Format.Kind = "unaligned"
			}
			err = client.Run(o)
			var f *client.Failure
			if errors.As(err, &f) && f.Said {
				return status(f.Status)
			}
			return err
		},
	}
	f := c.Flags()
	f.StringVarP(&to.database, "dbname", "d", "", "database (postgres)")
	f.StringVarP(&to.user, "username", "U", "", "role (the account's name)")
	f.StringVarP(&to.host, "host", "h", "", "host or directory of the socket, instead of the site's")
	f.StringVarP(&to.port, "port", "p", "", "port, instead of the site's")
	f.StringArrayVarP(&o.Commands, "command", "c", nil, "run this and leave; may be repeated")
	f.StringArrayVarP(&o.Files, "file", "f", nil, "run this script and leave; - is standard input")
	f.BoolVar(&o.Stop, "on-error-stop", false, "leave a script at its first error, with status 3")
	f.StringArrayVarP(&vars, "set", "v", nil, "NAME=VALUE: ON_ERROR_STOP=1 as in psql")
	f.BoolVarP(&o.Echo, "echo", "e", false, "print each statement before it runs")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "no command tags")
	f.BoolVarP(&o.Format.TuplesOnly, "tuples-only", "t", false, "rows only")
	f.BoolVarP(&o.Format.Expanded, "expanded", "x", false, "one line a column")
	f.BoolVarP(&unaligned, "no-align", "A", false, "no padding")
	f.BoolVar(&asCSV, "csv", false, "CSV")
	f.BoolVar(&asJSON, "json", false, "JSON, one object a row")
	f.StringVar(&o.Format.Null, "null", "", "what is printed for NULL")
	c.Flags().Bool("help", false, "help for sql") // -h is the host, as in psql
	return c
}

// connString gives the connection string for a site's name, or the URL itself.
func (to connectTo) connString(name string) (string, error) {
	if strings.Contains(name, "://") || strings.Contains(name, "=") {
		return name, nil
	}
	if to.host == "" || to.port == "" {
		if to.host == "" || name != "" {
			if err := to.ofSite(name); err != nil {
				return "", err
			}
		}
	}
	if to.database == "" {
		to.database = "postgres"
	}
	q := url.Values{}
	for k, v := range map[string]string{"host": to.host, "port": to.port, "user": to.user, "dbname": to.database} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if os.Getenv("PGAPPNAME") == "" {
		q.Set("application_name", "pgd sql")
	}
	return "postgres://?" + q.Encode(), nil
}

// ofSite fills in what the site's configuration says.
func (to *connectTo) ofSite(name string) error {
	dir, err := install.Find(name)
	if err != nil {
		return err
	}
	c, err := install.Configuration(site.Dir(dir))
	if err != nil {
		return &perms.Refusal{Message: fmt.Sprintf("could not read the configuration of %q: %s", dir, err),
			Hint: "Run it as the site's owner, or give --host and --port."}
	}
	if to.host == "" {
		to.host = c.SocketDir
	}
	if to.port == "" {
		to.port = strconv.Itoa(c.Port)
	}
	return nil
}
