package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Types of the columns every table has.
const (
	typeTID uint32 = 27
)

// systemColumns are the columns every table has beside its own. A zero place means pgd keeps no such thing.
var systemColumns = map[string]struct {
	col int
	typ uint32
}{
	"tableoid": {TableOIDCol, typeOID},
	"ctid":     {CtidCol, typeTID},
	"xmin":     {}, "xmax": {}, "cmin": {}, "cmax": {},
}

// columnRef resolves a name of one to four parts to a column or a whole row, as PostgreSQL's transformColumnRef.
func (a *Analyzer) columnRef(sc *scope, n *parse.ColumnRef) (Expr, error) {
	if err := only(n, parse.Has_ColumnRef_Fields|parse.Has_ColumnRef_Location, n.Location); err != nil {
		return nil, err
	}
	names, star, err := columnNames(n)
	if err != nil {
		return nil, err
	}
	if star {
		return nil, pgerr.Unsupported(n.Location, "row expansion via \"*\" is not supported here")
	}
	if sc.kind == kindDefault {
		return nil, pgerr.Unsupported(n.Location, "cannot use column reference in DEFAULT expression")
	}
	if len(names) == 1 && names[0] == "value" && sc.domainValue != nil {
		v := *sc.domainValue
		v.Loc = n.Location
		return &v, nil
	}
	if len(names) == 1 {
		return a.unqualified(sc, names[0], n.Location)
	}
	schema, rel, col, err := a.qualifiers(names, n.Location)
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
	e, err := a.itemColumn(at, item, up, col, n.Location)
	if err != nil || e != nil {
		return e, err
	}
	return nil, a.missingColumn(sc, rel, col, n.Location)
}

// columnNames gives the parts of a column reference; star tells that the last is an asterisk.
func columnNames(n *parse.ColumnRef) (names []string, star bool, err error) {
	for i, f := range n.Fields {
		switch f := f.(type) {
		case *parse.String:
			names = append(names, f.Sval)
		case *parse.A_Star:
			if i != len(n.Fields)-1 {
				return nil, false, pgerr.New(pgerr.SyntaxError, "improper use of \"*\"").At(n.Location)
			}
			star = true
		default:
			return nil, false, pgerr.Unsupported(n.Location, "column reference is not supported")
		}
	}
	return names, star, nil
}

// qualifiers splits relation and column off a name of two to four parts.
func (a *Analyzer) qualifiers(names []string, loc int32) (schema, rel, col string, err error) {
	switch len(names) {
	case 2:
		return "", names[0], names[1], nil
	case 3:
		return names[0], names[1], names[2], nil
	case 4:
		if a.Database != "" && names[0] == a.Database {
			return names[1], names[2], names[3], nil
		}
		return "", "", "", pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: %s", dotted(names)).At(loc)
	}
	return "", "", "", pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", dotted(names)).At(loc)
}

func dotted(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += "."
		}
		s += n
	}
	return s
}

// unqualified resolves a bare name: a column of the nearest level that has one, else a relation's whole row.
func (a *Analyzer) unqualified(sc *scope, name string, loc int32) (Expr, error) {
	e, err := a.findColumn(sc, name, loc, false)
	if err != nil || e != nil {
		return e, err
	}
	item, at, up, err := a.findItem(sc, "", name, loc)
	if err != nil {
		return nil, err
	}
	if item != nil && item.rte >= 0 {
		return a.wholeRow(at, item, up, loc)
	}
	return nil, a.missingColumn(sc, "", name, loc)
}

// findColumn looks for a column by its bare name, level by level; nil where there is none. local stops at sc.
func (a *Analyzer) findColumn(sc *scope, name string, loc int32, local bool) (Expr, error) {
	for up, at := 0, sc; at != nil; up, at = up+1, at.parent {
		var found Expr
		for i := range at.items {
			item := &at.items[i]
			if !item.unqualified || item.lateralOnly && !at.lateral {
				continue
			}
			e, err := a.itemColumn(at, item, up, name, loc)
			if err != nil {
				return nil, err
			}
			if e == nil {
				continue
			}
			if found != nil {
				return nil, pgerr.New(pgerr.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(loc)
			}
			if err := lateralAllowed(at, item, loc); err != nil {
				return nil, err
			}
			found = e
		}
		if found != nil || local {
			return found, nil
		}
	}
	return nil, nil
}

// itemColumn finds a column of one entry; nil where it has none of that name.
func (a *Analyzer) itemColumn(at *scope, item *scopeItem, up int, name string, loc int32) (Expr, error) {
	rte := at.rte(item.rte)
	col := -1
	for i := range rte.Columns {
		if c := &rte.Columns[i]; c.Name == name && !c.Dropped {
			if col >= 0 {
				return nil, pgerr.New(pgerr.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(loc)
			}
			col = i
		}
	}
	if col >= 0 {
		return at.columnVar(item.rte, col, up, loc), nil
	}
	if rte.Kind != RTERelation {
		return nil, nil
	}
	if s, ok := systemColumns[name]; ok {
		if s.col == 0 {
			return nil, pgerr.Unsupported(loc, "system column \"%s\" is not supported", name)
		}
		return &Var{Info: Info{Typ: s.typ, Mod: -1, Loc: loc}, Up: up, RTE: item.rte, Col: s.col}, nil
	}
	return nil, nil
}

// rte gives an entry of this level; -1 is the level's own output (ORDER BY of a set operation).
func (sc *scope) rte(i int) *RTE {
	if i < 0 {
		return sc.output
	}
	return sc.query.RTable[i]
}

// columnVar makes a reference to a column; a join's column that is just a column of one side becomes that, so that both ways
// to name it are the same expression.
func (sc *scope) columnVar(rte, col, up int, loc int32) *Var {
	r := sc.rte(rte)
	if r.Kind == RTEJoin {
		if v, ok := r.JoinVars[col].(*Var); ok {
			w := *v
			w.Up, w.Loc = v.Up+up, loc
			return &w
		}
	}
	c := &r.Columns[col]
	return &Var{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: c.Coll, Loc: loc}, Up: up, RTE: rte, Col: col}
}

// findItem looks for an entry by the name columns are qualified with, level by level; nil where there is none.
func (a *Analyzer) findItem(sc *scope, schema, rel string, loc int32) (item *scopeItem, at *scope, up int, err error) {
	oid := uint32(0)
	if schema != "" {
		r, err := a.Catalog.Relation(schema, rel)
		if err != nil || r == nil {
			return nil, nil, 0, nil
		}
		oid = r.OID
	}
	for up, at = 0, sc; at != nil; up, at = up+1, at.parent {
		for i := range at.items {
			it := &at.items[i]
			if !it.qualified || it.lateralOnly && !at.lateral {
				continue
			}
			r := at.rte(it.rte)
			if it.name(r) != rel {
				continue
			}
			if schema != "" && !(r.Kind == RTERelation && r.Relation.OID == oid || r.View != nil && r.View.OID == oid) {
				continue
			}
			if item != nil {
				return nil, nil, 0, pgerr.New(pgerr.AmbiguousAlias, "table reference \"%s\" is ambiguous", rel).At(loc)
			}
			if err := lateralAllowed(at, it, loc); err != nil {
				return nil, nil, 0, err
			}
			item = it
		}
		if item != nil {
			return item, at, up, nil
		}
	}
	return nil, nil, 0, nil
}

// name is what the item's columns are qualified with.
func (it *scopeItem) name(r *RTE) string {
	if it.alias != "" {
		return it.alias
	}
	return r.Alias
}

func lateralAllowed(sc *scope, item *scopeItem, loc int32) error {
	if item.lateralOnly && !item.lateralOK {
		return pgerr.New(pgerr.InvalidColumnReference, "invalid reference to FROM-clause entry for table \"%s\"", item.name(sc.rte(item.rte))).
			WithDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.").At(loc)
	}
	return nil
}

// wholeRow makes a reference to all columns of an entry as one composite value; a function's single scalar column is itself.
func (a *Analyzer) wholeRow(at *scope, item *scopeItem, up int, loc int32) (Expr, error) {
	r := at.rte(item.rte)
	if r.Kind == RTEFunction && len(r.Columns) == 1 && len(r.Func) == 1 && r.Scalar {
		return at.columnVar(item.rte, 0, up, loc), nil
	}
	typ := typeRecord
	switch {
	case r.Kind == RTERelation:
		typ = r.Relation.RowType
	case r.View != nil:
		typ = r.View.RowType
	}
	return &Var{Info: Info{Typ: typ, Mod: -1, Loc: loc}, Up: up, RTE: item.rte, Col: WholeRow}, nil
}
