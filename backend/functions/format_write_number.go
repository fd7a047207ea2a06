package functions

import (
	"pgd/backend/pgerr"
	"strings"
)

func romanNumber(x int64) string {
	if x < 1 || x > 3999 {
		return strings.Repeat("#", 15)
	}
	var b strings.Builder
	for _, r := range []struct {
		n int64
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for x >= r.n {
			b.WriteString(r.s)
			x -= r.n
		}
	}
	return b.String()
}

// numberWriter fills a template with digits.
type numberWriter struct {
	*numberFormat
	out       []byte
	number    string // digits with the point
	at        int    // in number
	sign      byte
	signDone  bool
	digitSeen bool // the last place held a digit
	spaces    int  // places before the first digit
	place     int
	places    int
	cut       int // where the digits ran out; PostgreSQL's output ends there, -1 for nowhere
	last      int // of the digits that count in fill mode, -1 where all do
}

func (n *numberFormat) write(digits string) (string, error) {
	w := &numberWriter{numberFormat: n, number: digits, sign: '+', last: -1, cut: -1}
	if n.scientific {
		// Digits and point are one; other text is kept.
		return digits, nil
	}
	if n.roman {
		return w.romanText(), nil
	}
	if strings.HasPrefix(digits, "-") {
		w.sign, w.number = '-', digits[1:]
	}
	whole := len(w.number)
	if i := strings.IndexByte(w.number, '.'); i >= 0 {
		whole = i
	}
	if whole < n.pre {
		w.spaces = n.pre - whole
	} else if whole > n.pre {
		w.number = strings.Repeat("#", n.pre) + "." + strings.Repeat("#", n.post)
	}
	if n.plus || n.minus {
		w.signDone = !(n.plus && !n.minus)
	} else {
		if w.sign != '-' && n.fill {
			n.bracket = false
		}
		w.signDone = w.sign == '+' && n.fill && !n.hasLsign
		if n.lsign == 1 && n.pre == n.lsignAt {
			n.lsign = 2
		}
	}
	w.places = n.post + n.pre - 1
	if n.fill && n.decimal {
		w.last = lastRelevant(w.number)
		if w.last >= 0 && n.zeroEnd > w.spaces {
			w.last = max(w.last, min(len(w.number)-1, n.zeroEnd-w.spaces))
		}
	}
	if !w.signDone && w.spaces == 0 {
		w.places++
	}
	for _, node := range n.nodes {
		if (node.key == "th" || node.key == "TH") && w.number == "NaN" && !n.decimal && w.sign != '-' {
			return "", pgerr.New(pgerr.InvalidTextRepresentation, "\"%s\" is not a number", w.number)
		}
		w.node(node)
	}
	if w.cut >= 0 {
		w.out = w.out[:w.cut]
	}
	return string(w.out), nil
}

// lastRelevant finds the last digit after the point that is not zero, or the point; -1 without one.
func lastRelevant(s string) int {
	p := strings.IndexByte(s, '.')
	if p < 0 {
		return -1
	}
	last := p
	for i := p + 1; i < len(s); i++ {
		if s[i] != '0' {
			last = i
		}
	}
	return last
}

func (w *numberWriter) romanText() string {
	for _, node := range w.nodes {
		switch node.key {
		case "RN", "rn":
			s := w.number
			if node.key == "rn" {
				s = strings.ToLower(s)
			}
			if !w.fill {
				s = strings.Repeat(" ", max(15-len(s), 0)) + s
			}
			w.out = append(w.out, s...)
		case "":
			w.out = append(w.out, node.text...)
		}
	}
	return string(w.out)
}

func (w *numberWriter) node(n templateNode) {
	blank := func(s string) {
		if !w.fill {
			w.out = append(w.out, s...)
		}
	}
	switch n.key {
	case "":
		w.out = append(w.out, n.text...)
	case "9", "0", ".", "D":
		w.digit(n.key)
	case ",", "G":
		if w.digitSeen {
			w.out = append(w.out, ',')
		} else {
			blank(" ")
		}
	case "L":
		w.out = append(w.out, ' ')
	case "th", "TH":
		if w.number[0] == '#' || w.sign == '-' || w.decimal {
			return
		}
		whole, _, _ := strings.Cut(w.number, ".")
		w.out = append(w.out, ordinal(whole, n.key == "TH")...)
	case "MI":
		if w.sign == '-' {
			w.out = append(w.out, '-')
		} else {
			blank(" ")
		}
	case "PL":
		if w.sign == '+' {
			w.out = append(w.out, '+')
		} else {
			blank(" ")
		}
	case "SG":
		w.out = append(w.out, w.sign)
	}
}

// digit writes one place of the number, and the sign where the number begins or ends.
func (w *numberWriter) digit(key string) {
	w.digitSeen = false
	atDot := w.last >= 0 && w.number[w.last] == '.'
	leadingZero := !w.zero && w.at == 0 && w.number != "" && w.number[0] == '0' && w.post != 0
	if !w.signDone && (w.place >= w.spaces || w.zero && w.zeroStart == w.place) && (!leadingZero || atDot) {
		switch {
		case w.hasLsign:
			if w.lsign == 1 {
				w.out = append(w.out, w.sign)
				w.signDone = true
			}
		case w.bracket:
			if w.sign == '+' {
				w.out = append(w.out, ' ')
			} else {
				w.out = append(w.out, '<')
			}
			w.signDone = true
		case w.sign == '+':
			if !w.fill {
				w.out = append(w.out, ' ')
			}
			w.signDone = true
		default:
			w.out = append(w.out, '-')
			w.signDone = true
		}
	}
	switch {
	case w.place < w.spaces && (w.zeroStart > w.place || !w.zero):
		if !w.fill {
			w.out = append(w.out, ' ')
		}
	case w.zero && w.place < w.spaces && w.zeroStart <= w.place:
		w.out = append(w.out, '0')
		w.digitSeen = true
	default:
		w.figure(key, leadingZero, atDot)
		if w.at < len(w.number) {
			w.at++
		}
	}
	end := w.places
	if w.spaces > 0 {
		end++
	}
	if w.decimal {
		end++
	}
	if w.last >= 0 && w.last == w.at {
		end = w.place
	}
	if w.place+1 == end {
		switch {
		case w.signDone && w.bracket:
			if w.sign == '+' {
				w.out = append(w.out, ' ')
			} else {
				w.out = append(w.out, '>')
			}
		case w.hasLsign && w.lsign == 2:
			w.out = append(w.out, w.sign)
		}
	}
	w.place++
}

func (w *numberWriter) figure(key string, leadingZero, atDot bool) {
	if w.at >= len(w.number) {
		if w.cut < 0 && !(w.last >= 0 && key != "0") {
			w.cut = len(w.out)
		}
		return
	}
	c := w.number[w.at]
	switch {
	case c == '.':
		if !atDot || w.fill {
			w.out = append(w.out, '.')
		}
	case w.last >= 0 && w.at > w.last && key != "0":
	case leadingZero:
		if !w.fill {
			w.out = append(w.out, ' ')
		} else if atDot {
			w.out = append(w.out, '0')
		}
	default:
		w.out = append(w.out, c)
		w.digitSeen = true
	}
}
