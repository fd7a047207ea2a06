package analyze

import (
	"slices"

	"pgd/backend/catalog"
)

// callShape is how a call is written, as far as finding its candidates goes.
type callShape struct {
	nargs    int
	names    []string // of the named arguments, which are the last ones
	expand   bool     // VARIADIC functions may take single arguments
	defaults bool
}

// candidates gives the functions of a name that can take a call's arguments by number and names. When two have the same
// argument types the earlier schema wins, then the one without VARIADIC; where nothing decides the survivor is ambiguous.
func (a *Analyzer) candidates(procs []*catalog.Proc, s callShape) []*candidate {
	var out []*candidate
	for _, p := range procs {
		c := candidateOf(p, s)
		if c == nil {
			continue
		}
		replaced := false
		for i, prev := range out {
			if !slices.Equal(c.args[:len(c.args)-c.defaults], prev.args[:len(prev.args)-prev.defaults]) {
				continue
			}
			replaced = true
			switch {
			case prev.proc.Namespace != c.proc.Namespace:
			case c.variadic > 0 && prev.variadic == 0:
			case c.variadic == 0 && prev.variadic > 0:
				out[i] = c
			default:
				prev.ambiguous = true
			}
			break
		}
		if !replaced {
			out = append(out, c)
		}
	}
	return out
}

// candidateOf fits one function to a call; nil when it cannot take it.
func candidateOf(p *catalog.Proc, s callShape) *candidate {
	c := &candidate{proc: p}
	n := len(p.Args)
	if len(s.names) > 0 {
		if p.Variadic != 0 && s.expand || n < s.nargs || n-s.nargs > p.Defaults {
			return nil
		}
		if c.places = matchNames(p, s); c.places == nil {
			return nil
		}
		c.args = make([]uint32, n)
		for i, at := range c.places {
			c.args[i] = p.Args[at]
		}
		c.defaults = n - s.nargs
		return c
	}
	if s.expand && p.Variadic != 0 && n <= s.nargs {
		c.variadic = s.nargs - n + 1
		c.args = append(slices.Clone(p.Args[:n-1]), slices.Repeat([]uint32{p.Variadic}, c.variadic)...)
		return c
	}
	if n > s.nargs {
		if !s.defaults || s.nargs+p.Defaults < n {
			return nil
		}
		c.defaults = n - s.nargs
	} else if n < s.nargs {
		return nil
	}
	c.args = p.Args
	return c
}

// matchNames puts named arguments in their places and appends the places of the arguments left to defaults;
// nil when a name is unknown, given twice, or an argument without default is missing.
func matchNames(p *catalog.Proc, s callShape) []int {
	if len(p.ArgNames) == 0 {
		return nil
	}
	places := make([]int, 0, len(p.Args))
	given := make([]bool, len(p.Args))
	positional := s.nargs - len(s.names)
	for i := range positional {
		places, given[i] = append(places, i), true
	}
	for _, name := range s.names {
		at, in := -1, 0
		for i, an := range p.ArgNames {
			mode := byte('i')
			if p.ArgModes != "" && i < len(p.ArgModes) {
				mode = p.ArgModes[i]
			}
			if mode != 'i' && mode != 'b' && mode != 'v' {
				continue
			}
			if an != "" && an == name {
				at = in
				break
			}
			in++
		}
		if at < 0 || at >= len(given) || given[at] {
			return nil
		}
		places, given[at] = append(places, at), true
	}
	first := len(p.Args) - p.Defaults
	for i, g := range given {
		if g {
			continue
		}
		if !s.defaults || i < first {
			return nil
		}
		places = append(places, i)
	}
	return places
}
