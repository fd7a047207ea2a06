package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// createComposite carries out CREATE TYPE … AS (…).
func (e *Env) createComposite(n *parse.CompositeTypeStmt) (string, error) {
	const tag = "CREATE TYPE"
	if err := analyze.Only(n, parse.Has_CompositeTypeStmt_Typevar|parse.Has_CompositeTypeStmt_Coldeflist, -1); err != nil {
		return tag, err
	}
	rv := *n.Typevar
	rv.Location = -1
	schema, temp, err := e.creationSchema(&rv)
	if err != nil {
		return tag, err
	}
	ns, err := e.namespace(schema)
	if err != nil {
		return tag, err
	}
	if err := e.clearArrayName(ns, rv.Relname); err != nil {
		return tag, err
	}
	if t := e.Catalog.TypeByName(schema, rv.Relname); t != nil && t.Namespace == ns {
		return tag, pgerr.New(pgerr.DuplicateObject, "type \"%s\" already exists", rv.Relname)
	}
	r := catalog.NewRelation{Name: rv.Relname, Namespace: ns, Kind: 'c', Owner: e.User, Temp: temp}
	t := &table{name: rv.Relname}
	for _, node := range n.Coldeflist {
		def, ok := node.(*parse.ColumnDef)
		if !ok {
			return tag, pgerr.Unsupported(-1, "%s is not supported in CREATE TYPE", node.NodeName())
		}
		c, err := e.attribute(t, def)
		if err != nil {
			return tag, err
		}
		if t.column(c.name) != nil {
			return tag, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.name)
		}
		t.columns = append(t.columns, c)
		r.Columns = append(r.Columns, catalog.NewColumn{Name: c.name, Type: c.typ, Typmod: c.mod, Collation: c.coll})
	}
	if _, err := e.writer().CreateRelation(r); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}

// attribute reads one attribute of a composite type.
func (e *Env) attribute(t *table, n *parse.ColumnDef) (*column, error) {
	const consumed = parse.Has_ColumnDef_Colname | parse.Has_ColumnDef_TypeName | parse.Has_ColumnDef_IsLocal | parse.Has_ColumnDef_CollClause | parse.Has_ColumnDef_Location
	if err := analyze.Only(n, consumed, n.Location); err != nil {
		return nil, err
	}
	def := *n
	name := *n.TypeName
	name.Location = -1
	def.TypeName = &name
	c := &column{name: n.Colname, mod: -1, loc: n.Location}
	if err := e.columnType(t, c, &def); err != nil {
		return nil, err
	}
	if c.serial {
		return nil, pgerr.New(pgerr.UndefinedObject, "type \"%s\" does not exist", stringOf(n.TypeName.Names[0]))
	}
	return c, nil
}

// alterComposite carries out ALTER TYPE … ADD, DROP and ALTER ATTRIBUTE.
func (e *Env) alterComposite(n *parse.AlterTableStmt) (string, error) {
	const tag = "ALTER TYPE"
	rel, err := e.lookup(n.Relation)
	if err != nil {
		return tag, err
	}
	if rel == nil {
		return tag, undefinedRelation(n.Relation)
	}
	if err := e.mustOwn(rel); err != nil {
		return tag, err
	}
	if rel.Kind != 'c' {
		return tag, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a composite type", rel.Name)
	}
	cmds := make([]*parse.AlterTableCmd, 0, len(n.Cmds))
	for _, drops := range []bool{true, false} { // what is dropped goes first
		for _, node := range n.Cmds {
			if c, ok := node.(*parse.AlterTableCmd); ok && (c.Subtype == parse.AlterTableType_AT_DropColumn) == drops {
				cmds = append(cmds, c)
			}
		}
	}
	for _, c := range cmds {
		if err := e.alterAttribute(rel, c); err != nil {
			return tag, err
		}
		if rel, err = e.reload(rel.OID); err != nil {
			return tag, err
		}
		if err := e.recheckDomains(rel.RowType); err != nil {
			return tag, err
		}
	}
	return tag, nil
}

// recheckDomains refuses a change after which the CHECK of a domain over the type means nothing any more.
func (e *Env) recheckDomains(typ uint32) error {
	var domains []uint32
	err := e.DB.Query(`SELECT oid FROM "pg_catalog.pg_type" WHERE typtype = 'd' AND typbasetype = ?1`, []value{intValue(typ)}, func(r []value) error {
		domains = append(domains, uint32(r[0].I))
		return nil
	})
	if err != nil || len(domains) == 0 {
		return err
	}
	a, err := e.storedAnalyzer()
	if err != nil {
		return err
	}
	for _, d := range domains {
		if _, err := a.DomainTest(d); err != nil {
			return err
		}
	}
	return nil
}

// unusedRowType refuses a change that stored values of a row type would have to follow.
func (e *Env) unusedRowType(rel *catalog.Relation) error {
	hs, err := e.holders(rel.RowType, false, map[uint32]bool{})
	if err != nil || len(hs) == 0 {
		return err
	}
	return pgerr.New(pgerr.FeatureNotSupported, "cannot alter type \"%s\" because column \"%s.%s\" uses it", rel.Name, hs[0].rel.Name, hs[0].column.Name)
}

func (e *Env) alterAttribute(rel *catalog.Relation, c *parse.AlterTableCmd) error {
	w := e.writer()
	missing := func() error {
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", c.Name, rel.Name)
	}
	switch c.Subtype {
	case parse.AlterTableType_AT_AddColumn:
		def, ok := c.Def.(*parse.ColumnDef)
		if !ok {
			break
		}
		if findColumn(rel, def.Colname) != nil {
			return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", def.Colname, rel.Name)
		}
		col, err := e.attribute(&table{name: rel.Name}, def)
		if err != nil {
			return err
		}
		if e.contains(col.typ, rel.RowType, 0) {
			return pgerr.New(pgerr.InvalidTableDefinition, "composite type %s cannot be made a member of itself", e.Catalog.FormatType(rel.RowType, -1))
		}
		n := len(rel.Columns) + 1
		if err := w.AddColumn(rel.OID, int16(n), catalog.NewColumn{Name: col.name, Type: col.typ, Typmod: col.mod, Collation: col.coll}); err != nil {
			return err
		}
		if err := w.Set(catalog.ClassRelation, rel.OID, "relnatts", n); err != nil {
			return err
		}
		return e.reshapeHolders(rel.OID, -1)
	case parse.AlterTableType_AT_DropColumn:
		col := findColumn(rel, c.Name)
		if col == nil {
			if c.MissingOk {
				e.skip(pgerr.SuccessfulCompletion, "column \"%s\" of relation \"%s\" does not exist", c.Name, rel.Name)
				return nil
			}
			return missing()
		}
		if err := e.remove([]catalog.Address{relationColumn(rel.OID, col.Attnum)}, c.Behavior == parse.DropBehavior_DROP_CASCADE); err != nil {
			return err
		}
		place := 0
		for i := range rel.Columns[:col.Attnum-1] {
			if !rel.Columns[i].Dropped {
				place++
			}
		}
		return e.reshapeHolders(rel.OID, place)
	case parse.AlterTableType_AT_AlterColumnType:
		def, ok := c.Def.(*parse.ColumnDef)
		if !ok {
			break
		}
		col := findColumn(rel, c.Name)
		if col == nil {
			return missing()
		}
		if err := e.unusedRowType(rel); err != nil {
			return err
		}
		now, err := e.attribute(&table{name: rel.Name}, def)
		if err != nil {
			return err
		}
		if e.contains(now.typ, rel.RowType, 0) {
			return pgerr.New(pgerr.InvalidTableDefinition, "composite type %s cannot be made a member of itself", e.Catalog.FormatType(rel.RowType, -1))
		}
		return w.RetypeAttribute(rel.OID, col.Attnum, now.typ, now.mod, now.coll)
	case parse.AlterTableType_AT_ChangeOwner:
		return e.giveRelation(rel, c.Newowner)
	}
	return pgerr.Unsupported(-1, "this form of ALTER TYPE is not supported")
}

// contains tells whether values of a type have values of another inside.
func (e *Env) contains(typ, what uint32, depth int) bool {
	t := e.Catalog.Type(typ)
	if t == nil || depth > 32 {
		return false
	}
	switch {
	case typ == what:
		return true
	case t.Kind == 'd':
		return e.contains(t.BaseType, what, depth+1)
	case t.Category == 'A' && t.Elem != 0:
		return e.contains(t.Elem, what, depth+1)
	case t.Kind == 'c':
		rel, err := e.Catalog.RelationByOID(t.Relid)
		if err != nil || rel == nil {
			return false
		}
		for i := range rel.Columns {
			if c := &rel.Columns[i]; !c.Dropped && e.contains(c.Type, what, depth+1) {
				return true
			}
		}
	}
	return false
}

// renameAttribute carries out ALTER TYPE … RENAME ATTRIBUTE.
func (e *Env) renameAttribute(n *parse.RenameStmt) (string, error) {
	const tag = "ALTER TYPE"
	rel, err := e.renamed(n)
	if rel == nil || err != nil {
		return tag, err
	}
	if rel.Kind != 'c' {
		return tag, pgerr.New(pgerr.WrongObjectType, "\"%s\" is not a composite type", rel.Name)
	}
	c := findColumn(rel, n.Subname)
	if c == nil {
		return tag, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", n.Subname)
	}
	if findColumn(rel, n.Newname) != nil {
		return tag, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", n.Newname, rel.Name)
	}
	if err := e.writer().SetColumn(rel.OID, c.Attnum, "attname", n.Newname); err != nil {
		return tag, err
	}
	return tag, e.refresh()
}
