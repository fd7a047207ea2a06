package client

import (
	"fmt"
	"io"
	"time"
)

// progress shows how far a file has been read, on a terminal, at most ten times a second.
type progress struct {
	in          io.Reader
	out         io.Writer
	done, total int64
	next        time.Time
}

func newProgress(in io.Reader, total int64, out io.Writer) *progress {
	return &progress{in: in, out: out, total: total}
}

// Read reads on and shows where it is; the line is wiped at the end.
func (p *progress) Read(b []byte) (int, error) {
	n, err := p.in.Read(b)
	p.done += int64(n)
	if now := time.Now(); err == nil && now.After(p.next) && p.total > 0 {
		p.next = now.Add(100 * time.Millisecond)
		fmt.Fprintf(p.out, "\r%3d %%  %d of %d MB", p.done*100/p.total, p.done>>20, p.total>>20)
	}
	if err != nil {
		fmt.Fprint(p.out, "\r\033[K")
	}
	return n, err
}
