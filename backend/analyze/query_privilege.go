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
		ok, err := a.allowed(c)
		if err != nil {
			return err
		}
		if ok {
			continue
		}
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for %s %s", relationKind(c.rel.Kind), c.rel.Name)
	}
	return nil
}

// allowed asks the session, else the catalog's ACLs.
func (a *Analyzer) allowed(c privilege) (bool, error) {
	if a.Allowed != nil {
		return a.Allowed(c.role, c.rel, c.what), nil
	}
	if v, ok := a.Catalog.(*catalog.View); ok {
		if v.Superuser(c.role) {
			return true, nil
		}
		return v.Allowed(catalog.Address{Class: classOID, OID: c.rel.OID}, c.role, catalog.PrivilegeNamed(c.what))
	}
	return c.rel.System && c.what == "SELECT", nil
}

// classOID is pg_class, the catalog relations are objects of.
const classOID = 1259

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
