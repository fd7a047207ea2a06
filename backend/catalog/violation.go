package catalog

import (
	"slices"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// ConstraintInfo is what the store tells of a unique index that refused a row: physical names. Values are the key of the refused row, in the
// order of the index, where the caller knows it; without them the error has no detail.
type ConstraintInfo struct {
	Table   string   // physical, unquoted; "" where only the index is known
	Columns []string // physical, unquoted
	Index   string   // of an index over expressions
	Values  []types.Value
}

// Violation puts a violated unique index into PostgreSQL's words: 23505 with schema, table and constraint. tc prints the values.
func (v *View) Violation(e ConstraintInfo, tc *types.Context) *pgerr.Error {
	rel, x, err := v.uniqueIndex(e)
	if err != nil {
		return pgerr.From(err)
	}
	if rel == nil {
		return pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint")
	}
	out := pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"%s\"", x.Name).WithTable(rel.Schema, rel.Name).WithConstraint(x.Name)
	if len(e.Values) >= x.KeyCount && tc != nil && v.mayShow(rel, x.Columns[:x.KeyCount]) {
		out.WithDetail("Key (%s)=(%s) already exists.", v.keyNames(rel, x), v.keyValues(rel, x.Columns[:x.KeyCount], e.Values, tc))
	}
	return out
}

// uniqueIndex finds the index by the columns or the name SQLite gave.
func (v *View) uniqueIndex(e ConstraintInfo) (*Relation, *Index, error) {
	if e.Table == "" {
		x, err := v.physicalRelation(e.Index)
		if x == nil || err != nil {
			return nil, nil, err
		}
		var of uint32
		v.one("SELECT indrelid FROM "+table("pg_index")+" WHERE indexrelid = ?", []types.Value{value(x.OID)}, func(r []types.Value) { of = uint32(r[0].I) })
		rel, err := v.RelationByOID(of)
		if rel == nil || err != nil {
			return nil, nil, v.firstError(err)
		}
		for _, i := range rel.Indexes {
			if i.OID == x.OID {
				return rel, i, nil
			}
		}
		return nil, nil, nil
	}
	rel, err := v.physicalRelation(e.Table)
	if rel == nil || err != nil {
		return nil, nil, err
	}
	var key []int16
	for _, c := range e.Columns {
		name := LogicalColumn(c)
		if i := slices.IndexFunc(rel.Columns, func(c Column) bool { return c.Name == name && !c.Dropped }); i >= 0 {
			key = append(key, int16(i+1))
		}
	}
	for _, x := range rel.Indexes {
		if (x.Unique || x.Primary) && slices.Equal(x.Columns[:x.KeyCount], key) {
			return rel, x, nil
		}
	}
	return nil, nil, nil
}

// physicalRelation finds a relation by its name in SQLite.
func (v *View) physicalRelation(key string) (*Relation, error) {
	schema, name := LogicalRelation(key)
	ns, ok := v.Namespace(schema)
	if !ok {
		return nil, v.c.err
	}
	return v.relationIn(ns, name)
}

// mayShow tells whether the session's role may read the columns, so that the values may be told.
func (v *View) mayShow(rel *Relation, cols []int16) bool {
	if v.c.role == 0 || v.Superuser(v.c.role) {
		return true
	}
	for _, c := range cols {
		if ok, err := v.Allowed(Address{ClassRelation, rel.OID, int32(c)}, v.c.role, PrivSelect); err != nil || !ok {
			return false
		}
	}
	return true
}

// keyNames are the columns and expressions of an index as its definition shows them.
func (v *View) keyNames(rel *Relation, x *Index) string {
	var names []string
	n := 0
	for _, c := range x.Columns[:x.KeyCount] {
		if c > 0 {
			names = append(names, QuoteIdent(rel.Columns[c-1].Name))
			continue
		}
		if n < len(x.Exprs) {
			names = append(names, x.Exprs[n])
		}
		n++
	}
	return strings.Join(names, ", ")
}

// keyValues prints values by the types of their columns; that of an expression is printed by what it is stored as.
func (v *View) keyValues(rel *Relation, cols []int16, vals []types.Value, tc *types.Context) string {
	var b []byte
	for i, c := range cols {
		if i > 0 {
			b = append(b, ", "...)
		}
		val := vals[i]
		if val.IsNull() {
			b = append(b, "null"...)
			continue
		}
		typ := uint32(typeText)
		switch {
		case c > 0:
			typ = rel.Columns[c-1].Type
		case val.Kind == types.Int:
			typ = typeInt8
		case val.Kind == types.Float:
			typ = typeFloat8
		case val.Kind == types.Blob:
			typ = typeBytea
		}
		if t := tc.Find(typ); t != nil && t.Output != nil {
			b = t.Output(tc, b, val)
		}
	}
	return string(b)
}

// ForeignCheck says which foreign keys to look at after a statement left violations behind.
type ForeignCheck struct {
	// Target is the table the statement changed; 0 looks at all foreign keys of the database, as a commit does.
	Target uint32
	// Deleting tells that rows were deleted: decides which way round a table's key on itself is told.
	Deleting bool
	// Deferred tells of a constraint whether it waits for the end of the transaction; nil for none.
	Deferred func(c *Constraint) bool
}

// ForeignViolation finds a row without the row it refers to and puts it into PostgreSQL's words, 23503; nil where there is none. It reads
// whole tables: it is called only once the store has said that a key is violated.
func (v *View) ForeignViolation(f ForeignCheck, tc *types.Context) error {
	keys, err := v.foreignKeys(f.Target)
	if err != nil {
		return err
	}
	for _, k := range keys {
		child, err := v.RelationByOID(k[0])
		if err != nil {
			return err
		}
		if child == nil {
			continue
		}
		i := slices.IndexFunc(child.Constraints, func(c *Constraint) bool { return c.OID == k[1] })
		if i < 0 || f.Deferred != nil && f.Deferred(child.Constraints[i]) {
			continue
		}
		c := child.Constraints[i]
		parent, err := v.RelationByOID(c.Ref)
		if err != nil {
			return err
		}
		if parent == nil {
			continue
		}
		if err := v.foreignRow(f, child, parent, c, tc); err != nil {
			return err
		}
	}
	return nil
}

// foreignKeys lists child table and constraint: those of the table itself first, then those that refer to it.
func (v *View) foreignKeys(target uint32) (out [][2]uint32, err error) {
	sql := "SELECT conrelid, oid FROM " + table("pg_constraint") + " WHERE contype = 'f'"
	var args []types.Value
	if target != 0 {
		sql += " AND (conrelid = ?1 OR confrelid = ?1) ORDER BY conrelid <> ?1, oid"
		args = []types.Value{value(target)}
	}
	err = v.c.q.Query(sql, args, func(r []types.Value) error {
		out = append(out, [2]uint32{uint32(r[0].I), uint32(r[1].I)})
		return nil
	})
	return out, err
}

// foreignRow looks for one row that violates one foreign key.
func (v *View) foreignRow(f ForeignCheck, child, parent *Relation, c *Constraint, tc *types.Context) error {
	var list, present, match []string
	for i, n := range c.Columns {
		col := "c." + child.Columns[n-1].Physical
		list = append(list, col)
		present = append(present, col+" IS NOT NULL")
		match = append(match, "p."+parent.Columns[c.RefColumns[i]-1].Physical+" = "+col)
	}
	var vals []types.Value
	take := func(r []types.Value) error {
		if vals == nil {
			vals = []types.Value{}
			for _, x := range r {
				vals = append(vals, x.Clone())
			}
		}
		return nil
	}
	err := v.c.q.Query("SELECT "+strings.Join(list, ", ")+" FROM "+child.Physical+" AS c WHERE "+strings.Join(present, " AND ")+
		" AND NOT EXISTS (SELECT 1 FROM "+parent.Physical+" AS p WHERE "+strings.Join(match, " AND ")+") LIMIT 1", nil, take)
	if err != nil || vals == nil {
		return err
	}
	// The values are of the child's columns; those of the parent have the same text wherever the types are the same.
	referenced := f.Target == parent.OID && (f.Target != child.OID || f.Deleting)
	names := func(rel *Relation, cols []int16) string {
		var s []string
		for _, n := range cols {
			s = append(s, QuoteIdent(rel.Columns[n-1].Name))
		}
		return strings.Join(s, ", ")
	}
	shown := v.mayShow(parent, c.RefColumns) && v.mayShow(child, c.Columns)
	var e *pgerr.Error
	if referenced {
		e = pgerr.New(pgerr.ForeignKeyViolation, "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\"", parent.Name, c.Name, child.Name)
		e.WithDetail("Key is still referenced from table \"%s\".", child.Name)
		if shown && tc != nil {
			e.WithDetail("Key (%s)=(%s) is still referenced from table \"%s\".", names(parent, c.RefColumns), v.keyValues(parent, c.RefColumns, vals, tc), child.Name)
		}
	} else {
		e = pgerr.New(pgerr.ForeignKeyViolation, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", child.Name, c.Name)
		e.WithDetail("Key is not present in table \"%s\".", parent.Name)
		if shown && tc != nil {
			e.WithDetail("Key (%s)=(%s) is not present in table \"%s\".", names(child, c.Columns), v.keyValues(child, c.Columns, vals, tc), parent.Name)
		}
	}
	return e.WithTable(child.Schema, child.Name).WithConstraint(c.Name)
}
