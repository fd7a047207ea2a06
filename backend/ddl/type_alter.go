package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// alterable refuses types that are changed through what they belong to: the rows of tables and arrays.
func (e *Env) alterable(t *catalog.TypeRow) error {
	if t.Kind == 'c' {
		rel, err := e.Catalog.RelationByOID(t.Relid)
		if err != nil {
			return err
		}
		if rel != nil && rel.Kind != 'c' {
			return pgerr.New(pgerr.WrongObjectType, "%s is a table's row type", e.Catalog.FormatType(t.OID, -1)).WithHint("Use ALTER TABLE instead.")
		}
	}
	if t.Category == 'A' && t.Elem != 0 {
		if of := e.Catalog.Type(t.Elem); of != nil && of.Array == t.OID {
			elem := e.Catalog.FormatType(t.Elem, -1)
			return pgerr.New(pgerr.WrongObjectType, "cannot alter array type %s", e.Catalog.FormatType(t.OID, -1)).
				WithHint("You can alter type %s, which will alter the array type as well.", elem)
		}
	}
	return nil
}

// renameType carries out ALTER TYPE … RENAME TO and ALTER DOMAIN … RENAME TO.
func (e *Env) renameType(n *parse.RenameStmt) (string, error) {
	const consumed = parse.Has_RenameStmt_RenameType | parse.Has_RenameStmt_Object | parse.Has_RenameStmt_Newname | parse.Has_RenameStmt_Behavior |
		parse.Has_RenameStmt_RelationType
	tag := "ALTER TYPE"
	if n.RenameType == parse.ObjectType_OBJECT_DOMAIN {
		tag = "ALTER DOMAIN"
	}
	if err := analyze.Only(n, consumed, -1); err != nil {
		return tag, err
	}
	t, err := e.typeNamed(listOf(n.Object))
	if err != nil {
		return tag, err
	}
	if err := e.mustOwnType(t); err != nil {
		return tag, err
	}
	if n.RenameType == parse.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
		return tag, pgerr.New(pgerr.WrongObjectType, "%s is not a domain", e.Catalog.FormatType(t.OID, -1))
	}
	if err := e.alterable(t); err != nil {
		return tag, err
	}
	if err := e.clearArrayName(t.Namespace, n.Newname); err != nil {
		return tag, err
	}
	if t.Kind == 'c' {
		if _, err := e.relationTaken(e.Catalog.NamespaceName(t.Namespace), n.Newname, false); err != nil {
			return tag, err
		}
		if err := e.writer().Set(catalog.ClassRelation, t.Relid, "relname", n.Newname); err != nil {
			return tag, err
		}
	}
	texts, err := e.textsOfType(t)
	if err != nil {
		return tag, err
	}
	if err := e.writer().RenameRowType(t.OID, n.Newname); err != nil {
		return tag, err
	}
	if err := e.refresh(); err != nil {
		return tag, err
	}
	return tag, texts.apply(e)
}

// moveType carries out ALTER TYPE … SET SCHEMA and ALTER DOMAIN … SET SCHEMA.
func (e *Env) moveType(n *parse.AlterObjectSchemaStmt) (string, error) {
	tag := "ALTER TYPE"
	if n.ObjectType == parse.ObjectType_OBJECT_DOMAIN {
		tag = "ALTER DOMAIN"
	}
	t, err := e.typeNamed(listOf(n.Object))
	if err != nil {
		return tag, err
	}
	if n.ObjectType == parse.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
		return tag, pgerr.New(pgerr.WrongObjectType, "%s is not a domain", e.Catalog.FormatType(t.OID, -1))
	}
	ns, err := e.namespace(e.schemaAlias(n.Newschema))
	if err != nil {
		return tag, err
	}
	if err := e.mustOwnType(t); err != nil {
		return tag, err
	}
	if err := e.alterable(t); err != nil {
		return tag, err
	}
	if ns == t.Namespace {
		return tag, nil
	}
	if err := e.mayUse(ns, n.Newschema, catalog.PrivCreate); err != nil {
		return tag, err
	}
	if other := e.Catalog.TypeByName(n.Newschema, t.Name); other != nil && other.Namespace == ns {
		return tag, pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists in schema \"%s\"", t.Name, n.Newschema)
	}
	texts, err := e.textsOfType(t)
	if err != nil {
		return tag, err
	}
	if t.Kind == 'c' {
		err = e.writer().MoveRelation(t.Relid, t.OID, ns)
	}
	if err == nil {
		err = e.writer().MoveType(t.OID, ns)
	}
	if err != nil {
		return tag, err
	}
	if err := e.refresh(); err != nil {
		return tag, err
	}
	return tag, texts.apply(e)
}

// giveType carries out ALTER TYPE … OWNER TO and ALTER DOMAIN … OWNER TO.
func (e *Env) giveType(n *parse.AlterOwnerStmt) (string, error) {
	tag := "ALTER TYPE"
	if n.ObjectType == parse.ObjectType_OBJECT_DOMAIN {
		tag = "ALTER DOMAIN"
	}
	t, err := e.typeNamed(listOf(n.Object))
	if err != nil {
		return tag, err
	}
	role, name, err := e.role(n.Newowner)
	if err != nil {
		return tag, err
	}
	if n.ObjectType == parse.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
		return tag, pgerr.New(pgerr.WrongObjectType, "%s is not a domain", e.Catalog.FormatType(t.OID, -1))
	}
	if err := e.alterable(t); err != nil {
		return tag, err
	}
	if err := e.mustOwnType(t); err != nil {
		return tag, err
	}
	if !e.Superuser && !e.MemberOf(role) {
		return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be member of role \"%s\"", name)
	}
	if err := e.writer().SetTypeOwner(t.OID, role); err != nil {
		return tag, err
	}
	if t.Kind == 'c' {
		if err := e.writer().Set(catalog.ClassRelation, t.Relid, "relowner", role); err != nil {
			return tag, err
		}
	}
	return tag, e.refresh()
}

// alterSchema carries out ALTER … SET SCHEMA of types.
func (e *Env) alterSchema(n *parse.AlterObjectSchemaStmt) (string, error) {
	if n.ObjectType == parse.ObjectType_OBJECT_TYPE || n.ObjectType == parse.ObjectType_OBJECT_DOMAIN {
		return e.moveType(n)
	}
	if _, ok := alterTags[n.ObjectType]; ok {
		return e.moveRelation(n)
	}
	return "", pgerr.Unsupported(-1, "changing the schema of objects of this kind is not supported")
}
