package session

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"pgd/backend/pgerr"
	"pgd/install/settings"
)

// interrupts is what may stop a command or the session from outside: events of the process and times that run out. One
// goroutine (watch) notes events; the session asks pending at every place where it may wait or run long.
type interrupts struct {
	conn   Conn
	keeper Keeper

	// noted is set with any of the flags below, so that asking is one load.
	noted      atomic.Bool
	cancel     atomic.Bool
	terminate  atomic.Bool
	postmaster atomic.Bool
	busy       atomic.Bool // a command runs: a cancel request is for it
	reload     atomic.Pointer[settings.Values]

	// deadline is when the statement's time is up; zero for never. Only the session's goroutine uses it.
	deadline time.Time

	mu    sync.Mutex
	armed time.Time // the connection's read deadline
	woken bool      // it was moved to the past to end a read
}

// past is a deadline that has run out.
var past = time.Unix(1, 0)

// lastWords is how long a session that ends may take to tell the client.
const lastWords = 5 * time.Second

// watch notes events until done is closed.
func (i *interrupts) watch(ctx context.Context, events <-chan Event, done <-chan struct{}) {
	ended := ctx.Done()
	for {
		select {
		case <-done:
			return
		case <-ended:
			ended = nil
			i.note(&i.terminate, true)
		case ev, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			switch ev.Kind {
			case Cancel:
				if i.busy.Load() {
					i.note(&i.cancel, false)
				}
			case Terminate:
				i.note(&i.terminate, true)
			case PostmasterGone:
				i.postmaster.Store(true)
				i.note(&i.terminate, true)
			case Reload:
				i.reload.Store(ev.Settings)
			}
		}
	}
}

func (i *interrupts) note(flag *atomic.Bool, last bool) {
	flag.Store(true)
	i.noted.Store(true)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.woken = true
	_ = i.conn.SetReadDeadline(past)
	if last {
		_ = i.conn.SetWriteDeadline(time.Now().Add(lastWords))
	}
	if i.keeper != nil {
		e := pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
		if last {
			e = pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to administrator command")
		}
		i.keeper.Interrupt(e)
	}
}

// arm sets the time until which the next read may wait, zero for ever, unless an event has already ended it.
func (i *interrupts) arm(until time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.woken || until.Equal(i.armed) {
		return
	}
	i.armed = until
	_ = i.conn.SetReadDeadline(until)
}

// rearm makes the connection readable again after a read ended by its deadline.
func (i *interrupts) rearm() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.woken = false
	i.armed = time.Time{}
	_ = i.conn.SetReadDeadline(time.Time{})
}

// begin starts a command: an old cancel request is not for it.
func (i *interrupts) begin(timeout time.Duration) {
	i.cancel.Store(false)
	i.busy.Store(true)
	i.deadline = time.Time{}
	if timeout > 0 {
		i.deadline = time.Now().Add(timeout)
	}
}

// end ends a command.
func (i *interrupts) end() {
	i.busy.Store(false)
	i.deadline = time.Time{}
}

// pending answers with the error of what has happened: a FATAL 57P01, or 57014, which is then done with.
func (i *interrupts) pending() error {
	if i.noted.Load() {
		if err := i.ended(); err != nil {
			return err
		}
		i.noted.Store(false)
		if i.terminate.Load() || i.cancel.Load() {
			i.noted.Store(i.terminate.Load())
		}
		if i.cancel.Swap(false) && i.busy.Load() {
			return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request")
		}
	}
	if !i.deadline.IsZero() && !time.Now().Before(i.deadline) {
		i.deadline = time.Time{}
		return pgerr.New(pgerr.QueryCanceled, "canceling statement due to statement timeout")
	}
	return nil
}

// ended answers with the FATAL of a session that must end.
func (i *interrupts) ended() error {
	if !i.terminate.Load() {
		return nil
	}
	if i.postmaster.Load() {
		return pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to unexpected postmaster exit")
	}
	return pgerr.Fatal(pgerr.AdminShutdown, "terminating connection due to administrator command")
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
