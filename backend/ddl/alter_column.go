package ddl

import (
	"errors"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// column finds the column an action names.
func (a *alteration) column(name string) (*catalog.Column, error) {
	c := findColumn(a.rel, name)
	if c == nil {
		if isSystemColumn(name) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot alter system column \"%s\"", name)
		}
		return nil, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, a.rel.Name)
	}
	return c, nil
}

// addColumn is ADD COLUMN. A default is computed for every row there is, as PostgreSQL does for volatile ones.
func (a *alteration) addColumn(c *parse.AlterTableCmd) error {
	n, ok := c.Def.(*parse.ColumnDef)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ADD COLUMN is not supported")
	}
	if findColumn(a.rel, n.Colname) != nil {
		if c.MissingOk {
			a.skip(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", n.Colname, a.rel.Name)
			return nil
		}
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", n.Colname, a.rel.Name)
	}
	if len(a.rel.Columns) >= 1600 {
		return pgerr.New(pgerr.TooManyColumns, "tables can have at most 1600 columns")
	}
	t := &table{schema: a.rel.Schema, name: a.rel.Name, temp: a.rel.Temp}
	if err := a.columnDef(t, n); err != nil {
		return err
	}
	if err := systemColumns(t); err != nil {
		return err
	}
	col := t.columns[0]
	if err := a.notItself(col.typ); err != nil {
		return err
	}
	attnum := int16(len(a.rel.Columns) + 1)
	if err := a.writer().AddColumn(a.rel.OID, attnum, catalog.NewColumn{Name: col.name, Type: col.typ, Typmod: col.mod, Collation: col.coll, NotNull: col.notNull,
		Identity: col.identity, Generated: col.generated}); err != nil {
		return err
	}
	if err := a.writer().Set(catalog.ClassRelation, a.rel.OID, "relnatts", attnum); err != nil {
		return err
	}
	var err error
	if a.rel, err = a.reload(a.rel.OID); err != nil {
		return err
	}
	if err := a.columnExpression(a.rel, int(attnum-1), col); err != nil {
		return unplaced(err)
	}
	if a.rel, err = a.reload(a.rel.OID); err != nil {
		return err
	}
	if err := a.fillColumn(&a.rel.Columns[attnum-1], col); err != nil {
		return err
	}
	if err := a.rowTypeGrows(a.exprs[attnum] != "" || col.notNull); err != nil {
		return err
	}
	a.physical = true
	notNull := col.notNull
	for _, k := range t.constraints {
		notNull = notNull || k.kind == parse.ConstrType_CONSTR_PRIMARY
	}
	if notNull && a.exprs[attnum] == "" {
		// Every row there is would hold NULL.
		err := a.DB.Query("SELECT 1 FROM "+a.old.Physical+" LIMIT 1", nil, func([]value) error {
			return pgerr.New(pgerr.NotNullViolation, "column \"%s\" of relation \"%s\" contains null values", col.name, a.rel.Name).
				WithTable(a.rel.Schema, a.rel.Name).WithColumn(col.name)
		})
		if err != nil {
			return err
		}
	}
	return a.addNewConstraints(t.constraints)
}

// fillColumn settles the expression that gives a new column's value in the rows there are.
func (a *alteration) fillColumn(c *catalog.Column, def *column) error {
	text := c.Default
	if def.identity != 0 {
		text = "nextval(" + quoteText(catalog.QuoteIdent(def.sequence.schema)+"."+catalog.QuoteIdent(def.sequence.name)) + "::regclass)"
	}
	if text == "" {
		text = a.domainFill(c.Type)
	}
	if text == "" {
		return nil
	}
	kind := analyze.KindDefault
	if c.Generated != 0 {
		kind = analyze.KindGenerated
	}
	sql, err := a.tableExpr(a.rel, text, kind, c.Type, c.Typmod)
	if err != nil {
		return err
	}
	a.exprs[c.Attnum] = sql
	return nil
}

func (a *alteration) dropColumn(c *parse.AlterTableCmd) error {
	col := findColumn(a.rel, c.Name)
	if col == nil {
		if c.MissingOk {
			a.skip(pgerr.SuccessfulCompletion, "column \"%s\" of relation \"%s\" does not exist", c.Name, a.rel.Name)
			return nil
		}
		if isSystemColumn(c.Name) {
			return pgerr.New(pgerr.FeatureNotSupported, "cannot drop system column \"%s\"", c.Name)
		}
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", c.Name, a.rel.Name)
	}
	if err := a.remove([]catalog.Address{{Class: catalog.ClassRelation, OID: a.rel.OID, Sub: int32(col.Attnum)}}, c.Behavior == parse.DropBehavior_DROP_CASCADE); err != nil {
		return err
	}
	var err error
	a.rel, err = a.reload(a.rel.OID)
	a.old = a.rel // remove has brought SQLite's table along
	if err != nil {
		return err
	}
	return a.rowTypeLoses(col.Attnum)
}

func (a *alteration) setDefault(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if col.Identity != 0 {
		e := pgerr.New(pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is an identity column", col.Name, a.rel.Name)
		if c.Def == nil {
			e = e.WithHint("Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.")
		}
		return e
	}
	if col.Generated != 0 {
		e := pgerr.New(pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is a generated column", col.Name, a.rel.Name)
		if c.Def == nil {
			e = e.WithHint("Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.")
		}
		return e
	}
	if err := a.writer().DeleteDefault(a.rel.OID, col.Attnum); err != nil {
		return err
	}
	if c.Def == nil {
		a.physical = a.physical || setToDefault(a.rel, col.Attnum)
		return nil
	}
	text, uses, err := a.defaultText(a.rel, &column{name: col.Name, typ: col.Type, mod: col.Typmod, defaultAt: c.Def})
	if err != nil || text == "" {
		return unplaced(err)
	}
	if err := a.storeDefault(a.rel.OID, col.Attnum, text, uses); err != nil {
		return err
	}
	a.physical = a.physical || setToDefault(a.rel, col.Attnum)
	return nil
}

// notItself refuses a column whose type holds rows of the table.
func (a *alteration) notItself(typ uint32) error {
	if a.rel.RowType != 0 && a.contains(typ, a.rel.RowType, 0) {
		return pgerr.New(pgerr.InvalidTableDefinition, "composite type %s cannot be made a member of itself", a.rel.Name)
	}
	return nil
}

// unplaced drops an error's place in the statement: PostgreSQL's ALTER TABLE has none for what it analyses while it works.
func unplaced(err error) error {
	if err == nil {
		return nil
	}
	var pe *pgerr.Error
	if !errors.As(err, &pe) {
		return err
	}
	out := *pe
	out.Location, out.Position = 0, 0
	return &out
}

// dropExpression is DROP EXPRESSION: the column keeps its values and is an ordinary one from now on.
func (a *alteration) dropExpression(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if col.Generated == 0 {
		if c.MissingOk {
			a.skip(pgerr.SuccessfulCompletion, "column \"%s\" of relation \"%s\" is not a stored generated column", col.Name, a.rel.Name)
			return nil
		}
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is not a stored generated column", col.Name, a.rel.Name)
	}
	a.physical = true
	return a.writer().DeleteDefault(a.rel.OID, col.Attnum)
}

func (a *alteration) setNotNull(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil || col.NotNull {
		return err
	}
	a.physical = true
	a.checkNull = append(a.checkNull, col.Attnum)
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attnotnull", true)
}

func (a *alteration) dropNotNull(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil || !col.NotNull {
		return err
	}
	if col.Identity != 0 {
		return pgerr.New(pgerr.SyntaxError, "column \"%s\" of relation \"%s\" is an identity column", col.Name, a.rel.Name)
	}
	for _, k := range a.rel.Constraints {
		if k.Kind == 'p' {
			for _, n := range k.Columns {
				if n == col.Attnum {
					return pgerr.New(pgerr.InvalidTableDefinition, "column \"%s\" is in a primary key", col.Name)
				}
			}
		}
	}
	a.physical = true
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attnotnull", false)
}

// addIdentity is ADD GENERATED … AS IDENTITY.
func (a *alteration) addIdentity(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	k, ok := c.Def.(*parse.Constraint)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ADD GENERATED is not supported")
	}
	switch {
	case !col.NotNull:
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" must be declared NOT NULL before identity can be added", col.Name, a.rel.Name)
	case col.Identity != 0:
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is already an identity column", col.Name, a.rel.Name)
	case col.Default != "":
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" already has a default value", col.Name, a.rel.Name)
	}
	def := &column{name: col.Name, typ: col.Type, mod: -1}
	t := &table{name: a.rel.Name}
	if err := a.identity(t, def, k, false); err != nil {
		return err
	}
	if _, err := a.columnSequence(a.rel, col, def); err != nil {
		return err
	}
	return a.writer().SetColumn(a.rel.OID, col.Attnum, "attidentity", def.identity)
}

func (a *alteration) notIdentity(col *catalog.Column) error {
	return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "column \"%s\" of relation \"%s\" is not an identity column", col.Name, a.rel.Name)
}

func (a *alteration) dropIdentity(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if col.Identity == 0 {
		if c.MissingOk {
			a.skip(pgerr.SuccessfulCompletion, "column \"%s\" of relation \"%s\" is not an identity column", col.Name, a.rel.Name)
			return nil
		}
		return a.notIdentity(col)
	}
	if err := a.writer().SetColumn(a.rel.OID, col.Attnum, "attidentity", byte(0)); err != nil {
		return err
	}
	if err := a.writer().OwnSequence(col.Sequence, 0, 0, 0); err != nil {
		return err
	}
	return a.remove([]catalog.Address{{Class: catalog.ClassRelation, OID: col.Sequence}}, false)
}

// setIdentity is SET GENERATED, SET sequence-option and RESTART of an identity column.
func (a *alteration) setIdentity(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if col.Identity == 0 {
		return a.notIdentity(col)
	}
	var rest []parse.Node
	for _, n := range listOf(c.Def) {
		d, ok := n.(*parse.DefElem)
		if ok && d.Defname == "generated" {
			if err := a.writer().SetColumn(a.rel.OID, col.Attnum, "attidentity", byte(intOf(d.Arg))); err != nil {
				return err
			}
			continue
		}
		rest = append(rest, n)
	}
	if len(rest) == 0 {
		return nil
	}
	o, err := readSequenceOptions(a.Env, rest, true)
	if err != nil {
		return err
	}
	seq, err := a.Catalog.RelationByOID(col.Sequence)
	if err != nil {
		return err
	}
	return a.changeSequence(seq, o)
}

func intOf(n parse.Node) int32 {
	if i, ok := n.(*parse.Integer); ok {
		return i.Ival
	}
	return 0
}
