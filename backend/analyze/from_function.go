package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// rangeFunction analyses a function in FROM, set-returning or not.
func (a *Analyzer) rangeFunction(sc *scope, n *parse.RangeFunction) (int, error) {
	const fields = parse.Has_RangeFunction_Lateral | parse.Has_RangeFunction_Ordinality | parse.Has_RangeFunction_IsRowsfrom |
		parse.Has_RangeFunction_Functions | parse.Has_RangeFunction_Alias | parse.Has_RangeFunction_Coldeflist
	if err := only(n, fields, -1); err != nil {
		return 0, err
	}
	r := &RTE{Kind: RTEFunction, Ordinal: n.Ordinality}
	var names []string
	var defs [][]parse.Node
	for _, f := range n.Functions {
		pair, ok := f.(*parse.List)
		if !ok || len(pair.Items) == 0 {
			return 0, pgerr.Unsupported(-1, "this form of ROWS FROM is not supported")
		}
		own := n.Coldeflist
		if len(pair.Items) > 1 && pair.Items[1] != nil {
			if l, ok := pair.Items[1].(*parse.List); ok && len(l.Items) > 0 {
				own = l.Items
			}
		}
		for _, call := range severalUnnests(pair.Items[0]) {
			e, err := a.fromCall(sc, call)
			if err != nil {
				return 0, err
			}
			r.Func, names, defs = append(r.Func, e), append(names, figureName(call)), append(defs, own)
		}
	}
	r.Alias = names[0]
	if n.Alias != nil {
		r.Alias, r.Aliased = n.Alias.Aliasname, true
	}
	for i, e := range r.Func {
		alias := r.Alias
		if len(r.Func) > 1 {
			alias = ""
			if calledProc(e) == nil {
				return 0, pgerr.Unsupported(e.Location(), "ROWS FROM with this expression is not supported")
			}
		}
		cols, scalar, err := a.functionColumns(e, alias, names[i], defs[i])
		if err != nil {
			return 0, err
		}
		r.Columns = append(r.Columns, cols...)
		r.Scalar = scalar && len(r.Func) == 1
	}
	if n.Ordinality {
		if len(n.Coldeflist) > 0 {
			return 0, pgerr.New(pgerr.SyntaxError, "WITH ORDINALITY cannot be used with a column definition list").
				WithHint("Put the column definition list inside ROWS FROM().").At(r.Func[0].Location())
		}
		r.Columns = append(r.Columns, RTEColumn{Name: "ordinality", Typ: typeInt8, Mod: -1})
	}
	if n.Alias != nil {
		if err := a.renameColumns(r, n.Alias); err != nil {
			return 0, err
		}
	}
	for _, e := range r.Func {
		walk(e, func(e Expr) bool {
			if v, ok := e.(*Var); ok && v.Up == 0 {
				r.Lateral = true
			}
			if s, ok := e.(*Sublink); ok && s.Query.refersOut(1) {
				r.Lateral = true
			}
			return true
		})
	}
	return sc.add(r), nil
}

// fromCall analyses one function of FROM; it sees the items before it without LATERAL.
func (a *Analyzer) fromCall(sc *scope, n parse.Node) (Expr, error) {
	oldLateral, oldKind := sc.lateral, sc.kind
	sc.lateral, sc.kind = true, kindFromFunction
	defer func() { sc.lateral, sc.kind = oldLateral, oldKind }()
	e, err := a.expr(sc, n)
	if err != nil {
		return nil, err
	}
	return a.resolveUnknown(e)
}

// severalUnnests turns unnest(a, b) into the functions it stands for in FROM.
func severalUnnests(n parse.Node) []parse.Node {
	f, ok := n.(*parse.FuncCall)
	if !ok || len(f.Args) < 2 || lastString(f.Funcname) != "unnest" || f.AggOrder != nil || f.AggDistinct || f.AggStar || f.FuncVariadic ||
		f.AggFilter != nil || f.Over != nil {
		return []parse.Node{n}
	}
	var out []parse.Node
	for _, arg := range f.Args {
		one := *f
		one.Args = []parse.Node{arg}
		out = append(out, &one)
	}
	return out
}

// functionColumns are the columns a function in FROM gives; scalar tells that it is one value and no row.
func (a *Analyzer) functionColumns(e Expr, alias, name string, defs []parse.Node) ([]RTEColumn, bool, error) {
	proc := calledProc(e)
	typ := e.Type()
	var out []RTEColumn
	if proc != nil {
		out = outColumns(proc, e)
	}
	if t := a.Catalog.Type(typ); out == nil && t != nil && t.Relid != 0 {
		rel, err := a.Catalog.RelationByOID(t.Relid)
		if err != nil {
			return nil, false, err
		}
		if rel != nil {
			for i := range rel.Columns {
				c := &rel.Columns[i]
				out = append(out, RTEColumn{Name: c.Name, Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Dropped: c.Dropped})
			}
		}
	}
	switch {
	case len(defs) > 0 && (out != nil || typ != typeRecord):
		if out != nil && typ == typeRecord {
			return nil, false, pgerr.New(pgerr.SyntaxError, "a column definition list is redundant for a function with OUT parameters").At(defLocation(defs))
		}
		if out != nil {
			return nil, false, pgerr.New(pgerr.SyntaxError, "a column definition list is redundant for a function returning a named composite type").At(defLocation(defs))
		}
		return nil, false, pgerr.New(pgerr.SyntaxError, "a column definition list is only allowed for functions returning \"record\"").At(defLocation(defs))
	case len(defs) > 0:
		out, err := a.definedColumns(defs)
		return out, false, err
	case out != nil:
		return out, false, nil
	case typ == typeRecord:
		return nil, false, pgerr.New(pgerr.SyntaxError, "a column definition list is required for functions returning \"record\"").At(e.Location())
	}
	// One value: the column takes the OUT parameter's name, else the alias, else the function's name.
	col := name
	if alias != "" {
		col = alias
	}
	if proc != nil {
		if s := singleOut(proc); s != "" {
			col = s
		}
	}
	return []RTEColumn{{Name: col, Typ: typ, Mod: e.Typmod(), Coll: e.Collation()}}, true, nil
}

func defLocation(defs []parse.Node) int32 {
	if d, ok := defs[0].(*parse.ColumnDef); ok {
		return d.Location
	}
	return -1
}

func calledProc(e Expr) *catalog.Proc {
	switch e := e.(type) {
	case *Call:
		return e.Proc
	case *SetCall:
		return e.Proc
	}
	return nil
}

// Called is the function a call calls and its arguments; nil for what is no call.
func Called(e Expr) (*catalog.Proc, []Expr) {
	switch e := e.(type) {
	case *Call:
		return e.Proc, e.Args
	case *SetCall:
		return e.Proc, e.Args
	}
	return nil, nil
}

// OutColumns are the columns of a call of a function with several OUT or TABLE parameters; nil for others.
func OutColumns(p *catalog.Proc, e Expr) []RTEColumn { return outColumns(p, e) }

// outColumns are the columns of a function with several OUT or TABLE parameters; nil for others.
func outColumns(p *catalog.Proc, e Expr) []RTEColumn {
	var out []RTEColumn
	for i, m := range p.ArgModes {
		if m != 'o' && m != 't' && m != 'b' || i >= len(p.AllArgs) {
			continue
		}
		name := ""
		if i < len(p.ArgNames) {
			name = p.ArgNames[i]
		}
		if name == "" {
			name = columnN(len(out))
		}
		out = append(out, RTEColumn{Name: name, Typ: actualOut(p, e, p.AllArgs[i]), Mod: -1})
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// actualOut gives the actual type of an OUT parameter declared polymorphic, from the arguments of the call.
func actualOut(p *catalog.Proc, e Expr, declared uint32) uint32 {
	if !isPolymorphic(declared) {
		return declared
	}
	var args []Expr
	switch e := e.(type) {
	case *Call:
		args = e.Args
	case *SetCall:
		args = e.Args
	}
	for i, d := range p.Args {
		if i >= len(args) {
			break
		}
		if d == declared {
			return args[i].Type()
		}
		if t := types.ByOID(args[i].Type()); d == types.AnyArrayOID && declared == types.AnyElementOID && t != nil && t.Elem != 0 {
			return t.Elem
		}
	}
	return declared
}

// singleOut is the name of a function's only OUT parameter, "" where there is none.
func singleOut(p *catalog.Proc) string {
	name, n := "", 0
	for i, m := range p.ArgModes {
		if m == 'o' || m == 't' || m == 'b' {
			n++
			if i < len(p.ArgNames) {
				name = p.ArgNames[i]
			}
		}
	}
	if n != 1 {
		return ""
	}
	return name
}

// definedColumns are the columns of a column definition list.
func (a *Analyzer) definedColumns(defs []parse.Node) ([]RTEColumn, error) {
	var out []RTEColumn
	for _, d := range defs {
		c, ok := d.(*parse.ColumnDef)
		if !ok {
			return nil, pgerr.Unsupported(-1, "this column definition is not supported")
		}
		if c.CollClause != nil {
			return nil, pgerr.Unsupported(c.Location, "COLLATE in a column definition list is not supported")
		}
		typ, mod, err := a.TypeName(c.TypeName)
		if err != nil {
			return nil, err
		}
		for _, have := range out {
			if have.Name == c.Colname {
				return nil, pgerr.New(pgerr.DuplicateColumn, "column name \"%s\" specified more than once", c.Colname)
			}
		}
		out = append(out, RTEColumn{Name: c.Colname, Typ: typ, Mod: mod, Coll: a.typeRow(typ).Collation})
	}
	return out, nil
}
