package main

import (
	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "0.1"

// commands are the constructors of the subcommands, a file each.
var commands = []func() *cobra.Command{
	initCommand, startCommand, stopCommand, restartCommand, reloadCommand, statusCommand, readyCommand, lsCommand, dropCommand, sqlCommand, hbaCommand,
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "pgd",
		Short: "A PostgreSQL-speaking database daemon that keeps its privileges apart",
		Long: "pgd makes and runs sites: collections of databases on one host, owned by an account that is not root, served over PostgreSQL's protocol, " +
			"each kept in a SQLite file.",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("pgd {{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = false
	for _, c := range commands {
		root.AddCommand(c())
	}
	return root
}

func execute(args []string) int {
	root := rootCommand()
	root.SetArgs(args)
	if err := root.Execute(); err != nil {
		return complain(err)
	}
	return 0
}
