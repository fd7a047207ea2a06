package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pgd/daemon/keeper"
)

func hbaCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "hba",
		Short: "Look into who may connect",
	}
	c.AddCommand(hbaExplainCommand())
	return c
}

func hbaExplainCommand() *cobra.Command {
	var (
		q      keeper.Question
		dir    string
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "explain [NAME] --user ROLE --database DATABASE [--from ADDRESS] [--tls]",
		Short: "Tell which line of pg_hba.conf would decide about a connection, and why",
		Long: "Go through pg_hba.conf as the site would for a connection, and tell of each line why it does not match, up to the one that decides.\n" +
			"The files are read as they are now, which is what a reload would put into effect; nobody connects.\n\n" +
			"Without --from the connection is one through the Unix socket.",
		Example: "  pgd hba explain --user alice --database shop --from 10.1.2.3 --tls\n  pgd hba explain main --user postgres --system-user root",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err != nil {
				return err
			}
			if q.Database == "" {
				q.Database = q.User
			}
			e, err := keeper.Explain(t.dir, q)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(e)
			}
			return printExplanation(e)
		},
	}
	f := c.Flags()
	f.StringVarP(&q.User, "user", "U", "", "role that connects")
	f.StringVarP(&q.Database, "database", "d", "", "database it connects to (default: of the role's name)")
	f.StringVar(&q.From, "from", "", "address it connects from")
	f.BoolVar(&q.TLS, "tls", false, "with TLS")
	f.StringVar(&q.SystemUser, "system-user", "", "operating system user or name in the certificate, to be looked up in pg_ident.conf")
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	_ = c.MarkFlagRequired("user")
	return c
}

func printExplanation(e *keeper.Explanation) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	for _, r := range e.Rules {
		verdict := "decides"
		if r.No != "" {
			verdict = "no: other " + r.No
		}
		fmt.Fprintf(w, "%s:%d\t%s\t%s\n", r.File, r.Line, r.Rule, verdict)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(e.Rules) > 0 {
		fmt.Println()
	}
	switch {
	case e.Decides == nil:
		fmt.Println("No line matches: the connection is refused.")
	case e.Message != "":
		fmt.Printf("Line %d of %s refuses the connection.\n", e.Decides.Line, e.Decides.File)
	default:
		fmt.Printf("Line %d of %s decides: method %s.\n", e.Decides.Line, e.Decides.File, e.Method)
	}
	if e.Message != "" {
		fmt.Printf("The client is told: %s\n", e.Message)
	}
	if e.Map != "" {
		fmt.Printf("User name map: %s\n", e.Map)
	}
	for _, n := range e.Notes {
		fmt.Printf("Note: %s\n", n)
	}
	return nil
}
