package analyze

import (
	"slices"
	"sort"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func intValue(i int64) types.Value { return types.IntValue(i) }

// insertColumn is a column INSERT names, with the place of its name.
type insertColumn struct {
	col int
	loc int32
	// part is the path to the part of the column that is named; none for all of it.
	part []parse.Node
}

// insertStatement analyses INSERT.
func (a *Analyzer) insertStatement(parent *scope, n *parse.InsertStmt) (*Query, error) {
	const fields = parse.Has_InsertStmt_Relation | parse.Has_InsertStmt_Cols | parse.Has_InsertStmt_SelectStmt | parse.Has_InsertStmt_OnConflictClause |
		parse.Has_InsertStmt_ReturningList | parse.Has_InsertStmt_WithClause | parse.Has_InsertStmt_Override
	if err := only(n, fields, -1); err != nil {
		return nil, err
	}
	q := &Query{Command: Insert, SourceRTE: -1}
	sc := &scope{parent: parent, query: q}
	if err := a.withClause(sc, n.WithClause); err != nil {
		return nil, err
	}
	rel, err := a.targetTable(sc, n.Relation, "INSERT")
	if err != nil {
		return nil, err
	}
	switch n.Override {
	case parse.OverridingKind_OVERRIDING_USER_VALUE:
		q.Overriding = "user"
	case parse.OverridingKind_OVERRIDING_SYSTEM_VALUE:
		q.Overriding = "system"
	}
	cols, err := insertColumns(rel, n.Cols)
	if err != nil {
		return nil, err
	}
	sel, _ := n.SelectStmt.(*parse.SelectStmt)
	switch {
	case n.SelectStmt == nil:
		cols = nil
	case sel == nil:
		return nil, pgerr.Unsupported(-1, "this source of INSERT is not supported")
	case sel.ValuesLists != nil && sel.SortClause == nil && sel.LimitCount == nil && sel.LimitOffset == nil && sel.WithClause == nil && sel.LockingClause == nil:
		err = a.insertValues(sc, rel, cols, sel.ValuesLists, n.Cols != nil)
	default:
		err = a.insertSelect(sc, rel, cols, sel, n.Cols != nil)
	}
	if err != nil {
		return nil, err
	}
	if err := a.fillDefaults(q, rel); err != nil {
		return nil, err
	}
	sc.items = []scopeItem{{rte: q.Result, qualified: true, unqualified: true, lateralOK: true}}
	if n.OnConflictClause != nil {
		if err := a.onConflict(sc, rel, n.OnConflictClause); err != nil {
			return nil, err
		}
		sc.items = []scopeItem{{rte: q.Result, qualified: true, unqualified: true, lateralOK: true}}
	}
	if err := a.returningClause(sc, n.ReturningList); err != nil {
		return nil, err
	}
	return q, a.settleCollations(q)
}

// insertColumns are the columns INSERT gives values for: those named, else all.
func insertColumns(rel *catalog.Relation, ns []parse.Node) ([]insertColumn, error) {
	var out []insertColumn
	if ns == nil {
		for i := range rel.Columns {
			if !rel.Columns[i].Dropped {
				out = append(out, insertColumn{col: i, loc: -1})
			}
		}
		return out, nil
	}
	for _, n := range ns {
		t, ok := n.(*parse.ResTarget)
		if !ok {
			return nil, pgerr.Unsupported(-1, "this column list is not supported")
		}
		if err := only(t, parse.Has_ResTarget_Name|parse.Has_ResTarget_Indirection|parse.Has_ResTarget_Location, t.Location); err != nil {
			return nil, err
		}
		i, err := columnIndex(rel, t.Name, t.Location)
		if err != nil {
			return nil, err
		}
		for _, have := range out {
			if have.col == i && (len(t.Indirection) == 0 || len(have.part) == 0) {
				return nil, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", t.Name).At(t.Location)
			}
		}
		out = append(out, insertColumn{i, t.Location, t.Indirection})
	}
	return out, nil
}

// fits checks the number of values against the columns and gives the columns that get one.
func fits(cols []insertColumn, given int, named bool, extra func(i int) int32, row bool) ([]insertColumn, error) {
	if given > len(cols) {
		return nil, pgerr.New(pgerr.SyntaxError, "INSERT has more expressions than target columns").At(extra(len(cols)))
	}
	if given < len(cols) && named {
		e := pgerr.New(pgerr.SyntaxError, "INSERT has more target columns than expressions").At(cols[given].loc)
		if row {
			e.WithHint("The insertion source is a row expression containing the same number of columns expected by the INSERT. Did you accidentally use extra parentheses?")
		}
		return nil, e
	}
	return cols[:given], nil
}

// insertValues analyses VALUES of one or several rows; each value is brought to its column's type.
func (a *Analyzer) insertValues(sc *scope, rel *catalog.Relation, cols []insertColumn, lists []parse.Node, named bool) error {
	q := sc.query
	src := sc
	kind := kindInsert
	if len(lists) > 1 {
		src = &scope{parent: sc, query: &Query{}}
	}
	rows, err := a.valuesRows(src, lists, kind)
	if err != nil {
		return err
	}
	isRow := false
	if len(rows[0]) == 1 && len(cols) > 1 {
		r, ok := rows[0][0].(*Row)
		isRow = ok && len(r.Args) == len(cols)
	}
	cols, err = fits(cols, len(rows[0]), named, func(i int) int32 { return rows[0][i].Location() }, isRow)
	if err != nil {
		return err
	}
	if cols, rows, err = a.mergeParts(src, rel, cols, rows); err != nil {
		return err
	}
	keep := make([]bool, len(cols))
	for c, ic := range cols {
		if keep[c], err = a.assignColumn(q, rel, ic.col, rows, c); err != nil {
			return err
		}
	}
	if len(lists) == 1 {
		for c, ic := range cols {
			if keep[c] {
				q.Columns = append(q.Columns, ic.col)
				q.Targets = append(q.Targets, Target{Expr: rows[0][c], Name: rel.Columns[ic.col].Name})
			}
		}
		return nil
	}
	var shown []RTEColumn
	for c, ic := range cols {
		if !keep[c] {
			continue
		}
		rc := &rel.Columns[ic.col]
		v := &Var{Info: Info{Typ: rc.Type, Mod: rc.Typmod, Coll: rc.Collation, Loc: -1}, Col: len(shown)}
		shown = append(shown, RTEColumn{Name: columnN(len(shown)), Typ: rc.Type, Mod: rc.Typmod, Coll: rc.Collation})
		q.Columns = append(q.Columns, ic.col)
		q.Targets = append(q.Targets, Target{Expr: v, Name: rc.Name})
	}
	for r := range rows {
		row := make([]Expr, 0, len(shown))
		for c := range cols {
			if keep[c] {
				row = append(row, rows[r][c])
			}
		}
		src.query.Values = append(src.query.Values, row)
	}
	src.query.Targets = outputTargets(shown)
	q.Source = src.query
	q.SourceRTE = sc.add(&RTE{Kind: RTEValues, Alias: "*VALUES*", Columns: shown})
	for _, t := range q.Targets {
		if v, ok := t.Expr.(*Var); ok {
			v.RTE = q.SourceRTE
		}
	}
	return a.settleCollations(src.query)
}

// assignColumn brings column c of all rows into column col of the table, DEFAULT and the rules of generated and identity columns
// included. It answers false where the column takes no part (a generated one that got DEFAULT).
func (a *Analyzer) assignColumn(q *Query, rel *catalog.Relation, col int, rows [][]Expr, c int) (bool, error) {
	rc := &rel.Columns[col]
	given := false
	for r := range rows {
		if _, ok := rows[r][c].(*Default); !ok {
			given = true
		}
	}
	// The type is checked before the rules of the column, as PostgreSQL rewrites after it has analysed.
	for r := range rows {
		if _, ok := rows[r][c].(*Default); ok {
			continue
		}
		e, err := a.assigned(rows[r][c], rel, col)
		if err != nil {
			return false, err
		}
		rows[r][c] = e
	}
	override := false
	if given {
		var err error
		if override, err = mayInsert(q, rc); err != nil {
			return false, err
		}
	}
	if rc.Generated != 0 {
		return false, nil
	}
	for r := range rows {
		if _, ok := rows[r][c].(*Default); !ok && !override {
			continue
		}
		d, err := a.columnDefault(rel, col)
		if err != nil {
			return false, err
		}
		if d == nil {
			d = nullOf(rc.Type, rc.Typmod, rc.Collation)
		}
		rows[r][c] = d
	}
	return true, nil
}

// mayInsert applies the rules of generated and identity columns to an explicit value; override tells that the default takes its place.
func mayInsert(q *Query, rc *catalog.Column) (override bool, err error) {
	switch {
	case rc.Generated != 0:
		return false, pgerr.New(pgerr.GeneratedAlways, "cannot insert a non-DEFAULT value into column \"%s\"", rc.Name).
			WithDetail("Column \"%s\" is a generated column.", rc.Name)
	case rc.Identity == 'a' && q.Overriding == "":
		return false, pgerr.New(pgerr.GeneratedAlways, "cannot insert a non-DEFAULT value into column \"%s\"", rc.Name).
			WithDetail("Column \"%s\" is an identity column defined as GENERATED ALWAYS.", rc.Name).
			WithHint("Use OVERRIDING SYSTEM VALUE to override.")
	}
	return rc.Identity != 0 && q.Overriding == "user", nil
}

// insertSelect analyses INSERT … SELECT.
func (a *Analyzer) insertSelect(sc *scope, rel *catalog.Relation, cols []insertColumn, sel *parse.SelectStmt, named bool) error {
	q := sc.query
	src, err := a.selectStatement(sc, sel, false)
	if err != nil {
		return err
	}
	ts := src.shownTargets()
	cols, err = fits(cols, len(ts), named, func(i int) int32 { return ts[i].Expr.Location() }, false)
	if err != nil {
		return err
	}
	q.Source = src
	q.SourceRTE = sc.add(&RTE{Kind: RTESubquery, Alias: "*SELECT*", Columns: outputColumns(src)})
	for i, ic := range cols {
		rc := &rel.Columns[ic.col]
		t := ts[i].Expr
		var e Expr = &Var{Info: Info{Typ: t.Type(), Mod: t.Typmod(), Coll: t.Collation(), Loc: t.Location()}, RTE: q.SourceRTE, Col: i}
		if t.Type() == typeUnknown {
			e = t
		}
		if len(ic.part) > 0 {
			base := nullColumn(rc)
			at := slices.Index(q.Columns, ic.col)
			if at >= 0 {
				base = q.Targets[at].Expr
			}
			if e, err = a.assignPart(sc, base, rc.Type, rc.Typmod, ic.part, e, rc.Name, ic.loc); err != nil {
				return err
			}
			if at >= 0 {
				q.Targets[at].Expr = e
				continue
			}
		} else if e, err = a.assigned(e, rel, ic.col); err != nil {
			return err
		}
		override, err := mayInsert(q, rc)
		if err != nil {
			return err
		}
		if override {
			if e, err = a.columnDefault(rel, ic.col); err != nil {
				return err
			}
			if e == nil {
				e = nullOf(rc.Type, rc.Typmod, rc.Collation)
			}
		}
		q.Columns = append(q.Columns, ic.col)
		q.Targets = append(q.Targets, Target{Expr: e, Name: rc.Name})
	}
	if src.SetOp == nil && src.Values == nil {
		if err := a.resolveTargets(src.Targets); err != nil {
			return err
		}
		shown := outputColumns(src)
		q.RTable[q.SourceRTE].Columns = shown
	}
	return nil
}

// fillDefaults adds the defaults of columns without a value and puts all in the order of the table, which is the order they are evaluated in.
func (a *Analyzer) fillDefaults(q *Query, rel *catalog.Relation) error {
	given := make([]bool, len(rel.Columns))
	for _, c := range q.Columns {
		given[c] = true
	}
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if given[i] || c.Dropped || c.Generated != 0 {
			continue
		}
		d, err := a.columnDefault(rel, i)
		if err != nil {
			return err
		}
		if d != nil {
			q.Columns = append(q.Columns, i)
			q.Targets = append(q.Targets, Target{Expr: d, Name: c.Name})
		}
	}
	sort.Sort(byColumn{q})
	return nil
}

type byColumn struct{ q *Query }

func (b byColumn) Len() int           { return len(b.q.Columns) }
func (b byColumn) Less(i, j int) bool { return b.q.Columns[i] < b.q.Columns[j] }
func (b byColumn) Swap(i, j int) {
	q := b.q
	q.Columns[i], q.Columns[j] = q.Columns[j], q.Columns[i]
	q.Targets[i], q.Targets[j] = q.Targets[j], q.Targets[i]
}
