package catalog

import "strings"

// PrettyExpr takes out of a canonical expression the parentheses that PostgreSQL leaves away in its pretty form: around the whole, under AND, OR and NOT,
// around arguments, and between + - and * / % where precedence says the same. In canonical text every operation stands in parentheses, so the text alone
// tells what is an operand of what.
func PrettyExpr(s string) string {
	if inner, ok := wholeGroup(s); ok && nodeKind(inner) != nodeRowCompare {
		s = inner
	}
	return prettyLevel(s)
}

// node is what an operation is to the one around it.
type node uint8

const (
	nodeSimple node = iota
	nodeAnd
	nodeOr
	nodeNot
	nodeOp      // a binary operator
	nodePrefix  // a unary operator
	nodeTest    // IS NULL and its kind
	nodeAny     // = ANY (…)
	nodeCollate // COLLATE
	nodeRowCompare
	nodeCase
)

// group is a pair of parentheses or brackets at the top level of a text.
type group struct {
	start, end int // of the pair, end past the closing one
	syntax     bool
}

// groups finds the pairs at the top level. syntax tells those that belong to a call or a construct rather than to an operand.
func groups(s string) (out []group) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\'', '"':
			i = skipQuoted(s, i)
		case '(', '[':
			end := closing(s, i)
			out = append(out, group{i, end, s[i] == '[' || callBefore(s[:i])})
			i = end - 1
		}
	}
	return out
}

// skipQuoted gives the place of the closing quote.
func skipQuoted(s string, i int) int {
	q := s[i]
	for i++; i < len(s) && s[i] != q; i++ {
	}
	return i
}

// closing gives the place past the pair that opens at i.
func closing(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\'', '"':
			i = skipQuoted(s, i)
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// callBefore tells whether what stands before a parenthesis makes it part of a construct.
func callBefore(s string) bool {
	if s == "" {
		return false
	}
	if c := s[len(s)-1]; c == '"' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 {
		return true
	}
	word := s[:len(s)-len(strings.TrimLeft(s, " "))]
	if f := strings.Fields(s); len(f) > 0 {
		word = f[len(f)-1]
	}
	switch word {
	case "ANY", "ALL", "SOME", "EXISTS", "IN", "OVER", "FILTER", "GROUP", "VALUES", "OPERATOR":
		return true
	}
	return false
}

// wholeGroup gives the inside of a text that is one pair of parentheses.
func wholeGroup(s string) (string, bool) {
	if len(s) < 2 || s[0] != '(' || closing(s, 0) != len(s) {
		return "", false
	}
	return s[1 : len(s)-1], true
}

// plain is the text with groups and quoted things blanked out.
func plain(s string) string {
	b := []byte(s)
	blank := func(from, to int) {
		for ; from < to && from < len(b); from++ {
			b[from] = 'x'
		}
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\'', '"':
			end := skipQuoted(s, i) + 1
			blank(i, end)
			i = end - 1
		case '(', '[':
			end := closing(s, i)
			blank(i, end)
			i = end - 1
		}
	}
	return string(b)
}

func nodeKind(s string) node {
	p := plain(s)
	switch {
	case strings.HasPrefix(strings.TrimSpace(p), "CASE"):
		return nodeCase
	case strings.Contains(p, " OR "):
		return nodeOr
	case strings.Contains(p, " AND "):
		return nodeAnd
	case strings.HasPrefix(p, "NOT "):
		return nodeNot
	case strings.Contains(p, " IS "):
		return nodeTest
	case strings.Contains(p, " COLLATE "):
		return nodeCollate
	case strings.Contains(p, " ANY ") || strings.Contains(p, " ALL "):
		return nodeAny
	case strings.HasPrefix(s, "ROW(") && binaryOperator(p) != "":
		return nodeRowCompare
	case binaryOperator(p) != "":
		return nodeOp
	case len(p) > 1 && p[1] == ' ' && strings.IndexByte("-+~@|!", p[0]) >= 0:
		return nodePrefix
	}
	return nodeSimple
}

// binaryOperator gives the operator between two operands, "" for none.
func binaryOperator(p string) string {
	for i, f := range strings.Fields(p) {
		if i > 0 && strings.Trim(f, "+-*/<>=~!@#%^&|`?") == "" && f != "" {
			return f
		}
	}
	return ""
}

// keeps tells whether an operand keeps its parentheses. left tells that it is the left one.
func keeps(parent, child node, parentOp, childOp string, left bool) bool {
	switch child {
	case nodeSimple, nodeCase:
		return false
	case nodeCollate, nodeAny, nodeRowCompare:
		return true
	}
	switch parent {
	case nodeSimple:
		return false
	case nodeAnd, nodeOr:
		return child == nodeOr && parent == nodeAnd
	case nodeNot:
		return child == nodeAnd || child == nodeOr || child == nodeNot
	case nodeOp:
		if child != nodeOp {
			return true
		}
		low, high := "+-", "*/%"
		lowParent, highParent := strings.Contains(low, parentOp), strings.Contains(high, parentOp)
		lowChild, highChild := strings.Contains(low, childOp), strings.Contains(high, childOp)
		switch {
		case highChild && lowParent:
			return false
		case highChild && highParent || lowChild && lowParent:
			return !left
		}
	}
	return true
}

// prettyLevel does the operands of one operation, or each argument between commas.
func prettyLevel(s string) string {
	var b strings.Builder
	start := 0
	gs := groups(s)
	flush := func(end int) {
		b.WriteString(prettyOperation(s[start:end]))
	}
	at := 0
	for i := 0; i < len(s); i++ {
		if at < len(gs) && i == gs[at].start {
			i = gs[at].end - 1
			at++
			continue
		}
		switch s[i] {
		case '\'', '"':
			i = skipQuoted(s, i)
		case ',':
			flush(i)
			b.WriteByte(',')
			start = i + 1
			if start < len(s) && s[start] == ' ' {
				b.WriteByte(' ')
				start++
			}
		}
	}
	flush(len(s))
	return b.String()
}

func prettyOperation(s string) string {
	kind, op := nodeKind(s), binaryOperator(plain(s))
	if kind == nodeCase {
		kind = nodeSimple // WHEN, THEN and ELSE separate
	}
	var b strings.Builder
	at := 0
	for _, g := range groups(s) {
		b.WriteString(s[at:g.start])
		at = g.end
		if g.end-g.start < 2 {
			b.WriteString(s[g.start:g.end])
			continue
		}
		inner := s[g.start+1 : g.end-1]
		child := nodeKind(inner)
		done := prettyLevel(inner)
		cast := strings.HasPrefix(s[g.end:], "::")
		switch {
		case g.syntax:
			if whole, ok := wholeGroup(inner); ok && nodeKind(whole) != nodeRowCompare && nodeKind(whole) != nodeCollate && nodeKind(whole) != nodeAny {
				done = prettyLevel(whole)
			}
			b.WriteByte(s[g.start])
			b.WriteString(done)
			b.WriteByte(s[g.end-1])
		case cast && child != nodeSimple || !cast && keeps(kind, child, op, binaryOperator(plain(inner)), g.start == 0) || strings.HasPrefix(inner, "SELECT "):
			b.WriteString("(" + done + ")")
		default:
			b.WriteString(done)
		}
	}
	b.WriteString(s[at:])
	return b.String()
}
