package catalog

import (
	"strings"

	"pgd/backend/types"
)

// Definitions are the SQL that would make an object, as pg_get_indexdef and its like print it. ok is false where there is no such object. Stored expressions
// are printed by show, which gets the relation they are over.

// ShowExpr prints a stored expression.
type ShowExpr func(text string, rel uint32) (string, error)

// relationName gives a relation's name, qualified where it has to be or always.
func (v *View) relationName(r *Relation, always bool) string {
	return v.qualify(r.Namespace, r.Name, !always && v.relationVisible(r))
}

// indexTable finds the table of an index and the index in it.
func (v *View) indexTable(oid uint32) (rel *Relation, x *Index, err error) {
	var table uint32
	err = v.c.q.Query(`SELECT indrelid FROM "pg_catalog.pg_index" WHERE indexrelid = ?`, []types.Value{value(oid)}, func(r []types.Value) error {
		table = uint32(r[0].I)
		return nil
	})
	if err != nil || table == 0 {
		return nil, nil, err
	}
	if rel, err = v.RelationByOID(table); rel == nil || err != nil {
		return nil, nil, err
	}
	for _, x := range rel.Indexes {
		if x.OID == oid {
			return rel, x, nil
		}
	}
	return nil, nil, nil
}

// IndexDef is pg_get_indexdef: the whole statement for column 0, or what one column is about. qualify names the table with its schema always.
func (v *View) IndexDef(oid uint32, column int, qualify bool, show ShowExpr) (def string, ok bool, err error) {
	rel, x, err := v.indexTable(oid)
	if x == nil || err != nil {
		return "", false, err
	}
	keys, err := v.indexColumns(rel, x, show)
	if err != nil {
		return "", false, err
	}
	if column != 0 {
		if column < 1 || column > len(keys) {
			return "", true, nil
		}
		return keys[column-1].text, true, nil
	}
	var b strings.Builder
	b.WriteString("CREATE ")
	if x.Unique {
		b.WriteString("UNIQUE ")
	}
	b.WriteString("INDEX " + QuoteIdent(x.Name) + " ON " + v.relationName(rel, qualify) + " USING btree (")
	for i, k := range keys {
		switch {
		case i == x.KeyCount:
			b.WriteString(") INCLUDE (")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(k.text + k.options)
	}
	b.WriteString(")")
	if x.NullsNotDistinct {
		b.WriteString(" NULLS NOT DISTINCT")
	}
	b.WriteString(v.storageOptions(x.OID))
	if x.Where != "" {
		text, err := show(x.Where, rel.OID)
		if err != nil {
			return "", false, err
		}
		b.WriteString(" WHERE " + text)
	}
	return b.String(), true, v.c.err
}

type indexKey struct{ text, options string }

// indexColumns gives each column's text and, apart, its collation, operator class and order.
func (v *View) indexColumns(rel *Relation, x *Index, show ShowExpr) ([]indexKey, error) {
	var collations, classes, kinds []uint32
	err := v.c.q.Query(`SELECT indcollation, indclass FROM "pg_catalog.pg_index" WHERE indexrelid = ?`, []types.Value{value(x.OID)}, func(r []types.Value) error {
		collations, classes = readNumbers[uint32](r[0]), readNumbers[uint32](r[1])
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = v.c.q.Query(`SELECT atttypid FROM "pg_catalog.pg_attribute" WHERE attrelid = ? ORDER BY attnum`, []types.Value{value(x.OID)}, func(r []types.Value) error {
		kinds = append(kinds, uint32(r[0].I))
		return nil
	})
	if err != nil {
		return nil, err
	}
	keys := make([]indexKey, len(x.Columns))
	expr := 0
	for i, n := range x.Columns {
		k := &keys[i]
		collation := uint32(0)
		if n > 0 {
			k.text, collation = QuoteIdent(rel.Columns[n-1].Name), rel.Columns[n-1].Collation
		} else {
			if expr < len(x.Exprs) {
				if k.text, err = show(x.Exprs[expr], rel.OID); err != nil {
					return nil, err
				}
				if !bareCall(k.text) {
					k.text = "(" + k.text + ")"
				}
			}
			expr++
			if i < len(kinds) {
				if t := v.Type(kinds[i]); t != nil {
					collation = t.Collation
				}
			}
		}
		if i >= x.KeyCount {
			continue
		}
		if i < len(collations) && collations[i] != 0 && collations[i] != collation {
			if name, ok := v.ObjectName("regcollation", collations[i]); ok {
				k.options += " COLLATE " + name
			}
		}
		kind := uint32(0) // of what is indexed, which the index may keep as another type
		switch {
		case n > 0:
			kind = rel.Columns[n-1].Type
		case i < len(kinds):
			kind = kinds[i]
		}
		if i < len(classes) && classes[i] != v.DefaultOpclass(kind) {
			k.options += v.opclassName(classes[i])
		}
		switch {
		case x.Desc[i] && !x.NullsFirst[i]:
			k.options += " DESC NULLS LAST"
		case x.Desc[i]:
			k.options += " DESC"
		case x.NullsFirst[i]:
			k.options += " NULLS FIRST"
		}
	}
	return keys, nil
}

// bareCall tells whether an expression is one function call, which needs no parentheses in an index.
func bareCall(s string) bool {
	i := strings.IndexByte(s, '(')
	return i > 0 && callBefore(s[:i]) && closing(s, i) == len(s) && !strings.ContainsAny(s[:i], " ")
}

func (v *View) opclassName(oid uint32) (name string) {
	v.one(`SELECT opcname FROM "pg_catalog.pg_opclass" WHERE oid = ?`, []types.Value{value(oid)}, func(r []types.Value) { name = " " + QuoteIdent(string(r[0].B)) })
	return name
}

// storageOptions gives WITH (…) of a relation, "" for none.
func (v *View) storageOptions(oid uint32) (s string) {
	v.one(`SELECT reloptions FROM "pg_catalog.pg_class" WHERE oid = ?`, []types.Value{value(oid)}, func(r []types.Value) {
		var out []string
		for _, o := range readTexts(r[0]) {
			name, val, _ := strings.Cut(o, "=")
			out = append(out, QuoteIdent(name)+"='"+strings.ReplaceAll(val, "'", "''")+"'")
		}
		if len(out) > 0 {
			s = " WITH (" + strings.Join(out, ", ") + ")"
		}
	})
	return s
}

// foreignActions are the words for confupdtype and confdeltype.
var foreignActions = map[byte]string{'r': "RESTRICT", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT"}

// ConstraintDef is pg_get_constraintdef.
func (v *View) ConstraintDef(oid uint32, show ShowExpr) (def string, ok bool, err error) {
	var table uint32
	var domain, noInherit, notValid bool
	var check string
	var setColumns []int16
	err = v.c.q.Query(`SELECT conrelid, contypid, conbin, connoinherit, confdelsetcols, convalidated FROM "pg_catalog.pg_constraint" WHERE oid = ?`, []types.Value{value(oid)},
		func(r []types.Value) error {
			ok, table, domain, check, noInherit, notValid = true, uint32(r[0].I), r[1].I != 0, string(r[2].B), r[3].Bool(), !r[5].Bool()
			setColumns = readNumbers[int16](r[4])
			return nil
		})
	if err != nil || !ok {
		return "", false, err
	}
	if domain {
		check, err = show(check, 0)
		def = "CHECK (" + check + ")"
		if notValid {
			def += " NOT VALID"
		}
		return def, true, err
	}
	rel, err := v.RelationByOID(table)
	if rel == nil || err != nil {
		return "", false, err
	}
	for _, c := range rel.Constraints {
		if c.OID == oid {
			def, err = v.constraintText(rel, c, setColumns, noInherit, show)
			if notValid && err == nil {
				def += " NOT VALID"
			}
			return def, true, err
		}
	}
	return "", false, nil
}

func (v *View) constraintText(rel *Relation, c *Constraint, setColumns []int16, noInherit bool, show ShowExpr) (string, error) {
	var b strings.Builder
	switch c.Kind {
	case 'c':
		text, err := show(c.Check, rel.OID)
		if err != nil {
			return "", err
		}
		b.WriteString("CHECK (" + text + ")")
		if noInherit {
			b.WriteString(" NO INHERIT")
		}
	case 'f':
		ref, err := v.RelationByOID(c.Ref)
		if ref == nil || err != nil {
			return "", err
		}
		b.WriteString("FOREIGN KEY (" + columnNames(rel, c.Columns) + ") REFERENCES " + v.relationName(ref, false) + "(" + columnNames(ref, c.RefColumns) + ")")
		if c.Match == 'f' {
			b.WriteString(" MATCH FULL")
		}
		if a := foreignActions[c.OnUpdate]; a != "" {
			b.WriteString(" ON UPDATE " + a)
		}
		if a := foreignActions[c.OnDelete]; a != "" {
			b.WriteString(" ON DELETE " + a)
			if len(setColumns) > 0 {
				b.WriteString(" (" + columnNames(rel, setColumns) + ")")
			}
		}
	case 'p', 'u':
		word := "UNIQUE "
		if c.Kind == 'p' {
			word = "PRIMARY KEY "
		}
		include := ""
		for _, x := range rel.Indexes {
			if x.OID == c.Index {
				if x.NullsNotDistinct {
					word += "NULLS NOT DISTINCT "
				}
				if len(x.Columns) > x.KeyCount {
					include = " INCLUDE (" + columnNames(rel, x.Columns[x.KeyCount:]) + ")"
				}
			}
		}
		b.WriteString(word + "(" + columnNames(rel, c.Columns) + ")" + include)
	}
	if c.Deferrable {
		b.WriteString(" DEFERRABLE")
	}
	if c.Deferred {
		b.WriteString(" INITIALLY DEFERRED")
	}
	return b.String(), nil
}

func columnNames(rel *Relation, cols []int16) string {
	var names []string
	for _, n := range cols {
		if int(n) >= 1 && int(n) <= len(rel.Columns) {
			names = append(names, QuoteIdent(rel.Columns[n-1].Name))
		}
	}
	return strings.Join(names, ", ")
}

// ViewDef is pg_get_viewdef: the stored definition with PostgreSQL's leading space and closing semicolon.
func (v *View) ViewDef(oid uint32) (def string, ok bool, err error) {
	r, err := v.RelationByOID(oid)
	if r == nil || err != nil || r.Kind != 'v' {
		return "", false, err
	}
	def = strings.TrimSuffix(strings.TrimSpace(r.View), ";")
	return " " + def + ";", true, nil
}
