package session

import (
	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// utility is a kind of statement that is not planned.
type utility struct {
	run func(s *session, c *command) (*result, error)
	// columns describes the rows it gives; nil where it never gives any.
	columns func(s *session, n parse.Node) ([]compile.Column, error)
	// atOnce tells that its transaction ends with it in a pipeline, too.
	atOnce bool
}

// utilities are those the session carries out itself, by the node's name. What is not here and is no query is for package ddl.
var utilities map[string]*utility

func init() {
	utilities = map[string]*utility{
		"TransactionStmt":      {run: transactionStatement},
		"VariableSetStmt":      {run: setStatement},
		"VariableShowStmt":     {run: showStatement, columns: showColumns},
		"DiscardStmt":          {run: discardStatement},
		"ConstraintsSetStmt":   {run: constraintsStatement},
		"PrepareStmt":          {run: prepareStatement},
		"ExecuteStmt":          {run: executeStatement, columns: executeColumns},
		"DeallocateStmt":       {run: deallocateStatement},
		"DeclareCursorStmt":    {run: declareStatement},
		"FetchStmt":            {run: fetchStatement, columns: fetchColumns},
		"ClosePortalStmt":      {run: closeStatement},
		"CopyStmt":             {run: copyStatement},
		"ExplainStmt":          {run: explainStatement, columns: explainColumns},
		"LockStmt":             {run: lockStatement},
		"VacuumStmt":           {run: vacuumStatement, atOnce: true},
		"ReindexStmt":          {run: reindexStatement, atOnce: true},
		"ClusterStmt":          {run: clusterStatement, atOnce: true},
		"CheckPointStmt":       {run: checkpointStatement},
		"CreateRoleStmt":       {run: createRole},
		"AlterRoleStmt":        {run: alterRole},
		"AlterRoleSetStmt":     {run: alterRoleSet},
		"DropRoleStmt":         {run: dropRole},
		"GrantRoleStmt":        {run: grantRole},
		"CreatedbStmt":         {run: createDatabase, atOnce: true},
		"DropdbStmt":           {run: dropDatabase, atOnce: true},
		"AlterDatabaseStmt":    {run: alterDatabase},
		"AlterDatabaseSetStmt": {run: alterDatabaseSet},
		"AlterSystemStmt":      {run: alterSystem, atOnce: true},
		"ListenStmt":           {run: unsupported("LISTEN")},
		"UnlistenStmt":         {run: unlistenStatement},
		"NotifyStmt":           {run: unsupported("NOTIFY")},
		"DoStmt":               {run: unsupported("DO")},
		"CallStmt":             {run: unsupported("CALL")},
		"LoadStmt":             {run: unsupported("LOAD")},
	}
}

// utilityOf finds the utility of a statement; nil for a query and for what is a definition.
func utilityOf(n parse.Node) *utility {
	switch n := n.(type) {
	case *parse.RenameStmt:
		switch n.RenameType {
		case parse.ObjectType_OBJECT_ROLE:
			return &utility{run: renameRole}
		case parse.ObjectType_OBJECT_DATABASE:
			return &utility{run: renameDatabase}
		}
	case *parse.AlterOwnerStmt:
		if n.ObjectType == parse.ObjectType_OBJECT_DATABASE {
			return &utility{run: ownDatabase}
		}
	case *parse.CommentStmt:
		switch n.Objtype {
		case parse.ObjectType_OBJECT_ROLE, parse.ObjectType_OBJECT_DATABASE, parse.ObjectType_OBJECT_TABLESPACE:
			return &utility{run: commentShared}
		}
	case *parse.GrantStmt:
		if n.Objtype == parse.ObjectType_OBJECT_DATABASE {
			return &utility{run: grantDatabase}
		}
	}
	return utilities[n.NodeName()]
}

// unsupported answers for a statement that is not there yet.
func unsupported(tag string) func(*session, *command) (*result, error) {
	return func(*session, *command) (*result, error) {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "%s is not supported", tag)
	}
}

// unlistenStatement has nothing to do: nothing can be listened to.
func unlistenStatement(*session, *command) (*result, error) { return done("UNLISTEN"), nil }

func isTransaction(n parse.Node) bool {
	_, is := n.(*parse.TransactionStmt)
	return is
}

// endsAtOnce tells whether a statement's transaction ends with it even inside a pipeline.
func (s *session) endsAtOnce(n parse.Node) bool {
	u := utilities[n.NodeName()]
	return u != nil && u.atOnce && !s.tx.explicit()
}

// discardStatement runs DISCARD.
func discardStatement(s *session, c *command) (*result, error) {
	switch c.node.(*parse.DiscardStmt).Target {
	case parse.DiscardMode_DISCARD_ALL:
		if err := s.preventBlock(c, "DISCARD ALL"); err != nil {
			return nil, err
		}
		s.dropPortals(func(p *portal) bool { return p.name != "" || p.st != c.st })
		if err := s.setSessionUser(nil, false); err != nil {
			return nil, err
		}
		s.resetAll()
		for name := range s.stmts {
			if p := s.stmts[name]; p.st != c.st {
				s.dropPrepared(name)
			}
		}
		if err := s.db.Locks().ReleaseAll(); err != nil {
			return nil, err
		}
		s.cache.clear()
		s.epoch++
		if err := s.dropTemp(); err != nil {
			return nil, err
		}
		return done("DISCARD ALL"), nil
	case parse.DiscardMode_DISCARD_PLANS:
		s.epoch++
		return done("DISCARD PLANS"), nil
	case parse.DiscardMode_DISCARD_SEQUENCES:
		s.forgetSequences()
		return done("DISCARD SEQUENCES"), nil
	case parse.DiscardMode_DISCARD_TEMP:
		return done("DISCARD TEMP"), s.dropTemp()
	}
	return nil, pgerr.Unsupported(-1, "this form of DISCARD is not supported")
}

// constraintsStatement runs SET CONSTRAINTS. Foreign keys that are not put off are checked after each statement, which IMMEDIATE
// asks for; DEFERRED is taken where a constraint is declared so.
func constraintsStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.ConstraintsSetStmt)
	s.warnBlock("SET CONSTRAINTS")
	if len(n.Constraints) > 0 {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "SET CONSTRAINTS with names is not supported")
	}
	s.tx.constraints = &n.Deferred
	if !n.Deferred {
		return done("SET CONSTRAINTS"), s.checkDeferred()
	}
	return done("SET CONSTRAINTS"), nil
}
