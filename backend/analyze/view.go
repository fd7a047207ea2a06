package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// viewEntry makes the entry of a view: its stored definition, analysed with the privileges of the view's owner.
func (a *Analyzer) viewEntry(sc *scope, rel *catalog.Relation, n *parse.RangeVar) (*RTE, error) {
	q, err := a.expandView(rel)
	if err != nil {
		return nil, err
	}
	r := &RTE{Kind: RTESubquery, Alias: rel.Name, View: rel, Query: q}
	for i := range rel.Columns {
		c := &rel.Columns[i]
		r.Columns = append(r.Columns, RTEColumn{Name: c.Name, Typ: c.Type, Mod: c.Typmod, Coll: c.Collation, Dropped: c.Dropped})
	}
	if len(r.Columns) != len(q.shownTargets()) {
		return nil, pgerr.New(pgerr.InternalError, "definition of view \"%s\" does not fit its columns", rel.Name)
	}
	return r, a.applyAlias(r, n.Alias, n.Location)
}

// expandView parses and analyses a view's definition. Places in it mean nothing to the client and are dropped.
func (a *Analyzer) expandView(rel *catalog.Relation) (*Query, error) {
	for _, oid := range a.views {
		if oid == rel.OID {
			return nil, pgerr.New(pgerr.InvalidObjectDefinition, "infinite recursion detected in rules for relation \"%s\"", rel.Name)
		}
	}
	st, err := parse.Parse(rel.View)
	if err != nil {
		return nil, unplaced(err)
	}
	if len(st) != 1 {
		return nil, pgerr.New(pgerr.InternalError, "view \"%s\" has no definition", rel.Name)
	}
	b := &Analyzer{Catalog: a.storedCatalog(), Types: a.Types, User: rel.Owner, Superuser: a.Superuser, Database: a.Database, Allowed: a.Allowed,
		Setting: a.Setting, Notice: a.Notice, depth: a.depth, views: append(a.views[:len(a.views):len(a.views)], rel.OID)}
	q, err := b.statement(nil, st[0].Node)
	if err != nil {
		return nil, unplaced(err)
	}
	if q.Command != Select {
		return nil, pgerr.New(pgerr.InternalError, "definition of view \"%s\" is no query", rel.Name)
	}
	if !rel.System {
		a.checks = append(a.checks, b.checks...)
	}
	return q, nil
}

// unplaced drops an error's position.
func unplaced(err error) error {
	e := *pgerr.From(err)
	e.Location, e.Position = 0, 0
	return &e
}

// storedCatalog is the catalog as stored text sees it: with nothing but pg_catalog on the path.
func (a *Analyzer) storedCatalog() catalog.Lookup {
	if v, ok := a.Catalog.(*catalog.View); ok {
		return v.System()
	}
	return a.Catalog
}
