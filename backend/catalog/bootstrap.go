package catalog

import (
	"fmt"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// BootOptions is what a first database may be told.
type BootOptions struct{}

// Bootstrap fills an empty main.db with what template1 holds: the stored catalogs of pg_catalog and information_schema under
// PostgreSQL's columns, their indexes and their built-in rows. Other databases are copies of it. It opens no transaction: the caller
// runs it inside of one.
func Bootstrap(x Execer, _ BootOptions) error {
	if err := x.Exec("CREATE TABLE " + counterTable + " (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID"); err != nil {
		return err
	}
	if err := x.Exec("INSERT INTO "+counterTable+" VALUES ('oid', ?)", types.IntValue(int64(builtin.FirstUserOID))); err != nil {
		return err
	}
	return bootstrapClasses(x, false, builtin.Rows)
}

// bootstrapClasses makes and fills the catalogs that are shared or those that are not.
func bootstrapClasses(x Execer, shared bool, rows func(name string) string) error {
	for i := range builtin.Classes() {
		c := &builtin.Classes()[i]
		if c.Kind != 'r' || c.Shared != shared {
			continue
		}
		if err := x.Exec(createTable(c)); err != nil {
			return fmt.Errorf("make %s: %w", c.Name, err)
		}
		var err error
		switch {
		case c.Namespace != builtin.SchemaCatalog:
		case c.OID == ClassRewrite:
			err = fillRules(x, c)
		default:
			err = fill(x, c, rows(c.Name))
		}
		if err != nil {
			return fmt.Errorf("fill %s: %w", c.Name, err)
		}
		for j := range c.Indexes {
			if sql := createIndex(c, &c.Indexes[j]); sql != "" {
				if err := x.Exec(sql); err != nil {
					return fmt.Errorf("index %s: %w", c.Name, err)
				}
			}
		}
	}
	return nil
}

// systemSchema names the schema a class of the system is in.
func systemSchema(namespace uint32) string {
	if namespace == builtin.SchemaCatalog {
		return "pg_catalog"
	}
	return "information_schema"
}

// rowidColumn is the index of the column that is SQLite's rowid in a system catalog: a primary key of one OID; -1 for none.
func rowidColumn(c *builtin.Class) int {
	for _, x := range c.Indexes {
		if x.Primary && len(x.Columns) == 1 {
			n := int(x.Columns[0]) - 1
			if t := c.Columns[n].Type; t == typeOID || t == typeRegproc {
				return n
			}
		}
	}
	return -1
}

func createTable(c *builtin.Class) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE " + PhysicalTable(systemSchema(c.Namespace), c.Name) + " (")
	rowid := rowidColumn(c)
	for i, col := range c.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(PhysicalName(col.Name) + " " + affinity(col.Type))
		if i == rowid {
			b.WriteString(" PRIMARY KEY")
		}
	}
	b.WriteString(")")
	return b.String()
}

// createIndex gives "" for the index that the rowid is.
func createIndex(c *builtin.Class, x *builtin.Index) string {
	rowid := rowidColumn(c)
	if rowid >= 0 && len(x.Columns) == 1 && int(x.Columns[0]) == rowid+1 {
		return ""
	}
	var b strings.Builder
	b.WriteString("CREATE ")
	if x.Unique {
		b.WriteString("UNIQUE ")
	}
	schema := systemSchema(c.Namespace)
	b.WriteString("INDEX " + PhysicalTable(schema, x.Name) + " ON " + PhysicalTable(schema, c.Name) + " (")
	for i, n := range x.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(PhysicalName(c.Columns[n-1].Name))
	}
	b.WriteString(")")
	return b.String()
}

// batchValues bounds the parameters of one INSERT; SQLite compiles it once and takes many rows at a time.
const batchValues = 480

// fill inserts the rows of a row file.
func fill(x Execer, c *builtin.Class, rows string) error {
	return insertRows(x, c, func(add func([]types.Value) error) error {
		vals := make([]types.Value, len(c.Columns))
		return builtin.EachRow(rows, func(fields []string) error {
			if len(fields) != len(vals) {
				return fmt.Errorf("%d fields for %d columns", len(fields), len(vals))
			}
			for i, s := range fields {
				v, err := field(c.Columns[i].Type, s)
				if err != nil {
					return err
				}
				vals[i] = v
			}
			return add(vals)
		})
	})
}

// insertRows inserts what produce adds, several rows with each statement.
func insertRows(x Execer, c *builtin.Class, produce func(add func([]types.Value) error) error) error {
	n := len(c.Columns)
	per := max(1, batchValues/n)
	into := "INSERT INTO " + PhysicalTable(systemSchema(c.Namespace), c.Name) + " VALUES "
	row := "(?" + strings.Repeat(",?", n-1) + ")"
	full := into + row + strings.Repeat(","+row, per-1)
	args := make([]types.Value, 0, n*per)
	err := produce(func(vals []types.Value) error {
		args = append(args, vals...)
		if len(args) < n*per {
			return nil
		}
		err := x.Exec(full, args...)
		args = args[:0]
		return err
	})
	if err != nil || len(args) == 0 {
		return err
	}
	return x.Exec(into+row+strings.Repeat(","+row, len(args)/n-1), args...)
}

// fillRules stores the rules that make the system views, with pgd's own definitions.
func fillRules(x Execer, c *builtin.Class) error {
	return insertRows(x, c, func(add func([]types.Value) error) error {
		return builtin.EachRow(builtin.Rows("pg_rewrite"), func(f []string) error {
			oid, err := field(typeOID, f[0])
			if err != nil {
				return err
			}
			class, err := field(typeOID, f[2])
			if err != nil {
				return err
			}
			view := builtin.ClassByOID(uint32(class.I))
			if view == nil || f[1] != "_RETURN" {
				return nil
			}
			return add([]types.Value{oid, value("_RETURN"), class, value("1"), value("O"), value(true), value("<>"), value(systemView(view))})
		})
	})
}
