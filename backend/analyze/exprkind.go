package analyze

import "pgd/backend/pgerr"

// place is what may stand in an expression of one kind, and how errors name it. An empty string allows; "%" stands
// for "X are not allowed in NAME".
type place struct{ name, agg, window, set string }

const byName = "%"

// places has a row for each exprKind. The words after "are not allowed in" are PostgreSQL's, which differ by place.
var places = [...]place{
	kindSelect:          {"SELECT", "", "", ""},
	kindWhere:           {"WHERE", byName, byName, byName},
	kindHaving:          {"HAVING", "", byName, byName},
	kindJoinOn:          {"JOIN/ON", "JOIN conditions", "JOIN conditions", "JOIN conditions"},
	kindFromFunction:    {"function in FROM", "functions in FROM", "functions in FROM", ""},
	kindFromSubselect:   {"sub-SELECT in FROM", "FROM clause of their own query level", byName, byName},
	kindGroupBy:         {"GROUP BY", byName, byName, ""},
	kindOrderBy:         {"ORDER BY", "", "", ""},
	kindDistinctOn:      {"DISTINCT ON", "", "", ""},
	kindLimit:           {"LIMIT", byName, byName, byName},
	kindOffset:          {"OFFSET", byName, byName, byName},
	kindReturning:       {"RETURNING", byName, byName, byName},
	kindValues:          {"VALUES", byName, byName, byName},
	kindValuesSingle:    {"VALUES", byName, byName, ""},
	kindInsert:          {"VALUES", byName, byName, ""},
	kindUpdateSource:    {"UPDATE", byName, byName, byName},
	kindFilter:          {"FILTER", byName, byName, byName},
	kindWindowPartition: {"window PARTITION BY", "", "window definitions", ""},
	kindWindowOrder:     {"window ORDER BY", "", "window definitions", ""},
	kindWindowFrame:     {"window ROWS", byName, "window definitions", "window definitions"},
	kindCheck:           {"CHECK", "check constraints", "check constraints", "check constraints"},
	kindDefault:         {"DEFAULT", "DEFAULT expressions", "DEFAULT expressions", "DEFAULT expressions"},
	kindGenerated:       {"GENERATED AS", "column generation expressions", "column generation expressions", "column generation expressions"},
	kindIndexExpr:       {"index expression", "index expressions", "index expressions", "index expressions"},
	kindIndexPredicate:  {"index predicate", "index predicates", "index predicates", "index predicates"},
	kindAlterUsing:      {"USING", "transform expressions", "transform expressions", "transform expressions"},
	kindExecuteParam:    {"EXECUTE", "EXECUTE parameters", "EXECUTE parameters", "EXECUTE parameters"},
	kindCall:            {"CALL", "CALL arguments", "CALL arguments", "CALL arguments"},
	kindCopyWhere:       {"WHERE", "COPY FROM WHERE conditions", "COPY FROM WHERE conditions", "COPY FROM WHERE conditions"},
	kindPolicy:          {"POLICY", "policy expressions", "policy expressions", "policy expressions"},
}

// forbidden answers that what ("aggregate functions") may not stand in a place, nil where it may.
func forbidden(code, what, where string, k exprKind, loc int32) error {
	switch where {
	case "":
		return nil
	case byName:
		where = places[k].name
	}
	return pgerr.New(code, "%s are not allowed in %s", what, where).At(loc)
}

// noSubquery is the error for a subquery where none may stand.
func noSubquery(k exprKind, loc int32) error {
	where := ""
	switch k {
	case kindCheck:
		where = "check constraint"
	case kindDefault:
		where = "DEFAULT expression"
	case kindIndexExpr:
		where = "index expression"
	case kindIndexPredicate:
		where = "index predicate"
	case kindAlterUsing:
		where = "transform expression"
	case kindExecuteParam:
		where = "EXECUTE parameter"
	case kindCall:
		where = "CALL argument"
	case kindCopyWhere:
		where = "COPY FROM WHERE condition"
	case kindGenerated:
		where = "column generation expression"
	default:
		return nil
	}
	return pgerr.New(pgerr.FeatureNotSupported, "cannot use subquery in %s", where).At(loc)
}
