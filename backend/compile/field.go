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
