package types

import "strconv"

func intervalOut(c *Context, dst []byte, v Value) []byte {
	p := ReadInterval(v.B).parts()
	switch c.IntervalStyle {
	case "sql_standard":
		return p.sqlStandard(dst)
	case "iso_8601":
		return p.iso(dst)
	case "postgres_verbose":
		return p.verbose(dst)
	}
	return p.postgres(dst)
}

func appendSeconds(dst []byte, sec, usec int64, fill bool) []byte {
	if fill {
		dst = appendPadded(dst, int(abs64(sec)), 2)
	} else {
		dst = strconv.AppendInt(dst, abs64(sec), 10)
	}
	return appendFraction(dst, int(abs64(usec)))
}

// postgres writes "1 year 2 mons -3 days +04:05:06"; a field after a negative one shows its plus.
func (p intervalParts) postgres(dst []byte) []byte {
	start := len(dst)
	before := false
	for _, f := range []struct {
		n    int64
		unit string
	}{{p.year, "year"}, {p.month, "mon"}, {p.day, "day"}} {
		if f.n == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if before && f.n > 0 {
			dst = append(dst, '+')
		}
		dst = append(strconv.AppendInt(dst, f.n, 10), ' ')
		dst = append(dst, f.unit...)
		if f.n != 1 {
			dst = append(dst, 's')
		}
		before = f.n < 0
	}
	if len(dst) > start && p.hour == 0 && p.minute == 0 && p.sec == 0 && p.usec == 0 {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	if p.hour < 0 || p.minute < 0 || p.sec < 0 || p.usec < 0 {
		dst = append(dst, '-')
	} else if before {
		dst = append(dst, '+')
	}
	dst = append(appendPadded(dst, int(abs64(p.hour)), 2), ':')
	dst = append(appendPadded(dst, int(abs64(p.minute)), 2), ':')
	return appendSeconds(dst, p.sec, p.usec, true)
}

func (p intervalParts) fields() [7]int64 {
	return [7]int64{p.year, p.month, p.day, p.hour, p.minute, p.sec, p.usec}
}

func (p intervalParts) signs() (negative, positive bool) {
	for _, x := range p.fields() {
		negative = negative || x < 0
		positive = positive || x > 0
	}
	return negative, positive
}

func (p intervalParts) sqlStandard(dst []byte) []byte {
	negative, positive := p.signs()
	yearMonth := p.year != 0 || p.month != 0
	dayTime := p.day != 0 || p.hour != 0 || p.minute != 0 || p.sec != 0 || p.usec != 0
	if !negative && !positive {
		return append(dst, '0')
	}
	clock := func() {
		dst = append(strconv.AppendInt(dst, abs64(p.hour), 10), ':')
		dst = append(appendPadded(dst, int(abs64(p.minute)), 2), ':')
		dst = appendSeconds(dst, p.sec, p.usec, true)
	}
	if negative && positive || yearMonth && dayTime {
		signed := func(neg bool) {
			if neg {
				dst = append(dst, '-')
			} else {
				dst = append(dst, '+')
			}
		}
		signed(p.year < 0 || p.month < 0)
		dst = append(strconv.AppendInt(dst, abs64(p.year), 10), '-')
		dst = append(strconv.AppendInt(dst, abs64(p.month), 10), ' ')
		signed(p.day < 0)
		dst = append(strconv.AppendInt(dst, abs64(p.day), 10), ' ')
		signed(p.hour < 0 || p.minute < 0 || p.sec < 0 || p.usec < 0)
		clock()
		return dst
	}
	if negative {
		dst = append(dst, '-')
	}
	switch {
	case yearMonth:
		dst = append(strconv.AppendInt(dst, abs64(p.year), 10), '-')
		return strconv.AppendInt(dst, abs64(p.month), 10)
	case p.day != 0:
		dst = append(strconv.AppendInt(dst, abs64(p.day), 10), ' ')
	}
	clock()
	return dst
}

func (p intervalParts) iso(dst []byte) []byte {
	if p == (intervalParts{}) {
		return append(dst, "PT0S"...)
	}
	dst = append(dst, 'P')
	part := func(n int64, unit byte) {
		if n != 0 {
			dst = append(strconv.AppendInt(dst, n, 10), unit)
		}
	}
	part(p.year, 'Y')
	part(p.month, 'M')
	part(p.day, 'D')
	if p.hour != 0 || p.minute != 0 || p.sec != 0 || p.usec != 0 {
		dst = append(dst, 'T')
	}
	part(p.hour, 'H')
	part(p.minute, 'M')
	if p.sec != 0 || p.usec != 0 {
		if p.sec < 0 || p.usec < 0 {
			dst = append(dst, '-')
		}
		dst = append(appendSeconds(dst, p.sec, p.usec, false), 'S')
	}
	return dst
}

// verbose writes "@ 1 year 2 mons ago": the first field decides the sign of all.
func (p intervalParts) verbose(dst []byte) []byte {
	dst = append(dst, '@')
	zero, before := true, false
	for _, f := range []struct {
		n    int64
		unit string
	}{{p.year, "year"}, {p.month, "mon"}, {p.day, "day"}, {p.hour, "hour"}, {p.minute, "min"}} {
		if f.n == 0 {
			continue
		}
		n := f.n
		if zero {
			before = n < 0
			n = abs64(n)
		} else if before {
			n = -n
		}
		zero = false
		dst = append(strconv.AppendInt(append(dst, ' '), n, 10), ' ')
		dst = append(dst, f.unit...)
		if n != 1 {
			dst = append(dst, 's')
		}
	}
	if p.sec != 0 || p.usec != 0 {
		dst = append(dst, ' ')
		if p.sec < 0 || p.sec == 0 && p.usec < 0 {
			if zero {
				before = true
			} else if !before {
				dst = append(dst, '-')
			}
		} else if before {
			dst = append(dst, '-')
		}
		dst = append(appendSeconds(dst, p.sec, p.usec, false), " sec"...)
		if abs64(p.sec) != 1 || p.usec != 0 {
			dst = append(dst, 's')
		}
		zero = false
	}
	if zero {
		dst = append(dst, " 0"...)
	}
	if before {
		dst = append(dst, " ago"...)
	}
	return dst
}
