package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

// privilege is one thing a statement needs to be allowed, in the name of role.
type privilege struct {
	role uint32
	rel  *catalog.Relation
	what string
}

// requirePrivilege notes that the statement does what ("SELECT", "INSERT", "UPDATE", "DELETE") to rel. It is checked when the whole
// statement has been analysed, as PostgreSQL does at the start of execution.
func (a *Analyzer) requirePrivilege(rel *catalog.Relation, what string) {
	for _, c := range a.checks {
		if c.rel == rel && c.what == what && c.role == a.User {
			return
		}
	}
	a.checks = append(a.checks, privilege{a.User, rel, what})
}

func (a *Analyzer) checkPrivileges() error {
	if a.Superuser {
		return nil
	}
	for _, c := range a.checks {
		if c.role == c.rel.Owner {
			continue
		}
		if a.Allowed != nil && a.Allowed(c.role, c.rel, c.what) {
			continue
		}
		if a.Allowed == nil && c.rel.System && c.what == "SELECT" {
			continue
		}
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for %s %s", relationKind(c.rel.Kind), c.rel.Name)
	}
	return nil
}

// relationKind is a relation's kind in words.
func relationKind(kind byte) string {
	switch kind {
	case 'v':
		return "view"
	case 'S':
		return "sequence"
	case 'm':
		return "materialized view"
	case 'f':
		return "foreign table"
	}
	return "table"
}
