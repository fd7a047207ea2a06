package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// addConstraints writes the constraints of a table to the catalog, in the order PostgreSQL makes them: checks, then keys (the primary one
// first), then foreign keys. SQLite's side is the caller's. It gives the relation as it is afterwards.
func (e *Env) addConstraints(rel *catalog.Relation, list []*constraint) (*catalog.Relation, error) {
	steps := []struct {
		kind parse.ConstrType
		add  func(*catalog.Relation, *constraint) error
	}{
		{parse.ConstrType_CONSTR_CHECK, e.addCheck},
		{parse.ConstrType_CONSTR_PRIMARY, e.addKey},
		{parse.ConstrType_CONSTR_UNIQUE, e.addKey},
		{parse.ConstrType_CONSTR_FOREIGN, e.addForeignKey},
	}
	for _, s := range steps {
		for _, k := range list {
			if k.kind != s.kind {
				continue
			}
			if err := s.add(rel, k); err != nil {
				return nil, err
			}
			var err error
			if rel, err = e.reload(rel.OID); err != nil {
				return nil, err
			}
		}
	}
	return rel, nil
}

// constraintName gives the name of a new constraint: the one given, which must be free on the table, or one made.
func (e *Env) constraintName(rel *catalog.Relation, given, middle, label string) (string, error) {
	on := func(name string) bool {
		for _, k := range rel.Constraints {
			if k.Name == name {
				return true
			}
		}
		return false
	}
	if given != "" {
		if on(given) {
			return "", pgerr.New(pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", given, rel.Name)
		}
		return given, nil
	}
	return freeName(rel.Name, middle, label, func(name string) (bool, error) {
		if on(name) {
			return true, nil
		}
		return e.constraintExists(rel.Namespace, name)
	})
}

func (e *Env) constraintExists(namespace uint32, name string) (found bool, err error) {
	err = e.DB.Query(`SELECT 1 FROM "pg_catalog.pg_constraint" WHERE conname = ?1 AND connamespace = ?2`,
		[]types.Value{types.StringValue(name), types.IntValue(int64(namespace))}, func([]types.Value) error {
			found = true
			return nil
		})
	return found, err
}

func (e *Env) addCheck(rel *catalog.Relation, k *constraint) error {
	text, cols := k.checkSQL, []int16(nil)
	n := k.check
	if n == nil {
		var err error
		if n, err = parseExpr(text); err != nil {
			return err
		}
	}
	x, err := e.tableExprOf(n, rel, analyze.KindCheck, types.BoolOID, -1)
	if err != nil {
		return err
	}
	cols = columnsOf(x)
	if text == "" {
		if text, err = e.deparse(rel, x); err != nil {
			return err
		}
	}
	middle := ""
	if len(cols) == 1 {
		middle = rel.Columns[cols[0]-1].Name
	}
	name, err := e.constraintName(rel, k.name, middle, "check")
	if err != nil {
		return err
	}
	oid, err := e.writer().CreateConstraint(catalog.NewConstraint{Name: name, Namespace: rel.Namespace, Relation: rel.OID, Kind: 'c', Columns: cols,
		Check: text, NotValid: k.notValid, NoInherit: k.noInherit})
	if err != nil {
		return err
	}
	return e.dependOn(catalog.Address{Class: catalog.ClassConstraint, OID: oid}, rel.OID, analyze.UsesOf(x, rel))
}

// columnsOf gives the numbers of the columns an expression over one table reads, each once, in order of appearance.
func columnsOf(x analyze.Expr) []int16 {
	var out []int16
	seen := map[int]bool{}
	analyze.Walk(x, func(x analyze.Expr) bool {
		if v, ok := x.(*analyze.Var); ok && v.Col >= 0 && !seen[v.Col] {
			seen[v.Col] = true
			out = append(out, int16(v.Col+1))
		}
		return true
	})
	return out
}

// attnums finds columns by name.
func attnums(rel *catalog.Relation, names []string, missing func(name string) error) ([]int16, error) {
	var out []int16
	for _, name := range names {
		c := findColumn(rel, name)
		if c == nil {
			return nil, missing(name)
		}
		out = append(out, c.Attnum)
	}
	return out, nil
}

func findColumn(rel *catalog.Relation, name string) *catalog.Column {
	for i := range rel.Columns {
		if c := &rel.Columns[i]; !c.Dropped && c.Name == name {
			return c
		}
	}
	return nil
}

// addKey makes a PRIMARY KEY or UNIQUE constraint with its index.
func (e *Env) addKey(rel *catalog.Relation, k *constraint) error {
	if k.index != "" {
		return e.keyOfIndex(rel, k)
	}
	if k.deferrable {
		return pgerr.Unsupported(k.loc, "deferrable unique constraints are not supported")
	}
	primary := k.kind == parse.ConstrType_CONSTR_PRIMARY
	kind, middle, label := byte('u'), columnsName(k.columns), "key"
	if primary {
		kind, middle, label = 'p', "", "pkey"
		for _, old := range rel.Constraints {
			if old.Kind == 'p' {
				return pgerr.New(pgerr.InvalidTableDefinition, "multiple primary keys for table \"%s\" are not allowed", rel.Name).At(k.loc)
			}
		}
	}
	missing := func(name string) error {
		if primary && k.altering {
			return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
		}
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" named in key does not exist", name).At(k.loc)
	}
	cols, err := attnums(rel, k.columns, missing)
	if err != nil {
		return err
	}
	for i, c := range k.columns {
		for _, d := range k.columns[:i] {
			if c == d {
				what := "unique"
				if primary {
					what = "primary key"
				}
				return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" appears twice in %s constraint", c, what).At(k.loc)
			}
		}
	}
	include, err := attnums(rel, k.include, missing)
	if err != nil {
		return err
	}
	if primary {
		for _, n := range cols {
			if err := e.writer().SetColumn(rel.OID, n, "attnotnull", true); err != nil {
				return err
			}
		}
	}
	name := k.name
	if name == "" {
		name, err = freeName(rel.Name, middle, label, func(s string) (bool, error) { return e.nameTaken(rel, s) })
	} else if _, err = e.relationTaken(rel.Schema, name, false); err == nil {
		_, err = e.constraintName(rel, name, "", "")
	}
	if err != nil {
		return err
	}
	ix, err := e.storeIndex(rel, indexDef{name: name, columns: plainColumns(cols), include: include, unique: true, primary: primary, constraint: true, notDistinct: k.nullsNotDistinct}, k.loc)
	if err != nil {
		return err
	}
	_, err = e.writer().CreateConstraint(catalog.NewConstraint{Name: name, Namespace: rel.Namespace, Relation: rel.OID, Kind: kind, Columns: cols, Index: ix})
	return err
}

// nameTaken tells whether a relation or a constraint of that name is in the table's schema.
func (e *Env) nameTaken(rel *catalog.Relation, name string) (bool, error) {
	r, err := e.Catalog.Relation(rel.Schema, name)
	if err != nil || r != nil {
		return r != nil, err
	}
	return e.constraintExists(rel.Namespace, name)
}
