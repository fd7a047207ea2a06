package hba

// line is a logical line: its place, and its fields, each a list of words that commas joined.
type line struct {
	file   string
	number int
	fields [][]Token
}

// scanner walks over the words of one logical line.
type scanner struct {
	text string
	pos  int
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// next gives the next word, and whether a comma ended it. Quotes may begin anywhere in a word; doubled they stand for
// themselves; a word that begins with one is Quoted.
func (s *scanner) next() (tok Token, comma, ok bool) {
	for s.pos < len(s.text) && (isBlank(s.text[s.pos]) || s.text[s.pos] == ',') {
		s.pos++
	}
	var (
		word              []byte
		inQuote, wasQuote bool
		sawQuote, quoted  bool
	)
	for ; s.pos < len(s.text); s.pos++ {
		c := s.text[s.pos]
		if isBlank(c) && !inQuote {
			break
		}
		if c == '#' && !inQuote {
			s.pos = len(s.text)
			break
		}
		if c == ',' && !inQuote {
			comma = true
			s.pos++
			break
		}
		if c != '"' || wasQuote {
			word = append(word, c)
		}
		wasQuote = inQuote && c == '"' && !wasQuote
		if c == '"' {
			inQuote = !inQuote
			sawQuote = true
			if len(word) == 0 {
				quoted = true
			}
		}
	}
	return Token{Text: string(word), Quoted: quoted}, comma, sawQuote || len(word) > 0
}

// field gives the next field: words joined by commas, with @file replaced by the words of that file.
func (l *loader) field(s *scanner, file string, number, depth int) []Token {
	var out []Token
	for {
		tok, comma, ok := s.next()
		if !ok {
			return out
		}
		if !tok.Quoted && len(tok.Text) > 1 && tok.Text[0] == '@' {
			out = append(out, l.words(tok.Text[1:], file, number, depth+1)...)
		} else {
			out = append(out, tok)
		}
		if !comma {
			return out
		}
	}
}
