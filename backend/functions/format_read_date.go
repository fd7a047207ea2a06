package functions

import (
	"math"
	"pgd/backend/pgerr"
	"strconv"
	"strings"
	"unicode/utf8"
)

// dateScan reads a text by a template, as to_date and to_timestamp do: fields as wide as their pattern unless a separator follows, spaces
// skipped, text compared only in length. A field may be given twice only with the same value.
type dateScan struct {
	s              string
	skip           int // spaces skipped more than the template had
	fx             bool
	set            map[string]int64
	yearDigits     int
	bc, pm         bool
	clock12        bool
	zone           *int
	iso, gregorian bool
	typ            string
	src            string
}

func errRead(msg string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.InvalidDatetimeFormat, msg, args...)
}

// put stores a field.
func (r *dateScan) put(field string, v int64, key string) error {
	if old, ok := r.set[field]; ok && old != v {
		return errRead("conflicting values for \"%s\" field in formatting string", key).
			WithDetail("This value contradicts a previous setting for the same field type.")
	}
	r.set[field] = v
	return nil
}

func isSeparatorNode(n templateNode) bool {
	return n.key == "" && !n.quoted && n.text != "" && n.text[0] < 0x80 && !alnum(n.text[0])
}

func alnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func spaceByte(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func (r *dateScan) trim() (n int) {
	for r.s != "" && spaceByte(r.s[0]) {
		r.s = r.s[1:]
		n++
	}
	return n
}

// digitNode tells the patterns that begin with a digit in the input.
func digitNode(n templateNode) bool {
	switch strings.ToUpper(n.key) {
	case "", "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "P.M.", "PM", "DAY", "DY", "MONTH", "MON", "RM", "TZ", "OF", "FX", "TZH":
		return false
	}
	return true
}

// integer reads a number of at most width digits, or all there are where the template goes on with something else.
func (r *dateScan) integer(nodes []templateNode, i, width int) (v int64, digits int, err error) {
	n := nodes[i]
	init := r.s
	r.trim()
	free := n.fm || n.th || n.TH || i+1 >= len(nodes) || !digitNode(nodes[i+1])
	text := r.s
	if !free {
		if len(text) < width {
			return 0, 0, errRead("source string too short for \"%s\" formatting field", n.key).
				WithDetail("Field requires %d characters, but only %d remain.", width, len(text)).
				WithHint("If your source string is not fixed-width, try using the \"FM\" modifier.")
		}
		text = text[:width]
	}
	end := 0
	if end < len(text) && (text[end] == '-' || text[end] == '+') {
		end++
	}
	start := end
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if end == start {
		end = 0
	}
	if !free && end > 0 && end < width {
		return 0, 0, errRead("invalid value \"%s\" for \"%s\"", text, n.key).
			WithDetail("Field requires %d characters, but only %d could be parsed.", width, end).
			WithHint("If your source string is not fixed-width, try using the \"FM\" modifier.")
	}
	if end == 0 {
		if len(init) > width {
			init = init[:width]
		}
		return 0, 0, errRead("invalid value \"%s\" for \"%s\"", init, n.key).WithDetail("Value must be an integer.")
	}
	v, e := strconv.ParseInt(text[:end], 10, 64)
	if e != nil || v < math.MinInt32 || v > math.MaxInt32 {
		return 0, 0, pgerr.New(pgerr.DatetimeFieldOverflow, "value for \"%s\" in source string is out of range", n.key).
			WithDetail("Value must be in the range %d to %d.", math.MinInt32, math.MaxInt32)
	}
	r.s = r.s[end:]
	return v, end - start, nil
}

// oneOf reads one of several words in any case.
func (r *dateScan) oneOf(words []string, key string) (int, error) {
	for i, w := range words {
		if len(r.s) >= len(w) && strings.EqualFold(r.s[:len(w)], w) {
			r.s = r.s[len(w):]
			return i, nil
		}
	}
	text := r.s
	for i := 0; i < len(text); i++ {
		if spaceByte(text[i]) {
			text = text[:i]
			break
		}
	}
	return 0, errRead("invalid value \"%s\" for \"%s\"", text, key).WithDetail("The given value did not match any of the allowed values for this field.")
}

func (r *dateScan) read(nodes []templateNode) error {
	for i, n := range nodes {
		if r.s == "" {
			break
		}
		if !r.fx && strings.ToUpper(n.key) != "FX" && (n.key != "" || i == 0) {
			r.skip += r.trim()
		}
		if n.key == "" {
			r.literal(n)
			continue
		}
		if strings.ToUpper(n.key) == "FX" {
			r.fx = true
			continue
		}
		if err := r.field(nodes, i); err != nil {
			return err
		}
		if n.th || n.TH {
			r.s = r.s[min(2, len(r.s)):]
		}
		if !r.fx {
			r.skip = r.trim()
		}
	}
	return nil
}

func (r *dateScan) literal(n templateNode) {
	separator := isSeparatorNode(n)
	if separator && !r.fx {
		// A separator stands for one or none in the text.
		r.skip--
		if r.s != "" && r.s[0] < 0x80 && !alnum(r.s[0]) {
			r.s = r.s[1:]
			r.skip++
		}
		return
	}
	if !separator && !r.fx && r.skip > 0 {
		r.skip--
		return
	}
	_, w := utf8.DecodeRuneInString(r.s)
	r.s = r.s[w:]
}

// widths are the fields that are plain numbers: the name they are kept under and how wide they are.
var readWidths = map[string]struct {
	field string
	width int
}{
	"HH24": {"hour", 2}, "HH12": {"hour", 2}, "HH": {"hour", 2}, "MI": {"minute", 2}, "SS": {"second", 2}, "SSSS": {"ssss", 5}, "SSSSS": {"ssss", 5},
	"MM": {"month", 2}, "DD": {"day", 2}, "DDD": {"doy", 3}, "IDDD": {"doy", 3}, "D": {"dow", 1}, "ID": {"dow", 1}, "WW": {"week", 2}, "IW": {"week", 2},
	"W": {"w", 1}, "CC": {"cc", 2}, "J": {"j", 7}, "Q": {"q", 1}, "YYYY": {"year", 4}, "IYYY": {"year", 4}, "YYY": {"year", 3}, "IYY": {"year", 3},
	"YY": {"year", 2}, "IY": {"year", 2}, "Y": {"year", 1}, "I": {"year", 1},
}

func (r *dateScan) field(nodes []templateNode, i int) error {
	n := nodes[i]
	key := strings.ToUpper(n.key)
	if w, ok := readWidths[key]; ok {
		return r.plain(nodes, i, key, w.field, w.width)
	}
	switch key {
	case "A.M.", "P.M.", "AM", "PM":
		words := []string{"am", "pm"}
		if strings.Contains(key, ".") {
			words = []string{"a.m.", "p.m."}
		}
		k, err := r.oneOf(words, n.key)
		if err != nil {
			return err
		}
		r.clock12 = true
		r.pm = k == 1
		return r.put("ampm", int64(k), n.key)
	case "A.D.", "B.C.", "AD", "BC":
		words := []string{"ad", "bc"}
		if strings.Contains(key, ".") {
			words = []string{"a.d.", "b.c."}
		}
		k, err := r.oneOf(words, n.key)
		r.bc = k == 1
		return err
	case "MONTH", "MON":
		names := monthsFull
		if key == "MON" {
			names = firstThree(monthsFull)
		}
		k, err := r.oneOf(names, n.key)
		if err != nil {
			return err
		}
		return r.put("month", int64(k+1), n.key)
	case "DAY", "DY":
		names := daysFull
		if key == "DY" {
			names = firstThree(daysFull)
		}
		k, err := r.oneOf(names, n.key)
		if err != nil {
			return err
		}
		return r.put("dow", int64(k+1), n.key)
	case "RM":
		for k := 11; k >= 0; k-- {
			if w := romanMonths[k]; len(r.s) >= len(w) && strings.EqualFold(r.s[:len(w)], w) && !(len(r.s) > len(w) && strings.ContainsRune("IVXivx", rune(r.s[len(w)]))) {
				r.s = r.s[len(w):]
				return r.put("month", int64(k+1), n.key)
			}
		}
		_, err := r.oneOf(nil, n.key)
		return err
	case "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		width := map[string]int{"MS": 3, "US": 6}[key]
		if width == 0 {
			width = int(key[2] - '0')
		}
		v, digits, err := r.integer(nodes, i, width)
		if err != nil {
			return err
		}
		for ; digits < 6; digits++ {
			v *= 10
		}
		return r.put("usec", v, n.key)
	case "Y,YYY":
		a, _, err := r.integer([]templateNode{{key: n.key}}, 0, 5)
		if err != nil || !strings.HasPrefix(r.s, ",") {
			return errRead("invalid input string for \"Y,YYY\"")
		}
		r.s = r.s[1:]
		b, _, err := r.integer([]templateNode{{key: n.key}}, 0, 3)
		if err != nil {
			return errRead("invalid input string for \"Y,YYY\"")
		}
		r.yearDigits = 4
		return r.put("year", a*1000+b, n.key)
	case "TZH":
		sign := int64(1)
		// The sign may have been taken for a separator of the template.
		if at := len(r.src) - len(r.s); r.skip > 0 && at > 0 && r.src[at-1] == '-' {
			sign = -1
		}
		if r.s[0] == '+' || r.s[0] == '-' || r.s[0] == ' ' {
			if r.s[0] == '-' {
				sign = -1
			}
			r.s = r.s[1:]
		}
		v, _, err := r.integer(nodes, i, 2)
		if err != nil {
			return err
		}
		off := int(sign * v * 3600)
		r.zone = &off
		return r.put("tzsign", sign, n.key)
	case "TZM":
		v, _, err := r.integer(nodes, i, 2)
		if err != nil {
			return err
		}
		sign := int64(1)
		if s, ok := r.set["tzsign"]; ok {
			sign = s
		}
		off := int(sign * v * 60)
		if r.zone != nil {
			off += *r.zone
		}
		r.zone = &off
		return nil
	case "TZ", "OF":
		return pgerr.New(pgerr.FeatureNotSupported, "formatting field \"%s\" is only supported in to_char", n.key)
	}
	return pgerr.New(pgerr.FeatureNotSupported, "formatting field \"%s\" is not supported for input", n.key)
}

func firstThree(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n[:3]
	}
	return out
}

func (r *dateScan) plain(nodes []templateNode, i int, key, field string, width int) error {
	n := nodes[i]
	if key[0] == 'I' {
		r.iso = true
	} else {
		switch field {
		case "year", "month", "day", "doy", "week", "dow", "w", "q", "cc":
			r.gregorian = r.gregorian || key != "D"
		}
	}
	if r.iso && r.gregorian {
		return errRead("invalid combination of date conventions").WithHint("Do not mix Gregorian and ISO week date conventions in a formatting template.")
	}
	v, digits, err := r.integer(nodes, i, width)
	if err != nil {
		return err
	}
	switch key {
	case "HH", "HH12":
		r.clock12 = true
	case "D":
	case "ID":
		if v++; v > 7 {
			v = 1
		}
	case "Q":
		return nil // read over, as Oracle does
	case "YYY", "IYY", "YY", "IY", "Y", "I":
		r.yearDigits = width
		if digits < 4 {
			v = nearYear(v)
		}
	case "YYYY", "IYYY":
		r.yearDigits = 4
	}
	return r.put(field, v, n.key)
}
