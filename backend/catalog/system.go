package catalog

import (
	"sync/atomic"

	"pgd/backend/catalog/builtin"
)

// systemRelations are the tables and views of the system that this process has been asked for. They are the same in all databases and
// never change.
var systemRelations [1024]atomic.Pointer[Relation]

// systemRelation makes the relation of a built-in class from constant data, without reading anything.
func systemRelation(c *builtin.Class) *Relation {
	slot := &systemRelations[classIndex(c)]
	if r := slot.Load(); r != nil {
		return r
	}
	r := &Relation{OID: c.OID, Namespace: c.Namespace, Schema: systemSchema(c.Namespace), Name: c.Name, Kind: c.Kind, Owner: builtin.BootstrapRole,
		RowType: c.RowType, Shared: c.Shared, System: true, RowidColumn: -1, ACL: systemACL(c)}
	r.Columns = make([]Column, len(c.Columns))
	for i := range c.Columns {
		col := &c.Columns[i]
		r.Columns[i] = Column{Name: col.Name, Physical: PhysicalName(col.Name), Attnum: int16(i + 1), Type: col.Type, Typmod: col.Typmod,
			Collation: col.Collation, NotNull: col.NotNull}
	}
	switch c.Kind {
	case 'v':
		r.View = systemView(c)
		// The columns of information_schema are of domains; the definitions give their base types, which is also what a client is told.
		for i := range r.Columns {
			if t := builtin.TypeByOID(r.Columns[i].Type); t != nil && t.Kind == 'd' {
				r.Columns[i].Type, r.Columns[i].Typmod = t.BaseType, t.Typmod
			}
		}
	case 'r':
		r.RowidColumn = rowidColumn(c)
		r.Physical = PhysicalTable(r.Schema, r.Name)
		if c.Shared {
			r.Physical = "shared." + r.Physical
		}
	}
	for i := range c.Indexes {
		x := &c.Indexes[i]
		r.Indexes = append(r.Indexes, &Index{OID: x.OID, Name: x.Name, Columns: x.Columns, Unique: x.Unique, Primary: x.Primary, KeyCount: len(x.Columns),
			Desc: make([]bool, len(x.Columns)), NullsFirst: make([]bool, len(x.Columns))})
		if x.Constraint != 0 {
			kind := byte('u')
			if x.Primary {
				kind = 'p'
			}
			r.Constraints = append(r.Constraints, &Constraint{OID: x.Constraint, Name: x.Name, Kind: kind, Columns: x.Columns, Index: x.OID, Valid: true})
		}
	}
	slot.Store(r)
	return r
}

// classIndex is the place of a class in the array it points into.
func classIndex(c *builtin.Class) int {
	all := builtin.Classes()
	lo, hi := 0, len(all)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if all[m].OID < c.OID {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// systemACL is who may read a system relation: everybody, but for those that PostgreSQL keeps to the superuser.
func systemACL(c *builtin.Class) ACL {
	acl := ACL{{Grantee: builtin.BootstrapRole, Grantor: builtin.BootstrapRole, Privs: AllPrivileges(ClassRelation, c.Kind)}}
	switch c.Name {
	case "pg_authid", "pg_shadow", "pg_statistic", "pg_statistic_ext_data", "pg_largeobject", "pg_user_mapping", "pg_hba_file_rules", "pg_ident_file_mappings",
		"pg_file_settings", "pg_config", "pg_backend_memory_contexts", "pg_shmem_allocations", "pg_replication_origin", "pg_replication_origin_status",
		"pg_subscription":
		return acl
	}
	return append(acl, ACLItem{Grantor: builtin.BootstrapRole, Privs: PrivSelect})
}
