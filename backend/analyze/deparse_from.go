package analyze

import "pgd/backend/catalog"

// fromItem prints an item of FROM: an entry, or a join over several lines.
func (d *deparser) fromItem(q *Query, f FromItem) {
	switch f := f.(type) {
	case *FromRTE:
		d.entry(q, f.RTE)
	case *Join:
		aliased := f.RTE >= 0 && f.RTE < len(q.RTable) && q.RTable[f.RTE].Aliased
		if aliased {
			d.put("(")
		}
		d.joinSide(q, f.Left)
		word := map[JoinKind]string{JoinInner: "JOIN ", JoinLeft: "LEFT JOIN ", JoinRight: "RIGHT JOIN ", JoinFull: "FULL JOIN "}[f.Kind]
		if f.On == nil {
			word = "CROSS JOIN "
		}
		d.newline(5, word)
		d.joinSide(q, f.Right)
		if f.On != nil {
			d.put(" ON (")
			d.expr(f.On, false)
			d.put(")")
		}
		if aliased {
			d.put(") ")
			d.aliasList(q, f.RTE, true)
		}
	}
}

func (d *deparser) joinSide(q *Query, f FromItem) {
	if _, ok := f.(*Join); ok {
		d.put("(")
		d.fromItem(q, f)
		d.put(")")
		return
	}
	d.fromItem(q, f)
}

// entry prints one entry of FROM with its alias.
func (d *deparser) entry(q *Query, i int) {
	r := q.RTable[i]
	if r.Lateral && r.Kind != RTEFunction {
		d.put("LATERAL ")
	}
	switch {
	case r.Relation != nil:
		d.relation(q, i, r.Relation)
	case r.View != nil:
		d.relation(q, i, r.View)
	case r.Kind == RTECTE:
		d.put(catalog.QuoteIdent(r.CTE.Name))
		renamed := false
		for j, c := range r.Columns {
			renamed = renamed || c.Name != r.CTE.Columns[j].Name
		}
		if alias := d.alias(q, i); alias != r.CTE.Name || renamed {
			d.put(" ")
			d.aliasList(q, i, renamed)
		}
	case r.Kind == RTEFunction:
		d.function_(q, i)
	case r.Query != nil:
		d.put("(")
		d.indent += 8
		d.query(r.Query)
		d.indent -= 8
		d.put(") ")
		d.aliasList(q, i, true)
	default:
		panic(undeparsable("storing this form of FROM is not supported"))
	}
}

func (d *deparser) relation(q *Query, i int, rel *catalog.Relation) {
	name := catalog.QuoteIdent(rel.Name)
	if found, err := d.cat.Relation("", rel.Name); err != nil || found == nil || found.OID != rel.OID {
		name = catalog.QuoteIdent(rel.Schema) + "." + name
	}
	d.put(name)
	r, renamed := q.RTable[i], false
	for j, c := range r.Columns {
		renamed = renamed || !c.Dropped && j < len(rel.Columns) && c.Name != rel.Columns[j].Name
	}
	if alias := d.alias(q, i); alias != rel.Name || renamed {
		d.put(" ")
		d.aliasList(q, i, renamed)
	}
}

func (d *deparser) function_(q *Query, i int) {
	r := q.RTable[i]
	if len(r.Func) != 1 {
		d.put("ROWS FROM(")
	}
	d.list(r.Func, false)
	if len(r.Func) != 1 {
		d.put(")")
	}
	if r.Ordinal {
		d.put(" WITH ORDINALITY")
	}
	d.put(" ")
	d.aliasList(q, i, true)
}

// aliasList prints an entry's alias, with the names of its columns where columns says so.
func (d *deparser) aliasList(q *Query, i int, columns bool) {
	d.put(catalog.QuoteIdent(d.alias(q, i)))
	if !columns {
		return
	}
	d.put("(")
	first := true
	for _, c := range q.RTable[i].Columns {
		if c.Dropped {
			continue
		}
		if !first {
			d.put(", ")
		}
		first = false
		d.put(catalog.QuoteIdent(c.Name))
	}
	d.put(")")
}
