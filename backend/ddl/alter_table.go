package ddl

import (
	"sort"
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// alteration is one ALTER TABLE at work. The actions change the catalog one after another; SQLite's table is brought to the result once,
// at the end.
type alteration struct {
	*Env
	old            *catalog.Relation // before the statement
	rel            *catalog.Relation // now
	exprs          map[int16]string  // new values of columns, over the old table
	using          map[*parse.AlterTableCmd]*retyping
	physical       bool     // SQLite's table changes
	checkNull      []int16  // columns that have become NOT NULL
	newConstraints []string // names of constraints whose rows are to be checked
	recheck        []foreignKey
}

// foreignKey names a foreign key to look at when all is done.
type foreignKey struct{ table, constraint uint32 }

// alterTags are the command tags, and the kinds of relation, of ALTER … statements of this form.
var alterTags = map[parse.ObjectType]struct{ tag, kinds, word string }{
	parse.ObjectType_OBJECT_TABLE:    {"ALTER TABLE", "rvmSi", "table"},
	parse.ObjectType_OBJECT_INDEX:    {"ALTER INDEX", "i", "index"},
	parse.ObjectType_OBJECT_VIEW:     {"ALTER VIEW", "v", "view"},
	parse.ObjectType_OBJECT_SEQUENCE: {"ALTER SEQUENCE", "S", "sequence"},
	parse.ObjectType_OBJECT_MATVIEW:  {"ALTER MATERIALIZED VIEW", "m", "materialized view"},
}

// alterTable carries out ALTER TABLE and what is written like it for indexes, views and sequences.
func (e *Env) alterTable(n *parse.AlterTableStmt) (string, error) {
	if n.Objtype == parse.ObjectType_OBJECT_TYPE {
		return e.alterComposite(n)
	}
	k, ok := alterTags[n.Objtype]
	if !ok {
		return "", pgerr.Unsupported(n.Relation.Location, "ALTER of this kind of object is not supported")
	}
	rel, err := e.lookup(n.Relation)
	if err != nil {
		return k.tag, err
	}
	if rel == nil {
		if n.MissingOk {
			e.skip(pgerr.SuccessfulCompletion, "relation \"%s\" does not exist", n.Relation.Relname)
			return k.tag, nil
		}
		return k.tag, undefinedRelation(n.Relation)
	}
	if err := e.mustOwn(rel); err != nil {
		return k.tag, err
	}
	if !strings.ContainsRune(k.kinds, rune(rel.Kind)) {
		return k.tag, wrongKind(rel, k.word)
	}
	a := &alteration{Env: e, old: rel, rel: rel, exprs: map[int16]string{}, using: map[*parse.AlterTableCmd]*retyping{}}
	cmds := make([]*parse.AlterTableCmd, 0, len(n.Cmds))
	for _, node := range n.Cmds {
		c := node.(*parse.AlterTableCmd)
		act, ok := alterActions[c.Subtype]
		if !ok {
			return k.tag, pgerr.Unsupported(n.Relation.Location, "this form of ALTER TABLE is not supported")
		}
		if strings.IndexByte(act.kinds, rel.Kind) < 0 {
			return k.tag, pgerr.New(pgerr.WrongObjectType, "ALTER action %s cannot be performed on relation \"%s\"", act.called(c), rel.Name).
				WithDetail("This operation is not supported for %s.", kindsOf(rel.Kind))
		}
		if c.Subtype == parse.AlterTableType_AT_AlterColumnType {
			if err := a.prepareType(c); err != nil {
				return k.tag, err
			}
		}
		cmds = append(cmds, c)
	}
	sort.SliceStable(cmds, func(i, j int) bool { return alterActions[cmds[i].Subtype].pass < alterActions[cmds[j].Subtype].pass })
	for _, c := range cmds {
		if err := alterActions[c.Subtype].run(a, c); err != nil {
			return k.tag, err
		}
		if a.rel, err = e.reload(rel.OID); err != nil {
			return k.tag, err
		}
	}
	return k.tag, a.finish()
}

// finish brings SQLite's table to the form the catalog has now, and checks what its rows must now fulfil.
func (a *alteration) finish() error {
	if a.physical {
		if err := a.validate(); err != nil {
			return err
		}
		had := map[uint32]bool{}
		for _, ix := range a.old.Indexes {
			had[ix.OID] = true
		}
		rebuilt := len(a.exprs) > 0 || a.old.RowidColumn != a.rel.RowidColumn || !sameStorage(a.Env, a.old, a.rel)
		if err := a.rewrite(a.old, a.rel, a.exprs); err != nil {
			return err
		}
		for _, ix := range a.rel.Indexes {
			if !rebuilt && !had[ix.OID] {
				if err := a.buildIndex(a.rel, ix); err != nil {
					return err
				}
			}
		}
		if err := a.recheckForeignKeys(); err != nil {
			return err
		}
		for _, name := range a.newConstraints {
			for _, k := range a.rel.Constraints {
				if k.Name == name && k.Kind == 'f' && k.Valid {
					if err := a.validateForeignKey(a.rel, k); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// recheckForeignKeys looks whether converted rows still have what they refer to.
func (a *alteration) recheckForeignKeys() error {
	for _, f := range a.recheck {
		rel, err := a.Catalog.RelationByOID(f.table)
		if err != nil || rel == nil {
			return err
		}
		for _, k := range rel.Constraints {
			if k.OID == f.constraint && k.Valid {
				if err := a.validateForeignKey(rel, k); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// validate checks the rows there are against the NOT NULLs and CHECKs that are new. Rows that are copied are checked by the copy.
func (a *alteration) validate() error {
	for _, n := range a.checkNull {
		if int(n) > len(a.old.Columns) || a.exprs[n] != "" {
			continue
		}
		c := &a.rel.Columns[n-1]
		err := a.DB.Query("SELECT 1 FROM "+a.old.Physical+" WHERE "+a.old.Columns[n-1].Physical+" IS NULL LIMIT 1", nil, func([]value) error {
			return pgerr.New(pgerr.NotNullViolation, "column \"%s\" of relation \"%s\" contains null values", c.Name, a.rel.Name).
				WithTable(a.rel.Schema, a.rel.Name).WithColumn(c.Name)
		})
		if err != nil {
			return err
		}
	}
	for _, name := range a.newConstraints {
		for _, k := range a.rel.Constraints {
			if k.Name != name || k.Kind != 'c' || !k.Valid || len(a.exprs) > 0 || len(a.rel.Columns) != len(a.old.Columns) {
				continue
			}
			if err := a.validateCheck(k); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *alteration) validateCheck(k *catalog.Constraint) error {
	sql, err := a.tableExpr(a.rel, k.Check, analyze.KindCheck, 16, -1)
	if err != nil {
		return err
	}
	return a.DB.Query("SELECT 1 FROM "+a.old.Physical+" WHERE NOT ("+sql+") LIMIT 1", nil, func([]value) error {
		return pgerr.New(pgerr.CheckViolation, "check constraint \"%s\" of relation \"%s\" is violated by some row", k.Name, a.rel.Name).
			WithTable(a.rel.Schema, a.rel.Name).WithConstraint(k.Name)
	})
}
