package daemon

import "time"

// throttle slows down the starting of a kind whose children die on their first job: a broken binary or a missing file must
// not turn into a storm of processes.
type throttle struct {
	failures int
	until    time.Time
}

const (
	throttleFirst = 100 * time.Millisecond
	throttleMost  = 30 * time.Second
	// throttleFree is how many may fail in a row before waiting begins.
	throttleFree = 2
	// throttleGiveUp is how many make a start fail.
	throttleGiveUp = 4
)

func (p *postmaster) throttle(kind string) *throttle {
	t := p.throttles[kind]
	if t == nil {
		t = &throttle{}
		p.throttles[kind] = t
	}
	return t
}

func (t *throttle) allows(now time.Time) bool { return !now.Before(t.until) }

func (t *throttle) failed(now time.Time) {
	t.failures++
	if n := t.failures - throttleFree; n > 0 {
		t.until = now.Add(min(throttleFirst<<min(n-1, 10), throttleMost))
	}
}

func (t *throttle) worked() { *t = throttle{} }
