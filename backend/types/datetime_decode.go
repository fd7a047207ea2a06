package types

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pgd/backend/pgerr"
)

// What has been seen of a date and time; a part may come once.
const (
	maskYear = 1 << iota
	maskMonth
	maskDay
	maskHour
	maskMinute
	maskSecond
	maskZone
	maskDoy
	maskDow
	maskAmPm
	maskEra
	maskDSTModifier
	maskDSTZone
	maskStdZone
	maskReserved
	maskFraction

	maskDate = maskYear | maskMonth | maskDay
	maskTime = maskHour | maskMinute | maskSecond | maskFraction
)

// dateFault is why text is no date or time; each gives its own error.
type dateFault uint8

const (
	faultNone dateFault = iota
	faultFormat
	faultField
	faultMonthDay
	faultInterval
	faultZone
	faultZoneName
)

// dateReader reads the fields of a date, time or timestamp, as PostgreSQL's DecodeDateTime and DecodeTimeOnly.
type dateReader struct {
	c        *Context
	order    string // MDY, DMY, YMD
	withZone bool   // a zone is allowed and wanted
	timeOnly bool

	civil
	seen      int
	textMonth bool
	julian    bool
	twoDigits bool
	bc        bool
	ampm      int
	special   int // valEpoch, valLate, valEarly
	offset    int // seconds east of UTC
	zone      *time.Location
	badZone   string
	pending   int // unit of the next number, 0 for none
}

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

func (r *dateReader) now() civil {
	t := r.c.now().In(r.c.Location())
	return civil{
		year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), sec: t.Second(), usec: t.Nanosecond() / 1000,
	}
}

func (c *Context) now() time.Time {
	if c.Now.IsZero() {
		return time.Now()
	}
	return c.Now
}

func (r *dateReader) mark(mask int) dateFault {
	if r.seen&mask != 0 {
		return faultFormat
	}
	r.seen |= mask
	return faultNone
}

// read takes all fields.
func (r *dateReader) read(fields []dateField) dateFault {
	for i, f := range fields {
		var mask int
		var fault dateFault
		switch f.kind {
		case fieldDate:
			mask, fault = r.dateField(i, fields)
		case fieldTime:
			if r.pending != 0 {
				if r.pending != unitTime {
					return faultFormat
				}
				r.pending = 0
			}
			mask, fault = r.clock(f.text)
			if fault == faultNone && r.overflowing() {
				fault = faultField
			}
		case fieldZone:
			if !r.withZone {
				return faultFormat
			}
			r.offset, fault = decodeOffset(f.text)
			mask = maskZone
		case fieldNumber:
			mask, fault = r.numberField(i, fields)
		default:
			mask, fault = r.word(i, fields)
		}
		if fault == faultNone {
			fault = r.mark(mask)
		}
		if fault != faultNone {
			return fault
		}
	}
	if r.pending != 0 {
		return faultFormat
	}
	return r.finish()
}

// overflowing tells a time of day after 24:00:00.
func (r *dateReader) overflowing() bool {
	return r.hour > 24 || r.timeUsec() > usecDay
}

// dateField reads a field with separators: a date, a zone name, or hhmmss-zz.
func (r *dateReader) dateField(i int, fields []dateField) (int, dateFault) {
	text := fields[i].text
	if r.pending == unitJulian {
		if !r.withZone {
			return 0, faultFormat
		}
		day, rest, f := atoi(text)
		if f != faultNone || day < 0 {
			return 0, faultField
		}
		r.year, r.month, r.day = CivilFromDays(int64(day) - epochJulian)
		r.julian = true
		r.pending = 0
		r.offset, f = decodeOffset(rest)
		return maskDate | maskTime | maskZone, f
	}
	last := len(fields) - 1
	dateAllowed := !r.timeOnly || i == 0 && last >= 1 && (fields[last].kind == fieldDate || fields[1].kind == fieldTime)
	if r.timeOnly && !r.withZone {
		return 0, faultFormat
	}
	done := r.pending != 0 || r.seen&(maskMonth|maskDay) == maskMonth|maskDay
	if r.timeOnly {
		done = !dateAllowed
	}
	if !done {
		return r.date(text)
	}
	if !r.withZone {
		return 0, faultFormat
	}
	if isDigit(text[0]) || r.pending != 0 {
		if r.pending != 0 {
			if r.pending != unitTime {
				return 0, faultFormat
			}
			r.pending = 0
		}
		if r.seen&maskTime == maskTime {
			return 0, faultFormat
		}
		cut := strings.IndexByte(text, '-')
		if cut < 0 {
			return 0, faultFormat
		}
		var f dateFault
		if r.offset, f = decodeOffset(text[cut:]); f != faultNone {
			return 0, f
		}
		seen := r.seen
		if r.timeOnly {
			seen |= maskDate
		}
		mask, f := r.concatenated(text[:cut], seen)
		return mask | maskZone, f
	}
	l, ok := LoadZone(text)
	if !ok {
		r.badZone = text
		return 0, faultZoneName
	}
	r.zone = l
	return maskZone, faultNone
}

// date reads year, month and day with separators between them.
func (r *dateReader) date(text string) (int, dateFault) {
	var parts []string
	for text != "" {
		for text != "" && !isDigit(text[0]) && !isAlpha(text[0]) {
			text = text[1:]
		}
		if text == "" {
			return 0, faultFormat
		}
		i := 0
		class := isAlpha
		if isDigit(text[0]) {
			class = isDigit
		}
		for i < len(text) && class(text[i]) {
			i++
		}
		parts = append(parts, text[:i])
		text = text[i:]
		if text != "" && !isDigit(text[0]) && !isAlpha(text[0]) {
			text = text[1:]
		} else if text != "" {
			// The character after a part is overwritten, whatever it is.
			text = text[1:]
		}
	}
	all, seen := 0, r.seen
	textMonth := false
	for i, p := range parts {
		if !isAlpha(p[0]) {
			continue
		}
		w := lookupWord(p, false)
		if w.kind == wordIgnore {
			continue
		}
		if w.kind != wordMonth || seen&maskMonth != 0 {
			return 0, faultFormat
		}
		r.month = w.val
		textMonth = true
		seen |= maskMonth
		all |= maskMonth
		parts[i] = ""
	}
	for _, p := range parts {
		if p == "" {
			continue
		}
		mask, f := r.number(p, textMonth, seen)
		if f != faultNone {
			return 0, f
		}
		if seen&mask != 0 {
			return 0, faultFormat
		}
		seen |= mask
		all |= mask
	}
	if seen&^(maskDoy|maskZone) != maskDate {
		return 0, faultFormat
	}
	return all, faultNone
}

// number decides what a lone number is, by what is known and by the order of the date style.
func (r *dateReader) number(text string, textMonth bool, seen int) (int, dateFault) {
	val, rest, f := atoi(text)
	if f != faultNone {
		return 0, f
	}
	if len(rest) == len(text) {
		return 0, faultFormat
	}
	if strings.HasPrefix(rest, ".") {
		if len(text)-len(rest) > 2 {
			return r.concatenated(text, seen|maskDate)
		}
		if r.usec, f = fraction(rest); f != faultNone {
			return 0, f
		}
	} else if rest != "" {
		return 0, faultFormat
	}
	n := len(text)
	if n == 3 && seen&maskDate == maskYear && val >= 1 && val <= 366 {
		r.yday = val
		return maskDoy | maskMonth | maskDay, faultNone
	}
	mask := 0
	switch seen & maskDate {
	case 0:
		switch {
		case n >= 3 || r.order == "YMD":
			mask = maskYear
		case r.order == "DMY":
			mask = maskDay
		default:
			mask = maskMonth
		}
	case maskYear, maskDay:
		mask = maskMonth
	case maskMonth:
		mask = maskDay
		if textMonth && (n >= 3 || r.order == "YMD") {
			mask = maskYear
		}
	case maskYear | maskMonth:
		mask = maskDay
		if textMonth && n >= 3 && r.twoDigits {
			r.day, r.year = r.year, val
			r.twoDigits = false
			return maskDay, faultNone
		}
	case maskMonth | maskDay:
		mask = maskYear
	case maskDate:
		return r.concatenated(text, seen)
	default:
		return 0, faultFormat
	}
	switch mask {
	case maskYear:
		r.year = val
		r.twoDigits = n <= 2
	case maskMonth:
		r.month = val
	default:
		r.day = val
	}
	return mask, faultNone
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
