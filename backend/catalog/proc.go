package catalog

import (
	"slices"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// Proc finds a function; nil for none.
func (v *View) Proc(oid uint32) *Proc {
	if oid < builtin.FirstUserOID {
		return builtin.ProcByOID(oid)
	}
	if ps := v.c.loadProcs("oid = ?", []types.Value{value(oid)}); len(ps) > 0 {
		return ps[0]
	}
	return nil
}

// Procs gives all functions of a name that the path shows: one of the same argument types in an earlier schema hides the later.
func (v *View) Procs(schema, name string) []*Proc {
	list := v.schemas(schema, v.funcs)
	known := builtin.ProcsNamed(name)
	if !v.c.users().procs {
		return visibleProcs(known, list)
	}
	all := slices.Clone(known)
	all = append(all, v.c.loadProcs("proname = ?", []types.Value{types.StringValue(name)})...)
	var out []*Proc
	for _, ns := range list {
		n := len(out)
		for _, p := range all {
			if p.Namespace == ns && !slices.ContainsFunc(out[:n], func(q *Proc) bool { return slices.Equal(p.Args, q.Args) }) {
				out = append(out, p)
			}
		}
	}
	return out
}

// visibleProcs leaves out what is in none of the schemas; mostly that is nothing and the list stays as it is.
func visibleProcs(ps []*Proc, schemas []uint32) []*Proc {
	for i, p := range ps {
		if slices.Contains(schemas, p.Namespace) {
			continue
		}
		out := slices.Clone(ps[:i])
		for _, p := range ps[i+1:] {
			if slices.Contains(schemas, p.Namespace) {
				out = append(out, p)
			}
		}
		return out
	}
	return ps
}

// loadProcs reads users' functions.
func (c *Cache) loadProcs(where string, args []types.Value) (out []*Proc) {
	err := c.q.Query(`SELECT p.oid, proname, pronamespace, prokind, proargtypes, proallargtypes, proargmodes, proargnames, pronargdefaults, proargdefaults,
		provariadic, prorettype, proretset, proisstrict, provolatile, prosrc, aggkind, aggnumdirectargs
		FROM `+table("pg_proc")+` p LEFT JOIN `+table("pg_aggregate")+` ON aggfnoid = p.oid WHERE p.oid >= 16384 AND p.`+where, args, func(f []types.Value) error {
		p := &Proc{OID: uint32(f[0].I), Name: string(f[1].B), Namespace: uint32(f[2].I), Kind: letterOf(f[3]), Args: readNumbers[uint32](f[4]),
			AllArgs: readNumbers[uint32](f[5]), ArgNames: readTexts(f[7]), Defaults: int(f[8].I), DefaultSrc: string(f[9].B), Variadic: uint32(f[10].I),
			Result: uint32(f[11].I), ReturnsSet: f[12].Bool(), Strict: f[13].Bool(), Volatile: letterOf(f[14]), Src: string(f[15].B),
			AggKind: letterOf(f[16]), AggDirect: int(f[17].I)}
		for _, m := range readTexts(f[6]) {
			p.ArgModes += m
		}
		out = append(out, p)
		return nil
	})
	if err != nil {
		c.fail(err)
	}
	return out
}

// Operator finds an operator; nil for none.
func (v *View) Operator(oid uint32) *Operator {
	if oid < builtin.FirstUserOID {
		return builtin.OperatorByOID(oid)
	}
	if os := v.c.loadOperators("oid = ?", []types.Value{value(oid)}); len(os) > 0 {
		return os[0]
	}
	return nil
}

// Operators gives all operators of a name that the path shows.
func (v *View) Operators(schema, name string) []*Operator {
	list := v.schemas(schema, v.funcs)
	known := builtin.OperatorsNamed(name)
	if !v.c.users().operators { // all that is built in is in pg_catalog
		if slices.Contains(list, builtin.SchemaCatalog) {
			return known
		}
		return nil
	}
	all := append(slices.Clone(known), v.c.loadOperators("oprname = ?", []types.Value{types.StringValue(name)})...)
	var out []*Operator
	for _, ns := range list {
		n := len(out)
		for _, o := range all {
			if o.Namespace == ns && !slices.ContainsFunc(out[:n], func(q *Operator) bool { return o.Left == q.Left && o.Right == q.Right }) {
				out = append(out, o)
			}
		}
	}
	return out
}

func (c *Cache) loadOperators(where string, args []types.Value) (out []*Operator) {
	err := c.q.Query(`SELECT oid, oprnamespace, oprname, oprkind, oprleft, oprright, oprresult, oprcode, oprcom, oprnegate, oprcanmerge, oprcanhash
		FROM `+table("pg_operator")+` WHERE oid >= 16384 AND `+where, args, func(f []types.Value) error {
		out = append(out, &Operator{OID: uint32(f[0].I), Namespace: uint32(f[1].I), Name: string(f[2].B), Kind: letterOf(f[3]), Left: uint32(f[4].I),
			Right: uint32(f[5].I), Result: uint32(f[6].I), Proc: uint32(f[7].I), Commutator: uint32(f[8].I), Negator: uint32(f[9].I),
			CanMerge: f[10].Bool(), CanHash: f[11].Bool()})
		return nil
	})
	if err != nil {
		c.fail(err)
	}
	return out
}
