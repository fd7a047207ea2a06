package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Assignments to a part of a column: SET c.f = …, INSERT INTO t (c.f) …, c.a[1].f. The column's new value is its old one with the part replaced: a
// row is made anew of its fields, as PostgreSQL's FieldStore does, so that of a NULL all other fields are NULL.

// hasField tells whether a path into a column names a field.
func hasField(path []parse.Node) bool {
	for _, n := range path {
		if _, ok := n.(*parse.String); ok {
			return true
		}
	}
	return false
}

// assignPart gives base with the part at path replaced by value. column is the name messages use, what the last step ("" for the column itself).
func (a *Analyzer) assignPart(sc *scope, base Expr, typ uint32, mod int32, path []parse.Node, value Expr, column string, loc int32) (Expr, error) {
	if len(path) == 0 {
		return nil, pgerr.New(pgerr.InternalError, "assignment to no part of column \"%s\"", column)
	}
	under, _ := a.baseTypeMod(typ, mod)
	if base.Type() != under {
		base = a.relabel(base, under, -1, true, -1)
	}
	var out Expr
	var err error
	switch step := path[0].(type) {
	case *parse.String:
		out, err = a.assignField(sc, base, under, step.Sval, path[1:], value, column, loc)
	case *parse.A_Indices:
		out, err = a.assignElement(sc, base, under, mod, path, value, column, loc)
	default:
		err = pgerr.Unsupported(loc, "assignment to this part of column \"%s\" is not supported", column)
	}
	if err != nil || under == typ {
		return out, err
	}
	return a.coerceDomain(out, typ, coerceImplicit, true, -1)
}

func (a *Analyzer) assignField(sc *scope, base Expr, typ uint32, name string, path []parse.Node, value Expr, column string, loc int32) (Expr, error) {
	rel, err := a.compositeRelation(typ)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot assign to field \"%s\" of column \"%s\" because its type %s is not a composite type", name, column, a.format(typ)).At(loc)
	}
	row := &Row{Info: Info{Typ: typ, Mod: -1, Loc: loc}}
	found := false
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if c.Dropped {
			continue
		}
		var field Expr = &Field{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: -1}, Arg: base, Name: c.Name, Num: i}
		if c.Name == name {
			found = true
			if len(path) > 0 {
				field, err = a.assignPart(sc, field, c.Type, c.Typmod, path, value, name, loc)
			} else {
				field, err = a.assignedPart(value, c, loc)
			}
			if err != nil {
				return nil, err
			}
		}
		row.Args = append(row.Args, field)
	}
	if !found {
		return nil, pgerr.New(pgerr.UndefinedColumn, "cannot assign to field \"%s\" of column \"%s\" because there is no such column in data type %s", name, column, a.format(typ)).At(loc)
	}
	return row, nil
}

func (a *Analyzer) assignedPart(value Expr, c *catalog.Column, loc int32) (Expr, error) {
	from := value.Type()
	e, err := a.coerceTry(value, c.Type, c.Typmod, coerceAssignment, -1)
	if err != nil || e != nil {
		return e, err
	}
	return nil, pgerr.New(pgerr.DatatypeMismatch, "subfield \"%s\" is of type %s but expression is of type %s", c.Name, a.format(c.Type), a.format(from)).
		WithHint("You will need to rewrite or cast the expression.").At(loc)
}

// assignElement replaces an element of an array, or a part of one.
func (a *Analyzer) assignElement(sc *scope, base Expr, typ uint32, mod int32, path []parse.Node, value Expr, column string, loc int32) (Expr, error) {
	elem := a.elemType(typ)
	if elem == 0 {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", a.format(typ)).At(loc)
	}
	var subs []Expr
	for len(path) > 0 {
		ix, ok := path[0].(*parse.A_Indices)
		if !ok {
			break
		}
		if ix.IsSlice {
			return nil, pgerr.Unsupported(loc, "assignment to a slice of a part of column \"%s\" is not supported", column)
		}
		i, err := a.expr(sc, ix.Uidx)
		if err == nil {
			i, err = a.coerce(i, typeInt4, -1, coerceAssignment, -1)
		}
		if err != nil {
			return nil, err
		}
		subs, path = append(subs, i), path[1:]
	}
	var e Expr
	var err error
	if len(path) > 0 {
		old := &Subscript{Info: Info{Typ: elem, Mod: mod, Coll: a.collationOf(elem), Loc: -1}, Arg: base, Upper: subs}
		e, err = a.assignPart(sc, old, elem, mod, path, value, column, loc)
	} else {
		from := value.Type()
		if e, err = a.coerceTry(value, elem, mod, coerceAssignment, -1); err == nil && e == nil {
			err = pgerr.New(pgerr.DatatypeMismatch, "subscripted assignment to \"%s\" requires type %s but expression is of type %s", column, a.format(elem), a.format(from)).
				WithHint("You will need to rewrite or cast the expression.").At(value.Location())
		}
	}
	if err != nil {
		return nil, err
	}
	args := append([]Expr{base, e, &Const{Info: Info{Typ: typeOID, Mod: -1, Loc: -1}, Value: intValue(int64(elem))}}, subs...)
	return &Call{Info: Info{Typ: typ, Mod: mod, Coll: a.collationOf(typ), Loc: loc},
		Proc: &catalog.Proc{Name: "pg_assign", Volatile: 'i', Kind: 'f', Result: typ}, Args: args}, nil
}

// nullColumn is what a column holds before INSERT assigns to parts of it.
func nullColumn(c *catalog.Column) Expr {
	return &Const{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: -1}, Value: types.NullValue}
}

// mergeParts brings the parts of columns that INSERT names together: one value for each column, at the place of its first part.
func (a *Analyzer) mergeParts(sc *scope, rel *catalog.Relation, cols []insertColumn, rows [][]Expr) ([]insertColumn, [][]Expr, error) {
	parts := false
	for _, c := range cols {
		parts = parts || len(c.part) > 0
	}
	if !parts {
		return cols, rows, nil
	}
	var out []insertColumn
	merged := make([][]Expr, len(rows))
	for k, c := range cols {
		at := -1
		for i, have := range out {
			if have.col == c.col {
				at = i
			}
		}
		if at < 0 {
			at = len(out)
			out = append(out, insertColumn{col: c.col, loc: c.loc})
		}
		rc := &rel.Columns[c.col]
		for r := range rows {
			e := rows[r][k]
			if len(c.part) > 0 {
				if d, ok := e.(*Default); ok {
					return nil, nil, pgerr.New(pgerr.FeatureNotSupported, "cannot set a subfield to DEFAULT").At(d.Loc)
				}
				base := nullColumn(rc)
				if at < len(merged[r]) {
					base = merged[r][at]
				}
				var err error
				if e, err = a.assignPart(sc, base, rc.Type, rc.Typmod, c.part, e, rc.Name, c.loc); err != nil {
					return nil, nil, err
				}
			}
			if at < len(merged[r]) {
				merged[r][at] = e
			} else {
				merged[r] = append(merged[r], e)
			}
		}
	}
	return out, merged, nil
}

// rowOf gives a row value's columns as a Row: of ROW(…), or of all columns of a subquery.
func (a *Analyzer) rowOf(e Expr) (*Row, bool) {
	switch x := e.(type) {
	case *Row:
		return x, true
	case *Call:
		if cols := outColumns(x.Proc, x); len(cols) > 1 {
			return rowOfFields(e, cols), true
		}
	}
	return nil, false
}

func rowOfFields(e Expr, cols []RTEColumn) *Row {
	row := &Row{Info: Info{Typ: typeRecord, Mod: -1, Loc: e.Location()}}
	for i, c := range cols {
		row.Args = append(row.Args, &Field{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: c.Coll, Loc: -1}, Arg: e, Name: c.Name, Num: i})
	}
	return row
}
