package settings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Parse reads a value as SET and pgd.conf give it and answers its canonical form: integers and reals in base units,
// on or off, an enum's label, strings as they are. The error is an *Error.
func (s *Setting) Parse(v string) (string, error) { return s.ParseAs(s.Name, v) }

// ParseAs is Parse with the name as the user wrote it, which is the one PostgreSQL puts into messages.
func (s *Setting) ParseAs(name, v string) (string, error) {
	switch s.Type {
	case Bool:
		b, ok := ParseBool(v)
		if !ok {
			return "", invalid(fmt.Sprintf(`parameter "%s" requires a Boolean value`, name))
		}
		return onOff(b), nil
	case Integer:
		n, hint, ok := s.parseInt(v)
		if !ok {
			return "", badValue(name, v, hint)
		}
		if float64(n) < s.Min || float64(n) > s.Max {
			return "", s.outside(name, strconv.FormatInt(n, 10), strconv.FormatInt(int64(s.Min), 10), strconv.FormatInt(int64(s.Max), 10))
		}
		return strconv.FormatInt(n, 10), nil
	case Real:
		f, hint, ok := s.parseReal(v)
		if !ok {
			return "", badValue(name, v, hint)
		}
		if f < s.Min || f > s.Max {
			return "", s.outside(name, general(f), general(s.Min), general(s.Max))
		}
		return strconv.FormatFloat(f, 'g', -1, 64), nil
	case Enum:
		if label, ok := s.label(v); ok {
			return label, nil
		}
		return "", badValue(name, v, "Available values: "+strings.Join(s.Enum, ", ")+".")
	}
	return s.checkString(name, v)
}

// ParseBool accepts what PostgreSQL's parse_bool does: unique prefixes of true, false, yes, no, on, off, and 1, 0.
func ParseBool(v string) (value, ok bool) {
	if v == "" {
		return false, false
	}
	is := func(word string, least int) bool {
		return len(v) >= least && len(v) <= len(word) && strings.EqualFold(v, word[:len(v)])
	}
	switch {
	case is("true", 1), is("yes", 1), is("on", 2), v == "1":
		return true, true
	case is("false", 1), is("no", 1), is("off", 2), v == "0":
		return false, true
	}
	return false, false
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// label finds the enum label v stands for. Enums that have on and off take the other Boolean words too, and "debug" is
// debug2, as PostgreSQL's hidden labels have it.
func (s *Setting) label(v string) (string, bool) {
	for _, e := range s.Enum {
		if strings.EqualFold(e, v) {
			return e, true
		}
	}
	alias := ""
	switch strings.ToLower(v) {
	case "true", "yes", "1":
		alias = "on"
	case "false", "no", "0":
		alias = "off"
	case "debug":
		alias = "debug2"
	case "info": // accepted by client_min_messages and others without being shown
		if s.Name == "client_min_messages" {
			return "info", true
		}
	}
	if alias != "" {
		for _, e := range s.Enum {
			if e == alias {
				return e, true
			}
		}
	}
	return "", false
}

func badValue(name, v, hint string) *Error {
	e := invalid(fmt.Sprintf(`invalid value for parameter "%s": "%s"`, name, v))
	e.Hint = hint
	return e
}

func (s *Setting) outside(name, v, lo, hi string) *Error {
	if s.Unit != "" {
		v += " " + s.Unit
	}
	return invalid(fmt.Sprintf(`%s is outside the valid range for parameter "%s" (%s .. %s)`, v, name, lo, hi))
}

const exceedsInteger = "Value exceeds integer range."

func (s *Setting) parseInt(v string) (n int64, hint string, ok bool) {
	f, rest, ok := scanNumber(v, true)
	if !ok {
		return 0, "", false
	}
	if math.IsInf(f, 0) && !isDigits(v) {
		return 0, "", false // strtod's range error has no hint, strtol's has one
	}
	f, hint, ok = s.scale(f, rest)
	if !ok {
		return 0, hint, false
	}
	f = math.RoundToEven(f)
	if !(f >= math.MinInt32 && f <= math.MaxInt32) {
		return 0, exceedsInteger, false
	}
	return int64(f), "", true
}

func (s *Setting) parseReal(v string) (f float64, hint string, ok bool) {
	f, rest, ok := scanNumber(v, false)
	if !ok {
		return 0, "", false
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, "", false
	}
	return s.scale(f, rest)
}

// scanNumber reads the number v begins with, as strtol with base 0 and strtod do, and gives what follows it.
func scanNumber(v string, integer bool) (f float64, rest string, ok bool) {
	v = strings.TrimLeft(v, " \t\n\v\f\r")
	i := 0
	if i < len(v) && (v[i] == '+' || v[i] == '-') {
		i++
	}
	start := i
	if len(v) > i+2 && v[i] == '0' && (v[i+1] == 'x' || v[i+1] == 'X') && isHex(v[i+2]) {
		for i += 2; i < len(v) && isHex(v[i]); i++ {
		}
		n, err := strconv.ParseUint(v[start+2:i], 16, 63)
		f = float64(n)
		if err != nil {
			f = math.Inf(1)
		}
		if v[0] == '-' {
			f = -f
		}
		return f, v[i:], true
	}
	digits := func() (n int) {
		for ; i < len(v) && '0' <= v[i] && v[i] <= '9'; i++ {
			n++
		}
		return n
	}
	whole := digits()
	fraction, isReal := 0, false
	if i < len(v) && v[i] == '.' {
		i++
		isReal = true
		fraction = digits()
	}
	if whole+fraction == 0 {
		return 0, "", false
	}
	if i < len(v) && (v[i] == 'e' || v[i] == 'E') {
		save := i
		i++
		if i < len(v) && (v[i] == '+' || v[i] == '-') {
			i++
		}
		if digits() > 0 {
			isReal = true
		} else {
			i = save
		}
	}
	text := v[:i]
	// A leading zero makes an integer octal; the digits end where they stop being octal, as strtol would.
	if integer && !isReal && whole > 1 && v[start] == '0' {
		end := start
		for end < i && '0' <= v[end] && v[end] <= '7' {
			end++
		}
		n, err := strconv.ParseInt(v[:end], 8, 64)
		if err != nil {
			return math.Inf(1), v[end:], true
		}
		return float64(n), v[end:], true
	}
	f, _ = strconv.ParseFloat(text, 64) // out of range gives ±Inf, which the caller refuses
	return f, v[i:], true
}

func isDigits(v string) bool { return strings.Trim(v, "+-0123456789 ") == "" }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'f'
}

// scale turns a number with the unit that follows it into the setting's base unit.
func (s *Setting) scale(f float64, rest string) (float64, string, bool) {
	unit := strings.Trim(rest, " \t\n\v\f\r")
	if unit == "" {
		return f, "", true
	}
	if s.Unit == "" {
		return 0, "", false
	}
	scale, base := unitsOf(s.Unit)
	for i, u := range scale {
		if u.name != unit {
			continue
		}
		f *= u.size / base
		// A fraction such as 30.1GB is rounded to the next smaller unit, so that it prints sensibly.
		if i+1 < len(scale) {
			step := scale[i+1].size / base
			f = math.RoundToEven(f/step) * step
		}
		return f, "", true
	}
	return 0, unitHint(scale), false
}
