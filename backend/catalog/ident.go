package catalog

import (
	"strings"

	"pgd/backend/catalog/builtin"
)

// QuoteIdent quotes a name where SQL would read it otherwise, as quote_ident does.
func QuoteIdent(s string) string { return builtin.QuoteIdent(s) }

// SplitIdents reads a qualified name as the reg* types take it: parts between dots, folded to lower case unless quoted. ok is false
// where it is none.
func SplitIdents(s string) (parts []string, ok bool) {
	s = strings.TrimSpace(s)
	for {
		var part strings.Builder
		i := 0
		switch {
		case s == "":
			return nil, false
		case s[0] == '"':
			for i = 1; ; i++ {
				if i >= len(s) {
					return nil, false
				}
				if s[i] == '"' {
					if i+1 < len(s) && s[i+1] == '"' {
						i++
					} else {
						break
					}
				}
				part.WriteByte(s[i])
			}
			i++
			if part.Len() == 0 {
				return nil, false
			}
		default:
			for i < len(s) && s[i] != '.' && s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '"' {
				c := s[i]
				if c >= 'A' && c <= 'Z' {
					c += 'a' - 'A'
				}
				part.WriteByte(c)
				i++
			}
			if i == 0 {
				return nil, false
			}
		}
		parts = append(parts, truncate(part.String()))
		s = strings.TrimLeft(s[i:], " \t\n")
		if s == "" {
			return parts, true
		}
		if s[0] != '.' {
			return nil, false
		}
		s = strings.TrimLeft(s[1:], " \t\n")
	}
}
