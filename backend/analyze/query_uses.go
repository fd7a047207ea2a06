package analyze

import "pgd/backend/catalog"

// typeRegclassOID is regclass: a constant of it names a relation, the sequence of nextval most of all.
const typeRegclassOID = 2205

// Uses lists what a query reads, each once: a relation, with the column where one is named.
func Uses(q *Query) []catalog.Address {
	u := &uses{seen: map[catalog.Address]bool{}}
	u.query(q)
	return u.out
}

type uses struct {
	out    []catalog.Address
	seen   map[catalog.Address]bool
	levels []*Query
	entry  func(r *RTE) // told of each entry; may be nil
}

func (u *uses) add(rel *catalog.Relation, sub int32) {
	a := catalog.Address{Class: catalog.ClassRelation, OID: rel.OID, Sub: sub}
	if rel.System || u.seen[a] {
		return
	}
	u.seen[a] = true
	u.out = append(u.out, a)
}

func (u *uses) query(q *Query) {
	if q == nil {
		return
	}
	u.levels = append(u.levels, q)
	defer func() { u.levels = u.levels[:len(u.levels)-1] }()
	for _, c := range q.With {
		u.query(c.Query)
	}
	for _, r := range q.RTable {
		if u.entry != nil {
			u.entry(r)
		}
		switch {
		case r.Relation != nil:
			u.add(r.Relation, 0)
		case r.View != nil: // what the view reads is the view's own affair
			u.add(r.View, 0)
		case r.Kind == RTESubquery || r.Kind == RTEValues:
			u.query(r.Query)
		}
		for _, f := range r.Func {
			u.expr(f)
		}
		for _, f := range r.JoinVars {
			u.expr(f)
		}
	}
	for _, f := range q.From {
		u.from(f)
	}
	if q.SetOp != nil {
		u.query(q.SetOp.Left)
		u.query(q.SetOp.Right)
	}
	for _, e := range q.expressions() {
		u.expr(e)
	}
}

func (u *uses) from(f FromItem) {
	if j, ok := f.(*Join); ok {
		u.from(j.Left)
		u.from(j.Right)
		u.expr(j.On)
	}
}

// expressions are all expressions of a query but those of FROM.
func (q *Query) expressions() []Expr {
	out := []Expr{q.Where, q.Having, q.Limit, q.Offset}
	for _, t := range q.Targets {
		out = append(out, t.Expr)
	}
	for _, k := range q.Order {
		out = append(out, k.Expr)
	}
	out = append(append(out, q.GroupBy...), q.DistinctOn...)
	for _, r := range q.Values {
		out = append(out, r...)
	}
	for _, w := range q.Windows {
		out = append(append(out, w.Partition...), w.Offsets...)
		for _, k := range w.Order {
			out = append(out, k.Expr)
		}
	}
	return out
}

func (u *uses) expr(e Expr) {
	if e == nil {
		return
	}
	walk(e, func(e Expr) bool {
		switch x := e.(type) {
		case *Var:
			if x.Up < len(u.levels) && x.RTE >= 0 && x.Col >= 0 {
				q := u.levels[len(u.levels)-1-x.Up]
				if x.RTE < len(q.RTable) {
					r := q.RTable[x.RTE]
					if rel := r.Relation; rel != nil {
						u.add(rel, int32(x.Col+1))
					} else if rel := r.View; rel != nil {
						u.add(rel, int32(x.Col+1))
					}
				}
			}
		case *Const:
			if x.Typ == typeRegclassOID && !x.Value.IsNull() {
				a := catalog.Address{Class: catalog.ClassRelation, OID: uint32(x.Value.I)}
				if !u.seen[a] && a.OID >= 16384 {
					u.seen[a] = true
					u.out = append(u.out, a)
				}
			}
		case *Sublink:
			u.query(x.Query)
		}
		return true
	})
}

// Refresh puts the relations of a query analysed earlier right after a rename: columns take the names they have now, except where an alias
// names them.
func Refresh(q *Query, now func(oid uint32) (*catalog.Relation, error)) error {
	u := &uses{seen: map[catalog.Address]bool{}}
	var failed error
	u.entry = func(r *RTE) {
		rel := r.Relation
		if rel == nil {
			rel = r.View
		}
		if rel == nil || rel.System || failed != nil {
			return
		}
		fresh, err := now(rel.OID)
		if err != nil || fresh == nil {
			failed = err
			return
		}
		for i := range r.Columns {
			if i < len(rel.Columns) && i < len(fresh.Columns) && r.Columns[i].Name == rel.Columns[i].Name {
				r.Columns[i].Name = fresh.Columns[i].Name
			}
		}
		if !r.Aliased && r.Alias == rel.Name {
			r.Alias = fresh.Name
		}
		if r.Relation != nil {
			r.Relation = fresh
		} else {
			r.View = fresh
		}
	}
	u.query(q)
	return failed
}
