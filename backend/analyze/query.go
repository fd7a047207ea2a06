package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Query analyses a statement that reads or changes rows. The names, types and privileges of its result are settled.
func (a *Analyzer) Query(st parse.Statement) (*Query, error) {
	a.text, a.offset = st.Text, st.Offset
	q, err := a.statement(nil, st.Node)
	if err != nil {
		return nil, err
	}
	if err := a.finishParams(); err != nil {
		return nil, err
	}
	if err := a.checkPrivileges(); err != nil {
		return nil, err
	}
	return q, nil
}

// statement analyses SELECT, VALUES, TABLE, INSERT, UPDATE or DELETE below parent, nil at the top.
func (a *Analyzer) statement(parent *scope, n parse.Node) (*Query, error) {
	switch n := n.(type) {
	case *parse.SelectStmt:
		return a.selectStatement(parent, n, true)
	case *parse.InsertStmt:
		return a.insertStatement(parent, n)
	case *parse.UpdateStmt:
		return a.updateStatement(parent, n)
	case *parse.DeleteStmt:
		return a.deleteStatement(parent, n)
	}
	return nil, pgerr.Unsupported(-1, "%s is not supported", n.NodeName())
}

// subquery analyses a query nested in an expression or in FROM; unknown literals left in its output become text.
func (a *Analyzer) subquery(sc *scope, n parse.Node) (*Query, error) {
	s, ok := n.(*parse.SelectStmt)
	if !ok {
		return nil, pgerr.Unsupported(-1, "%s in a subquery is not supported", n.NodeName())
	}
	return a.selectStatement(sc, s, true)
}

// selectStatement analyses a SELECT of any form. resolve turns unknown literals of its output into text; arms of set operations and
// the source of INSERT leave them to their context.
func (a *Analyzer) selectStatement(parent *scope, n *parse.SelectStmt, resolve bool) (*Query, error) {
	if err := a.enter(); err != nil {
		return nil, err
	}
	defer a.leave()
	sc := &scope{parent: parent, query: &Query{}}
	var err error
	switch {
	case n.ValuesLists != nil:
		err = a.valuesClause(sc, n)
	case n.Op == parse.SetOperation_SETOP_NONE || n.Op == 0:
		err = a.plainSelect(sc, n, resolve)
	default:
		err = a.setOperation(sc, n, resolve)
	}
	if err != nil {
		return nil, err
	}
	return sc.query, nil
}

// plainSelect analyses SELECT … FROM … in PostgreSQL's order of clauses, which decides which of several errors is told.
func (a *Analyzer) plainSelect(sc *scope, n *parse.SelectStmt, resolve bool) error {
	const fields = parse.Has_SelectStmt_DistinctClause | parse.Has_SelectStmt_TargetList | parse.Has_SelectStmt_FromClause |
		parse.Has_SelectStmt_WhereClause | parse.Has_SelectStmt_GroupClause | parse.Has_SelectStmt_HavingClause |
		parse.Has_SelectStmt_WindowClause | parse.Has_SelectStmt_SortClause | parse.Has_SelectStmt_LimitOffset |
		parse.Has_SelectStmt_LimitCount | parse.Has_SelectStmt_LimitOption | parse.Has_SelectStmt_LockingClause |
		parse.Has_SelectStmt_WithClause | parse.Has_SelectStmt_Op | parse.Has_SelectStmt_GroupDistinct
	if err := only(n, fields, -1); err != nil {
		return err
	}
	q := sc.query
	if err := a.withClause(sc, n.WithClause); err != nil {
		return err
	}
	sc.windowClause = n.WindowClause
	if err := a.fromClause(sc, n.FromClause); err != nil {
		return err
	}
	sc.kind = kindSelect
	var err error
	if q.Targets, err = a.targetList(sc, n.TargetList); err != nil {
		return err
	}
	if q.Where, err = a.condition(sc, n.WhereClause, kindWhere, "WHERE"); err != nil {
		return err
	}
	if q.Having, err = a.condition(sc, n.HavingClause, kindHaving, "HAVING"); err != nil {
		return err
	}
	if err = a.orderClause(sc, n.SortClause); err != nil {
		return err
	}
	if err = a.groupClause(sc, n); err != nil {
		return err
	}
	if err = a.distinctClause(sc, n); err != nil {
		return err
	}
	if err = a.limitClause(sc, n); err != nil {
		return err
	}
	if err = a.windowClauses(sc); err != nil {
		return err
	}
	if resolve {
		if err = a.resolveTargets(q.Targets); err != nil {
			return err
		}
	}
	q.HasAggs = sc.aggs
	if err = a.checkGrouping(sc); err != nil {
		return err
	}
	if err = a.lockingClause(sc, n); err != nil {
		return err
	}
	return a.settleCollations(q)
}

// condition analyses WHERE, HAVING and the like; nil for none.
func (a *Analyzer) condition(sc *scope, n parse.Node, kind exprKind, what string) (Expr, error) {
	if n == nil {
		return nil, nil
	}
	sc.kind = kind
	e, err := a.expr(sc, n)
	if err != nil {
		return nil, err
	}
	return a.coerceBool(e, what)
}

// resolveTargets makes text of unknown literals that nothing decided.
func (a *Analyzer) resolveTargets(ts []Target) error {
	for i := range ts {
		e, err := a.resolveUnknown(ts[i].Expr)
		if err != nil {
			return err
		}
		ts[i].Expr = e
	}
	return nil
}

// settleCollations settles the collation of every expression of a query level.
func (a *Analyzer) settleCollations(q *Query) error {
	var err error
	q.eachExpr(func(e Expr) {
		if err == nil {
			err = a.assignCollations(e)
		}
	})
	return err
}

// eachExpr visits the roots of the expressions of this level.
func (q *Query) eachExpr(f func(Expr)) {
	one := func(e Expr) {
		if e != nil {
			f(e)
		}
	}
	for i := range q.Targets {
		one(q.Targets[i].Expr)
	}
	for i := range q.Returning {
		one(q.Returning[i].Expr)
	}
	one(q.Where)
	one(q.Having)
	for _, e := range q.GroupBy {
		one(e)
	}
	for _, e := range q.DistinctOn {
		one(e)
	}
	for i := range q.Order {
		one(q.Order[i].Expr)
	}
	one(q.Limit)
	one(q.Offset)
	for _, row := range q.Values {
		for _, e := range row {
			one(e)
		}
	}
	for i := range q.Windows {
		w := &q.Windows[i]
		for _, e := range w.Partition {
			one(e)
		}
		for j := range w.Order {
			one(w.Order[j].Expr)
		}
		for _, e := range w.Offsets {
			one(e)
		}
	}
	for _, r := range q.RTable {
		for _, e := range r.Func {
			one(e)
		}
	}
	for _, it := range q.From {
		eachJoin(it, func(j *Join) { one(j.On) })
	}
	if c := q.OnConflict; c != nil {
		for i := range c.Set {
			one(c.Set[i].Expr)
		}
		one(c.Where)
	}
	if s := q.SetOp; s != nil {
		for _, e := range s.LeftCast {
			one(e)
		}
		for _, e := range s.RightCast {
			one(e)
		}
	}
}

// eachJoin visits the joins below an item of FROM.
func eachJoin(it FromItem, f func(*Join)) {
	if j, ok := it.(*Join); ok {
		eachJoin(j.Left, f)
		eachJoin(j.Right, f)
		f(j)
	}
}

// valuesClause analyses VALUES as a query of its own.
func (a *Analyzer) valuesClause(sc *scope, n *parse.SelectStmt) error {
	const fields = parse.Has_SelectStmt_ValuesLists | parse.Has_SelectStmt_SortClause | parse.Has_SelectStmt_LimitOffset |
		parse.Has_SelectStmt_LimitCount | parse.Has_SelectStmt_LimitOption | parse.Has_SelectStmt_WithClause | parse.Has_SelectStmt_Op
	if err := only(n, fields, -1); err != nil {
		return err
	}
	q := sc.query
	if err := a.withClause(sc, n.WithClause); err != nil {
		return err
	}
	rows, err := a.valuesRows(sc, n.ValuesLists, kindValues)
	if err != nil {
		return err
	}
	width := len(rows[0])
	out := make([]RTEColumn, width)
	for c := range width {
		col := make([]Expr, len(rows))
		for r := range rows {
			col[r] = rows[r][c]
		}
		typ, err := a.coerceColumn(col, rows, c)
		if err != nil {
			return err
		}
		out[c] = typ
	}
	q.Values = rows
	q.Targets = outputTargets(out)
	sc.output = &RTE{Kind: RTEValues, Alias: "*VALUES*", Columns: out}
	sc.items = []scopeItem{{rte: -1, unqualified: true, qualified: true}}
	if err := a.orderClause(sc, n.SortClause); err != nil {
		return err
	}
	if err := a.limitClause(sc, n); err != nil {
		return err
	}
	for _, t := range q.Targets {
		if t.Junk {
			return pgerr.Unsupported(t.Expr.Location(), "ORDER BY an expression over VALUES is not supported")
		}
	}
	return a.settleCollations(q)
}

// coerceColumn brings one column of a VALUES list to its common type.
func (a *Analyzer) coerceColumn(col []Expr, rows [][]Expr, c int) (RTEColumn, error) {
	typ, mod, err := a.commonType(col, "VALUES")
	if err != nil {
		return RTEColumn{}, err
	}
	for r := range rows {
		e, err := a.coerceCommon(col[r], typ, "VALUES")
		if err != nil {
			return RTEColumn{}, err
		}
		rows[r][c] = e
	}
	return RTEColumn{Name: columnN(c), Typ: typ, Mod: mod, Coll: a.typeRow(typ).Collation}, nil
}

func columnN(c int) string { return "column" + itoa(c+1) }

// itoa prints a small number.
func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// outputTargets are targets that stand for a query's own output columns.
func outputTargets(cols []RTEColumn) []Target {
	ts := make([]Target, len(cols))
	for i, c := range cols {
		ts[i] = Target{Name: c.Name, Expr: &Var{Info: Info{Typ: c.Typ, Mod: c.Mod, Coll: c.Coll, Loc: -1}, RTE: -1, Col: i}}
	}
	return ts
}

// valuesRows analyses the rows of VALUES; all must be of one length.
func (a *Analyzer) valuesRows(sc *scope, lists []parse.Node, kind exprKind) ([][]Expr, error) {
	sc.kind = kind
	rows := make([][]Expr, 0, len(lists))
	for _, l := range lists {
		items := l.(*parse.List).Items
		row := make([]Expr, 0, len(items))
		for _, it := range items {
			es, err := a.valueOrStar(sc, it)
			if err != nil {
				return nil, err
			}
			row = append(row, es...)
		}
		if len(rows) > 0 && len(row) != len(rows[0]) {
			loc := int32(-1)
			if len(row) > 0 {
				loc = row[0].Location()
			}
			return nil, pgerr.New(pgerr.SyntaxError, "VALUES lists must all be the same length").At(loc)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// valueOrStar analyses one item of a VALUES row: an expression, DEFAULT where INSERT allows it, or t.*.
func (a *Analyzer) valueOrStar(sc *scope, n parse.Node) ([]Expr, error) {
	if d, ok := n.(*parse.SetToDefault); ok {
		if sc.kind == kindInsert || sc.kind == kindUpdateSource {
			return []Expr{&Default{Info{Mod: -1, Loc: d.Location}}}, nil
		}
		return nil, pgerr.New(pgerr.SyntaxError, "DEFAULT is not allowed in this context").At(d.Location)
	}
	if c, ok := n.(*parse.ColumnRef); ok && isStar(c) {
		ts, err := a.expandStar(sc, c)
		if err != nil {
			return nil, err
		}
		es := make([]Expr, len(ts))
		for i := range ts {
			es[i] = ts[i].Expr
		}
		return es, nil
	}
	e, err := a.expr(sc, n)
	return []Expr{e}, err
}

// limitClause analyses LIMIT, OFFSET and FETCH.
func (a *Analyzer) limitClause(sc *scope, n *parse.SelectStmt) error {
	q := sc.query
	one := func(n parse.Node, kind exprKind, what string) (Expr, error) {
		if n == nil {
			return nil, nil
		}
		sc.kind = kind
		e, err := a.expr(sc, n)
		if err != nil {
			return nil, err
		}
		if e, err = a.coerceToInt8(e, what); err != nil {
			return nil, err
		}
		bad := int32(-1)
		walk(e, func(e Expr) bool {
			if v, ok := e.(*Var); ok && v.Up == 0 && bad < 0 {
				bad = v.Loc
			}
			return true
		})
		if bad >= 0 {
			return nil, pgerr.New(pgerr.InvalidColumnReference, "argument of %s must not contain variables", what).At(bad)
		}
		return e, nil
	}
	var err error
	if q.Offset, err = one(n.LimitOffset, kindOffset, "OFFSET"); err != nil {
		return err
	}
	what := "LIMIT"
	if n.LimitOption == parse.LimitOption_LIMIT_OPTION_WITH_TIES {
		what = "FETCH FIRST"
		q.WithTies = true
		if len(n.SortClause) == 0 {
			return pgerr.New(pgerr.SyntaxError, "WITH TIES cannot be specified without ORDER BY clause")
		}
		if c, ok := n.LimitCount.(*parse.A_Const); ok && c.Isnull {
			return pgerr.New(pgerr.InvalidRowCountInLimitClause, "row count cannot be null in FETCH FIRST ... WITH TIES clause")
		}
	}
	if c, ok := n.LimitCount.(*parse.A_Const); ok && c.Isnull {
		q.Limit = nil // LIMIT ALL
		return nil
	}
	q.Limit, err = one(n.LimitCount, kindLimit, what)
	return err
}

// nullOf is a NULL of a type.
func nullOf(typ uint32, mod int32, coll uint32) *Const {
	return &Const{Info: Info{Typ: typ, Mod: mod, Coll: coll, Loc: -1}, Value: types.NullValue}
}
