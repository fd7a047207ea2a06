package functions

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// accessKinds are the has_…_privilege functions: the kind of object, and the type behind a name.
var accessKinds = []struct{ kind, reg string }{
	{"table", "regclass"}, {"sequence", "regclass"}, {"schema", "regnamespace"}, {"function", "regprocedure"}, {"type", "regtype"},
	{"database", ""}, {"language", ""}, {"tablespace", ""}, {"foreign_data_wrapper", ""}, {"server", ""},
}

// accessRows are the access privilege inquiry functions, each in six forms: role by name, by OID or the current one; object by name or OID.
func accessRows() []Row {
	var rs []Row
	for _, k := range accessKinds {
		f := "has_" + k.kind + "_privilege"
		for _, object := range []string{"text", "oid"} {
			rs = append(rs, Row{Sig: f + "(" + object + ",text)", Scalar: hasPrivilege(k.kind, k.reg, 0)})
			for _, role := range []string{"name", "oid"} {
				rs = append(rs, Row{Sig: f + "(" + role + "," + object + ",text)", Scalar: hasPrivilege(k.kind, k.reg, 1)})
			}
			if k.kind != "table" {
				continue
			}
			for _, column := range []string{"text", "smallint"} {
				sig := "has_column_privilege(" + object + "," + column + ",text)"
				rs = append(rs, Row{Sig: sig, Scalar: hasColumnPrivilege(0)})
				for _, role := range []string{"name", "oid"} {
					rs = append(rs, Row{Sig: strings.Replace(sig, "(", "("+role+",", 1), Scalar: hasColumnPrivilege(1)})
				}
			}
			rs = append(rs, Row{Sig: "has_any_column_privilege(" + object + ",text)", Scalar: hasPrivilege("table", "regclass", 0)})
		}
		if k.kind == "table" {
			for _, role := range []string{"name", "oid"} {
				for _, object := range []string{"text", "oid"} {
					rs = append(rs, Row{Sig: "has_any_column_privilege(" + role + "," + object + ",text)", Scalar: hasPrivilege("table", "regclass", 1)})
				}
			}
		}
	}
	for _, member := range []string{"name", "oid"} {
		rs = append(rs, Row{Sig: "pg_has_role(" + member + ",text)", Scalar: hasRole(0)})
		for _, role := range []string{"name", "oid"} {
			rs = append(rs, Row{Sig: "pg_has_role(" + member + "," + role + ",text)", Scalar: hasRole(1)})
		}
	}
	return rs
}

// roleArg reads a role given by name or OID.
func roleArg(c *Call, v types.Value) (uint32, error) {
	if v.Kind == types.Int {
		return uint32(v.I), nil
	}
	name := string(v.B)
	if name == "public" {
		return 0, nil
	}
	oid, ok := c.Env.Catalog().RoleOID(name)
	if !ok {
		return 0, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", name)
	}
	return oid, nil
}

// objectArg reads an object given by name or OID.
func objectArg(c *Call, kind, reg string, v types.Value) (uint32, error) {
	if v.Kind == types.Int {
		return uint32(v.I), nil
	}
	if reg != "" {
		return c.Env.Catalog().ObjectOID(reg, string(v.B))
	}
	q := map[string]string{
		"database":   "SELECT oid FROM shared.\"pg_catalog.pg_database\" WHERE datname = ?1",
		"tablespace": "SELECT oid FROM shared.\"pg_catalog.pg_tablespace\" WHERE spcname = ?1",
		"language":   "SELECT oid FROM \"pg_catalog.pg_language\" WHERE lanname = ?1",
	}[kind]
	oid := null
	if q != "" {
		var err error
		if oid, err = oneText(c, q, v); err != nil {
			return 0, err
		}
	}
	if oid.IsNull() {
		code := pgerr.UndefinedObject
		if kind == "database" {
			code = pgerr.UndefinedDatabase
		}
		return 0, pgerr.New(code, "%s \"%s\" does not exist", strings.ReplaceAll(kind, "_", "-"), v.B)
	}
	return uint32(oid.I), nil
}

// privileges asks for a list of privileges, of which one suffices.
func privileges(c *Call, kind string, role, object uint32, column int16, list string) (types.Value, error) {
	for _, p := range strings.Split(list, ",") {
		ok, err := c.Env.Catalog().HasPrivilege(kind, role, object, column, strings.TrimSpace(p))
		if err != nil || ok {
			return types.BoolValue(ok), err
		}
	}
	return types.BoolValue(false), nil
}

// hasPrivilege is a has_…_privilege function; with is 1 where the role comes first.
func hasPrivilege(kind, reg string, with int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		role := c.Env.Session().UserOID
		var err error
		if with == 1 {
			if role, err = roleArg(c, a[0]); err != nil {
				return null, err
			}
		}
		object, err := objectArg(c, kind, reg, a[with])
		if err != nil {
			return null, err
		}
		return privileges(c, kind, role, object, 0, string(a[with+1].B))
	}
}

func hasColumnPrivilege(with int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		role := c.Env.Session().UserOID
		var err error
		if with == 1 {
			if role, err = roleArg(c, a[0]); err != nil {
				return null, err
			}
		}
		rel, err := objectArg(c, "table", "regclass", a[with])
		if err != nil {
			return null, err
		}
		column := a[with+1]
		if column.Kind == types.Text {
			n, err := oneText(c, "SELECT attnum FROM \"pg_catalog.pg_attribute\" WHERE attrelid = ?1 AND attname = ?2", types.IntValue(int64(rel)), column)
			if err != nil {
				return null, err
			}
			if n.IsNull() {
				return null, pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", column.B, relationName(c, rel))
			}
			column = n
		}
		return privileges(c, "table", role, rel, int16(column.I), string(a[with+2].B))
	}
}

func relationName(c *Call, oid uint32) string {
	name, _ := c.Env.Catalog().ObjectName("regclass", oid)
	return name
}

// hasRole is pg_has_role: MEMBER and USAGE ask for membership.
func hasRole(with int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		member := c.Env.Session().UserOID
		var err error
		if with == 1 {
			if member, err = roleArg(c, a[0]); err != nil {
				return null, err
			}
		}
		role, err := roleArg(c, a[with])
		if err != nil {
			return null, err
		}
		return privileges(c, "role", member, role, 0, string(a[with+1].B))
	}
}
