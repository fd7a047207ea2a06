package keeper

import (
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

func handleGrantRole(c *channel, who actor, q *handoff.GrantRole) (any, error) {
	grantor := who.oid
	if q.GrantedBy != "" {
		g, err := who.r.named(q.GrantedBy)
		if err != nil {
			return nil, err
		}
		grantor = g.oid
	}
	for _, m := range q.Members {
		if _, err := who.r.named(m); err != nil {
			return nil, err
		}
	}
	for _, g := range q.Roles {
		var err error
		if q.Revoke {
			err = c.dropMembers(who, g, q.Members, q.Admin)
		} else {
			err = c.addMembers(who, g, q.Members, q.Admin, grantor)
		}
		if err != nil {
			return nil, err
		}
		if err := c.tx.changed(); err != nil {
			return nil, err
		}
		who.r = c.tx.roster
	}
	return nil, nil
}

// mayGrant tells whether the actor may change who is a member of a role.
func (who actor) mayGrant(g *role) error {
	switch {
	case g.super && !who.super:
		return denied("must be superuser to alter superusers")
	case !g.super && !who.createRoles() && !who.r.adminOf(who.oid, g.oid):
		return denied(`must have admin option on role "%s"`, g.name)
	}
	return nil
}

// addMembers makes roles members of another.
func (c *channel) addMembers(who actor, group string, members []string, admin bool, grantor uint32) error {
	if len(members) == 0 {
		return nil
	}
	g, err := who.r.named(group)
	if err != nil {
		return err
	}
	if err := who.mayGrant(g); err != nil {
		return err
	}
	if g.oid == roleDatabaseOwner {
		return pgerr.New(pgerr.InvalidGrantOperation, `role "%s" cannot have explicit members`, g.name)
	}
	if grantor != who.oid && !who.super {
		return denied("must be superuser to set grantor")
	}
	for _, name := range members {
		m, err := who.r.named(name)
		if err != nil {
			return err
		}
		if m.oid == roleDatabaseOwner {
			return pgerr.New(pgerr.InvalidGrantOperation, `role "%s" cannot be a member of any role`, m.name)
		}
		if c.tx.roster.memberOf(g.oid, m.oid, false) {
			return pgerr.New(pgerr.InvalidGrantOperation, `role "%s" is a member of role "%s"`, g.name, m.name)
		}
		if old := c.tx.roster.membership(g.oid, m.oid); old != nil && (!admin || old.admin) {
			c.notice(pgerr.Notice(pgerr.SuccessfulCompletion, `role "%s" is already a member of role "%s"`, m.name, g.name))
			continue
		}
		err = c.k.store.exec(`INSERT OR REPLACE INTO "pg_catalog.pg_auth_members" (roleid, member, grantor, admin_option) VALUES (?, ?, ?, ?)`,
			g.oid, m.oid, grantor, admin)
		if err != nil {
			return err
		}
		// The next one may close a circle with this one.
		if err := c.tx.changed(); err != nil {
			return err
		}
	}
	return nil
}

// dropMembers ends memberships, or only their admin option.
func (c *channel) dropMembers(who actor, group string, members []string, adminOnly bool) error {
	if len(members) == 0 {
		return nil
	}
	g, err := who.r.named(group)
	if err != nil {
		return err
	}
	if err := who.mayGrant(g); err != nil {
		return err
	}
	for _, name := range members {
		m, err := who.r.named(name)
		if err != nil {
			return err
		}
		if c.tx.roster.membership(g.oid, m.oid) == nil {
			c.notice(pgerr.Warning(pgerr.WarningCondition, `role "%s" is not a member of role "%s"`, m.name, g.name))
			continue
		}
		sql := `DELETE FROM "pg_catalog.pg_auth_members" WHERE roleid = ? AND member = ?`
		if adminOnly {
			sql = `UPDATE "pg_catalog.pg_auth_members" SET admin_option = 0 WHERE roleid = ? AND member = ?`
		}
		if err := c.k.store.exec(sql, g.oid, m.oid); err != nil {
			return err
		}
	}
	return nil
}

func (r *roster) membership(group, member uint32) *membership {
	for i := range r.members[group] {
		if m := &r.members[group][i]; m.member == member {
			return m
		}
	}
	return nil
}
