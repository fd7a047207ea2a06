package ddl

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// granted is one object of GRANT or REVOKE.
type granted struct {
	addr  catalog.Address
	name  string
	word  string
	class uint32
	kind  byte
	rel   *catalog.Relation
}

// grant carries out GRANT and REVOKE on tables, sequences and schemas.
func (e *Env) grant(n *parse.GrantStmt) (string, error) {
	tag := "GRANT"
	if !n.IsGrant {
		tag = "REVOKE"
	}
	const consumed = parse.Has_GrantStmt_IsGrant | parse.Has_GrantStmt_Targtype | parse.Has_GrantStmt_Objtype | parse.Has_GrantStmt_Objects |
		parse.Has_GrantStmt_Privileges | parse.Has_GrantStmt_Grantees | parse.Has_GrantStmt_GrantOption | parse.Has_GrantStmt_Behavior
	if err := analyze.Only(n, consumed, -1); err != nil {
		return tag, err
	}
	objects, err := e.grantObjects(n)
	if err != nil {
		return tag, err
	}
	var grantees []uint32
	for _, g := range n.Grantees {
		oid, _, err := e.role(g.(*parse.RoleSpec))
		if err != nil {
			return tag, err
		}
		if oid == 0 && n.GrantOption && n.IsGrant {
			return tag, pgerr.New(pgerr.InvalidGrantOperation, "grant options can only be granted to roles")
		}
		grantees = append(grantees, oid)
	}
	for _, o := range objects {
		if err := e.grantOn(o, n, grantees); err != nil {
			return tag, err
		}
	}
	return tag, e.refresh()
}

func (e *Env) grantObjects(n *parse.GrantStmt) ([]granted, error) {
	var out []granted
	addRel := func(rel *catalog.Relation) {
		out = append(out, granted{addr: catalog.Address{Class: catalog.ClassRelation, OID: rel.OID}, name: rel.Name, word: catalog.RelationKind(rel.Kind),
			class: catalog.ClassRelation, kind: rel.Kind, rel: rel})
	}
	switch {
	case n.Targtype == parse.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA:
		return e.allInSchemas(n)
	case n.Targtype != parse.GrantTargetType_ACL_TARGET_OBJECT:
		return nil, pgerr.Unsupported(-1, "default privileges are not supported")
	case n.Objtype == parse.ObjectType_OBJECT_TABLE, n.Objtype == parse.ObjectType_OBJECT_SEQUENCE:
		for _, o := range n.Objects {
			rel, err := e.relation(o.(*parse.RangeVar))
			if err != nil {
				return nil, err
			}
			if rel.Kind == 'i' {
				return nil, pgerr.New(pgerr.WrongObjectType, "\"%s\" is an index", rel.Name)
			}
			if n.Objtype == parse.ObjectType_OBJECT_SEQUENCE && rel.Kind != 'S' {
				return nil, wrongKind(rel, "sequence")
			}
			addRel(rel)
		}
		return out, nil
	case n.Objtype == parse.ObjectType_OBJECT_SCHEMA:
		for _, o := range n.Objects {
			oid, err := e.namespace(stringOf(o))
			if err != nil {
				return nil, err
			}
			out = append(out, granted{addr: catalog.Address{Class: catalog.ClassNamespace, OID: oid}, name: stringOf(o), word: "schema", class: catalog.ClassNamespace})
		}
		return out, nil
	}
	return nil, pgerr.Unsupported(-1, "privileges on objects of this kind are not supported")
}

func (e *Env) allInSchemas(n *parse.GrantStmt) ([]granted, error) {
	kinds := "('r', 'v')"
	if n.Objtype == parse.ObjectType_OBJECT_SEQUENCE {
		kinds = "('S')"
	} else if n.Objtype != parse.ObjectType_OBJECT_TABLE {
		return nil, nil // there are no functions of users
	}
	var out []granted
	for _, o := range n.Objects {
		ns, err := e.namespace(stringOf(o))
		if err != nil {
			return nil, err
		}
		var oids []uint32
		err = e.DB.Query(`SELECT oid FROM "pg_catalog.pg_class" WHERE relnamespace = ?1 AND relkind IN `+kinds+` ORDER BY oid`, []value{intValue(ns)}, func(r []value) error {
			oids = append(oids, uint32(r[0].I))
			return nil
		})
		if err != nil {
			return nil, err
		}
		for _, oid := range oids {
			rel, err := e.Catalog.RelationByOID(oid)
			if err != nil {
				return nil, err
			}
			out = append(out, granted{addr: catalog.Address{Class: catalog.ClassRelation, OID: oid}, name: rel.Name, word: catalog.RelationKind(rel.Kind),
				class: catalog.ClassRelation, kind: rel.Kind, rel: rel})
		}
	}
	return out, nil
}

func (e *Env) grantOn(o granted, n *parse.GrantStmt, grantees []uint32) error {
	acl, owner, err := e.writer().ACLOf(o.addr)
	if err != nil {
		return err
	}
	if acl == nil {
		acl = catalog.DefaultACL(o.class, o.kind, owner)
	}
	all := catalog.AllPrivileges(o.class, o.kind)
	grantor := owner
	var may catalog.Privilege
	if e.Superuser || e.MemberOf(owner) {
		may = all
	} else {
		_, may = acl.Held(func(role uint32) bool { return role == 0 || e.MemberOf(role) })
		grantor = e.User
	}
	privs, err := e.privileges(o, n, all)
	if err != nil {
		return err
	}
	if privs&may == 0 {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for %s %s", o.word, o.name)
	}
	if privs&^may != 0 {
		code, msg := pgerr.WarningPrivilegeNotGranted, "not all privileges were granted for \"%s\""
		if !n.IsGrant {
			code, msg = pgerr.WarningPrivilegeNotRevoked, "not all privileges could be revoked for \"%s\""
		}
		if len(n.Privileges) > 0 {
			e.Notice(pgerr.Warning(code, msg, o.name))
		}
	}
	for _, g := range grantees {
		if n.IsGrant {
			acl = acl.With(g, grantor, privs&may, n.GrantOption)
		} else {
			acl = acl.Without(g, grantor, privs&may, n.GrantOption)
		}
	}
	return e.writer().SetACL(o.addr, acl)
}

// privileges reads the list of privileges; an empty list is ALL.
func (e *Env) privileges(o granted, n *parse.GrantStmt, all catalog.Privilege) (catalog.Privilege, error) {
	if len(n.Privileges) == 0 {
		return all, nil
	}
	var out catalog.Privilege
	for _, p := range n.Privileges {
		a, ok := p.(*parse.AccessPriv)
		if !ok {
			return 0, pgerr.Unsupported(-1, "%s is not supported as a privilege", p.NodeName())
		}
		if len(a.Cols) > 0 {
			return 0, pgerr.Unsupported(-1, "privileges on columns are not supported")
		}
		priv := catalog.PrivilegeNamed(a.PrivName)
		if priv == 0 {
			return 0, pgerr.New(pgerr.SyntaxError, "unrecognized privilege type \"%s\"", a.PrivName)
		}
		if priv&all == 0 {
			return 0, pgerr.New(pgerr.InvalidGrantOperation, "invalid privilege type %s for %s", strings.ToUpper(a.PrivName), kindOfTarget(o, n))
		}
		out |= priv
	}
	return out, nil
}

func kindOfTarget(o granted, n *parse.GrantStmt) string {
	switch {
	case o.class == catalog.ClassNamespace:
		return "schema"
	case n.Objtype == parse.ObjectType_OBJECT_SEQUENCE:
		return "sequence"
	case o.kind == 'S':
		return "sequence"
	}
	return "relation"
}
