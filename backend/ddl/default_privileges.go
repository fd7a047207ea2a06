package ddl

import (
	"cmp"
	"slices"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// defaultKinds are the kinds of object that default privileges are kept for: pg_default_acl.defaclobjtype, and what AllPrivileges knows them by.
var defaultKinds = map[parse.ObjectType]struct {
	letter byte
	kind   byte
	word   string
}{
	parse.ObjectType_OBJECT_TABLE:    {'r', 'r', "relation"},
	parse.ObjectType_OBJECT_SEQUENCE: {'S', 'S', "sequence"},
}

// alterDefaultPrivileges carries out ALTER DEFAULT PRIVILEGES for tables and sequences.
func (e *Env) alterDefaultPrivileges(n *parse.AlterDefaultPrivilegesStmt) (string, error) {
	const tag = "ALTER DEFAULT PRIVILEGES"
	g := n.Action
	k, ok := defaultKinds[g.Objtype]
	if !ok {
		return tag, pgerr.Unsupported(-1, "default privileges of objects of this kind are not supported")
	}
	const consumed = parse.Has_GrantStmt_IsGrant | parse.Has_GrantStmt_Targtype | parse.Has_GrantStmt_Objtype | parse.Has_GrantStmt_Privileges |
		parse.Has_GrantStmt_Grantees | parse.Has_GrantStmt_GrantOption | parse.Has_GrantStmt_Behavior
	if err := analyze.Only(g, consumed, -1); err != nil {
		return tag, err
	}
	roles, schemas, err := e.defaultTargets(n)
	if err != nil {
		return tag, err
	}
	var grantees []uint32
	for _, x := range g.Grantees {
		oid, _, err := e.role(x.(*parse.RoleSpec))
		if err != nil {
			return tag, err
		}
		if oid == 0 && g.GrantOption && g.IsGrant {
			return tag, pgerr.New(pgerr.InvalidGrantOperation, "grant options can only be granted to roles")
		}
		grantees = append(grantees, oid)
	}
	all := catalog.AllPrivileges(catalog.ClassRelation, k.kind)
	privs, err := e.privileges(granted{class: catalog.ClassRelation, kind: k.kind, word: k.word}, g, all)
	if err != nil {
		return tag, err
	}
	for _, role := range roles {
		for _, ns := range schemas {
			acl, err := e.defaultACL(role, ns, k.letter)
			if err != nil {
				return tag, err
			}
			standard := catalog.ACL{}
			if ns == 0 {
				standard = catalog.DefaultACL(catalog.ClassRelation, k.kind, role)
			}
			if acl == nil {
				acl = standard
			}
			for _, to := range grantees {
				if g.IsGrant {
					acl = acl.With(to, role, privs, g.GrantOption)
				} else {
					acl = acl.Without(to, role, privs, g.GrantOption)
				}
			}
			acl = slices.Clone(acl)
			slices.SortFunc(acl, func(a, b catalog.ACLItem) int {
				return cmp.Or(cmp.Compare(a.Grantee, b.Grantee), cmp.Compare(a.Grantor, b.Grantor))
			})
			if err := e.storeDefaultACL(role, ns, k.letter, acl, slices.Equal(acl, standard)); err != nil {
				return tag, err
			}
		}
	}
	return tag, e.refresh()
}

// defaultTargets reads FOR ROLE and IN SCHEMA; schema 0 stands for all.
func (e *Env) defaultTargets(n *parse.AlterDefaultPrivilegesStmt) (roles, schemas []uint32, err error) {
	for _, o := range n.Options {
		d, ok := o.(*parse.DefElem)
		if !ok {
			continue
		}
		for _, x := range listOf(d.Arg) {
			switch d.Defname {
			case "roles":
				oid, name, err := e.role(x.(*parse.RoleSpec))
				if err != nil {
					return nil, nil, err
				}
				if !e.Superuser && !e.MemberOf(oid) {
					return nil, nil, pgerr.New(pgerr.InsufficientPrivilege, "must be member of role \"%s\"", name)
				}
				roles = append(roles, oid)
			case "schemas":
				oid, err := e.namespace(stringOf(x))
				if err != nil {
					return nil, nil, err
				}
				schemas = append(schemas, oid)
			default:
				return nil, nil, pgerr.Unsupported(-1, "option \"%s\" is not supported", d.Defname)
			}
		}
	}
	if len(roles) == 0 {
		roles = []uint32{e.User}
	}
	if len(schemas) == 0 {
		schemas = []uint32{0}
	}
	return roles, schemas, nil
}

// defaultACL reads an entry of pg_default_acl; nil for none.
func (e *Env) defaultACL(role, ns uint32, letter byte) (acl catalog.ACL, err error) {
	err = e.DB.Query(`SELECT defaclacl FROM "pg_catalog.pg_default_acl" WHERE defaclrole = ?1 AND defaclnamespace = ?2 AND defaclobjtype = ?3`,
		[]value{intValue(role), intValue(ns), types.StringValue(string(letter))}, func(r []value) error {
			acl = catalog.ReadACL(r[0])
			return nil
		})
	return acl, err
}

// storeDefaultACL replaces an entry; one that says what holds anyway is none.
func (e *Env) storeDefaultACL(role, ns uint32, letter byte, acl catalog.ACL, none bool) error {
	key := []value{intValue(role), intValue(ns), types.StringValue(string(letter))}
	if err := e.DB.Exec(`DELETE FROM "pg_catalog.pg_default_acl" WHERE defaclrole = ?1 AND defaclnamespace = ?2 AND defaclobjtype = ?3`, key...); err != nil || none {
		return err
	}
	oid, err := e.writer().NewOID()
	if err != nil {
		return err
	}
	err = e.DB.Exec(`INSERT INTO "pg_catalog.pg_default_acl" VALUES (?1, ?2, ?3, ?4, ?5)`, append([]value{intValue(oid)}, append(key, acl.Value())...)...)
	if err != nil || ns == 0 {
		return err
	}
	return e.writer().Depend(catalog.Address{Class: catalog.ClassDefaultACL, OID: oid}, catalog.Address{Class: catalog.ClassNamespace, OID: ns}, catalog.DependAuto)
}

// grantDefaults gives a new relation the privileges that its owner has set for such.
func (e *Env) grantDefaults(oid, ns, owner uint32, kind byte) error {
	letter := byte('r')
	if kind == 'S' {
		letter = 'S'
	}
	global, err := e.defaultACL(owner, 0, letter)
	if err != nil {
		return err
	}
	local, err := e.defaultACL(owner, ns, letter)
	if err != nil || global == nil && local == nil {
		return err
	}
	acl := global
	if acl == nil {
		acl = catalog.DefaultACL(catalog.ClassRelation, kind, owner)
	}
	if len(acl)+len(local) == 0 {
		return nil // PostgreSQL takes nothing at all for nothing said
	}
	for _, it := range local {
		if plain := it.Privs &^ it.Grant; plain != 0 {
			acl = acl.With(it.Grantee, it.Grantor, plain, false)
		}
		if it.Grant != 0 {
			acl = acl.With(it.Grantee, it.Grantor, it.Grant, true)
		}
	}
	return e.writer().SetACL(catalog.Address{Class: catalog.ClassRelation, OID: oid}, acl)
}
