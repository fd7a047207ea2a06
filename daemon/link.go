package daemon

import (
	"errors"
	"io"
	"os"
	"sync"

	"pgd/daemon/handoff"
)

// link is the postmaster's end of a child's control channel. A message the child's channel has no room for waits here, with
// those after it, on a goroutine: a child that is stopped or busy holds up nobody else.
type link struct {
	pid  int
	conn *handoff.Conn
	// heard is closed when the child's last report has been posted.
	heard chan struct{}

	mu     sync.Mutex
	queue  []parcel
	closed bool
}

// parcel is one message with the file that goes along, which is closed when it is sent or given up.
type parcel struct {
	message any
	file    *os.File
}

func (q parcel) send(send func(any, ...*os.File) error) error {
	if q.file == nil {
		return send(q.message)
	}
	return send(q.message, q.file)
}

func (q parcel) close() {
	if q.file != nil {
		q.file.Close()
	}
}

// send takes the file over. That the child is gone is no error: its end is reported when it is reaped.
func (l *link) send(message any, file *os.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := parcel{message, file}
	switch {
	case l.closed:
		q.close()
	case len(l.queue) > 0:
		l.queue = append(l.queue, q)
	default:
		if err := q.send(l.conn.TrySend); errors.Is(err, handoff.ErrFull) {
			l.queue = append(l.queue, q)
			go l.drain()
			return
		}
		q.close()
	}
}

func (l *link) drain() {
	for {
		l.mu.Lock()
		if len(l.queue) == 0 || l.closed {
			for _, q := range l.queue {
				q.close()
			}
			l.queue = nil
			l.mu.Unlock()
			return
		}
		q := l.queue[0]
		l.mu.Unlock()
		_ = q.send(l.conn.Send) // fails only when the child is gone
		q.close()
		l.mu.Lock()
		l.queue = l.queue[1:]
		l.mu.Unlock()
	}
}

func (l *link) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.conn.Close()
}

// read posts every report to the loop until the child closes its end. What is no report makes the child untrustworthy.
func (l *link) read(p *postmaster) {
	defer close(l.heard)
	for {
		r, err := l.conn.RecvReport()
		switch {
		case err == nil:
			p.post(func() { p.report(l.pid, r) })
		case errors.Is(err, handoff.ErrMessage), errors.Is(err, handoff.ErrDescriptors):
			p.post(func() { p.distrust(l.pid, err) })
			return
		case errors.Is(err, io.EOF), errors.Is(err, os.ErrClosed):
			return
		default:
			return // closed under our feet while the child is reaped
		}
	}
}
