package types

import (
	"math"
	"time"

	"pgd/backend/pgerr"
)

// Stored dates count days, stored timestamps microseconds, from 1970-01-01; PostgreSQL's wire formats count from 2000-01-01.
const (
	usecSecond = 1000000
	usecMinute = 60 * usecSecond
	usecHour   = 60 * usecMinute
	usecDay    = 24 * usecHour

	epochJulian = 2440588 // Julian day of 1970-01-01
	pgEpochDays = 10957   // days from 1970 to 2000
	pgEpochUsec = pgEpochDays * usecDay

	// DateInfinity and its opposite are later and earlier than every date.
	DateInfinity    = math.MaxInt32
	DateMinInfinity = math.MinInt32
	// TimestampInfinity and its opposite likewise.
	TimestampInfinity    = math.MaxInt64
	TimestampMinInfinity = math.MinInt64 + 1

	minDate      = -epochJulian             // first date, 4714-11-24 BC
	endDate      = 2147483494 - epochJulian // first day after the last date, 5874898-01-01
	minTimestamp = int64(minDate) * usecDay
	// Counted from 1970 the last thirty of PostgreSQL's years do not fit; a day is kept free for time zones.
	maxTimestamp = math.MaxInt64 - usecDay
)

// civil is a date and time of day taken apart. Year 0 is 1 BC.
type civil struct {
	year, month, day  int
	hour, minute, sec int
	usec              int
	yday              int
}

// DaysFromCivil counts days from 1970-01-01, Gregorian also before it was invented.
func DaysFromCivil(year, month, day int) int64 {
	y := int64(year)
	if month <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	m := int64(month+9) % 12
	doy := (153*m+2)/5 + int64(day) - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// CivilFromDays is the opposite of DaysFromCivil.
func CivilFromDays(days int64) (year, month, day int) {
	days += 719468
	era := floorDiv(days, 146097)
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	m := (5*doy + 2) / 153
	day = int(doy - (153*m+2)/5 + 1)
	month = int(m + 3)
	if month > 12 {
		month -= 12
	}
	y := yoe + era*400
	if month <= 2 {
		y++
	}
	return int(y), month, day
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// DaysInMonth gives 28 to 31.
func DaysInMonth(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// splitUsec takes a stored timestamp apart.
func splitUsec(t int64) civil {
	days := floorDiv(t, usecDay)
	c := splitTime(t - days*usecDay)
	c.year, c.month, c.day = CivilFromDays(days)
	return c
}

func splitTime(t int64) civil {
	return civil{
		hour: int(t / usecHour), minute: int(t / usecMinute % 60), sec: int(t / usecSecond % 60), usec: int(t % usecSecond),
	}
}

func (c *civil) timeUsec() int64 {
	return int64(c.hour)*usecHour + int64(c.minute)*usecMinute + int64(c.sec)*usecSecond + int64(c.usec)
}

// unixSeconds is the time of day counted as if in UTC.
func (c *civil) unixSeconds() int64 {
	return DaysFromCivil(c.year, c.month, c.day)*86400 + int64(c.hour)*3600 + int64(c.minute)*60 + int64(c.sec)
}

// timestampUsec puts date and time together; ok is false outside the range of timestamps. offset is seconds east of UTC.
func (c *civil) timestampUsec(offset int) (int64, bool) {
	days := DaysFromCivil(c.year, c.month, c.day)
	if days < minDate-1 || days > maxTimestamp/usecDay {
		return 0, false
	}
	t := days*usecDay + c.timeUsec() - int64(offset)*usecSecond
	return t, ValidTimestamp(t)
}

// ValidTimestamp tells whether a finite t is in range.
func ValidTimestamp(t int64) bool { return t >= minTimestamp && t <= maxTimestamp }

// ErrTimestampRange is the answer to a timestamp that left its range.
var ErrTimestampRange = pgerr.New(pgerr.DatetimeValueOutOfRange, "timestamp out of range")

// Location gives the session's time zone.
func (c *Context) Location() *time.Location {
	if c.TimeZone == nil {
		return time.UTC
	}
	return c.TimeZone
}

// OffsetAt gives the seconds east of UTC and the abbreviation of a zone at a stored timestamp.
func OffsetAt(loc *time.Location, t int64) (offset int, abbrev string) {
	abbrev, offset = time.Unix(floorDiv(t, usecSecond), 0).In(loc).Zone()
	return offset, abbrev
}

// LocalOffset gives the offset of a local time, counted in seconds as if it were UTC. Where the clock jumps, a time that does not exist is
// read with the offset before the jump, one that exists twice with the offset after it.
func LocalOffset(loc *time.Location, local int64) int {
	before := time.Unix(local-86400, 0).In(loc)
	_, off := before.Zone()
	_, end := before.ZoneBounds()
	if end.IsZero() {
		return off
	}
	_, after := end.Zone()
	boundary := end.Unix()
	t1, t2 := local-int64(off), local-int64(after)
	switch {
	case t1 < boundary && t2 < boundary:
		return off
	case t1 > boundary && t2 >= boundary:
		return after
	case t1 > t2:
		return off
	}
	return after
}

// LocalToUTC turns a stored timestamp without zone into one with, and UTCToLocal back.
func LocalToUTC(loc *time.Location, t int64) int64 {
	return t - int64(LocalOffset(loc, floorDiv(t, usecSecond)))*usecSecond
}

// UTCToLocal gives the local time of an instant.
func UTCToLocal(loc *time.Location, t int64) int64 {
	off, _ := OffsetAt(loc, t)
	return t + int64(off)*usecSecond
}
