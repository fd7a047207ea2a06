package catalog

import (
	_ "embed"
	"strconv"
	"strings"

	"pgd/backend/catalog/builtin"
)

// The views of pg_catalog and information_schema are pgd's own SQL over the stored catalogs. The files give for each what it selects; the names and
// types of the columns are PostgreSQL's, wrapped around that here, so that they cannot drift.

//go:embed views/pg_catalog.sql
var catalogViews string

//go:embed views/information_schema.sql
var informationViews string

// systemView gives the definition of a view of pg_catalog or information_schema as SQL text.
func systemView(c *builtin.Class) string {
	file := catalogViews
	if c.Namespace != builtin.SchemaCatalog {
		file = informationViews
	}
	if _, line, ok := strings.Cut(file, "-- part "+c.Name+" of "); ok {
		all, _, _ := strings.Cut(line, "\n")
		return partView(c, all)
	}
	_, rest, ok := strings.Cut(file, "-- view "+c.Name+"(")
	if !ok {
		return wrapView(c, nil, "")
	}
	heading, rest, _ := strings.Cut(rest, ")\n")
	body, _, _ := strings.Cut(rest, "\n\n")
	return wrapView(c, strings.Split(viewWords.Replace(heading), ", "), strings.TrimSpace(viewWords.Replace(body)))
}

// partView selects the rows of the system's schemas or all others: pg_stat_sys_tables and its like.
func partView(c *builtin.Class, all string) string {
	not := "NOT "
	if strings.Contains(c.Name, "_sys_") {
		not = ""
	}
	var cols []string
	for _, col := range c.Columns {
		cols = append(cols, QuoteIdent(col.Name))
	}
	return "SELECT " + strings.Join(cols, ", ") + " FROM pg_catalog." + all +
		" WHERE " + not + "(schemaname IN ('pg_catalog', 'information_schema') OR schemaname LIKE 'pg\\_toast%')"
}

// wrapView gives the view's columns their names and types: those the body gives, and NULL for the others. Without a body there are no rows.
func wrapView(c *builtin.Class, given []string, body string) string {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, col := range c.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		has := false
		for _, g := range given {
			has = has || g == col.Name
		}
		if has {
			b.WriteString("v." + QuoteIdent(col.Name))
		} else {
			b.WriteString("NULL")
		}
		b.WriteString("::" + columnType(&col) + " AS " + QuoteIdent(col.Name))
	}
	if body == "" {
		b.WriteString(" WHERE false")
		return b.String()
	}
	b.WriteString("\nFROM (" + body + ") AS v(")
	for i, g := range given {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(QuoteIdent(g))
	}
	b.WriteString(")")
	return b.String()
}

// columnType writes a column's type, a domain's as the type under it.
func columnType(col *builtin.Column) string {
	t, typmod := builtin.TypeByOID(col.Type), col.Typmod
	if t.Kind == 'd' {
		t, typmod = builtin.TypeByOID(t.BaseType), t.Typmod
	}
	switch {
	case t.OID == 1043 && typmod >= 0:
		return "pg_catalog.varchar(" + strconv.Itoa(int(typmod)-4) + ")"
	case t.OID == typeTimestamptz && typmod >= 0:
		return "timestamp(" + strconv.Itoa(int(typmod)) + ") with time zone"
	}
	return "pg_catalog." + QuoteIdent(t.Name)
}

// viewWords are what the files write with an @.
var viewWords = strings.NewReplacer(
	// Who may see a relation at all, and who may see its constraints.
	"@visible", "(pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') "+
		"OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))",
	"@changeable", "(pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') "+
		"OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))",
	// What a type is called and what its modifier says, for x.typid and x.typmod.
	"@datatype", "CASE WHEN x.typelem <> 0 AND x.typlen = -1 THEN 'ARRAY' WHEN x.nspbase = 'pg_catalog' THEN pg_catalog.format_type(x.typid, NULL) ELSE 'USER-DEFINED' END",
	"@typecolumns", "character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, interval_type",
	"@typevalues", `CASE WHEN x.typmod = -1 THEN NULL WHEN x.typid IN (1042, 1043) THEN x.typmod - 4 WHEN x.typid IN (1560, 1562) THEN x.typmod END,
  CASE WHEN x.typid IN (25, 1042, 1043) THEN CASE WHEN x.typmod = -1 THEN 1073741824 ELSE (x.typmod - 4) * 4 END END,
  CASE x.typid WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24 WHEN 701 THEN 53 WHEN 1700 THEN CASE WHEN x.typmod <> -1 THEN ((x.typmod - 4) >> 16) & 65535 END END,
  CASE WHEN x.typid IN (21, 23, 20, 700, 701) THEN 2 WHEN x.typid = 1700 THEN 10 END,
  CASE WHEN x.typid IN (21, 23, 20) THEN 0 WHEN x.typid = 1700 AND x.typmod <> -1 THEN ((((x.typmod - 4) & 2047) # 1024) - 1024) END,
  CASE WHEN x.typid = 1082 THEN 0 WHEN x.typid IN (1083, 1114, 1184, 1266) THEN CASE WHEN x.typmod < 0 THEN 6 ELSE x.typmod END
    WHEN x.typid = 1186 THEN CASE WHEN x.typmod < 0 OR x.typmod & 65535 = 65535 THEN 6 ELSE x.typmod & 65535 END END,
  CASE WHEN x.typid = 1186 AND x.typmod >= 0 AND (x.typmod >> 16) & 32767 <> 32767
    THEN pg_catalog.upper(pg_catalog.substr(pg_catalog.format_type(x.typid, x.typmod), 10)) END`,
	"@rule(confupdtype)", "CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END",
	"@rule(confdeltype)", "CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END",
)
