package client

import (
	"context"
	"fmt"
	"strings"
)

// rows runs a query of the client's own with parameters and gives its rows as text.
func (s *session) rows(sql string, args ...string) ([][][]byte, error) {
	vals := make([][]byte, len(args))
	for i, a := range args {
		vals[i] = []byte(a)
	}
	res := s.conn.ExecParams(context.Background(), sql, vals, nil, nil, nil).Read()
	return res.Rows, res.Err
}

// list prints a query's rows under a title. names are the columns'.
func (s *session) list(title string, names []string, sql string, args ...string) error {
	rows, err := s.rows(sql, args...)
	if err != nil {
		return s.fail(err, sql)
	}
	f := s.Format
	return f.print(s.out, &table{title: title, names: names, right: make([]bool, len(names)), rows: rows}, nil)
}

// pattern turns psql's pattern into schema and name for LIKE: * is any, ? one; a dot parts schema and name; upper case is folded unless
// quoted.
func pattern(args []string) (schema, name string) {
	if len(args) == 0 {
		return "%", "%"
	}
	var parts []string
	var b strings.Builder
	quoted := false
	for _, c := range args[0] {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
			b.WriteString(escapeLike(string(c)))
		case c == '.':
			parts = append(parts, b.String())
			b.Reset()
		case c == '*':
			b.WriteByte('%')
		case c == '?':
			b.WriteByte('_')
		default:
			b.WriteString(escapeLike(strings.ToLower(string(c))))
		}
	}
	parts = append(parts, b.String())
	if len(parts) == 1 {
		return "", parts[0]
	}
	return parts[len(parts)-2], parts[len(parts)-1]
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// relkinds are the kinds of relation each list shows.
var relkinds = map[byte]string{'t': "r", 'v': "v", 'i': "i", 's': "S"}

const kindWord = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' ELSE 'other' END`

func (s *session) listRelations(name string, args []string, _ Piece) error {
	kinds := ""
	for _, c := range []byte(name[1:]) {
		kinds += relkinds[c]
	}
	if kinds == "" {
		kinds = "rvS"
	}
	schema, rel := pattern(args)
	visible := "pg_table_is_visible(c.oid)"
	if schema != "" && len(args) > 0 {
		visible = "true"
	}
	if schema == "" || len(args) == 0 {
		schema = "%"
	}
	system := " AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'"
	if len(args) > 0 || strings.HasSuffix(name, "S") {
		system = ""
	}
	names := []string{"Schema", "Name", "Type", "Owner"}
	from, more := "", ""
	if strings.Contains(kinds, "i") {
		names = append(names, "Table")
		more = ", t.relname"
		from = " LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid"
	}
	return s.list("List of relations", names, `SELECT n.nspname, c.relname, `+kindWord+`, pg_get_userbyid(c.relowner)`+more+`
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`+from+`
		WHERE strpos($3::text, c.relkind::text) > 0 AND n.nspname LIKE $1 AND c.relname LIKE $2 AND `+visible+system+`
		ORDER BY 1, 2`, schema, rel, kinds)
}

func (s *session) listSchemas(_ string, args []string, _ Piece) error {
	_, name := pattern(args)
	return s.list("List of schemas", []string{"Name", "Owner"}, `SELECT n.nspname, pg_get_userbyid(n.nspowner) FROM pg_namespace n
		WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' AND n.nspname LIKE $1 ORDER BY 1`, name)
}

func (s *session) listRoles(_ string, args []string, _ Piece) error {
	_, name := pattern(args)
	return s.list("List of roles", []string{"Role name", "Attributes"}, `SELECT r.rolname,
		concat_ws(', ', CASE WHEN r.rolsuper THEN 'Superuser' END, CASE WHEN r.rolcreaterole THEN 'Create role' END, CASE WHEN r.rolcreatedb THEN 'Create DB' END,
		CASE WHEN NOT r.rolcanlogin THEN 'Cannot login' END, CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit::text || ' connections' END,
		CASE WHEN r.rolvaliduntil IS NOT NULL THEN 'Password valid until ' || r.rolvaliduntil::text END)
		FROM pg_roles r WHERE r.rolname !~ '^pg_' AND r.rolname LIKE $1 ORDER BY 1`, name)
}

func (s *session) listDatabases(_ string, args []string, _ Piece) error {
	_, name := pattern(args)
	return s.list("List of databases", []string{"Name", "Owner", "Encoding", "Collate", "Ctype"}, `SELECT d.datname, pg_get_userbyid(d.datdba),
		pg_encoding_to_char(d.encoding), d.datcollate, d.datctype FROM pg_database d WHERE d.datname LIKE $1 ORDER BY 1`, name)
}

func (s *session) listFunctions(_ string, args []string, _ Piece) error {
	schema, name := pattern(args)
	if schema == "" {
		schema = "%"
	}
	system := " AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'"
	if len(args) > 0 {
		system = ""
	}
	return s.list("List of functions", []string{"Schema", "Name", "Result data type", "Argument data types"}, `SELECT n.nspname, p.proname,
		pg_get_function_result(p.oid), pg_get_function_arguments(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname LIKE $1 AND p.proname LIKE $2`+system+` ORDER BY 1, 2, 4`, schema, name)
}

func (s *session) listTypes(_ string, args []string, _ Piece) error {
	schema, name := pattern(args)
	if schema == "" {
		schema = "%"
	}
	system := " AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'"
	if len(args) > 0 {
		system = ""
	}
	return s.list("List of data types", []string{"Schema", "Name"}, `SELECT n.nspname, format_type(t.oid, NULL) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
		WHERE t.typrelid = 0 AND t.typelem = 0 AND n.nspname LIKE $1 AND t.typname LIKE $2`+system+` ORDER BY 1, 2`, schema, name)
}

// describe is \d: the list without a name, one relation with it.
func (s *session) describe(name string, args []string, p Piece) error {
	if len(args) == 0 {
		return s.listRelations("dtvs", nil, p)
	}
	schema, rel := pattern(args)
	visible := "pg_table_is_visible(c.oid)"
	if schema != "" {
		visible = "true"
	} else {
		schema = "%"
	}
	found, err := s.rows(`SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname LIKE $1 AND c.relname LIKE $2 AND `+visible+` ORDER BY 2, 3`, schema, rel)
	if err != nil {
		return s.fail(err, "")
	}
	if len(found) == 0 {
		//lint:ignore ST1005 psql's sentence
		return s.fail(fmt.Errorf("Did not find any relation named \"%s\".", args[0]), "")
	}
	for _, f := range found {
		if err := s.describeOne(string(f[0]), string(f[1]), string(f[2]), string(f[3])); err != nil {
			return s.fail(err, "")
		}
	}
	return nil
}

var kindTitles = map[string]string{"r": "Table", "v": "View", "i": "Index", "S": "Sequence", "c": "Composite type"}

func (s *session) describeOne(oid, schema, name, kind string) error {
	cols, err := s.rows(`SELECT a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE '' END,
		CASE WHEN a.attidentity = 'a' THEN 'generated always as identity' WHEN a.attidentity = 'd' THEN 'generated by default as identity'
		WHEN a.attgenerated = 's' THEN 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored' ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), '') END
		FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, oid)
	if err != nil {
		return err
	}
	t := &table{title: fmt.Sprintf("%s \"%s.%s\"", kindTitles[kind], schema, name), names: []string{"Column", "Type", "Nullable", "Default"},
		right: make([]bool, 4), rows: cols, footer: []string{}}
	for _, part := range footers {
		rows, err := s.rows(part.sql, oid)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			t.footer = append(t.footer, part.title)
		}
		for _, r := range rows {
			t.footer = append(t.footer, "    "+string(r[0]))
		}
	}
	f := s.Format
	return f.print(s.out, t, nil)
}

// footers are what stands below a relation's columns.
var footers = []struct{ title, sql string }{
	{"Indexes:", `SELECT '"' || i.relname || '"' || CASE WHEN x.indisprimary THEN ' PRIMARY KEY,' WHEN x.indisunique AND con.oid IS NOT NULL THEN ' UNIQUE CONSTRAINT,'
		WHEN x.indisunique THEN ' UNIQUE,' ELSE '' END || ' ' || substr(pg_get_indexdef(i.oid), strpos(pg_get_indexdef(i.oid), 'USING ') + 6)
		FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_constraint con ON con.conindid = i.oid AND con.contype IN ('p', 'u')
		WHERE x.indrelid = $1::oid ORDER BY x.indisprimary DESC, i.relname`},
	{"Check constraints:", `SELECT '"' || conname || '" ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::oid AND contype = 'c' ORDER BY conname`},
	{"Foreign-key constraints:", `SELECT '"' || conname || '" ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::oid AND contype = 'f' ORDER BY conname`},
	{"Referenced by:", `SELECT 'TABLE "' || conrelid::regclass::text || '" CONSTRAINT "' || conname || '" ' || pg_get_constraintdef(oid)
		FROM pg_constraint WHERE confrelid = $1::oid AND contype = 'f' ORDER BY conname`},
}
