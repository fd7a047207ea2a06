package types

import (
	"math"
	"pgd/backend/pgerr"
	"strconv"
	"strings"
)

// dateError turns a fault into the error.
func dateError(f dateFault, typ, s, zone string) error {
	switch f {
	case faultField:
		return pgerr.New(pgerr.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s)
	case faultMonthDay:
		return pgerr.New(pgerr.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s).
			WithHint("Perhaps you need a different \"datestyle\" setting.")
	case faultInterval:
		return pgerr.New(pgerr.IntervalFieldOverflow, "interval field value out of range: \"%s\"", s)
	case faultZone:
		return pgerr.New(pgerr.InvalidTimeZoneDisplacementValue, "time zone displacement out of range: \"%s\"", s)
	case faultZoneName:
		return pgerr.New(pgerr.InvalidParameterValue, "time zone \"%s\" not recognized", zone)
	}
	return pgerr.New(pgerr.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", typ, s)
}

// atoi reads leading digits (with a sign); overflow of 32 bits is a fault.
func atoi(s string) (x int, rest string, f dateFault) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	v, err := strconv.ParseInt(s[:i], 10, 32)
	if err != nil {
		if i > 0 && isDigit(s[i-1]) {
			return 0, s[i:], faultField
		}
		return 0, s, faultNone
	}
	return int(v), s[i:], faultNone
}

// fraction reads ".123" as microseconds, rounded.
func fraction(s string) (int, dateFault) {
	if len(s) < 2 {
		return 0, faultNone
	}
	if !isDigits(s[1:]) {
		return 0, faultFormat
	}
	f, err := strconv.ParseFloat("0"+s, 64)
	if err != nil {
		return 0, faultFormat
	}
	return int(math.RoundToEven(f * usecSecond)), faultNone
}

// concatenated reads yyyymmdd, hhmmss, hhmm, the last two perhaps with a fraction.
func (r *dateReader) concatenated(text string, seen int) (int, dateFault) {
	if cut := strings.IndexByte(text, '.'); cut >= 0 {
		f, fault := fraction(text[cut:])
		if fault != faultNone {
			return 0, fault
		}
		r.usec = f
		text = text[:cut]
	} else if seen&maskDate != maskDate && len(text) >= 6 {
		n := len(text)
		r.day, _, _ = atoi(text[n-2:])
		r.month, _, _ = atoi(text[n-4 : n-2])
		var f dateFault
		if r.year, _, f = atoi(text[:n-4]); f != faultNone {
			return 0, f
		}
		if n-4 == 2 {
			r.twoDigits = true
		}
		return maskDate, faultNone
	}
	if seen&maskTime == maskTime || !isDigits(text) {
		return 0, faultFormat
	}
	switch len(text) {
	case 6:
		r.sec, _, _ = atoi(text[4:])
	case 4:
		r.sec = 0
	default:
		return 0, faultFormat
	}
	r.hour, _, _ = atoi(text[:2])
	r.minute, _, _ = atoi(text[2:4])
	return maskTime, faultNone
}

// clock reads hh:mm, hh:mm:ss with a fraction, or mm:ss.fraction.
func (r *dateReader) clock(text string) (int, dateFault) {
	var f dateFault
	h, rest, f := atoi(text)
	if f != faultNone {
		return 0, f
	}
	if !strings.HasPrefix(rest, ":") {
		return 0, faultFormat
	}
	m, rest, f := atoi(rest[1:])
	if f != faultNone {
		return 0, f
	}
	s, usec := 0, 0
	switch {
	case rest == "":
	case rest[0] == '.':
		if usec, f = fraction(rest); f != faultNone {
			return 0, f
		}
		h, m, s = 0, h, m
	case rest[0] == ':':
		if s, rest, f = atoi(rest[1:]); f != faultNone {
			return 0, f
		}
		if strings.HasPrefix(rest, ".") {
			if usec, f = fraction(rest); f != faultNone {
				return 0, f
			}
		} else if rest != "" {
			return 0, faultFormat
		}
	default:
		return 0, faultFormat
	}
	if h < 0 || m < 0 || m > 59 || s < 0 || s > 60 || usec < 0 || usec > usecSecond {
		return 0, faultField
	}
	r.hour, r.minute, r.sec, r.usec = h, m, s, usec
	return maskTime, faultNone
}

// decodeOffset reads +hh, +hhmm, +hh:mm[:ss]; the answer counts east of UTC.
func decodeOffset(text string) (int, dateFault) {
	if text == "" || text[0] != '+' && text[0] != '-' {
		return 0, faultFormat
	}
	h, rest, f := atoi(text[1:])
	if f != faultNone {
		return 0, faultZone
	}
	m, s := 0, 0
	if strings.HasPrefix(rest, ":") {
		if m, rest, f = atoi(rest[1:]); f != faultNone {
			return 0, faultZone
		}
		if strings.HasPrefix(rest, ":") {
			if s, rest, f = atoi(rest[1:]); f != faultNone {
				return 0, faultZone
			}
		}
	} else if rest == "" && len(text) > 3 {
		h, m = h/100, h%100
	}
	if h < 0 || h > 15 || m < 0 || m > 59 || s < 0 || s > 59 {
		return 0, faultZone
	}
	if rest != "" {
		return 0, faultFormat
	}
	off := h*3600 + m*60 + s
	if text[0] == '-' {
		off = -off
	}
	return off, faultNone
}
