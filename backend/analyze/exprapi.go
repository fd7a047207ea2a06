package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// coercion is the context a conversion happens in; it decides which casts may be used.
type coercion uint8

const (
	coerceImplicit coercion = iota
	coerceAssignment
	coerceExplicit
)

// expr analyses any expression in sc.kind.
func (a *Analyzer) expr(sc *scope, n parse.Node) (Expr, error) { return nil, pgerr.Unsupported(-1, "expr") }

// coerce converts e or answers 42846 (cannot cast type x to y).
func (a *Analyzer) coerce(e Expr, typ uint32, mod int32, ctx coercion, loc int32) (Expr, error) {
	return nil, pgerr.Unsupported(-1, "coerce")
}

// coerceTry converts e; nil without error when there is no cast.
func (a *Analyzer) coerceTry(e Expr, typ uint32, mod int32, ctx coercion, loc int32) (Expr, error) {
	return nil, pgerr.Unsupported(-1, "coerce")
}

// coerceBool makes e boolean for the clause what ("WHERE").
func (a *Analyzer) coerceBool(e Expr, what string) (Expr, error) {
	return nil, pgerr.Unsupported(-1, "coerce")
}

// coerceToInt8 makes e bigint for LIMIT and OFFSET ("argument of LIMIT must be type bigint, not type text").
func (a *Analyzer) coerceToInt8(e Expr, what string) (Expr, error) {
	return nil, pgerr.Unsupported(-1, "coerce")
}

// commonType chooses the type of UNION, CASE, VALUES … (what names it in errors) and its typmod. The caller coerces each with coerceImplicit.
func (a *Analyzer) commonType(es []Expr, what string) (uint32, int32, error) {
	return 0, -1, pgerr.Unsupported(-1, "commonType")
}

// resolveUnknown makes text of an unknown literal or parameter that nothing decided.
func (a *Analyzer) resolveUnknown(e Expr) (Expr, error) { return nil, pgerr.Unsupported(-1, "unknown") }

// sortOperator gives the < (or > when desc) operator of a type's default order; loc places the error.
func (a *Analyzer) sortOperator(typ uint32, desc bool, loc int32) (*catalog.Operator, error) {
	return nil, pgerr.Unsupported(loc, "sort")
}

// equalOperator gives the = operator of a type's default order or hash; loc places the error.
func (a *Analyzer) equalOperator(typ uint32, loc int32) (*catalog.Operator, error) {
	return nil, pgerr.Unsupported(loc, "equal")
}

// binaryOp resolves l name r.
func (a *Analyzer) binaryOp(name string, l, r Expr, loc int32) (Expr, error) {
	return nil, pgerr.Unsupported(loc, "op")
}

// TypeName resolves a type name with its modifiers.
func (a *Analyzer) TypeName(n *parse.TypeName) (oid uint32, typmod int32, err error) {
	return 0, -1, pgerr.Unsupported(-1, "type")
}

// sortKey analyses one ORDER BY key whose expression the caller has analysed (target-list rules are the caller's).
func (a *Analyzer) sortKey(e Expr, n *parse.SortBy) (SortKey, error) {
	return SortKey{}, pgerr.Unsupported(-1, "sort")
}

// windowClauses analyses the WINDOW clause and every OVER met so far into sc.query.Windows; called once the target list,
// HAVING and ORDER BY of the level are done.
func (a *Analyzer) windowClauses(sc *scope) error { return nil }

// assignCollations settles the collations of a finished expression (42P21, 42P22).
func (a *Analyzer) assignCollations(e Expr) error { return nil }

// finishParams answers 42P18 or 42P08 for parameters whose type nothing decided; called once at the end of a statement.
func (a *Analyzer) finishParams() error { return nil }

// walk visits e and, where f answers true, what is below it; sublinks' queries are not entered.
func walk(e Expr, f func(Expr) bool) {}

// equalExpr tells whether two expressions are the same but for their location.
func equalExpr(x, y Expr) bool { return false }
