package builtin

import "strings"

// QuoteIdent quotes a name where SQL would read it otherwise, as quote_ident does.
func QuoteIdent(s string) string {
	plain := s != ""
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c >= 'a' && c <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9'
	}
	if plain {
		if k := KeywordCategory(s); k == 0 || k == 'U' {
			return s
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
