package catalog

import (
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Roles and what they may do. Roles are shared and change without the database's catalog version: what is read of them is kept for one statement.

// sharedTable gives the physical name of a shared catalog.
func sharedTable(name string) string { return `shared."pg_catalog.` + name + `"` }

// RoleOID finds a role by name.
func (v *View) RoleOID(name string) (oid uint32, ok bool) {
	v.one("SELECT oid FROM "+sharedTable("pg_authid")+" WHERE rolname = ?", []types.Value{types.StringValue(name)}, func(r []types.Value) {
		oid, ok = uint32(r[0].I), true
	})
	return oid, ok
}

// RoleName gives a role's name.
func (v *View) RoleName(oid uint32) (name string, ok bool) {
	v.one("SELECT rolname FROM "+sharedTable("pg_authid")+" WHERE oid = ?", []types.Value{value(oid)}, func(r []types.Value) {
		name, ok = string(r[0].B), true
	})
	return name, ok
}

// Superuser tells whether a role is one.
func (v *View) Superuser(role uint32) (super bool) {
	if role == builtin.BootstrapRole {
		return true
	}
	if v.c.superKnown && v.c.superRole == role {
		return v.c.super
	}
	v.one("SELECT rolsuper FROM "+sharedTable("pg_authid")+" WHERE oid = ?", []types.Value{value(role)}, func(r []types.Value) { super = r[0].Bool() })
	v.c.superKnown, v.c.superRole, v.c.super = true, role, super
	return super
}

// one runs a query whose failure is kept for Err.
func (v *View) one(sql string, args []types.Value, f func(r []types.Value)) {
	if err := v.c.q.Query(sql, args, func(r []types.Value) error { f(r); return nil }); err != nil {
		v.c.fail(err)
	}
}

// roleOwnerOfDatabase is the role every database's owner is a member of.
const roleOwnerOfDatabase = 6171

// MemberOf tells whether role is, directly or through others, a member of group. inherit asks for the privileges it has without
// SET ROLE: a role without INHERIT passes on nothing.
func (v *View) MemberOf(role, group uint32, inherit bool) bool {
	if role == group {
		return true
	}
	member := v.member(role, group, inherit)
	if !member && group == roleOwnerOfDatabase {
		v.one("SELECT datdba FROM "+sharedTable("pg_database")+" WHERE datname = ?", []types.Value{types.StringValue(v.c.Database)}, func(r []types.Value) {
			owner := uint32(r[0].I)
			member = owner == role || v.member(role, owner, inherit)
		})
	}
	return member
}

func (v *View) member(role, group uint32, inherit bool) (member bool) {
	v.one(`WITH RECURSIVE up(id, passes) AS (SELECT oid, rolinherit FROM `+sharedTable("pg_authid")+` WHERE oid = ?1
			UNION SELECT a.oid, a.rolinherit FROM up JOIN `+sharedTable("pg_auth_members")+` m ON m.member = up.id JOIN `+sharedTable("pg_authid")+` a ON a.oid = m.roleid
			WHERE up.passes OR NOT ?3)
		SELECT count(*) FROM up WHERE id = ?2`, []types.Value{value(role), value(group), value(inherit)}, func(r []types.Value) { member = r[0].I > 0 })
	return member
}

// mayUseSchema tells whether the role of the session may look into a schema.
func (v *View) mayUseSchema(oid uint32) (bool, error) {
	c := v.c
	if oid == v.tempOID || c.role == 0 || c.role == builtin.BootstrapRole {
		return true, nil
	}
	for i := range c.namespaces {
		if n := &c.namespaces[i]; n.oid == oid {
			for _, it := range n.acl {
				if it.Grantee == 0 && it.Privs&PrivUsage != 0 {
					return true, nil
				}
			}
		}
	}
	return v.Allowed(Address{ClassNamespace, oid, 0}, c.role, PrivUsage)
}

// objectACL reads the list and the owner of an object; kind is pg_class.relkind for a relation. found is false for what does not exist.
func (v *View) objectACL(a Address) (acl ACL, owner uint32, kind byte, found bool, err error) {
	sql := map[uint32]string{
		ClassRelation:   "SELECT relacl, relowner, relkind FROM " + table("pg_class") + " WHERE oid = ?",
		ClassNamespace:  "SELECT nspacl, nspowner, '' FROM " + table("pg_namespace") + " WHERE oid = ?",
		ClassProc:       "SELECT proacl, proowner, '' FROM " + table("pg_proc") + " WHERE oid = ?",
		ClassType:       "SELECT typacl, typowner, '' FROM " + table("pg_type") + " WHERE oid = ?",
		ClassLanguage:   "SELECT lanacl, lanowner, '' FROM " + table("pg_language") + " WHERE oid = ?",
		ClassDatabase:   "SELECT datacl, datdba, '' FROM " + sharedTable("pg_database") + " WHERE oid = ?",
		ClassTablespace: "SELECT spcacl, spcowner, '' FROM " + sharedTable("pg_tablespace") + " WHERE oid = ?",
	}[a.Class]
	if sql == "" {
		return nil, 0, 0, false, nil
	}
	err = v.c.q.Query(sql, []types.Value{value(a.OID)}, func(r []types.Value) error {
		acl, owner, kind, found = ReadACL(r[0]), uint32(r[1].I), letterOf(r[2]), true
		return nil
	})
	if acl == nil {
		acl = DefaultACL(a.Class, kind, owner)
	}
	return acl, owner, kind, found, err
}

// Allowed tells whether a role has all of the privileges on an object (for a column, Sub, on it or on its whole table). A superuser and the
// members of pg_read_all_data and pg_write_all_data need no grant.
func (v *View) Allowed(a Address, role uint32, privs Privilege) (bool, error) {
	held, _, _, err := v.Held(a, role)
	return held&privs == privs, err
}

// Held gives the privileges a role has on an object and those it may grant on. found is false where there is no such object.
func (v *View) Held(a Address, role uint32) (privs, grant Privilege, found bool, err error) {
	acl, owner, kind, found, err := v.objectACL(Address{a.Class, a.OID, 0})
	if err != nil || !found {
		return 0, 0, found, err
	}
	all := AllPrivileges(a.Class, kind)
	if v.Superuser(role) {
		return all, all, true, nil
	}
	is := func(group uint32) bool { return v.MemberOf(role, group, true) }
	privs, grant = acl.Held(is)
	if is(owner) { // an owner may always grant
		grant |= all
	}
	if a.Class == ClassRelation && a.Sub != 0 {
		err = v.c.q.Query("SELECT attacl FROM "+table("pg_attribute")+" WHERE attrelid = ? AND attnum = ?", []types.Value{value(a.OID), value(a.Sub)},
			func(r []types.Value) error {
				p, g := ReadACL(r[0]).Held(is)
				privs, grant = privs|p, grant|g
				return nil
			})
	}
	switch a.Class {
	case ClassRelation:
		if privs&PrivSelect == 0 && is(6181) {
			privs |= PrivSelect
		}
		if is(6182) && a.OID >= builtin.FirstUserOID {
			privs |= (PrivInsert | PrivUpdate | PrivDelete) & all
		}
	case ClassNamespace:
		if is(6181) || is(6182) {
			privs |= PrivUsage
		}
	}
	return privs, grant, true, v.firstError(err)
}

func (v *View) firstError(err error) error {
	if err != nil {
		return err
	}
	return v.c.err
}

// privilegeKinds maps the names functions use for kinds of objects to their catalogs.
var privilegeKinds = map[string]uint32{"table": ClassRelation, "column": ClassRelation, "sequence": ClassRelation, "any_column": ClassRelation,
	"schema": ClassNamespace, "function": ClassProc, "type": ClassType, "language": ClassLanguage, "database": ClassDatabase, "tablespace": ClassTablespace,
	"pg_class": ClassRelation, "pg_namespace": ClassNamespace, "pg_proc": ClassProc, "pg_type": ClassType, "pg_language": ClassLanguage,
	"pg_database": ClassDatabase, "pg_tablespace": ClassTablespace}

// HasPrivilege is has_KIND_privilege: kind is "table", "column", "any_column", "sequence", "schema", "function", "type", "language", "database",
// "tablespace", or "role" (object is the role; MEMBER, USAGE). privilege is as the functions take it: names between commas, any of which is
// enough, each perhaps WITH GRANT OPTION. A name that is none is 22023; an object that does not exist is 42P01 and the like with code
// 42704, which the functions by OID turn into NULL.
func (v *View) HasPrivilege(kind string, role, object uint32, column int16, privilege string) (bool, error) {
	if kind == "role" || kind == "pg_authid" {
		return v.hasRole(role, object, privilege)
	}
	class, ok := privilegeKinds[kind]
	if !ok {
		return false, pgerr.New(pgerr.InternalError, "privileges of a %s are not known", kind)
	}
	wants, err := parsePrivileges(privilege, class, kind)
	if err != nil {
		return false, err
	}
	subs := []int32{int32(column)}
	if kind == "any_column" {
		rel, err := v.RelationByOID(object)
		if err != nil {
			return false, err
		}
		if rel != nil {
			for i := range rel.Columns {
				if !rel.Columns[i].Dropped {
					subs = append(subs, int32(rel.Columns[i].Attnum))
				}
			}
		}
	}
	for _, sub := range subs {
		privs, grant, found, err := v.Held(Address{class, object, sub}, role)
		if err != nil {
			return false, err
		}
		if !found {
			return false, pgerr.New(pgerr.UndefinedObject, "object with OID %d does not exist", object)
		}
		for _, w := range wants {
			if w.grant && grant&w.priv != 0 || !w.grant && privs&w.priv != 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

type wantedPrivilege struct {
	priv  Privilege
	grant bool
}

// parsePrivileges reads "SELECT, UPDATE WITH GRANT OPTION".
func parsePrivileges(s string, class uint32, kind string) (out []wantedPrivilege, err error) {
	allowed := AllPrivileges(class, 'r')
	switch kind {
	case "sequence":
		allowed = AllPrivileges(class, 'S')
	case "column", "any_column":
		allowed = PrivSelect | PrivInsert | PrivUpdate | PrivReferences
	}
	for _, part := range strings.Split(s, ",") {
		word := strings.ToUpper(strings.TrimSpace(part))
		base, grant := strings.CutSuffix(word, " WITH GRANT OPTION")
		p := PrivilegeNamed(strings.TrimSpace(base))
		if p == 0 || p&allowed == 0 {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "unrecognized privilege type: \"%s\"", strings.TrimSpace(part))
		}
		out = append(out, wantedPrivilege{p, grant})
	}
	return out, nil
}

// hasRole is pg_has_role.
func (v *View) hasRole(role, group uint32, privilege string) (bool, error) {
	for _, part := range strings.Split(privilege, ",") {
		word := strings.ToUpper(strings.TrimSpace(part))
		base, admin := strings.CutSuffix(word, " WITH GRANT OPTION")
		if !admin {
			base, admin = strings.CutSuffix(word, " WITH ADMIN OPTION")
		}
		if base != "MEMBER" && base != "USAGE" {
			return false, pgerr.New(pgerr.InvalidParameterValue, "unrecognized privilege type: \"%s\"", strings.TrimSpace(part))
		}
		if v.Superuser(role) {
			return true, v.c.err
		}
		if admin {
			found := false
			v.one("SELECT 1 FROM "+sharedTable("pg_auth_members")+" WHERE roleid = ? AND member = ? AND admin_option", []types.Value{value(group), value(role)},
				func([]types.Value) { found = true })
			if found {
				return true, v.c.err
			}
			continue
		}
		if v.MemberOf(role, group, base == "USAGE") {
			return true, v.c.err
		}
	}
	return false, v.c.err
}
