package ddl

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// missingKind is a kind of object of which a database has none: DROP … IF EXISTS is a notice, DROP alone an error.
type missingKind struct {
	tag, word, code string
	of              bool // belongs to a relation: DROP TRIGGER t ON r
}

var missingKinds = map[parse.ObjectType]missingKind{
	parse.ObjectType_OBJECT_MATVIEW:         {"DROP MATERIALIZED VIEW", "materialized view", pgerr.UndefinedTable, false},
	parse.ObjectType_OBJECT_FOREIGN_TABLE:   {"DROP FOREIGN TABLE", "foreign table", pgerr.UndefinedTable, false},
	parse.ObjectType_OBJECT_EXTENSION:       {"DROP EXTENSION", "extension", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_STATISTIC_EXT:   {"DROP STATISTICS", "statistics object", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_PUBLICATION:     {"DROP PUBLICATION", "publication", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_EVENT_TRIGGER:   {"DROP EVENT TRIGGER", "event trigger", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_FOREIGN_SERVER:  {"DROP SERVER", "server", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_FDW:             {"DROP FOREIGN DATA WRAPPER", "foreign-data wrapper", pgerr.UndefinedObject, false},
	parse.ObjectType_OBJECT_TRIGGER:         {"DROP TRIGGER", "trigger", pgerr.UndefinedObject, true},
	parse.ObjectType_OBJECT_POLICY:          {"DROP POLICY", "policy", pgerr.UndefinedObject, true},
	parse.ObjectType_OBJECT_LANGUAGE:        {"DROP LANGUAGE", "language", "", false},
	parse.ObjectType_OBJECT_COLLATION:       {"DROP COLLATION", "collation", "", false},
	parse.ObjectType_OBJECT_TSCONFIGURATION: {"DROP TEXT SEARCH CONFIGURATION", "text search configuration", "", false},
}

// dropMissing answers DROP of what is not there. Of the kinds without a code some are built in: to drop those by name alone is not supported.
func (e *Env) dropMissing(n *parse.DropStmt) (string, error) {
	k, ok := missingKinds[n.RemoveType]
	if !ok || k.code == "" && !n.MissingOk {
		return "", pgerr.Unsupported(-1, "dropping objects of this kind is not supported")
	}
	for _, o := range n.Objects {
		items := listOf(o)
		if k.of {
			if err := e.dropMissingOf(k, stringsOf(items), n.MissingOk); err != nil {
				return k.tag, err
			}
			continue
		}
		schema, name := qualified(items)
		if schema != "" {
			if _, ok := e.Catalog.Namespace(e.schemaAlias(schema)); !ok {
				if !n.MissingOk {
					return k.tag, pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
				}
				e.skip(pgerr.SuccessfulCompletion, "schema \"%s\" does not exist", schema)
				continue
			}
		}
		if !n.MissingOk {
			return k.tag, pgerr.New(k.code, "%s \"%s\" does not exist", k.word, joinName(schema, name))
		}
		e.skip(pgerr.SuccessfulCompletion, "%s \"%s\" does not exist", k.word, name)
	}
	return k.tag, nil
}

// dropMissingOf is dropMissing for what belongs to a relation; names are the relation's with the object's behind.
func (e *Env) dropMissingOf(k missingKind, names []string, missingOK bool) error {
	rv, name := rangeVar(names[:len(names)-1]), names[len(names)-1]
	if rv.Schemaname != "" {
		if _, ok := e.Catalog.Namespace(e.schemaAlias(rv.Schemaname)); !ok {
			if !missingOK {
				return pgerr.New(pgerr.InvalidSchemaName, "schema \"%s\" does not exist", rv.Schemaname)
			}
			e.skip(pgerr.SuccessfulCompletion, "schema \"%s\" does not exist", rv.Schemaname)
			return nil
		}
	}
	rel, err := e.lookup(rv)
	if err != nil {
		return err
	}
	switch {
	case rel == nil && !missingOK:
		return undefinedRelation(rv)
	case rel == nil:
		e.skip(pgerr.SuccessfulCompletion, "relation \"%s\" does not exist", rv.Relname)
	case !missingOK:
		return pgerr.New(k.code, "%s \"%s\" for table \"%s\" does not exist", k.word, name, rv.Relname)
	default:
		e.skip(pgerr.SuccessfulCompletion, "%s \"%s\" for relation \"%s\" does not exist", k.word, name, joinName(rv.Schemaname, rv.Relname))
	}
	return nil
}
