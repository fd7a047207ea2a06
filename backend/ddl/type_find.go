package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// typeNamed finds the type of an ALTER, without a place in the statement for its error, as PostgreSQL's definitions have none.
func (e *Env) typeNamed(names []parse.Node) (*catalog.TypeRow, error) {
	n := &parse.TypeName{Names: names, Typemod: -1, Location: -1, Present: parse.Has_TypeName_Names | parse.Has_TypeName_Typemod}
	return e.typeAt(n)
}

func (e *Env) typeAt(n *parse.TypeName) (*catalog.TypeRow, error) {
	at := *n
	at.Location = -1
	oid, _, err := e.analyzer().TypeName(&at)
	if err != nil {
		return nil, err
	}
	return e.Catalog.Type(oid), nil
}

// domainNamed is typeNamed of a domain.
func (e *Env) domainNamed(names []parse.Node) (*catalog.TypeRow, error) {
	t, err := e.typeNamed(names)
	if err != nil {
		return nil, err
	}
	if t.Kind != 'd' {
		return nil, pgerr.New(pgerr.WrongObjectType, "%s is not a domain", e.Catalog.FormatType(t.OID, -1))
	}
	return t, e.mustOwnType(t)
}

func (e *Env) mustOwnType(t *catalog.TypeRow) error {
	if e.Superuser {
		return nil
	}
	// An array is its element's owner's.
	oid := t.OID
	if t.Category == 'A' && t.Elem != 0 {
		oid = t.Elem
	}
	owner, err := e.writer().TypeOwner(oid)
	if err != nil || e.MemberOf(owner) {
		return err
	}
	return pgerr.New(pgerr.InsufficientPrivilege, "must be owner of type %s", e.Catalog.FormatType(oid, -1))
}

// newTypeName settles where a new type goes.
func (e *Env) newTypeName(names []parse.Node) (namespace uint32, name string, err error) {
	parts := stringsOf(names)
	if len(parts) > 3 {
		return 0, "", pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(parts))
	}
	rv := rangeVar(parts)
	rv.Location = -1
	schema, _, err := e.creationSchema(rv)
	if err != nil {
		return 0, "", err
	}
	if namespace, err = e.namespace(schema); err != nil {
		return 0, "", err
	}
	return namespace, rv.Relname, e.clearArrayName(namespace, rv.Relname)
}

// clearArrayName moves the array over another type out of the way of a new type of its name, as PostgreSQL does.
func (e *Env) clearArrayName(namespace uint32, name string) error {
	t := e.Catalog.TypeByName(e.Catalog.NamespaceName(namespace), name)
	if t == nil || t.Namespace != namespace || t.Category != 'A' || t.Elem == 0 || t.Len != -1 {
		return nil
	}
	if of := e.Catalog.Type(t.Elem); of == nil || of.Array != t.OID {
		return nil
	}
	if err := e.writer().RenameArrayType(t.OID, namespace, name); err != nil {
		return err
	}
	return e.refresh()
}

func dotted(parts []string) string {
	s := ""
	for i, p := range parts {
		if i > 0 {
			s += "."
		}
		s += p
	}
	return s
}
