package session

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// copyStatement runs COPY.
func copyStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.CopyStmt)
	switch {
	case n.IsProgram:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY to or from an external program is not supported").
			WithHint("The server starts no programs. Use psql's \\copy with a pipe on the client.")
	case n.Filename != "":
		return nil, pgerr.New(pgerr.FeatureNotSupported, "COPY to or from a file of the server is not supported").
			WithHint("Use COPY ... %s, or psql's \\copy for a file of the client.", map[bool]string{true: "FROM STDIN", false: "TO STDOUT"}[n.IsFrom])
	}
	if n.IsFrom {
		if err := s.preventReadOnly("COPY FROM"); err != nil {
			return nil, err
		}
		return s.copyIn(c, n)
	}
	return s.copyOut(c, n)
}

// copyTable is the table of a COPY and the columns that take part, in the order of the data.
type copyTable struct {
	rel     *catalog.Relation
	columns []*catalog.Column
	listed  bool
}

// copyTarget finds the table and the columns.
func (s *session) copyTarget(v *catalog.View, n *parse.CopyStmt) (*copyTable, error) {
	r := n.Relation
	rel, err := v.Relation(r.Schemaname, r.Relname)
	if err != nil {
		return nil, err
	}
	if rel == nil {
		name := r.Relname
		if r.Schemaname != "" {
			name = r.Schemaname + "." + name
		}
		return nil, pgerr.New(pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	if !n.IsFrom {
		if err := copyable(rel, false); err != nil {
			return nil, err
		}
	}
	t := &copyTable{rel: rel, listed: len(n.Attlist) > 0}
	if !t.listed {
		for i := range rel.Columns {
			if c := &rel.Columns[i]; !c.Dropped && c.Generated == 0 {
				t.columns = append(t.columns, c)
			}
		}
		return t, nil
	}
	for _, a := range n.Attlist {
		name := a.(*parse.String).Sval
		c := findColumn(rel, name)
		if c == nil {
			return nil, noColumn(rel, name)
		}
		if c.Generated != 0 {
			return nil, pgerr.New(pgerr.InvalidColumnReference, "column \"%s\" is a generated column", name).
				WithDetail("Generated columns cannot be used in COPY.")
		}
		for _, had := range t.columns {
			if had == c {
				return nil, pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", name)
			}
		}
		t.columns = append(t.columns, c)
	}
	return t, nil
}

func findColumn(rel *catalog.Relation, name string) *catalog.Column {
	for i := range rel.Columns {
		if c := &rel.Columns[i]; c.Name == name && !c.Dropped {
			return c
		}
	}
	return nil
}

func noColumn(rel *catalog.Relation, name string) error {
	return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
}

// copyable refuses relations that are no tables.
func copyable(rel *catalog.Relation, from bool) error {
	if rel.Kind == 'r' || rel.Kind == 'p' && from {
		if from && rel.System {
			return pgerr.New(pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", rel.Name)
		}
		return nil
	}
	kind := map[byte]string{'v': "view", 'm': "materialized view", 'f': "foreign table", 'S': "sequence", 'p': "partitioned table"}[rel.Kind]
	if kind == "" {
		return pgerr.New(pgerr.WrongObjectType, "cannot copy %s non-table relation \"%s\"", map[bool]string{true: "to", false: "from"}[from], rel.Name)
	}
	if from {
		e := pgerr.New(pgerr.WrongObjectType, "cannot copy to %s \"%s\"", kind, rel.Name)
		if rel.Kind == 'v' {
			e.Hint = "To enable copying to a view, provide an INSTEAD OF INSERT trigger."
		}
		return e
	}
	e := pgerr.New(pgerr.WrongObjectType, "cannot copy from %s \"%s\"", kind, rel.Name)
	if rel.Kind != 'S' {
		e.Hint = "Try the COPY (SELECT ...) TO variant."
	}
	return e
}

// flags marks the columns that an option names.
func (t *copyTable) flags(names []string, option string) ([]bool, error) {
	set := make([]bool, len(t.columns))
	for _, name := range names {
		if findColumn(t.rel, name) == nil {
			return nil, noColumn(t.rel, name)
		}
		found := false
		for i, c := range t.columns {
			if c.Name == name {
				set[i], found = true, true
			}
		}
		if !found {
			return nil, pgerr.New(pgerr.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", option, name)
		}
	}
	return set, nil
}

// columnList writes the columns for a statement.
func (t *copyTable) columnList() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = quoteAlways(c.Name)
	}
	return strings.Join(names, ", ")
}

func (t *copyTable) name() string { return quoteAlways(t.rel.Schema) + "." + quoteAlways(t.rel.Name) }

// quoteAlways quotes an identifier.
func quoteAlways(name string) string { return "\"" + strings.ReplaceAll(name, "\"", "\"\"") + "\"" }

// parsed parses a statement that the session wrote.
func parsed(text string) (parse.Statement, error) {
	list, err := parse.Parse(text)
	if err != nil {
		return parse.Statement{}, err
	}
	if len(list) != 1 {
		return parse.Statement{}, pgerr.New(pgerr.InternalError, "malformed statement")
	}
	return list[0], nil
}

// placeless takes the place out of an error that counts in a text the client did not write.
func placeless(err error) error {
	if err == nil {
		return nil
	}
	e := *pgerr.From(err)
	e.Location, e.Position = 0, 0
	return &e
}
