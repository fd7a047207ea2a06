package settings

import (
	"math"
	"strconv"
)

// unit is one unit of memory (size in bytes) or time (size in microseconds).
type unit struct {
	name string
	size float64
}

// Largest first.
var (
	memoryUnits = []unit{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}}
	timeUnits   = []unit{{"d", 86400e6}, {"h", 3600e6}, {"min", 60e6}, {"s", 1e6}, {"ms", 1e3}, {"us", 1}}
)

// unitsOf gives the units a setting of that base unit accepts, and the size of the base unit among them.
func unitsOf(base string) ([]unit, float64) {
	if base == "8kB" {
		return memoryUnits, 8192
	}
	for _, u := range memoryUnits {
		if u.name == base {
			return memoryUnits, u.size
		}
	}
	for _, u := range timeUnits {
		if u.name == base {
			return timeUnits, u.size
		}
	}
	return nil, 1
}

func unitHint(scale []unit) string {
	if len(scale) > 0 && scale[0].name == "TB" {
		return `Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`
	}
	return `Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".`
}

// Show gives a canonical value as SHOW prints it: in the largest unit that holds it exactly.
func (s *Setting) Show(canonical string) string {
	switch s.Type {
	case Integer:
		n, err := strconv.ParseInt(canonical, 10, 64)
		if err != nil {
			return canonical
		}
		if s.Octal {
			return mode(n)
		}
		if s.Unit == "" || n <= 0 {
			return canonical
		}
		scale, base := unitsOf(s.Unit)
		for _, u := range scale {
			ratio := u.size / base
			if ratio <= 1 {
				return strconv.FormatInt(int64(math.RoundToEven(float64(n)/ratio)), 10) + u.name
			}
			if n%int64(ratio) == 0 {
				return strconv.FormatInt(n/int64(ratio), 10) + u.name
			}
		}
	case Real:
		f, err := strconv.ParseFloat(canonical, 64)
		if err != nil {
			return canonical
		}
		if s.Unit == "" || f <= 0 {
			return general(f)
		}
		scale, base := unitsOf(s.Unit)
		for i, u := range scale {
			v := f / (u.size / base)
			if i == len(scale)-1 || v > 0 && math.Abs(math.RoundToEven(v)/v-1) <= 1e-8 {
				return general(v) + u.name
			}
		}
	}
	return canonical
}

// Plain gives a canonical value as pg_settings.setting has it: without a unit.
func (s *Setting) Plain(canonical string) string {
	switch {
	case s.Octal:
		if n, err := strconv.ParseInt(canonical, 10, 64); err == nil {
			return mode(n)
		}
	case s.Type == Real:
		if f, err := strconv.ParseFloat(canonical, 64); err == nil {
			return general(f)
		}
	}
	return canonical
}

// Limit gives Min or Max as pg_settings prints it; empty for types without limits.
func (s *Setting) Limit(v float64) string {
	switch s.Type {
	case Integer:
		return strconv.FormatInt(int64(v), 10)
	case Real:
		return general(v)
	}
	return ""
}

func mode(n int64) string {
	t := strconv.FormatInt(n, 8)
	for len(t) < 4 {
		t = "0" + t
	}
	return t
}

// general formats as C's %g does.
func general(f float64) string { return strconv.FormatFloat(f, 'g', 6, 64) }
