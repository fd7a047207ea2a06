package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// mustOwn refuses who does not own a relation (or is in the role that does).
func (e *Env) mustOwn(rel *catalog.Relation) error {
	if rel.System {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", rel.Name)
	}
	if e.Superuser || e.MemberOf(rel.Owner) {
		return nil
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "must be owner of %s %s", catalog.RelationKind(rel.Kind), rel.Name)
}

// mayUse refuses who lacks a privilege on a schema.
func (e *Env) mayUse(namespace uint32, name string, priv catalog.Privilege) error {
	if e.Superuser {
		return nil
	}
	acl, owner, err := e.writer().ACLOf(catalog.Address{Class: catalog.ClassNamespace, OID: namespace})
	if err != nil || e.MemberOf(owner) {
		return err
	}
	if acl == nil {
		acl = catalog.DefaultACL(catalog.ClassNamespace, 0, owner)
	}
	if held, _ := acl.Held(func(role uint32) bool { return role == 0 || e.MemberOf(role) }); held&priv == 0 {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for schema %s", name)
	}
	return nil
}

func (e *Env) mayCreateInDatabase() error {
	if e.Superuser || e.MayCreateSchema() {
		return nil
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for database %s", e.Database)
}

// role resolves a role as a statement names it.
func (e *Env) role(n *parse.RoleSpec) (oid uint32, name string, err error) {
	switch n.Roletype {
	case parse.RoleSpecType_ROLESPEC_CURRENT_USER, parse.RoleSpecType_ROLESPEC_CURRENT_ROLE, parse.RoleSpecType_ROLESPEC_SESSION_USER:
		oid = e.User
		if n.Roletype == parse.RoleSpecType_ROLESPEC_SESSION_USER {
			oid = e.SessionUser
		}
		name, _ = e.RoleName(oid)
		return oid, name, nil
	case parse.RoleSpecType_ROLESPEC_PUBLIC:
		return 0, "public", nil
	}
	oid, ok := e.RoleOID(n.Rolename)
	if !ok {
		return 0, "", pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", n.Rolename)
	}
	return oid, n.Rolename, nil
}

// relation finds a relation a statement names; kind is what the statement is about, 0 for any. A missing one is 42P01.
func (e *Env) relation(rv *parse.RangeVar) (*catalog.Relation, error) {
	rel, err := e.lookup(rv)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		return nil, undefinedRelation(rv)
	}
	return rel, nil
}

func (e *Env) lookup(rv *parse.RangeVar) (*catalog.Relation, error) {
	if err := e.checkDatabase(rv); err != nil {
		return nil, err
	}
	return e.Catalog.Relation(e.schemaAlias(rv.Schemaname), rv.Relname)
}

// schemaAlias turns pg_temp into the session's own schema.
func (e *Env) schemaAlias(schema string) string {
	if schema == "pg_temp" {
		return e.TempSchema
	}
	return schema
}

func undefinedRelation(rv *parse.RangeVar) error {
	return pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", joinName(rv.Schemaname, rv.Relname))
}

// wrongKind is the answer to a statement about one kind of relation that names another.
func wrongKind(rel *catalog.Relation, want string) error {
	return pgerr.New(pgerr.WrongObjectType, "\"%s\" is not %s", rel.Name, article(want))
}

// kindsOf names relations of a kind, for details.
func kindsOf(kind byte) string {
	if kind == 'i' {
		return "indexes"
	}
	return catalog.RelationKind(kind) + "s"
}

func article(s string) string {
	switch s[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + s
	}
	return "a " + s
}
