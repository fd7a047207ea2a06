package catalog

import (
	"strconv"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

func itoa(n int) string { return strconv.Itoa(n) }

// relationKinds are the words of descriptions and messages for pg_class.relkind.
var relationKinds = map[byte]string{'r': "table", 'p': "table", 'v': "view", 'm': "materialized view", 'i': "index", 'I': "index", 'S': "sequence",
	'c': "composite type", 'f': "foreign table", 't': "toast table"}

// RelationKind gives the word for a pg_class.relkind: "table", "view", "index" ….
func RelationKind(kind byte) string { return relationKinds[kind] }

// Describe says what an object is as messages about dependencies do: "table t", "constraint t_pkey on table t", "column a of table t".
// Names outside of public and pg_catalog carry their schema.
func (w *Writer) Describe(a Address) (string, error) { return describe(w.s, a) }

// Describe is Writer.Describe for those who only read; "" for what does not exist.
func (v *View) Describe(a Address) (string, error) { return describe(v.c.q, a) }

func describe(w Querier, a Address) (string, error) {
	var s string
	take := func(r []types.Value) error { s = string(r[0].B); return nil }
	switch a.Class {
	case ClassRelation:
		rel, err := describeRelation(w, a.OID)
		if err != nil || a.Sub == 0 {
			return rel, err
		}
		err = w.Query("SELECT attname FROM "+table("pg_attribute")+" WHERE attrelid = ? AND attnum = ?", []types.Value{value(a.OID), value(a.Sub)}, take)
		return "column " + s + " of " + rel, err
	case ClassType:
		t := builtin.TypeByOID(a.OID)
		if t != nil {
			return "type " + t.Name, nil
		}
		err := w.Query("SELECT nspname, t.typname, t.typelem <> 0 AND t.typcategory = 'A', e.typname FROM "+table("pg_type")+" t JOIN "+table("pg_namespace")+
			" n ON n.oid = t.typnamespace LEFT JOIN "+table("pg_type")+" e ON e.oid = t.typelem WHERE t.oid = ?",
			[]types.Value{value(a.OID)}, func(r []types.Value) error {
				name := string(r[1].B)
				if r[2].I != 0 {
					s = qualified(string(r[0].B), string(r[3].B)) + "[]"
					return nil
				}
				s = qualified(string(r[0].B), name)
				return nil
			})
		return "type " + s, err
	case ClassConstraint:
		var rel uint32
		err := w.Query("SELECT conname, conrelid FROM "+table("pg_constraint")+" WHERE oid = ?", []types.Value{value(a.OID)}, func(r []types.Value) error {
			s, rel = string(r[0].B), uint32(r[1].I)
			return nil
		})
		if err != nil || rel == 0 {
			return "constraint " + s, err
		}
		on, err := describeRelation(w, rel)
		return "constraint " + s + " on " + on, err
	case ClassAttrdef:
		var of Address
		err := w.Query("SELECT adrelid, adnum FROM "+table("pg_attrdef")+" WHERE oid = ?", []types.Value{value(a.OID)}, func(r []types.Value) error {
			of = Address{ClassRelation, uint32(r[0].I), int32(r[1].I)}
			return nil
		})
		if err != nil {
			return "", err
		}
		col, err := describe(w, of)
		return "default value for " + col, err
	case ClassRewrite:
		var view uint32
		err := w.Query("SELECT rulename, ev_class FROM "+table("pg_rewrite")+" WHERE oid = ?", []types.Value{value(a.OID)}, func(r []types.Value) error {
			s, view = string(r[0].B), uint32(r[1].I)
			return nil
		})
		if err != nil {
			return "", err
		}
		on, err := describeRelation(w, view)
		return "rule " + s + " on " + on, err
	}
	for _, k := range []struct {
		class               uint32
		word, table, column string
	}{
		{ClassNamespace, "schema", "pg_namespace", "nspname"}, {ClassProc, "function", "pg_proc", "proname"}, {ClassOperator, "operator", "pg_operator", "oprname"},
		{ClassCollation, "collation", "pg_collation", "collname"}, {ClassLanguage, "language", "pg_language", "lanname"},
		{ClassExtension, "extension", "pg_extension", "extname"}, {ClassTrigger, "trigger", "pg_trigger", "tgname"}, {ClassPolicy, "policy", "pg_policy", "polname"},
	} {
		if k.class == a.Class {
			err := w.Query("SELECT "+k.column+" FROM "+table(k.table)+" WHERE oid = ?", []types.Value{value(a.OID)}, take)
			return k.word + " " + s, err
		}
	}
	return "object " + itoa(int(a.OID)), nil
}

func describeRelation(w Querier, oid uint32) (s string, err error) {
	err = w.Query("SELECT nspname, relname, relkind FROM "+table("pg_class")+" c JOIN "+table("pg_namespace")+" n ON n.oid = relnamespace WHERE c.oid = ?",
		[]types.Value{value(oid)}, func(r []types.Value) error {
			s = qualified(string(r[0].B), string(r[1].B))
			if len(r[2].B) == 1 {
				s = relationKinds[r[2].B[0]] + " " + s
			}
			return nil
		})
	return s, err
}

// qualified leaves the schema away where an ordinary search path shows the name.
func qualified(schema, name string) string {
	if schema == "public" || schema == "pg_catalog" {
		return QuoteIdent(name)
	}
	return QuoteIdent(schema) + "." + QuoteIdent(name)
}
