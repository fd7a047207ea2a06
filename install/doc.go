// Package install makes, lists, adopts and drops sites: accounts, directories, configuration, the first catalog and service units.
//
// It never runs a database and never opens one itself: what goes inside is made by a Populate function, which runs as
// the site's owner in a process of its own when the caller is root. What a failed installation made is removed again, and nothing else.
//
//	root: pgd init site ──┬─ account, directories, owner and mode
//	                      └─ pgd --pgd-populate (as the owner) ── files, first databases, all synced ── PGD_VERSION last
package install
