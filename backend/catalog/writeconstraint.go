package catalog

import "pgd/backend/types"

// NewConstraint is a constraint to be made. Columns of a table's CHECK are those it reads.
type NewConstraint struct {
	Name                 string
	Namespace, Relation  uint32
	Domain               uint32 // of a domain: its type, Relation is 0
	Kind                 byte   // c check, f foreign key, p primary key, u unique
	Columns              []int16
	Index                uint32 // the index of p and u; the referenced index of f
	Ref                  uint32 // referenced table
	RefColumns           []int16
	EqualOperators       []uint32 // of f: the = of each column pair
	OnUpdate, OnDelete   byte     // a no action, r restrict, c cascade, n set null, d set default
	Match                byte     // s simple, f full
	DeleteSetColumns     []int16
	Deferrable, Deferred bool
	NotValid             bool
	NoInherit            bool
	Check                string // SQL text
}

// CreateConstraint writes a constraint and what it depends on: it goes with the columns it is about; a foreign key needs
// the columns it points at and their unique index; the index of a key goes with the constraint.
func (w *Writer) CreateConstraint(c NewConstraint) (oid uint32, err error) {
	if oid, err = w.NewOID(); err != nil {
		return 0, err
	}
	var match, onUpdate, onDelete byte = ' ', ' ', ' '
	if c.Kind == 'f' {
		match, onUpdate, onDelete = c.Match, c.OnUpdate, c.OnDelete
	}
	ops := numberArray(typeOID, c.EqualOperators)
	err = w.insert("pg_constraint", oid, c.Name, c.Namespace, c.Kind, c.Deferrable, c.Deferred, !c.NotValid, c.Relation, c.Domain, c.Index, 0, c.Ref,
		onUpdate, onDelete, match, true, 0, c.NoInherit || c.Kind == 'f' || c.Kind == 'p' || c.Kind == 'u', numberArray(typeInt2, c.Columns),
		numberArray(typeInt2, c.RefColumns), ops, ops, ops, numberArray(typeInt2, c.DeleteSetColumns), nil, nullable(c.Check))
	if err != nil {
		return 0, err
	}
	self := Address{ClassConstraint, oid, 0}
	if c.Domain != 0 {
		return oid, w.Depend(self, Address{ClassType, c.Domain, 0}, DependAuto)
	}
	if err = w.dependOnColumns(self, c.Relation, c.Columns, DependAuto); err != nil {
		return 0, err
	}
	switch c.Kind {
	case 'f':
		if err = w.dependOnColumns(self, c.Ref, c.RefColumns, DependNormal); err == nil && c.Index != 0 {
			err = w.Depend(self, Address{ClassRelation, c.Index, 0}, DependNormal)
		}
		if err == nil { // clients look for foreign keys only where PostgreSQL has its triggers for them
			err = w.exec("UPDATE "+table("pg_class")+" SET relhastriggers = 1 WHERE oid IN (?, ?)", c.Relation, c.Ref)
		}
	case 'p', 'u':
		if c.Index != 0 {
			err = w.Depend(Address{ClassRelation, c.Index, 0}, self, DependInternal)
		}
	case 'c':
		err = w.exec("UPDATE "+table("pg_class")+" SET relchecks = relchecks + 1 WHERE oid = ?", c.Relation)
	}
	return oid, err
}

// dependOnColumns records one dependency for each column, or on the whole relation where there is none.
func (w *Writer) dependOnColumns(a Address, rel uint32, cols []int16, kind rune) error {
	n := 0
	for _, c := range cols {
		if c <= 0 {
			continue
		}
		n++
		if err := w.Depend(a, Address{ClassRelation, rel, int32(c)}, kind); err != nil {
			return err
		}
	}
	if n == 0 {
		return w.Depend(a, Address{ClassRelation, rel, 0}, kind)
	}
	return nil
}

// NewIndex is an index to be made.
type NewIndex struct {
	Name                         string
	Namespace, Table, Owner      uint32
	Temp                         bool
	Columns                      []int16 // attnum of each, 0 for an expression
	Names                        []string
	Types                        []uint32 // of each column, INCLUDE's too
	Collations, Opclasses        []uint32 // of the key columns
	Options                      []int16  // of the key columns: 1 DESC, 2 NULLS FIRST
	Exprs                        []string // SQL text of the expressions, in order
	Where                        string
	KeyCount                     int
	Unique, Primary, NotDistinct bool
	Deferrable                   bool
	// Constraint tells that a constraint will own it: then it depends on that and not on the columns.
	Constraint bool
	Storage    []string // WITH (…)
}

// CreateIndex writes an index: its pg_class and pg_attribute rows, pg_index, and that the table has one. A name that is taken is 42P07.
func (w *Writer) CreateIndex(x NewIndex) (oid uint32, err error) {
	rel := NewRelation{Name: x.Name, Namespace: x.Namespace, Kind: 'i', Owner: x.Owner, Temp: x.Temp, Options: x.Storage}
	for i, n := range x.Names {
		c := NewColumn{Name: n, Type: x.Types[i], Typmod: -1}
		if i < len(x.Collations) {
			c.Collation = x.Collations[i]
		}
		rel.Columns = append(rel.Columns, c)
	}
	if oid, err = w.CreateRelation(rel); err != nil {
		return 0, err
	}
	err = w.insert("pg_index", oid, x.Table, len(x.Columns), x.KeyCount, x.Unique, x.NotDistinct, x.Primary, false, !x.Deferrable, false, true, false, true, true,
		false, vector(typeInt2, x.Columns), vector(typeOID, x.Collations), vector(typeOID, x.Opclasses), vector(typeInt2, x.Options),
		nullable(JoinExprs(x.Exprs)), nullable(x.Where))
	if err != nil {
		return 0, err
	}
	if err = w.Set(ClassRelation, x.Table, "relhasindex", true); err != nil || x.Constraint {
		return oid, err
	}
	return oid, w.dependOnColumns(Address{ClassRelation, oid, 0}, x.Table, x.Columns, DependAuto)
}

// NewSequence is what pg_sequence says of a sequence.
type NewSequence struct {
	Relation, Type                    uint32
	Start, Increment, Min, Max, Cache int64
	Cycle                             bool
}

// CreateSequence writes the pg_sequence row of a relation of kind S.
func (w *Writer) CreateSequence(s NewSequence) error {
	return w.insert("pg_sequence", s.Relation, s.Type, s.Start, s.Increment, s.Max, s.Min, s.Cache, s.Cycle)
}

// AlterSequence replaces the pg_sequence row.
func (w *Writer) AlterSequence(s NewSequence) error {
	if err := w.exec("DELETE FROM "+table("pg_sequence")+" WHERE seqrelid = ?", s.Relation); err != nil {
		return err
	}
	return w.CreateSequence(s)
}

// OwnSequence makes a sequence go with a column: DependAuto for serial and OWNED BY, DependInternal for identity. An earlier
// owner is forgotten; table 0 leaves it without one.
func (w *Writer) OwnSequence(seq, rel uint32, attnum int16, kind rune) error {
	err := w.exec("DELETE FROM "+table("pg_depend")+" WHERE classid = ?1 AND objid = ?2 AND objsubid = 0 AND refclassid = ?1 AND deptype IN ('a','i')",
		ClassRelation, seq)
	if err != nil || rel == 0 {
		return err
	}
	return w.Depend(Address{ClassRelation, seq, 0}, Address{ClassRelation, rel, int32(attnum)}, kind)
}

// SetACL replaces the ACL of an object; for a column Sub is its attnum.
func (w *Writer) SetACL(a Address, acl ACL) error {
	if a.Class == ClassRelation && a.Sub != 0 {
		return w.SetColumn(a.OID, int16(a.Sub), "attacl", acl)
	}
	column := map[uint32]string{ClassRelation: "relacl", ClassNamespace: "nspacl", ClassProc: "proacl", ClassType: "typacl", ClassLanguage: "lanacl"}[a.Class]
	return w.Set(a.Class, a.OID, column, acl)
}

// ACLOf reads the ACL and the owner of an object. acl is nil where it is the default; a column has no owner of its own.
func (w *Writer) ACLOf(a Address) (acl ACL, owner uint32, err error) {
	q := map[uint32]string{
		ClassRelation:  "SELECT relacl, relowner FROM " + table("pg_class") + " WHERE oid = ?1",
		ClassNamespace: "SELECT nspacl, nspowner FROM " + table("pg_namespace") + " WHERE oid = ?1",
		ClassProc:      "SELECT proacl, proowner FROM " + table("pg_proc") + " WHERE oid = ?1",
		ClassType:      "SELECT typacl, typowner FROM " + table("pg_type") + " WHERE oid = ?1",
		ClassLanguage:  "SELECT lanacl, lanowner FROM " + table("pg_language") + " WHERE oid = ?1",
	}[a.Class]
	args := []types.Value{value(a.OID)}
	if a.Class == ClassRelation && a.Sub != 0 {
		q = "SELECT attacl, 0 FROM " + table("pg_attribute") + " WHERE attrelid = ?1 AND attnum = ?2"
		args = append(args, value(a.Sub))
	}
	err = w.s.Query(q, args, func(r []types.Value) error {
		acl, owner = ReadACL(r[0]), uint32(r[1].I)
		return nil
	})
	return acl, owner, err
}

// SetIndexClasses replaces the operator classes of an index's key.
func (w *Writer) SetIndexClasses(index uint32, classes []uint32) error {
	return w.Set(ClassIndex, index, "indclass", vector(typeOID, classes))
}
