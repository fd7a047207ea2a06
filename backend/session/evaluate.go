package session

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// evaluate computes expressions that stand outside of a query, the parameters of EXECUTE: they are planned as the select list of a query of
// their own and converted as for an assignment to the types that are wanted.
func (s *session) evaluate(exprs []parse.Node, want []uint32, source parse.Statement) ([]types.Value, error) {
	if err := s.assignable(exprs, want, source); err != nil {
		return nil, err
	}
	list := make([]parse.Node, len(exprs))
	if err := s.inView(func(v view) (err error) {
		for i, x := range exprs {
			if list[i], err = castTo(v, x, want[i]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	source.Node = selectList(list)
	st := &statement{source: source, query: s.text, users: 1}
	defer st.release()
	p, err := s.planned(st)
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	r, err := s.start(p, nil)
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	defer r.free()
	ok, err := r.rows.Step()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, pgerr.New(pgerr.InternalError, "no row")
	}
	args := make([]types.Value, len(want))
	for i := range args {
		args[i] = r.rows.Value(i).Clone()
	}
	return args, r.end()
}

// selectList is SELECT over expressions.
func selectList(list []parse.Node) *parse.SelectStmt {
	sel := &parse.SelectStmt{
		Present:     parse.Has_SelectStmt_TargetList | parse.Has_SelectStmt_LimitOption | parse.Has_SelectStmt_Op,
		LimitOption: parse.LimitOption_LIMIT_OPTION_DEFAULT, Op: parse.SetOperation_SETOP_NONE,
	}
	for _, x := range list {
		sel.TargetList = append(sel.TargetList, &parse.ResTarget{Present: parse.Has_ResTarget_Val, Val: x, Location: -1})
	}
	return sel
}

// untyped tells whether an expression is a literal whose type is what it is used as.
func untyped(x parse.Node) bool {
	c, ok := x.(*parse.A_Const)
	return ok && (c.Sval != nil || c.Isnull)
}

// assignable refuses expressions whose type cannot be assigned to the one that is wanted; the cast that follows would convert more.
func (s *session) assignable(exprs []parse.Node, want []uint32, source parse.Statement) error {
	source.Node = selectList(exprs)
	st := &statement{source: source, query: s.text}
	if err := s.settle(st); err != nil {
		return err
	}
	return s.inView(func(v view) error {
		for i, c := range st.columns {
			if c.Type == want[i] || untyped(exprs[i]) || want[i] == 0 {
				continue
			}
			from, to := v.BaseType(c.Type), v.BaseType(want[i])
			if from == to {
				continue
			}
			if k := v.Cast(from, to); k != nil && k.Context != 'e' {
				continue
			}
			return pgerr.New(pgerr.DatatypeMismatch, "parameter $%d of type %s cannot be coerced to the expected type %s", i+1, v.FormatType(c.Type, -1), v.FormatType(want[i], -1)).
				WithHint("You will need to rewrite or cast the expression.").At(place(exprs[i]))
		}
		return nil
	})
}

// place is where an expression begins, for the kinds that are common; -1 for others.
func place(x parse.Node) int32 {
	switch n := x.(type) {
	case *parse.A_Const:
		return n.Location
	case *parse.TypeCast:
		return place(n.Arg)
	case *parse.FuncCall:
		return n.Location
	case *parse.ColumnRef:
		return n.Location
	case *parse.A_Expr:
		if n.Lexpr != nil {
			return place(n.Lexpr)
		}
		return n.Location
	}
	return -1
}

// castTo writes an expression as one of the type that is wanted, which is named as pg_type has it.
func castTo(v view, x parse.Node, want uint32) (parse.Node, error) {
	if want == 0 || want == unknownType {
		return x, nil
	}
	row := v.Type(want)
	if row == nil {
		return nil, pgerr.New(pgerr.UndefinedObject, "type with OID %d does not exist", want)
	}
	name := func(s string) parse.Node { return &parse.String{Present: parse.Has_String_Sval, Sval: s} }
	t := &parse.TypeName{
		Present: parse.Has_TypeName_Names | parse.Has_TypeName_Typemod, Typemod: -1, Location: -1,
		Names: []parse.Node{name(v.NamespaceName(row.Namespace)), name(row.Name)},
	}
	return &parse.TypeCast{Present: parse.Has_TypeCast_Arg | parse.Has_TypeCast_TypeName, Arg: x, TypeName: t, Location: -1}, nil
}
