package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pgd/install"
	"pgd/perms"
)

func dropCommand() *cobra.Command {
	c := &cobra.Command{Use: "drop", Short: "Remove something for good"}
	var yes bool
	s := &cobra.Command{
		Use:   "site NAME",
		Short: "Remove a site that is not running, with all its databases",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			confirm := func(s install.Site) error { return askName(s) }
			if yes {
				confirm = func(install.Site) error { return nil }
			}
			s, err := install.Drop(args[0], confirm)
			if err == nil {
				fmt.Printf("Site %s dropped: %s is gone.\n", s.Name, s.Dir)
			}
			return err
		},
	}
	s.Flags().BoolVar(&yes, "yes", false, "do not ask for the name again")
	c.AddCommand(s)
	return c
}

// askName wants the site's name typed again.
func askName(s install.Site) error {
	fmt.Fprintf(os.Stderr, "This removes %s and everything in it. Type the site's name to go on: ", s.Dir)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.TrimSpace(line) != s.Name || err != nil && line == "" {
		return &perms.Refusal{Message: "the name does not match: nothing was removed", Hint: "For scripts: pgd drop site --yes " + s.Name}
	}
	return nil
}
