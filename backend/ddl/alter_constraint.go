package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

const classRewrite = catalog.ClassRewrite

func relationColumn(oid uint32, attnum int16) catalog.Address {
	return catalog.Address{Class: catalog.ClassRelation, OID: oid, Sub: int32(attnum)}
}

func (a *alteration) addConstraint(c *parse.AlterTableCmd) error {
	k, ok := c.Def.(*parse.Constraint)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ADD CONSTRAINT is not supported")
	}
	t := &table{schema: a.rel.Schema, name: a.rel.Name}
	if err := a.tableConstraint(t, k); err != nil {
		return err
	}
	return a.addNewConstraints(t.constraints)
}

// addNewConstraints adds constraints to the catalog and remembers which rows are to be checked against.
func (a *alteration) addNewConstraints(list []*constraint) error {
	if len(list) == 0 {
		return nil
	}
	had := map[uint32]bool{}
	for _, k := range a.rel.Constraints {
		had[k.OID] = true
	}
	wasNotNull := map[int16]bool{}
	for i := range a.rel.Columns {
		wasNotNull[a.rel.Columns[i].Attnum] = a.rel.Columns[i].NotNull
	}
	placed := false
	for _, k := range list {
		k.altering = true
		placed = placed || k.index != ""
	}
	rel, err := a.addConstraints(a.rel, list)
	if err != nil {
		if placed || pgerr.Code(err) == pgerr.DuplicateColumn {
			return err // PostgreSQL finds these while it reads the statement
		}
		return unplaced(err)
	}
	a.rel, a.physical = rel, true
	for _, k := range rel.Constraints {
		if had[k.OID] {
			continue
		}
		a.newConstraints = append(a.newConstraints, k.Name)
		if k.Kind == 'p' {
			for _, n := range k.Columns {
				if !wasNotNull[n] {
					a.checkNull = append(a.checkNull, n)
				}
			}
		}
	}
	return nil
}

func (a *alteration) constraint(name string) *catalog.Constraint {
	for _, k := range a.rel.Constraints {
		if k.Name == name {
			return k
		}
	}
	return nil
}

func (a *alteration) dropConstraint(c *parse.AlterTableCmd) error {
	k := a.constraint(c.Name)
	if k == nil {
		if c.MissingOk {
			a.skip(pgerr.SuccessfulCompletion, "constraint \"%s\" of relation \"%s\" does not exist", c.Name, a.rel.Name)
			return nil
		}
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", c.Name, a.rel.Name)
	}
	if err := a.remove([]catalog.Address{{Class: catalog.ClassConstraint, OID: k.OID}}, c.Behavior == parse.DropBehavior_DROP_CASCADE); err != nil {
		return err
	}
	var err error
	a.rel, err = a.reload(a.rel.OID)
	a.old = a.rel // remove has brought SQLite's table along
	return err
}

func (a *alteration) validateConstraint(c *parse.AlterTableCmd) error {
	k := a.constraint(c.Name)
	switch {
	case k == nil:
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", c.Name, a.rel.Name)
	case k.Kind != 'c' && k.Kind != 'f':
		return pgerr.New(pgerr.WrongObjectType, "constraint \"%s\" of relation \"%s\" is not a foreign key or check constraint", c.Name, a.rel.Name)
	case k.Valid:
		return nil
	case k.Kind == 'c':
		if err := a.validateCheck(k); err != nil {
			return err
		}
	default:
		if err := a.validateForeignKey(a.rel, k); err != nil {
			return err
		}
	}
	return a.writer().Set(catalog.ClassConstraint, k.OID, "convalidated", true)
}

// alterConstraint is ALTER CONSTRAINT: when a foreign key is checked.
func (a *alteration) alterConstraint(c *parse.AlterTableCmd) error {
	n, ok := c.Def.(*parse.Constraint)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ALTER CONSTRAINT is not supported")
	}
	k := a.constraint(n.Conname)
	switch {
	case k == nil:
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" of relation \"%s\" does not exist", n.Conname, a.rel.Name)
	case k.Kind != 'f':
		return pgerr.New(pgerr.WrongObjectType, "constraint \"%s\" of relation \"%s\" is not a foreign key constraint", n.Conname, a.rel.Name)
	}
	if err := a.writer().Set(catalog.ClassConstraint, k.OID, "condeferrable", n.Deferrable); err != nil {
		return err
	}
	return a.writer().Set(catalog.ClassConstraint, k.OID, "condeferred", n.Initdeferred)
}
