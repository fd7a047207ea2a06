package session

import (
	"strconv"
	"strings"

	"pgd/backend/parse"
)

func upper(s string) string { return strings.ToUpper(s) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// commandTag names a statement in messages ("cannot execute INSERT in a read-only transaction").
func commandTag(n parse.Node) string {
	switch n := n.(type) {
	case *parse.SelectStmt:
		if len(n.LockingClause) > 0 {
			return "SELECT FOR UPDATE"
		}
		return "SELECT"
	case *parse.DropStmt:
		if o := objectTags[n.RemoveType]; o != "" {
			return "DROP " + o
		}
	case *parse.AlterTableStmt:
		if o := objectTags[n.Objtype]; o != "" {
			return "ALTER " + o
		}
	case *parse.RenameStmt:
		if o := objectTags[n.RenameType]; o != "" {
			return "ALTER " + o
		}
	case *parse.CreateTableAsStmt:
		if n.IsSelectInto {
			return "SELECT INTO"
		}
		if n.Objtype == parse.ObjectType_OBJECT_MATVIEW {
			return "CREATE MATERIALIZED VIEW"
		}
	case *parse.GrantStmt:
		if !n.IsGrant {
			return "REVOKE"
		}
	case *parse.GrantRoleStmt:
		if n.IsGrant {
			return "GRANT ROLE"
		}
		return "REVOKE ROLE"
	}
	return commandTags[n.NodeName()]
}

var commandTags = map[string]string{
	"InsertStmt": "INSERT", "UpdateStmt": "UPDATE", "DeleteStmt": "DELETE", "MergeStmt": "MERGE", "CreateStmt": "CREATE TABLE",
	"CreateTableAsStmt": "CREATE TABLE AS", "SelectStmt": "SELECT INTO", "IndexStmt": "CREATE INDEX", "ViewStmt": "CREATE VIEW",
	"CreateSeqStmt": "CREATE SEQUENCE", "AlterSeqStmt": "ALTER SEQUENCE", "CreateSchemaStmt": "CREATE SCHEMA", "AlterTableStmt": "ALTER TABLE",
	"RenameStmt": "ALTER TABLE", "DropStmt": "DROP", "TruncateStmt": "TRUNCATE TABLE", "CommentStmt": "COMMENT", "GrantStmt": "GRANT",
	"AlterOwnerStmt": "ALTER", "AlterObjectSchemaStmt": "ALTER", "CreateRoleStmt": "CREATE ROLE", "AlterRoleStmt": "ALTER ROLE",
	"AlterRoleSetStmt": "ALTER ROLE", "DropRoleStmt": "DROP ROLE", "CreatedbStmt": "CREATE DATABASE", "DropdbStmt": "DROP DATABASE",
	"AlterDatabaseStmt": "ALTER DATABASE", "AlterDatabaseSetStmt": "ALTER DATABASE", "DefineStmt": "CREATE", "CreateDomainStmt": "CREATE DOMAIN",
	"CreateEnumStmt": "CREATE TYPE", "CompositeTypeStmt": "CREATE TYPE", "CreateFunctionStmt": "CREATE FUNCTION", "CreateTrigStmt": "CREATE TRIGGER",
	"CreateExtensionStmt": "CREATE EXTENSION", "RuleStmt": "CREATE RULE", "CreatePolicyStmt": "CREATE POLICY", "RefreshMatViewStmt": "REFRESH MATERIALIZED VIEW",
}

var objectTags = map[parse.ObjectType]string{
	parse.ObjectType_OBJECT_TABLE: "TABLE", parse.ObjectType_OBJECT_VIEW: "VIEW", parse.ObjectType_OBJECT_INDEX: "INDEX",
	parse.ObjectType_OBJECT_SEQUENCE: "SEQUENCE", parse.ObjectType_OBJECT_SCHEMA: "SCHEMA", parse.ObjectType_OBJECT_MATVIEW: "MATERIALIZED VIEW",
	parse.ObjectType_OBJECT_TYPE: "TYPE", parse.ObjectType_OBJECT_DOMAIN: "DOMAIN", parse.ObjectType_OBJECT_FUNCTION: "FUNCTION",
	parse.ObjectType_OBJECT_COLUMN: "TABLE", parse.ObjectType_OBJECT_TABCONSTRAINT: "TABLE", parse.ObjectType_OBJECT_DATABASE: "DATABASE",
	parse.ObjectType_OBJECT_ROLE: "ROLE", parse.ObjectType_OBJECT_TRIGGER: "TRIGGER", parse.ObjectType_OBJECT_EXTENSION: "EXTENSION",
}
