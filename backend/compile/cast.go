package compile

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/types"
)

// textual tells the types whose stored form is their text form.
func textual(t uint32) bool {
	switch t {
	case typeText, typeVarchar, typeName, typeUnknown, 2275, 114, 142, 194:
		return true
	}
	return false
}

// coerceIO writes a cast through text.
func (g *gen) coerceIO(e *analyze.CoerceIO) {
	from, to := g.baseType(e.Arg.Type()), g.baseType(e.Typ)
	if textual(to) && to != typeName {
		switch {
		case textual(from):
			g.expr(e.Arg)
			return
		case g.class(from) == typeInt8 || from == typeOID:
			g.w("CAST(")
			g.expr(e.Arg)
			g.w(" AS TEXT)")
			return
		}
	}
	if g.typ(from) == nil || g.typ(to) == nil {
		g.unsupported(e.Loc, "cast from type %s to type %s is not supported", g.o.Catalog.FormatType(from, -1), g.o.Catalog.FormatType(to, -1))
	}
	g.w("pg_cast_", strconv.Itoa(int(from)), "_", strconv.Itoa(int(to)), "(")
	g.expr(e.Arg)
	g.w(")")
}

// coerceArray writes the cast of each element of an array: the name of the function says what is done to an element.
func (g *gen) coerceArray(e *analyze.CoerceArray) {
	elem := g.typ(e.Typ)
	if elem == nil || elem.Elem == 0 {
		g.unsupported(e.Loc, "cast of this array is not supported")
	}
	if check, ok := e.Elem.(*analyze.DomainCheck); ok {
		g.domainArray(e, check)
		return
	}
	to := strconv.Itoa(int(elem.Elem))
	how := ""
	switch c := e.Elem.(type) {
	case *analyze.CaseTest, *analyze.Relabel:
		how = "relabel"
	case *analyze.CoerceIO:
		how = "pg_cast_" + strconv.Itoa(int(g.baseType(c.Arg.Type()))) + "_" + strconv.Itoa(int(g.baseType(c.Typ)))
	case *analyze.Call:
		row := procRow(c.Proc.OID)
		if len(c.Args) > 0 && row != nil && row.Scalar != nil && len(c.Proc.Args) == len(c.Args) && g.plainArgs(c.Args[1:]) {
			how = g.procName(c.Proc, c.Args, c.Typ)
			for _, a := range c.Args[1:] {
				how += "!" + strconv.FormatInt(a.(*analyze.Const).Value.I, 10)
			}
		}
	case *analyze.ApplyTypmod:
		how = "pg_typmod_" + strconv.Itoa(int(g.baseType(c.Typ))) + "!" + strconv.Itoa(int(c.Mod)) + "!" + bit(c.Explicit)
	}
	if how == "" {
		if c, ok := e.Elem.(*analyze.Call); ok && len(c.Args) == 1 && g.castByIO(c) {
			how = "pg_cast_" + strconv.Itoa(int(c.Args[0].Type())) + "_" + strconv.Itoa(int(c.Typ))
		}
	}
	if how == "" {
		g.unsupported(e.Loc, "cast of this array is not supported")
	}
	g.call("pg_map!" + to + "!" + how)
	g.w("(")
	g.expr(e.Arg)
	g.w(")")
}

func (g *gen) plainArgs(es []analyze.Expr) bool {
	for _, e := range es {
		if c, ok := e.(*analyze.Const); !ok || c.Value.IsNull() {
			return false
		}
	}
	return true
}

// castByIO tells casts between integers and to numeric, which pass through text unchanged.
func (g *gen) castByIO(c *analyze.Call) bool {
	from, to := g.class(c.Args[0].Type()), g.baseType(c.Typ)
	return from == typeInt8 && (g.class(to) == typeInt8 || to == typeNumeric || g.class(to) == typeFloat8)
}

// array writes ARRAY[…].
func (g *gen) array(e *analyze.Array) {
	t := g.typ(e.Typ)
	if t == nil || t.Elem == 0 {
		g.unsupported(e.Loc, "arrays of this type are not supported")
	}
	if len(e.Elems) > maxArguments {
		// More elements than a function may have arguments: rows, collected.
		name := "pg_collect_"
		if e.Multi {
			name = "pg_collects_"
		}
		g.w("(SELECT ", name, strconv.Itoa(int(t.Elem)), "(column1) FROM (VALUES ")
		for i, x := range e.Elems {
			if i > 0 {
				g.w(", ")
			}
			g.w("(")
			g.expr(x)
			g.w(")")
		}
		g.w("))")
		return
	}
	if e.Multi {
		g.w("pg_arrays_", strconv.Itoa(int(t.Elem)), "(")
	} else {
		g.w("pg_array_", strconv.Itoa(int(t.Elem)), "(")
	}
	g.list(e.Elems)
	g.w(")")
}

// subscript writes an element or a slice of an array. NULL bounds of a slice that were given differ from those left out.
func (g *gen) subscript(e *analyze.Subscript) {
	if t := g.baseType(e.Arg.Type()); partsOf[t] != 0 && len(e.Upper) == 1 {
		g.w("pg_part_", strconv.Itoa(int(t)), "(")
		g.list([]analyze.Expr{e.Arg, e.Upper[0]})
		g.w(")")
		return
	}
	if e.Arg.Type() == typeName && !e.Slice && len(e.Upper) == 1 {
		g.w("pg_name_byte(")
		g.list([]analyze.Expr{e.Arg, e.Upper[0]})
		g.w(")")
		return
	}
	t := g.typ(e.Arg.Type())
	if t == nil || t.Elem == 0 {
		g.unsupported(e.Loc, "subscripting of this type is not supported")
	}
	if !e.Slice {
		g.w("pg_element(")
		g.expr(e.Arg)
		for _, u := range e.Upper {
			g.w(", ")
			g.expr(u)
		}
		g.w(")")
		return
	}
	// A mask of four bits a dimension tells which bounds are given.
	mask := ""
	for i := range e.Upper {
		lo := i < len(e.Lower) && e.Lower[i] != nil
		hi := e.Upper[i] != nil
		switch {
		case lo && hi:
			mask += "b"
		case lo:
			mask += "l"
		case hi:
			mask += "u"
		default:
			mask += "n"
		}
	}
	g.w("pg_slice(")
	g.expr(e.Arg)
	g.w(", ")
	g.quote(mask)
	for i := range e.Upper {
		if i < len(e.Lower) && e.Lower[i] != nil {
			g.w(", ")
			g.expr(e.Lower[i])
		}
		if e.Upper[i] != nil {
			g.w(", ")
			g.expr(e.Upper[i])
		}
	}
	g.w(")")
}

// field writes a column of a composite value; a column of a whole row is the column itself.
func (g *gen) field(e *analyze.Field) {
	if v, ok := e.Arg.(*analyze.Var); ok && v.Col == analyze.WholeRow {
		g.variable(&analyze.Var{Info: e.Info, Up: v.Up, RTE: v.RTE, Col: e.Num})
		return
	}
	if r, ok := e.Arg.(*analyze.Row); ok && e.Num < len(r.Args) {
		g.expr(r.Args[e.Num])
		return
	}
	if c, ok := e.Arg.(*analyze.SetCall); ok && len(analyze.OutColumns(c.Proc, c)) > 1 {
		if t, ok := g.level.sets[c]; ok {
			g.w(t.name, ".", col(t.first+e.Num))
			return
		}
	}
	g.w("pg_field(")
	g.expr(e.Arg)
	g.w(", ", strconv.Itoa(g.fieldPlace(e)), ")")
}

// maxArguments is how many arguments SQLite lets a function have.
const maxArguments = 1000

// row writes a composite value: the name of the function tells its type and those of the columns.
func (g *gen) row(args []analyze.Expr, typ uint32, loc int32) {
	if len(args) > maxArguments {
		g.unsupported(loc, "a row of more than %d columns is not supported", maxArguments)
	}
	g.w("pg_row_", strconv.Itoa(int(g.baseType(typ))), typeSuffix(args), "(")
	g.list(args)
	g.w(")")
}

// namedRow writes an anonymous composite value whose columns have names, which to_json and others show.
func (g *gen) namedRow(args []analyze.Expr, names []string, loc int32) {
	if len(args) >= maxArguments {
		g.unsupported(loc, "a row of more than %d columns is not supported", maxArguments-1)
	}
	g.w("pg_named_row_", strconv.Itoa(typeRecord), typeSuffix(args), "(")
	g.quote(types.PackNames(names))
	for _, a := range args {
		g.w(", ")
		g.expr(a)
	}
	g.w(")")
}

// typeSuffix is the part of a function's name that tells the types of its arguments.
func typeSuffix(args []analyze.Expr) string {
	var b []byte
	for _, a := range args {
		b = strconv.AppendUint(append(b, '_'), uint64(a.Type()), 10)
	}
	return string(b)
}

// scalarArray writes left op ANY/ALL (array). A list becomes SQLite's IN, an array value a table of its elements, so that
// an index on the left side can be used. truth tells that only truth counts, so that NULL may as well be false.
func (g *gen) scalarArray(e *analyze.ScalarArray, truth bool) {
	arr, isList := e.Right.(*analyze.Array)
	elem := uint32(0)
	if t := g.typ(e.Right.Type()); t != nil {
		elem = t.Elem
	}
	op := ""
	if elem != 0 {
		op = g.native(e.Op, e.Left.Type(), elem)
	}
	if isList && !arr.Multi && (op == "=" && !e.All || op == "<>" && e.All) {
		elems := g.text(func() { g.list(arr.Elems) })
		g.w("(")
		g.against(e.Left, elems)
		if e.All {
			g.w(" NOT")
		}
		g.w(" IN (", elems, "))")
		return
	}
	if isList && !arr.Multi && len(arr.Elems) > 0 && (simple(e.Left) || len(arr.Elems) == 1) {
		word := " OR "
		if e.All {
			word = " AND "
		}
		g.w("(")
		for i, x := range arr.Elems {
			if i > 0 {
				g.w(word)
			}
			g.operator(e.Op, e.Proc, e.Left, x, e.Loc)
		}
		g.w(")")
		return
	}
	if elem == 0 {
		g.unsupported(e.Loc, "ANY and ALL over this type are not supported")
	}
	t := g.alias()
	right := g.text(func() { g.expr(e.Right) })
	if op == "=" && !e.All {
		in := g.text(func() {
			g.w("(")
			g.collated(e.Left)
			g.w(" IN (SELECT c0 FROM pg_elements(", right, ")))")
		})
		if truth {
			g.w(in)
			return
		}
		g.w("(CASE WHEN ", right, " IS NULL THEN NULL ELSE ", in, " END)")
		return
	}
	if volatileExpr(e.Left) {
		g.unsupported(e.Loc, "ANY and ALL with a volatile function are not supported")
	}
	left := g.text(func() { g.expr(e.Left) })
	g.w("(CASE WHEN ", right, " IS NULL THEN NULL ELSE ")
	g.quantified(e.All, func() {
		g.w("(SELECT ")
		lv := &level{parent: nil, column: func(v *analyze.Var) string {
			if v.Col == 0 {
				return left
			}
			return t + ".c0"
		}}
		l := &analyze.Var{Info: analyze.Info{Typ: e.Left.Type(), Mod: -1, Loc: e.Loc}, Col: 0}
		r := &analyze.Var{Info: analyze.Info{Typ: elem, Mod: -1, Loc: e.Loc}, Col: 1}
		g.at(lv, func() { g.operatorPlain(e, l, r) })
		g.w(" AS v FROM pg_elements(", right, ") AS ", t, ")")
	})
	g.w(" END)")
}

// operatorPlain writes the operator of a ScalarArray over one element.
func (g *gen) operatorPlain(e *analyze.ScalarArray, l, r analyze.Expr) {
	if s := g.native(e.Op, l.Type(), r.Type()); s != "" {
		g.w("(")
		g.expr(l)
		if c := g.collation(l.Type()); c != "" {
			g.w(" COLLATE ", c)
		}
		g.w(" ", s, " ")
		g.expr(r)
		g.w(")")
		return
	}
	g.procedure(e.Proc, []analyze.Expr{l, r}, typeBool, e.Loc)
}

// quantified writes ANY or ALL over the column v of a subquery: true or false as soon as one row decides, NULL where only a NULL
// stands against it, false (ANY) or true (ALL) over no rows.
func (g *gen) quantified(all bool, rows func()) {
	if all {
		g.w("(SELECT CASE WHEN min(v) = 0 THEN 0 WHEN count(*) > count(v) THEN NULL ELSE 1 END FROM ")
	} else {
		g.w("(SELECT CASE WHEN max(v) = 1 THEN 1 WHEN count(*) > count(v) THEN NULL ELSE 0 END FROM ")
	}
	rows()
	g.w(")")
}
