package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// domain is a domain being defined.
type domain struct {
	name    string
	base    *catalog.TypeRow
	typmod  int32
	coll    uint32
	notNull bool
	def     string
	checks  []*parse.Constraint
}

// createDomain carries out CREATE DOMAIN.
func (e *Env) createDomain(n *parse.CreateDomainStmt) (string, error) {
	const tag = "CREATE DOMAIN"
	const consumed = parse.Has_CreateDomainStmt_Domainname | parse.Has_CreateDomainStmt_TypeName | parse.Has_CreateDomainStmt_CollClause |
		parse.Has_CreateDomainStmt_Constraints
	if err := analyze.Only(n, consumed, -1); err != nil {
		return tag, err
	}
	ns, name, err := e.newTypeName(n.Domainname)
	if err != nil {
		return tag, err
	}
	if t := e.Catalog.TypeByName(e.Catalog.NamespaceName(ns), name); t != nil && t.Namespace == ns {
		return tag, pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", name)
	}
	d := &domain{name: name}
	if err := e.domainBase(d, n); err != nil {
		return tag, err
	}
	if err := e.domainConstraints(d, n.Constraints); err != nil {
		return tag, err
	}
	oid, err := e.writer().CreateDomain(catalog.NewDomain{Name: name, Namespace: ns, Owner: e.User, Base: d.base.OID, Typmod: d.typmod,
		Dimensions: int32(len(n.TypeName.ArrayBounds)), Collation: d.coll, NotNull: d.notNull, Default: d.def})
	if err != nil {
		return tag, err
	}
	if err := e.refresh(); err != nil {
		return tag, err
	}
	for _, k := range d.checks {
		if err := e.addDomainCheck(e.Catalog.Type(oid), k, false); err != nil {
			return tag, err
		}
		if err := e.refresh(); err != nil {
			return tag, err
		}
	}
	return tag, nil
}

// domainBase settles the type under a domain.
func (e *Env) domainBase(d *domain, n *parse.CreateDomainStmt) (err error) {
	at := *n.TypeName
	at.Location = -1
	oid, mod, err := e.analyzer().TypeName(&at)
	if err != nil {
		return err
	}
	d.base, d.typmod = e.Catalog.Type(oid), mod
	switch d.base.Kind {
	case 'b', 'c', 'd', 'e', 'r', 'm':
	default:
		return pgerr.New(pgerr.DatatypeMismatch, "\"%s\" is not a valid base type for a domain", dotted(stringsOf(n.TypeName.Names)))
	}
	if e.Types.Find(oid) == nil {
		return pgerr.Unsupported(-1, "domains over type %s are not supported", e.Catalog.FormatType(oid, -1))
	}
	d.coll = d.base.Collation
	if n.CollClause != nil {
		clause := *n.CollClause
		clause.Location = -1
		if d.coll, err = e.collation(&clause, d.base.Collation, &column{typ: oid}); err != nil {
			return err
		}
	}
	if d.base.Kind == 'd' {
		d.def = d.base.Default
	}
	return nil
}

// notForDomains are the constraints a domain has none of.
var notForDomains = map[parse.ConstrType]string{
	parse.ConstrType_CONSTR_UNIQUE: "unique constraints not possible for domains", parse.ConstrType_CONSTR_PRIMARY: "primary key constraints not possible for domains",
	parse.ConstrType_CONSTR_EXCLUSION: "exclusion constraints not possible for domains", parse.ConstrType_CONSTR_FOREIGN: "foreign key constraints not possible for domains",
}

// domainConstraints reads what stands behind the type: NOT NULL, NULL, DEFAULT and CHECKs.
func (e *Env) domainConstraints(d *domain, list []parse.Node) error {
	sawDefault, sawNull := false, false
	for _, node := range list {
		k, ok := node.(*parse.Constraint)
		if !ok {
			return pgerr.Unsupported(-1, "%s is not supported in CREATE DOMAIN", node.NodeName())
		}
		switch k.Contype {
		case parse.ConstrType_CONSTR_DEFAULT:
			if sawDefault {
				return pgerr.New(pgerr.SyntaxError, "multiple default expressions")
			}
			sawDefault = true
			text, err := e.domainDefault(d.name, k.RawExpr, d.base.OID, d.typmod)
			if err != nil {
				return err
			}
			d.def = text
		case parse.ConstrType_CONSTR_NOTNULL, parse.ConstrType_CONSTR_NULL:
			not := k.Contype == parse.ConstrType_CONSTR_NOTNULL
			if sawNull && d.notNull != not {
				return pgerr.New(pgerr.SyntaxError, "conflicting NULL/NOT NULL constraints")
			}
			sawNull, d.notNull = true, not
		case parse.ConstrType_CONSTR_CHECK:
			if k.IsNoInherit {
				return pgerr.New(pgerr.InvalidObjectDefinition, "check constraints for domains cannot be marked NO INHERIT")
			}
			d.checks = append(d.checks, k)
		case parse.ConstrType_CONSTR_ATTR_DEFERRABLE, parse.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE, parse.ConstrType_CONSTR_ATTR_DEFERRED,
			parse.ConstrType_CONSTR_ATTR_IMMEDIATE:
			return pgerr.New(pgerr.FeatureNotSupported, "specifying constraint deferrability not supported for domains")
		default:
			if m := notForDomains[k.Contype]; m != "" {
				return pgerr.New(pgerr.SyntaxError, "%s", m)
			}
			return pgerr.Unsupported(k.Location, "this constraint is not supported in CREATE DOMAIN")
		}
	}
	return nil
}

// domainDefault gives the canonical text of a domain's default; "" for NULL.
func (e *Env) domainDefault(name string, n parse.Node, base uint32, mod int32) (string, error) {
	text, _, err := e.defaultText(&catalog.Relation{}, &column{name: name, typ: base, mod: mod, defaultAt: n})
	return text, unplaced(err)
}

// addDomainCheck writes a CHECK of a domain; what is stored must fulfil it where validate is set.
func (e *Env) addDomainCheck(t *catalog.TypeRow, k *parse.Constraint, validate bool) error {
	checks := e.Catalog.DomainChecks(t.OID)
	taken := func(name string) bool {
		for _, c := range checks {
			if c.Name == name {
				return true
			}
		}
		return false
	}
	name := k.Conname
	if name == "" {
		var err error
		if name, err = freeName(t.Name, "", "check", func(s string) (bool, error) { return taken(s), nil }); err != nil {
			return err
		}
	} else if taken(name) {
		return pgerr.New(pgerr.DuplicateObject, "constraint \"%s\" for domain \"%s\" already exists", name, t.Name)
	}
	x, err := e.analyzer().DomainExpr(k.RawExpr, t.BaseType, t.Typmod)
	if err != nil {
		return unplaced(err)
	}
	text, err := e.deparse(&catalog.Relation{}, x)
	if err != nil {
		return err
	}
	if validate && !k.SkipValidation {
		if err := e.validateDomain(t, x); err != nil {
			return err
		}
	}
	_, err = e.writer().CreateConstraint(catalog.NewConstraint{Name: name, Namespace: t.Namespace, Domain: t.OID, Kind: 'c', NotValid: k.SkipValidation, Check: text})
	return err
}

// domainFill is the expression for what a new column of a domain holds in the rows there are; "" where that is NULL and nothing looks at it.
func (e *Env) domainFill(typ uint32) string {
	t := e.Catalog.Type(typ)
	if t == nil || t.Kind != 'd' {
		return ""
	}
	if t.Default != "" {
		return t.Default
	}
	for ; t != nil && t.Kind == 'd'; t = e.Catalog.Type(t.BaseType) {
		if t.NotNull || len(e.Catalog.DomainChecks(t.OID)) > 0 {
			return "NULL"
		}
	}
	return ""
}
