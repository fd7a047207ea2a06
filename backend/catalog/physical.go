package catalog

import "strings"

// Physical names: how a relation or column of PostgreSQL is called in the SQLite file. SQLite folds the case of ASCII letters in
// identifiers and PostgreSQL does not, so an upper-case letter, and what the escape itself uses, is preceded by '^':
//
//	public.accounts   accounts          sales.Orders  sales.^Orders
//	public."a.b"      a^.b              public.sqlite_x  ^sqlite_x (SQLite keeps that prefix for itself)
//
// Everything else stays as it is, so that `sqlite3 main.db` shows names people know.

// escapePart appends one part of a name, escaped.
func escapePart(b *strings.Builder, s string) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' || c == '^' || c == '.' {
			b.WriteByte('^')
		}
		b.WriteByte(c)
	}
}

// RelationKey gives the unquoted name of a relation's table or index in SQLite's schema main.
func RelationKey(schema, name string) string {
	var b strings.Builder
	if schema == "public" {
		if strings.HasPrefix(name, "sqlite_") {
			b.WriteByte('^')
		}
		escapePart(&b, name)
		return b.String()
	}
	if strings.HasPrefix(schema, "sqlite_") {
		b.WriteByte('^')
	}
	escapePart(&b, schema)
	b.WriteByte('.')
	escapePart(&b, name)
	return b.String()
}

// LogicalRelation undoes RelationKey.
func LogicalRelation(key string) (schema, name string) {
	if strings.HasPrefix(key, "^sqlite_") {
		key = key[1:]
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case c == '^' && i+1 < len(key):
			i++
			b.WriteByte(key[i])
		case c == '.' && schema == "":
			schema = b.String()
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	if schema == "" {
		schema = "public"
	}
	return schema, b.String()
}

// QuoteSQLite quotes an identifier for SQLite.
func QuoteSQLite(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// PhysicalTable gives the quoted name of a relation's table (or index) in SQLite's schema main.
func PhysicalTable(schema, name string) string { return QuoteSQLite(RelationKey(schema, name)) }

// PhysicalTemp gives the quoted, qualified name of a temporary table. The name itself carries pg_temp: SQLite looks into temp first,
// so that a temporary table of the same name would hide one of main from statements that do not qualify.
func PhysicalTemp(name string) string { return "temp." + PhysicalTable("pg_temp", name) }

// PhysicalShared gives the quoted, qualified name of a shared catalog, which is attached from the site's global file.
func PhysicalShared(name string) string { return "shared." + PhysicalTable("pg_catalog", name) }

// ColumnKey gives the unquoted name of a column in SQLite. SQLite's two names for the rowid are kept free.
func ColumnKey(name string) string {
	var b strings.Builder
	if name == "rowid" || name == "_rowid_" {
		b.WriteByte('^')
	}
	escapePart(&b, name)
	return b.String()
}

// LogicalColumn undoes ColumnKey.
func LogicalColumn(key string) string {
	if !strings.Contains(key, "^") {
		return key
	}
	var b strings.Builder
	for i := 0; i < len(key); i++ {
		if key[i] == '^' && i+1 < len(key) {
			i++
		}
		b.WriteByte(key[i])
	}
	return b.String()
}

// PhysicalName gives the quoted name of a column in SQLite.
func PhysicalName(name string) string { return QuoteSQLite(ColumnKey(name)) }
