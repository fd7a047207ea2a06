package types

import (
	"math"
	"strconv"
	"strings"
)

// numberField reads a field that is a number: what the word before it says, a date or time without separators, or a part of a date.
func (r *dateReader) numberField(i int, fields []dateField) (int, dateFault) {
	text := fields[i].text
	if r.pending != 0 {
		return r.unitNumber(text)
	}
	dot := strings.IndexByte(text, '.')
	n := len(text)
	if r.timeOnly {
		switch {
		case dot >= 0 && i == 0 && len(fields) >= 2 && fields[len(fields)-1].kind == fieldDate:
			return r.date(text)
		case dot > 2:
			return r.concatenated(text, r.seen|maskDate)
		case dot >= 0:
			return 0, faultFormat
		case n > 4:
			return r.concatenated(text, r.seen|maskDate)
		}
		return r.number(text, false, r.seen|maskDate)
	}
	switch {
	case dot >= 0 && r.seen&maskDate == 0:
		return r.date(text)
	case dot > 2:
		return r.concatenated(text, r.seen)
	case n >= 6 && (r.seen&maskDate == 0 || r.seen&maskTime == 0):
		return r.concatenated(text, r.seen)
	}
	return r.number(text, r.textMonth, r.seen)
}

// unitNumber reads a number that a word before it has labelled.
func (r *dateReader) unitNumber(text string) (int, dateFault) {
	unit := r.pending
	r.pending = 0
	if r.timeOnly && !r.withZone && (unit == unitJulian || unit == unitYear || unit == unitMonth || unit == unitDay) {
		return 0, faultFormat
	}
	val, rest, f := atoi(text)
	if f != faultNone {
		return 0, f
	}
	if rest != "" && (rest[0] != '.' || unit != unitJulian && unit != unitTime && unit != unitSecond) {
		return 0, faultFormat
	}
	switch unit {
	case unitYear:
		r.year = val
		return maskYear, faultNone
	case unitMonth:
		// After a month and an hour "m" means minutes.
		if r.seen&maskMonth != 0 && r.seen&maskHour != 0 {
			r.minute = val
			return maskMinute, faultNone
		}
		r.month = val
		return maskMonth, faultNone
	case unitDay:
		r.day = val
		return maskDay, faultNone
	case unitHour:
		r.hour = val
		return maskHour, faultNone
	case unitMinute:
		r.minute = val
		return maskMinute, faultNone
	case unitSecond:
		r.sec = val
		if rest != "" {
			r.usec, f = fraction(rest)
			return maskSecond | maskFraction, f
		}
		return maskSecond, faultNone
	case unitJulian:
		if val < 0 {
			return 0, faultField
		}
		r.year, r.month, r.day = CivilFromDays(int64(val) - epochJulian)
		r.julian = true
		if rest == "" {
			return maskDate, faultNone
		}
		part, err := strconv.ParseFloat("0"+rest, 64)
		if err != nil {
			return 0, faultFormat
		}
		t := splitTime(int64(math.Trunc(part * usecDay)))
		r.hour, r.minute, r.sec, r.usec = t.hour, t.minute, t.sec, t.usec
		return maskDate | maskTime, faultNone
	case unitTime:
		mask, f := r.concatenated(text, r.seen|maskDate)
		if f == faultNone && mask != maskTime {
			f = faultFormat
		}
		return mask, f
	}
	return 0, faultFormat
}

// word reads a field of letters.
func (r *dateReader) word(i int, fields []dateField) (int, dateFault) {
	text := fields[i].text
	w := lookupWord(text, true)
	switch w.kind {
	case wordIgnore:
		return 0, faultNone
	case wordReserved:
		return r.reserved(w.val)
	case wordMonth:
		if r.timeOnly {
			return 0, faultFormat
		}
		mask := maskMonth
		// A number taken for the month before was the day.
		if r.seen&maskMonth != 0 && !r.textMonth && r.seen&maskDay == 0 && r.month >= 1 && r.month <= 31 {
			r.day = r.month
			mask = maskDay
		}
		r.textMonth = true
		r.month = w.val
		return mask, faultNone
	case wordDSTModifier:
		if !r.withZone {
			return 0, faultFormat
		}
		r.offset += w.val
		return maskDSTModifier | maskDSTZone, faultNone
	case wordDST, wordZone:
		if !r.withZone {
			// A zone is read over where the type has none.
			return maskZone, faultNone
		}
		r.offset = w.val
		if w.kind == wordDST {
			return maskZone | maskDSTZone, faultNone
		}
		return maskZone, faultNone
	case wordAmPm:
		r.ampm = w.val
		return maskAmPm, faultNone
	case wordEra:
		r.bc = w.val == 1
		return maskEra, faultNone
	case wordDow:
		if r.timeOnly {
			return 0, faultFormat
		}
		return maskDow, faultNone
	case wordUnit:
		if r.pending != 0 {
			return 0, faultFormat
		}
		r.pending = w.val
		return 0, faultNone
	case wordIsoTime:
		if !r.timeOnly && r.seen&maskDate != maskDate {
			return 0, faultFormat
		}
		if i+1 >= len(fields) || fields[i+1].kind != fieldNumber && fields[i+1].kind != fieldTime && fields[i+1].kind != fieldDate {
			return 0, faultFormat
		}
		r.pending = w.val
		return 0, faultNone
	}
	l, ok := LoadZone(text)
	if !ok {
		return 0, faultFormat
	}
	r.zone = l
	return maskZone, faultNone
}

func (r *dateReader) reserved(val int) (int, dateFault) {
	now := r.now()
	days := 0
	switch val {
	case valNow:
		usec := now
		if r.timeOnly {
			r.hour, r.minute, r.sec, r.usec = usec.hour, usec.minute, usec.sec, usec.usec
			r.offset, _ = OffsetAt(r.c.Location(), r.c.now().UnixMicro())
			return maskTime, faultNone
		}
		r.civil = usec
		r.offset, _ = OffsetAt(r.c.Location(), r.c.now().UnixMicro())
		return maskDate | maskTime | maskZone, faultNone
	case valZulu:
		r.hour, r.minute, r.sec, r.usec = 0, 0, 0, 0
		r.offset = 0
		return maskTime | maskZone, faultNone
	case valYesterday:
		days = -1
	case valTomorrow:
		days = 1
	case valEpoch, valLate, valEarly:
		if r.timeOnly {
			return 0, faultFormat
		}
		r.special = val
		return maskDate | maskTime | maskZone, faultNone
	}
	if r.timeOnly {
		return 0, faultFormat
	}
	r.year, r.month, r.day = CivilFromDays(DaysFromCivil(now.year, now.month, now.day) + int64(days))
	return maskDate, faultNone
}

// finish checks what came together and works out the zone.
func (r *dateReader) finish() dateFault {
	if r.special != 0 {
		return faultNone
	}
	if f := r.validate(); f != faultNone {
		return f
	}
	if r.ampm != 0 && r.hour > 12 {
		return faultField
	}
	if r.ampm == 1 && r.hour == 12 {
		r.hour = 0
	} else if r.ampm == 2 && r.hour != 12 {
		r.hour += 12
	}
	if r.timeOnly {
		if r.overflowing() {
			return faultField
		}
		if r.seen&maskTime != maskTime {
			return faultFormat
		}
	} else if r.seen&maskDate != maskDate {
		return faultFormat
	}
	if !r.withZone {
		return faultNone
	}
	if r.zone != nil {
		if r.seen&maskDSTModifier != 0 {
			return faultFormat
		}
		return r.zoneOffset()
	}
	if r.seen&maskZone == 0 {
		if r.seen&maskDSTModifier != 0 {
			return faultFormat
		}
		r.zone = r.c.Location()
		when := r.civil
		if r.timeOnly && r.seen&maskDate == 0 {
			now := r.now()
			when.year, when.month, when.day = now.year, now.month, now.day
		}
		r.offset = LocalOffset(r.zone, when.unixSeconds())
	}
	return faultNone
}

// zoneOffset finds a named zone's offset; without a date only a zone that never changes has one.
func (r *dateReader) zoneOffset() dateFault {
	if r.timeOnly && r.seen&maskDate != maskDate {
		off, fixed := fixedOffset(r.zone)
		if !fixed {
			return faultFormat
		}
		r.offset = off
		return faultNone
	}
	r.offset = LocalOffset(r.zone, r.unixSeconds())
	return faultNone
}

// validate checks and completes year, month and day.
func (r *dateReader) validate() dateFault {
	if r.seen&maskYear != 0 && !r.julian {
		switch {
		case r.bc:
			if r.year <= 0 {
				return faultField
			}
			r.year = -(r.year - 1)
		case r.twoDigits:
			if r.year < 0 {
				return faultField
			}
			if r.year < 70 {
				r.year += 2000
			} else if r.year < 100 {
				r.year += 1900
			}
		case r.year <= 0:
			return faultField
		}
	}
	if r.seen&maskDoy != 0 {
		r.year, r.month, r.day = CivilFromDays(DaysFromCivil(r.year, 1, 1) + int64(r.yday) - 1)
	}
	if r.seen&maskMonth != 0 && (r.month < 1 || r.month > 12) {
		return faultMonthDay
	}
	if r.seen&maskDay != 0 && (r.day < 1 || r.day > 31) {
		return faultMonthDay
	}
	if r.seen&maskDate == maskDate && r.day > DaysInMonth(r.year, r.month) {
		return faultField
	}
	return faultNone
}
