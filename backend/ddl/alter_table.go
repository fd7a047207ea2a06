package ddl

import (
	"sort"

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
	physical       bool              // SQLite's table changes
	checkNull      []int16           // columns that have become NOT NULL
	newConstraints []string          // names of constraints whose rows are to be checked
}

// pass orders the actions as PostgreSQL's ALTER TABLE does: what is dropped goes first, constraints come last.
var passes = map[parse.AlterTableType]int{
	parse.AlterTableType_AT_DropColumn: 0, parse.AlterTableType_AT_DropConstraint: 0, parse.AlterTableType_AT_DropNotNull: 0, parse.AlterTableType_AT_DropIdentity: 0,
	parse.AlterTableType_AT_DropExpression: 0, parse.AlterTableType_AT_AlterColumnType: 1, parse.AlterTableType_AT_AddColumn: 3, parse.AlterTableType_AT_ColumnDefault: 4,
	parse.AlterTableType_AT_SetNotNull: 4, parse.AlterTableType_AT_AddIdentity: 4, parse.AlterTableType_AT_AddConstraint: 6,
}

// actions of ALTER TABLE by kind.
var alterActions = map[parse.AlterTableType]func(*alteration, *parse.AlterTableCmd) error{
	parse.AlterTableType_AT_AddColumn:          (*alteration).addColumn,
	parse.AlterTableType_AT_DropColumn:         (*alteration).dropColumn,
	parse.AlterTableType_AT_ColumnDefault:      (*alteration).setDefault,
	parse.AlterTableType_AT_SetNotNull:         (*alteration).setNotNull,
	parse.AlterTableType_AT_DropNotNull:        (*alteration).dropNotNull,
	parse.AlterTableType_AT_AlterColumnType:    (*alteration).alterType,
	parse.AlterTableType_AT_AddConstraint:      (*alteration).addConstraint,
	parse.AlterTableType_AT_DropConstraint:     (*alteration).dropConstraint,
	parse.AlterTableType_AT_ValidateConstraint: (*alteration).validateConstraint,
	parse.AlterTableType_AT_AddIdentity:        (*alteration).addIdentity,
	parse.AlterTableType_AT_DropIdentity:       (*alteration).dropIdentity,
	parse.AlterTableType_AT_SetIdentity:        (*alteration).setIdentity,
	parse.AlterTableType_AT_ChangeOwner:        (*alteration).changeOwner,
	parse.AlterTableType_AT_SetRelOptions:      (*alteration).setOptions,
	parse.AlterTableType_AT_SetStatistics:      (*alteration).accept,
	parse.AlterTableType_AT_SetStorage:         (*alteration).accept,
	parse.AlterTableType_AT_ClusterOn:          (*alteration).accept,
	parse.AlterTableType_AT_DropCluster:        (*alteration).accept,
	parse.AlterTableType_AT_ReplicaIdentity:    (*alteration).accept,
	parse.AlterTableType_AT_SetLogged:          (*alteration).accept,
	parse.AlterTableType_AT_SetUnLogged:        (*alteration).accept,
}

// alterTags are the command tags, and the kinds of relation, of ALTER … statements of this form.
var alterTags = map[parse.ObjectType]struct{ tag, kinds, word string }{
	parse.ObjectType_OBJECT_TABLE:    {"ALTER TABLE", "rvSi", "table"},
	parse.ObjectType_OBJECT_INDEX:    {"ALTER INDEX", "i", "index"},
	parse.ObjectType_OBJECT_VIEW:     {"ALTER VIEW", "v", "view"},
	parse.ObjectType_OBJECT_SEQUENCE: {"ALTER SEQUENCE", "S", "sequence"},
}

// alterTable carries out ALTER TABLE and what is written like it for indexes, views and sequences.
func (e *Env) alterTable(n *parse.AlterTableStmt) (string, error) {
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
	if rel.Kind != 'r' && !ownerOnly(n.Cmds) {
		return k.tag, pgerr.Unsupported(n.Relation.Location, "this action on a %s is not supported", catalog.RelationKind(rel.Kind))
	}
	a := &alteration{Env: e, old: rel, rel: rel, exprs: map[int16]string{}}
	cmds := make([]*parse.AlterTableCmd, 0, len(n.Cmds))
	for _, c := range n.Cmds {
		cmds = append(cmds, c.(*parse.AlterTableCmd))
	}
	sort.SliceStable(cmds, func(i, j int) bool { return pass(cmds[i]) < pass(cmds[j]) })
	for _, c := range cmds {
		act, ok := alterActions[c.Subtype]
		if !ok {
			return k.tag, pgerr.Unsupported(n.Relation.Location, "this form of ALTER TABLE is not supported")
		}
		if err := act(a, c); err != nil {
			return k.tag, err
		}
		if a.rel, err = e.reload(rel.OID); err != nil {
			return k.tag, err
		}
	}
	return k.tag, a.finish()
}

func pass(c *parse.AlterTableCmd) int {
	if p, ok := passes[c.Subtype]; ok {
		return p
	}
	return 5
}

func ownerOnly(cmds []parse.Node) bool {
	for _, c := range cmds {
		if c.(*parse.AlterTableCmd).Subtype != parse.AlterTableType_AT_ChangeOwner {
			return false
		}
	}
	return true
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

// accept takes an action that only tunes PostgreSQL's storage.
func (a *alteration) accept(*parse.AlterTableCmd) error { return nil }

func (a *alteration) setOptions(c *parse.AlterTableCmd) error {
	return a.storageOptions(listOf(c.Def), "", "")
}

func (a *alteration) changeOwner(c *parse.AlterTableCmd) error {
	return a.giveRelation(a.rel, c.Newowner)
}
