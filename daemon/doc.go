// Package daemon is the postmaster: it holds the site's lock and listening sockets, starts the keeper, the checkpointer and one
// backend per connection, hands each client's socket to its backend, and reaps and reports what ends. It never reads a byte a client
// sent, never opens a database and never waits for a child or a client: one goroutine owns all state and runs short
// functions that others post to it, and a message that a child does not take at once waits on a goroutine of its own.
//
//	            accept                 SCM_RIGHTS
//	frontend ----------> postmaster ---------------> backend (a warm spare)
//	    \___________________________________________/    from here on without the postmaster
//
// How it fails: before it is ready, Run answers with what was found and what mends it. Afterwards a backend's death is one
// line in the log; the keeper's death ends all backends and starts everything anew; the postmaster's own death is the end of file on
// every child's control channel, upon which they end themselves.
package daemon
