package ddl

import (
	"strings"

	"pgd/backend/parse"
)

// stringOf gives the text of a String node, "" for anything else.
func stringOf(n parse.Node) string {
	if s, ok := n.(*parse.String); ok {
		return s.Sval
	}
	return ""
}

func stringsOf(ns []parse.Node) []string {
	out := make([]string, 0, len(ns))
	for _, n := range ns {
		out = append(out, stringOf(n))
	}
	return out
}

// listOf gives the items of a List node, or the node itself as the only one.
func listOf(n parse.Node) []parse.Node {
	if l, ok := n.(*parse.List); ok {
		return l.Items
	}
	return []parse.Node{n}
}

// qualified splits a possibly qualified name; a database name in front is dropped by the caller's check.
func qualified(names []parse.Node) (schema, name string) {
	s := stringsOf(names)
	switch len(s) {
	case 0:
		return "", ""
	case 1:
		return "", s[0]
	default:
		return s[len(s)-2], s[len(s)-1]
	}
}

func joinName(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ".")
}
