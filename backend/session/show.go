package session

import (
	"slices"
	"strings"

	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/install/settings"
)

// show gives a setting as SHOW prints it; ok is false for a name that is no setting.
func (s *session) show(name string) (value string, ok bool) {
	set := settings.Find(name)
	if set == nil {
		name = strings.ToLower(name)
		return s.vars.get(name), s.vars.exists(name)
	}
	switch set.Name {
	case "transaction_isolation":
		if s.tx.level == "" {
			return s.vars.get("default_transaction_isolation"), true
		}
		return s.tx.level, true
	case "transaction_read_only":
		return onOff(s.tx.readOnly), true
	case "transaction_deferrable":
		return onOff(s.tx.deferrable), true
	case "is_superuser":
		return onOff(s.who.superuser), true
	case "session_authorization":
		return s.who.sessionUser, true
	case "role":
		return s.who.role, true
	case "seed":
		return "unavailable", true
	}
	return set.Show(s.vars.get(set.Name)), true
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// mayRead refuses the settings that are for superusers' eyes.
func (s *session) mayRead(set *settings.Setting) error {
	if set != nil && set.SuperuserOnly && !s.who.superuser && !s.memberOf("pg_read_all_settings") {
		return pgerr.New(pgerr.InsufficientPrivilege, "must be superuser or have privileges of pg_read_all_settings to examine \"%s\"", set.Name)
	}
	return nil
}

var showAllColumns = []compile.Column{textColumn("name"), textColumn("setting"), textColumn("description")}

// showColumns describes what SHOW gives.
func showColumns(s *session, n parse.Node) ([]compile.Column, error) {
	name := n.(*parse.VariableShowStmt).Name
	if name == "all" {
		return showAllColumns, nil
	}
	if set := settings.Find(name); set != nil {
		name = set.Name
	} else if !s.vars.exists(strings.ToLower(name)) {
		return nil, settingError(settings.Unrecognized(name))
	}
	return []compile.Column{textColumn(name)}, nil
}

// showStatement runs SHOW.
func showStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.VariableShowStmt)
	columns, err := showColumns(s, n)
	if err != nil {
		return nil, err
	}
	if n.Name != "all" {
		if err := s.mayRead(settings.Find(n.Name)); err != nil {
			return nil, err
		}
		value, _ := s.show(n.Name)
		return textRows("SHOW", columns, [][]string{{value}}), nil
	}
	var rows [][]string
	for _, set := range settings.All() {
		if set.NoShow || s.mayRead(set) != nil {
			continue
		}
		value, _ := s.show(set.Name)
		rows = append(rows, []string{set.Name, value, set.Short})
	}
	for name := range s.vars.vars {
		if strings.Contains(name, ".") && s.vars.exists(name) {
			rows = append(rows, []string{name, s.vars.get(name), ""})
		}
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(strings.ToLower(a[0]), strings.ToLower(b[0])) })
	return textRows("SHOW", columns, rows), nil
}
