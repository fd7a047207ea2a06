package types

import (
	"strings"
	"time"
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
