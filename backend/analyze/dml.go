package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// targetTable analyses the table a statement changes: entry 0 of the range table, not yet visible to any name.
func (a *Analyzer) targetTable(sc *scope, n *parse.RangeVar, what string) (*catalog.Relation, error) {
	if err := onlyRangeVar(n); err != nil {
		return nil, err
	}
	if n.Schemaname == "" {
		if cte, _ := sc.findCTE(n.Relname); cte != nil {
			return nil, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" cannot be the target of a modifying statement", n.Relname).At(n.Location)
		}
	}
	rel, err := a.relation(sc, n)
	if err != nil {
		return nil, err
	}
	switch {
	case rel.System || rel.Shared:
		return nil, pgerr.New(pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", rel.Name)
	case rel.Kind == 'v':
		return nil, pgerr.Unsupported(n.Location, "changing a view is not supported")
	case rel.Kind == 'S':
		return nil, pgerr.New(pgerr.WrongObjectType, "cannot change sequence \"%s\"", rel.Name)
	case rel.Kind != 'r':
		return nil, pgerr.New(pgerr.WrongObjectType, "cannot change relation \"%s\"", rel.Name)
	}
	a.requirePrivilege(rel, what)
	r, err := a.relationEntry(rel, n)
	if err != nil {
		return nil, err
	}
	sc.query.Result = sc.add(r)
	return rel, nil
}

// columnIndex finds a column to change, with PostgreSQL's errors.
func columnIndex(rel *catalog.Relation, name string, loc int32) (int, error) {
	for i := range rel.Columns {
		if c := &rel.Columns[i]; c.Name == name && !c.Dropped {
			return i, nil
		}
	}
	if _, ok := systemColumns[name]; ok {
		return 0, pgerr.New(pgerr.FeatureNotSupported, "cannot assign to system column \"%s\"", name).At(loc)
	}
	return 0, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name).At(loc)
}

// assigned brings a value to the type of the column it goes into.
func (a *Analyzer) assigned(e Expr, rel *catalog.Relation, col int) (Expr, error) {
	c := &rel.Columns[col]
	from := e.Type()
	out, err := a.coerceTry(e, c.Type, c.Typmod, coerceAssignment, -1)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is of type %s but expression is of type %s", c.Name,
			a.Catalog.FormatType(c.Type, -1), a.Catalog.FormatType(from, -1)).
			WithHint("You will need to rewrite or cast the expression.").At(e.Location())
	}
	return out, nil
}

// elementAssigned is the value of an array column after an assignment to one of its elements; base is the array before.
func (a *Analyzer) elementAssigned(sc *scope, base, value Expr, t *parse.ResTarget, rel *catalog.Relation, col int) (Expr, error) {
	c := &rel.Columns[col]
	if hasField(t.Indirection) || a.typeRow(c.Type).Kind == 'd' {
		return a.assignPart(sc, base, c.Type, c.Typmod, t.Indirection, value, c.Name, t.Location)
	}
	row := a.typeRow(c.Type)
	if row.Elem == 0 || row.Len != -1 {
		return nil, pgerr.Unsupported(t.Location, "assignment to a part of column \"%s\" is not supported", c.Name)
	}
	from := value.Type()
	e, err := a.coerceTry(value, row.Elem, c.Typmod, coerceAssignment, -1)
	if err != nil {
		return nil, err
	}
	if e == nil {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "subscripted assignment to \"%s\" requires type %s but expression is of type %s", c.Name,
			a.Catalog.FormatType(row.Elem, -1), a.Catalog.FormatType(from, -1)).
			WithHint("You will need to rewrite or cast the expression.").At(value.Location())
	}
	elem := &Const{Info: Info{Typ: typeOID, Mod: -1, Loc: -1}, Value: intValue(int64(row.Elem))}
	args := []Expr{base, e, elem}
	for _, n := range t.Indirection {
		ix, ok := n.(*parse.A_Indices)
		if !ok || ix.IsSlice {
			return nil, pgerr.Unsupported(t.Location, "assignment to this part of column \"%s\" is not supported", c.Name)
		}
		i, err := a.expr(sc, ix.Uidx)
		if err != nil {
			return nil, err
		}
		if i, err = a.coerce(i, typeInt4, -1, coerceAssignment, -1); err != nil {
			return nil, err
		}
		args = append(args, i)
	}
	// No function of pg_proc does this: compilation knows it by its name and OID 0.
	return &Call{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: t.Location}, Proc: &catalog.Proc{Name: "pg_assign", Volatile: 'i', Kind: 'f', Result: c.Type}, Args: args}, nil
}

// columnDefault gives the value a column takes when none is given; nil for NULL.
func (a *Analyzer) columnDefault(rel *catalog.Relation, col int) (Expr, error) {
	c := &rel.Columns[col]
	if c.Identity != 0 {
		return a.nextValue(c)
	}
	if c.Default == "" || c.Generated != 0 {
		return a.domainDefault(c)
	}
	e, err := a.storedExpr(c.Default, rel, kindDefault, c.Type, c.Typmod)
	if err != nil {
		return nil, unplaced(err)
	}
	if k, ok := e.(*Const); ok && k.Value.IsNull() {
		return a.domainNull(c.Type)
	}
	return e, nil
}

// domainDefault is the default that a column's domain gives.
func (a *Analyzer) domainDefault(c *catalog.Column) (Expr, error) {
	t := a.typeRow(c.Type)
	if t.Kind != 'd' || c.Generated != 0 {
		return nil, nil
	}
	if t.Default == "" {
		return a.domainNull(c.Type)
	}
	return a.storedExpr(t.Default, nil, kindDefault, c.Type, c.Typmod)
}

// nextValue is nextval of an identity column's sequence, in the column's type.
func (a *Analyzer) nextValue(c *catalog.Column) (Expr, error) {
	const nextvalOID = 1574
	const regclassOID = 2205
	p := a.Catalog.Proc(nextvalOID)
	if p == nil || c.Sequence == 0 {
		return nil, pgerr.New(pgerr.InternalError, "identity column \"%s\" has no sequence", c.Name)
	}
	seq := &Const{Info: Info{Typ: regclassOID, Mod: -1, Loc: -1}}
	seq.Value = intValue(int64(c.Sequence))
	call := &Call{Info: Info{Typ: typeInt8, Mod: -1, Loc: -1}, Proc: p, Args: []Expr{seq}}
	return a.coerce(call, c.Type, c.Typmod, coerceAssignment, -1)
}

// storedExpr analyses the SQL text of an expression kept in the catalog over one table (nil for none).
func (a *Analyzer) storedExpr(text string, rel *catalog.Relation, kind exprKind, typ uint32, mod int32) (Expr, error) {
	st, err := parse.Parse("SELECT " + text)
	if err != nil {
		return nil, unplaced(err)
	}
	if len(st) == 1 {
		if s, ok := st[0].Node.(*parse.SelectStmt); ok && len(s.TargetList) == 1 {
			if t, ok := s.TargetList[0].(*parse.ResTarget); ok {
				b := *a
				b.Catalog, b.Params, b.ParamTypes = a.storedCatalog(), false, nil
				e, err := b.TableExpr(t.Val, rel, kind, typ, mod)
				a.LiteralSettings, a.LiteralNow = a.LiteralSettings || b.LiteralSettings, a.LiteralNow || b.LiteralNow
				if err != nil {
					return nil, unplaced(err)
				}
				return e, nil
			}
		}
	}
	return nil, pgerr.New(pgerr.InternalError, "stored expression cannot be read")
}

// StoredExpr analyses the SQL text of an expression kept in the catalog over one table, RTE 0: a default, a check, an index key.
func (a *Analyzer) StoredExpr(text string, rel *catalog.Relation, kind Kind, typ uint32, mod int32) (Expr, error) {
	return a.storedExpr(text, rel, kind, typ, mod)
}

// TableExpr analyses an expression over one table, its RTE 0 (rel may be nil): for defaults, checks, index keys and ALTER … USING. Where
// typ is not 0 the result is brought to that type as assignment does; conditions are made boolean.
func (a *Analyzer) TableExpr(n parse.Node, rel *catalog.Relation, kind Kind, typ uint32, mod int32) (Expr, error) {
	sc := &scope{query: &Query{}, kind: kind}
	if rel != nil {
		r, err := a.relationEntry(rel, &parse.RangeVar{Location: -1})
		if err != nil {
			return nil, err
		}
		sc.items = []scopeItem{{rte: sc.add(r), qualified: true, unqualified: true}}
	}
	e, err := a.expr(sc, n)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindCheck, kindIndexPredicate, kindCopyWhere:
		what := map[exprKind]string{kindCheck: "CHECK", kindIndexPredicate: "WHERE", kindCopyWhere: "WHERE"}[kind]
		if e, err = a.coerceBool(e, what); err != nil {
			return nil, err
		}
	default:
		if typ == 0 {
			if e, err = a.resolveUnknown(e); err != nil {
				return nil, err
			}
			break
		}
		from := e.Type()
		out, err := a.coerceTry(e, typ, mod, coerceAssignment, -1)
		if err != nil {
			return nil, err
		}
		if out == nil {
			return nil, a.definitionMismatch(kind, typ, from, n)
		}
		e = out
	}
	return e, a.assignCollations(e)
}

// definitionMismatch is the error for a default, generation or USING expression of the wrong type.
func (a *Analyzer) definitionMismatch(kind exprKind, typ, from uint32, n parse.Node) error {
	want, have := a.Catalog.FormatType(typ, -1), a.Catalog.FormatType(from, -1)
	switch kind {
	case kindDefault:
		return pgerr.New(pgerr.DatatypeMismatch, "column is of type %s but default expression is of type %s", want, have).
			WithHint("You will need to rewrite or cast the expression.")
	case kindGenerated:
		return pgerr.New(pgerr.DatatypeMismatch, "column is of type %s but generation expression is of type %s", want, have).
			WithHint("You will need to rewrite or cast the expression.")
	}
	return pgerr.New(pgerr.DatatypeMismatch, "result of USING clause cannot be cast automatically to type %s", want).
		WithHint("You might need to add an explicit cast.")
}

// returningClause analyses RETURNING.
func (a *Analyzer) returningClause(sc *scope, list []parse.Node) error {
	if len(list) == 0 {
		return nil
	}
	sc.kind = kindReturning
	ts, err := a.targetList(sc, list)
	if err != nil {
		return err
	}
	sc.query.Returning = ts
	a.requirePrivilege(sc.query.RTable[sc.query.Result].Relation, "SELECT")
	return a.resolveTargets(ts)
}
