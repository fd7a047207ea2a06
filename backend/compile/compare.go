package compile

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/types"
)

// OIDs of types that generation itself knows.
const (
	typeBool    = 16
	typeName    = 19
	typeInt8    = 20
	typeInt2    = 21
	typeInt4    = 23
	typeText    = 25
	typeOID     = 26
	typeFloat4  = 700
	typeFloat8  = 701
	typeUnknown = 705
	typeBpchar  = 1042
	typeVarchar = 1043
	typeNumeric = 1700
	typeRecord  = 2249
)

// baseType sees through domains.
func (g *gen) baseType(oid uint32) uint32 {
	for range 32 {
		t := g.o.Catalog.Type(oid)
		if t == nil || t.Kind != 'd' {
			return oid
		}
		oid = t.BaseType
	}
	return oid
}

func (g *gen) typ(oid uint32) *types.Type {
	if g.o.Types != nil {
		if t := g.o.Types.Find(oid); t != nil {
			return t
		}
	}
	if t := types.ByOID(oid); t != nil {
		return t
	}
	if b := g.baseType(oid); b != oid {
		return g.typ(b)
	}
	return nil
}

// class groups types whose values SQLite compares with each other as PostgreSQL does; 0 for those it does not.
func (g *gen) class(oid uint32) uint32 {
	switch oid = g.baseType(oid); oid {
	case typeInt2, typeInt4, typeInt8:
		return typeInt8
	case typeFloat4, typeFloat8:
		return typeFloat8
	case typeText, typeVarchar, typeName:
		return typeText
	}
	t := g.typ(oid)
	if t == nil || t.NotOrdered || t.Category == 'C' && g.unlikeForms(oid, 0) || t.Compare == nil && t.Store == types.Null {
		return 0
	}
	return oid
}

// collation is the SQLite collation a type's values are compared under. It is named even where it is SQLite's own: an expression takes over
// a COLLATE that stands anywhere inside it. "" is for values that are no TEXT, to which collations do not matter.
func (g *gen) collation(oid uint32) string {
	t := g.typ(oid)
	switch {
	case t == nil:
		return "BINARY"
	case t.Collation != "":
		return t.Collation
	case t.Store == types.Text:
		return "BINARY"
	}
	return ""
}

// looksAlike tells that equal values of a type are the same values; of numeric 1.0 and 1.00 are not.
func (g *gen) looksAlike(oid uint32) bool {
	t := g.typ(oid)
	return t == nil || t.Collation == ""
}

// comparisons are the operators SQLite has too.
var comparisons = map[string]string{"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

// native gives SQLite's operator for a comparison whose meaning is SQLite's own on these types, "" where it is not.
func (g *gen) native(op uint32, l, r uint32) string {
	if op == 0 {
		return ""
	}
	o := g.o.Catalog.Operator(op)
	if o == nil || o.Kind != 'b' || o.Result != typeBool || o.Namespace != 11 {
		return ""
	}
	s := comparisons[o.Name]
	if o.Left == types.AnyEnumOID && o.Right == types.AnyEnumOID && s != "" && g.class(l) != 0 && g.class(l) == g.class(r) {
		return s
	}
	if s == "" || g.class(o.Left) == 0 || g.class(o.Left) != g.class(o.Right) {
		return ""
	}
	if cl := g.class(l); cl == 0 || cl != g.class(r) {
		return ""
	}
	return s
}

// collated writes an expression with the collation its type is compared under. A stored column has it already.
func (g *gen) collated(e analyze.Expr) {
	if g.unlikeForms(g.baseType(e.Type()), 0) {
		g.unsupported(e.Location(), "sorting and grouping rows of type %s is not supported", g.o.Catalog.FormatType(e.Type(), -1))
	}
	g.expr(e)
	if c := g.collation(e.Type()); c != "" && !g.bears(e, c) {
		g.w(" COLLATE ", c)
	}
}

// bears tells an expression that is compared under this collation without saying so.
func (g *gen) bears(e analyze.Expr, c string) bool {
	switch e.(type) {
	case *analyze.Const, *analyze.Param:
		return c == "BINARY"
	}
	return g.isColumn(e)
}

// isColumn tells a column of a stored table, which carries its collation.
func (g *gen) isColumn(e analyze.Expr) bool {
	v, ok := e.(*analyze.Var)
	if !ok || v.Col < 0 {
		return false
	}
	lv := g.up(v.Up)
	if lv == nil || lv.q == nil || v.RTE < 0 {
		return lv != nil && lv.stored
	}
	if lv.returning && v.RTE == lv.q.Result || lv.q.OnConflict != nil && v.RTE == lv.q.OnConflict.ExclRTE {
		// Of the columns RETURNING and EXCLUDED name, SQLite has forgotten the collation.
		return false
	}
	return lv.q.RTable[v.RTE].Kind == analyze.RTERelation
}

// compare writes l op r as SQLite compares them. The left side's collation counts when it is written out.
func (g *gen) compare(op string, l, r analyze.Expr) {
	right := g.text(func() { g.expr(r) })
	g.w("(")
	g.against(l, right)
	g.w(" ", op, " ", right, ")")
}

// against writes the left side of a comparison, with its collation written out where the right side has one somewhere inside.
func (g *gen) against(l analyze.Expr, right string) {
	g.expr(l)
	if c := g.collation(l.Type()); c != "" && (!g.bears(l, c) || strings.Contains(right, "COLLATE")) {
		g.w(" COLLATE ", c)
	}
}

// operator writes l op r, natively where that is exact, else by the operator's function.
func (g *gen) operator(op uint32, proc *catalog.Proc, l, r analyze.Expr, loc int32) {
	if s := g.native(op, l.Type(), r.Type()); s != "" {
		g.compare(s, l, r)
		return
	}
	g.procedure(proc, []analyze.Expr{l, r}, typeBool, loc)
}
