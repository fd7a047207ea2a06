package ddl

import (
	"slices"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// keyOfIndex is ADD CONSTRAINT … USING INDEX: an index that is there becomes the index of a key, under the constraint's name.
func (e *Env) keyOfIndex(rel *catalog.Relation, k *constraint) error {
	primary := k.kind == parse.ConstrType_CONSTR_PRIMARY
	if k.deferrable {
		return pgerr.Unsupported(k.loc, "deferrable unique constraints are not supported")
	}
	ixRel, err := e.Catalog.Relation(rel.Schema, k.index)
	if err != nil {
		return err
	}
	if ixRel == nil {
		return pgerr.New(pgerr.UndefinedObject, "index \"%s\" does not exist", k.index).At(k.loc)
	}
	i := slices.IndexFunc(rel.Indexes, func(x *catalog.Index) bool { return x.OID == ixRel.OID })
	if i < 0 {
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "index \"%s\" does not belong to table \"%s\"", k.index, rel.Name).At(k.loc)
	}
	x := rel.Indexes[i]
	if err := mayBeKey(rel, x, k.loc); err != nil {
		return err
	}
	kind := byte('u')
	if primary {
		kind = 'p'
		for _, c := range rel.Constraints {
			if c.Kind == 'p' {
				return pgerr.New(pgerr.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", rel.Name)
			}
		}
		for _, n := range x.Columns[:x.KeyCount] {
			if err := e.writer().SetColumn(rel.OID, n, "attnotnull", true); err != nil {
				return err
			}
		}
		if err := e.writer().Set(catalog.ClassIndex, x.OID, "indisprimary", true); err != nil {
			return err
		}
	}
	name := k.name
	if name == "" {
		name = x.Name
	} else if _, err := e.constraintName(rel, name, "", ""); err != nil {
		return err
	}
	if _, err := e.writer().CreateConstraint(catalog.NewConstraint{Name: name, Namespace: rel.Namespace, Relation: rel.OID, Kind: kind,
		Columns: slices.Clone(x.Columns[:x.KeyCount]), Index: x.OID}); err != nil {
		return err
	}
	if name == x.Name {
		return nil
	}
	if _, err := e.relationTaken(rel.Schema, name, false); err != nil {
		return err
	}
	e.Notice(pgerr.Notice(pgerr.SuccessfulCompletion, "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"%s\" to \"%s\"", x.Name, name))
	if err := e.writer().Set(catalog.ClassRelation, x.OID, "relname", name); err != nil {
		return err
	}
	return e.renameIndex(ixRel, name)
}

// mayBeKey refuses an index that is no plain unique one over columns.
func mayBeKey(rel *catalog.Relation, x *catalog.Index, loc int32) error {
	const such = "Cannot create a primary key or unique constraint using such an index."
	switch {
	case ownedByConstraint(rel, x):
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "index \"%s\" is already associated with a constraint", x.Name).At(loc)
	case !x.Unique:
		return pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a unique index", x.Name).WithDetail(such).At(loc)
	case len(x.Exprs) > 0:
		return pgerr.New(pgerr.WrongObjectType, "index \"%s\" contains expressions", x.Name).WithDetail(such).At(loc)
	case x.Where != "":
		return pgerr.New(pgerr.WrongObjectType, "\"%s\" is a partial index", x.Name).WithDetail(such).At(loc)
	}
	for i := range x.KeyCount {
		if x.Desc[i] || x.NullsFirst[i] {
			return pgerr.New(pgerr.WrongObjectType, "index \"%s\" column number %d does not have default sorting behavior", x.Name, i+1).WithDetail(such).At(loc)
		}
	}
	return nil
}
