package functions

import (
	"pgd/backend/catalog/builtin"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Deparser is what Env offers besides, where it can: stored expressions and queries printed as the session's search path shows names.
type Deparser interface {
	DeparseExpr(text string, rel uint32) (string, error)
	DeparseQuery(text string) (string, error)
}

// definitionRows print definitions of catalog objects.
func definitionRows() []Row {
	expr := func(c *Call, a []types.Value) (types.Value, error) {
		s, err := shownExpr(c, string(a[0].B), uint32(a[1].I))
		return types.StringValue(s), err
	}
	constraint := func(c *Call, a []types.Value) (types.Value, error) { return constraintDef(c, a[0]) }
	index := func(c *Call, a []types.Value) (types.Value, error) { return indexDef(c, a[0], 0) }
	view := func(c *Call, a []types.Value) (types.Value, error) { return viewDef(c, a[0]) }
	viewByName := func(c *Call, a []types.Value) (types.Value, error) {
		oid, err := c.Env.Catalog().ObjectOID("regclass", string(a[0].B))
		if err != nil {
			return null, err
		}
		return viewDef(c, types.IntValue(int64(oid)))
	}
	none := func(*Call, []types.Value) (types.Value, error) { return null, nil }
	return []Row{
		{Sig: "pg_get_expr(pg_node_tree,oid)", Scalar: expr},
		{Sig: "pg_get_expr(pg_node_tree,oid,boolean)", Scalar: expr},
		{Sig: "pg_get_constraintdef(oid)", Scalar: constraint},
		{Sig: "pg_get_constraintdef(oid,boolean)", Scalar: constraint},
		{Sig: "pg_get_indexdef(oid)", Scalar: index},
		{Sig: "pg_get_indexdef(oid,integer,boolean)", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return indexDef(c, a[0], int(a[1].I)) }},
		{Sig: "pg_get_viewdef(oid)", Scalar: view},
		{Sig: "pg_get_viewdef(oid,boolean)", Scalar: view},
		{Sig: "pg_get_viewdef(oid,integer)", Scalar: view},
		{Sig: "pg_get_viewdef(text)", Scalar: viewByName},
		{Sig: "pg_get_viewdef(text,boolean)", Scalar: viewByName},
		{Sig: "pg_get_serial_sequence(text,text)", Scalar: serialSequence},
		{Sig: "pg_get_partkeydef(oid)", Scalar: none},
		{Sig: "pg_get_statisticsobjdef_columns(oid)", Scalar: none},
		{Sig: "pg_get_replica_identity_index(regclass)", Scalar: none},
		{Sig: "pg_relation_is_publishable(regclass)", SQL: "($1 >= 16384)"},
	}
}

func shownExpr(c *Call, text string, rel uint32) (string, error) {
	if d, ok := c.Env.(Deparser); ok {
		return d.DeparseExpr(text, rel)
	}
	return text, nil
}

func viewDef(c *Call, oid types.Value) (types.Value, error) {
	text, err := oneText(c, `SELECT ev_action FROM "pg_catalog.pg_rewrite" WHERE ev_class = ?1 AND rulename = '_RETURN'`, oid)
	if err != nil || text.IsNull() {
		return null, err
	}
	if d, ok := c.Env.(Deparser); ok {
		s, err := d.DeparseQuery(string(text.B))
		return types.StringValue(s + ";"), err
	}
	return types.StringValue(string(text.B) + ";"), nil
}

// relationColumns gives the quoted names of a relation's columns by attnum.
func relationColumns(c *Call, rel int64) (map[int64]string, error) {
	out := map[int64]string{}
	err := c.Env.Catalog().Query(`SELECT attnum, attname FROM "pg_catalog.pg_attribute" WHERE attrelid = ?1`, []types.Value{types.IntValue(rel)},
		func(r []types.Value) error {
			out[r[0].I] = builtin.QuoteIdent(string(r[1].B))
			return nil
		})
	return out, err
}

// listOf joins the names of an array's or vector's attnums.
func listOf(names map[int64]string, attnums types.Value) (string, error) {
	var parts []string
	err := types.EachElement(attnums, func(e types.Value) bool {
		parts = append(parts, names[e.I])
		return true
	})
	return strings.Join(parts, ", "), err
}

var foreignActions = map[string]string{"a": "", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

// constraintDef is pg_get_constraintdef.
func constraintDef(c *Call, oid types.Value) (types.Value, error) {
	var kind, check, onUpdate, onDelete, match string
	var rel, ref int64
	var index, key, refKey types.Value
	var deferrable, deferred, valid, found bool
	err := c.Env.Catalog().Query(`SELECT contype, conrelid, conindid, confrelid, conkey, confkey, confupdtype, confdeltype, confmatchtype, condeferrable,
		condeferred, convalidated, conbin FROM "pg_catalog.pg_constraint" WHERE oid = ?1`, []types.Value{oid}, func(r []types.Value) error {
		found = true
		kind, rel, index, ref, key, refKey = string(r[0].B), r[1].I, r[2].Clone(), r[3].I, r[4].Clone(), r[5].Clone()
		onUpdate, onDelete, match = string(r[6].B), string(r[7].B), string(r[8].B)
		deferrable, deferred, valid, check = r[9].Bool(), r[10].Bool(), r[11].Bool(), string(r[12].B)
		return nil
	})
	if err != nil || !found {
		return null, err
	}
	names, err := relationColumns(c, rel)
	if err != nil {
		return null, err
	}
	var b strings.Builder
	switch kind {
	case "c":
		text, err := shownExpr(c, check, uint32(rel))
		if err != nil {
			return null, err
		}
		b.WriteString("CHECK (" + text + ")")
	case "p", "u":
		cols, err := listOf(names, key)
		if err != nil {
			return null, err
		}
		b.WriteString(map[string]string{"p": "PRIMARY KEY (", "u": "UNIQUE ("}[kind] + cols + ")")
		include, err := includedColumns(c, index, names)
		if err != nil {
			return null, err
		}
		b.WriteString(include)
	case "f":
		cols, err := listOf(names, key)
		if err != nil {
			return null, err
		}
		refNames, err := relationColumns(c, ref)
		if err != nil {
			return null, err
		}
		refCols, err := listOf(refNames, refKey)
		if err != nil {
			return null, err
		}
		b.WriteString("FOREIGN KEY (" + cols + ") REFERENCES " + relationName(c, uint32(ref)) + "(" + refCols + ")")
		if match == "f" {
			b.WriteString(" MATCH FULL")
		}
		if a := foreignActions[onUpdate]; a != "" {
			b.WriteString(" ON UPDATE " + a)
		}
		if a := foreignActions[onDelete]; a != "" {
			b.WriteString(" ON DELETE " + a)
		}
	default:
		return null, pgerr.New(pgerr.FeatureNotSupported, "definitions of constraints of this kind are not supported")
	}
	if deferrable {
		b.WriteString(" DEFERRABLE")
	}
	if deferred {
		b.WriteString(" INITIALLY DEFERRED")
	}
	if !valid {
		b.WriteString(" NOT VALID")
	}
	return types.StringValue(b.String()), nil
}

func includedColumns(c *Call, index types.Value, names map[int64]string) (string, error) {
	var keys int64
	var key types.Value
	err := c.Env.Catalog().Query(`SELECT indnkeyatts, indkey FROM "pg_catalog.pg_index" WHERE indexrelid = ?1`, []types.Value{index}, func(r []types.Value) error {
		keys, key = r[0].I, r[1].Clone()
		return nil
	})
	if err != nil || key.IsNull() {
		return "", err
	}
	var parts []string
	n := int64(0)
	err = types.EachElement(key, func(e types.Value) bool {
		if n++; n > keys {
			parts = append(parts, names[e.I])
		}
		return true
	})
	if err != nil || len(parts) == 0 {
		return "", err
	}
	return " INCLUDE (" + strings.Join(parts, ", ") + ")", nil
}

// indexDef is pg_get_indexdef; column > 0 asks for that column alone.
func indexDef(c *Call, oid types.Value, column int) (types.Value, error) {
	var name, table, schema, exprs, where, method string
	var rel, keys int64
	var unique, found bool
	var key, options types.Value
	err := c.Env.Catalog().Query(`SELECT i.relname, t.relname, n.nspname, x.indrelid, x.indnkeyatts, x.indisunique, x.indkey, x.indoption, coalesce(x.indexprs, ''),
		coalesce(x.indpred, ''), coalesce(a.amname, 'btree') FROM "pg_catalog.pg_index" x JOIN "pg_catalog.pg_class" i ON i.oid = x.indexrelid
		JOIN "pg_catalog.pg_class" t ON t.oid = x.indrelid JOIN "pg_catalog.pg_namespace" n ON n.oid = t.relnamespace
		LEFT JOIN "pg_catalog.pg_am" a ON a.oid = i.relam WHERE x.indexrelid = ?1`, []types.Value{oid}, func(r []types.Value) error {
		found = true
		name, table, schema, rel, keys, unique = string(r[0].B), string(r[1].B), string(r[2].B), r[3].I, r[4].I, r[5].Bool()
		key, options, exprs, where, method = r[6].Clone(), r[7].Clone(), string(r[8].B), string(r[9].B), string(r[10].B)
		return nil
	})
	if err != nil || !found {
		return null, err
	}
	names, err := relationColumns(c, rel)
	if err != nil {
		return null, err
	}
	cols, include, err := indexColumns(c, names, rel, key, options, exprs, int(keys), column > 0)
	if err != nil {
		return null, err
	}
	if column > 0 {
		if all := append(cols, include...); column <= len(all) {
			return types.StringValue(all[column-1]), nil
		}
		return types.StringValue(""), nil
	}
	var b strings.Builder
	b.WriteString("CREATE ")
	if unique {
		b.WriteString("UNIQUE ")
	}
	b.WriteString("INDEX " + builtin.QuoteIdent(name) + " ON " + builtin.QuoteIdent(schema) + "." + builtin.QuoteIdent(table) + " USING " + method + " (" + strings.Join(cols, ", ") + ")")
	if len(include) > 0 {
		b.WriteString(" INCLUDE (" + strings.Join(include, ", ") + ")")
	}
	if where != "" {
		text, err := shownExpr(c, where, uint32(rel))
		if err != nil {
			return null, err
		}
		b.WriteString(" WHERE " + text)
	}
	return types.StringValue(b.String()), nil
}

// indexColumns prints an index's columns: a name, or an expression in brackets unless it is a plain call; then its direction.
func indexColumns(c *Call, names map[int64]string, rel int64, key, options types.Value, exprs string, keys int, bare bool) (cols, include []string, err error) {
	texts := splitExprs(exprs)
	var opts []int64
	if err := types.EachElement(options, func(e types.Value) bool { opts = append(opts, e.I); return true }); err != nil {
		return nil, nil, err
	}
	i := 0
	var failed error
	err = types.EachElement(key, func(e types.Value) bool {
		s := names[e.I]
		if e.I == 0 && len(texts) > 0 {
			s, failed = shownExpr(c, texts[0], uint32(rel))
			texts = texts[1:]
			if !plainCall(s) && !strings.HasPrefix(s, "(") {
				s = "(" + s + ")"
			}
		}
		if i < keys {
			if o := int64(0); i < len(opts) && !bare {
				o = opts[i]
				switch o & 3 {
				case 1:
					s += " DESC NULLS LAST"
				case 2:
					s += " NULLS FIRST"
				case 3:
					s += " DESC"
				}
			}
			cols = append(cols, s)
		} else {
			include = append(include, s)
		}
		i++
		return failed == nil
	})
	if failed != nil {
		err = failed
	}
	return cols, include, err
}

// plainCall tells whether an expression is name(…) and nothing more.
func plainCall(s string) bool {
	open := strings.IndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") {
		return false
	}
	for _, c := range s[:open] {
		if c != '_' && c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	depth := 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 && i < len(s)-1 {
				return false
			}
		}
	}
	return true
}

// splitExprs parts a list of expressions at the commas outside of brackets and quotes.
func splitExprs(s string) []string {
	var out []string
	depth, start := 0, 0
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(s[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// serialSequence is pg_get_serial_sequence: the sequence a column owns.
func serialSequence(c *Call, a []types.Value) (types.Value, error) {
	rel, err := c.Env.Catalog().ObjectOID("regclass", string(a[0].B))
	if err != nil {
		return null, err
	}
	n, err := oneText(c, `SELECT attnum FROM "pg_catalog.pg_attribute" WHERE attrelid = ?1 AND attname = ?2 AND NOT attisdropped`, types.IntValue(int64(rel)), a[1])
	if err != nil {
		return null, err
	}
	if n.IsNull() {
		return null, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", a[1].B, relationName(c, rel))
	}
	out := null
	err = c.Env.Catalog().Query(`SELECT n.nspname, s.relname FROM "pg_catalog.pg_depend" d JOIN "pg_catalog.pg_class" s ON s.oid = d.objid
		JOIN "pg_catalog.pg_namespace" n ON n.oid = s.relnamespace WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.refobjid = ?1 AND d.refobjsubid = ?2
		AND d.deptype IN ('a', 'i') AND s.relkind = 'S'`, []types.Value{types.IntValue(int64(rel)), n}, func(r []types.Value) error {
		out = types.StringValue(builtin.QuoteIdent(string(r[0].B)) + "." + builtin.QuoteIdent(string(r[1].B)))
		return nil
	})
	return out, err
}
