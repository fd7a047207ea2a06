package ddl

import (
	"errors"
	"fmt"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

func intValue(oid uint32) value { return value{Kind: 1, I: int64(oid)} }

// rewrite brings SQLite's table from its old form to its new one, both read from the catalog. Where rows are stored the same way
// only the text of the schema changes; where they are not (another type, a rowid key come or gone, a value for a new column) the rows are copied.
// exprs gives, by attnum, the SQLite expression over the old table for a column's new value.
func (e *Env) rewrite(old, rel *catalog.Relation, exprs map[int16]string) error {
	if len(exprs) == 0 && old.RowidColumn == rel.RowidColumn && sameStorage(e, old, rel) {
		return e.rewriteText(rel)
	}
	return e.rebuild(old, rel, exprs)
}

// rewriteText gives SQLite's table the text that the catalog's rows make. SQLite keeps the name without its schema.
func (e *Env) rewriteText(rel *catalog.Relation) error {
	sql, err := e.physicalSQL(rel, bareName(rel))
	if err != nil {
		return err
	}
	return e.DB.RewriteTable(rel.Physical, sql)
}

// bareName is a table's name in SQLite without the SQLite schema it is in.
func bareName(rel *catalog.Relation) string { return strings.TrimPrefix(rel.Physical, "temp.") }

// sameStorage tells whether the rows of the old form are rows of the new one: columns may only have been added at the end.
func sameStorage(e *Env, old, rel *catalog.Relation) bool {
	for i := range old.Columns {
		o, n := &old.Columns[i], &rel.Columns[i]
		if n.Dropped || o.Dropped {
			continue
		}
		ot, nt := e.Types.Find(o.Type), e.Types.Find(n.Type)
		if ot == nil || nt == nil || ot.Store != nt.Store || ot.Collation != nt.Collation {
			return false
		}
	}
	return true
}

// rebuilt is the name of a table while it is copied.
const rebuilt = "^rebuild"

// rebuild copies the rows into a table of the new form and puts that in the old one's place: other tables' references, which are by
// name, never notice.
func (e *Env) rebuild(old, rel *catalog.Relation, exprs map[int16]string) error {
	schema := ""
	if rel.Temp {
		schema = "temp."
	}
	name := schema + catalog.QuoteSQLite(rebuilt)
	sql, err := e.physicalSQL(withoutForeignKeys(rel), name)
	if err != nil {
		return err
	}
	if err := e.DB.Exec(sql); err != nil {
		return err
	}
	for _, ix := range old.Indexes {
		if !isRowid(old, ix) {
			if err := e.DB.Exec("DROP INDEX IF EXISTS " + indexName(old, ix)); err != nil {
				return err
			}
		}
	}
	var to, from []string
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if c.Dropped || c.Generated != 0 {
			continue
		}
		to = append(to, c.Physical)
		x, ok := exprs[c.Attnum]
		switch {
		case ok:
		case i < len(old.Columns):
			x = old.Columns[i].Physical
		default:
			x = "NULL"
		}
		if i == rel.RowidColumn {
			// SQLite would number a row without a key; no CHECK of the new form sees that.
			x = fmt.Sprintf("coalesce(%s, pg_fail_notnull(%s, %s, %s))", x, quoteText(rel.Schema), quoteText(rel.Name), quoteText(c.Name))
		}
		from = append(from, x)
	}
	if len(to) > 0 {
		copySQL := "INSERT INTO " + name + " (" + strings.Join(to, ", ") + ") SELECT " + strings.Join(from, ", ") + " FROM " + old.Physical
		if rel.RowidColumn >= 0 && rel.RowidColumn < len(old.Columns) {
			copySQL += " ORDER BY " + old.Columns[rel.RowidColumn].Physical
		}
		if err := e.DB.Exec(copySQL); err != nil {
			return e.copyFailure(old, rel, err)
		}
	}
	if err := e.DB.SwapTables(old.Physical, name); err != nil {
		return err
	}
	if err := e.DB.Exec("DROP TABLE " + name); err != nil {
		return err
	}
	if refersOut(rel) {
		if err := e.rewriteText(rel); err != nil {
			return err
		}
	}
	for _, ix := range rel.Indexes {
		if err := e.buildIndex(rel, ix); err != nil {
			return err
		}
	}
	return nil
}

func withoutForeignKeys(rel *catalog.Relation) *catalog.Relation {
	out := *rel
	out.Constraints = nil
	for _, k := range rel.Constraints {
		if k.Kind != 'f' {
			out.Constraints = append(out.Constraints, k)
		}
	}
	return &out
}

// copyFailure words a row that the new form refuses as ALTER TABLE does.
func (e *Env) copyFailure(old, rel *catalog.Relation, err error) error {
	var pe *pgerr.Error
	if errors.As(err, &pe) && pe.DataType == "" { // a domain's constraint has its own words
		switch pe.Code {
		case pgerr.NotNullViolation:
			return pgerr.New(pe.Code, "column \"%s\" of relation \"%s\" contains null values", pe.Column, rel.Name).
				WithTable(rel.Schema, rel.Name).WithColumn(pe.Column)
		case pgerr.CheckViolation:
			return pgerr.New(pe.Code, "check constraint \"%s\" of relation \"%s\" is violated by some row", pe.Constraint, rel.Name).
				WithTable(rel.Schema, rel.Name).WithConstraint(pe.Constraint)
		}
		return err
	}
	for _, ix := range rel.Indexes {
		if isRowid(rel, ix) {
			return e.indexFailure(old, ix, err)
		}
	}
	return err
}
