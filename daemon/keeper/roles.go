package keeper

import (
	"fmt"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// Commands about roles, by PostgreSQL 15's rules and in its words.

func denied(format string, args ...any) error {
	return pgerr.New(pgerr.InsufficientPrivilege, format, args...)
}

// named finds a role that a command names.
func (r *roster) named(name string) (*role, error) {
	if x := r.byName[name]; x != nil {
		return x, nil
	}
	return nil, pgerr.New(pgerr.UndefinedObject, `role "%s" does not exist`, name)
}

// checkName refuses names that PostgreSQL keeps for itself.
func checkName(name string) error {
	switch {
	case name == "public" || name == "none":
		return pgerr.New(pgerr.ReservedName, `role name "%s" is reserved`, name)
	case strings.HasPrefix(name, "pg_"):
		return pgerr.New(pgerr.ReservedName, `role name "%s" is reserved`, name).
			WithDetail(`Role names starting with "pg_" are reserved.`)
	case name == "":
		return pgerr.New(pgerr.InvalidName, "zero-length delimited identifier")
	case len(name) > 63 || strings.IndexByte(name, 0) >= 0:
		return pgerr.New(pgerr.InvalidName, "name is too long")
	}
	return nil
}

func isTrue(b *bool) bool { return b != nil && *b }

// passwordChange is what becomes of a role's verifier.
type passwordChange struct {
	set, clear bool
	verifier   string
}

func (c *channel) password(o *handoff.RoleOptions) (p passwordChange, err error) {
	switch {
	case o.NullPassword:
		p.clear = true
	case o.Password == nil:
	case *o.Password == "":
		c.notice(pgerr.Notice(pgerr.SuccessfulCompletion, "empty string is not a valid password, clearing password"))
		p.clear = true
	default:
		n := o.Iterations
		if n == 0 {
			n = int(c.k.config.Load().values.Int("scram_iterations"))
		}
		// Held to a bound: the work is done while others wait for the turn.
		if n > 1000000 {
			return p, pgerr.New(pgerr.InvalidParameterValue, "too many iterations for a password: %d", n)
		}
		p.set = true
		p.verifier, err = makeVerifier(*o.Password, n)
	}
	return p, err
}

func (k *Keeper) storePassword(oid uint32, p passwordChange) error {
	switch {
	case p.clear:
		return k.store.exec("DELETE FROM secrets.verifier WHERE role = ?", oid)
	case p.set:
		return k.store.exec("INSERT INTO secrets.verifier (role, verifier) VALUES (?, ?) ON CONFLICT (role) DO UPDATE SET verifier = excluded.verifier",
			oid, p.verifier)
	}
	return nil
}

func checkLimit(n *int32) error {
	if n != nil && *n < -1 {
		return pgerr.New(pgerr.InvalidParameterValue, "invalid connection limit: %d", *n)
	}
	return nil
}

func handleRoleCreate(c *channel, who actor, q *handoff.RoleCreate) (any, error) {
	switch {
	case who.super:
	case isTrue(q.Superuser):
		return nil, denied("must be superuser to create superusers")
	case isTrue(q.Replication):
		return nil, denied("must be superuser to create replication users")
	case isTrue(q.BypassRLS):
		return nil, denied("must be superuser to create bypassrls users")
	case !who.createRole:
		return nil, denied("permission denied to create role")
	}
	if err := checkName(q.Name); err != nil {
		return nil, err
	}
	if who.r.byName[q.Name] != nil {
		return nil, pgerr.New(pgerr.DuplicateObject, `role "%s" already exists`, q.Name)
	}
	if err := checkLimit(q.ConnectionLimit); err != nil {
		return nil, err
	}
	p, err := c.password(&q.RoleOptions)
	if err != nil {
		return nil, err
	}
	k := c.k
	oid, err := k.store.nextOID()
	if err != nil {
		return nil, err
	}
	limit := int32(-1)
	if q.ConnectionLimit != nil {
		limit = *q.ConnectionLimit
	}
	var until any
	if q.ValidUntil != nil {
		until = *q.ValidUntil
	}
	err = k.store.exec(`INSERT INTO "pg_catalog.pg_authid" (oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
		rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		oid, q.Name, isTrue(q.Superuser), q.Inherit == nil || *q.Inherit, isTrue(q.CreateRole), isTrue(q.CreateDB), isTrue(q.Login),
		isTrue(q.Replication), isTrue(q.BypassRLS), limit, until)
	if err != nil {
		return nil, err
	}
	if err := k.storePassword(oid, p); err != nil {
		return nil, err
	}
	if err := c.tx.changed(); err != nil {
		return nil, err
	}
	who.r = c.tx.roster
	for _, g := range q.InRoles {
		if err := c.addMembers(who, g, []string{q.Name}, false, who.oid); err != nil {
			return nil, err
		}
	}
	if err := c.addMembers(who, q.Name, q.Members, false, who.oid); err != nil {
		return nil, err
	}
	if err := c.addMembers(who, q.Name, q.Admins, true, who.oid); err != nil {
		return nil, err
	}
	return handoff.OID{OID: oid}, nil
}

func handleRoleAlter(c *channel, who actor, q *handoff.RoleAlter) (any, error) {
	if strings.HasPrefix(q.Name, "pg_") {
		return nil, pgerr.New(pgerr.ReservedName, `role name "%s" is reserved`, q.Name).WithDetail("Cannot alter reserved roles.")
	}
	if err := checkLimit(q.ConnectionLimit); err != nil {
		return nil, err
	}
	x, err := who.r.named(q.Name)
	if err != nil {
		return nil, err
	}
	onlyPassword := q.Inherit == nil && q.CreateRole == nil && q.CreateDB == nil && q.Login == nil && q.ConnectionLimit == nil &&
		q.ValidUntil == nil && len(q.Add) == 0 && len(q.Drop) == 0
	switch {
	case who.super:
	case x.super || q.Superuser != nil:
		return nil, denied("must be superuser to alter superuser roles or change superuser attribute")
	case x.replicate || q.Replication != nil:
		return nil, denied("must be superuser to alter replication roles or change replication attribute")
	case q.BypassRLS != nil:
		return nil, denied("must be superuser to change bypassrls attribute")
	case who.createRole:
	case !onlyPassword || q.Password == nil && !q.NullPassword || x.oid != who.oid:
		return nil, denied("permission denied")
	}
	if x.oid == bootstrapSuperuser && q.Superuser != nil && !*q.Superuser {
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "permission denied to alter role").WithDetail("The bootstrap user must have the SUPERUSER attribute.")
	}
	p, err := c.password(&q.RoleOptions)
	if err != nil {
		return nil, err
	}
	var set []string
	var args []any
	flag := func(column string, v *bool) {
		if v != nil {
			set, args = append(set, column+" = ?"), append(args, *v)
		}
	}
	flag("rolsuper", q.Superuser)
	flag("rolinherit", q.Inherit)
	flag("rolcreaterole", q.CreateRole)
	flag("rolcreatedb", q.CreateDB)
	flag("rolcanlogin", q.Login)
	flag("rolreplication", q.Replication)
	flag("rolbypassrls", q.BypassRLS)
	if q.ConnectionLimit != nil {
		set, args = append(set, "rolconnlimit = ?"), append(args, *q.ConnectionLimit)
	}
	if q.ValidUntil != nil {
		set, args = append(set, "rolvaliduntil = ?"), append(args, *q.ValidUntil)
	}
	if len(set) > 0 {
		err := c.k.store.exec(`UPDATE "pg_catalog.pg_authid" SET `+strings.Join(set, ", ")+` WHERE oid = ?`, append(args, x.oid)...)
		if err != nil {
			return nil, err
		}
	}
	if err := c.k.storePassword(x.oid, p); err != nil {
		return nil, err
	}
	if err := c.addMembers(who, q.Name, q.Add, false, who.oid); err != nil {
		return nil, err
	}
	return nil, c.dropMembers(who, q.Name, q.Drop, false)
}

func handleRoleRename(c *channel, who actor, q *handoff.Rename) (any, error) {
	x, err := who.r.named(q.Old)
	if err != nil {
		return nil, err
	}
	switch {
	case x.oid == c.session.acting.Load():
		return nil, pgerr.New(pgerr.FeatureNotSupported, "session user cannot be renamed")
	case x.oid == who.oid:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "current user cannot be renamed")
	}
	if strings.HasPrefix(q.Old, "pg_") {
		return nil, pgerr.New(pgerr.ReservedName, `role name "%s" is reserved`, q.Old).WithDetail(`Role names starting with "pg_" are reserved.`)
	}
	if err := checkName(q.New); err != nil {
		return nil, err
	}
	if who.r.byName[q.New] != nil {
		return nil, pgerr.New(pgerr.DuplicateObject, `role "%s" already exists`, q.New)
	}
	switch {
	case x.super && !who.super:
		return nil, denied("must be superuser to rename superusers")
	case !who.createRoles():
		return nil, denied("permission denied to rename role")
	}
	return nil, c.k.store.exec(`UPDATE "pg_catalog.pg_authid" SET rolname = ? WHERE oid = ?`, q.New, x.oid)
}

func handleRoleDrop(c *channel, who actor, q *handoff.RoleDrop) (any, error) {
	if !who.createRoles() {
		return nil, denied("permission denied to drop role")
	}
	for _, name := range q.Names {
		x := who.r.byName[name]
		if x == nil {
			if !q.IfExists {
				return nil, pgerr.New(pgerr.UndefinedObject, `role "%s" does not exist`, name)
			}
			c.notice(pgerr.Notice(pgerr.SuccessfulCompletion, `role "%s" does not exist, skipping`, name))
			continue
		}
		switch {
		case x.oid == who.oid:
			return nil, pgerr.New(pgerr.ObjectInUse, "current user cannot be dropped")
		case x.oid == c.session.acting.Load() || x.oid == c.session.role:
			return nil, pgerr.New(pgerr.ObjectInUse, "session user cannot be dropped")
		case x.super && !who.super:
			return nil, denied("must be superuser to drop superusers")
		case x.oid < firstOID:
			return nil, pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop role %s because it is required by the database system", name)
		}
		if err := c.independent(who.r, x); err != nil {
			return nil, err
		}
		s := c.k.store
		for _, sql := range []string{
			`DELETE FROM "pg_catalog.pg_auth_members" WHERE roleid = ?1 OR member = ?1`,
			`DELETE FROM "pg_catalog.pg_db_role_setting" WHERE setrole = ?1`,
			`DELETE FROM secrets.verifier WHERE role = ?1`,
			`DELETE FROM "pg_catalog.pg_authid" WHERE oid = ?1`,
		} {
			if err := s.exec(sql, x.oid); err != nil {
				return nil, err
			}
		}
		if err := s.exec(`DELETE FROM "pg_catalog.pg_shdescription" WHERE objoid = ? AND classoid = ?`, x.oid, catalog.ClassAuthid); err != nil {
			return nil, err
		}
		if err := c.tx.changed(); err != nil {
			return nil, err
		}
		who.r = c.tx.roster
	}
	return nil, nil
}

// independent refuses to drop a role that something still belongs to.
func (c *channel) independent(r *roster, x *role) error {
	var lines []string
	for _, d := range r.databases {
		if d.owner == x.oid {
			lines = append(lines, "owner of database "+d.name)
		}
		for _, it := range d.acl {
			if it.Grantee == x.oid || it.Grantor == x.oid && d.owner != x.oid {
				lines = append(lines, "privileges for database "+d.name)
				break
			}
		}
	}
	others, err := c.k.dependents(x.oid)
	if err != nil {
		return err
	}
	for _, e := range others {
		name := fmt.Sprint(e.database)
		if d := r.databases[e.database]; d != nil {
			name = d.name
		}
		object := "objects"
		if e.count == 1 {
			object = "object"
		}
		lines = append(lines, fmt.Sprintf("%d %s in database %s", e.count, object, name))
	}
	if len(lines) == 0 {
		return nil
	}
	e := pgerr.New(pgerr.DependentObjectsStillExist, `role "%s" cannot be dropped because some objects depend on it`, x.name)
	e.Detail = strings.Join(lines, "\n")
	return e
}
