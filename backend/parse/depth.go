package parse

import (
	"strings"
	"syscall"

	"pgd/backend/pgerr"
)

// The parser's grammar keeps its own stack and stops by itself, but packing the tree recurses in C with the depth of the tree, on a
// stack that cannot grow. A level takes about 540 bytes of it for each token the statement spends on the level, measured
// for every recursive construct of the grammar; the rest is slack.
const (
	bytesPerToken = 600
	stackSlack    = 1 << 20
	mostTokens    = 10000
)

// tokenLimit is how deep a statement may be on this process's stacks: threads take RLIMIT_STACK, 2 MB where that is unlimited.
var tokenLimit = func() int {
	var r syscall.Rlimit
	stack := uint64(2 << 20)
	if err := syscall.Getrlimit(syscall.RLIMIT_STACK, &r); err == nil && r.Cur < 1<<40 {
		stack = r.Cur
	}
	return limitFor(stack)
}()

func limitFor(stack uint64) int {
	if stack < 2*stackSlack {
		return 400
	}
	return int(min((stack-stackSlack)/bytesPerToken, mostTokens))
}

// group is what stands between brackets, or between CASE and END, and the whole statement. Its parts are separated by what
// makes lists and not depth: commas, AND and OR, WHEN, THEN, ELSE.
type group struct {
	open    byte // ( [ or c for CASE; 0 for the statement
	chain   int  // set operations and joins, whose left-deep trees commas and AND do not interrupt
	tokens  int  // of the part
	inner   int  // deepest group of the part
	deepest int  // of the parts before
	between int  // BETWEENs of the part that wait for their AND
}

// end finishes a part.
func (g *group) end() {
	g.deepest = max(g.deepest, g.tokens+g.inner)
	g.tokens, g.inner, g.between = 0, 0, 0
}

// depth bounds the depth of the tree: every level takes a token of its own on the way down.
func depth(sql string) int {
	groups := []group{{}}
	deepest := 0
	pop := func() {
		g := &groups[len(groups)-1]
		g.end()
		d := g.chain + g.deepest + 1
		groups = groups[:len(groups)-1]
		top := &groups[len(groups)-1]
		top.inner = max(top.inner, d)
		top.tokens++
	}
	label := false // the last token was a dot or AS: what follows is a name, whatever it spells
	s := scanner{sql: sql}
	for s.next() {
		g := &groups[len(groups)-1]
		wasLabel := label
		label = false
		switch s.kind {
		case tokenComma:
			g.end()
		case tokenSemicolon:
			for len(groups) > 1 {
				pop()
			}
			g = &groups[0]
			g.end()
			deepest = max(deepest, g.chain+g.deepest)
			*g = group{}
		case tokenOpen:
			groups = append(groups, group{open: s.text[0]})
		case tokenClose:
			want := byte('(')
			if s.text == "]" {
				want = '['
			}
			for i := len(groups) - 1; i > 0; i-- {
				if groups[i].open == want {
					for len(groups) > i {
						pop()
					}
					break
				}
			}
		case tokenDot:
			label = true
			g.tokens++
		case tokenWord:
			if wasLabel {
				g.tokens++
				break
			}
			switch word(s.text) {
			case "as":
				label = true
				g.tokens++
			case "case":
				groups = append(groups, group{open: 'c'})
			case "end":
				if g.open == 'c' {
					pop()
				} else {
					g.tokens++
				}
			case "when", "then", "else":
				if g.open == 'c' {
					g.end()
				} else {
					g.tokens++
				}
			case "between":
				g.between++
				g.tokens++
			case "and":
				if g.between > 0 {
					g.between--
					g.tokens++
				} else {
					g.end()
				}
			case "or":
				g.end()
			case "union", "intersect", "except", "join":
				g.chain++
			default:
				g.tokens++
			}
		default:
			g.tokens += s.count
		}
	}
	for len(groups) > 1 {
		pop()
	}
	groups[0].end()
	return max(deepest, groups[0].chain+groups[0].deepest)
}

// word folds a short identifier to lower case; longer ones are no keyword depth asks for.
func word(s string) string {
	if len(s) > 9 {
		return ""
	}
	return strings.ToLower(s)
}

// nesting refuses what would overflow the stack, as PostgreSQL refuses what would overflow its own.
func nesting(sql string) error {
	if len(sql) <= tokenLimit || depth(sql) <= tokenLimit {
		return nil
	}
	return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
		WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
}
