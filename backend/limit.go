package backend

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
	"pgd/backend/session"
)

// limit gives up what a backend never needs: dumps of its memory, and files others can read.
func limit() error {
	unix.Umask(0o077)
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limit core files: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid dumps: %w", err)
	}
	return nil
}

var (
	cancelError = pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
	endError    = pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to administrator command")
	orphanError = pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to unexpected postmaster exit")
)

// obeySignals turns signals into what PostgreSQL's backends make of them: SIGTERM ends the session, SIGINT cancels its
// command, SIGQUIT ends the process at once.
func (p *process) obeySignals() {
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE, syscall.SIGUSR1, syscall.SIGUSR2)
	c := make(chan os.Signal, 8)
	signal.Notify(c, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	go func() {
		for s := range c {
			p.signaled(s)
		}
	}()
}

func (p *process) signaled(s os.Signal) {
	phase := p.phase.Load()
	switch s {
	case syscall.SIGQUIT:
		os.Exit(exitQuit)
	case syscall.SIGTERM:
		switch phase {
		case phaseSpare:
			os.Exit(exitClean)
		case phaseGreet:
			os.Exit(exitFatal) // who has not authenticated is told nothing
		}
		p.keeper.Interrupt(endError)
		p.send(session.Event{Kind: session.Terminate})
	case syscall.SIGINT:
		if phase == phaseSession {
			p.keeper.Interrupt(cancelError)
			p.send(session.Event{Kind: session.Cancel})
		}
	}
}

// send does not wait: a session that takes no events will be ended by other means.
func (p *process) send(e session.Event) {
	select {
	case p.events <- e:
	default:
	}
}
