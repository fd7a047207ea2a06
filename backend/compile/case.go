package compile

import (
	"pgd/backend/analyze"
)

// caseExpr writes CASE. With an argument SQLite's own form computes it once, where every condition is a native equality.
func (g *gen) caseExpr(e *analyze.Case) {
	if e.Arg == nil {
		g.w("(CASE")
		for _, w := range e.Whens {
			g.w(" WHEN ")
			g.expr(w.Cond)
			g.w(" THEN ")
			g.expr(w.Result)
		}
		g.caseElse(e)
		return
	}
	if values := g.caseValues(e); values != nil {
		g.w("(CASE ")
		g.against(e.Arg, "COLLATE")
		for i, w := range e.Whens {
			g.w(" WHEN ")
			g.expr(values[i])
			g.w(" THEN ")
			g.expr(w.Result)
		}
		g.caseElse(e)
		return
	}
	if volatileExpr(e.Arg) {
		g.unsupported(e.Loc, "CASE of a volatile expression of this type is not supported")
	}
	test := g.text(func() { g.expr(e.Arg) })
	g.w("(CASE")
	for _, w := range e.Whens {
		g.w(" WHEN ")
		g.caseTest = append(g.caseTest, test)
		g.expr(w.Cond)
		g.caseTest = g.caseTest[:len(g.caseTest)-1]
		g.w(" THEN ")
		g.expr(w.Result)
	}
	g.caseElse(e)
}

func (g *gen) caseElse(e *analyze.Case) {
	if c, ok := e.Else.(*analyze.Const); !ok || !c.Value.IsNull() {
		g.w(" ELSE ")
		g.expr(e.Else)
	}
	g.w(" END)")
}

// caseValues gives what each condition compares the argument with; nil where one is no native equality with the argument itself.
func (g *gen) caseValues(e *analyze.Case) []analyze.Expr {
	out := make([]analyze.Expr, len(e.Whens))
	for i, w := range e.Whens {
		c, ok := w.Cond.(*analyze.Call)
		if !ok || len(c.Args) != 2 {
			return nil
		}
		l := c.Args[0]
		for {
			r, ok := l.(*analyze.Relabel)
			if !ok {
				break
			}
			l = r.Arg
		}
		if _, ok := l.(*analyze.CaseTest); !ok || g.native(c.Op, c.Args[0].Type(), c.Args[1].Type()) != "=" {
			return nil
		}
		if g.collation(c.Args[0].Type()) != g.collation(e.Arg.Type()) {
			return nil
		}
		out[i] = c.Args[1]
	}
	return out
}
