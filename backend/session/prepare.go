package session

import (
	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// prepareStatement runs PREPARE.
func prepareStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.PrepareStmt)
	if n.Name == "" {
		return nil, pgerr.New(pgerr.InvalidPreparedStatementDefinition, "invalid statement name: must not be empty")
	}
	if !isQuery(n.Query) {
		return nil, pgerr.New(pgerr.InvalidPreparedStatementDefinition, "utility statements cannot be prepared")
	}
	declared := make([]uint32, len(n.Argtypes))
	if len(declared) > 0 {
		err := s.inSnapshot(func() error {
			for i, a := range n.Argtypes {
				t, ok := a.(*parse.TypeName)
				if !ok {
					return pgerr.Unsupported(-1, "this parameter type is not supported")
				}
				oid, err := s.typeNamed(t)
				if err != nil {
					return err
				}
				declared[i] = oid
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	source := c.st.source
	source.Node = n.Query
	st := &statement{source: source, query: c.st.query, declared: declared, external: true}
	if err := s.settle(st); err != nil {
		return nil, err
	}
	if s.stmts[n.Name] != nil {
		return nil, pgerr.New(pgerr.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", n.Name)
	}
	s.keep(n.Name, st, true)
	if err := s.stmts[n.Name].told.hold(st.columns); err != nil {
		return nil, err
	}
	return done("PREPARE"), nil
}

// toExecute finds the statement of an EXECUTE.
func (s *session) toExecute(n parse.Node) (*parse.ExecuteStmt, *prepared, error) {
	x := n.(*parse.ExecuteStmt)
	p, err := s.lookup(x.Name)
	return x, p, err
}

func executeColumns(s *session, n parse.Node) ([]compile.Column, error) {
	_, p, err := s.toExecute(n)
	if err != nil || p.st == nil {
		return nil, err
	}
	return s.columnsOf(p.st)
}

// executeStatement runs EXECUTE: its parameters are computed first, then the statement is run as if it had come by itself.
func executeStatement(s *session, c *command) (*result, error) {
	x, p, err := s.toExecute(c.node)
	if err != nil {
		return nil, err
	}
	if p.st == nil {
		return &result{empty: true}, nil
	}
	args, err := s.executeArguments(x, p, c)
	if err != nil {
		return nil, err
	}
	p.st.users++
	r, err := s.open(&command{st: p.st, node: p.st.source.Node, args: args, top: c.top, fetch: c.fetch, told: [2]*told{&p.told, c.told[1]}})
	if err != nil {
		p.st.release()
		e := *pgerr.From(err)
		if p.st.query != s.text {
			e.Location = 0
		}
		return nil, &e
	}
	free := r.release
	r.release = func() {
		if free != nil {
			free()
		}
		p.st.release()
	}
	return r, nil
}

// executeArguments computes the parameters of an EXECUTE by planning and running SELECT over them.
func (s *session) executeArguments(x *parse.ExecuteStmt, p *prepared, c *command) ([]types.Value, error) {
	if len(x.Params) != len(p.st.params) {
		return nil, pgerr.New(pgerr.SyntaxError, "wrong number of parameters for prepared statement \"%s\"", x.Name).
			WithDetail("Expected %d parameters but got %d.", len(p.st.params), len(x.Params))
	}
	if len(x.Params) == 0 {
		return nil, nil
	}
	return s.evaluate(x.Params, p.st.params, c.st.source)
}

// deallocateStatement runs DEALLOCATE.
func deallocateStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.DeallocateStmt)
	if n.Name == "" {
		for name := range s.stmts {
			if s.stmts[name].st != c.st {
				s.dropPrepared(name)
			}
		}
		return done("DEALLOCATE ALL"), nil
	}
	if _, err := s.lookup(n.Name); err != nil {
		return nil, err
	}
	s.dropPrepared(n.Name)
	return done("DEALLOCATE"), nil
}
