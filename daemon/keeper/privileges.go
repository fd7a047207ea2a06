package keeper

import (
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// changeOwner gives an access control list in which the new owner stands for the old one.
func changeOwner(l catalog.ACL, old, owner uint32) catalog.ACL {
	out := catalog.ACL{}
	for _, it := range l {
		if it.Grantee == old {
			it.Grantee = owner
		}
		if it.Grantor == old {
			it.Grantor = owner
		}
		out = out.With(it.Grantee, it.Grantor, it.Privs, false).With(it.Grantee, it.Grantor, it.Grant, true)
	}
	return out
}

var databaseLetters = map[rune]catalog.Privilege{'C': catalog.PrivCreate, 'T': catalog.PrivTemporary, 'c': catalog.PrivConnect}

// handlePrivileges is GRANT and REVOKE on databases.
func handlePrivileges(c *channel, who actor, q *handoff.Privileges) (any, error) {
	if q.Kind != "database" {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "GRANT on this kind of object is not supported")
	}
	all := catalog.AllPrivileges(catalog.ClassDatabase, 0)
	privs := all
	if q.Privileges != "" {
		privs = 0
		for _, l := range q.Privileges {
			p, ok := databaseLetters[l]
			if !ok {
				return nil, pgerr.New(pgerr.InvalidGrantOperation, "invalid privilege type for database")
			}
			privs |= p
		}
	}
	grantees := make([]uint32, len(q.Grantees))
	for i, name := range q.Grantees {
		if name == "" {
			if q.GrantOption && !q.Revoke {
				return nil, pgerr.New(pgerr.InvalidGrantOperation, "grant options can only be granted to roles")
			}
			continue
		}
		x, err := who.r.named(name)
		if err != nil {
			return nil, err
		}
		grantees[i] = x.oid
	}
	if q.GrantedBy != "" && q.GrantedBy != who.name {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "grantor must be current user")
	}
	for _, name := range q.Names {
		d, err := who.r.database(name)
		if err != nil {
			return nil, err
		}
		if err := c.grant(who, d, q, privs, grantees); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// grant changes one database's list. The owner's rights, which superusers act by, need no grant option; others need it.
func (c *channel) grant(who actor, d *database, q *handoff.Privileges, privs catalog.Privilege, grantees []uint32) error {
	grantor := d.owner
	if !who.may(d.owner) {
		grantor = who.oid
		held, option := who.r.held(who.oid, d)
		switch {
		case held == 0:
			return denied("permission denied for database %s", d.name)
		case option&privs == 0:
			what := "granted"
			if q.Revoke {
				what = "revoked"
			}
			c.notice(pgerr.Warning(pgerr.WarningPrivilegeNotGranted, `no privileges were %s for "%s"`, what, d.name))
			return nil
		case option&privs != privs && q.Privileges != "":
			c.notice(pgerr.Warning(pgerr.WarningPrivilegeNotGranted, `not all privileges were granted for "%s"`, d.name))
		}
		privs &= option
	}
	list := d.list()
	for _, g := range grantees {
		if !q.Revoke {
			list = list.With(g, grantor, privs, q.GrantOption)
			continue
		}
		next := list.Without(g, grantor, privs, q.GrantOption)
		var err error
		if list, err = revokeDependents(next, g, d.owner, q.Cascade); err != nil {
			return err
		}
	}
	return c.k.store.exec(`UPDATE "pg_catalog.pg_database" SET datacl = ? WHERE oid = ?`, list.Value(), d.oid)
}

// revokeDependents takes away what a role passed on by a grant option it no longer has.
func revokeDependents(l catalog.ACL, from, owner uint32, cascade bool) (catalog.ACL, error) {
	if from == owner {
		return l, nil
	}
	var option catalog.Privilege
	for _, it := range l {
		if it.Grantee == from {
			option |= it.Grant
		}
	}
	for _, it := range l {
		lost := it.Privs &^ option
		if it.Grantor != from || lost == 0 {
			continue
		}
		if !cascade {
			return nil, pgerr.New(pgerr.DependentObjectsStillExist, "dependent privileges exist").WithHint("Use CASCADE to revoke them too.")
		}
		next, err := revokeDependents(l.Without(it.Grantee, from, lost, false), it.Grantee, owner, true)
		if err != nil {
			return nil, err
		}
		return revokeDependents(next, from, owner, true)
	}
	return l, nil
}

// handleComment is COMMENT ON a shared object.
func handleComment(c *channel, who actor, q *handoff.Comment) (any, error) {
	var oid, class uint32
	switch q.Kind {
	case "database":
		d, err := who.r.database(q.Name)
		if err != nil {
			return nil, err
		}
		if !who.may(d.owner) {
			return nil, denied("must be owner of database %s", d.name)
		}
		oid, class = d.oid, catalog.ClassDatabase
	case "role":
		x, err := who.r.named(q.Name)
		switch {
		case err != nil:
			return nil, err
		case x.super && !who.super:
			return nil, denied("must be superuser")
		case !who.createRoles():
			return nil, denied("must have CREATEROLE privilege")
		}
		oid, class = x.oid, catalog.ClassAuthid
	default:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "COMMENT on this kind of object is not supported")
	}
	s := c.k.store
	err := s.exec(`DELETE FROM "pg_catalog.pg_shdescription" WHERE objoid = ? AND classoid = ?`, oid, class)
	if err == nil && q.Text != nil && *q.Text != "" {
		err = s.exec(`INSERT INTO "pg_catalog.pg_shdescription" (objoid, classoid, description) VALUES (?, ?, ?)`, oid, class, *q.Text)
	}
	return nil, err
}
