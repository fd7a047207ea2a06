package analyze

import "pgd/backend/catalog"

// candidate is a function or operator a call may mean.
type candidate struct {
	args []uint32 // the types of the call's arguments: VARIADIC expanded, named arguments in their places, defaults added
	proc *catalog.Proc
	op   *catalog.Operator
	// variadic counts the arguments gathered into the VARIADIC array, defaults the arguments left to their defaults.
	variadic, defaults int
	// places maps the arguments of a call with names to the function's; nil without names.
	places    []int
	ambiguous bool
}

// matchCandidates keeps the candidates that the arguments can be converted to implicitly.
func (a *Analyzer) matchCandidates(inputs []uint32, cands []*candidate) []*candidate {
	var out []*candidate
	for _, c := range cands {
		if len(c.args) >= len(inputs) && a.canCoerce(inputs, c.args[:len(inputs)], coerceImplicit) {
			out = append(out, c)
		}
	}
	return out
}

// selectCandidate chooses the best of several candidates, as PostgreSQL's func_select_candidate: most exact matches, then
// most preferred types, then what the unknown literals may be. nil when none is best.
func (a *Analyzer) selectCandidate(inputs []uint32, cands []*candidate) *candidate {
	bases := make([]uint32, len(inputs))
	unknowns := 0
	for i, t := range inputs {
		if t == typeUnknown {
			bases[i] = typeUnknown
			unknowns++
			continue
		}
		bases[i] = a.baseType(t)
	}
	cands = mostMatches(cands, func(c *candidate) (n int) {
		for i, b := range bases {
			if b != typeUnknown && c.args[i] == b {
				n++
			}
		}
		return n
	})
	if len(cands) == 1 {
		return cands[0]
	}
	cats := make([]byte, len(inputs))
	for i, b := range bases {
		cats[i] = a.typeRow(b).Category
	}
	cands = mostMatches(cands, func(c *candidate) (n int) {
		for i, b := range bases {
			if b != typeUnknown && (c.args[i] == b || a.isPreferred(cats[i], c.args[i])) {
				n++
			}
		}
		return n
	})
	if len(cands) == 1 {
		return cands[0]
	}
	if unknowns == 0 {
		return nil
	}
	if kept := a.byCategory(bases, cands); len(kept) == 1 {
		return kept[0]
	} else if len(kept) > 0 {
		cands = kept
	}
	return a.byKnownType(inputs, bases, unknowns, cands)
}

func mostMatches(cands []*candidate, count func(*candidate) int) []*candidate {
	best := 0
	var out []*candidate
	for _, c := range cands {
		n := count(c)
		if n > best || len(out) == 0 {
			best, out = n, append(out[:0:0], c)
		} else if n == best {
			out = append(out, c)
		}
	}
	return out
}

func (a *Analyzer) isPreferred(category byte, t uint32) bool {
	row := a.typeRow(t)
	return row.Category == category && row.Preferred
}

// byCategory decides the category of each unknown argument: string if any candidate takes one there, else the category they
// agree on; within it the preferred type if one takes that. It answers nil where they do not agree.
func (a *Analyzer) byCategory(bases []uint32, cands []*candidate) []*candidate {
	cats := make([]byte, len(bases))
	preferred := make([]bool, len(bases))
	for i, b := range bases {
		if b != typeUnknown {
			continue
		}
		conflict := false
		for _, c := range cands {
			row := a.typeRow(c.args[i])
			switch {
			case cats[i] == 0:
				cats[i], preferred[i] = row.Category, row.Preferred
			case row.Category == cats[i]:
				preferred[i] = preferred[i] || row.Preferred
			case row.Category == 'S':
				cats[i], preferred[i] = 'S', row.Preferred
			case cats[i] != 'S':
				conflict = true
			}
		}
		if conflict && cats[i] != 'S' {
			return nil
		}
	}
	var out []*candidate
	for _, c := range cands {
		keep := true
		for i, b := range bases {
			if b != typeUnknown {
				continue
			}
			row := a.typeRow(c.args[i])
			if row.Category != cats[i] || preferred[i] && !row.Preferred {
				keep = false
				break
			}
		}
		if keep {
			out = append(out, c)
		}
	}
	return out
}

// byKnownType takes the unknown arguments to be of the one type all known arguments have.
func (a *Analyzer) byKnownType(inputs, bases []uint32, unknowns int, cands []*candidate) *candidate {
	if unknowns == len(inputs) {
		return nil
	}
	known := typeUnknown
	for _, b := range bases {
		if b == typeUnknown {
			continue
		}
		if known == typeUnknown {
			known = b
		} else if known != b {
			return nil
		}
	}
	if known == typeUnknown {
		return nil
	}
	same := make([]uint32, len(inputs))
	for i := range same {
		same[i] = known
	}
	var found *candidate
	for _, c := range cands {
		if a.canCoerce(same, c.args[:len(same)], coerceImplicit) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}
