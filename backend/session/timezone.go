package session

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a backend sees no files but its database's
)

// findZone reads a value of TimeZone: a name of the IANA database in any case, a number of hours east, or PostgreSQL's
// POSIX form "ABC+3", in which positive is west. canonical is what SHOW shows.
func findZone(value string) (zone *time.Location, canonical string, ok bool) {
	v := strings.TrimSpace(value)
	switch v {
	case "UTC", "Etc/UTC":
		return utcAs(v), v, true
	case "":
		return nil, "", false
	}
	if hours, err := strconv.ParseFloat(v, 64); err == nil && math.Abs(hours) < 168 && !strings.ContainsAny(v, "xXnN") {
		return fixedZone(int(math.Round(hours * 3600)))
	}
	if strings.HasPrefix(v, "<") || !strings.Contains(v, "..") && v[0] != '/' && v[0] != '.' {
		for _, name := range [...]string{v, zoneCase(v), strings.ToUpper(v)} {
			if name == "Local" || name == "local" {
				continue
			}
			if loc, err := time.LoadLocation(name); err == nil {
				return loc, name, true
			}
		}
	}
	if offset, ok := posixOffset(v); ok {
		return time.FixedZone(v, -offset), v, true
	}
	return nil, "", false
}

func utcAs(name string) *time.Location {
	if name == "UTC" {
		return time.UTC
	}
	return time.FixedZone("UTC", 0)
}

// fixedZone makes the zone of a numeric setting; its name is in POSIX's form, with the sign turned around.
func fixedZone(east int) (*time.Location, string, bool) {
	name := fmt.Sprintf("<%s>%s", zoneDigits(east), zoneDigits(-east))
	return time.FixedZone(zoneDigits(east), east), name, true
}

func zoneDigits(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	s := fmt.Sprintf("%c%02d", sign, seconds/3600)
	if m := seconds / 60 % 60; m != 0 || seconds%60 != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	if sec := seconds % 60; sec != 0 {
		s += fmt.Sprintf(":%02d", sec)
	}
	return s
}

// zoneCase puts a name into the case of the IANA database: America/New_York, Etc/GMT+3 stays upper by the other try.
func zoneCase(v string) string {
	b := []byte(strings.ToLower(v))
	up := true
	for i, c := range b {
		if up && 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		up = c == '/' || c == '_' || c == '-'
	}
	return string(b)
}

// posixOffset reads "ABC+3", "<+03>-03", "+05:30": the seconds west of Greenwich. Rules for summer time are not read.
func posixOffset(v string) (west int, ok bool) {
	rest := v
	if strings.HasPrefix(v, "<") {
		end := strings.IndexByte(v, '>')
		if end < 0 {
			return 0, false
		}
		rest = v[end+1:]
	} else {
		rest = strings.TrimLeft(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
		if n := len(v) - len(rest); n != 0 && n < 3 {
			return 0, false
		}
	}
	if rest == "" {
		return 0, false
	}
	sign := 1
	switch rest[0] {
	case '-':
		sign, rest = -1, rest[1:]
	case '+':
		rest = rest[1:]
	}
	parts := strings.Split(rest, ":")
	if len(parts) > 3 {
		return 0, false
	}
	unit := 3600
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || p == "" || len(p) > 3 || i == 0 && n > 167 || i > 0 && n > 59 {
			return 0, false
		}
		west += n * unit
		unit /= 60
	}
	return sign * west, true
}
