package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// giveRelation changes a relation's owner, with its row type, indexes and owned sequences.
func (e *Env) giveRelation(rel *catalog.Relation, to *parse.RoleSpec) error {
	oid, name, err := e.role(to)
	if err != nil {
		return err
	}
	if !e.Superuser {
		if !e.MemberOf(oid) {
			return pgerr.New(pgerr.InsufficientPrivilege, "must be member of role \"%s\"", name)
		}
		if err := e.mayUse(rel.Namespace, rel.Schema, catalog.PrivCreate); err != nil {
			return err
		}
	}
	if err := e.setOwner(rel.OID, rel.RowType, oid); err != nil {
		return err
	}
	for _, ix := range rel.Indexes {
		if err := e.setOwner(ix.OID, 0, oid); err != nil {
			return err
		}
	}
	deps, err := e.writer().Dependents(catalog.Address{Class: catalog.ClassRelation, OID: rel.OID})
	if err != nil {
		return err
	}
	for _, d := range deps {
		if d.Class != catalog.ClassRelation || d.Kind == catalog.DependNormal {
			continue
		}
		if seq, err := e.Catalog.RelationByOID(d.OID); err != nil {
			return err
		} else if seq != nil && seq.Kind == 'S' {
			if err := e.setOwner(seq.OID, seq.RowType, oid); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Env) setOwner(rel, rowType, owner uint32) error {
	a := catalog.Address{Class: catalog.ClassRelation, OID: rel}
	acl, old, err := e.writer().ACLOf(a)
	if err != nil {
		return err
	}
	if acl != nil {
		// What the old owner had or gave is the new owner's.
		for i := range acl {
			if acl[i].Grantee == old {
				acl[i].Grantee = owner
			}
			if acl[i].Grantor == old {
				acl[i].Grantor = owner
			}
		}
		if err := e.writer().SetACL(a, acl); err != nil {
			return err
		}
	}
	if rowType != 0 {
		if err := e.writer().Set(catalog.ClassType, rowType, "typowner", owner); err != nil {
			return err
		}
	}
	return e.writer().Set(catalog.ClassRelation, rel, "relowner", owner)
}

// alterOwner carries out ALTER SCHEMA … OWNER TO; relations come as ALTER TABLE.
func (e *Env) alterOwner(n *parse.AlterOwnerStmt) (string, error) {
	if n.ObjectType == parse.ObjectType_OBJECT_TYPE || n.ObjectType == parse.ObjectType_OBJECT_DOMAIN {
		return e.giveType(n)
	}
	if n.ObjectType != parse.ObjectType_OBJECT_SCHEMA {
		return "", pgerr.Unsupported(-1, "changing the owner of objects of this kind is not supported")
	}
	const tag = "ALTER SCHEMA"
	name := stringOf(n.Object)
	ns, err := e.namespace(name)
	if err != nil {
		return tag, err
	}
	_, owner, err := e.writer().ACLOf(catalog.Address{Class: catalog.ClassNamespace, OID: ns})
	if err != nil {
		return tag, err
	}
	oid, role, err := e.role(n.Newowner)
	if err != nil {
		return tag, err
	}
	if !e.Superuser {
		if !e.MemberOf(owner) {
			return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be owner of schema %s", name)
		}
		if !e.MemberOf(oid) {
			return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be member of role \"%s\"", role)
		}
	}
	if err := e.writer().Set(catalog.ClassNamespace, ns, "nspowner", oid); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}
