package daemon

import (
	"time"

	"pgd/daemon/children"
)

const (
	// demandMost bounds the spares a burst adds to spare_backends.
	demandMost = 32
	// startingMost bounds the backends that start at one time: more would only take each other's processor.
	startingMost = 8
	// spareIdle is how long a spare beyond the wanted number may wait.
	spareIdle = 30 * time.Second
)

// wanted is how many backends should be starting or waiting.
func (p *postmaster) wanted() int {
	switch {
	case p.keeper == 0, p.phase == phaseRecovering, p.failure != nil, p.stopping >= stopImmediate:
		return 0
	case p.phase == phaseStopping:
		return min(len(p.pending), p.leaving()) // only as long as sessions are awaited is there somebody to refuse others
	}
	return int(p.values.Int("spare_backends")) + max(p.demand, len(p.pending))
}

// refill starts backends until there are as many spares as wanted.
func (p *postmaster) refill() {
	for {
		starting := p.table.Count(kindBackend, children.Starting)
		if starting >= startingMost || starting+p.table.Count(kindBackend, children.Spare) >= p.wanted() {
			return
		}
		if p.launch(kindBackend) == nil {
			return
		}
	}
}

// trim lets one spare more than wanted go.
func (p *postmaster) trim(now time.Time) {
	if p.table.Count(kindBackend, children.Spare) <= p.wanted() {
		return
	}
	if c := p.table.Oldest(kindBackend, children.Spare); c != nil && now.Sub(c.Started) > spareIdle {
		p.tell(c, sigEnd)
	}
}
