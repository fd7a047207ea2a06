package catalog

import (
	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Relation finds a relation by name; nil without error for none, 3F000 for a schema that does not exist.
func (v *View) Relation(schema, name string) (*Relation, error) {
	list := v.schemas(schema, v.search)
	if list == nil {
		if v.c.err != nil {
			return nil, v.c.err
		}
		return nil, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	for _, ns := range list {
		if r, err := v.relationIn(ns, name); r != nil || err != nil {
			return r, err
		}
	}
	return nil, nil
}

// relationIn finds a relation in one schema.
func (v *View) relationIn(ns uint32, name string) (*Relation, error) {
	if ns == builtin.SchemaCatalog || ns == builtin.SchemaInformation {
		if c := builtin.ClassByName(ns, name); c != nil {
			return systemRelation(c), nil
		}
		if ns == builtin.SchemaCatalog {
			return nil, nil
		}
	}
	oid, err := v.c.relationOID(ns, name)
	if oid == 0 || err != nil {
		return nil, err
	}
	return v.RelationByOID(oid)
}

// relationOID finds a user's relation in pg_class; 0 for none.
func (c *Cache) relationOID(ns uint32, name string) (oid uint32, err error) {
	key := nameKey{ns, name}
	if oid, ok := c.byName[key]; ok {
		return oid, nil
	}
	err = c.q.Query("SELECT oid FROM "+table("pg_class")+" WHERE relname = ? AND relnamespace = ?",
		[]types.Value{types.StringValue(name), value(ns)}, func(r []types.Value) error { oid = uint32(r[0].I); return nil })
	if err != nil {
		return 0, err
	}
	if c.byName == nil {
		c.byName = map[nameKey]uint32{}
	}
	c.byName[key] = oid
	return oid, nil
}

// RelationByOID finds a relation; nil for none.
func (v *View) RelationByOID(oid uint32) (*Relation, error) {
	if oid < builtin.FirstUserOID {
		if c := builtin.ClassByOID(oid); c != nil {
			return systemRelation(c), nil
		}
		return nil, nil
	}
	if r, ok := v.c.relations[oid]; ok {
		return r, nil
	}
	r, err := v.c.loadRelation(oid)
	if err != nil {
		return nil, err
	}
	if v.c.relations == nil {
		v.c.relations = map[uint32]*Relation{}
	}
	v.c.relations[oid] = r
	return r, nil
}

// letterOf gives a "char" column's byte, 0 for the empty one.
func letterOf(v types.Value) byte {
	if len(v.B) == 0 {
		return 0
	}
	return v.B[0]
}

// loadRelation reads all that is known of a relation, by one indexed query for each catalog.
func (c *Cache) loadRelation(oid uint32) (*Relation, error) {
	var r *Relation
	var hasIndex bool
	args := []types.Value{value(oid)}
	err := c.q.Query("SELECT relname, relnamespace, relkind, relowner, reltype, relpersistence, relhasindex, relacl FROM "+table("pg_class")+" WHERE oid = ?", args,
		func(f []types.Value) error {
			r = &Relation{OID: oid, Name: string(f[0].B), Namespace: uint32(f[1].I), Kind: letterOf(f[2]), Owner: uint32(f[3].I), RowType: uint32(f[4].I),
				Temp: letterOf(f[5]) == 't', ACL: ReadACL(f[7]), RowidColumn: -1}
			hasIndex = f[6].Bool()
			return nil
		})
	if r == nil || err != nil {
		return nil, err
	}
	r.Schema = c.namespaceName(r.Namespace)
	if c.err != nil {
		return nil, c.err
	}
	if r.Kind != 'v' && r.Kind != 'c' {
		r.Physical = PhysicalTable(r.Schema, r.Name)
		switch {
		case r.Temp && r.Schema == c.temp:
			r.Physical = PhysicalTemp(r.Name)
		case r.Temp: // its rows are in another process: no table of this name is ever in temp
			r.Physical, r.OtherSession = "temp."+r.Physical, true
		}
	}
	if err := c.loadColumns(r, args); err != nil {
		return nil, err
	}
	switch r.Kind {
	case 'v':
		err = c.q.Query("SELECT ev_action FROM "+table("pg_rewrite")+" WHERE ev_class = ? AND rulename = '_RETURN'", args,
			func(f []types.Value) error { r.View = string(f[0].B); return nil })
	case 'r':
		if err = c.loadConstraints(r, args); err == nil && hasIndex {
			if err = c.loadIndexes(r, args); err == nil && !r.OtherSession {
				err = c.findRowid(r)
			}
		}
	}
	return r, err
}

// loadColumns reads pg_attribute with pg_attrdef, and which sequences are of identity columns.
func (c *Cache) loadColumns(r *Relation, args []types.Value) error {
	identity := false
	err := c.q.Query(`SELECT attnum, attname, atttypid, atttypmod, attcollation, attnotnull, attidentity, attgenerated, attisdropped, adbin, attacl
		FROM `+table("pg_attribute")+` LEFT JOIN `+table("pg_attrdef")+` ON adrelid = attrelid AND adnum = attnum AND atthasdef
		WHERE attrelid = ? AND attnum > 0 ORDER BY attnum`, args, func(f []types.Value) error {
		name := string(f[1].B)
		col := Column{Name: name, Physical: PhysicalName(name), Attnum: int16(f[0].I), Type: uint32(f[2].I), Typmod: int32(f[3].I), Collation: uint32(f[4].I),
			NotNull: f[5].Bool(), Identity: letterOf(f[6]), Generated: letterOf(f[7]), Dropped: f[8].Bool(), Default: string(f[9].B), ACL: ReadACL(f[10])}
		identity = identity || col.Identity != 0
		r.Columns = append(r.Columns, col)
		return nil
	})
	if err != nil || !identity {
		return err
	}
	return c.q.Query(`SELECT refobjsubid, objid FROM `+table("pg_depend")+` WHERE refclassid = 1259 AND refobjid = ? AND classid = 1259 AND deptype = 'i' AND refobjsubid > 0`, args,
		func(f []types.Value) error {
			if n := int(f[0].I); n <= len(r.Columns) {
				r.Columns[n-1].Sequence = uint32(f[1].I)
			}
			return nil
		})
}

func (c *Cache) loadConstraints(r *Relation, args []types.Value) error {
	return c.q.Query(`SELECT oid, conname, contype, conkey, conindid, confrelid, confkey, confupdtype, confdeltype, confmatchtype, condeferrable, condeferred,
		convalidated, conbin FROM `+table("pg_constraint")+` WHERE conrelid = ? ORDER BY conname`, args, func(f []types.Value) error {
		k := &Constraint{OID: uint32(f[0].I), Name: string(f[1].B), Kind: letterOf(f[2]), Columns: readNumbers[int16](f[3]), Index: uint32(f[4].I),
			Ref: uint32(f[5].I), RefColumns: readNumbers[int16](f[6]), OnUpdate: letterOf(f[7]), OnDelete: letterOf(f[8]), Match: letterOf(f[9]),
			Deferrable: f[10].Bool(), Deferred: f[11].Bool(), Valid: f[12].Bool(), Check: string(f[13].B)}
		r.Constraints = append(r.Constraints, k)
		return nil
	})
}

func (c *Cache) loadIndexes(r *Relation, args []types.Value) error {
	return c.q.Query(`SELECT indexrelid, relname, indkey, indexprs, indpred, indisunique, indisprimary, indnkeyatts, indoption, indnullsnotdistinct
		FROM `+table("pg_index")+` JOIN `+table("pg_class")+` ON oid = indexrelid WHERE indrelid = ? ORDER BY indexrelid`, args, func(f []types.Value) error {
		x := &Index{OID: uint32(f[0].I), Name: string(f[1].B), Columns: readNumbers[int16](f[2]), Where: string(f[4].B), Unique: f[5].Bool(),
			Primary: f[6].Bool(), KeyCount: int(f[7].I), NullsNotDistinct: f[9].Bool()}
		if f[3].Kind == types.Text {
			x.Exprs = SplitExprs(string(f[3].B))
		}
		for _, o := range readNumbers[int16](f[8]) {
			x.Desc = append(x.Desc, o&1 != 0)
			x.NullsFirst = append(x.NullsFirst, o&2 != 0)
		}
		r.Indexes = append(r.Indexes, x)
		return nil
	})
}

// findRowid asks SQLite whether a key of one integer column is the rowid: DDL decides that when it makes the table, and a key added
// later is none.
func (c *Cache) findRowid(r *Relation) error {
	for _, x := range r.Indexes {
		if !x.Primary || len(x.Columns) != 1 || x.Columns[0] <= 0 {
			continue
		}
		i := int(x.Columns[0]) - 1
		switch r.Columns[i].Type {
		case typeInt2, typeInt4, typeInt8:
		default:
			continue
		}
		schema, key := "main", RelationKey(r.Schema, r.Name)
		if r.Temp {
			schema, key = "temp", RelationKey("pg_temp", r.Name)
		}
		return c.q.Query("SELECT 1 FROM pragma_table_info(?, ?) WHERE pk = 1 AND type = 'INTEGER' AND name = ?",
			[]types.Value{value(key), value(schema), value(ColumnKey(r.Columns[i].Name))}, func([]types.Value) error { r.RowidColumn = i; return nil })
	}
	return nil
}
