package analyze

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/catalog/builtin"
)

// call prints a function, an operator or a cast by function.
func (d *deparser) call(x *Call, implicit bool) {
	switch x.Form {
	case FormOperator:
		d.put("(")
		if len(x.Args) == 2 {
			d.expr(x.Args[0], true)
			d.put(" ")
		}
		d.put(d.operator(x.Op), " ")
		d.expr(x.Args[len(x.Args)-1], true)
		d.put(")")
		return
	case FormExplicitCast, FormImplicitCast:
		d.cast(x.Args[0], x, x.Form == FormImplicitCast, implicit)
		return
	case FormSQLSyntax:
		if d.sqlSyntax(x) {
			return
		}
	}
	if x.Places != nil {
		d.namedCall(x)
		return
	}
	d.function(x.Proc, x.Args[:len(x.Args)-x.Defaults], false, x.Variadic)
}

// namedCall prints a call with arguments by name as it was written.
func (d *deparser) namedCall(x *Call) {
	d.put(d.procName(x.Proc), "(")
	positional := len(x.Places) - len(x.Names)
	for i, at := range x.Places {
		if i > 0 {
			d.put(", ")
		}
		if i >= positional {
			d.put(catalog.QuoteIdent(x.Names[i-positional]), " => ")
		}
		d.expr(x.Args[at], true)
	}
	d.put(")")
}

// function prints name(args).
func (d *deparser) function(p *catalog.Proc, args []Expr, star, variadic bool) {
	d.put(d.procName(p), "(")
	if star {
		d.put("*")
	}
	d.arguments(args, variadic)
	d.put(")")
}

func (d *deparser) arguments(args []Expr, variadic bool) {
	for i, e := range args {
		if i > 0 {
			d.put(", ")
		}
		if variadic && i == len(args)-1 {
			d.put("VARIADIC ")
		}
		d.expr(e, true)
	}
}

func (d *deparser) aggregate(x *Agg) {
	d.put(d.procName(x.Proc), "(")
	if x.Distinct {
		d.put("DISTINCT ")
	}
	if x.Star {
		d.put("*")
	}
	d.arguments(x.Args, x.Variadic)
	for i, k := range x.Order {
		d.put([]string{" ORDER BY ", ", "}[min(i, 1)])
		d.expr(k.Expr, true)
		if k.Desc {
			d.put(" DESC")
		}
		if k.NullsFirst != k.Desc {
			d.put(map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[k.NullsFirst])
		}
	}
	d.put(")")
	if x.Filter != nil {
		d.put(" FILTER (WHERE ")
		d.expr(x.Filter, false)
		d.put(")")
	}
}

// procName is a function's name, qualified unless it is found without.
func (d *deparser) procName(p *catalog.Proc) string {
	name := catalog.QuoteIdent(p.Name)
	if p.Namespace == builtin.SchemaCatalog {
		return name
	}
	for _, q := range d.cat.Procs("", p.Name) {
		if q.OID == p.OID {
			return name
		}
	}
	return catalog.QuoteIdent(d.cat.NamespaceName(p.Namespace)) + "." + name
}

// operator is an operator's name, in the long form where it is not of pg_catalog.
func (d *deparser) operator(oid uint32) string {
	op := d.cat.Operator(oid)
	if op == nil {
		return "?"
	}
	if op.Namespace == builtin.SchemaCatalog {
		return op.Name
	}
	return "OPERATOR(" + catalog.QuoteIdent(d.cat.NamespaceName(op.Namespace)) + "." + op.Name + ")"
}

func (d *deparser) collation(oid uint32) string {
	return catalog.QuoteIdent(collationName(oid))
}

// sqlForms are the functions SQL writes with words; # n stands for an argument, ## n for one that is a bare word.
var sqlForms = map[string]map[int]string{
	"timezone":         {2: "(#2 AT TIME ZONE #1)"},
	"extract":          {2: "EXTRACT(@1 FROM #2)"},
	"is_normalized":    {1: "(#1 IS NORMALIZED)", 2: "(#1 IS @2 NORMALIZED)"},
	"normalize":        {1: "NORMALIZE(#1)", 2: "NORMALIZE(#1, @2)"},
	"pg_collation_for": {1: "COLLATION FOR (#1)"},
	"overlaps":         {4: "((#1, #2) OVERLAPS (#3, #4))"},
	"overlay":          {3: "OVERLAY(#1 PLACING #2 FROM #3)", 4: "OVERLAY(#1 PLACING #2 FROM #3 FOR #4)"},
	"position":         {2: "POSITION((#2) IN (#1))"},
	"substring":        {2: "SUBSTRING(#1 FROM #2)", 3: "SUBSTRING(#1 FROM #2 FOR #3)"},
	"btrim":            {1: "TRIM(BOTH FROM #1)", 2: "TRIM(BOTH #2 FROM #1)"},
	"ltrim":            {1: "TRIM(LEADING FROM #1)", 2: "TRIM(LEADING #2 FROM #1)"},
	"rtrim":            {1: "TRIM(TRAILING FROM #1)", 2: "TRIM(TRAILING #2 FROM #1)"},
}

// substringSimilar is SUBSTRING(x SIMILAR pattern ESCAPE e), which shares its name with the plain form.
const substringSimilar = 2074

func (d *deparser) sqlSyntax(x *Call) bool {
	form := sqlForms[x.Proc.Name][len(x.Args)-x.Defaults]
	if x.Proc.OID == substringSimilar {
		form = "SUBSTRING(#1 SIMILAR #2 ESCAPE #3)"
	}
	if form == "" {
		return false
	}
	for i := 0; i < len(form); i++ {
		switch c := form[i]; c {
		case '#', '@':
			i++
			arg := x.Args[form[i]-'1']
			if word, ok := arg.(*Const); ok && c == '@' {
				d.put(string(word.Value.B))
			} else {
				d.expr(arg, false)
			}
		default:
			d.b.WriteByte(c)
		}
	}
	return true
}

// constant prints a literal, with its type where it would be read as another.
func (d *deparser) constant(c *Const, label bool) {
	if c.Value.IsNull() {
		d.put("NULL")
		if label {
			d.put("::", d.typ(c.Typ, c.Mod))
		}
		return
	}
	text := ""
	if t := d.ctx.Find(c.Typ); t != nil && t.Output != nil {
		text = string(t.Output(d.ctx, nil, c.Value))
	} else {
		text = string(c.Value.B)
	}
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	need := true
	switch c.Typ {
	case typeBool:
		need = false
		quoted = map[bool]string{true: "true", false: "false"}[c.Value.Bool()]
	case typeUnknown:
		need = false
	case typeInt4:
		if text[0] != '-' {
			quoted, need = text, false
		}
	case typeNumeric:
		if text[0] >= '0' && text[0] <= '9' && strings.ContainsAny(text, "eE.") {
			quoted, need = text, c.Mod >= 0
		}
	}
	d.put(quoted)
	if need && label {
		d.put("::", d.typ(c.Typ, c.Mod))
	}
}
