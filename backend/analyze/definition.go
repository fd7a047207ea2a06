package analyze

import "pgd/backend/catalog"

// What the packages that carry out definitions need of analysis beyond TableExpr.

// Kind is where an expression over one table stands.
type Kind = exprKind

// The places of definitions.
const (
	KindCheck          = kindCheck
	KindDefault        = kindDefault
	KindGenerated      = kindGenerated
	KindIndexExpr      = kindIndexExpr
	KindIndexPredicate = kindIndexPredicate
	KindAlterUsing     = kindAlterUsing
	KindCopyWhere      = kindCopyWhere
)

// Walk visits e and, where f answers true, what is below it; queries of sublinks are not entered.
func Walk(e Expr, f func(Expr) bool) { walk(e, f) }

// Immutable tells whether an expression calls nothing but immutable functions and reads nothing of the session.
func Immutable(e Expr) bool {
	ok := true
	walk(e, func(e Expr) bool {
		switch x := e.(type) {
		case *Call:
			ok = ok && x.Proc.Volatile == 'i'
		case *ScalarArray:
			ok = ok && x.Proc.Volatile == 'i'
		case *SQLValue, *Sublink, *CoerceIO, *Param:
			ok = false
		}
		return ok
	})
	return ok
}

// UsesOf lists what an expression over one table (nil for none) reads, as Uses does for a query.
func UsesOf(e Expr, rel *catalog.Relation) []catalog.Address {
	q := &Query{}
	if rel != nil {
		q.RTable = []*RTE{{Kind: RTERelation, Relation: rel}}
	}
	u := &uses{seen: map[catalog.Address]bool{}}
	u.levels = append(u.levels, q)
	u.expr(e)
	return u.out
}
