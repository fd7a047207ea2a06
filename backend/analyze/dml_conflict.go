package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// onConflict analyses ON CONFLICT: the arbiter, and for DO UPDATE the assignments, which see the table and EXCLUDED.
func (a *Analyzer) onConflict(sc *scope, rel *catalog.Relation, n *parse.OnConflictClause) error {
	const fields = parse.Has_OnConflictClause_Action | parse.Has_OnConflictClause_Infer | parse.Has_OnConflictClause_TargetList |
		parse.Has_OnConflictClause_WhereClause | parse.Has_OnConflictClause_Location
	if err := only(n, fields, n.Location); err != nil {
		return err
	}
	q := sc.query
	c := &OnConflict{DoNothing: n.Action == parse.OnConflictAction_ONCONFLICT_NOTHING, ExclRTE: -1}
	if !c.DoNothing && n.Infer == nil {
		return pgerr.New(pgerr.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			WithHint("For example, ON CONFLICT (column_name).").At(n.Location)
	}
	if n.Infer != nil {
		if err := a.arbiter(sc, rel, n.Infer, c); err != nil {
			return err
		}
	}
	q.OnConflict = c
	if c.DoNothing {
		return nil
	}
	excl, err := a.relationEntry(rel, &parse.RangeVar{Location: -1})
	if err != nil {
		return err
	}
	excl.Alias, excl.Aliased = "excluded", true
	c.ExclRTE = sc.add(excl)
	// EXCLUDED's columns answer to their bare names too, so that a bare name is ambiguous, as in PostgreSQL.
	sc.items = []scopeItem{{rte: q.Result, qualified: true, unqualified: true, lateralOK: true},
		{rte: c.ExclRTE, qualified: true, unqualified: true, lateralOK: true}}
	if c.Columns, c.Set, err = a.setClause(sc, rel, n.TargetList); err != nil {
		return err
	}
	if c.Where, err = a.condition(sc, n.WhereClause, kindWhere, "WHERE"); err != nil {
		return err
	}
	a.requirePrivilege(rel, "UPDATE")
	return nil
}

// arbiter finds the unique index that ON CONFLICT (…) or ON CONSTRAINT means.
func (a *Analyzer) arbiter(sc *scope, rel *catalog.Relation, n *parse.InferClause, c *OnConflict) error {
	const fields = parse.Has_InferClause_IndexElems | parse.Has_InferClause_WhereClause | parse.Has_InferClause_Conname | parse.Has_InferClause_Location
	if err := only(n, fields, n.Location); err != nil {
		return err
	}
	if n.Conname != "" {
		for _, con := range rel.Constraints {
			if con.Name != n.Conname {
				continue
			}
			if ix := indexByOID(rel, con.Index); ix != nil && (con.Kind == 'p' || con.Kind == 'u') {
				return a.useArbiter(sc, rel, ix, c)
			}
			return pgerr.New(pgerr.WrongObjectType, "constraint in ON CONFLICT clause has no associated index")
		}
		return pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", n.Conname, rel.Name)
	}
	sc.items = []scopeItem{{rte: sc.query.Result, qualified: true, unqualified: true, lateralOK: true}}
	sc.kind = kindIndexExpr
	want := map[int]bool{}
	var exprs []Expr
	for _, e := range n.IndexElems {
		el, ok := e.(*parse.IndexElem)
		if !ok {
			return pgerr.Unsupported(n.Location, "this ON CONFLICT target is not supported")
		}
		const elem = parse.Has_IndexElem_Name | parse.Has_IndexElem_Expr | parse.Has_IndexElem_Ordering | parse.Has_IndexElem_NullsOrdering
		if err := only(el, elem, n.Location); err != nil {
			return err
		}
		if el.Ordering > parse.SortByDir_SORTBY_DEFAULT {
			return pgerr.New(pgerr.InvalidColumnReference, "ASC/DESC is not allowed in ON CONFLICT clause").At(n.Location)
		}
		if el.NullsOrdering > parse.SortByNulls_SORTBY_NULLS_DEFAULT {
			return pgerr.New(pgerr.InvalidColumnReference, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause").At(n.Location)
		}
		if el.Name != "" {
			v, err := a.findColumn(sc, el.Name, n.Location, true)
			if err != nil {
				return err
			}
			if v == nil {
				return a.missingColumn(sc, "", el.Name, n.Location)
			}
			if k, ok := v.(*Var); ok && k.Col >= 0 {
				want[k.Col] = true
			}
			continue
		}
		x, err := a.expr(sc, el.Expr)
		if err != nil {
			return err
		}
		if v, ok := x.(*Var); ok && v.Col >= 0 {
			want[v.Col] = true
			continue
		}
		exprs = append(exprs, x)
	}
	where, err := a.condition(sc, n.WhereClause, kindIndexPredicate, "WHERE")
	if err != nil {
		return err
	}
	for _, ix := range rel.Indexes {
		ok, err := a.arbiterFits(rel, ix, want, exprs, where)
		if err != nil {
			return err
		}
		if ok {
			return a.useArbiter(sc, rel, ix, c)
		}
	}
	return pgerr.New(pgerr.InvalidColumnReference, "there is no unique or exclusion constraint matching the ON CONFLICT specification")
}

func indexByOID(rel *catalog.Relation, oid uint32) *catalog.Index {
	for _, ix := range rel.Indexes {
		if ix.OID == oid {
			return ix
		}
	}
	return nil
}

// arbiterFits tells whether a unique index has exactly these columns and expressions as its key and a predicate that follows from where.
func (a *Analyzer) arbiterFits(rel *catalog.Relation, ix *catalog.Index, want map[int]bool, exprs []Expr, where Expr) (bool, error) {
	if !ix.Unique {
		return false, nil
	}
	keys, pred, err := a.indexKey(rel, ix)
	if err != nil {
		return false, err
	}
	cols := map[int]bool{}
	var have []Expr
	for _, k := range keys {
		if v, ok := k.(*Var); ok {
			cols[v.Col] = true
		} else {
			have = append(have, k)
		}
	}
	if len(cols) != len(want) {
		return false, nil
	}
	for c := range want {
		if !cols[c] {
			return false, nil
		}
	}
	if !allIn(exprs, have) || !allIn(have, exprs) {
		return false, nil
	}
	if pred == nil {
		return true, nil
	}
	return where != nil && implies(where, pred), nil
}

func allIn(xs, ys []Expr) bool {
	for _, x := range xs {
		in := false
		for _, y := range ys {
			in = in || equalExpr(x, y)
		}
		if !in {
			return false
		}
	}
	return true
}

// implies tells, as far as equal conditions tell, that p follows from w.
func implies(w, p Expr) bool {
	if equalExpr(w, p) {
		return true
	}
	if b, ok := p.(*Bool); ok && b.Op == And {
		for _, x := range b.Args {
			if !implies(w, x) {
				return false
			}
		}
		return true
	}
	if b, ok := w.(*Bool); ok && b.Op == And {
		for _, x := range b.Args {
			if implies(x, p) {
				return true
			}
		}
	}
	return false
}

// indexKey gives an index's key expressions over RTE 0 and its predicate, nil for none.
func (a *Analyzer) indexKey(rel *catalog.Relation, ix *catalog.Index) ([]Expr, Expr, error) {
	var keys []Expr
	x := 0
	for i := 0; i < ix.KeyCount && i < len(ix.Columns); i++ {
		if n := ix.Columns[i]; n > 0 {
			c := &rel.Columns[n-1]
			keys = append(keys, &Var{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: -1}, Col: int(n) - 1})
			continue
		}
		if x >= len(ix.Exprs) {
			return nil, nil, pgerr.New(pgerr.InternalError, "index \"%s\" lacks an expression", ix.Name)
		}
		e, err := a.storedExpr(ix.Exprs[x], rel, kindIndexExpr, 0, -1)
		if err != nil {
			return nil, nil, err
		}
		x++
		keys = append(keys, e)
	}
	if ix.Where == "" {
		return keys, nil, nil
	}
	p, err := a.storedExpr(ix.Where, rel, kindIndexPredicate, 0, -1)
	return keys, p, err
}

// IndexKey gives an index's key expressions over RTE 0 and its predicate, nil for none.
func (a *Analyzer) IndexKey(rel *catalog.Relation, ix *catalog.Index) ([]Expr, Expr, error) {
	return a.indexKey(rel, ix)
}

func (a *Analyzer) useArbiter(sc *scope, rel *catalog.Relation, ix *catalog.Index, c *OnConflict) error {
	if ix.NullsNotDistinct {
		return pgerr.Unsupported(-1, "ON CONFLICT with an index whose NULLs are not distinct is not supported")
	}
	keys, pred, err := a.indexKey(rel, ix)
	c.Keys, c.IndexWhere, c.Index = keys, pred, ix.OID
	return err
}
