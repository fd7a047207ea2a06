package settings

import (
	"fmt"
	"maps"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Kinds of sources, as pg_settings.source says.
const (
	SourceDefault     = "default"
	SourceFile        = "configuration file"
	SourceCommandLine = "command line"
	SourceOverride    = "override"
)

// Source says where a value came from.
type Source struct {
	Kind string
	File string
	Line int
}

// Values is a resolved set of settings: what the configuration says, and the table's default for everything else.
// It is not safe for changes from several goroutines; it is made once and read.
type Values struct {
	set map[string]entry
}

type entry struct {
	value  string
	source Source
}

// NewValues gives the defaults.
func NewValues() *Values { return &Values{set: map[string]entry{}} }

// Get gives the canonical value; empty for a name that is neither in the table nor set.
func (v *Values) Get(name string) string {
	if e, ok := v.set[name]; ok {
		return e.value
	}
	s := Find(name)
	if s == nil {
		return ""
	}
	if e, ok := v.set[s.Name]; ok {
		return e.value
	}
	return s.Default
}

// IsSet says whether the configuration gives a value of its own.
func (v *Values) IsSet(name string) bool { _, ok := v.set[name]; return ok }

// Set takes a canonical value under the table's own spelling of the name.
func (v *Values) Set(name, canonical string, src Source) { v.set[name] = entry{canonical, src} }

// Source says where the value came from.
func (v *Values) Source(name string) Source {
	if e, ok := v.set[name]; ok {
		return e.source
	}
	return Source{Kind: SourceDefault}
}

// Names gives the names that have values of their own, sorted; those of extensions are among them.
func (v *Values) Names() []string {
	out := make([]string, 0, len(v.set))
	for n := range v.set {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Bool gives a Boolean setting.
func (v *Values) Bool(name string) bool { return v.Get(name) == "on" }

// Int gives an integer setting in its base unit.
func (v *Values) Int(name string) int64 {
	n, _ := strconv.ParseInt(v.Get(name), 10, 64)
	return n
}

// Real gives a real setting in its base unit.
func (v *Values) Real(name string) float64 {
	f, _ := strconv.ParseFloat(v.Get(name), 64)
	return f
}

// Duration gives a setting of time; negative where the setting is -1.
func (v *Values) Duration(name string) time.Duration {
	s := Find(name)
	if s == nil {
		return 0
	}
	_, base := unitsOf(s.Unit)
	return time.Duration(v.Real(name) * base * float64(time.Microsecond))
}

// Bytes gives a setting of memory; negative where the setting is -1.
func (v *Values) Bytes(name string) int64 {
	s := Find(name)
	if s == nil {
		return 0
	}
	n := v.Int(name)
	if n < 0 {
		return n
	}
	_, base := unitsOf(s.Unit)
	return n * int64(base)
}

// List gives the elements of a list setting.
func (v *Values) List(name string) []string {
	list, _ := SplitList(v.Get(name))
	return list
}

// Clone gives a copy that can be changed.
func (v *Values) Clone() *Values { return &Values{set: maps.Clone(v.set)} }

// Maps gives the values and their sources as they cross to another process: source is "kind", or "file:line".
func (v *Values) Maps() (values, sources map[string]string) {
	values, sources = make(map[string]string, len(v.set)), make(map[string]string, len(v.set))
	for n, e := range v.set {
		values[n] = e.value
		sources[n] = e.source.Kind
		if e.source.Kind == SourceFile {
			sources[n] = e.source.File + ":" + strconv.Itoa(e.source.Line)
		}
	}
	return values, sources
}

// FromMaps is the reverse of Maps.
func FromMaps(values, sources map[string]string) *Values {
	v := &Values{set: make(map[string]entry, len(values))}
	for n, value := range values {
		src := Source{Kind: sources[n]}
		if i := strings.LastIndexByte(src.Kind, ':'); i >= 0 {
			line, _ := strconv.Atoi(src.Kind[i+1:])
			src = Source{Kind: SourceFile, File: src.Kind[:i], Line: line}
		}
		v.set[n] = entry{value, src}
	}
	return v
}

// Reload gives the set a running site takes from newly read values: settings that need a restart keep what they have, and
// are named in pending.
func (v *Values) Reload(read *Values) (next *Values, pending []string) {
	next = read.Clone()
	for i := range table {
		s := &table[i]
		if s.Context != ContextPostmaster && s.Context != ContextInternal {
			continue
		}
		if v.Get(s.Name) == next.Get(s.Name) {
			continue
		}
		if s.Context == ContextPostmaster {
			pending = append(pending, s.Name)
		}
		if e, ok := v.set[s.Name]; ok {
			next.set[s.Name] = e
		} else {
			delete(next.set, s.Name)
		}
	}
	return next, pending
}

// Changed names the settings whose values differ, sorted.
func (v *Values) Changed(other *Values) []string {
	seen := map[string]bool{}
	for _, set := range []map[string]entry{v.set, other.set} {
		for n := range set {
			if v.Get(n) != other.Get(n) {
				seen[n] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Resolve checks lines in order, later ones overriding earlier ones, on top of the defaults. Lines that cannot be
// taken become problems; the others are in the result.
func Resolve(lines []Line) (*Values, []Problem) {
	v := NewValues()
	var problems []Problem
	for _, l := range lines {
		src := Source{Kind: SourceFile, File: l.File, Line: l.Line}
		if l.File == "" {
			src = Source{Kind: SourceCommandLine}
		}
		s := Find(l.Name)
		if s == nil {
			if Custom(l.Name) {
				v.Set(l.Name, l.Value, src)
				continue
			}
			problems = append(problems, Problem{File: l.File, Line: l.Line, Message: fmt.Sprintf(`unrecognized configuration parameter "%s"`, l.Name)})
			continue
		}
		if s.Context == ContextInternal || s.NoShow {
			problems = append(problems, Problem{File: l.File, Line: l.Line, Message: fmt.Sprintf(`parameter "%s" cannot be changed`, s.Name)})
			continue
		}
		canonical, err := s.Parse(l.Value)
		if err != nil {
			e := err.(*Error)
			problems = append(problems, Problem{File: l.File, Line: l.Line, Message: e.Message, Detail: e.Detail, Hint: e.Hint})
			continue
		}
		v.Set(s.Name, canonical, src)
	}
	return v, problems
}
