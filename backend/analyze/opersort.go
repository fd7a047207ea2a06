package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Strategies of a btree operator class.
const (
	strategyLess    = 1
	strategyEqual   = 3
	strategyGreater = 5
)

// sortOperator gives the < (or > when desc) operator of a type's default order; loc places the error.
func (a *Analyzer) sortOperator(typ uint32, desc bool, loc int32) (*catalog.Operator, error) {
	s := strategyLess
	if desc {
		s = strategyGreater
	}
	if op := a.defaultOperator(typ, s); op != nil {
		return op, nil
	}
	return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify an ordering operator for type %s", a.format(typ)).
		WithHint("Use an explicit ordering operator or modify the query.").At(loc)
}

// equalOperator gives the = operator of a type's default order; loc places the error.
func (a *Analyzer) equalOperator(typ uint32, loc int32) (*catalog.Operator, error) {
	if op := a.defaultOperator(typ, strategyEqual); op != nil {
		return op, nil
	}
	return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify an equality operator for type %s", a.format(typ)).At(loc)
}

// defaultOperator looks through domains; arrays and rows have an order when their elements have one.
func (a *Analyzer) defaultOperator(typ uint32, strategy int) *catalog.Operator {
	typ = a.baseType(typ)
	if elem := a.elemType(typ); elem != 0 && typ != typeOIDVector && typ != typeInt2Vector {
		if a.defaultOperator(elem, strategy) == nil {
			return nil
		}
		typ = typeAnyArray
	} else {
		switch a.typeRow(typ).Kind {
		case 'e':
			typ = typeAnyEnum
		case 'r':
			typ = typeAnyRange
		case 'm':
			typ = typeAnyMultirange
		case 'c':
			if !a.columnsHave(typ, strategy) {
				return nil
			}
			typ = typeRecord
		}
	}
	oid := a.Catalog.DefaultOperator(typ, strategy)
	if oid == 0 {
		return nil
	}
	return a.Catalog.Operator(oid)
}

// sortKey makes a key of ORDER BY from an expression the caller has analysed (ordinals and aliases are the caller's).
func (a *Analyzer) sortKey(e Expr, n *parse.SortBy) (SortKey, error) {
	const consumed = parse.Has_SortBy_Node | parse.Has_SortBy_SortbyDir | parse.Has_SortBy_SortbyNulls | parse.Has_SortBy_UseOp | parse.Has_SortBy_Location
	loc := n.Location
	if loc <= 0 {
		loc = e.Location()
	}
	if err := only(n, consumed, loc); err != nil {
		return SortKey{}, err
	}
	e, err := a.resolveUnknown(e)
	if err != nil {
		return SortKey{}, err
	}
	key := SortKey{Expr: e}
	switch n.SortbyDir {
	case parse.SortByDir_SORTBY_DESC:
		key.Desc = true
		fallthrough
	case parse.SortByDir_SORTBY_DEFAULT, parse.SortByDir_SORTBY_ASC, parse.SortByDir_SORT_BY_DIR_UNDEFINED:
		if _, err := a.sortOperator(e.Type(), key.Desc, nodeLocation(n.Node)); err != nil {
			return SortKey{}, err
		}
	case parse.SortByDir_SORTBY_USING:
		if key.Desc, err = a.usingOperator(e, n, loc); err != nil {
			return SortKey{}, err
		}
	}
	switch n.SortbyNulls {
	case parse.SortByNulls_SORTBY_NULLS_FIRST:
		key.NullsFirst = true
	case parse.SortByNulls_SORTBY_NULLS_LAST:
	default:
		key.NullsFirst = key.Desc
	}
	return key, nil
}

// usingOperator reads USING: only the < and > of the type's own order can be told.
func (a *Analyzer) usingOperator(e Expr, n *parse.SortBy, loc int32) (desc bool, err error) {
	o, err := readOpName(n.UseOp, loc)
	if err != nil {
		return false, err
	}
	op, err := a.binaryOper(o, e.Type(), e.Type(), loc)
	if err != nil {
		return false, err
	}
	if lt := a.defaultOperator(op.Left, strategyLess); lt != nil && lt.OID == op.OID {
		return false, nil
	}
	if gt := a.defaultOperator(op.Left, strategyGreater); gt != nil && gt.OID == op.OID {
		return true, nil
	}
	return false, pgerr.New(pgerr.WrongObjectType, "operator %s is not a valid ordering operator", o).
		WithHint("Ordering operators must be \"<\" or \">\" members of btree operator families.").At(loc)
}

// columnsHave tells whether the types of all columns of a row type have an operator: rows are ordered by their columns.
func (a *Analyzer) columnsHave(typ uint32, strategy int) bool {
	rel, err := a.compositeRelation(typ)
	if err != nil || rel == nil {
		return true
	}
	for i := range rel.Columns {
		if c := &rel.Columns[i]; !c.Dropped && a.defaultOperator(c.Type, strategy) == nil {
			return false
		}
	}
	return true
}
