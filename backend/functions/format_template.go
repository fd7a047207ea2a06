package functions

import (
	"strings"
	"unicode/utf8"
)

// A template of to_char, to_date and to_timestamp is cut into nodes: patterns with prefixes and suffixes, and text that stands for itself.

// templateNode is a pattern (key in upper case as PostgreSQL writes it) or text.
type templateNode struct {
	key    string
	text   string // where key is ""
	quoted bool
	fm     bool // FM: no padding
	tm     bool // TM: localized names, which in the C locale are the English ones
	th, TH bool
	sp     bool
}

// dateKeys are the patterns of dates, the longest first among those with the same beginning.
var dateKeys = []string{
	"A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DAY", "DDD", "DD", "DY", "Day", "Dy", "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "FX",
	"HH24", "HH12", "HH", "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MONTH", "MON", "MS", "Month", "Mon", "OF",
	"P.M.", "PM", "Q", "RM", "SSSSS", "SSSS", "SS", "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y",
	"a.d.", "a.m.", "ad", "am", "b.c.", "bc", "cc", "day", "ddd", "dd", "dy", "d", "ff1", "ff2", "ff3", "ff4", "ff5", "ff6", "fx",
	"hh24", "hh12", "hh", "iddd", "id", "iw", "iyyy", "iyy", "iy", "i", "j", "mi", "mm", "month", "mon", "ms", "of",
	"p.m.", "pm", "q", "rm", "sssss", "ssss", "ss", "tzh", "tzm", "tz", "us", "ww", "w", "y,yyy", "yyyy", "yyy", "yy", "y",
}

// numberKeys are the patterns of numbers.
var numberKeys = []string{",", ".", "0", "9", "B", "C", "D", "EEEE", "FM", "G", "L", "MI", "PL", "PR", "RN", "SG", "SP", "S", "TH", "V",
	"b", "c", "d", "eeee", "fm", "g", "l", "mi", "pl", "pr", "rn", "sg", "sp", "s", "th", "v"}

// parseTemplate cuts a template of dates.
func parseTemplate(f string) []templateNode {
	var out []templateNode
	var prefix templateNode
	for f != "" {
		matched := false
		for more := true; more; {
			more = false
			for _, p := range []string{"FM", "fm", "TM", "tm"} {
				if strings.HasPrefix(f, p) {
					if p == "FM" || p == "fm" {
						prefix.fm = true
					} else {
						prefix.tm = true
					}
					f = f[2:]
					more = true
				}
			}
		}
		if f == "" {
			break
		}
		for _, k := range dateKeys {
			if !strings.HasPrefix(f, k) {
				continue
			}
			n := prefix
			n.key = k
			f = f[len(k):]
			for more := true; more; {
				more = false
				switch {
				case strings.HasPrefix(f, "TH"):
					n.TH, more = true, true
				case strings.HasPrefix(f, "th"):
					n.th, more = true, true
				case strings.HasPrefix(f, "SP"), strings.HasPrefix(f, "sp"):
					n.sp, more = true, true
				}
				if more {
					f = f[2:]
				}
			}
			out = append(out, n)
			matched = true
			break
		}
		prefix = templateNode{}
		if matched {
			continue
		}
		if f[0] == '"' {
			f = f[1:]
			for f != "" {
				if f[0] == '"' {
					f = f[1:]
					break
				}
				if f[0] == '\\' && len(f) > 1 {
					f = f[1:]
				}
				_, w := utf8.DecodeRuneInString(f)
				out = append(out, templateNode{text: f[:w], quoted: true})
				f = f[w:]
			}
			continue
		}
		if f[0] == '\\' && len(f) > 1 && f[1] == '"' {
			f = f[1:]
		}
		_, w := utf8.DecodeRuneInString(f)
		out = append(out, templateNode{text: f[:w]})
		f = f[w:]
	}
	return out
}

// ordinal gives the ending of an ordinal number: st, nd, rd, th.
func ordinal(digits string, upper bool) string {
	end := "th"
	if n := len(digits); n > 0 && !(n > 1 && digits[n-2] == '1') {
		switch digits[n-1] {
		case '1':
			end = "st"
		case '2':
			end = "nd"
		case '3':
			end = "rd"
		}
	}
	if upper {
		return strings.ToUpper(end)
	}
	return end
}
