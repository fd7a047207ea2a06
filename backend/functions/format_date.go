package functions

import (
	"fmt"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

var (
	monthsFull  = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	daysFull    = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	romanMonths = []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}
)

// dateParts is what to_char prints: fields of a timestamp or an interval.
type dateParts struct {
	year, month, day  int64
	hour, minute, sec int64
	usec              int64
	days              int64 // since 1970, for week and weekday
	doy               int64
	offset            int
	zone              string
	hasZone, interval bool
}

func (p *dateParts) setDay(days int64) {
	y, m, d := types.CivilFromDays(days)
	p.year, p.month, p.day, p.days = int64(y), int64(m), int64(d), days
	p.doy = days - types.DaysFromCivil(y, 1, 1) + 1
}

func (p *dateParts) setClock(t int64) {
	p.hour, p.minute, p.sec, p.usec = t/usecHour, t/usecMinute%60, t/usecSecond%60, t%usecSecond
}

func formatRows() []Row {
	rs := []Row{
		{Sig: "to_char(" + sigTS + ",text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			if infinite(a[0].I) || len(a[1].B) == 0 {
				return null, nil
			}
			return formatMoment(&dateParts{}, a[0].I, string(a[1].B))
		}},
		{Sig: "to_char(" + sigTSTZ + ",text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			if infinite(a[0].I) || len(a[1].B) == 0 {
				return null, nil
			}
			p := &dateParts{hasZone: true}
			p.offset, p.zone = types.OffsetAt(c.Location(), a[0].I)
			return formatMoment(p, a[0].I+int64(p.offset)*usecSecond, string(a[1].B))
		}},
		{Sig: "to_char(interval,text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			if len(a[1].B) == 0 {
				return null, nil
			}
			i := types.ReadInterval(a[0].B)
			p := &dateParts{interval: true, year: int64(i.Months / 12), month: int64(i.Months % 12), day: int64(i.Days)}
			p.setClock(i.Usec)
			p.doy = int64(i.Months)*30 + int64(i.Days)
			return p.format(string(a[1].B))
		}},
		{Sig: "to_date(text,text)", Scalar: toDate}, {Sig: "to_timestamp(text,text)", Scalar: toTimestamp},
	}
	return append(rs, numberFormatRows()...)
}

func formatMoment(p *dateParts, t int64, f string) (types.Value, error) {
	days := floorDiv64(t, usecDay)
	p.setDay(days)
	p.setClock(t - days*usecDay)
	return p.format(f)
}

// shownYear counts 1 BC as 1.
func (p *dateParts) shownYear(y int64) int64 {
	if p.interval || y > 0 {
		return y
	}
	return 1 - y
}

func padNumber(n int64, width int, fm bool) string {
	if fm {
		return fmt.Sprint(n)
	}
	if n < 0 {
		width++
	}
	return fmt.Sprintf("%0*d", width, n)
}

func caseName(key, full string) string {
	switch {
	case key == strings.ToUpper(key):
		return strings.ToUpper(full)
	case key == strings.ToLower(key):
		return strings.ToLower(full)
	}
	return full
}

// format prints by a template.
func (p *dateParts) format(f string) (types.Value, error) {
	var out strings.Builder
	for _, n := range parseTemplate(f) {
		if n.key == "" {
			out.WriteString(n.text)
			continue
		}
		s, number, err := p.node(n)
		if err != nil {
			return null, err
		}
		out.WriteString(s)
		if number && (n.th || n.TH) {
			out.WriteString(ordinal(s, n.TH))
		}
	}
	return types.StringValue(out.String()), nil
}

var errIntervalFormat = pgerr.New(pgerr.InvalidDatetimeFormat, "invalid format specification for an interval value").
	WithHint("Intervals are not tied to specific calendar dates.")

// node prints one pattern; number tells that an ordinal ending may follow.
func (p *dateParts) node(n templateNode) (s string, number bool, err error) {
	key := strings.ToUpper(n.key)
	half := func() int64 {
		h := p.hour % 12
		if h == 0 {
			h = 12
		}
		return h
	}
	switch key {
	case "A.M.", "P.M.", "AM", "PM":
		s = "AM"
		if p.hour%24 >= 12 {
			s = "PM"
		}
		if strings.Contains(key, ".") {
			s = s[:1] + "." + s[1:] + "."
		}
		return caseName(n.key, s), false, nil
	case "HH", "HH12":
		return padNumber(half(), 2, n.fm), true, nil
	case "HH24":
		return padNumber(p.hour, 2, n.fm), true, nil
	case "MI":
		return padNumber(p.minute, 2, n.fm), true, nil
	case "SS":
		return padNumber(p.sec, 2, n.fm), true, nil
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int(key[2] - '0')
		u := p.usec
		for i := digits; i < 6; i++ {
			u /= 10
		}
		return padNumber(u, digits, false), true, nil
	case "MS":
		return padNumber(p.usec/1000, 3, false), true, nil
	case "US":
		return padNumber(p.usec, 6, false), true, nil
	case "SSSS", "SSSSS":
		return fmt.Sprint(p.hour*3600 + p.minute*60 + p.sec), true, nil
	case "FX":
		return "", false, nil
	}
	if p.interval {
		switch key {
		case "TZ", "TZH", "TZM", "OF", "A.D.", "B.C.", "AD", "BC", "MONTH", "MON", "DAY", "DY", "D", "ID", "WW", "IW", "W", "CC", "Q":
			if key != "CC" && key != "Q" && key != "W" && key != "WW" && key != "IW" {
				return "", false, errIntervalFormat
			}
		}
	}
	switch key {
	case "TZ":
		return caseName(n.key, p.zone), false, nil
	case "TZH", "TZM", "OF":
		off, sign := p.offset, "+"
		if off < 0 {
			off, sign = -off, "-"
		}
		switch {
		case key == "TZH":
			return sign + padNumber(int64(off/3600), 2, false), false, nil
		case key == "TZM":
			return padNumber(int64(off/60%60), 2, false), false, nil
		}
		s = sign + padNumber(int64(off/3600), 2, n.fm)
		if off%3600 != 0 {
			s += ":" + padNumber(int64(off/60%60), 2, false)
		}
		return s, false, nil
	case "A.D.", "B.C.", "AD", "BC":
		s = "AD"
		if p.year <= 0 {
			s = "BC"
		}
		if strings.Contains(key, ".") {
			s = s[:1] + "." + s[1:] + "."
		}
		return caseName(n.key, s), false, nil
	case "MONTH", "MON", "DAY", "DY":
		names, i, width := monthsFull, p.month-1, 9
		if key[0] == 'D' {
			names, i = daysFull, isoWeekday(p.days)%7
		}
		s = names[i]
		if key == "MON" || key == "DY" {
			s, width = s[:3], 0
		}
		s = caseName(n.key, s)
		if !n.fm && !n.tm && len(s) < width {
			s += strings.Repeat(" ", width-len(s))
		}
		return s, false, nil
	case "RM":
		if p.interval && p.month == 0 {
			return "", false, nil
		}
		m := p.month
		if m < 0 {
			m += 13
		}
		s = caseName(n.key, romanMonths[m-1])
		if !n.fm {
			s += strings.Repeat(" ", 4-len(s))
		}
		return s, false, nil
	}
	n64, width := p.number(key)
	if key == "Q" && p.month == 0 {
		return "", false, nil
	}
	if (key == "DD" || key == "DDD") && n64 < 0 {
		width-- // the sign has no place of its own here
	}
	switch key {
	case "Y,YYY":
		y := p.shownYear(p.year)
		if n.fm {
			return fmt.Sprintf("%d,%03d", y/1000, y%1000), true, nil
		}
		return fmt.Sprintf("%d,%03d", y/1000, y%1000), true, nil
	case "YYYY", "IYYY", "CC":
		return padNumber(n64, width, n.fm), true, nil
	}
	return padNumber(n64, width, n.fm), true, nil
}

// number gives the value and width of a numeric pattern of a date.
func (p *dateParts) number(key string) (int64, int) {
	y := p.shownYear(p.year)
	iy, iw := int64(0), int64(0)
	if !p.interval {
		a, b := isoWeek(p.days)
		iy, iw = p.shownYear(int64(a)), int64(b)
	}
	switch key {
	case "YYYY":
		return y, 4
	case "YYY":
		return y % 1000, 3
	case "YY":
		return y % 100, 2
	case "Y":
		return y % 10, 1
	case "IYYY":
		return iy, 4
	case "IYY":
		return iy % 1000, 3
	case "IY":
		return iy % 100, 2
	case "I":
		return iy % 10, 1
	case "MM":
		return p.month, 2
	case "DD":
		return p.day, 2
	case "DDD":
		return p.doy, 3
	case "IDDD":
		return (iw-1)*7 + isoWeekday(p.days), 3
	case "D":
		return isoWeekday(p.days)%7 + 1, 1
	case "ID":
		return isoWeekday(p.days), 1
	case "WW":
		return (p.doy-1)/7 + 1, 2
	case "IW":
		return iw, 2
	case "W":
		return (p.day-1)/7 + 1, 1
	case "Q":
		if p.month == 0 {
			return 0, 1
		}
		return (p.month-1)/3 + 1, 1
	case "J":
		if p.interval {
			return julianOf(p.year, p.month, p.day), 1
		}
		return p.days + julianEpoch, 1
	case "CC":
		if p.interval {
			return p.year / 100, 2
		}
		if p.year > 0 {
			return (p.year-1)/100 + 1, 2
		}
		return -((1-p.year-1)/100 + 1), 2
	}
	return 0, 1
}

// julianOf is PostgreSQL's Julian day of a year, month and day, also where they are no date.
func julianOf(y, m, d int64) int64 {
	if m > 2 {
		m, y = m+1, y+4800
	} else {
		m, y = m+13, y+4799
	}
	c := y / 100
	return y*365 - 32167 + y/4 - c + c/4 + 7834*m/256 + d
}
