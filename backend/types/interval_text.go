package types

import (
	"math"
	"strconv"
	"strings"
)

// Units of an interval, as bits so that each comes once.
const (
	ivMicrosecond = 1 << iota
	ivMillisecond
	ivSecond
	ivMinute
	ivHour
	ivDay
	ivWeek
	ivMonth
	ivYear
	ivDecade
	ivCentury
	ivMillennium
	ivAgo
	ivQuarter
	ivNone = 0
)

var intervalUnits = map[string]int{
	"ago": ivAgo, "c": ivCentury, "cent": ivCentury, "centuries": ivCentury, "century": ivCentury, "d": ivDay, "day": ivDay, "days": ivDay,
	"dec": ivDecade, "decade": ivDecade, "decades": ivDecade, "decs": ivDecade, "h": ivHour, "hour": ivHour, "hours": ivHour,
	"hr": ivHour, "hrs": ivHour, "m": ivMinute, "microsecon": ivMicrosecond, "mil": ivMillennium, "millennia": ivMillennium,
	"millennium": ivMillennium, "millisecon": ivMillisecond, "mils": ivMillennium, "min": ivMinute, "mins": ivMinute, "minute": ivMinute,
	"minutes": ivMinute, "mon": ivMonth, "mons": ivMonth, "month": ivMonth, "months": ivMonth, "ms": ivMillisecond, "msec": ivMillisecond,
	"mseconds": ivMillisecond, "msecs": ivMillisecond, "qtr": ivQuarter, "quarter": ivQuarter, "s": ivSecond, "sec": ivSecond, "second": ivSecond, "seconds": ivSecond,
	"secs": ivSecond, "us": ivMicrosecond, "usec": ivMicrosecond, "useconds": ivMicrosecond, "usecs": ivMicrosecond, "w": ivWeek,
	"week": ivWeek, "weeks": ivWeek, "y": ivYear, "year": ivYear, "years": ivYear, "yr": ivYear, "yrs": ivYear,
}

// intervalSum adds fields up; it remembers whether anything overflowed.
type intervalSum struct {
	years, months, days, usec int64
	overflow                  bool
}

func (s *intervalSum) addTo(field *int64, n, scale int64) {
	p := n * scale
	if n != 0 && (p/n != scale || n == -1 && scale == math.MinInt64) {
		s.overflow = true
	}
	sum := *field + p
	if (sum > *field) != (p > 0) && p != 0 {
		s.overflow = true
	}
	*field = sum
}

// fraction adds a part of a unit of so many microseconds.
func (s *intervalSum) fraction(f float64, scale int64) {
	s.addTo(&s.usec, int64(math.RoundToEven(f*float64(scale))), 1)
}

// fractionDays adds a part of a unit of so many days: whole days, the rest as time.
func (s *intervalSum) fractionDays(f float64, days float64) {
	f *= days
	whole := math.Trunc(f)
	s.addTo(&s.days, int64(whole), 1)
	s.fraction(f-whole, usecDay)
}

// add adds val and the fraction f of a unit; mask is what it sets.
func (s *intervalSum) add(unit int, val int64, f float64) (mask int, fault dateFault) {
	years := func(n int64) {
		s.addTo(&s.years, val, n)
		s.addTo(&s.months, int64(math.RoundToEven(f*float64(12*n))), 1)
	}
	switch unit {
	case ivMicrosecond:
		s.addTo(&s.usec, val, 1)
		s.fraction(f, 1)
	case ivMillisecond:
		s.addTo(&s.usec, val, 1000)
		s.fraction(f, 1000)
	case ivSecond:
		s.addTo(&s.usec, val, usecSecond)
		s.fraction(f, usecSecond)
		if f != 0 {
			return ivSecond | ivMillisecond | ivMicrosecond, faultNone
		}
	case ivMinute:
		s.addTo(&s.usec, val, usecMinute)
		s.fraction(f, usecMinute)
	case ivHour:
		s.addTo(&s.usec, val, usecHour)
		s.fraction(f, usecHour)
	case ivDay:
		s.addTo(&s.days, val, 1)
		s.fraction(f, usecDay)
	case ivWeek:
		s.addTo(&s.days, val, 7)
		s.fractionDays(f, 7)
	case ivMonth:
		s.addTo(&s.months, val, 1)
		s.fractionDays(f, 30)
	case ivYear:
		years(1)
	case ivDecade:
		years(10)
	case ivCentury:
		years(100)
	case ivMillennium:
		years(1000)
	default:
		return 0, faultFormat
	}
	return unit, faultNone
}

// interval checks the sum. A field that does not fit is one error, a number of months that does not another.
func (s *intervalSum) interval() (Interval, dateFault, error) {
	fits := func(x int64) bool { return x == int64(int32(x)) }
	if s.overflow || !fits(s.years) || !fits(s.months) || !fits(s.days) {
		return Interval{}, faultInterval, nil
	}
	months := s.years*12 + s.months
	if !fits(months) {
		return Interval{}, faultNone, ErrIntervalRange
	}
	return Interval{int32(months), int32(s.days), s.usec}, faultNone, nil
}

func intervalIn(c *Context, s string, typmod int32) (Value, error) {
	mask, _ := intervalTypmod(typmod)
	fields, ok := splitDateTime(s)
	var sum intervalSum
	fault := faultFormat
	if ok {
		fault = sum.read(c, fields, mask)
	}
	if fault == faultFormat {
		sum = intervalSum{}
		fault = sum.readISO(s)
	}
	if fault == faultField {
		fault = faultInterval
	}
	if fault != faultNone {
		return Value{}, dateError(fault, "interval", s, "")
	}
	i, fault, err := sum.interval()
	if err != nil {
		return Value{}, err
	}
	if fault != faultNone {
		return Value{}, dateError(fault, "interval", s, "")
	}
	return applyInterval(c, i.Value(), typmod, false)
}

func rightmostUnit(mask int32) int {
	switch {
	case mask == rangeFull:
		return ivSecond
	case mask&rangeSecond != 0:
		return ivSecond
	case mask&rangeMinute != 0:
		return ivMinute
	case mask&rangeHour != 0:
		return ivHour
	case mask&rangeDay != 0:
		return ivDay
	case mask&rangeMonth != 0:
		return ivMonth
	case mask&rangeYear != 0:
		return ivYear
	}
	return ivSecond
}

// read goes from the last field to the first, so that a unit is known before its number.
func (s *intervalSum) read(c *Context, fields []dateField, mask int32) dateFault {
	negate := false
	if c.IntervalStyle == "sql_standard" && len(fields) > 0 && fields[0].text[0] == '-' {
		negate = true
		for _, f := range fields[1:] {
			if f.text[0] == '-' || f.text[0] == '+' {
				negate = false
			}
		}
	}
	seen, unit, ago := 0, ivNone, false
	for i := len(fields) - 1; i >= 0; i-- {
		f := fields[i]
		set := 0
		switch f.kind {
		case fieldTime, fieldZone:
			text := f.text
			sign := int64(1)
			if f.kind == fieldZone {
				if !strings.Contains(text, ":") {
					break
				}
				if text[0] == '-' {
					sign = -1
				}
				text = text[1:]
			}
			t, fault := intervalClock(text, mask)
			if fault != faultNone {
				if f.kind == fieldZone && fault == faultFormat {
					break
				}
				return fault
			}
			if negate {
				sign = -1
			}
			s.addTo(&s.usec, t, sign)
			set = ivHour | ivMinute | ivSecond | ivMillisecond | ivMicrosecond
			unit = ivDay
		case fieldString, fieldSpecial:
			name := f.text
			if len(name) > 10 {
				name = name[:10]
			}
			u, ok := intervalUnits[name]
			if !ok {
				return faultFormat
			}
			if u == ivAgo {
				ago = true
				unit = ivAgo
			} else {
				unit = u
			}
			continue
		}
		if set == 0 {
			if unit == ivNone {
				unit = rightmostUnit(mask)
			}
			var fault dateFault
			if set, fault = s.number(f.text, &unit, negate); fault != faultNone {
				return fault
			}
		}
		if seen&set != 0 {
			return faultFormat
		}
		seen |= set
	}
	if seen == 0 {
		return faultFormat
	}
	if ago {
		s.years, s.months, s.days, s.usec = -s.years, -s.months, -s.days, -s.usec
	}
	return faultNone
}

// number reads a number of the unit, or years-months.
func (s *intervalSum) number(text string, unit *int, negate bool) (int, dateFault) {
	n := 0
	if n < len(text) && (text[n] == '-' || text[n] == '+') {
		n++
	}
	for n < len(text) && text[n] == ' ' {
		n++
	}
	digits := n
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	val, err := strconv.ParseInt(strings.ReplaceAll(text[:n], " ", ""), 10, 64)
	if err != nil && n > digits {
		return 0, faultField
	}
	rest := text[n:]
	neg := text[0] == '-'
	f := 0.0
	switch {
	case rest == "":
		if n == digits {
			return 0, faultFormat
		}
	case rest[0] == '-':
		months, tail, fault := atoi(rest[1:])
		if fault != faultNone || months < 0 || months >= 12 {
			return 0, faultField
		}
		if tail != "" {
			return 0, faultFormat
		}
		*unit = ivMonth
		if neg {
			months = -months
		}
		var sum intervalSum
		sum.addTo(&sum.months, val, 12)
		sum.addTo(&sum.months, int64(months), 1)
		if sum.overflow {
			return 0, faultField
		}
		val = sum.months
	case rest[0] == '.':
		if len(rest) > 1 {
			if f, err = strconv.ParseFloat("0"+rest, 64); err != nil || !isDigits(rest[1:]) {
				return 0, faultFormat
			}
		}
		if neg {
			f = -f
		}
	default:
		return 0, faultFormat
	}
	if negate {
		if val > 0 {
			val = -val
		}
		if f > 0 {
			f = -f
		}
	}
	return s.add(*unit, val, f)
}

// intervalClock reads hh:mm[:ss[.f]]; minutes and seconds where the type is minute to second. Hours may be many.
func intervalClock(text string, mask int32) (int64, dateFault) {
	n := strings.IndexByte(text, ':')
	if n <= 0 || !isDigits(text[:n]) {
		return 0, faultFormat
	}
	h, err := strconv.ParseInt(text[:n], 10, 64)
	if err != nil {
		return 0, faultField
	}
	m, rest, fault := atoi(text[n+1:])
	if fault != faultNone {
		return 0, fault
	}
	sec, usec := 0, 0
	switch {
	case rest == "":
		if mask == rangeMinute|rangeSecond {
			if h > 59 && h > math.MaxInt32 {
				return 0, faultField
			}
			sec, m, h = m, int(h), 0
		}
	case rest[0] == '.':
		if usec, fault = fraction(rest); fault != faultNone {
			return 0, fault
		}
		if h > math.MaxInt32 {
			return 0, faultField
		}
		sec, m, h = m, int(h), 0
	case rest[0] == ':':
		if sec, rest, fault = atoi(rest[1:]); fault != faultNone {
			return 0, fault
		}
		if rest != "" {
			if rest[0] != '.' {
				return 0, faultFormat
			}
			if usec, fault = fraction(rest); fault != faultNone {
				return 0, fault
			}
		}
	default:
		return 0, faultFormat
	}
	if m < 0 || m > 59 || sec < 0 || sec > 60 {
		return 0, faultField
	}
	var s intervalSum
	s.addTo(&s.usec, h, usecHour)
	s.addTo(&s.usec, int64(m)*usecMinute+int64(sec)*usecSecond+int64(usec), 1)
	if s.overflow {
		return 0, faultField
	}
	return s.usec, faultNone
}
