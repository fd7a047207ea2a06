package ddl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// The physical form of a table is made from its catalog rows alone, by one function: CREATE TABLE uses it for a new
// table, every ALTER TABLE for the new text of an old one. Nothing else knows how a table is written in SQLite.
//
//	NOT NULL, CHECK   CHECK (… OR pg_fail_…(names, columns …)): the function raises PostgreSQL's error with the row
//	PRIMARY KEY       the rowid where it is one integer column, else a unique index
//	UNIQUE            a unique index
//	FOREIGN KEY       native and deferred; the statement's end or the commit looks at what is left open

// physicalSQL writes the CREATE TABLE of rel under the name table (quoted, qualified).
func (e *Env) physicalSQL(rel *catalog.Relation, table string) (string, error) {
	var b strings.Builder
	b.WriteString("CREATE TABLE ")
	b.WriteString(table)
	b.WriteString(" (")
	for i := range rel.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		if err := e.physicalColumn(&b, rel, i); err != nil {
			return "", err
		}
	}
	if !hasStored(rel) {
		// SQLite has no table without columns that are stored.
		if len(rel.Columns) > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"^empty" INTEGER`)
	}
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if c.NotNull && !c.Dropped && i != rel.RowidColumn {
			fmt.Fprintf(&b, ", CHECK (%s IS NOT NULL OR pg_fail_notnull(%s, %s, %s%s))", c.Physical, quoteText(rel.Schema), quoteText(rel.Name),
				quoteText(c.Name), rowArguments(rel))
		}
	}
	for _, k := range rel.Constraints {
		if k.Kind != 'c' {
			continue
		}
		expr, err := e.tableExpr(rel, k.Check, analyze.KindCheck, types.BoolOID, -1)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, ", CHECK ((%s) IS NOT FALSE OR pg_fail_check(%s, %s, %s%s))", expr, quoteText(rel.Schema), quoteText(rel.Name),
			quoteText(k.Name), rowArguments(rel))
	}
	for _, k := range rel.Constraints {
		if k.Kind != 'f' {
			continue
		}
		if k.Match == 'f' && len(k.Columns) > 1 {
			fmt.Fprintf(&b, ", CHECK (%s OR pg_fail_match(%s, %s, %s))", allOrNone(rel, k), quoteText(rel.Schema), quoteText(rel.Name), quoteText(k.Name))
		}
		if err := e.physicalForeignKey(&b, rel, k); err != nil {
			return "", err
		}
	}
	b.WriteString(")")
	return b.String(), nil
}

func (e *Env) physicalColumn(b *strings.Builder, rel *catalog.Relation, i int) error {
	c := &rel.Columns[i]
	if c.Dropped {
		fmt.Fprintf(b, "%s BLOB", c.Physical)
		return nil
	}
	if i == rel.RowidColumn {
		fmt.Fprintf(b, "%s INTEGER PRIMARY KEY", c.Physical)
		return nil
	}
	t := e.Types.Find(c.Type)
	if t == nil {
		return pgerr.Unsupported(-1, "columns of type %s are not supported", e.Catalog.FormatType(c.Type, -1))
	}
	fmt.Fprintf(b, "%s %s", c.Physical, affinity[t.Store])
	if t.Collation != "" {
		fmt.Fprintf(b, " COLLATE %s", t.Collation)
	}
	switch {
	case c.Generated != 0:
		expr, err := e.tableExpr(rel, c.Default, analyze.KindGenerated, c.Type, c.Typmod)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, " GENERATED ALWAYS AS (%s) STORED", expr)
	case setToDefault(rel, c.Attnum):
		expr, err := e.defaultExpr(rel, c)
		if err != nil || expr == "" {
			return err
		}
		fmt.Fprintf(b, " DEFAULT (%s)", expr)
	}
	return nil
}

// hasStored tells whether a table has a column that SQLite does not compute.
func hasStored(rel *catalog.Relation) bool {
	for i := range rel.Columns {
		if rel.Columns[i].Generated == 0 {
			return true
		}
	}
	return false
}

// setToDefault tells whether a foreign key may set a column to its default: only then SQLite must know it.
func setToDefault(rel *catalog.Relation, attnum int16) bool {
	for _, k := range rel.Constraints {
		if k.Kind == 'f' && (k.OnDelete == 'd' || k.OnUpdate == 'd') && slices.Contains(k.Columns, attnum) {
			return true
		}
	}
	return false
}

// defaultExpr gives the value a column takes by default, "" for none.
func (e *Env) defaultExpr(rel *catalog.Relation, c *catalog.Column) (string, error) {
	text := c.Default
	if c.Identity != 0 {
		text = "nextval(" + strconv.FormatUint(uint64(c.Sequence), 10) + "::regclass)"
	}
	if text == "" {
		return "", nil
	}
	return e.tableExpr(rel, text, analyze.KindDefault, c.Type, c.Typmod)
}

// affinity is how a column of a storage class is declared.
var affinity = map[types.Kind]string{types.Int: "INTEGER", types.Float: "REAL", types.Text: "TEXT", types.Blob: "BLOB"}

// rowArguments lists what pg_fail_… needs to print the row: type OID and value of each column that is not dropped.
func rowArguments(rel *catalog.Relation) string {
	var b strings.Builder
	for i := range rel.Columns {
		if c := &rel.Columns[i]; !c.Dropped {
			b.WriteString(", ")
			b.WriteString(strconv.FormatUint(uint64(c.Type), 10))
			b.WriteString(", ")
			b.WriteString(c.Physical)
		}
	}
	return b.String()
}

// actions are foreign key actions by pg_constraint's letters. RESTRICT is NO ACTION here: both are looked at when the statement ends.
var actions = map[byte]string{'a': "NO ACTION", 'r': "NO ACTION", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT"}

func (e *Env) physicalForeignKey(b *strings.Builder, rel *catalog.Relation, k *catalog.Constraint) error {
	ref, err := e.Catalog.RelationByOID(k.Ref)
	if err != nil {
		return err
	}
	if ref == nil {
		return pgerr.New(pgerr.InternalError, "cache lookup failed for relation %d", k.Ref)
	}
	// SQLite names the parent without a schema: it is always in the child's file.
	fmt.Fprintf(b, ", CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON UPDATE %s ON DELETE %s DEFERRABLE INITIALLY DEFERRED",
		catalog.QuoteSQLite(k.Name), columnList(rel, k.Columns), bareName(ref), columnList(ref, k.RefColumns),
		actions[k.OnUpdate], actions[k.OnDelete])
	return nil
}

func columnList(rel *catalog.Relation, attnums []int16) string {
	var out []string
	for _, n := range attnums {
		out = append(out, rel.Columns[n-1].Physical)
	}
	return strings.Join(out, ", ")
}

// quoteText writes a SQLite string literal.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// parseExpr parses stored expression text.
func parseExpr(text string) (parse.Node, error) {
	stmts, err := parse.Parse("SELECT " + text)
	if err != nil {
		return nil, err
	}
	if len(stmts) == 1 {
		if s, ok := stmts[0].Node.(*parse.SelectStmt); ok && len(s.TargetList) == 1 {
			if r, ok := s.TargetList[0].(*parse.ResTarget); ok {
				return r.Val, nil
			}
		}
	}
	return nil, pgerr.New(pgerr.InternalError, "stored expression is damaged: %s", text)
}

// tableExpr compiles stored expression text over rel's own columns to SQLite.
func (e *Env) tableExpr(rel *catalog.Relation, text string, kind analyze.Kind, typ uint32, mod int32) (string, error) {
	n, err := parseExpr(text)
	if err != nil {
		return "", err
	}
	a, err := e.storedAnalyzer()
	if err != nil {
		return "", err
	}
	x, err := a.TableExpr(n, rel, kind, typ, mod)
	if err != nil {
		return "", err
	}
	return e.compileExpr(rel, x)
}

func (e *Env) compileExpr(rel *catalog.Relation, x analyze.Expr) (string, error) {
	return compile.Expr(x, func(v *analyze.Var) string {
		if v.Col == analyze.TableOIDCol {
			return strconv.FormatUint(uint64(rel.OID), 10)
		}
		return rel.Columns[v.Col].Physical
	}, compile.Options{Catalog: e.Catalog, Types: e.Types})
}

// indexSQL writes the CREATE INDEX of an index of rel.
func (e *Env) indexSQL(rel *catalog.Relation, ix *catalog.Index) (string, error) {
	var b strings.Builder
	b.WriteString("CREATE ")
	if ix.Unique {
		b.WriteString("UNIQUE ")
	}
	// The table is named without its SQLite schema: an index lives where its table does.
	name, on := catalog.PhysicalTable(rel.Schema, ix.Name), rel.Physical
	if strings.HasPrefix(on, "temp.") {
		on = strings.TrimPrefix(on, "temp.")
		name = "temp." + catalog.PhysicalTable("pg_temp", ix.Name)
	}
	fmt.Fprintf(&b, "INDEX %s ON %s (", name, on)
	expr := 0
	for i := 0; i < ix.KeyCount; i++ {
		if i > 0 {
			b.WriteString(", ")
		}
		if n := ix.Columns[i]; n > 0 {
			e.indexColumn(&b, &rel.Columns[n-1], ix)
		} else {
			sql, err := e.indexExpr(rel, ix.Exprs[expr])
			if err != nil {
				return "", err
			}
			expr++
			if ix.NullsNotDistinct && ix.Unique {
				return "", pgerr.Unsupported(-1, "NULLS NOT DISTINCT of an index over expressions is not supported")
			}
			b.WriteString(sql)
		}
		if i < len(ix.Desc) && ix.Desc[i] {
			b.WriteString(" DESC")
		}
	}
	b.WriteString(")")
	if ix.Where != "" {
		sql, err := e.tableExpr(rel, ix.Where, analyze.KindIndexPredicate, types.BoolOID, -1)
		if err != nil {
			return "", err
		}
		b.WriteString(" WHERE ")
		b.WriteString(sql)
	}
	return b.String(), nil
}

// indexColumn writes a column as a key. NULLs are always distinct to SQLite: where they are not, the key is whether there is a value, and the
// value or something in its place.
func (e *Env) indexColumn(b *strings.Builder, c *catalog.Column, ix *catalog.Index) {
	t := e.Types.Find(c.Type)
	if !ix.NullsNotDistinct || !ix.Unique || t == nil {
		b.WriteString(c.Physical)
		return
	}
	instead := map[types.Kind]string{types.Int: "0", types.Float: "0.0", types.Text: "''", types.Blob: "x''"}[t.Store]
	fmt.Fprintf(b, "(%s IS NULL), ifnull(%s, %s)", c.Physical, c.Physical, instead)
	if t.Collation != "" {
		b.WriteString(" COLLATE " + t.Collation)
	}
}

func (e *Env) indexExpr(rel *catalog.Relation, text string) (string, error) {
	n, err := parseExpr(text)
	if err != nil {
		return "", err
	}
	a, err := e.storedAnalyzer()
	if err != nil {
		return "", err
	}
	x, err := a.TableExpr(n, rel, analyze.KindIndexExpr, 0, -1)
	if err != nil {
		return "", err
	}
	sql, err := e.compileExpr(rel, x)
	if err != nil {
		return "", err
	}
	if t := e.Types.Find(x.Type()); t != nil && t.Collation != "" {
		return "(" + sql + ") COLLATE " + t.Collation, nil
	}
	return "(" + sql + ")", nil
}
