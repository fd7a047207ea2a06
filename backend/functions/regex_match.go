package functions

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// matcherState matches one text. ends are memoized: for a node and a place, all places where a match of it can end.
type matcherState struct {
	re    *regex
	s     string
	memo  map[memoKey][]int
	caps  []int // pairs of offsets, -1 where a group took no part
	steps int
}

type memoKey struct{ id, at int }

var errRegexComplex = pgerr.New(pgerr.InvalidRegularExpression, "regular expression failed: regular expression is too complex")

const maxRegexSteps = 20000000

// tooComplex is raised by panic inside this file only, and caught in find.
type tooComplex struct{}

func (m *matcherState) step() {
	if m.steps++; m.steps > maxRegexSteps {
		panic(tooComplex{})
	}
}

// find gives the leftmost match at or after from: offsets of the whole and of each group, nil for none.
func (re *regex) find(s string, from int) (caps []int, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(tooComplex); !ok {
				panic(r)
			}
			err = errRegexComplex
		}
	}()
	m := &matcherState{re: re, s: s, memo: map[memoKey][]int{}}
	for i := from; i <= len(s); {
		if !re.special && re.fast != nil {
			// Go's engine knows where the leftmost match begins.
			loc := re.fast.start(s, i)
			if loc < 0 {
				return nil, nil
			}
			i = loc
		}
		ends := m.ends(re.root, i)
		for n := range ends {
			end := ends[len(ends)-1-n]
			if re.root.prefer == preferShort {
				end = ends[n]
			}
			m.reset()
			if m.dissect(re.root, i, end, func() bool { return true }) {
				m.caps[0], m.caps[1] = i, end
				return m.caps, nil
			}
		}
		if i == len(s) {
			break
		}
		_, w := utf8.DecodeRuneInString(s[i:])
		i += w
	}
	return nil, nil
}

func (m *matcherState) reset() {
	m.caps = make([]int, 2*(m.re.groups+1))
	for i := range m.caps {
		m.caps[i] = -1
	}
}

// ends gives the sorted ends of all matches of n that begin at i. A backreference may end anywhere: dissect looks closer.
func (m *matcherState) ends(n *reNode, i int) []int {
	switch n.kind {
	case reSet:
		if i < len(m.s) {
			r, w := utf8.DecodeRuneInString(m.s[i:])
			if n.set.has(r, m.re.flags.fold) {
				return []int{i + w}
			}
		}
		return nil
	case reEmpty:
		return []int{i}
	case reAssert:
		if m.assert(n.at, i) {
			return []int{i}
		}
		return nil
	}
	key := memoKey{n.id, i}
	if e, ok := m.memo[key]; ok {
		return e
	}
	m.step()
	var out []int
	switch n.kind {
	case reGroup:
		out = m.ends(n.sub[0], i)
	case reConcat:
		out = m.concatEnds(n.sub, i)
	case reAlt:
		for _, b := range n.sub {
			out = union(out, m.ends(b, i))
		}
	case reRepeat:
		out = m.repeatEnds(n, i)
	case reLook:
		if m.look(n, i) != n.negative {
			out = []int{i}
		}
	case reBackref:
		for j := i; j <= len(m.s); j++ {
			m.step()
			out = append(out, j)
		}
	}
	m.memo[key] = out
	return out
}

func (m *matcherState) concatEnds(parts []*reNode, i int) []int {
	at := []int{i}
	for _, p := range parts {
		var next []int
		for _, j := range at {
			m.step()
			next = union(next, m.ends(p, j))
		}
		if at = next; len(at) == 0 {
			return nil
		}
	}
	return at
}

func (m *matcherState) repeatEnds(n *reNode, i int) []int {
	var out []int
	at := []int{i}
	seen := map[int]bool{}
	for count := 0; ; count++ {
		if count >= n.min {
			fresh := at[:0:0]
			for _, j := range at {
				if !seen[j] {
					seen[j] = true
					fresh = append(fresh, j)
				}
			}
			out = append(out, fresh...)
			at = fresh
		}
		if len(at) == 0 || n.max >= 0 && count >= n.max {
			break
		}
		var next []int
		for _, j := range at {
			m.step()
			e := m.ends(n.sub[0], j)
			if len(e) == 1 && len(next) > 0 && e[0] > next[len(next)-1] {
				next = append(next, e[0])
			} else {
				next = union(next, e)
			}
		}
		at = next
	}
	sort.Ints(out)
	return out
}

// union merges two sorted lists.
func union(a, b []int) []int {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make([]int, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case a[0] > b[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func (m *matcherState) wordAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(m.s[i:])
	return i < len(m.s) && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (m *matcherState) wordBefore(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(m.s[:i])
	return i > 0 && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (m *matcherState) assert(at byte, i int) bool {
	switch at {
	case '^':
		return i == 0 || m.re.flags.newlineEnd && m.s[i-1] == '\n'
	case '$':
		return i == len(m.s) || m.re.flags.newlineEnd && m.s[i] == '\n'
	case 'A':
		return i == 0
	case 'Z':
		return i == len(m.s)
	case 'm':
		return !m.wordBefore(i) && m.wordAt(i)
	case 'M':
		return m.wordBefore(i) && !m.wordAt(i)
	case 'y':
		return m.wordBefore(i) != m.wordAt(i)
	}
	return m.wordBefore(i) == m.wordAt(i)
}

func (m *matcherState) look(n *reNode, i int) bool {
	if !n.behind {
		return len(m.ends(n.sub[0], i)) > 0
	}
	for j := i; j >= 0; j-- {
		if j < len(m.s) && !utf8.RuneStart(m.s[j]) {
			continue
		}
		if holds(m.ends(n.sub[0], j), i) {
			return true
		}
	}
	return false
}

func holds(sorted []int, x int) bool {
	k := sort.SearchInts(sorted, x)
	return k < len(sorted) && sorted[k] == x
}

// dissect matches n to exactly [i, j), sets the groups inside, and goes on with then; it goes back to the next choice where that fails.
func (m *matcherState) dissect(n *reNode, i, j int, then func() bool) bool {
	m.step()
	if !holds(m.ends(n, i), j) {
		return false
	}
	if !n.captures {
		return then()
	}
	switch n.kind {
	case reGroup:
		a, b := m.caps[2*n.group], m.caps[2*n.group+1]
		if m.dissect(n.sub[0], i, j, func() bool {
			c, d := m.caps[2*n.group], m.caps[2*n.group+1]
			m.caps[2*n.group], m.caps[2*n.group+1] = i, j
			if then() {
				return true
			}
			m.caps[2*n.group], m.caps[2*n.group+1] = c, d
			return false
		}) {
			return true
		}
		m.caps[2*n.group], m.caps[2*n.group+1] = a, b
		return false
	case reConcat:
		return m.dissectConcat(n.sub, i, j, then)
	case reAlt:
		for _, b := range n.sub {
			if m.dissect(b, i, j, then) {
				return true
			}
		}
		return false
	case reRepeat:
		return m.dissectRepeat(n, 0, i, j, then)
	case reBackref:
		a, b := m.caps[2*n.group], m.caps[2*n.group+1]
		return a >= 0 && m.equal(m.s[a:b], m.s[i:j]) && then()
	}
	return then()
}

func (m *matcherState) equal(a, b string) bool {
	if m.re.flags.fold {
		return lowerText(a) == lowerText(b)
	}
	return a == b
}

// dissectConcat lets the first part have as much, or as little, as leaves a match for the rest.
func (m *matcherState) dissectConcat(parts []*reNode, i, j int, then func() bool) bool {
	if len(parts) == 1 {
		return m.dissect(parts[0], i, j, then)
	}
	if len(parts) == 0 {
		return i == j && then()
	}
	ends := m.ends(parts[0], i)
	for n := range ends {
		mid := ends[len(ends)-1-n]
		if parts[0].prefer == preferShort {
			mid = ends[n]
		}
		m.step()
		if mid > j || !m.rest(parts[1:], mid, j) {
			continue
		}
		if m.dissect(parts[0], i, mid, func() bool { return m.dissectConcat(parts[1:], mid, j, then) }) {
			return true
		}
	}
	return false
}

// rest tells whether the parts can match [i, j).
func (m *matcherState) rest(parts []*reNode, i, j int) bool {
	if len(parts) == 1 {
		return holds(m.ends(parts[0], i), j)
	}
	key := memoKey{m.re.nodes + parts[0].id, i}
	e, ok := m.memo[key]
	if !ok {
		e = m.concatEnds(parts, i)
		m.memo[key] = e
	}
	return holds(e, j)
}

func (m *matcherState) dissectRepeat(n *reNode, count, i, j int, then func() bool) bool {
	m.step()
	if i == j && count >= n.min && (count > 0 || n.min == 0) {
		return then()
	}
	if n.max >= 0 && count >= n.max {
		return false
	}
	sub := n.sub[0]
	ends := m.ends(sub, i)
	for k := range ends {
		mid := ends[len(ends)-1-k]
		if sub.prefer == preferShort || sub.prefer == preferNone && n.prefer == preferShort {
			mid = ends[k]
		}
		// An empty round only helps to reach the least number of rounds.
		if mid > j || mid == i && count >= n.min {
			continue
		}
		saved := m.forget(sub)
		if m.dissect(sub, i, mid, func() bool { return m.dissectRepeat(n, count+1, mid, j, then) }) {
			return true
		}
		copy(m.caps, saved)
	}
	return false
}

// forget clears the groups inside n for a new round and gives back what was known.
func (m *matcherState) forget(n *reNode) []int {
	saved := append([]int{}, m.caps...)
	var clearGroups func(n *reNode)
	clearGroups = func(n *reNode) {
		if n.kind == reGroup {
			m.caps[2*n.group], m.caps[2*n.group+1] = -1, -1
		}
		for _, s := range n.sub {
			clearGroups(s)
		}
	}
	clearGroups(n)
	return saved
}
