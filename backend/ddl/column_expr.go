package ddl

import (
	"errors"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
)

// columnExpression analyses a column's default or generation expression and stores it as canonical text; the sequences of serial and
// identity columns are made here. rel has the column already.
func (e *Env) columnExpression(rel *catalog.Relation, i int, c *column) error {
	col := &rel.Columns[i]
	text := c.defaultSQL
	if c.sequence != nil {
		def, err := e.columnSequence(rel, col, c)
		if err != nil {
			return err
		}
		if c.serial {
			text = def
		}
	}
	if c.defaultAt != nil {
		var err error
		if text, err = e.defaultText(rel, c); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	_, err := e.writer().InsertDefault(rel.OID, col.Attnum, text)
	return err
}

// defaultText gives the canonical text of the expression behind DEFAULT or GENERATED ALWAYS AS; "" for DEFAULT NULL.
func (e *Env) defaultText(rel *catalog.Relation, c *column) (string, error) {
	kind, over := analyze.KindDefault, (*catalog.Relation)(nil)
	if c.generated != 0 {
		kind, over = analyze.KindGenerated, rel
	}
	x, err := e.tableExprOf(c.defaultAt, over, kind, 0, -1)
	if err != nil {
		return "", err
	}
	typ := x.Type()
	if x, err = e.tableExprOf(c.defaultAt, over, kind, c.typ, c.mod); err != nil {
		return "", e.assignmentError(err, kind, c, typ)
	}
	if k, ok := x.(*analyze.Const); ok && k.Value.IsNull() && c.generated == 0 {
		return "", nil
	}
	if c.generated != 0 {
		if err := immutable(x); err != nil {
			return "", err
		}
	}
	return e.deparse(rel, x)
}

// assignmentError words a failed conversion as PostgreSQL does for a column's expression.
func (e *Env) assignmentError(err error, kind analyze.Kind, c *column, from uint32) error {
	var pe *pgerr.Error
	if !errors.As(err, &pe) || pe.Code != pgerr.DatatypeMismatch && pe.Code != pgerr.CannotCoerce {
		return err
	}
	what := "default expression"
	if kind == analyze.KindGenerated {
		what = "generation expression"
	}
	return pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is of type %s but %s is of type %s", c.name, e.Catalog.FormatType(c.typ, c.mod), what,
		e.Catalog.FormatType(from, -1)).WithHint("You will need to rewrite or cast the expression.")
}

// immutable refuses an expression that calls anything else, for generation expressions.
func immutable(x analyze.Expr) error {
	if !analyze.Immutable(x) {
		return pgerr.New(pgerr.InvalidObjectDefinition, "generation expression is not immutable")
	}
	return nil
}

// deparse gives an expression's canonical text as it is stored: everything but pg_catalog qualified.
func (e *Env) deparse(rel *catalog.Relation, x analyze.Expr) (string, error) {
	v, err := e.storedView()
	if err != nil {
		return "", err
	}
	return analyze.Deparse(x, func(v *analyze.Var) string { return catalog.QuoteIdent(rel.Columns[v.Col].Name) }, v), nil
}
