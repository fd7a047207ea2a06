package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

var lockNames = map[parse.LockClauseStrength]string{
	parse.LockClauseStrength_LCS_FORKEYSHARE: "FOR KEY SHARE", parse.LockClauseStrength_LCS_FORSHARE: "FOR SHARE",
	parse.LockClauseStrength_LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE", parse.LockClauseStrength_LCS_FORUPDATE: "FOR UPDATE",
}

// lockingClause analyses FOR UPDATE and its kin. All of them take the database's write turn, so the tables named only have to exist.
func (a *Analyzer) lockingClause(sc *scope, n *parse.SelectStmt) error {
	q := sc.query
	for _, l := range n.LockingClause {
		lc, ok := l.(*parse.LockingClause)
		if !ok {
			return pgerr.Unsupported(-1, "this locking clause is not supported")
		}
		const fields = parse.Has_LockingClause_LockedRels | parse.Has_LockingClause_Strength | parse.Has_LockingClause_WaitPolicy
		if err := only(lc, fields, -1); err != nil {
			return err
		}
		name := lockNames[lc.Strength]
		for _, c := range []struct {
			is   bool
			what string
		}{
			{n.DistinctClause != nil, "DISTINCT clause"},
			{n.GroupClause != nil, "GROUP BY clause"},
			{n.HavingClause != nil, "HAVING clause"},
			{q.HasAggs, "aggregate functions"},
			{len(q.Windows) > 0, "window functions"},
			{sc.setReturning, "set-returning functions in the target list"},
		} {
			if c.is {
				return pgerr.New(pgerr.FeatureNotSupported, "%s is not allowed with %s", name, c.what)
			}
		}
		for _, r := range lc.LockedRels {
			rv, ok := r.(*parse.RangeVar)
			if !ok {
				continue
			}
			if rv.Schemaname != "" || rv.Catalogname != "" {
				return pgerr.New(pgerr.SyntaxError, "%s must specify unqualified relation names", name).At(rv.Location)
			}
			if err := lockable(sc, rv, name); err != nil {
				return err
			}
		}
		if q.Lock == nil {
			q.Lock = &Locking{Strength: name}
		}
		q.Lock.NoWait = q.Lock.NoWait || lc.WaitPolicy == parse.LockWaitPolicy_LockWaitError
		q.Lock.Skip = q.Lock.Skip || lc.WaitPolicy == parse.LockWaitPolicy_LockWaitSkip
		for _, r := range q.RTable {
			if r.Kind == RTERelation {
				a.requirePrivilege(r.Relation, "UPDATE")
			}
		}
	}
	return nil
}

func lockable(sc *scope, rv *parse.RangeVar, name string) error {
	for _, r := range sc.query.RTable {
		if r.Alias != rv.Relname {
			continue
		}
		what := ""
		switch r.Kind {
		case RTEJoin:
			what = "a join"
		case RTEFunction:
			what = "a function"
		case RTEValues:
			what = "VALUES"
		case RTECTE:
			what = "a WITH query"
		}
		if what != "" {
			return pgerr.New(pgerr.FeatureNotSupported, "%s cannot be applied to %s", name, what).At(rv.Location)
		}
		return nil
	}
	return pgerr.New(pgerr.UndefinedTable, "relation \"%s\" in %s clause not found in FROM clause", rv.Relname, name).At(rv.Location)
}
