package catalog

import (
	"slices"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// View is the catalog as one statement sees it: its snapshot, its search path. It implements Lookup, and for functions what they ask of
// the catalog.
type View struct {
	c    *Cache
	path []string // search_path as set
	temp string
	// search are the schemas in which relations and types are looked for, in order, the implicit ones included; functions
	// and operators are never looked for in the temporary schema.
	search, funcs []uint32
	tempOID       uint32
	creation      uint32
	only          *View
}

var _ Lookup = (*View)(nil)

// resolvePath finds the schemas of the path, as PostgreSQL's recomputeNamespacePath: those that do not exist or that the role may not
// use are left out; pg_catalog comes first unless the path names it, and the temporary schema before that.
func (v *View) resolvePath() error {
	c := v.c
	if v.temp != "" {
		v.tempOID = c.namespaceOID(v.temp)
	}
	for i, name := range v.path {
		switch name {
		case "$user":
			name = c.user
		case "pg_temp":
			if v.tempOID != 0 && !slices.Contains(v.search, v.tempOID) {
				v.search = append(v.search, v.tempOID)
				if i == 0 {
					v.creation = v.tempOID
				}
			}
			continue
		}
		oid := c.namespaceOID(name)
		if oid == 0 || slices.Contains(v.search, oid) {
			continue
		}
		if ok, err := v.mayUseSchema(oid); err != nil {
			return err
		} else if !ok {
			continue
		}
		v.search = append(v.search, oid)
		if v.creation == 0 {
			v.creation = oid
		}
	}
	if !slices.Contains(v.search, builtin.SchemaCatalog) {
		v.search = slices.Insert(v.search, 0, builtin.SchemaCatalog)
	}
	for _, oid := range v.search {
		if oid != v.tempOID {
			v.funcs = append(v.funcs, oid)
		}
	}
	if v.tempOID != 0 && !slices.Contains(v.search, v.tempOID) {
		v.search = slices.Insert(v.search, 0, v.tempOID)
	}
	return c.err
}

// System is the view with a path of pg_catalog alone, in which the stored text of views, defaults and checks is analyzed: what
// a user puts on the path must not change what it means.
func (v *View) System() *View {
	if v.only == nil {
		v.only = &View{c: v.c, temp: v.temp, tempOID: v.tempOID, search: []uint32{builtin.SchemaCatalog}, funcs: []uint32{builtin.SchemaCatalog}}
	}
	return v.only
}

// CreationSchema is where new objects without a schema go; 0 where the path names none that exists (3F000 "no schema has been
// selected to create in").
func (v *View) CreationSchema() uint32 { return v.creation }

// SearchPath gives the names of the schemas on the path, as current_schemas does.
func (v *View) SearchPath(implicit bool) []string {
	var out []string
	if implicit {
		for _, oid := range v.search {
			out = append(out, v.c.namespaceName(oid))
		}
		return out
	}
	for _, oid := range v.search {
		name := v.c.namespaceName(oid)
		for _, p := range v.path {
			if p == "$user" {
				p = v.c.user
			}
			if p == name {
				out = append(out, name)
				break
			}
		}
	}
	return out
}

// Err is the first read that failed in a look-up whose answer has no room for an error; then "not found" means nothing. Analysis asks it
// before it says that something does not exist.
func (v *View) Err() error { return v.c.err }

// Version is the catalog version this view is of.
func (v *View) Version() int64 { return v.c.version }

// Query runs SQLite SQL over the stored catalogs.
func (v *View) Query(sql string, args []types.Value, f func(row []types.Value) error) error {
	return v.c.q.Query(sql, args, f)
}

// Namespace finds a schema.
func (v *View) Namespace(name string) (uint32, bool) {
	if name == "pg_temp" && v.tempOID != 0 {
		return v.tempOID, true
	}
	oid := v.c.namespaceOID(name)
	return oid, oid != 0
}

// NamespaceName gives a schema's name, "" for none.
func (v *View) NamespaceName(oid uint32) string { return v.c.namespaceName(oid) }

// schemas are where a name is looked for: the one schema that qualifies it, or the path.
func (v *View) schemas(schema string, path []uint32) []uint32 {
	switch schema {
	case "":
		return path
	case "pg_catalog":
		return catalogOnly
	}
	if oid, ok := v.Namespace(schema); ok {
		return []uint32{oid}
	}
	return nil
}

var catalogOnly = []uint32{builtin.SchemaCatalog}

// CollationByName finds a collation.
func (v *View) CollationByName(schema, name string) (uint32, bool) {
	for _, ns := range v.schemas(schema, v.funcs) {
		for _, c := range builtin.Collations() {
			if c.Namespace == ns && (c.Name == name || strings.EqualFold(c.Name, "C.utf8") && strings.EqualFold(name, "C.UTF-8")) {
				return c.OID, true
			}
		}
	}
	return 0, false
}
