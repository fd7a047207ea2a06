package ddl

import (
	"errors"

	"pgd/backend/analyze"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// alterType is ALTER COLUMN … TYPE … [USING …]: the rows are copied with the column converted, indexes are built anew, and the default is
// converted too.
func (a *alteration) alterType(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	n, ok := c.Def.(*parse.ColumnDef)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ALTER COLUMN TYPE is not supported")
	}
	if col.Attnum > int16(len(a.old.Columns)) || a.exprs[col.Attnum] != "" {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of column \"%s\" twice", col.Name)
	}
	if used, err := a.usedByExpression(col.Attnum); err != nil {
		return err
	} else if used != "" {
		return pgerr.Unsupported(n.Location, "changing the type of a column that %s uses is not supported", used)
	}
	def := &column{name: col.Name, mod: -1, loc: n.Location}
	if err := a.columnType(&table{name: a.rel.Name}, def, n); err != nil {
		return err
	}
	if def.serial {
		return pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", stringOf(n.TypeName.Names[0])).At(n.TypeName.Location)
	}
	expr := n.RawDefault
	using := expr != nil
	if !using {
		expr = &parse.ColumnRef{Present: parse.Has_ColumnRef_Fields, Fields: []parse.Node{&parse.String{Present: parse.Has_String_Sval, Sval: col.Name}}, Location: -1}
	}
	x, err := a.tableExprOf(expr, a.rel, analyze.KindAlterUsing, def.typ, def.mod)
	if err != nil {
		return a.cannotCast(err, def, using)
	}
	sql, err := a.compileExpr(a.old, x)
	if err != nil {
		return err
	}
	if err := a.retypeDefault(col.Attnum, col.Default, def); err != nil {
		return err
	}
	for _, s := range []struct {
		column string
		v      any
	}{{"atttypid", def.typ}, {"atttypmod", def.mod}, {"attcollation", def.coll}} {
		if err := a.writer().SetColumn(a.rel.OID, col.Attnum, s.column, s.v); err != nil {
			return err
		}
	}
	row := a.Catalog.Type(def.typ)
	if err := a.writer().SetColumn(a.rel.OID, col.Attnum, "attlen", row.Len); err != nil {
		return err
	}
	a.exprs[col.Attnum], a.physical = sql, true
	return nil
}

// retypeDefault converts a column's default to its new type.
func (a *alteration) retypeDefault(attnum int16, text string, def *column) error {
	if text == "" {
		return nil
	}
	n, err := parseExpr(text)
	if err != nil {
		return err
	}
	st, err := a.storedAnalyzer()
	if err != nil {
		return err
	}
	x, err := st.TableExpr(n, nil, analyze.KindDefault, def.typ, def.mod)
	if err != nil {
		return pgerr.New(pgerr.DatatypeMismatch, "default for column \"%s\" cannot be cast automatically to type %s", def.name, a.Catalog.FormatType(def.typ, def.mod))
	}
	converted, err := a.deparse(a.rel, x)
	if err != nil {
		return err
	}
	if err := a.writer().DeleteDefault(a.rel.OID, attnum); err != nil {
		return err
	}
	_, err = a.writer().InsertDefault(a.rel.OID, attnum, converted)
	return err
}

func (a *alteration) cannotCast(err error, def *column, using bool) error {
	var pe *pgerr.Error
	if !errors.As(err, &pe) || pe.Code != pgerr.DatatypeMismatch && pe.Code != pgerr.CannotCoerce {
		return err
	}
	typ := a.Catalog.FormatType(def.typ, def.mod)
	if using {
		return pgerr.New(pgerr.DatatypeMismatch, "result of USING clause for column \"%s\" cannot be cast automatically to type %s", def.name, typ).
			WithHint("You might need to add an explicit cast.")
	}
	return pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" cannot be cast automatically to type %s", def.name, typ).
		WithHint("You might need to specify \"USING %s::%s\".", def.name, typ)
}

// usedByExpression names what holds an expression over the column that would have to be analysed again: a check, a generated column, an
// expression index, a view. "" where nothing does.
func (a *alteration) usedByExpression(attnum int16) (string, error) {
	for _, k := range a.rel.Constraints {
		if k.Kind == 'f' || k.Kind == 'c' {
			for _, n := range k.Columns {
				if n == attnum {
					return "constraint \"" + k.Name + "\"", nil
				}
			}
		}
	}
	for _, ix := range a.rel.Indexes {
		if len(ix.Exprs) > 0 || ix.Where != "" {
			return "index \"" + ix.Name + "\"", nil
		}
	}
	for i := range a.rel.Columns {
		if c := &a.rel.Columns[i]; c.Generated != 0 {
			return "generated column \"" + c.Name + "\"", nil
		}
	}
	deps, err := a.writer().Dependents(relationColumn(a.rel.OID, attnum))
	if err != nil {
		return "", err
	}
	for _, d := range deps {
		if d.Class == classRewrite {
			return "a view", nil
		}
	}
	return "", nil
}
