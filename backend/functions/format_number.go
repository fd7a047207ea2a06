package functions

import (
	"fmt"
	"math"
	"pgd/backend/pgerr"
	"pgd/backend/types"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numberFormat is a template of to_char and to_number for numbers, with what its patterns add up to.
type numberFormat struct {
	nodes                              []templateNode
	pre, post, multi                   int
	zeroStart, zeroEnd                 int
	zero, decimal, fill                bool
	lsign                              int // 0 none, 1 before, 2 after
	lsignAt                            int
	hasLsign, bracket, minus, plus     bool
	roman, hasMulti, scientific, blank bool
}

func errTemplate(msg string, args ...any) error { return pgerr.New(pgerr.SyntaxError, msg, args...) }

func parseNumberFormat(f string) (*numberFormat, error) {
	n := &numberFormat{}
	for f != "" {
		key := ""
		for _, k := range numberKeys {
			if strings.HasPrefix(f, k) && len(k) > len(key) {
				key = k
			}
		}
		if key != "" {
			f = f[len(key):]
			node := templateNode{key: strings.ToUpper(key)}
			if key == "rn" || key == "th" {
				node.key = key
			}
			n.nodes = append(n.nodes, node)
			if err := n.prepare(strings.ToUpper(key)); err != nil {
				return nil, err
			}
			continue
		}
		if f[0] == '"' {
			f = f[1:]
			for f != "" && f[0] != '"' {
				if f[0] == '\\' && len(f) > 1 {
					f = f[1:]
				}
				_, w := utf8.DecodeRuneInString(f)
				n.nodes = append(n.nodes, templateNode{text: f[:w]})
				f = f[w:]
			}
			f = strings.TrimPrefix(f, `"`)
			continue
		}
		if f[0] == '\\' && len(f) > 1 && f[1] == '"' {
			f = f[1:]
		}
		_, w := utf8.DecodeRuneInString(f)
		n.nodes = append(n.nodes, templateNode{text: f[:w]})
		f = f[w:]
	}
	if n.zeroStart > 0 {
		n.zeroStart--
	}
	return n, nil
}

func (n *numberFormat) prepare(key string) error {
	if n.scientific && key != "EEEE" {
		return errTemplate("\"EEEE\" must be the last pattern used")
	}
	switch key {
	case "9", "0":
		if n.bracket {
			return errTemplate("\"%s\" must be ahead of \"PR\"", key)
		}
		if key == "9" {
			switch {
			case n.hasMulti:
				n.multi++
			case n.decimal:
				n.post++
			default:
				n.pre++
			}
			return nil
		}
		if !n.zero && !n.decimal {
			n.zero, n.zeroStart = true, n.pre+1
		}
		if n.decimal {
			n.post++
		} else {
			n.pre++
		}
		n.zeroEnd = n.pre + n.post
	case "B":
		n.blank = n.blank || n.pre == 0 && n.post == 0 && !n.zero
	case "D", ".":
		if n.decimal {
			return errTemplate("multiple decimal points")
		}
		if n.hasMulti {
			return errTemplate("cannot use \"V\" and decimal point together")
		}
		n.decimal = true
	case "FM":
		n.fill = true
	case "S":
		if n.hasLsign {
			return errTemplate("cannot use \"S\" twice")
		}
		if n.plus || n.minus || n.bracket {
			return errTemplate("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together")
		}
		n.hasLsign = true
		if !n.decimal {
			n.lsign, n.lsignAt = 1, n.pre
		} else {
			n.lsign = 2
		}
	case "MI", "PL", "SG":
		if n.hasLsign {
			return errTemplate("cannot use \"S\" and \"%s\" together", key)
		}
		n.minus = n.minus || key != "PL"
		n.plus = n.plus || key != "MI"
	case "PR":
		if n.hasLsign || n.plus || n.minus {
			return errTemplate("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together")
		}
		n.bracket = true
	case "RN":
		n.roman = true
	case "V":
		if n.decimal {
			return errTemplate("cannot use \"V\" and decimal point together")
		}
		n.hasMulti = true
	case "EEEE":
		if n.scientific {
			return errTemplate("cannot use \"EEEE\" twice")
		}
		if n.blank || n.fill || n.hasLsign || n.bracket || n.minus || n.plus || n.roman || n.hasMulti {
			e := errTemplate("\"EEEE\" is incompatible with other formats")
			e.(*pgerr.Error).Detail = "\"EEEE\" may only be used together with digit and decimal point patterns."
			return e
		}
		n.scientific = true
	}
	return nil
}

func numberFormatRows() []Row {
	rs := []Row{
		{Sig: "to_char(numeric,text)", Scalar: formatNumber(func(n *numberFormat, v types.Value) (string, error) { return n.decimalDigits(readDecimal(v)) })},
		{Sig: "to_char(real,text)", Scalar: formatNumber(func(n *numberFormat, v types.Value) (string, error) { return n.floatDigits(v.Float8(), 6) })},
		{Sig: "to_char(double precision,text)", Scalar: formatNumber(func(n *numberFormat, v types.Value) (string, error) { return n.floatDigits(v.Float8(), 15) })},
		{Sig: "to_number(text,text)", Scalar: toNumber},
	}
	whole := func(n *numberFormat, v types.Value) (string, error) { return n.decimalDigits(intDecimal(v.I)) }
	return append(rs, Row{Sig: "to_char(bigint,text)", Scalar: formatNumber(whole)},
		Row{Sig: "to_char(integer,text)", Scalar: formatNumber(func(n *numberFormat, v types.Value) (string, error) {
			if n.scientific {
				return n.floatDigits(float64(v.I), 15)
			}
			return whole(n, v)
		})})
}

func formatNumber(digits func(n *numberFormat, v types.Value) (string, error)) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		if len(a[1].B) == 0 {
			return types.StringValue(""), nil
		}
		n, err := parseNumberFormat(string(a[1].B))
		if err != nil {
			return null, err
		}
		s, err := digits(n, a[0])
		if err != nil {
			return null, err
		}
		s, err = n.write(s)
		return types.StringValue(s), err
	}
}

func (n *numberFormat) hashes() string {
	return " " + strings.Repeat("#", n.pre) + "." + strings.Repeat("#", n.post+4)
}

// decimalDigits prints a numeric as the digits that the template is filled with.
func (n *numberFormat) decimalDigits(d decimal) (string, error) {
	switch {
	case n.roman:
		v, err := d.value()
		if err == nil {
			v, err = numericToInt(intTypes[1])(nil, []types.Value{v})
		}
		return romanNumber(v.I), err
	case n.scientific:
		if d.special != 0 {
			return n.hashes(), nil
		}
		return scientific(d, n.post), nil
	}
	if n.hasMulti {
		d = d.mul(decimal{c: pow10(n.multi)})
		n.pre += n.multi
	}
	v, err := d.round(n.post).value()
	return string(v.B), err
}

// scientific writes d.ddde+xx with a blank for plus.
func scientific(d decimal, post int) string {
	digits := strings.TrimPrefix(d.c.String(), "-")
	exp := len(digits) - 1 - d.scale
	if d.c.Sign() == 0 {
		exp = 0
	}
	r := decimal{scale: d.scale + exp, c: d.c}
	if r.scale < 0 {
		r = decimal{c: d.c, scale: d.scale}.mul(decimal{c: bigOne})
		r = r.quo(decimal{c: pow10(exp)}, post)
	} else {
		r = r.round(post)
	}
	v, _ := r.value()
	s := string(v.B)
	if s[0] != '-' {
		s = " " + s
	}
	return s + fmt.Sprintf("e%+03d", exp)
}

func (n *numberFormat) floatDigits(f float64, max int) (string, error) {
	special := f != f || math.IsInf(f, 0)
	switch {
	case n.roman:
		if special || math.Abs(f) > 4000 {
			return romanNumber(0), nil
		}
		return romanNumber(int64(math.RoundToEven(f))), nil
	case n.scientific:
		if special {
			return n.hashes(), nil
		}
		s := strconv.FormatFloat(f, 'e', n.post, 64)
		if s[0] != '-' {
			s = " " + s
		}
		return s, nil
	}
	if n.hasMulti {
		f *= math.Pow10(n.multi)
		n.pre += n.multi
	}
	whole := len(strconv.FormatFloat(math.Abs(f), 'f', 0, 64))
	if whole >= max {
		n.post = 0
	} else if whole+n.post > max {
		n.post = max - whole
	}
	s := strconv.FormatFloat(f, 'f', n.post, 64)
	switch s {
	case "+Inf":
		s = "Infinity"
	case "-Inf":
		s = "-Infinity"
	}
	return s, nil
}
