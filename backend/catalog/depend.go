package catalog

import (
	"sort"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Dependency is one row of pg_depend seen from the object that others need.
type Dependency struct {
	Address       // the dependent
	Kind    byte  // n, a or i
	On      int32 // attnum of the needed object's column, 0 for the whole
}

// Dependents gives what depends on an object; for a whole relation also what depends on one of its columns. Order is as
// PostgreSQL's: the youngest first.
func (w *Writer) Dependents(a Address) ([]Dependency, error) {
	var out []Dependency
	sql := "SELECT classid, objid, objsubid, deptype, refobjsubid FROM " + table("pg_depend") + " WHERE refclassid = ? AND refobjid = ?"
	args := []types.Value{value(a.Class), value(a.OID)}
	if a.Sub != 0 {
		sql += " AND refobjsubid = ?"
		args = append(args, value(a.Sub))
	}
	err := w.s.Query(sql, args, func(r []types.Value) error {
		out = append(out, Dependency{Address{uint32(r[0].I), uint32(r[1].I), int32(r[2].I)}, r[3].B[0], int32(r[4].I)})
		return nil
	})
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].OID != out[j].OID {
			return out[i].OID > out[j].OID
		}
		return out[i].Sub < out[j].Sub
	})
	return out, err
}

// owner gives the object that an object is a part of (deptype i), if it is one.
func (w *Writer) owner(a Address) (o Address, ok bool, err error) {
	err = w.s.Query("SELECT refclassid, refobjid, refobjsubid FROM "+table("pg_depend")+" WHERE classid = ? AND objid = ? AND objsubid = ? AND deptype = 'i'",
		[]types.Value{value(a.Class), value(a.OID), value(a.Sub)}, func(r []types.Value) error {
			o, ok = Address{uint32(r[0].I), uint32(r[1].I), int32(r[2].I)}, true
			return nil
		})
	return o, ok, err
}

// Drop is what dropping some objects comes to.
type Drop struct {
	// Objects are all that go, each after what depends on it; the physical work and Delete go through them in order.
	Objects []Address
	// Notice tells of objects CASCADE takes along; nil for none.
	Notice *pgerr.Error
}

// dropWalk is the walk over dependencies, as PostgreSQL's findDependentObjects.
type dropWalk struct {
	w       *Writer
	targets map[Address]bool
	seen    map[Address]bool
	order   []Address
	auto    map[Address]bool    // goes silently
	because map[Address]Address // the object it was reached from
}

// PlanDrop finds all that goes when the targets do. Without cascade, something that would have to go too is 2BP01, as is
// dropping alone what is a part of something else.
func (w *Writer) PlanDrop(targets []Address, cascade bool) (*Drop, error) {
	d := &dropWalk{w: w, targets: map[Address]bool{}, seen: map[Address]bool{}, auto: map[Address]bool{}, because: map[Address]Address{}}
	for _, t := range targets {
		d.targets[t] = true
	}
	for _, t := range targets {
		o, ok, err := w.owner(t)
		if err != nil {
			return nil, err
		}
		if ok && !d.targets[o] && !d.targets[Address{o.Class, o.OID, 0}] {
			return nil, w.requiredBy(t, o)
		}
	}
	for _, t := range targets {
		if err := d.visit(t, true); err != nil {
			return nil, err
		}
	}
	return d.report(targets, cascade)
}

// requiredBy is the answer to dropping a part alone.
func (w *Writer) requiredBy(part, whole Address) error {
	p, err := w.Describe(part)
	if err != nil {
		return err
	}
	o, err := w.Describe(whole)
	if err != nil {
		return err
	}
	return pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because %s requires it", p, o).WithHint("You can drop %s instead.", o)
}

// visit adds an object after everything that depends on it.
func (d *dropWalk) visit(a Address, auto bool) error {
	if d.seen[a] || a.Sub != 0 && d.seen[Address{a.Class, a.OID, 0}] {
		if auto {
			d.auto[a] = true
		}
		return nil
	}
	d.seen[a] = true
	if auto {
		d.auto[a] = true
	}
	deps, err := d.w.Dependents(a)
	if err != nil {
		return err
	}
	for _, x := range deps {
		dep := x.Address
		if dep.Class == a.Class && dep.OID == a.OID { // a column on its own relation
			continue
		}
		// What depends on a part of something is dropped by dropping the whole: a rule stands for its view.
		if x.Kind != DependInternal {
			if o, ok, err := d.w.owner(dep); err != nil {
				return err
			} else if ok && !(o.Class == a.Class && o.OID == a.OID && (a.Sub == 0 || o.Sub == a.Sub)) {
				dep = o
			}
		}
		// A view's column cannot go without the view.
		if view, err := d.w.isView(dep); err != nil {
			return err
		} else if view {
			dep.Sub = 0
		}
		if _, ok := d.because[dep]; !ok {
			d.because[dep] = a
		}
		if err := d.visit(dep, x.Kind != DependNormal); err != nil {
			return err
		}
	}
	d.order = append(d.order, a)
	return nil
}

// report decides between dropping, refusing and telling.
func (d *dropWalk) report(targets []Address, cascade bool) (*Drop, error) {
	out := &Drop{Objects: d.order}
	var lines []string
	for i := len(d.order) - 1; i >= 0; i-- {
		a := d.order[i]
		if d.targets[a] || d.auto[a] || a.Sub != 0 && d.seen[Address{a.Class, a.OID, 0}] {
			continue
		}
		what, err := d.w.Describe(a)
		if err != nil {
			return nil, err
		}
		if cascade {
			lines = append(lines, "drop cascades to "+what)
			continue
		}
		on, err := d.w.Describe(d.because[a])
		if err != nil {
			return nil, err
		}
		lines = append(lines, what+" depends on "+on)
	}
	switch {
	case len(lines) == 0:
		return out, nil
	case !cascade:
		e := pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop desired object(s) because other objects depend on them")
		if len(targets) == 1 {
			what, err := d.w.Describe(targets[0])
			if err != nil {
				return nil, err
			}
			e.Message = "cannot drop " + what + " because other objects depend on it"
		}
		e.Detail = clipLines(lines)
		return nil, e.WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
	case len(lines) == 1:
		out.Notice = pgerr.Notice(pgerr.SuccessfulCompletion, "%s", lines[0])
	default:
		out.Notice = pgerr.Notice(pgerr.SuccessfulCompletion, "drop cascades to %d other objects", len(lines))
		out.Notice.Detail = clipLines(lines)
	}
	return out, nil
}

// clipLines shows the client the first hundred, as PostgreSQL does.
func clipLines(lines []string) string {
	const most = 100
	if len(lines) <= most {
		return strings.Join(lines, "\n")
	}
	rest := len(lines) - most
	s := "s"
	if rest == 1 {
		s = ""
	}
	return strings.Join(lines[:most], "\n") + "\nand " + itoa(rest) + " other object" + s + " (see server log for list)"
}

// ownTables are the catalogs an object's rows are in besides pg_depend and pg_description: table and key column.
var ownTables = map[uint32][][2]string{
	ClassRelation: {{"pg_class", "oid"}, {"pg_attribute", "attrelid"}, {"pg_index", "indexrelid"}, {"pg_sequence", "seqrelid"},
		{"pg_inherits", "inhrelid"}, {"pg_statistic", "starelid"}},
	ClassType:         {{"pg_type", "oid"}, {"pg_enum", "enumtypid"}, {"pg_range", "rngtypid"}},
	ClassAttrdef:      {{"pg_attrdef", "oid"}},
	ClassConstraint:   {{"pg_constraint", "oid"}},
	ClassNamespace:    {{"pg_namespace", "oid"}},
	ClassRewrite:      {{"pg_rewrite", "oid"}},
	ClassProc:         {{"pg_proc", "oid"}, {"pg_aggregate", "aggfnoid"}},
	ClassTrigger:      {{"pg_trigger", "oid"}},
	ClassCast:         {{"pg_cast", "oid"}},
	ClassOperator:     {{"pg_operator", "oid"}},
	ClassCollation:    {{"pg_collation", "oid"}},
	ClassPolicy:       {{"pg_policy", "oid"}},
	ClassDefaultACL:   {{"pg_default_acl", "oid"}},
	ClassExtension:    {{"pg_extension", "oid"}},
	ClassStatisticExt: {{"pg_statistic_ext", "oid"}},
}

// Delete removes the rows of one object, with its dependencies and descriptions. For a column (Sub) the column
// is marked dropped. What depends on it is the caller's to delete first, in the order PlanDrop gives.
func (w *Writer) Delete(a Address) error {
	if a.Class == ClassRelation && a.Sub != 0 {
		if err := w.DropColumn(a.OID, int16(a.Sub)); err != nil {
			return err
		}
		if err := w.exec("DELETE FROM "+table("pg_description")+" WHERE objoid = ? AND classoid = ? AND objsubid = ?", a.OID, a.Class, a.Sub); err != nil {
			return err
		}
		return w.exec("DELETE FROM "+table("pg_depend")+" WHERE classid = ? AND objid = ? AND objsubid = ?", a.Class, a.OID, a.Sub)
	}
	var before []string
	switch a.Class {
	case ClassAttrdef:
		before = append(before, `UPDATE `+table("pg_attribute")+` SET atthasdef = 0, attgenerated = '' WHERE (attrelid, attnum) =
			(SELECT adrelid, adnum FROM `+table("pg_attrdef")+` WHERE oid = ?1)`)
	case ClassConstraint:
		before = append(before, `UPDATE `+table("pg_class")+` SET relchecks = relchecks - 1 WHERE oid =
			(SELECT conrelid FROM `+table("pg_constraint")+` WHERE oid = ?1 AND contype = 'c')`)
	case ClassRelation:
		before = append(before, `UPDATE `+table("pg_class")+` SET relhasindex = (SELECT count(*) > 1 FROM `+table("pg_index")+` WHERE indrelid = "pg_catalog.pg_class".oid)
			WHERE oid = (SELECT indrelid FROM `+table("pg_index")+` WHERE indexrelid = ?1)`)
	}
	for _, q := range before {
		if err := w.exec(q, a.OID); err != nil {
			return err
		}
	}
	for _, t := range ownTables[a.Class] {
		if err := w.exec("DELETE FROM "+table(t[0])+" WHERE "+t[1]+" = ?", a.OID); err != nil {
			return err
		}
	}
	if err := w.exec("DELETE FROM "+table("pg_description")+" WHERE objoid = ? AND classoid = ?", a.OID, a.Class); err != nil {
		return err
	}
	return w.exec("DELETE FROM "+table("pg_depend")+" WHERE classid = ?1 AND objid = ?2 OR refclassid = ?1 AND refobjid = ?2", a.Class, a.OID)
}

// isView tells whether an address is a column of a view.
func (w *Writer) isView(a Address) (view bool, err error) {
	if a.Class != ClassRelation || a.Sub == 0 {
		return false, nil
	}
	err = w.s.Query("SELECT relkind FROM "+table("pg_class")+" WHERE oid = ?", []types.Value{value(a.OID)}, func(r []types.Value) error {
		view = string(r[0].B) == "v"
		return nil
	})
	return view, err
}
