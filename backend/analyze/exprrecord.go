package analyze

// recordColumns are the columns of a value of type record, found where the value is made, as PostgreSQL's expandRecordVariable does; nil
// where that is not known. rt is the range table its Vars refer to.
func (a *Analyzer) recordColumns(rt []*RTE, e Expr) []RTEColumn {
	switch x := e.(type) {
	case *Call, *SetCall:
		if p := calledProc(e); p != nil {
			return outColumns(p, e)
		}
	case *Row:
		if x.Typ != typeRecord {
			return nil
		}
		out := make([]RTEColumn, len(x.Args))
		for i, arg := range x.Args {
			out[i] = RTEColumn{Name: "f" + itoa(i+1), Typ: arg.Type(), Mod: arg.Typmod(), Coll: arg.Collation()}
		}
		return out
	case *Var:
		if x.Up != 0 || x.RTE < 0 || x.RTE >= len(rt) {
			return nil
		}
		return a.recordColumn(rt, rt[x.RTE], x.Col)
	}
	return nil
}

// recordColumn is recordColumns of a column of an entry, or of the entry's whole row.
func (a *Analyzer) recordColumn(rt []*RTE, r *RTE, col int) []RTEColumn {
	if col == WholeRow {
		var out []RTEColumn
		for _, c := range r.Columns {
			if !c.Dropped {
				out = append(out, c)
			}
		}
		return out
	}
	q := r.Query
	switch {
	case col < 0:
		return nil
	case r.Kind == RTECTE && r.CTE != nil:
		q = r.CTE.Query
	case r.Kind == RTEJoin && col < len(r.JoinVars):
		return a.recordColumns(rt, r.JoinVars[col])
	}
	for q != nil && q.SetOp != nil {
		q = q.SetOp.Left
	}
	if q == nil {
		return nil
	}
	for i := range q.Targets {
		t := &q.Targets[i]
		switch {
		case t.Junk:
		case col == 0:
			return a.recordColumns(q.RTable, t.Expr)
		default:
			col--
		}
	}
	return nil
}
