package types

import (
	"strconv"
	"time"
)

var (
	dayNames   = [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	monthNames = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

func appendPadded(dst []byte, x, width int) []byte {
	if x < 0 {
		dst = append(dst, '-')
		x = -x
	}
	for limit, n := 10, 1; n < width; n, limit = n+1, limit*10 {
		if x < limit {
			dst = append(dst, '0')
		}
	}
	return strconv.AppendInt(dst, int64(x), 10)
}

// appendFraction writes ".123" without zeros at the end, nothing for none.
func appendFraction(dst []byte, usec int) []byte {
	if usec == 0 {
		return dst
	}
	if usec < 0 {
		usec = -usec
	}
	dst = append(dst, '.')
	for limit := 100000; usec > 0; limit /= 10 {
		dst = append(dst, byte('0'+usec/limit))
		usec %= limit
	}
	return dst
}

func appendClock(dst []byte, c civil) []byte {
	dst = append(appendPadded(dst, c.hour, 2), ':')
	dst = append(appendPadded(dst, c.minute, 2), ':')
	return appendFraction(appendPadded(dst, c.sec, 2), c.usec)
}

// appendOffset writes +hh, +hh:mm or +hh:mm:ss; long keeps the minutes.
func appendOffset(dst []byte, offset int) []byte {
	sign := byte('+')
	if offset < 0 {
		sign = '-'
		offset = -offset
	}
	dst = appendPadded(append(dst, sign), offset/3600, 2)
	if offset%3600 != 0 {
		dst = appendPadded(append(dst, ':'), offset/60%60, 2)
	}
	if offset%60 != 0 {
		dst = appendPadded(append(dst, ':'), offset%60, 2)
	}
	return dst
}

// style gives the format and order, ISO and MDY where none is set.
func (c *Context) style() (format, order string) {
	format, order = c.DateStyle.Format, c.DateStyle.Order
	if format == "" {
		format = "ISO"
	}
	if order == "" {
		order = "MDY"
	}
	return format, order
}

func displayYear(year int) (y int, bc bool) {
	if year > 0 {
		return year, false
	}
	return 1 - year, true
}

// appendDate writes a date alone.
func appendDate(dst []byte, c civil, format, order string) []byte {
	y, bc := displayYear(c.year)
	three := func(a, b int, sep byte, last int, width int) {
		dst = append(appendPadded(dst, a, 2), sep)
		dst = append(appendPadded(dst, b, 2), sep)
		dst = appendPadded(dst, last, width)
	}
	switch format {
	case "SQL":
		if order == "DMY" {
			three(c.day, c.month, '/', y, 4)
		} else {
			three(c.month, c.day, '/', y, 4)
		}
	case "German":
		three(c.day, c.month, '.', y, 4)
	case "Postgres":
		if order == "DMY" {
			three(c.day, c.month, '-', y, 4)
		} else {
			three(c.month, c.day, '-', y, 4)
		}
	default:
		dst = append(appendPadded(dst, y, 4), '-')
		dst = append(appendPadded(dst, c.month, 2), '-')
		dst = appendPadded(dst, c.day, 2)
	}
	return appendEra(dst, bc)
}

func appendEra(dst []byte, bc bool) []byte {
	if bc {
		return append(dst, " BC"...)
	}
	return dst
}

// appendDateTime writes date and time, with a zone where loc is not nil: c is then local time at that offset.
func appendDateTime(dst []byte, c civil, format, order string, loc *time.Location, offset int, abbrev string) []byte {
	y, bc := displayYear(c.year)
	zoneText := func(space bool) {
		if loc == nil {
			return
		}
		if abbrev != "" {
			dst = append(append(dst, ' '), abbrev...)
			return
		}
		if space {
			dst = append(dst, ' ')
		}
		dst = appendOffset(dst, offset)
	}
	switch format {
	case "SQL", "German":
		noEra := c
		if bc {
			noEra.year = y
		}
		dst = appendDate(dst, noEra, format, order)
		dst = appendClock(append(dst, ' '), c)
		zoneText(false)
	case "Postgres":
		days := DaysFromCivil(c.year, c.month, c.day)
		dst = append(append(dst, dayNames[(days+4)-7*floorDiv(days+4, 7)]...), ' ')
		if order == "DMY" {
			dst = append(append(appendPadded(dst, c.day, 2), ' '), monthNames[c.month-1]...)
		} else {
			dst = appendPadded(append(append(dst, monthNames[c.month-1]...), ' '), c.day, 2)
		}
		dst = appendClock(append(dst, ' '), c)
		dst = appendPadded(append(dst, ' '), y, 4)
		zoneText(true)
	default:
		noEra := c
		noEra.year = y
		dst = appendDate(dst, noEra, "ISO", order)
		dst = appendClock(append(dst, ' '), c)
		if loc != nil {
			dst = appendOffset(dst, offset)
		}
	}
	return appendEra(dst, bc)
}
