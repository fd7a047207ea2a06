package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// systemNames are the columns every table has, as analysis numbers them.
var systemNames = map[int]string{analyze.TableOIDCol: "tableoid", analyze.CtidCol: "ctid"}

// isSystemColumn tells whether every table has a column of that name.
func isSystemColumn(name string) bool {
	switch name {
	case "tableoid", "cmax", "xmax", "cmin", "xmin", "ctid":
		return true
	}
	return false
}

// ownColumns refuses an expression over a table that reads anything but the table's own columns: system columns with PostgreSQL's
// words for the place, the whole row because no text of a stored expression names it.
func ownColumns(x analyze.Expr, kind analyze.Kind) error {
	var err error
	analyze.Walk(x, func(x analyze.Expr) bool {
		v, ok := x.(*analyze.Var)
		if !ok || v.Col >= 0 || err != nil {
			return true
		}
		name, system := systemNames[v.Col]
		switch {
		case kind == analyze.KindCheck && v.Col == analyze.TableOIDCol:
		case !system:
			err = pgerr.Unsupported(v.Loc, "references to the whole row are not supported here")
		case kind == analyze.KindCheck:
			err = pgerr.New(pgerr.InvalidColumnReference, "system column \"%s\" reference in check constraint is invalid", name).At(v.Loc)
		case kind == analyze.KindGenerated:
			err = pgerr.New(pgerr.InvalidColumnReference, "cannot use system column \"%s\" in column generation expression", name).At(v.Loc)
		case kind == analyze.KindIndexExpr || kind == analyze.KindIndexPredicate:
			err = pgerr.New(pgerr.FeatureNotSupported, "index creation on system columns is not supported")
		default:
			err = pgerr.Unsupported(v.Loc, "system columns are not supported here")
		}
		return true
	})
	return err
}

// tableExprOf analyses what a statement says over one table (nil for none), with only the table's own columns in it.
func (e *Env) tableExprOf(n parse.Node, rel *catalog.Relation, kind analyze.Kind, typ uint32, mod int32) (analyze.Expr, error) {
	x, err := e.analyzer().TableExpr(n, rel, kind, typ, mod)
	if err != nil {
		return nil, err
	}
	return x, ownColumns(x, kind)
}
