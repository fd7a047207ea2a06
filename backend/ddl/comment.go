package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// comment carries out COMMENT ON.
func (e *Env) comment(n *parse.CommentStmt) (string, error) {
	const tag = "COMMENT"
	a, err := e.commented(n)
	if err != nil {
		return tag, err
	}
	if err := e.writer().SetComment(a, n.Comment); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

// commented finds the object.
func (e *Env) commented(n *parse.CommentStmt) (a catalog.Address, err error) {
	names := stringsOf(listOf(n.Object))
	switch n.Objtype {
	case parse.ObjectType_OBJECT_TABLE, parse.ObjectType_OBJECT_VIEW, parse.ObjectType_OBJECT_INDEX, parse.ObjectType_OBJECT_SEQUENCE:
		k := alterTags[n.Objtype]
		rel, err := e.relation(rangeVar(names))
		if err != nil {
			return a, err
		}
		if catalog.RelationKind(rel.Kind) != k.word {
			return a, wrongKind(rel, k.word)
		}
		return catalog.Address{Class: catalog.ClassRelation, OID: rel.OID}, e.mustOwn(rel)
	case parse.ObjectType_OBJECT_COLUMN:
		if len(names) < 2 {
			return a, pgerr.New(pgerr.SyntaxError, "column name must be qualified")
		}
		rel, err := e.relation(rangeVar(names[:len(names)-1]))
		if err != nil {
			return a, err
		}
		c := findColumn(rel, names[len(names)-1])
		if c == nil {
			return a, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", names[len(names)-1], rel.Name)
		}
		return relationColumn(rel.OID, c.Attnum), e.mustOwn(rel)
	case parse.ObjectType_OBJECT_TABCONSTRAINT:
		rel, err := e.relation(rangeVar(names[:len(names)-1]))
		if err != nil {
			return a, err
		}
		for _, k := range rel.Constraints {
			if k.Name == names[len(names)-1] {
				return catalog.Address{Class: catalog.ClassConstraint, OID: k.OID}, e.mustOwn(rel)
			}
		}
		return a, pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", names[len(names)-1], rel.Name)
	case parse.ObjectType_OBJECT_SCHEMA:
		oid, err := e.namespace(stringOf(n.Object))
		if err != nil {
			return a, err
		}
		a = catalog.Address{Class: catalog.ClassNamespace, OID: oid}
		_, owner, err := e.writer().ACLOf(a)
		if err == nil && !e.Superuser && !e.MemberOf(owner) {
			err = pgerr.New(pgerr.InsufficientPrivilege, "must be owner of schema %s", stringOf(n.Object))
		}
		return a, err
	}
	if n.Objtype == parse.ObjectType_OBJECT_DOMCONSTRAINT {
		return e.commentedDomainConstraint(n)
	}
	if t, ok := n.Object.(*parse.TypeName); ok {
		row, err := e.typeAt(t)
		if err != nil {
			return a, err
		}
		if n.Objtype == parse.ObjectType_OBJECT_DOMAIN && row.Kind != 'd' {
			return a, notADomain(t)
		}
		return catalog.Address{Class: catalog.ClassType, OID: row.OID}, e.mustOwnType(row)
	}
	return a, pgerr.Unsupported(-1, "comments on objects of this kind are not supported")
}

func rangeVar(names []string) *parse.RangeVar {
	rv := &parse.RangeVar{Relname: names[len(names)-1], Location: -1}
	if len(names) > 1 {
		rv.Schemaname = names[len(names)-2]
	}
	if len(names) > 2 {
		rv.Catalogname = names[len(names)-3]
	}
	return rv
}
