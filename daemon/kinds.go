package daemon

import (
	"syscall"

	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
)

// Kinds of children.
const (
	kindKeeper       = "keeper"
	kindCheckpointer = "checkpointer"
	kindBackend      = "backend"
)

// policy is what follows a child's unexpected end.
type policy uint8

const (
	forget     policy = iota // nothing: the pool refills itself
	startAgain               // another one is started
	startAll                 // every process is ended and started anew
)

// kind is one row of the table that drives starting, ending and reporting.
type kind struct {
	name   string
	arg    string // hidden first argument
	title  string // in the log, in PostgreSQL's words
	policy policy
	// keeperChannel: it is born with a channel to the keeper.
	keeperChannel bool
	// quietExit: exit status 1 is an ordinary end (a FATAL that its client has been told).
	quietExit bool
	// order of ending: lower ones are gone before higher ones are asked to end.
	order int
	// quit ends it at once, in an immediate stop or after the keeper's death.
	quit syscall.Signal
}

var kinds = map[string]*kind{
	kindBackend:      {name: kindBackend, arg: handoff.ArgBackend, title: "server process", policy: forget, keeperChannel: true, quietExit: true, order: 1, quit: unix.SIGQUIT},
	kindCheckpointer: {name: kindCheckpointer, arg: handoff.ArgCheckpointer, title: "checkpointer process", policy: startAgain, order: 2, quit: unix.SIGTERM},
	kindKeeper:       {name: kindKeeper, arg: handoff.ArgKeeper, title: "keeper process", policy: startAll, order: 3, quit: unix.SIGTERM},
}

// refusingMost is how many children may at one time be telling clients that they are refused; beyond it sockets are closed without
// a word. They have slots of their own, so that the refused cannot keep the others out.
const refusingMost = 32
