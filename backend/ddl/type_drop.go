package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// dropTypes carries out DROP TYPE and DROP DOMAIN.
func (e *Env) dropTypes(n *parse.DropStmt) (string, error) {
	tag := "DROP TYPE"
	if n.RemoveType == parse.ObjectType_OBJECT_DOMAIN {
		tag = "DROP DOMAIN"
	}
	var targets []catalog.Address
	for _, o := range n.Objects {
		name, ok := o.(*parse.TypeName)
		if !ok {
			return tag, pgerr.Unsupported(-1, "%s is not supported in %s", o.NodeName(), tag)
		}
		t, err := e.droppedType(name, n.MissingOk)
		if err != nil {
			return tag, err
		}
		if t == nil {
			continue
		}
		if n.RemoveType == parse.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
			return tag, notADomain(name)
		}
		if err := e.mustOwnType(t); err != nil {
			return tag, err
		}
		if t.OID < firstUserOID {
			return tag, pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop type %s because it is required by the database system", e.Catalog.FormatType(t.OID, -1))
		}
		targets = append(targets, catalog.Address{Class: catalog.ClassType, OID: t.OID})
	}
	return tag, e.remove(targets, n.Behavior == parse.DropBehavior_DROP_CASCADE)
}

// firstUserOID is the first OID an object of a user can have.
const firstUserOID = 16384

func notADomain(n *parse.TypeName) error {
	return pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a domain", dotted(stringsOf(n.Names)))
}

// droppedType finds a type of DROP; nil where it is missing and may be.
func (e *Env) droppedType(n *parse.TypeName, missingOK bool) (*catalog.TypeRow, error) {
	t, err := e.typeAt(n)
	if err == nil || !missingOK {
		return t, err
	}
	switch pe := pgerr.From(err); pe.Code {
	case pgerr.UndefinedObject, pgerr.InvalidSchemaName:
		e.Notice(pgerr.Notice(pgerr.SuccessfulCompletion, "%s, skipping", pe.Message))
		return nil, nil
	}
	return nil, err
}
