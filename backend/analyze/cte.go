package analyze

import (
	"reflect"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// recursion is the state of analysing a recursive WITH query.
type recursion struct {
	cte *CTE
	// left is set while the non-recursive term is analysed; refs counts references to itself.
	left bool
	refs int
	// aliases are the column names given after the query's name.
	aliases []parse.Node
}

// withClause analyses WITH; its queries are visible to what follows in sc and below.
func (a *Analyzer) withClause(sc *scope, n *parse.WithClause) error {
	if n == nil {
		return nil
	}
	if err := only(n, parse.Has_WithClause_Ctes|parse.Has_WithClause_Recursive|parse.Has_WithClause_Location, n.Location); err != nil {
		return err
	}
	list := make([]*parse.CommonTableExpr, 0, len(n.Ctes))
	for _, c := range n.Ctes {
		cte, ok := c.(*parse.CommonTableExpr)
		if !ok {
			return pgerr.Unsupported(n.Location, "this WITH item is not supported")
		}
		for _, have := range list {
			if have.Ctename == cte.Ctename {
				return pgerr.New(pgerr.DuplicateAlias, "WITH query name \"%s\" specified more than once", cte.Ctename).At(cte.Location)
			}
		}
		list = append(list, cte)
	}
	for _, c := range list {
		if _, ok := c.Ctequery.(*parse.SelectStmt); !ok {
			return pgerr.Unsupported(c.Location, "data-modifying statements in WITH are not supported")
		}
	}
	if n.Recursive {
		var err error
		if list, err = orderCTEs(list); err != nil {
			return err
		}
		sc.query.Recursive = true
	}
	for i, c := range list {
		sc.pending = nil
		for _, later := range list[i:] {
			sc.pending = append(sc.pending, later.Ctename)
		}
		if err := a.commonTable(sc, c, n.Recursive && names(c.Ctequery, c.Ctename)); err != nil {
			return err
		}
	}
	sc.pending = nil
	return nil
}

// commonTable analyses one WITH query and makes it visible.
func (a *Analyzer) commonTable(sc *scope, n *parse.CommonTableExpr, recursive bool) error {
	const fields = parse.Has_CommonTableExpr_Ctename | parse.Has_CommonTableExpr_Aliascolnames | parse.Has_CommonTableExpr_Ctematerialized |
		parse.Has_CommonTableExpr_Ctequery | parse.Has_CommonTableExpr_Location
	if err := only(n, fields, n.Location); err != nil {
		return err
	}
	cte := &CTE{Name: n.Ctename, Recursive: recursive}
	switch n.Ctematerialized {
	case parse.CTEMaterialize_CTEMaterializeAlways:
		cte.Materialized = 1
	case parse.CTEMaterialize_CTEMaterializeNever:
		cte.Materialized = -1
	}
	sel := n.Ctequery.(*parse.SelectStmt)
	items := sc.items
	sc.items = nil
	defer func() { sc.items = items }()
	if !recursive {
		q, err := a.subquery(sc, sel)
		if err != nil {
			return err
		}
		cte.Query, cte.Columns = q, outputColumns(q)
		if err := renameCTE(cte, n.Aliascolnames); err != nil {
			return err.At(n.Location)
		}
		sc.ctes = append(sc.ctes, cte)
		sc.query.With = append(sc.query.With, cte)
		return nil
	}
	if err := recursiveForm(n, sel); err != nil {
		return err
	}
	rec := &recursion{cte: cte, aliases: n.Aliascolnames}
	sc.ctes = append(sc.ctes, cte)
	sc.query.With = append(sc.query.With, cte)
	if err := a.enter(); err != nil {
		return err
	}
	defer a.leave()
	below := &scope{parent: sc, query: &Query{}, recursion: rec}
	cte.Query = below.query
	return a.setOperation(below, sel, true)
}

// recursiveForm refuses what cannot be a recursive query.
func recursiveForm(n *parse.CommonTableExpr, s *parse.SelectStmt) error {
	if s.Op != parse.SetOperation_SETOP_UNION {
		return pgerr.New(pgerr.InvalidRecursion, "recursive query \"%s\" does not have the form non-recursive-term UNION [ALL] recursive-term", n.Ctename).At(n.Location)
	}
	if names(s.Larg, n.Ctename) {
		return pgerr.New(pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within its non-recursive term", n.Ctename).
			At(nameLocation(s.Larg, n.Ctename))
	}
	refuse := func(what string, n parse.Node) error {
		return pgerr.Unsupported(nodeLocation(n), "%s in a recursive query is not implemented", what)
	}
	switch {
	case s.SortClause != nil:
		var first parse.Node
		if sb, ok := s.SortClause[0].(*parse.SortBy); ok {
			first = sb.Node
		}
		return refuse("ORDER BY", first)
	case s.LimitOffset != nil:
		return refuse("OFFSET", s.LimitOffset)
	case s.LimitCount != nil:
		return refuse("LIMIT", s.LimitCount)
	case s.LockingClause != nil:
		return refuse("FOR UPDATE/SHARE", nil)
	}
	return recursiveReference(s.Rarg, n.Ctename)
}

// recursiveReference refuses references of the recursive term to itself where it cannot have any.
func recursiveReference(s *parse.SelectStmt, name string) error {
	refuse := func(n parse.Node, where string) error {
		return pgerr.New(pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within %s", name, where).At(nameLocation(n, name))
	}
	if s.Op > parse.SetOperation_SETOP_NONE {
		switch {
		case s.Op == parse.SetOperation_SETOP_EXCEPT && names(s.Rarg, name):
			return refuse(s.Rarg, "EXCEPT")
		case s.Op == parse.SetOperation_SETOP_INTERSECT && s.All && (names(s.Larg, name) || names(s.Rarg, name)):
			return refuse(s, "INTERSECT")
		}
		return pgerr.Unsupported(nameLocation(s, name), "a set operation in the recursive term is not supported")
	}
	for _, n := range append(append([]parse.Node{s.WhereClause, s.HavingClause}, s.TargetList...), s.GroupClause...) {
		if n != nil && names(n, name) {
			return refuse(n, "a subquery")
		}
	}
	var inJoin func(n parse.Node) error
	inJoin = func(n parse.Node) error {
		j, ok := n.(*parse.JoinExpr)
		if !ok {
			return nil
		}
		if (j.Jointype == parse.JoinType_JOIN_LEFT || j.Jointype == parse.JoinType_JOIN_FULL) && names(j.Rarg, name) {
			return refuse(j.Rarg, "an outer join")
		}
		if (j.Jointype == parse.JoinType_JOIN_RIGHT || j.Jointype == parse.JoinType_JOIN_FULL) && names(j.Larg, name) {
			return refuse(j.Larg, "an outer join")
		}
		if j.Quals != nil && names(j.Quals, name) {
			return refuse(j.Quals, "a subquery")
		}
		if err := inJoin(j.Larg); err != nil {
			return err
		}
		return inJoin(j.Rarg)
	}
	for _, n := range s.FromClause {
		if err := inJoin(n); err != nil {
			return err
		}
	}
	return nil
}

// settleRecursion fixes the columns of a recursive query once its non-recursive term is known.
func (a *Analyzer) settleRecursion(rec *recursion, left *Query) error {
	rec.left = false
	if left.SetOp == nil && left.Values == nil {
		if err := a.resolveTargets(left.Targets); err != nil {
			return err
		}
	}
	rec.cte.Columns = outputColumns(left)
	if err := renameCTE(rec.cte, rec.aliases); err != nil {
		return err
	}
	return nil
}

func renameCTE(c *CTE, names []parse.Node) *pgerr.Error {
	if len(names) > len(c.Columns) {
		return pgerr.New(pgerr.InvalidColumnReference, "WITH query \"%s\" has %d columns available but %d columns specified", c.Name, len(c.Columns), len(names))
	}
	for i, n := range names {
		if s, ok := n.(*parse.String); ok {
			c.Columns[i].Name = s.Sval
		}
	}
	return nil
}

// findCTE finds a WITH query by name, innermost level first; up is how many levels out.
func (sc *scope) findCTE(name string) (cte *CTE, up int) {
	for at := sc; at != nil; at = at.parent {
		for i := len(at.ctes) - 1; i >= 0; i-- {
			if at.ctes[i].Name == name {
				return at.ctes[i], up
			}
		}
		up++
	}
	return nil, 0
}

// isPending tells whether name is a WITH query that a name here may not reach yet.
func (sc *scope) isPending(name string) bool {
	for at := sc; at != nil; at = at.parent {
		for _, p := range at.pending {
			if p == name {
				return true
			}
		}
	}
	return false
}

// cteEntry makes the entry of a reference to a WITH query.
func (a *Analyzer) cteEntry(sc *scope, cte *CTE, up int, n *parse.RangeVar) (*RTE, error) {
	for at := sc; at != nil; at = at.parent {
		rec := at.recursion
		if rec == nil || rec.cte != cte {
			continue
		}
		if rec.left {
			return nil, pgerr.New(pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear within its non-recursive term", cte.Name).At(n.Location)
		}
		if rec.refs++; rec.refs > 1 {
			return nil, pgerr.New(pgerr.InvalidRecursion, "recursive reference to query \"%s\" must not appear more than once", cte.Name).At(n.Location)
		}
	}
	cte.Refs++
	r := &RTE{Kind: RTECTE, Alias: cte.Name, CTE: cte, CTEUp: up, Columns: append([]RTEColumn{}, cte.Columns...)}
	return r, a.applyAlias(r, n.Alias, n.Location)
}

// orderCTEs sorts the items of WITH RECURSIVE so that each comes after those it names.
func orderCTEs(list []*parse.CommonTableExpr) ([]*parse.CommonTableExpr, error) {
	var out []*parse.CommonTableExpr
	left := append([]*parse.CommonTableExpr{}, list...)
	for len(left) > 0 {
		next := -1
		for i, c := range left {
			free := true
			for j, d := range left {
				free = free && (i == j || !names(c.Ctequery, d.Ctename))
			}
			if free {
				next = i
				break
			}
		}
		if next < 0 {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "mutual recursion between WITH items is not implemented").At(left[0].Location)
		}
		out = append(out, left[next])
		left = append(left[:next:next], left[next+1:]...)
	}
	return out, nil
}

// names tells whether a tree refers to a table by this bare name.
func names(n parse.Node, name string) bool { return nameLocationOr(n, name, -2) != -2 }

// nameLocation is where a tree refers to a table by this bare name, -1 where it does not.
func nameLocation(n parse.Node, name string) int32 { return nameLocationOr(n, name, -1) }

func nameLocationOr(n parse.Node, name string, none int32) int32 {
	if n == nil {
		return none
	}
	return scanNames(reflect.ValueOf(n), name, none)
}

// scanNames looks through a tree by reflection: any node may hold a subquery. An inner WITH of the same name hides it.
func scanNames(v reflect.Value, name string, none int32) int32 {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return none
		}
		switch n := v.Interface().(type) {
		case *parse.RangeVar:
			if n.Schemaname == "" && n.Relname == name {
				return n.Location
			}
			return none
		case *parse.SelectStmt:
			if n.WithClause != nil {
				for _, c := range n.WithClause.Ctes {
					if c, ok := c.(*parse.CommonTableExpr); ok && c.Ctename == name {
						return none
					}
				}
			}
		}
		return scanNames(v.Elem(), name, none)
	case reflect.Struct:
		for i := range v.NumField() {
			if at := scanNames(v.Field(i), name, none); at != none {
				return at
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return none
		}
		for i := range v.Len() {
			if at := scanNames(v.Index(i), name, none); at != none {
				return at
			}
		}
	}
	return none
}
