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
	var uses []catalog.Address
	var err error
	if c.defaultAt != nil {
		text, uses, err = e.defaultText(rel, c)
	} else if text != "" {
		uses, err = e.usesOf(rel, c, text)
	}
	if err != nil || text == "" {
		return err
	}
	return e.storeDefault(rel.OID, col.Attnum, text, uses)
}

// storeDefault writes a default with what it depends on: sequences, types.
func (e *Env) storeDefault(rel uint32, attnum int16, text string, uses []catalog.Address) error {
	oid, err := e.writer().InsertDefault(rel, attnum, text)
	if err != nil {
		return err
	}
	return e.dependOn(catalog.Address{Class: catalog.ClassAttrdef, OID: oid}, rel, uses)
}

// dependOn records what an expression of a table needs, itself and its columns aside: those are recorded with what the expression belongs to.
func (e *Env) dependOn(a catalog.Address, rel uint32, uses []catalog.Address) error {
	for _, u := range uses {
		if u.Class == catalog.ClassRelation && u.OID == rel && a.Class != catalog.ClassAttrdef {
			continue
		}
		if err := e.writer().Depend(a, u, catalog.DependNormal); err != nil {
			return err
		}
	}
	return nil
}

// usesOf analyses stored text of a column for what it depends on.
func (e *Env) usesOf(rel *catalog.Relation, c *column, text string) ([]catalog.Address, error) {
	n, err := parseExpr(text)
	if err != nil {
		return nil, err
	}
	st, err := e.storedAnalyzer()
	if err != nil {
		return nil, err
	}
	kind, over := analyze.KindDefault, (*catalog.Relation)(nil)
	if c.generated != 0 {
		kind, over = analyze.KindGenerated, rel
	}
	x, err := st.TableExpr(n, over, kind, c.typ, c.mod)
	if err != nil {
		return nil, err
	}
	return analyze.UsesOf(x, over), nil
}

// defaultText gives the canonical text of the expression behind DEFAULT or GENERATED ALWAYS AS, and what it needs; "" for DEFAULT NULL.
func (e *Env) defaultText(rel *catalog.Relation, c *column) (string, []catalog.Address, error) {
	kind, over := analyze.KindDefault, (*catalog.Relation)(nil)
	if c.generated != 0 {
		kind, over = analyze.KindGenerated, rel
	}
	x, err := e.tableExprOf(c.defaultAt, over, kind, 0, -1)
	if err != nil {
		return "", nil, err
	}
	typ := x.Type()
	if x, err = e.tableExprOf(c.defaultAt, over, kind, c.typ, c.mod); err != nil {
		return "", nil, e.assignmentError(err, kind, c, typ)
	}
	if k, ok := x.(*analyze.Const); ok && k.Value.IsNull() && c.generated == 0 {
		return "", nil, nil
	}
	if c.generated != 0 {
		if err := generatedFrom(rel, x); err != nil {
			return "", nil, err
		}
		if err := immutable(x); err != nil {
			return "", nil, err
		}
	}
	text, err := e.deparse(rel, x)
	return text, analyze.UsesOf(x, over), err
}

// generatedFrom refuses a generation expression over another generated column.
func generatedFrom(rel *catalog.Relation, x analyze.Expr) error {
	var err error
	analyze.Walk(x, func(x analyze.Expr) bool {
		v, ok := x.(*analyze.Var)
		if !ok || err != nil {
			return true
		}
		switch {
		case v.Col < 0:
			err = pgerr.New(pgerr.InvalidObjectDefinition, "cannot use whole-row variable in column generation expression").
				WithDetail("This would cause the generated column to depend on its own value.").At(v.Loc)
		case rel.Columns[v.Col].Generated != 0:
			err = pgerr.New(pgerr.InvalidObjectDefinition, "cannot use generated column \"%s\" in column generation expression", rel.Columns[v.Col].Name).
				WithDetail("A generated column cannot reference another generated column.").At(v.Loc)
		}
		return true
	})
	return err
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
	return analyze.Deparse(x, func(v *analyze.Var) string {
		if v.Col == analyze.TableOIDCol {
			return "tableoid"
		}
		return catalog.QuoteIdent(rel.Columns[v.Col].Name)
	}, v), nil
}
