package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// serials are the names that are no types: an integer column with a sequence of its own.
var serials = map[string]uint32{
	"smallserial": types.Int2OID, "serial2": types.Int2OID, "serial": types.Int4OID, "serial4": types.Int4OID,
	"bigserial": types.Int8OID, "serial8": types.Int8OID,
}

// elements reads the columns and constraints of CREATE TABLE into t.
func (e *Env) elements(t *table, elts []parse.Node) error {
	for _, n := range elts {
		var err error
		switch n := n.(type) {
		case *parse.ColumnDef:
			err = e.columnDef(t, n)
		case *parse.Constraint:
			err = e.tableConstraint(t, n)
		case *parse.TableLikeClause:
			err = e.like(t, n)
		default:
			err = pgerr.Unsupported(-1, "%s is not supported in CREATE TABLE", n.NodeName())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// columnDef reads one column with its constraints, as transformColumnDefinition.
func (e *Env) columnDef(t *table, n *parse.ColumnDef) error {
	if err := analyze.Only(n, parse.Has_ColumnDef_Colname|parse.Has_ColumnDef_TypeName|parse.Has_ColumnDef_IsLocal|parse.Has_ColumnDef_CollClause|
		parse.Has_ColumnDef_Constraints|parse.Has_ColumnDef_Location|parse.Has_ColumnDef_StorageName|parse.Has_ColumnDef_Compression, n.Location); err != nil {
		return err
	}
	c := &column{name: n.Colname, mod: -1, loc: n.Location}
	if err := e.columnType(t, c, n); err != nil {
		return err
	}
	if t.column(c.name) != nil {
		return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.name)
	}
	t.columns = append(t.columns, c)
	return e.columnConstraints(t, c, n)
}

func (e *Env) columnType(t *table, c *column, n *parse.ColumnDef) error {
	if n.TypeName == nil {
		return pgerr.Unsupported(n.Location, "columns without a type are not supported")
	}
	if names := n.TypeName.Names; len(names) == 1 && len(n.TypeName.ArrayBounds) == 0 {
		if typ, ok := serials[stringOf(names[0])]; ok {
			if len(n.TypeName.Typmods) > 0 {
				return pgerr.New(pgerr.SyntaxError, "type modifier is not allowed for type \"%s\"", stringOf(names[0])).At(n.TypeName.Location)
			}
			c.typ, c.serial, c.notNull = typ, true, true
			c.sequence = &sequence{options: sequenceOptions{typ: typ}}
			return nil
		}
	} else if len(names) == 1 {
		if _, ok := serials[stringOf(names[0])]; ok {
			return pgerr.New(pgerr.FeatureNotSupported, "array of serial is not implemented").At(n.TypeName.Location)
		}
	}
	a := e.analyzer()
	var err error
	if c.typ, c.mod, err = a.TypeName(n.TypeName); err != nil {
		return err
	}
	row := e.Catalog.Type(c.typ)
	if row == nil || row.Kind == 'p' {
		return pgerr.New(pgerr.InvalidTableDefinition, "column \"%s\" has pseudo-type %s", c.name, e.Catalog.FormatType(c.typ, -1))
	}
	c.coll = row.Collation
	if n.CollClause != nil {
		if c.coll, err = e.collation(n.CollClause, row.Collation, c); err != nil {
			return err
		}
	}
	if e.Types.Find(c.typ) == nil {
		return pgerr.Unsupported(n.TypeName.Location, "columns of type %s are not supported", e.Catalog.FormatType(c.typ, -1))
	}
	return nil
}

func (e *Env) collation(n *parse.CollateClause, typeCollation uint32, c *column) (uint32, error) {
	schema, name := qualified(n.Collname)
	oid, ok := e.Catalog.CollationByName(schema, name)
	if !ok {
		return 0, pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", joinName(schema, name)).At(n.Location)
	}
	if typeCollation == 0 {
		return 0, pgerr.New(pgerr.DatatypeMismatch, "collations are not supported by type %s", e.Catalog.FormatType(c.typ, -1)).At(n.Location)
	}
	return oid, nil
}

// columnConstraints reads the constraints behind a column. DEFERRABLE and its like belong to the constraint before them.
func (e *Env) columnConstraints(t *table, c *column, n *parse.ColumnDef) error {
	var last *constraint
	sawNull := false
	add := func(k *constraint) {
		last = k
		t.constraints = append(t.constraints, k)
	}
	for _, node := range n.Constraints {
		k, ok := node.(*parse.Constraint)
		if !ok {
			return pgerr.Unsupported(n.Location, "%s is not supported as a column constraint", node.NodeName())
		}
		conflict := func() error {
			return pgerr.New(pgerr.SyntaxError, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"", c.name, t.name).At(k.Location)
		}
		switch k.Contype {
		case parse.ConstrType_CONSTR_NULL:
			if c.notNull {
				return conflict()
			}
			sawNull = true
		case parse.ConstrType_CONSTR_NOTNULL:
			if sawNull {
				return conflict()
			}
			c.notNull = true
		case parse.ConstrType_CONSTR_DEFAULT:
			if c.defaultAt != nil && c.generated == 0 {
				return pgerr.New(pgerr.SyntaxError, "multiple default values specified for column \"%s\" of table \"%s\"", c.name, t.name).At(k.Location)
			}
			if c.generated != 0 {
				return bothGiven("default and generation expression", c, t, k.Location)
			}
			c.defaultAt = k.RawExpr
		case parse.ConstrType_CONSTR_IDENTITY:
			if err := e.identity(t, c, k, sawNull); err != nil {
				return err
			}
		case parse.ConstrType_CONSTR_GENERATED:
			if c.generated != 0 {
				return pgerr.New(pgerr.SyntaxError, "multiple generation clauses specified for column \"%s\" of table \"%s\"", c.name, t.name).At(k.Location)
			}
			if c.defaultAt != nil {
				return bothGiven("default and generation expression", c, t, k.Location)
			}
			c.generated, c.defaultAt = 's', k.RawExpr
		case parse.ConstrType_CONSTR_CHECK, parse.ConstrType_CONSTR_PRIMARY, parse.ConstrType_CONSTR_UNIQUE, parse.ConstrType_CONSTR_FOREIGN:
			d, err := e.constraint(k, c.name)
			if err != nil {
				return err
			}
			if k.Contype == parse.ConstrType_CONSTR_PRIMARY {
				if sawNull {
					return conflict()
				}
			}
			add(d)
		case parse.ConstrType_CONSTR_ATTR_DEFERRABLE, parse.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE, parse.ConstrType_CONSTR_ATTR_DEFERRED, parse.ConstrType_CONSTR_ATTR_IMMEDIATE:
			if err := deferral(last, k); err != nil {
				return err
			}
		default:
			return pgerr.Unsupported(k.Location, "this column constraint is not supported")
		}
		switch {
		case c.identity != 0 && c.generated != 0:
			return bothGiven("identity and generation expression", c, t, k.Location)
		case c.identity != 0 && c.defaultAt != nil:
			return bothGiven("default and identity", c, t, k.Location)
		}
	}
	if c.serial {
		// The default of serial comes behind all that is written.
		switch {
		case c.generated != 0:
			return bothGiven("default and generation expression", c, t, -1)
		case c.identity != 0:
			return bothGiven("default and identity", c, t, -1)
		case c.defaultAt != nil:
			return pgerr.New(pgerr.SyntaxError, "multiple default values specified for column \"%s\" of table \"%s\"", c.name, t.name)
		}
	}
	return nil
}

// bothGiven is the error for two of DEFAULT, IDENTITY and GENERATED on one column; it is at the second.
func bothGiven(what string, c *column, t *table, loc int32) error {
	return pgerr.New(pgerr.SyntaxError, "both %s specified for column \"%s\" of table \"%s\"", what, c.name, t.name).At(loc)
}

func (e *Env) identity(t *table, c *column, k *parse.Constraint, sawNull bool) error {
	switch {
	case c.identity != 0:
		return pgerr.New(pgerr.SyntaxError, "multiple identity specifications for column \"%s\" of table \"%s\"", c.name, t.name).At(k.Location)
	case c.typ != types.Int2OID && c.typ != types.Int4OID && c.typ != types.Int8OID:
		return pgerr.New(pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	case sawNull:
		return pgerr.New(pgerr.SyntaxError, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"", c.name, t.name).At(k.Location)
	}
	o, err := readSequenceOptions(e, k.Options, true)
	if err != nil {
		return err
	}
	if o.typ == 0 {
		o.typ = c.typ
	}
	c.identity, c.notNull, c.sequence = k.GeneratedWhen[0], true, &sequence{options: o}
	return nil
}

// deferral applies DEFERRABLE, NOT DEFERRABLE, INITIALLY … to the constraint before it.
func deferral(last *constraint, k *parse.Constraint) error {
	misplaced := func(what string) error {
		return pgerr.New(pgerr.SyntaxError, "misplaced %s clause", what).At(k.Location)
	}
	ok := last != nil && last.kind != parse.ConstrType_CONSTR_CHECK
	switch k.Contype {
	case parse.ConstrType_CONSTR_ATTR_DEFERRABLE:
		if !ok {
			return misplaced("DEFERRABLE")
		}
		last.deferrable = true
	case parse.ConstrType_CONSTR_ATTR_NOT_DEFERRABLE:
		if !ok {
			return misplaced("NOT DEFERRABLE")
		}
		if last.deferred {
			return pgerr.New(pgerr.SyntaxError, "constraint declared INITIALLY DEFERRED must be DEFERRABLE").At(k.Location)
		}
	case parse.ConstrType_CONSTR_ATTR_DEFERRED:
		if !ok {
			return misplaced("INITIALLY DEFERRED")
		}
		last.deferrable, last.deferred = true, true
	case parse.ConstrType_CONSTR_ATTR_IMMEDIATE:
		if !ok {
			return misplaced("INITIALLY IMMEDIATE")
		}
	}
	return nil
}

// tableConstraint reads a constraint that stands by itself.
func (e *Env) tableConstraint(t *table, k *parse.Constraint) error {
	switch k.Contype {
	case parse.ConstrType_CONSTR_CHECK, parse.ConstrType_CONSTR_PRIMARY, parse.ConstrType_CONSTR_UNIQUE, parse.ConstrType_CONSTR_FOREIGN:
	case parse.ConstrType_CONSTR_EXCLUSION:
		return pgerr.Unsupported(k.Location, "exclusion constraints are not supported")
	default:
		return pgerr.Unsupported(k.Location, "this table constraint is not supported")
	}
	d, err := e.constraint(k, "")
	if err != nil {
		return err
	}
	t.constraints = append(t.constraints, d)
	return nil
}

// constraint reads a CHECK, PRIMARY KEY, UNIQUE or FOREIGN KEY; col is the column it stands behind, "" for a table constraint.
func (e *Env) constraint(k *parse.Constraint, col string) (*constraint, error) {
	const common = parse.Has_Constraint_Contype | parse.Has_Constraint_Conname | parse.Has_Constraint_Location | parse.Has_Constraint_InitiallyValid |
		parse.Has_Constraint_Deferrable | parse.Has_Constraint_Initdeferred | parse.Has_Constraint_SkipValidation
	more := map[parse.ConstrType]parse.Fields{
		parse.ConstrType_CONSTR_CHECK:   parse.Has_Constraint_RawExpr | parse.Has_Constraint_IsNoInherit,
		parse.ConstrType_CONSTR_PRIMARY: parse.Has_Constraint_Keys | parse.Has_Constraint_Including | parse.Has_Constraint_Indexname | parse.Has_Constraint_Options | parse.Has_Constraint_Indexspace,
		parse.ConstrType_CONSTR_UNIQUE:  parse.Has_Constraint_NullsNotDistinct | parse.Has_Constraint_Keys | parse.Has_Constraint_Including | parse.Has_Constraint_Indexname | parse.Has_Constraint_Options | parse.Has_Constraint_Indexspace,
		parse.ConstrType_CONSTR_FOREIGN: parse.Has_Constraint_Pktable | parse.Has_Constraint_FkAttrs | parse.Has_Constraint_PkAttrs | parse.Has_Constraint_FkMatchtype |
			parse.Has_Constraint_FkUpdAction | parse.Has_Constraint_FkDelAction,
	}
	if err := analyze.Only(k, common|more[k.Contype], k.Location); err != nil {
		return nil, err
	}
	d := &constraint{kind: k.Contype, name: k.Conname, check: k.RawExpr, include: stringsOf(k.Including), ref: k.Pktable, index: k.Indexname,
		refColumns: stringsOf(k.PkAttrs), deferrable: k.Deferrable, deferred: k.Initdeferred, notValid: k.SkipValidation, noInherit: k.IsNoInherit, nullsNotDistinct: k.NullsNotDistinct, loc: k.Location}
	switch {
	case k.Contype == parse.ConstrType_CONSTR_FOREIGN:
		d.columns = stringsOf(k.FkAttrs)
		d.onUpdate, d.onDelete, d.match = first(k.FkUpdAction, 'a'), first(k.FkDelAction, 'a'), first(k.FkMatchtype, 's')
	default:
		d.columns = stringsOf(k.Keys)
	}
	if len(d.columns) == 0 && col != "" {
		d.columns = []string{col}
	}
	return d, nil
}

func first(s string, or byte) byte {
	if s == "" {
		return or
	}
	return s[0]
}
