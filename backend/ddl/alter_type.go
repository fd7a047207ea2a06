package ddl

import (
	"cmp"
	"errors"
	"slices"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// retyping is an ALTER COLUMN … TYPE whose expression has been analysed over the table as it was before the statement: other actions may drop
// columns that USING names.
type retyping struct {
	def *column
	x   analyze.Expr
}

// prepareType analyses ALTER COLUMN … TYPE … [USING …].
func (a *alteration) prepareType(c *parse.AlterTableCmd) error {
	n, ok := c.Def.(*parse.ColumnDef)
	if !ok {
		return pgerr.Unsupported(-1, "this form of ALTER COLUMN TYPE is not supported")
	}
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	def := &column{name: col.Name, mod: -1, loc: n.Location}
	if len(n.TypeName.Names) == 1 {
		if _, ok := serials[stringOf(n.TypeName.Names[0])]; ok {
			return pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", stringOf(n.TypeName.Names[0]))
		}
	}
	if err := a.columnType(&table{name: a.rel.Name}, def, n); err != nil {
		return unplaced(err)
	}
	if err := a.notItself(def.typ); err != nil {
		return err
	}
	if col.Identity != 0 && def.typ != types.Int2OID && def.typ != types.Int4OID && def.typ != types.Int8OID {
		return pgerr.New(pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
	}
	expr := n.RawDefault
	using := expr != nil
	if using && col.Generated != 0 {
		return pgerr.New(pgerr.InvalidColumnDefinition, "cannot specify USING when altering type of generated column").
			WithDetail("Column \"%s\" is a generated column.", col.Name)
	}
	if !using {
		expr = &parse.ColumnRef{Present: parse.Has_ColumnRef_Fields, Fields: []parse.Node{&parse.String{Present: parse.Has_String_Sval, Sval: col.Name}}, Location: -1}
	}
	x, err := a.tableExprOf(expr, a.rel, analyze.KindAlterUsing, def.typ, def.mod)
	if err != nil {
		return a.cannotCast(err, def, using)
	}
	a.using[c] = &retyping{def, x}
	return a.rowTypeUnused(a.rel)
}

// rowTypeUnused refuses to change what is stored in columns of a table's row type.
func (a *alteration) rowTypeUnused(rel *catalog.Relation) error {
	return a.DB.Query(`SELECT relname, attname FROM "pg_catalog.pg_attribute" a JOIN "pg_catalog.pg_class" c ON c.oid = attrelid
		WHERE relkind IN ('r', 'm') AND NOT attisdropped AND attrelid <> ?2 AND atttypid IN (SELECT oid FROM "pg_catalog.pg_type" WHERE oid = ?1 OR typelem = ?1)
		LIMIT 1`, []value{intValue(rel.RowType), intValue(rel.OID)}, func(r []value) error {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter table \"%s\" because column \"%s.%s\" uses its row type", rel.Name, string(r[0].B), string(r[1].B))
	})
}

// alterType is ALTER COLUMN … TYPE: the rows are copied with the column converted, and what is kept as text over the column — its default,
// checks, expressions of indexes — is analysed anew for the new type.
func (a *alteration) alterType(c *parse.AlterTableCmd) error {
	col, err := a.column(c.Name)
	if err != nil {
		return err
	}
	if a.exprs[col.Attnum] != "" {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of column \"%s\" twice", col.Name)
	}
	if err := a.retypable(col); err != nil {
		return err
	}
	def := a.using[c].def
	sql, err := a.compileExpr(a.old, a.using[c].x)
	if err != nil {
		return err
	}
	generated := col.Generated != 0
	if !generated {
		if err := a.retypeDefault(a.rel, col.Attnum, col.Default, def, false); err != nil {
			return err
		}
	}
	if err := a.setType(a.rel.OID, col.Attnum, def.typ, def.mod, def.coll); err != nil {
		return err
	}
	if a.rel, err = a.reload(a.rel.OID); err != nil {
		return err
	}
	if generated {
		if err := a.retypeDefault(a.rel, col.Attnum, col.Default, def, true); err != nil {
			return err
		}
	}
	if col.Identity != 0 {
		seq, err := a.Catalog.RelationByOID(col.Sequence)
		if err != nil {
			return err
		}
		if err := a.changeSequence(seq, sequenceOptions{typ: def.typ}); err != nil {
			return err
		}
	}
	a.exprs[col.Attnum], a.physical = sql, true
	if err := a.retypeChecks(col.Attnum); err != nil {
		return err
	}
	if err := a.retypeIndexes(col.Attnum); err != nil {
		return err
	}
	return a.retypeForeignKeys(col.Attnum)
}

// setType writes the type of a column.
func (a *alteration) setType(rel uint32, attnum int16, typ uint32, mod int32, coll uint32) error {
	row := a.Catalog.Type(typ)
	for _, s := range []struct {
		column string
		v      any
	}{{"atttypid", typ}, {"atttypmod", mod}, {"attcollation", coll}, {"attlen", row.Len}} {
		if err := a.writer().SetColumn(rel, attnum, s.column, s.v); err != nil {
			return err
		}
	}
	return a.writer().CopyTypeStorage(rel, attnum)
}

// retypable refuses a column that a view or a generated column reads.
func (a *alteration) retypable(col *catalog.Column) error {
	deps, err := a.writer().Dependents(relationColumn(a.rel.OID, col.Attnum))
	if err != nil {
		return err
	}
	for _, d := range deps {
		switch d.Class {
		case classRewrite:
			what, err := a.writer().Describe(d.Address)
			if err != nil {
				return err
			}
			return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of a column used by a view or rule").
				WithDetail("%s depends on column \"%s\"", what, col.Name)
		case catalog.ClassAttrdef:
			for i := range a.rel.Columns {
				g := &a.rel.Columns[i]
				if g.Generated == 0 || g.Attnum == col.Attnum {
					continue
				}
				if oid, err := a.writer().DefaultOf(a.rel.OID, g.Attnum); err != nil {
					return err
				} else if oid == d.OID {
					return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type of a column used by a generated column").
						WithDetail("Column \"%s\" is used by generated column \"%s\".", col.Name, g.Name)
				}
			}
		}
	}
	return nil
}

// retypeDefault converts a column's default or generation expression to its new type.
func (a *alteration) retypeDefault(rel *catalog.Relation, attnum int16, text string, def *column, generated bool) error {
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
	kind, over, what := analyze.KindDefault, (*catalog.Relation)(nil), "default"
	if generated {
		kind, over, what = analyze.KindGenerated, rel, "generation expression"
	}
	x, err := st.TableExpr(n, over, kind, def.typ, def.mod)
	if err != nil {
		return pgerr.New(pgerr.DatatypeMismatch, "%s for column \"%s\" cannot be cast automatically to type %s", what, def.name, a.Catalog.FormatType(def.typ, def.mod))
	}
	converted, err := a.deparse(rel, x)
	if err != nil {
		return err
	}
	if err := a.writer().DeleteDefault(rel.OID, attnum); err != nil {
		return err
	}
	if generated { // DeleteDefault has made it an ordinary one
		if err := a.writer().SetColumn(rel.OID, attnum, "attgenerated", byte('s')); err != nil {
			return err
		}
	}
	return a.storeDefault(rel.OID, attnum, converted, analyze.UsesOf(x, over))
}

// restate analyses stored text over the table as it is now and gives its new canonical text.
func (a *alteration) restate(text string, kind analyze.Kind) (string, analyze.Expr, error) {
	n, err := parseExpr(text)
	if err != nil {
		return "", nil, err
	}
	st, err := a.storedAnalyzer()
	if err != nil {
		return "", nil, err
	}
	typ := uint32(0)
	if kind != analyze.KindIndexExpr {
		typ = types.BoolOID
	}
	x, err := st.TableExpr(n, a.rel, kind, typ, -1)
	if err != nil {
		return "", nil, unplaced(err)
	}
	out, err := a.deparse(a.rel, x)
	return out, x, err
}

func (a *alteration) retypeChecks(attnum int16) error {
	checks := slices.Clone(a.rel.Constraints)
	slices.SortFunc(checks, func(x, y *catalog.Constraint) int { return cmp.Compare(x.OID, y.OID) })
	for _, k := range checks {
		if k.Kind != 'c' || !slices.Contains(k.Columns, attnum) {
			continue
		}
		text, _, err := a.restate(k.Check, analyze.KindCheck)
		if err != nil {
			return err
		}
		if err := a.writer().Set(catalog.ClassConstraint, k.OID, "conbin", text); err != nil {
			return err
		}
	}
	return nil
}

// retypeIndexes brings the indexes in line: the types of their own columns, operator classes and expressions.
func (a *alteration) retypeIndexes(attnum int16) error {
	for _, ix := range a.rel.Indexes {
		if len(ix.Exprs) == 0 && ix.Where == "" && !slices.Contains(ix.Columns, attnum) {
			continue
		}
		var classes []uint32
		var exprs []string
		for i, n := range ix.Columns {
			var typ, coll uint32
			mod := int32(-1)
			if n > 0 {
				c := &a.rel.Columns[n-1]
				typ, mod, coll = c.Type, c.Typmod, c.Collation
			} else {
				text, x, err := a.restate(ix.Exprs[len(exprs)], analyze.KindIndexExpr)
				if err != nil {
					return err
				}
				exprs = append(exprs, text)
				typ, mod, coll = x.Type(), x.Typmod(), x.Collation()
			}
			if i < ix.KeyCount {
				class := a.Catalog.DefaultOpclass(typ)
				if class == 0 || a.Catalog.DefaultOperator(typ, 1) == 0 {
					return noOpclass(a.Env, typ)
				}
				classes = append(classes, class)
			}
			if n == attnum || n == 0 {
				if err := a.setType(ix.OID, int16(i+1), typ, mod, coll); err != nil {
					return err
				}
			}
		}
		if slices.Contains(ix.Columns[:ix.KeyCount], attnum) {
			if err := a.writer().SetIndexClasses(ix.OID, classes); err != nil {
				return err
			}
		}
		if len(exprs) > 0 {
			if err := a.writer().Set(catalog.ClassIndex, ix.OID, "indexprs", catalog.JoinExprs(exprs)); err != nil {
				return err
			}
		}
		if ix.Where != "" {
			text, _, err := a.restate(ix.Where, analyze.KindIndexPredicate)
			if err != nil {
				return err
			}
			if err := a.writer().Set(catalog.ClassIndex, ix.OID, "indpred", text); err != nil {
				return err
			}
		}
	}
	return nil
}

// retypeForeignKeys checks that the foreign keys over the column, the table's own and those that refer to it, can still be compared, and has
// them validated when the rows are converted.
func (a *alteration) retypeForeignKeys(attnum int16) error {
	check := func(child, parent *catalog.Relation, k *catalog.Constraint) error {
		if _, err := a.foreignKeyOperators(child, parent, k.Columns, k.RefColumns, k.Name); err != nil {
			return err
		}
		a.recheck = append(a.recheck, foreignKey{child.OID, k.OID})
		return nil
	}
	for _, k := range a.rel.Constraints {
		if k.Kind != 'f' || !slices.Contains(k.Columns, attnum) {
			continue
		}
		parent, err := a.Catalog.RelationByOID(k.Ref)
		if err != nil {
			return err
		}
		if err := check(a.rel, parent, k); err != nil {
			return err
		}
	}
	refs, err := a.referencing(a.rel.OID)
	if err != nil {
		return err
	}
	for _, oid := range refs {
		child, err := a.Catalog.RelationByOID(oid)
		if err != nil {
			return err
		}
		for _, k := range child.Constraints {
			if k.Kind == 'f' && k.Ref == a.rel.OID && slices.Contains(k.RefColumns, attnum) {
				if err := check(child, a.rel, k); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a *alteration) cannotCast(err error, def *column, using bool) error {
	var pe *pgerr.Error
	if !errors.As(err, &pe) || pe.Code != pgerr.DatatypeMismatch && pe.Code != pgerr.CannotCoerce {
		return err
	}
	typ := a.Catalog.FormatType(def.typ, def.mod)
	if using {
		if pe.Message != "result of USING clause cannot be cast automatically to type "+a.Catalog.FormatType(def.typ, -1) {
			return err
		}
		return pgerr.New(pgerr.DatatypeMismatch, "result of USING clause for column \"%s\" cannot be cast automatically to type %s", def.name, typ).
			WithHint("You might need to add an explicit cast.")
	}
	return pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" cannot be cast automatically to type %s", def.name, typ).
		WithHint("You might need to specify \"USING %s::%s\".", catalog.QuoteIdent(def.name), typ)
}
