package session

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// DeparseExpr prints a stored expression over relation rel (0 for none) with the names the search path shows, as pg_get_expr does.
func (e env) DeparseExpr(text string, rel uint32) (string, error) {
	p := e.s.planner
	v, err := p.now()
	if err != nil {
		return "", err
	}
	var over *catalog.Relation
	if rel != 0 {
		if over, err = v.RelationByOID(rel); err != nil {
			return "", err
		}
	}
	stmts, err := parse.Parse("SELECT " + text)
	if err != nil {
		return "", err
	}
	sel, ok := stmts[0].Node.(*parse.SelectStmt)
	if !ok || len(sel.TargetList) != 1 {
		return "", pgerr.New(pgerr.InternalError, "stored expression is damaged: %s", text)
	}
	target, ok := sel.TargetList[0].(*parse.ResTarget)
	if !ok {
		return "", pgerr.New(pgerr.InternalError, "stored expression is damaged: %s", text)
	}
	x, err := p.analyzer(v).TableExpr(target.Val, over, analyze.KindAlterUsing, 0, -1)
	if err != nil {
		return "", err
	}
	return analyze.Deparse(x, func(v *analyze.Var) string { return catalog.QuoteIdent(over.Columns[v.Col].Name) }, v), nil
}

// DeparseQuery prints a stored query the same way, as pg_get_viewdef does.
func (e env) DeparseQuery(text string) (string, error) {
	p := e.s.planner
	v, err := p.now()
	if err != nil {
		return "", err
	}
	stmts, err := parse.Parse(text)
	if err != nil || len(stmts) != 1 {
		return "", pgerr.New(pgerr.InternalError, "stored query is damaged: %s", text)
	}
	q, err := p.analyzer(v).Query(stmts[0])
	if err != nil {
		return "", err
	}
	return analyze.DeparseQuery(q, v)
}
