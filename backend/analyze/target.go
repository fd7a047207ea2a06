package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// targetList analyses the select list (or RETURNING): expressions, names and asterisks.
func (a *Analyzer) targetList(sc *scope, list []parse.Node) ([]Target, error) {
	out := make([]Target, 0, len(list))
	for _, n := range list {
		rt, ok := n.(*parse.ResTarget)
		if !ok {
			return nil, pgerr.Unsupported(-1, "%s in the select list is not supported", n.NodeName())
		}
		if err := only(rt, parse.Has_ResTarget_Name|parse.Has_ResTarget_Val|parse.Has_ResTarget_Location, rt.Location); err != nil {
			return nil, err
		}
		if c, ok := rt.Val.(*parse.ColumnRef); ok && isStar(c) {
			ts, err := a.expandStar(sc, c)
			if err != nil {
				return nil, err
			}
			out = append(out, ts...)
			continue
		}
		if in, ok := rt.Val.(*parse.A_Indirection); ok {
			if _, star := in.Indirection[len(in.Indirection)-1].(*parse.A_Star); star {
				ts, err := a.expandRow(sc, in)
				if err != nil {
					return nil, err
				}
				out = append(out, ts...)
				continue
			}
		}
		e, err := a.expr(sc, rt.Val)
		if err != nil {
			return nil, err
		}
		t := Target{Expr: e, Name: rt.Name}
		if t.Name == "" {
			t.Name = figureName(rt.Val)
		}
		t.TableOID, t.Attnum = origin(sc, e)
		out = append(out, t)
	}
	if len(out) > maxTargets {
		return nil, pgerr.New(pgerr.TooManyColumns, "target lists can have at most %d entries", maxTargets)
	}
	return out, nil
}

// maxTargets is PostgreSQL's limit of a target list.
const maxTargets = 1664

func isStar(c *parse.ColumnRef) bool {
	if len(c.Fields) == 0 {
		return false
	}
	_, ok := c.Fields[len(c.Fields)-1].(*parse.A_Star)
	return ok
}

// expandStar turns * or t.* into the columns it stands for.
func (a *Analyzer) expandStar(sc *scope, n *parse.ColumnRef) ([]Target, error) {
	names, _, err := columnNames(n)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		var out []Target
		found := false
		for i := range sc.items {
			it := &sc.items[i]
			if !it.unqualified || it.lateralOnly {
				continue
			}
			found = true
			out = append(out, itemTargets(sc, it, 0, n.Location)...)
		}
		if !found {
			return nil, pgerr.New(pgerr.SyntaxError, "SELECT * with no tables specified is not valid").At(n.Location)
		}
		return out, nil
	}
	schema, rel, _, err := a.qualifiers(append(names, "*"), n.Location)
	if err != nil {
		return nil, err
	}
	item, at, up, err := a.findItem(sc, schema, rel, n.Location)
	if err != nil {
		return nil, err
	}
	if item == nil {
		return nil, a.missingRelation(sc, schema, rel, n.Location)
	}
	return itemTargets(at, item, up, n.Location), nil
}

// itemTargets are all columns of an entry.
func itemTargets(at *scope, it *scopeItem, up int, loc int32) []Target {
	r := at.rte(it.rte)
	out := make([]Target, 0, len(r.Columns))
	for i := range r.Columns {
		if r.Columns[i].Dropped || it.cols > 0 && i >= it.cols {
			continue
		}
		v := at.columnVar(it.rte, i, up, loc)
		t := Target{Expr: v, Name: r.Columns[i].Name}
		level := at
		for v.Up > up && level != nil {
			level = level.parent
		}
		t.TableOID, t.Attnum = columnOrigin(level, v.RTE, v.Col)
		out = append(out, t)
	}
	return out
}

// expandRow turns (expression).* into the columns of the composite type.
func (a *Analyzer) expandRow(sc *scope, n *parse.A_Indirection) ([]Target, error) {
	loc := int32(-1)
	if c, ok := n.Arg.(*parse.ColumnRef); ok {
		loc = c.Location
	}
	inner := n.Arg
	if last := len(n.Indirection) - 1; last > 0 {
		part := *n
		part.Indirection = n.Indirection[:last]
		inner = &part
	}
	e, err := a.expr(sc, inner)
	if err != nil {
		return nil, err
	}
	if v, ok := e.(*Var); ok && v.Col == WholeRow {
		at := sc
		for range v.Up {
			at = at.parent
		}
		return itemTargets(at, &scopeItem{rte: v.RTE}, v.Up, loc), nil
	}
	if e.Type() == typeRecord {
		var out []Target
		columns := a.recordColumns(nil, e)
		if v, ok := e.(*Var); ok && v.RTE >= 0 {
			if at := sc.out(v.Up); at != nil && at.query != nil {
				columns = a.recordColumn(at.query.RTable, at.rte(v.RTE), v.Col)
			}
		}
		for i, c := range columns {
			out = append(out, Target{Name: c.Name, Expr: &Field{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: c.Coll, Loc: loc}, Arg: e, Name: c.Name, Num: i}})
		}
		if out != nil {
			return out, nil
		}
	}
	t := a.Catalog.Type(a.baseType(e.Type()))
	if t == nil || t.Relid == 0 {
		return nil, pgerr.Unsupported(e.Location(), "row expansion of this expression is not supported")
	}
	rel, err := a.Catalog.RelationByOID(t.Relid)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		return nil, pgerr.Unsupported(e.Location(), "row expansion of this expression is not supported")
	}
	var out []Target
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if !c.Dropped {
			out = append(out, Target{Name: c.Name, Expr: &Field{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: loc}, Arg: e, Name: c.Name, Num: i}})
		}
	}
	return out, nil
}

// origin finds the table column an output column comes from, through joins, subqueries and WITH queries.
func origin(sc *scope, e Expr) (uint32, int16) {
	v, ok := e.(*Var)
	if !ok {
		return 0, 0
	}
	at := sc
	for range v.Up {
		if at = at.parent; at == nil {
			return 0, 0
		}
	}
	return columnOrigin(at, v.RTE, v.Col)
}

func columnOrigin(at *scope, rte, col int) (uint32, int16) {
	if at == nil || rte < 0 || col < 0 {
		return 0, 0
	}
	r := at.query.RTable[rte]
	switch r.Kind {
	case RTERelation:
		return r.Relation.OID, int16(col + 1)
	case RTESubquery:
		if r.View != nil {
			return r.View.OID, int16(col + 1)
		}
		if r.Query.SetOp == nil && col < len(r.Query.Targets) {
			return r.Query.Targets[col].TableOID, r.Query.Targets[col].Attnum
		}
	case RTECTE:
		if q := r.CTE.Query; q != nil && q.SetOp == nil && col < len(q.Targets) {
			return q.Targets[col].TableOID, q.Targets[col].Attnum
		}
	case RTEJoin:
		if v, ok := r.JoinVars[col].(*Var); ok {
			return columnOrigin(at, v.RTE, v.Col)
		}
	}
	return 0, 0
}
