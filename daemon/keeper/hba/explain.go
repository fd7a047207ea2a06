package hba

import (
	"strings"
)

// Step is one rule that was looked at, and why it was passed over; MissNone for the one that decides.
type Step struct {
	Rule *Rule
	Miss Miss
}

// Explain gives the steps to the decision: the last one decides when its Miss is MissNone, otherwise no rule matches.
func (rs *Rules) Explain(c *Conn) []Step {
	var out []Step
	for _, r := range rs.Lines {
		m := r.Match(c)
		out = append(out, Step{r, m})
		if m == MissNone {
			break
		}
	}
	return out
}

// String gives the rule in one normal form, words separated by one blank.
func (r *Rule) String() string {
	parts := []string{r.Type.String(), join(r.Databases), join(r.Users)}
	if r.Type != Local {
		parts = append(parts, r.Address.String())
	}
	parts = append(parts, string(r.Method))
	for _, o := range r.Options {
		parts = append(parts, quoteIfNeeded(o.Name+"="+o.Value, false))
	}
	return strings.Join(parts, " ")
}

func join(ts []Token) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteIfNeeded(t.Text, t.Quoted))
	}
	return b.String()
}

func quoteIfNeeded(s string, quoted bool) string {
	if !quoted && s != "" && !strings.ContainsAny(s, " \t\r,#\"") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
