package ddl

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// rename carries out ALTER … RENAME.
func (e *Env) rename(n *parse.RenameStmt) (string, error) {
	switch n.RenameType {
	case parse.ObjectType_OBJECT_TABLE, parse.ObjectType_OBJECT_VIEW, parse.ObjectType_OBJECT_INDEX, parse.ObjectType_OBJECT_SEQUENCE:
		return e.renameRelation(n)
	case parse.ObjectType_OBJECT_COLUMN:
		return e.renameColumn(n)
	case parse.ObjectType_OBJECT_TABCONSTRAINT:
		return e.renameConstraint(n)
	case parse.ObjectType_OBJECT_TYPE, parse.ObjectType_OBJECT_DOMAIN:
		return e.renameType(n)
	case parse.ObjectType_OBJECT_ATTRIBUTE:
		return e.renameAttribute(n)
	case parse.ObjectType_OBJECT_DOMCONSTRAINT:
		return e.renameDomainConstraint(n)
	case parse.ObjectType_OBJECT_SCHEMA:
		return e.renameSchema(n)
	}
	return "", pgerr.Unsupported(-1, "renaming objects of this kind is not supported")
}

// renamed finds the relation of a RENAME; nil where it is missing and may be.
func (e *Env) renamed(n *parse.RenameStmt) (*catalog.Relation, error) {
	rel, err := e.lookup(n.Relation)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		if n.MissingOk {
			e.skip(pgerr.SuccessfulCompletion, "relation \"%s\" does not exist", n.Relation.Relname)
			return nil, nil
		}
		return nil, undefinedRelation(n.Relation)
	}
	return rel, e.mustOwn(rel)
}

func (e *Env) renameRelation(n *parse.RenameStmt) (string, error) {
	k := alterTags[n.RenameType]
	rel, err := e.renamed(n)
	if rel == nil || err != nil {
		return k.tag, err
	}
	if n.RenameType != parse.ObjectType_OBJECT_INDEX && !strings.ContainsRune(k.kinds, rune(rel.Kind)) { // ALTER INDEX renames anything
		if rel.Kind == 'c' {
			return k.tag, pgerr.New(pgerr.WrongObjectType, "\"%s\" is a composite type", rel.Name).WithHint("Use ALTER TYPE instead.")
		}
		return k.tag, wrongKind(rel, k.word)
	}
	if _, err := e.relationTaken(rel.Schema, n.Newname, false); err != nil {
		return k.tag, err
	}
	fix, err := e.dependentTexts(rel, 0)
	if err != nil {
		return k.tag, err
	}
	w := e.writer()
	if err := w.Set(catalog.ClassRelation, rel.OID, "relname", n.Newname); err != nil {
		return k.tag, err
	}
	if rel.RowType != 0 {
		if err := w.RenameRowType(rel.RowType, n.Newname); err != nil {
			return k.tag, err
		}
	}
	if rel.Kind == 'i' {
		return k.tag, e.renameIndex(rel, n.Newname)
	}
	now, err := e.reload(rel.OID)
	if err != nil {
		return k.tag, err
	}
	if rel.Kind == 'r' {
		if err := e.moveTable(rel, now); err != nil {
			return k.tag, err
		}
	}
	return k.tag, fix.apply(e)
}

// moveTable renames SQLite's table after the catalog's, and writes its text anew: the messages of its constraints name it.
func (e *Env) moveTable(old, now *catalog.Relation) error {
	if err := e.DB.Exec("ALTER TABLE " + old.Physical + " RENAME TO " + bareName(now)); err != nil {
		return err
	}
	now, err := e.reload(now.OID) // which column is the rowid can be seen only now
	if err != nil {
		return err
	}
	return e.rewriteText(now)
}

// renameIndex renames an index and the constraint it belongs to; SQLite's index is made anew, it has no other way.
func (e *Env) renameIndex(ix *catalog.Relation, name string) error {
	var table, con uint32
	err := e.DB.Query(`SELECT indrelid, coalesce((SELECT oid FROM "pg_catalog.pg_constraint" WHERE conindid = indexrelid AND contype IN ('p', 'u')), 0)
		FROM "pg_catalog.pg_index" WHERE indexrelid = ?1`, []value{intValue(ix.OID)}, func(r []value) error {
		table, con = uint32(r[0].I), uint32(r[1].I)
		return nil
	})
	if err != nil {
		return err
	}
	if con != 0 {
		if err := e.writer().Set(catalog.ClassConstraint, con, "conname", name); err != nil {
			return err
		}
	}
	rel, err := e.reload(table)
	if err != nil {
		return err
	}
	for _, x := range rel.Indexes {
		if x.OID == ix.OID && !isRowid(rel, x) {
			old := *x
			old.Name = ix.Name
			if err := e.DB.Exec("DROP INDEX " + indexName(rel, &old)); err != nil {
				return err
			}
			return e.buildIndex(rel, x)
		}
	}
	return nil
}

func (e *Env) renameColumn(n *parse.RenameStmt) (string, error) {
	k, ok := alterTags[n.RelationType]
	if !ok {
		return "", pgerr.Unsupported(-1, "renaming columns of this kind of object is not supported")
	}
	rel, err := e.renamed(n)
	if rel == nil || err != nil {
		return k.tag, err
	}
	if rel.Kind != 'r' && rel.Kind != 'v' {
		return k.tag, pgerr.New(pgerr.WrongObjectType, "cannot rename columns of relation \"%s\"", rel.Name)
	}
	c := findColumn(rel, n.Subname)
	if c == nil && isSystemColumn(n.Subname) {
		return k.tag, pgerr.New(pgerr.FeatureNotSupported, "cannot rename system column \"%s\"", n.Subname)
	}
	if c == nil {
		return k.tag, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", n.Subname)
	}
	if findColumn(rel, n.Newname) != nil {
		return k.tag, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", n.Newname, rel.Name)
	}
	if err := systemColumns(&table{columns: []*column{{name: n.Newname}}}); err != nil {
		return k.tag, err
	}
	fix, err := e.dependentTexts(rel, c.Attnum)
	if err != nil {
		return k.tag, err
	}
	if err := e.writer().SetColumn(rel.OID, c.Attnum, "attname", n.Newname); err != nil {
		return k.tag, err
	}
	if err := fix.apply(e); err != nil {
		return k.tag, err
	}
	if rel.Kind != 'r' {
		return k.tag, e.refresh()
	}
	if err := e.DB.Exec("ALTER TABLE " + rel.Physical + " RENAME COLUMN " + c.Physical + " TO " + catalog.PhysicalName(n.Newname)); err != nil {
		return k.tag, err
	}
	now, err := e.reload(rel.OID)
	if err != nil {
		return k.tag, err
	}
	return k.tag, e.rewriteText(now)
}

func (e *Env) renameConstraint(n *parse.RenameStmt) (string, error) {
	const tag = "ALTER TABLE"
	rel, err := e.renamed(n)
	if rel == nil || err != nil {
		return tag, err
	}
	var k *catalog.Constraint
	for _, x := range rel.Constraints {
		if x.Name == n.Newname {
			return tag, pgerr.New(pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", n.Newname, rel.Name)
		}
		if x.Name == n.Subname {
			k = x
		}
	}
	if k == nil {
		return tag, pgerr.New(pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", n.Subname, rel.Name)
	}
	if k.Kind == 'p' || k.Kind == 'u' {
		ix, err := e.Catalog.RelationByOID(k.Index)
		if err != nil {
			return tag, err
		}
		if _, err := e.relationTaken(rel.Schema, n.Newname, false); err != nil {
			return tag, err
		}
		if err := e.writer().Set(catalog.ClassRelation, ix.OID, "relname", n.Newname); err != nil {
			return tag, err
		}
		return tag, e.renameIndex(ix, n.Newname)
	}
	if err := e.writer().Set(catalog.ClassConstraint, k.OID, "conname", n.Newname); err != nil {
		return tag, err
	}
	now, err := e.reload(rel.OID)
	if err != nil {
		return tag, err
	}
	return tag, e.rewrite(now, now, nil)
}

// texts are stored expressions analysed before something they name is renamed, to be written anew afterwards.
type texts struct {
	rel   *catalog.Relation
	exprs []storedExpr
	views []storedView
}

type storedExpr struct {
	x   analyze.Expr
	put func(text string) error
}

type storedView struct {
	oid uint32
	q   *analyze.Query
}

// dependentTexts analyses what mentions a relation or, with attnum, one of its columns by name: the table's own checks, generation expressions and
// indexes, the defaults that draw from a sequence, the views over it.
func (e *Env) dependentTexts(rel *catalog.Relation, attnum int16) (*texts, error) {
	t := &texts{rel: rel}
	st, err := e.storedAnalyzer()
	if err != nil {
		return nil, err
	}
	add := func(text string, over *catalog.Relation, kind analyze.Kind, put func(string) error) error {
		n, err := parseExpr(text)
		if err != nil {
			return err
		}
		x, err := st.TableExpr(n, over, kind, 0, -1)
		if err == nil {
			t.exprs = append(t.exprs, storedExpr{x, put})
		}
		return err
	}
	w := e.writer()
	if rel.Kind == 'r' && attnum != 0 {
		for _, k := range rel.Constraints {
			if k.Kind == 'c' {
				if err := add(k.Check, rel, analyze.KindCheck, func(s string) error { return w.Set(catalog.ClassConstraint, k.OID, "conbin", s) }); err != nil {
					return nil, err
				}
			}
		}
		for i := range rel.Columns {
			if c := &rel.Columns[i]; c.Generated != 0 {
				put := func(s string) error { return w.SetDefaultText(rel.OID, c.Attnum, s) }
				if err := add(c.Default, rel, analyze.KindGenerated, put); err != nil {
					return nil, err
				}
			}
		}
		for _, ix := range rel.Indexes {
			if ix.Where != "" {
				if err := add(ix.Where, rel, analyze.KindIndexPredicate, func(s string) error { return w.Set(catalog.ClassIndex, ix.OID, "indpred", s) }); err != nil {
					return nil, err
				}
			}
			texts := make([]string, len(ix.Exprs))
			for i, text := range ix.Exprs {
				if err := add(text, rel, analyze.KindIndexExpr, func(s string) error {
					texts[i] = s
					if i < len(texts)-1 {
						return nil
					}
					return w.Set(catalog.ClassIndex, ix.OID, "indexprs", catalog.JoinExprs(texts))
				}); err != nil {
					return nil, err
				}
			}
		}
	}
	deps, err := w.Dependents(catalog.Address{Class: catalog.ClassRelation, OID: rel.OID})
	if err != nil {
		return nil, err
	}
	seen := map[uint32]bool{}
	for _, d := range deps {
		if d.Class != catalog.ClassRewrite || seen[d.OID] {
			continue
		}
		seen[d.OID] = true
		if err := e.noteView(t, d.OID, rel.OID); err != nil {
			return nil, err
		}
	}
	if rel.Kind == 'S' {
		return t, e.noteDefaults(t, rel, add)
	}
	return t, nil
}

func (e *Env) noteView(t *texts, rule, except uint32) error {
	var view uint32
	err := e.DB.Query(`SELECT ev_class FROM "pg_catalog.pg_rewrite" WHERE oid = ?1`, []value{intValue(rule)}, func(r []value) error {
		view = uint32(r[0].I)
		return nil
	})
	if err != nil || view == except {
		return err
	}
	rel, err := e.Catalog.RelationByOID(view)
	if err != nil {
		return err
	}
	stmts, err := parse.Parse(rel.View)
	if err != nil {
		return err
	}
	st, err := e.storedAnalyzer()
	if err != nil {
		return err
	}
	q, err := st.Query(stmts[0])
	if err == nil {
		t.views = append(t.views, storedView{view, q})
	}
	return err
}

// noteDefaults finds the column defaults that name a sequence.
func (e *Env) noteDefaults(t *texts, seq *catalog.Relation, add func(string, *catalog.Relation, analyze.Kind, func(string) error) error) error {
	type def struct {
		rel    uint32
		attnum int16
		text   string
	}
	var defs []def
	err := e.DB.Query(`SELECT adrelid, adnum, adbin FROM "pg_catalog.pg_attrdef" WHERE instr(adbin, ?1) > 0`,
		[]value{{Kind: 3, B: []byte("::regclass")}}, func(r []value) error {
			defs = append(defs, def{uint32(r[0].I), int16(r[1].I), string(r[2].B)})
			return nil
		})
	if err != nil {
		return err
	}
	for _, d := range defs {
		if !strings.Contains(d.text, seq.Name) {
			continue
		}
		if err := add(d.text, nil, analyze.KindDefault, func(s string) error { return e.writer().SetDefaultText(d.rel, d.attnum, s) }); err != nil {
			return err
		}
	}
	return nil
}

// apply writes the texts with the names there are now.
func (t *texts) apply(e *Env) error {
	if len(t.exprs)+len(t.views) == 0 {
		return nil
	}
	rel, err := e.reload(t.rel.OID)
	if err != nil {
		return err
	}
	for _, x := range t.exprs {
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
		if err := analyze.Refresh(v.q, st.RelationByOID); err != nil {
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
	return e.refresh()
}
