package ddl

import (
	"slices"
	"strconv"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

// addForeignKey writes a foreign key to the catalog, as PostgreSQL's ATAddForeignKeyConstraint checks it.
func (e *Env) addForeignKey(rel *catalog.Relation, k *constraint) error {
	if k.match == 'f' && len(k.columns) > 1 && k.deferrable {
		return pgerr.Unsupported(k.loc, "deferrable foreign keys with MATCH FULL over several columns are not supported")
	}
	ref, err := e.relation(k.ref)
	if err != nil {
		return err
	}
	if ref.Kind != 'r' {
		return pgerr.New(pgerr.WrongObjectType, "referenced relation \"%s\" is not a table", ref.Name)
	}
	if ref.System {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", ref.Name)
	}
	if rel.Temp != ref.Temp {
		if rel.Temp {
			return pgerr.New(pgerr.InvalidTableDefinition, "constraints on temporary tables may reference only temporary tables")
		}
		return pgerr.New(pgerr.InvalidTableDefinition, "constraints on permanent tables may reference only permanent tables")
	}
	if err := e.mustOwn(ref); err != nil {
		return err
	}
	missing := func(name string) error {
		if isSystemColumn(name) {
			return pgerr.New(pgerr.FeatureNotSupported, "system columns cannot be used in foreign keys")
		}
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" referenced in foreign key constraint does not exist", name)
	}
	cols, err := attnums(rel, k.columns, missing)
	if err != nil {
		return err
	}
	var refCols []int16
	var index uint32
	if len(k.refColumns) == 0 {
		if refCols, index, err = primaryKey(ref); err != nil {
			return err
		}
	} else if refCols, err = attnums(ref, k.refColumns, missing); err != nil {
		return err
	}
	if len(cols) != len(refCols) {
		return pgerr.New(pgerr.InvalidForeignKey, "number of referencing and referenced columns for foreign key disagree")
	}
	if index == 0 {
		if index = uniqueOver(ref, refCols); index == 0 {
			if slices.ContainsFunc(ref.Indexes, func(x *catalog.Index) bool { return x.NullsNotDistinct }) {
				return pgerr.Unsupported(k.loc, "foreign keys to columns that are unique with NULLS NOT DISTINCT are not supported")
			}
			return pgerr.New(pgerr.InvalidForeignKey, "there is no unique constraint matching given keys for referenced table \"%s\"", ref.Name)
		}
	}
	name, err := e.constraintName(rel, k.name, columnsName(k.columns), "fkey")
	if err != nil {
		return err
	}
	ops, err := e.foreignKeyOperators(rel, ref, cols, refCols, name)
	if err != nil {
		return err
	}
	_, err = e.writer().CreateConstraint(catalog.NewConstraint{Name: name, Namespace: rel.Namespace, Relation: rel.OID, Kind: 'f', Columns: cols,
		Index: index, Ref: ref.OID, RefColumns: refCols, EqualOperators: ops, OnUpdate: k.onUpdate, OnDelete: k.onDelete, Match: k.match,
		Deferrable: k.deferrable, Deferred: k.deferred, NotValid: k.notValid})
	return err
}

func primaryKey(ref *catalog.Relation) ([]int16, uint32, error) {
	for _, c := range ref.Constraints {
		if c.Kind == 'p' {
			return c.Columns, c.Index, nil
		}
	}
	return nil, 0, pgerr.New(pgerr.UndefinedObject, "there is no primary key for referenced table \"%s\"", ref.Name)
}

// uniqueOver finds a unique index over exactly these columns, in any order.
func uniqueOver(ref *catalog.Relation, cols []int16) uint32 {
	for _, ix := range ref.Indexes {
		if ix.Unique && !ix.NullsNotDistinct && ix.Where == "" && ix.KeyCount == len(cols) && sameSet(ix.Columns[:ix.KeyCount], cols) {
			return ix.OID
		}
	}
	return 0
}

func sameSet(a, b []int16) bool {
	seen := map[int16]bool{}
	for _, n := range a {
		seen[n] = true
	}
	for _, n := range b {
		if !seen[n] {
			return false
		}
		delete(seen, n)
	}
	return len(seen) == 0
}

// foreignKeyOperators checks that each pair of columns can be compared. Columns of two types are compared by SQLite only where both are
// stored alike; other pairs are refused rather than compared wrongly.
func (e *Env) foreignKeyOperators(rel, ref *catalog.Relation, cols, refCols []int16, name string) ([]uint32, error) {
	var ops []uint32
	for i := range cols {
		c, r := &rel.Columns[cols[i]-1], &ref.Columns[refCols[i]-1]
		op := e.Catalog.DefaultOperator(r.Type, 3)
		ct, rt := e.Types.Find(c.Type), e.Types.Find(r.Type)
		if op == 0 || ct == nil || rt == nil || !comparable(ct.Category, rt.Category) || ct.Enum != rt.Enum {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "foreign key constraint \"%s\" cannot be implemented", name).
				WithDetail("Key columns \"%s\" and \"%s\" are of incompatible types: %s and %s.", c.Name, r.Name,
					e.Catalog.FormatType(c.Type, -1), e.Catalog.FormatType(r.Type, -1))
		}
		if ct.Store != rt.Store || ct.Collation != rt.Collation {
			return nil, pgerr.Unsupported(-1, "foreign keys between columns of type %s and %s are not supported",
				e.Catalog.FormatType(c.Type, -1), e.Catalog.FormatType(r.Type, -1))
		}
		ops = append(ops, op)
	}
	return ops, nil
}

func comparable(a, b byte) bool { return a == b }

// foreignKeyChecks validates what is in the table already against the foreign keys of rel that are new.
func (e *Env) validateForeignKey(rel *catalog.Relation, k *catalog.Constraint) error {
	ref, err := e.Catalog.RelationByOID(k.Ref)
	if err != nil {
		return err
	}
	var nulls, join, detail string
	for i, n := range k.Columns {
		col, rc := rel.Columns[n-1].Physical, ref.Columns[k.RefColumns[i]-1].Physical
		if i > 0 {
			nulls, join, detail = nulls+" AND ", join+" AND ", detail+", "
		}
		nulls += "c." + col + " IS NOT NULL"
		join += "p." + rc + " = c." + col
		detail += "c." + col
	}
	if k.Match == 'f' && len(k.Columns) > 1 {
		err := e.DB.Query("SELECT 1 FROM "+rel.Physical+" WHERE NOT "+allOrNone(rel, k)+" LIMIT 1", nil, func([]value) error {
			return pgerr.New(pgerr.ForeignKeyViolation, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", rel.Name, k.Name).
				WithDetail("MATCH FULL does not allow mixing of null and nonnull key values.").WithTable(rel.Schema, rel.Name).WithConstraint(k.Name)
		})
		if err != nil {
			return err
		}
	}
	return e.DB.Query("SELECT "+detail+" FROM "+rel.Physical+" c WHERE "+nulls+" AND NOT EXISTS (SELECT 1 FROM "+ref.Physical+" p WHERE "+join+") LIMIT 1",
		nil, func(row []value) error {
			keys, vals := e.keyText(rel, k.Columns, row)
			return pgerr.New(pgerr.ForeignKeyViolation, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", rel.Name, k.Name).
				WithDetail("Key (%s)=(%s) is not present in table \"%s\".", keys, vals, ref.Name).WithTable(rel.Schema, rel.Name).WithConstraint(k.Name)
		})
}

// allOrNone is the condition that MATCH FULL adds: the columns of the key are all there or all NULL.
func allOrNone(rel *catalog.Relation, k *catalog.Constraint) string {
	var sum []string
	for _, n := range k.Columns {
		sum = append(sum, "("+rel.Columns[n-1].Physical+" IS NULL)")
	}
	return "((" + strings.Join(sum, " + ") + ") IN (0, " + strconv.Itoa(len(sum)) + "))"
}
