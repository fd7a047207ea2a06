package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// sqlValues are the functions SQL writes without parentheses.
var sqlValues = map[parse.SQLValueFunctionOp]struct {
	name      string
	typ       uint32
	precision bool
	zone      string
}{
	parse.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        {"current_date", typeDate, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        {"current_time", typeTimetz, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      {"current_time", typeTimetz, true, " WITH TIME ZONE"},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   {"current_timestamp", typeTimestamptz, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: {"current_timestamp", typeTimestamptz, true, " WITH TIME ZONE"},
	parse.SQLValueFunctionOp_SVFOP_LOCALTIME:           {"localtime", typeTime, false, ""},
	parse.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         {"localtime", typeTime, true, ""},
	parse.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      {"localtimestamp", typeTimestamp, false, ""},
	parse.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    {"localtimestamp", typeTimestamp, true, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        {"current_role", typeName, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_USER:        {"current_user", typeName, false, ""},
	parse.SQLValueFunctionOp_SVFOP_USER:                {"user", typeName, false, ""},
	parse.SQLValueFunctionOp_SVFOP_SESSION_USER:        {"session_user", typeName, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     {"current_catalog", typeName, false, ""},
	parse.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      {"current_schema", typeName, false, ""},
}

// sqlValue is CURRENT_DATE, CURRENT_USER …; a precision is the typmod.
func (a *Analyzer) sqlValue(n *parse.SQLValueFunction) (Expr, error) {
	const consumed = parse.Has_SQLValueFunction_Op | parse.Has_SQLValueFunction_Typmod | parse.Has_SQLValueFunction_Location
	if err := only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	f, ok := sqlValues[n.Op]
	if !ok {
		return nil, pgerr.Unsupported(n.Location, "SQL value function %d is not supported", n.Op)
	}
	v := &SQLValue{Info: Info{Typ: f.typ, Mod: -1, Loc: n.Location}, Name: f.name}
	if f.typ == typeName {
		v.Coll = collationC
	}
	if f.precision {
		v.Mod = n.Typmod
		what := "TIME"
		if f.typ == typeTimestamp || f.typ == typeTimestamptz {
			what = "TIMESTAMP"
		}
		if v.Mod > 6 {
			if a.Notice != nil {
				a.Notice(pgerr.Warning(pgerr.InvalidParameterValue, "%s(%d)%s precision reduced to maximum allowed, %d", what, v.Mod, f.zone, 6))
			}
			v.Mod = 6
		}
	}
	return v, nil
}

// typeCast is an explicit cast; ARRAY[…] under it takes its element type from the target.
func (a *Analyzer) typeCast(sc *scope, n *parse.TypeCast) (Expr, error) {
	if err := only(n, parse.Has_TypeCast_Arg|parse.Has_TypeCast_TypeName|parse.Has_TypeCast_Location, n.Location); err != nil {
		return nil, err
	}
	typ, mod, err := a.TypeName(n.TypeName)
	if err != nil {
		return nil, err
	}
	var e Expr
	if arr, ok := n.Arg.(*parse.A_ArrayExpr); ok {
		base, baseMod := a.baseTypeMod(typ, mod)
		if elem := a.elemType(base); elem != 0 {
			e, err = a.arrayExpr(sc, arr, base, elem, baseMod)
		} else {
			e, err = a.expr(sc, arr)
		}
	} else {
		e, err = a.expr(sc, n.Arg)
	}
	if err != nil {
		return nil, err
	}
	loc := n.Location
	if loc < 0 && n.TypeName != nil {
		loc = n.TypeName.Location
	}
	return a.coerce(e, typ, mod, coerceExplicit, loc)
}

// collateClause is x COLLATE name.
func (a *Analyzer) collateClause(sc *scope, n *parse.CollateClause) (Expr, error) {
	if err := only(n, parse.Has_CollateClause_Arg|parse.Has_CollateClause_Collname|parse.Has_CollateClause_Location, n.Location); err != nil {
		return nil, err
	}
	e, err := a.expr(sc, n.Arg)
	if err != nil {
		return nil, err
	}
	if e.Type() != typeUnknown && a.collationOf(e.Type()) == 0 {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "collations are not supported by type %s", a.format(e.Type())).At(n.Location)
	}
	coll, err := a.Collation(n.Collname, n.Location)
	if err != nil {
		return nil, err
	}
	return &Collate{Info: Info{Typ: e.Type(), Mod: e.Typmod(), Coll: coll, Loc: e.Location()}, Arg: e, At: n.Location}, nil
}

// Collation finds a collation by its qualified name.
func (a *Analyzer) Collation(names []parse.Node, loc int32) (uint32, error) {
	parts, err := nameParts(names, loc)
	if err != nil {
		return 0, err
	}
	schema := ""
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
		if _, ok := a.Catalog.Namespace(schema); !ok {
			return 0, pgerr.New(pgerr.UndefinedSchema, "schema \"%s\" does not exist", schema).At(loc)
		}
	}
	if oid, ok := a.Catalog.CollationByName(schema, parts[len(parts)-1]); ok {
		return oid, nil
	}
	return 0, pgerr.New(pgerr.UndefinedObject, "collation \"%s\" for encoding \"UTF8\" does not exist", dotted(parts)).At(loc)
}
