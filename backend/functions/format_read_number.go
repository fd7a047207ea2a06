package functions

import (
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// numberReader reads a number by a template: each digit place takes one character, a digit or not; a sign may stand before the first digit
// or behind the last one.
type numberReader struct {
	*numberFormat
	s      string
	at     int
	sign   byte // ' ' while none was read
	digits []byte
	point  bool
	before int // digits read before the point
	after  int
}

func toNumber(_ *Call, a []types.Value) (types.Value, error) {
	if len(a[1].B) == 0 {
		return null, nil
	}
	n, err := parseNumberFormat(string(a[1].B))
	if err != nil {
		return null, err
	}
	if n.roman {
		return null, pgerr.New(pgerr.FeatureNotSupported, "\"RN\" not supported for input")
	}
	if n.scientific {
		return null, pgerr.New(pgerr.FeatureNotSupported, "\"EEEE\" not supported for input")
	}
	r := &numberReader{numberFormat: n, s: string(a[0].B), sign: ' '}
	for _, node := range n.nodes {
		if r.over() {
			break
		}
		r.node(node)
	}
	text := string(r.sign) + strings.TrimSuffix(string(r.digits), ".")
	v, err := types.ByOID(types.NumericOID).Input(&types.Context{}, text, -1)
	if err != nil {
		return null, err
	}
	mod := int32((n.pre+n.multi+r.after)<<16|r.after) + 4
	if v, err = types.ByOID(types.NumericOID).Apply(&types.Context{}, v, mod, false); err != nil {
		return null, err
	}
	if !n.hasMulti {
		return v, nil
	}
	p, err := powerDec(intDecimal(10), intDecimal(int64(-n.multi)))
	if err != nil {
		return null, err
	}
	return readDecimal(v).mul(p).value()
}

func (r *numberReader) over() bool { return r.at >= len(r.s) }

func (r *numberReader) node(n templateNode) {
	switch n.key {
	case "9", "0", ".", "D":
		r.digit(n.key == "9" || n.key == "0")
		r.at++
	case ",", "G":
		if !r.fill && r.s[r.at] == ',' {
			r.at++
		}
	case "L":
		r.eat(1)
	case "TH", "th":
		r.eat(2)
	case "MI", "PL", "SG":
		c := r.s[r.at]
		if c == '-' && n.key != "PL" || c == '+' && n.key != "MI" {
			r.sign = c
			r.at++
		} else {
			r.eat(1)
		}
	case "":
		_, w := utf8.DecodeRuneInString(r.s[r.at:])
		r.at += w
	}
}

// eat skips characters that belong to no number.
func (r *numberReader) eat(n int) {
	for ; n > 0 && !r.over() && strings.IndexByte("0123456789.,+-", r.s[r.at]) < 0; n-- {
		_, w := utf8.DecodeRuneInString(r.s[r.at:])
		r.at += w
	}
}

// digit reads one place. It stands on the last character taken; the caller steps over that.
func (r *numberReader) digit(place bool) {
	if r.s[r.at] == ' ' {
		if r.at++; r.over() {
			return
		}
	}
	if r.sign == ' ' && place && r.before+r.after == 0 {
		c := r.s[r.at]
		switch {
		case r.hasLsign && r.lsign == 1 && (c == '-' || c == '+'), !(r.hasLsign && r.lsign == 1) && (c == '-' || c == '+'):
			r.sign = c
			r.at++
		case r.bracket && c == '<':
			r.sign = '-'
			r.at++
		}
		if r.over() {
			return
		}
	}
	read := false
	switch c := r.s[r.at]; {
	case c >= '0' && c <= '9':
		if r.point && r.after == r.post {
			return
		}
		r.digits = append(r.digits, c)
		if r.point {
			r.after++
		} else {
			r.before++
		}
		read = true
	case c == '.' && r.decimal && !r.point:
		r.digits = append(r.digits, '.')
		r.point, read = true, true
	}
	if r.sign != ' ' || r.before+r.after == 0 {
		return
	}
	if r.hasLsign {
		if read && r.at+1 < len(r.s) && (r.s[r.at+1] == '-' || r.s[r.at+1] == '+') {
			r.at++
			r.sign = r.s[r.at]
		}
	} else if c := r.s[r.at]; !read && (r.plus || r.minus) && (c == '-' || c == '+') {
		r.sign = c
	}
}
