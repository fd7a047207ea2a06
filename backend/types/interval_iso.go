package types

import (
	"strconv"
	"strings"
)

// readISO reads P1Y2M3DT4H5M6S, P1W and the alternative P0001-02-03T04:05:06.
func (s *intervalSum) readISO(text string) dateFault {
	if len(text) < 2 || text[0] != 'P' {
		return faultFormat
	}
	text = text[1:]
	inTime, any := false, false
	for text != "" {
		if text[0] == 'T' {
			inTime = true
			any = true
			text = text[1:]
			continue
		}
		val, f, rest, fault := isoNumber(text)
		if fault != faultNone {
			return fault
		}
		unit := byte(0)
		if rest != "" {
			unit = rest[0]
		}
		if unit == 0 || unit == '-' || unit == ':' || unit == 'T' && !inTime {
			return s.readISOAlternative(text, inTime, any && *s != (intervalSum{}))
		}
		text = rest[1:]
		u := ivNone
		if !inTime {
			u = map[byte]int{'Y': ivYear, 'M': ivMonth, 'W': ivWeek, 'D': ivDay}[unit]
		} else {
			u = map[byte]int{'H': ivHour, 'M': ivMinute, 'S': ivSecond}[unit]
		}
		if _, fault := s.add(u, val, f); fault != faultNone {
			return fault
		}
		any = true
	}
	if !any {
		return faultFormat
	}
	return faultNone
}

// isoNumber reads a signed number with a fraction.
func isoNumber(text string) (val int64, f float64, rest string, fault dateFault) {
	n := 0
	if n < len(text) && (text[n] == '-' || text[n] == '+') {
		n++
	}
	start := n
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	if n == start && (n >= len(text) || text[n] != '.') {
		return 0, 0, text, faultFormat
	}
	if n > start {
		v, err := strconv.ParseInt(text[:n], 10, 64)
		if err != nil {
			return 0, 0, text, faultField
		}
		val = v
	}
	rest = text[n:]
	if strings.HasPrefix(rest, ".") {
		m := 1
		for m < len(rest) && isDigit(rest[m]) {
			m++
		}
		f, _ = strconv.ParseFloat("0"+rest[:m], 64)
		if text[0] == '-' {
			f = -f
		}
		rest = rest[m:]
	}
	return val, f, rest, faultNone
}

// readISOAlternative reads yyyy-mm-dd, yyyymmdd before T and hh:mm:ss, hhmmss after it.
func (s *intervalSum) readISOAlternative(text string, inTime, any bool) dateFault {
	if any {
		return faultFormat
	}
	date, clock := text, ""
	if inTime {
		date, clock = "", text
	} else if i := strings.IndexByte(text, 'T'); i >= 0 {
		date, clock = text[:i], text[i+1:]
		if clock == "" {
			return faultFormat
		}
	}
	part := func(text, sep string, units [3]int, widths [3]int) dateFault {
		if text == "" {
			return faultNone
		}
		if isDigits(text) && len(text) == widths[0]+widths[1]+widths[2] {
			text = text[:widths[0]] + sep + text[widths[0]:widths[0]+widths[1]] + sep + text[widths[0]+widths[1]:]
		}
		for i := 0; i < 3; i++ {
			val, f, rest, fault := isoNumber(text)
			if fault != faultNone {
				return fault
			}
			if _, fault := s.add(units[i], val, f); fault != faultNone {
				return fault
			}
			if rest == "" {
				return faultNone
			}
			if !strings.HasPrefix(rest, sep) || i == 2 {
				return faultFormat
			}
			text = rest[1:]
		}
		return faultFormat
	}
	if f := part(date, "-", [3]int{ivYear, ivMonth, ivDay}, [3]int{4, 2, 2}); f != faultNone {
		return f
	}
	return part(clock, ":", [3]int{ivHour, ivMinute, ivSecond}, [3]int{2, 2, 2})
}
