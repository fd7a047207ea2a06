package session

import (
	"pgd/backend/compile"
	"pgd/backend/types"
)

// checkDomain looks whether a value that was read from text or bytes is one of a domain. Values of expressions are checked by the plan.
func (p *planning) checkDomain(domain uint32, v types.Value) error {
	if p.current == nil {
		return nil
	}
	e, err := p.analyzer(p.current).DomainTest(domain)
	if err != nil {
		return err
	}
	sql, err := compile.Expr(e, nil, compile.Options{Catalog: p.current, Types: &p.s.types})
	if err != nil {
		return err
	}
	return p.raw.Query("SELECT "+sql, []types.Value{v}, func([]types.Value) error { return nil })
}
