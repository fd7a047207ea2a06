package ddl

import (
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// creationSchema settles where a relation named by rv is made, and whether it is temporary.
func (e *Env) creationSchema(rv *parse.RangeVar) (schema string, temp bool, err error) {
	if err := e.checkDatabase(rv); err != nil {
		return "", false, err
	}
	temp = rv.Relpersistence == "t"
	switch {
	case rv.Schemaname == "pg_temp" || rv.Schemaname != "" && rv.Schemaname == e.TempSchema:
		return e.TempSchema, true, nil
	case temp && rv.Schemaname != "":
		return "", false, pgerr.New(pgerr.InvalidTableDefinition, "cannot create temporary relation in non-temporary schema").At(rv.Location)
	case temp:
		return e.TempSchema, true, nil
	case rv.Schemaname != "":
		schema = rv.Schemaname
	case len(e.SearchPath) > 0:
		schema = e.SearchPath[0]
	default:
		return "", false, pgerr.New(pgerr.UndefinedSchema, "no schema has been selected to create in").At(rv.Location)
	}
	oid, ok := e.Catalog.Namespace(schema)
	if !ok {
		return "", false, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema).At(rv.Location)
	}
	if strings.HasPrefix(schema, "pg_") || schema == "information_schema" && !e.Superuser {
		if schema == "pg_catalog" || schema == "pg_toast" {
			return "", false, pgerr.New(pgerr.InsufficientPrivilege, "permission denied to create \"%s.%s\"", schema, rv.Relname).
				WithDetail("System catalog modifications are currently disallowed.")
		}
	}
	return schema, false, e.mayUse(oid, schema, catalog.PrivCreate)
}

// checkDatabase refuses a name that begins with another database's.
func (e *Env) checkDatabase(rv *parse.RangeVar) error {
	if rv.Catalogname != "" && rv.Catalogname != e.Database {
		return pgerr.New(pgerr.FeatureNotSupported, "cross-database references are not implemented: \"%s.%s.%s\"", rv.Catalogname, rv.Schemaname, rv.Relname).At(rv.Location)
	}
	return nil
}

func (e *Env) namespace(schema string) (uint32, error) {
	oid, ok := e.Catalog.Namespace(schema)
	if !ok {
		return 0, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	return oid, nil
}

// relationTaken looks whether a name is free in its schema. With ifNotExists a taken one is a notice and skip is true.
func (e *Env) relationTaken(schema, name string, ifNotExists bool) (skip bool, err error) {
	rel, err := e.Catalog.Relation(schema, name)
	if err != nil || rel == nil {
		return false, err
	}
	if ifNotExists {
		e.skip(pgerr.DuplicateTable, "relation \"%s\" already exists", name)
		return true, nil
	}
	return false, pgerr.New(pgerr.DuplicateTable, "relation \"%s\" already exists", name)
}

// createSchema carries out CREATE SCHEMA.
func (e *Env) createSchema(n *parse.CreateSchemaStmt, st parse.Statement) (string, error) {
	const tag = "CREATE SCHEMA"
	if err := analyze.Only(n, parse.Has_CreateSchemaStmt_Schemaname|parse.Has_CreateSchemaStmt_Authrole|parse.Has_CreateSchemaStmt_IfNotExists|
		parse.Has_CreateSchemaStmt_SchemaElts, -1); err != nil {
		return tag, err
	}
	owner, name := e.User, n.Schemaname
	if n.Authrole != nil {
		oid, role, err := e.role(n.Authrole)
		if err != nil {
			return tag, err
		}
		if owner = oid; name == "" {
			name = role
		}
		if !e.MemberOf(oid) {
			return tag, pgerr.New(pgerr.InsufficientPrivilege, "must be member of role \"%s\"", role)
		}
	}
	if err := e.mayCreateInDatabase(); err != nil {
		return tag, err
	}
	if strings.HasPrefix(name, "pg_") {
		return tag, pgerr.New(pgerr.ReservedName, "unacceptable schema name \"%s\"", name).WithDetail("The prefix \"pg_\" is reserved for system schemas.")
	}
	if _, ok := e.Catalog.Namespace(name); ok && n.IfNotExists {
		e.skip(pgerr.DuplicateSchema, "schema \"%s\" already exists", name)
		return tag, nil
	}
	if _, err := e.writer().CreateNamespace(name, owner); err != nil {
		return tag, err
	}
	if err := e.refresh(); err != nil || len(n.SchemaElts) == 0 {
		return tag, err
	}
	return tag, e.schemaElements(n, st, name, owner)
}

// schemaElements carries out the statements inside CREATE SCHEMA, as its owner and with the schema in front of the search path: sequences, tables,
// views, indexes, privileges, in that order.
func (e *Env) schemaElements(n *parse.CreateSchemaStmt, st parse.Statement, schema string, owner uint32) error {
	path, user := e.SearchPath, e.User
	defer func() { e.SearchPath, e.User = path, user }()
	e.SearchPath, e.User = append([]string{schema}, path...), owner
	if err := e.refresh(); err != nil {
		return err
	}
	var steps [5][]parse.Node
	for _, el := range n.SchemaElts {
		var rv *parse.RangeVar
		step := 0
		switch x := el.(type) {
		case *parse.CreateSeqStmt:
			rv = x.Sequence
		case *parse.CreateStmt:
			rv, step = x.Relation, 1
		case *parse.ViewStmt:
			rv, step = x.View, 2
		case *parse.IndexStmt:
			rv, step = x.Relation, 3
		case *parse.GrantStmt:
			step = 4
		default:
			return pgerr.Unsupported(-1, "%s is not supported in CREATE SCHEMA", el.NodeName())
		}
		if rv != nil {
			if rv.Schemaname != "" && rv.Schemaname != schema {
				return pgerr.New(pgerr.InvalidSchemaDefinition, "CREATE specifies a schema (%s) different from the one being created (%s)", rv.Schemaname, schema)
			}
			rv.Schemaname = schema
			rv.Present |= parse.Has_RangeVar_Schemaname
		}
		steps[step] = append(steps[step], el)
	}
	for _, list := range steps {
		for _, el := range list {
			if _, err := Run(e, parse.Statement{Node: el, Text: st.Text, Offset: st.Offset}); err != nil {
				return err
			}
		}
	}
	return nil
}
