package ddl

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Handles tells whether a statement is this package's.
func Handles(n parse.Node) bool {
	switch n.(type) {
	case *parse.CreateStmt, *parse.CreateTableAsStmt, *parse.IndexStmt, *parse.ViewStmt, *parse.CreateSeqStmt, *parse.AlterSeqStmt, *parse.CreateSchemaStmt,
		*parse.AlterTableStmt, *parse.RenameStmt, *parse.DropStmt, *parse.TruncateStmt, *parse.CommentStmt, *parse.GrantStmt, *parse.AlterOwnerStmt,
		*parse.AlterObjectSchemaStmt, *parse.AlterDefaultPrivilegesStmt, *parse.CreateEnumStmt, *parse.AlterEnumStmt,
		*parse.CreateDomainStmt, *parse.AlterDomainStmt, *parse.CompositeTypeStmt:
		return true
	}
	return false
}

// Run carries out a statement inside the write transaction that the caller has opened, and gives its command tag.
func Run(e *Env, st parse.Statement) (tag string, err error) {
	switch n := st.Node.(type) {
	case *parse.CreateStmt:
		return e.createTable(n)
	case *parse.CreateTableAsStmt:
		return e.createAs(n, st)
	case *parse.IndexStmt:
		return e.createIndex(n)
	case *parse.ViewStmt:
		return e.createView(n, st)
	case *parse.CreateSeqStmt:
		return e.createSequence(n)
	case *parse.AlterSeqStmt:
		return e.alterSequence(n)
	case *parse.CreateSchemaStmt:
		return e.createSchema(n, st)
	case *parse.AlterTableStmt:
		return e.alterTable(n)
	case *parse.RenameStmt:
		return e.rename(n)
	case *parse.DropStmt:
		return e.drop(n)
	case *parse.TruncateStmt:
		return e.truncate(n)
	case *parse.CommentStmt:
		return e.comment(n)
	case *parse.GrantStmt:
		return e.grant(n)
	case *parse.AlterDefaultPrivilegesStmt:
		return e.alterDefaultPrivileges(n)
	case *parse.AlterOwnerStmt:
		return e.alterOwner(n)
	case *parse.AlterObjectSchemaStmt:
		return e.alterSchema(n)
	case *parse.CreateEnumStmt:
		return e.createEnum(n)
	case *parse.CompositeTypeStmt:
		return e.createComposite(n)
	case *parse.CreateDomainStmt:
		return e.createDomain(n)
	case *parse.AlterDomainStmt:
		return e.alterDomain(n)
	case *parse.AlterEnumStmt:
		return e.alterEnum(n)
	}
	return "", pgerr.Unsupported(-1, "%s is not supported", st.Node.NodeName())
}
