package analyze

import "pgd/backend/parse"

// figureName gives the name of an output column that has none of its own, as PostgreSQL's FigureColname.
func figureName(n parse.Node) string {
	if name, _ := nameOf(n); name != "" {
		return name
	}
	return "?column?"
}

// nameOf gives a name and how good it is: 0 none, 1 weak (a cast's type, CASE), 2 good.
func nameOf(n parse.Node) (string, int) {
	switch n := n.(type) {
	case *parse.ColumnRef:
		return lastString(n.Fields), 2
	case *parse.A_Indirection:
		for i := len(n.Indirection) - 1; i >= 0; i-- {
			if s, ok := n.Indirection[i].(*parse.String); ok {
				return s.Sval, 2
			}
		}
		return nameOf(n.Arg)
	case *parse.FuncCall:
		return lastString(n.Funcname), 2
	case *parse.A_Expr:
		if n.Kind == parse.A_Expr_Kind_AEXPR_NULLIF {
			return "nullif", 2
		}
	case *parse.TypeCast:
		if s, w := nameOf(n.Arg); w > 1 {
			return s, w
		}
		if n.TypeName != nil {
			return lastString(n.TypeName.Names), 1
		}
	case *parse.CollateClause:
		return nameOf(n.Arg)
	case *parse.GroupingFunc:
		return "grouping", 2
	case *parse.MultiAssignRef:
		return nameOf(n.Source)
	case *parse.SubLink:
		return sublinkName(n)
	case *parse.CaseExpr:
		if s, w := nameOf(n.Defresult); w > 1 {
			return s, w
		}
		return "case", 1
	case *parse.A_ArrayExpr:
		return "array", 2
	case *parse.RowExpr:
		return "row", 2
	case *parse.CoalesceExpr:
		return "coalesce", 2
	case *parse.MinMaxExpr:
		if n.Op == parse.MinMaxOp_IS_GREATEST {
			return "greatest", 2
		}
		return "least", 2
	case *parse.SQLValueFunction:
		if s := sqlValueNames[n.Op]; s != "" {
			return s, 2
		}
	case *parse.XmlSerialize:
		return "xmlserialize", 2
	}
	return "", 0
}

func sublinkName(n *parse.SubLink) (string, int) {
	switch n.SubLinkType {
	case parse.SubLinkType_EXISTS_SUBLINK:
		return "exists", 2
	case parse.SubLinkType_ARRAY_SUBLINK:
		return "array", 2
	case parse.SubLinkType_EXPR_SUBLINK:
		s, ok := n.Subselect.(*parse.SelectStmt)
		for ok && s.Larg != nil {
			s = s.Larg
		}
		if !ok {
			break
		}
		if s.ValuesLists != nil {
			return "column1", 2
		}
		if len(s.TargetList) == 0 {
			break
		}
		if t, ok := s.TargetList[0].(*parse.ResTarget); ok {
			if t.Name != "" {
				return t.Name, 2
			}
			return nameOf2(t.Val)
		}
	}
	return "", 0
}

// nameOf2 is a subquery's column name, which counts as good whatever it came from.
func nameOf2(n parse.Node) (string, int) { return figureName(n), 2 }

func lastString(ns []parse.Node) string {
	for i := len(ns) - 1; i >= 0; i-- {
		if s, ok := ns[i].(*parse.String); ok {
			return s.Sval
		}
	}
	return ""
}

var sqlValueNames = map[parse.SQLValueFunctionOp]string{
	parse.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        "current_date",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        "current_time",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      "current_time",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   "current_timestamp",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: "current_timestamp",
	parse.SQLValueFunctionOp_SVFOP_LOCALTIME:           "localtime",
	parse.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         "localtime",
	parse.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      "localtimestamp",
	parse.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    "localtimestamp",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        "current_role",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_USER:        "current_user",
	parse.SQLValueFunctionOp_SVFOP_USER:                "user",
	parse.SQLValueFunctionOp_SVFOP_SESSION_USER:        "session_user",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     "current_catalog",
	parse.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      "current_schema",
}
