package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/types"
)

// typeTexts are the stored expressions that name a type, as analysed before the type gets another name.
type typeTexts struct {
	exprs []typeText
	views []storedView
}

type typeText struct {
	x   analyze.Expr
	rel *catalog.Relation // nil for a domain's
	put func(text string) error
}

// textsOfType finds what may name a type: the defaults, checks and generation expressions of tables and domains whose text has its name, and views.
func (e *Env) textsOfType(t *catalog.TypeRow) (*typeTexts, error) {
	out := &typeTexts{}
	st, err := e.storedAnalyzer()
	if err != nil {
		return nil, err
	}
	w := e.writer()
	type row struct {
		rel, oid uint32
		attnum   int16
		text     string
	}
	find := func(sql string) (rows []row, err error) {
		err = e.DB.Query(sql, []value{types.StringValue(t.Name)}, func(r []value) error {
			rows = append(rows, row{uint32(r[0].I), uint32(r[1].I), int16(r[2].I), string(r[3].B)})
			return nil
		})
		return rows, err
	}
	defaults, err := find(`SELECT adrelid, oid, adnum, adbin FROM "pg_catalog.pg_attrdef" WHERE instr(adbin, ?1) > 0`)
	if err != nil {
		return nil, err
	}
	for _, d := range defaults {
		rel, err := e.Catalog.RelationByOID(d.rel)
		if err != nil || rel == nil {
			return nil, err
		}
		n, err := parseExpr(d.text)
		if err != nil {
			return nil, err
		}
		kind, over := analyze.KindDefault, (*catalog.Relation)(nil)
		if rel.Columns[d.attnum-1].Generated != 0 {
			kind, over = analyze.KindGenerated, rel
		}
		x, err := st.TableExpr(n, over, kind, 0, -1)
		if err != nil {
			return nil, err
		}
		out.exprs = append(out.exprs, typeText{x, rel, func(s string) error { return w.SetDefaultText(d.rel, d.attnum, s) }})
	}
	checks, err := find(`SELECT conrelid, oid, 0, conbin FROM "pg_catalog.pg_constraint" WHERE contype = 'c' AND conrelid <> 0 AND instr(conbin, ?1) > 0`)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		rel, err := e.Catalog.RelationByOID(c.rel)
		if err != nil || rel == nil {
			return nil, err
		}
		n, err := parseExpr(c.text)
		if err != nil {
			return nil, err
		}
		x, err := st.TableExpr(n, rel, analyze.KindCheck, 0, -1)
		if err != nil {
			return nil, err
		}
		out.exprs = append(out.exprs, typeText{x, rel, func(s string) error { return w.Set(catalog.ClassConstraint, c.oid, "conbin", s) }})
	}
	views, err := find(`SELECT ev_class, oid, 0, ev_action FROM "pg_catalog.pg_rewrite" WHERE oid >= 16384 AND instr(ev_action, ?1) > 0`)
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		stmts, err := parse.Parse(v.text)
		if err != nil || len(stmts) != 1 {
			return nil, err
		}
		sa, err := e.storedAnalyzer()
		if err != nil {
			return nil, err
		}
		q, err := sa.Query(stmts[0])
		if err != nil {
			return nil, err
		}
		out.views = append(out.views, storedView{v.rel, q})
	}
	return out, nil
}

// apply writes the texts with the names there are now.
func (t *typeTexts) apply(e *Env) error {
	for _, x := range t.exprs {
		rel := x.rel
		if rel == nil {
			rel = &catalog.Relation{}
		}
		text, err := e.deparse(rel, x.x)
		if err != nil {
			return err
		}
		if err := x.put(text); err != nil {
			return err
		}
	}
	for _, v := range t.views {
		st, err := e.storedView()
		if err != nil {
			return err
		}
		text, err := analyze.DeparseQuery(v.q, st)
		if err != nil {
			return err
		}
		if err := e.writer().SetViewText(v.oid, text); err != nil {
			return err
		}
	}
	if len(t.exprs)+len(t.views) == 0 {
		return nil
	}
	return e.refresh()
}
