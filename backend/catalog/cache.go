package catalog

import (
	"slices"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// Cache holds what a session has read of its database's catalog, until the catalog version moves. It serves one session
// and is not safe for use by several goroutines.
//
// A version says what the catalog holds only for committed states: after a rollback of a transaction that did DDL the same number can come
// again for something else. The session calls Forget then.
type Cache struct {
	q       Querier
	version int64
	valid   bool
	// user is what "$user" in a search path stands for; role is whose privileges count.
	user string
	role uint32
	// temp is the session's temporary schema
	temp string
	// Database is the name of the database, whose owner is a member of pg_database_owner. It survives Forget.
	Database string

	namespaces []namespace
	haveNames  bool
	relations  map[uint32]*Relation // nil value: known not to exist
	byName     map[nameKey]uint32   // pg_class; 0: known not to exist
	types      map[uint32]*TypeRow
	typeByName map[nameKey]*TypeRow
	dataTypes  map[uint32]*types.Type
	domains    map[uint32][]DomainCheck
	made       userObjects
	views      []*View
	// whether superRole is a superuser, for one statement
	superKnown, super bool
	superRole         uint32
	// err is the first read that failed inside a look-up that cannot answer with an error.
	err error
}

type nameKey struct {
	namespace uint32
	name      string
}

// namespace is a row of pg_namespace.
type namespace struct {
	oid, owner uint32
	name       string
	acl        ACL
}

// NewCache makes a cache that reads through q.
func NewCache(q Querier) *Cache { return &Cache{q: q} }

// SetRole tells whose privileges count and what "$user" stands for.
func (c *Cache) SetRole(oid uint32, name string) {
	if c.role != oid || c.user != name {
		c.role, c.user = oid, name
		c.views = nil
	}
}

// Forget drops all that was read.
func (c *Cache) Forget() { c.valid = false }

// At gives the view of the catalog for one statement: version is the catalog version in the statement's snapshot, path the
// search_path as set, tempSchema the name of the session's temporary schema ("pg_temp_3") once it has one. Views of the same
// version and path are the same.
func (c *Cache) At(version int64, path []string, tempSchema string) (*View, error) {
	if !c.valid || c.version != version || c.temp != tempSchema {
		*c = Cache{q: c.q, user: c.user, role: c.role, Database: c.Database, temp: tempSchema, version: version, valid: true}
	}
	c.err, c.superKnown = nil, false
	for _, v := range c.views {
		if v.temp == tempSchema && slices.Equal(v.path, path) {
			return v, nil
		}
	}
	v := &View{c: c, path: slices.Clone(path), temp: tempSchema}
	if err := v.resolvePath(); err != nil {
		return nil, err
	}
	c.views = append(c.views, v)
	return v, nil
}

// loadNamespaces reads pg_namespace once.
func (c *Cache) loadNamespaces() error {
	if c.haveNames {
		return nil
	}
	c.namespaces = c.namespaces[:0]
	err := c.q.Query(`SELECT oid, nspname, nspowner, nspacl FROM `+table("pg_namespace"), nil, func(r []types.Value) error {
		c.namespaces = append(c.namespaces, namespace{uint32(r[0].I), uint32(r[2].I), string(r[1].B), ReadACL(r[3])})
		return nil
	})
	c.haveNames = err == nil
	return err
}

// namespaceOID finds a schema; 0 for none.
func (c *Cache) namespaceOID(name string) uint32 {
	switch name {
	case "pg_catalog":
		return builtin.SchemaCatalog
	}
	if err := c.loadNamespaces(); err != nil {
		c.fail(err)
		return 0
	}
	for i := range c.namespaces {
		if c.namespaces[i].name == name {
			return c.namespaces[i].oid
		}
	}
	return 0
}

// namespaceName gives a schema's name, "" for none.
func (c *Cache) namespaceName(oid uint32) string {
	if oid == builtin.SchemaCatalog {
		return "pg_catalog"
	}
	if err := c.loadNamespaces(); err != nil {
		c.fail(err)
		return ""
	}
	for i := range c.namespaces {
		if c.namespaces[i].oid == oid {
			return c.namespaces[i].name
		}
	}
	return ""
}

// fail keeps the first error of look-ups that cannot answer with one.
func (c *Cache) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// userObjects tells of which kinds users have made objects: asked once, so that look-ups of built-in ones need no query.
type userObjects struct {
	loaded                              bool
	procs, operators, casts, collations bool
}

func (c *Cache) users() *userObjects {
	u := &c.made
	if u.loaded {
		return u
	}
	err := c.q.Query(`SELECT EXISTS(SELECT 1 FROM `+table("pg_proc")+` WHERE oid >= 16384), EXISTS(SELECT 1 FROM `+table("pg_operator")+` WHERE oid >= 16384),
		EXISTS(SELECT 1 FROM `+table("pg_cast")+` WHERE oid >= 16384), EXISTS(SELECT 1 FROM `+table("pg_collation")+` WHERE oid >= 16384)`, nil,
		func(r []types.Value) error {
			*u = userObjects{true, r[0].Bool(), r[1].Bool(), r[2].Bool(), r[3].Bool()}
			return nil
		})
	if err != nil {
		c.fail(err)
	}
	return u
}
