// Package children is the postmaster's table of the processes it started, and of the cancel keys of its backends. It is a leaf and
// belongs to one goroutine: it starts nothing, signals nothing and logs nothing.
package children

import (
	"crypto/subtle"
	"sort"
	"time"
)

// State of a child.
type State uint8

const (
	Starting State = iota // has not reported that it is ready
	Spare                 // a backend that waits for a client
	Greeting              // has a client that has not authenticated
	Refusing              // has a client that only gets an error
	Session               // has a client that has authenticated
	Working               // a ready child that never has clients
)

var stateNames = [...]string{"starting", "spare", "authenticating", "refusing", "session", "working"}

// String names the state, as pgd status shows it.
func (s State) String() string { return stateNames[s] }

// Child is one process.
type Child struct {
	PID     int
	Kind    string
	State   State
	Started time.Time
	// Clean tells that it has done its first job, so that its death is no reason to throttle its kind.
	Clean bool
	// Told tells that it was asked to end.
	Told bool
	// Collected tells that it has been reaped: its number may be another's.
	Collected bool

	Client                      // of a backend
	Role, Database, Application string
	Superuser                   bool
}

// Client is who a backend was given.
type Client struct {
	Accepted time.Time
	Remote   string // "[local]" or "address:port"
	Secret   []byte // cancel key
}

// Table is all children, by process id.
type Table struct {
	byPID map[int]*Child
	count map[string][len(stateNames)]int
}

// New makes an empty table.
func New() *Table {
	return &Table{byPID: map[int]*Child{}, count: map[string][len(stateNames)]int{}}
}

func (t *Table) tally(c *Child, n int) {
	counts := t.count[c.Kind]
	counts[c.State] += n
	t.count[c.Kind] = counts
}

// Add enters a child.
func (t *Table) Add(c *Child) { t.byPID[c.PID] = c; t.tally(c, 1) }

// Remove takes a child out; nil when there was none.
func (t *Table) Remove(pid int) *Child {
	c := t.byPID[pid]
	if c != nil {
		delete(t.byPID, pid)
		t.tally(c, -1)
	}
	return c
}

// Get finds a child; nil when there is none.
func (t *Table) Get(pid int) *Child { return t.byPID[pid] }

// Move changes a child's state.
func (t *Table) Move(c *Child, s State) {
	t.tally(c, -1)
	c.State = s
	t.tally(c, 1)
}

// Count counts the children of a kind that are in one of the states; all states when none is given.
func (t *Table) Count(kind string, states ...State) (n int) {
	counts := t.count[kind]
	if len(states) == 0 {
		for _, c := range counts {
			n += c
		}
	}
	for _, s := range states {
		n += counts[s]
	}
	return n
}

// Len counts all.
func (t *Table) Len() int { return len(t.byPID) }

// All gives all, by process id.
func (t *Table) All() []*Child {
	out := make([]*Child, 0, len(t.byPID))
	for _, c := range t.byPID {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].PID < out[j].PID })
	return out
}

// Oldest gives the child of a kind and state that has waited longest; nil when there is none.
func (t *Table) Oldest(kind string, s State) (oldest *Child) {
	if t.Count(kind, s) == 0 {
		return nil
	}
	for _, c := range t.byPID {
		if c.Kind == kind && c.State == s && !c.Told && !c.Collected && (oldest == nil || c.Started.Before(oldest.Started) ||
			c.Started.Equal(oldest.Started) && c.PID < oldest.PID) {
			oldest = c
		}
	}
	return oldest
}

// Lengths of a cancel key: of protocol 3.2, and the part of it protocol 3.0 has room for.
const (
	KeySize      = 32
	ShortKeySize = 4
)

// Cancel finds the backend a cancel request means. How long it takes does not depend on how much of the key was right.
func (t *Table) Cancel(pid int32, key []byte) (c *Child, known bool) {
	c = t.byPID[int(pid)]
	secret := make([]byte, KeySize) // what an unknown pid is compared with
	known = c != nil && len(c.Secret) == KeySize
	if known {
		secret = c.Secret
	}
	if len(key) != KeySize && len(key) != ShortKeySize {
		return nil, known
	}
	if subtle.ConstantTimeCompare(secret[:len(key)], key) != 1 || !known {
		return nil, known
	}
	return c, true
}
