package catalog

import "pgd/backend/types"

// DomainCheck is a CHECK constraint of a domain; Check is SQL text over VALUE.
type DomainCheck struct {
	OID   uint32
	Name  string
	Check string
	Valid bool
}

// DomainChecks gives the CHECKs of a domain itself, by name, the order they are checked in.
func (v *View) DomainChecks(oid uint32) []DomainCheck {
	c := v.c
	if out, ok := c.domains[oid]; ok {
		return out
	}
	var out []DomainCheck
	err := c.q.Query("SELECT oid, conname, conbin, convalidated FROM "+table("pg_constraint")+" WHERE contypid = ? AND contype = 'c' ORDER BY conname",
		[]types.Value{value(oid)}, func(r []types.Value) error {
			out = append(out, DomainCheck{uint32(r[0].I), string(r[1].B), string(r[2].B), r[3].Bool()})
			return nil
		})
	if err != nil {
		c.fail(err)
		return nil
	}
	if c.domains == nil {
		c.domains = map[uint32][]DomainCheck{}
	}
	c.domains[oid] = out
	return out
}
