package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// fieldOrFunc is (x).name: a column of the composite value, or a function applied to it.
func (a *Analyzer) fieldOrFunc(sc *scope, e Expr, name string, loc int32) (Expr, error) {
	out, err := a.funcOrColumn(sc, &funcUse{name: []string{name}, args: []Expr{e}, loc: loc, direct: 1})
	if err == nil && out != nil {
		return out, nil
	}
	if pe := pgerr.From(err); err != nil && pe.Code != pgerr.UndefinedFunction {
		return nil, err
	}
	if v, ok := e.(*Var); ok && v.Col == WholeRow {
		if at := sc.out(v.Up); at != nil {
			return nil, pgerr.New(pgerr.UndefinedColumn, "column %s.%s does not exist", at.rte(v.RTE).Alias, name).At(loc)
		}
	}
	switch t := e.Type(); {
	case a.isComposite(t):
		return nil, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" not found in data type %s", name, a.format(t)).At(loc)
	case t == typeRecord:
		return nil, pgerr.New(pgerr.UndefinedColumn, "could not identify column \"%s\" in record data type", name).At(loc)
	default:
		return nil, pgerr.New(pgerr.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type", name, a.format(t)).At(loc)
	}
}

// field selects a column of a composite value; nil when it has none of that name.
func (a *Analyzer) field(sc *scope, e Expr, name string, loc int32) (Expr, error) {
	switch x := e.(type) {
	case *Var:
		if at := sc.out(x.Up); x.Col == WholeRow && at != nil {
			return a.itemColumn(at, &scopeItem{rte: x.RTE}, x.Up, name, loc)
		} else if x.Typ == typeRecord && at != nil && at.query != nil && x.RTE >= 0 {
			for i, c := range a.recordColumn(at.query.RTable, at.rte(x.RTE), x.Col) {
				if c.Name == name {
					return &Field{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: a.collationOf(c.Typ), Loc: e.Location()}, Arg: e, Name: name, Num: i}, nil
				}
			}
			return nil, nil
		}
	case *Row:
		if x.Typ == typeRecord {
			for i, arg := range x.Args {
				if name == "f"+itoa(i+1) {
					return &Field{Info: Info{Typ: arg.Type(), Mod: arg.Typmod(), Coll: arg.Collation(), Loc: leftmost(loc, e.Location())}, Arg: e, Name: name, Num: i}, nil
				}
			}
			return nil, nil
		}
	case *Call, *SetCall:
		if p := calledProc(e); p != nil && e.Type() == typeRecord {
			for i, c := range outColumns(p, e) {
				if c.Name == name {
					return &Field{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: a.collationOf(c.Typ), Loc: e.Location()}, Arg: e, Name: name, Num: i}, nil
				}
			}
			return nil, nil
		}
	}
	rel, err := a.compositeRelation(e.Type())
	if err != nil || rel == nil {
		return nil, err
	}
	for i := range rel.Columns {
		if c := &rel.Columns[i]; c.Name == name && !c.Dropped {
			return &Field{Info: Info{Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Loc: e.Location()}, Arg: e, Name: name, Num: i}, nil
		}
	}
	return nil, nil
}

// out is the query level up levels out of sc, nil where there is none.
func (sc *scope) out(up int) *scope {
	for range up {
		if sc == nil {
			return nil
		}
		sc = sc.parent
	}
	return sc
}

// rowStar is t.* where one value is expected: the row as a whole, as count(t.*) has it.
func (a *Analyzer) rowStar(sc *scope, n *parse.ColumnRef) (Expr, error) {
	if err := only(n, parse.Has_ColumnRef_Fields|parse.Has_ColumnRef_Location, n.Location); err != nil {
		return nil, err
	}
	names, _, err := columnNames(n)
	if err != nil {
		return nil, err
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
	return a.wholeRow(at, item, up, n.Location)
}
