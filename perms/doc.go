// Package perms holds the rules of ownership and mode, and the refusal to run as root. It is a leaf: it looks and says what it
// found; it never changes a mode, never follows a symbolic link inside a site and never opens a database.
//
// A rule that is broken is a Refusal: what was found, what was needed, and the command that mends it.
package perms

import "strings"

// Refusal is a reason not to go on. Message is one line in PostgreSQL's manner; Hint is what to do about it.
type Refusal struct {
	Message string
	Hint    string
}

// Error gives the message alone; the command line prints the hint on its own line.
func (r *Refusal) Error() string { return r.Message }

// HintText gives the hint.
func (r *Refusal) HintText() string { return r.Hint }

// Refusals are several at once.
type Refusals []*Refusal

// Error gives the messages, one a line.
func (rs Refusals) Error() string {
	var b strings.Builder
	for i, r := range rs {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(r.Message)
	}
	return b.String()
}

// HintText gives the hints, each once.
func (rs Refusals) HintText() string {
	var out []string
	seen := map[string]bool{}
	for _, r := range rs {
		if r.Hint != "" && !seen[r.Hint] {
			seen[r.Hint] = true
			out = append(out, r.Hint)
		}
	}
	return strings.Join(out, "\n")
}
