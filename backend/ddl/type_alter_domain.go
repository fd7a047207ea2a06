package ddl

import (
	"cmp"
	"slices"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// alterDomain carries out ALTER DOMAIN.
func (e *Env) alterDomain(n *parse.AlterDomainStmt) (string, error) {
	const tag = "ALTER DOMAIN"
	t, err := e.domainNamed(n.TypeName)
	if err != nil {
		return tag, err
	}
	w := e.writer()
	switch n.Subtype {
	case "T":
		text := ""
		if n.Def != nil {
			if text, err = e.domainDefault(t.Name, n.Def, t.BaseType, t.Typmod); err != nil {
				return tag, err
			}
		}
		err = w.SetDomainDefault(t.OID, text)
	case "N":
		err = w.Set(catalog.ClassType, t.OID, "typnotnull", false)
	case "O":
		if t.NotNull {
			return tag, nil
		}
		if err = e.validateDomain(t, nil); err == nil {
			err = w.Set(catalog.ClassType, t.OID, "typnotnull", true)
		}
	case "C":
		k, ok := n.Def.(*parse.Constraint)
		if !ok {
			return tag, pgerr.Unsupported(-1, "this form of ALTER DOMAIN is not supported")
		}
		if k.Contype != parse.ConstrType_CONSTR_CHECK {
			if m := notForDomains[k.Contype]; m != "" {
				return tag, pgerr.New(pgerr.SyntaxError, "%s", m)
			}
			return tag, pgerr.Unsupported(-1, "this constraint is not supported for domains")
		}
		err = e.addDomainCheck(t, k, true)
	case "X":
		return tag, e.dropDomainCheck(t, n)
	case "V":
		err = e.validateDomainCheck(t, n.Name)
	default:
		return tag, pgerr.Unsupported(-1, "this form of ALTER DOMAIN is not supported")
	}
	if err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

func (e *Env) domainCheck(t *catalog.TypeRow, name string) *catalog.DomainCheck {
	checks := e.Catalog.DomainChecks(t.OID)
	for i := range checks {
		if checks[i].Name == name {
			return &checks[i]
		}
	}
	return nil
}

func (e *Env) dropDomainCheck(t *catalog.TypeRow, n *parse.AlterDomainStmt) error {
	k := e.domainCheck(t, n.Name)
	if k == nil {
		if n.MissingOk {
			e.skip(pgerr.SuccessfulCompletion, "constraint \"%s\" of domain \"%s\" does not exist", n.Name, t.Name)
			return nil
		}
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of domain \"%s\" does not exist", n.Name, t.Name)
	}
	return e.remove([]catalog.Address{{Class: catalog.ClassConstraint, OID: k.OID}}, n.Behavior == parse.DropBehavior_DROP_CASCADE)
}

func (e *Env) validateDomainCheck(t *catalog.TypeRow, name string) error {
	k := e.domainCheck(t, name)
	if k == nil {
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of domain \"%s\" does not exist", name, t.Name)
	}
	if k.Valid {
		return nil
	}
	n, err := parseExpr(k.Check)
	if err != nil {
		return err
	}
	a, err := e.storedAnalyzer()
	if err != nil {
		return err
	}
	x, err := a.DomainExpr(n, t.BaseType, t.Typmod)
	if err != nil {
		return err
	}
	if err := e.validateDomain(t, x); err != nil {
		return err
	}
	return e.writer().Set(catalog.ClassConstraint, k.OID, "convalidated", true)
}

// renameDomainConstraint carries out ALTER DOMAIN … RENAME CONSTRAINT.
func (e *Env) renameDomainConstraint(n *parse.RenameStmt) (string, error) {
	const tag = "ALTER DOMAIN"
	t, err := e.domainNamed(listOf(n.Object))
	if err != nil {
		return tag, err
	}
	k := e.domainCheck(t, n.Subname)
	display := e.Catalog.FormatType(t.OID, -1)
	if k == nil {
		return tag, pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for domain %s does not exist", n.Subname, display)
	}
	if e.domainCheck(t, n.Newname) != nil {
		return tag, pgerr.New(pgerr.DuplicateObject, "constraint \"%s\" for domain %s already exists", n.Newname, display)
	}
	if err := e.writer().Set(catalog.ClassConstraint, k.OID, "conname", n.Newname); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

// holder is a column that holds values of a type.
type holder struct {
	rel    *catalog.Relation
	column *catalog.Column
	// within tells that they are inside of its values: elements of an array, columns of a row.
	within bool
}

// holders finds the columns of tables that hold values of a type or of domains over it.
func (e *Env) holders(typ uint32, within bool, seen map[uint32]bool) (out []holder, err error) {
	if seen[typ] {
		return nil, nil
	}
	seen[typ] = true
	deps, err := e.writer().Dependents(catalog.Address{Class: catalog.ClassType, OID: typ})
	if err != nil {
		return nil, err
	}
	// The columns of a table in their order, and what is of the type itself before what is of a domain over it.
	slices.SortStableFunc(deps, func(x, y catalog.Dependency) int {
		if c := cmp.Compare(y.Class, x.Class); c != 0 {
			return c
		}
		if c := cmp.Compare(x.OID, y.OID); c != 0 {
			return c
		}
		return cmp.Compare(x.Sub, y.Sub)
	})
	for _, d := range deps {
		var more []holder
		switch {
		case d.Class == catalog.ClassType:
			row := e.Catalog.Type(d.OID)
			if row != nil {
				more, err = e.holders(d.OID, within || row.Kind != 'd', seen)
			}
		case d.Class == catalog.ClassRelation && d.Sub > 0:
			var rel *catalog.Relation
			if rel, err = e.Catalog.RelationByOID(d.OID); err != nil || rel == nil || int(d.Sub) > len(rel.Columns) {
				break
			}
			if rel.Kind == 'r' {
				out = append(out, holder{rel, &rel.Columns[d.Sub-1], within})
			}
			if rel.RowType != 0 {
				more, err = e.holders(rel.RowType, true, seen)
			}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// validateDomain looks whether what is stored fulfils a new condition of a domain; NOT NULL where cond is nil.
func (e *Env) validateDomain(t *catalog.TypeRow, cond analyze.Expr) error {
	hs, err := e.holders(t.OID, false, map[uint32]bool{})
	if err != nil {
		return err
	}
	for _, h := range hs {
		if h.within {
			return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type \"%s\" because column \"%s.%s\" uses it", t.Name, h.rel.Name, h.column.Name)
		}
		where := h.column.Physical + " IS NULL"
		failure := pgerr.New(pgerr.NotNullViolation, "column \"%s\" of table \"%s\" contains null values", h.column.Name, h.rel.Name)
		if cond != nil {
			sql, err := compile.DomainCondition(cond, h.column.Physical, compile.Options{Catalog: e.Catalog, Types: e.Types})
			if err != nil {
				return err
			}
			where = "(" + sql + ") IS FALSE"
			failure = pgerr.New(pgerr.CheckViolation, "column \"%s\" of table \"%s\" contains values that violate the new constraint", h.column.Name, h.rel.Name)
		}
		err := e.DB.Query("SELECT 1 FROM "+h.rel.Physical+" WHERE "+where+" LIMIT 1", nil, func([]value) error {
			return failure.WithTable(h.rel.Schema, h.rel.Name).WithColumn(h.column.Name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// commentedDomainConstraint finds the constraint of COMMENT ON CONSTRAINT … ON DOMAIN.
func (e *Env) commentedDomainConstraint(n *parse.CommentStmt) (a catalog.Address, err error) {
	items := listOf(n.Object)
	name, ok := items[0].(*parse.TypeName)
	if !ok || len(items) != 2 {
		return a, pgerr.Unsupported(-1, "this form of COMMENT is not supported")
	}
	t, err := e.domainNamed(name.Names)
	if err != nil {
		return a, err
	}
	k := e.domainCheck(t, stringOf(items[1]))
	if k == nil {
		return a, pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for domain %s does not exist", stringOf(items[1]), e.Catalog.FormatType(t.OID, -1))
	}
	return catalog.Address{Class: catalog.ClassConstraint, OID: k.OID}, nil
}
