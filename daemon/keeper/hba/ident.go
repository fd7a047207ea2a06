package hba

import (
	"fmt"
	"regexp"
	"strings"
)

// Mapping is one line of pg_ident.conf: an operating system (or certificate) name that may be a role.
type Mapping struct {
	File   string
	Line   int
	Map    string
	System Token // with a regular expression when it begins with a slash
	Role   Token
}

// Maps is pg_ident.conf.
type Maps struct{ Lines []Mapping }

// LoadMaps reads pg_ident.conf and what it includes. A file that does not exist has no maps. With any problem there are none.
func LoadMaps(path string) (*Maps, []Problem) { return newLoader().maps(path) }

func (l *loader) maps(path string) (*Maps, []Problem) {
	l.file(path, path, 0, 0)
	m := &Maps{}
	for _, ln := range l.lines {
		one, reason := parseMapping(ln)
		if reason != "" {
			l.problem(ln.file, ln.number, reason, "")
			continue
		}
		m.Lines = append(m.Lines, one)
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return m, nil
}

func parseMapping(ln line) (m Mapping, reason string) {
	for _, f := range ln.fields {
		if len(f) > 1 {
			return m, "multiple values in ident field"
		}
	}
	if len(ln.fields) < 3 {
		return m, "missing entry at end of line"
	}
	m = Mapping{File: ln.file, Line: ln.number, Map: ln.fields[0][0].Text, System: ln.fields[1][0], Role: ln.fields[2][0]}
	if strings.HasPrefix(m.System.Text, "/") {
		re, err := regexp.Compile(m.System.Text[1:])
		if err != nil {
			return m, fmt.Sprintf(`invalid regular expression "%s": %s`, m.System.Text[1:], regexpCause(err))
		}
		if strings.Contains(m.Role.Text, `\1`) && re.NumSubexp() < 1 {
			return m, fmt.Sprintf(`regular expression "%s" has no subexpressions as requested by backreference in "%s"`,
				m.System.Text[1:], m.Role.Text)
		}
		m.System.re = re
	}
	return m, ""
}

// Allowed tells whether the system user may be the role under a map; an empty map asks for equal names. why is for the
// log, in PostgreSQL's words; line is the mapping that allowed it.
func (ms *Maps) Allowed(mapName, system, role string, memberOf func(role, group string) bool) (line *Mapping, ok bool, why string) {
	if mapName == "" {
		if system == role {
			return nil, true, ""
		}
		return nil, false, fmt.Sprintf(`provided user name (%s) and authenticated user name (%s) do not match`, role, system)
	}
	if ms != nil {
		for i := range ms.Lines {
			m := &ms.Lines[i]
			if m.Map == mapName && m.allows(system, role, memberOf) {
				return m, true, ""
			}
		}
	}
	return nil, false, fmt.Sprintf(`no match in usermap "%s" for user "%s" authenticated as "%s"`, mapName, role, system)
}

func (m *Mapping) allows(system, role string, memberOf func(role, group string) bool) bool {
	want := m.Role
	if m.System.re != nil {
		found := m.System.re.FindStringSubmatch(system)
		if found == nil {
			return false
		}
		if strings.Contains(want.Text, `\1`) {
			// What the name matched is a role's name, never a keyword.
			want = Token{Text: strings.Replace(want.Text, `\1`, found[1], 1), Quoted: true}
		}
	} else if m.System.Text != system {
		return false
	}
	switch {
	case want.keyword("all"):
		return true
	case !want.Quoted && strings.HasPrefix(want.Text, "+"):
		return memberOf != nil && memberOf(role, want.Text[1:])
	}
	return want.Text == role
}
