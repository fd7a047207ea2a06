package analyze

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// fromClause analyses FROM (or USING of DELETE): its items become query.From, their names visible in sc.items. Names that are there
// already (the table UPDATE changes) stay visible to what follows but not inside the items, except laterally.
func (a *Analyzer) fromClause(sc *scope, list []parse.Node) error {
	for _, n := range list {
		item, names, err := a.fromItem(sc, n)
		if err != nil {
			return err
		}
		if err := sc.conflicts(sc.items, names); err != nil {
			return err
		}
		for i := range names {
			names[i].lateralOnly, names[i].lateralOK = true, true
		}
		sc.items = append(sc.items, names...)
		sc.query.From = append(sc.query.From, item)
	}
	for i := range sc.items {
		sc.items[i].lateralOnly, sc.items[i].lateralOK = false, true
	}
	return nil
}

// conflicts refuses two entries of one name.
func (sc *scope) conflicts(have, more []scopeItem) error {
	for i := range more {
		if !more[i].qualified {
			continue
		}
		r := sc.rte(more[i].rte)
		name := more[i].name(r)
		for j := range have {
			if !have[j].qualified {
				continue
			}
			o := sc.rte(have[j].rte)
			if have[j].name(o) != name {
				continue
			}
			// Two tables of different schemas are told apart by their schemas when neither has an alias.
			if r.Kind == RTERelation && o.Kind == RTERelation && r.Relation.Name == name && o.Relation.Name == name &&
				!r.Aliased && !o.Aliased && r.Relation.OID != o.Relation.OID {
				continue
			}
			return pgerr.New(pgerr.DuplicateAlias, "table name \"%s\" specified more than once", name)
		}
	}
	return nil
}

// fromItem analyses one item of FROM and gives the names it makes visible.
func (a *Analyzer) fromItem(sc *scope, n parse.Node) (FromItem, []scopeItem, error) {
	if err := a.enter(); err != nil {
		return nil, nil, err
	}
	defer a.leave()
	switch n := n.(type) {
	case *parse.RangeVar:
		return a.single(a.rangeVar(sc, n))
	case *parse.RangeSubselect:
		return a.single(a.rangeSubselect(sc, n))
	case *parse.RangeFunction:
		return a.single(a.rangeFunction(sc, n))
	case *parse.JoinExpr:
		return a.joinExpr(sc, n)
	case *parse.RangeTableSample:
		return nil, nil, pgerr.Unsupported(n.Location, "TABLESAMPLE is not supported")
	}
	return nil, nil, pgerr.Unsupported(-1, "%s in FROM is not supported", n.NodeName())
}

func (a *Analyzer) single(rte int, err error) (FromItem, []scopeItem, error) {
	if err != nil {
		return nil, nil, err
	}
	return &FromRTE{RTE: rte}, []scopeItem{{rte: rte, qualified: true, unqualified: true}}, nil
}

// add puts an entry into the range table.
func (sc *scope) add(r *RTE) int {
	sc.query.RTable = append(sc.query.RTable, r)
	return len(sc.query.RTable) - 1
}

// rangeVar analyses a name in FROM: a WITH query, else a table or view.
func (a *Analyzer) rangeVar(sc *scope, n *parse.RangeVar) (int, error) {
	if err := onlyRangeVar(n); err != nil {
		return 0, err
	}
	if n.Schemaname == "" {
		if cte, up := sc.findCTE(n.Relname); cte != nil {
			r, err := a.cteEntry(sc, cte, up, n)
			if err != nil {
				return 0, err
			}
			return sc.add(r), nil
		}
	}
	rel, err := a.relation(sc, n)
	if err != nil {
		return 0, err
	}
	a.requirePrivilege(rel, "SELECT")
	var r *RTE
	if rel.Kind == 'v' {
		r, err = a.viewEntry(sc, rel, n)
	} else {
		r, err = a.relationEntry(rel, n)
	}
	if err != nil {
		return 0, err
	}
	return sc.add(r), nil
}

func onlyRangeVar(n *parse.RangeVar) error {
	const fields = parse.Has_RangeVar_Schemaname | parse.Has_RangeVar_Relname | parse.Has_RangeVar_Inh |
		parse.Has_RangeVar_Relpersistence | parse.Has_RangeVar_Alias | parse.Has_RangeVar_Location | parse.Has_RangeVar_Catalogname
	return only(n, fields, n.Location)
}

// relation finds the table or view a name means, with PostgreSQL's errors.
func (a *Analyzer) relation(sc *scope, n *parse.RangeVar) (*catalog.Relation, error) {
	if n.Catalogname != "" && n.Catalogname != a.Database {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: \"%s.%s.%s\"",
			n.Catalogname, n.Schemaname, n.Relname).At(n.Location)
	}
	rel, err := a.Catalog.Relation(n.Schemaname, n.Relname)
	if err != nil {
		if pgerr.Code(err) != pgerr.InvalidSchemaName {
			return nil, err
		}
		rel = nil
	}
	if rel == nil {
		name := n.Relname
		if n.Schemaname != "" {
			name = n.Schemaname + "." + n.Relname
		}
		e := pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name).At(n.Location)
		if n.Schemaname == "" && sc.isPending(n.Relname) {
			e.WithDetail("There is a WITH item named \"%s\", but it cannot be referenced from this part of the query.", n.Relname).
				WithHint("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.")
		}
		return nil, e
	}
	switch rel.Kind {
	case 'i', 'I', 'c':
		what := "indexes"
		if rel.Kind == 'c' {
			what = "composite types"
		}
		return nil, pgerr.New(pgerr.WrongObjectType, "cannot open relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for %s.", what).At(n.Location)
	}
	return rel, nil
}

// relationEntry makes the entry of a stored table.
func (a *Analyzer) relationEntry(rel *catalog.Relation, n *parse.RangeVar) (*RTE, error) {
	r := &RTE{Kind: RTERelation, Alias: rel.Name, Relation: rel}
	r.Columns = make([]RTEColumn, len(rel.Columns))
	for i := range rel.Columns {
		c := &rel.Columns[i]
		r.Columns[i] = RTEColumn{Name: c.Name, Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Dropped: c.Dropped}
	}
	return r, a.applyAlias(r, n.Alias, n.Location)
}

// applyAlias gives an entry its alias and renames its first columns.
func (a *Analyzer) applyAlias(r *RTE, al *parse.Alias, loc int32) error {
	if al == nil {
		return nil
	}
	r.Alias, r.Aliased = al.Aliasname, true
	return a.renameColumns(r, al)
}

func (a *Analyzer) renameColumns(r *RTE, al *parse.Alias) error {
	i, shown := 0, 0
	for c := range r.Columns {
		if !r.Columns[c].Dropped {
			shown++
		}
	}
	if len(al.Colnames) > shown {
		return pgerr.New(pgerr.InvalidColumnReference, "table \"%s\" has %d columns available but %d columns specified", r.Alias, shown, len(al.Colnames))
	}
	for c := range r.Columns {
		if r.Columns[c].Dropped {
			continue
		}
		if i >= len(al.Colnames) {
			break
		}
		if s, ok := al.Colnames[i].(*parse.String); ok {
			r.Columns[c].Name = s.Sval
		}
		i++
	}
	return nil
}

// rangeSubselect analyses a subquery in FROM.
func (a *Analyzer) rangeSubselect(sc *scope, n *parse.RangeSubselect) (int, error) {
	const fields = parse.Has_RangeSubselect_Lateral | parse.Has_RangeSubselect_Subquery | parse.Has_RangeSubselect_Alias
	if err := only(n, fields, -1); err != nil {
		return 0, err
	}
	if n.Alias == nil {
		e := pgerr.New(pgerr.SyntaxError, "subquery in FROM must have an alias").
			WithHint("For example, FROM (SELECT ...) [AS] foo.")
		if s, ok := n.Subquery.(*parse.SelectStmt); ok && s.ValuesLists != nil {
			e = pgerr.New(pgerr.SyntaxError, "VALUES in FROM must have an alias").
				WithHint("For example, FROM (VALUES ...) [AS] foo.")
		}
		return 0, e.At(a.bracketBefore(n.Subquery))
	}
	old := sc.lateral
	sc.lateral = n.Lateral
	saved := sc.kind
	sc.kind = kindFromSubselect
	q, err := a.subquery(sc, n.Subquery)
	sc.lateral, sc.kind = old, saved
	if err != nil {
		return 0, err
	}
	r := &RTE{Kind: RTESubquery, Query: q, Columns: outputColumns(q), Lateral: n.Lateral && q.refersOut(1)}
	if err := a.applyAlias(r, n.Alias, -1); err != nil {
		return 0, err
	}
	return sc.add(r), nil
}

// bracketBefore finds the bracket a subquery in FROM stands in; the syntax tree does not have its place.
func (a *Analyzer) bracketBefore(n parse.Node) int32 {
	s, ok := n.(*parse.SelectStmt)
	for ok && s.Larg != nil {
		s = s.Larg
	}
	if !ok {
		return -1
	}
	at := int32(-1)
	switch {
	case len(s.TargetList) > 0:
		if t, ok := s.TargetList[0].(*parse.ResTarget); ok {
			at = t.Location
		}
	case len(s.ValuesLists) > 0:
		if l, ok := s.ValuesLists[0].(*parse.List); ok && len(l.Items) > 0 {
			at = nodeLocation(l.Items[0])
			// The row's own bracket comes first.
			if i := strings.LastIndexByte(a.before(at), '('); i >= 0 {
				at = int32(a.offset + i)
			}
		}
	}
	if i := strings.LastIndexByte(a.before(at), '('); i >= 0 {
		return int32(a.offset + i)
	}
	return -1
}

// before is the statement's text up to a place.
func (a *Analyzer) before(loc int32) string {
	i := int(loc) - a.offset
	if i < 0 || i > len(a.text) {
		return ""
	}
	return a.text[:i]
}

// outputColumns are the columns a query gives.
func outputColumns(q *Query) []RTEColumn {
	ts := q.Targets
	if q.Command != Select {
		ts = q.Returning
	}
	out := make([]RTEColumn, 0, len(ts))
	for i := range ts {
		if t := &ts[i]; !t.Junk {
			out = append(out, RTEColumn{Name: t.Name, Typ: t.Expr.Type(), Mod: t.Expr.Typmod(), Coll: t.Expr.Collation()})
		}
	}
	return out
}

// refersOut tells whether anything in q, which stands level levels below, names the level where it stands.
func (q *Query) refersOut(level int) bool {
	found := false
	q.deepVars(level, func(*Var) { found = true })
	return found
}

// RefersOut tells whether a query names anything of the levels around it.
func (q *Query) RefersOut() bool {
	for level := 1; level < 16; level++ {
		if q.refersOut(level) {
			return true
		}
	}
	return false
}

// EachSublink visits the queries of the sublinks in a query's own expressions.
func (q *Query) EachSublink(f func(*Query)) {
	q.eachExpr(func(e Expr) {
		walk(e, func(e Expr) bool {
			if s, ok := e.(*Sublink); ok {
				f(s.Query)
			}
			return true
		})
	})
}

// deepVars visits the variables in q and everything below it that belong to the query level levels out of q.
func (q *Query) deepVars(level int, f func(*Var)) {
	visit := func(e Expr) bool {
		switch e := e.(type) {
		case *Var:
			if e.Up == level {
				f(e)
			}
		case *Sublink:
			e.Query.deepVars(level+1, f)
		}
		return true
	}
	q.eachExpr(func(e Expr) { walk(e, visit) })
	q.eachQuery(func(sub *Query, down int) { sub.deepVars(level+down, f) })
}

// eachQuery visits the queries directly below q that are not in expressions. down is how many levels their Up counts more.
func (q *Query) eachQuery(f func(sub *Query, down int)) {
	for _, c := range q.With {
		if c.Query != nil {
			f(c.Query, 1)
		}
	}
	for _, r := range q.RTable {
		if r.Query != nil {
			f(r.Query, 1)
		}
	}
	if q.SetOp != nil {
		f(q.SetOp.Left, 1)
		f(q.SetOp.Right, 1)
	}
	if q.Source != nil {
		f(q.Source, 1)
	}
}
