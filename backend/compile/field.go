package compile

import "pgd/backend/analyze"

// fieldPlace is where a field is in a stored row, which has no place for columns that were dropped.
func (g *gen) fieldPlace(e *analyze.Field) int {
	t := g.o.Catalog.Type(g.baseType(e.Arg.Type()))
	if t == nil || t.Kind != 'c' || t.Relid == 0 {
		return e.Num
	}
	rel, err := g.o.Catalog.RelationByOID(t.Relid)
	if err != nil {
		g.fail(err)
	}
	if rel == nil {
		return e.Num
	}
	at := e.Num
	for i := 0; i < e.Num && i < len(rel.Columns); i++ {
		if rel.Columns[i].Dropped {
			at--
		}
	}
	return at
}

// unlikeForms tells a row type with a column whose equal values may be stored otherwise (1.0 and 1.00, 1 day and 24 hours): its rows are compared
// column by column, not as bytes.
func (g *gen) unlikeForms(oid uint32, depth int) bool {
	row := g.o.Catalog.Type(oid)
	if row == nil || row.Kind != 'c' || depth > 16 {
		return false
	}
	rel, err := g.o.Catalog.RelationByOID(row.Relid)
	if err != nil {
		g.fail(err)
	}
	if rel == nil {
		return false
	}
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if c.Dropped {
			continue
		}
		typ := g.baseType(c.Type)
		t := g.typ(typ)
		if t != nil && t.Elem != 0 {
			typ = t.Elem
			t = g.typ(typ)
		}
		if t == nil || t.Collation != "" || g.unlikeForms(typ, depth+1) {
			return true
		}
	}
	return false
}
