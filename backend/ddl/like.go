package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Options of LIKE, TableLikeOption's bits.
const (
	likeComments = 1 << iota
	likeCompression
	likeConstraints
	likeDefaults
	likeGenerated
	likeIdentity
	likeIndexes
	likeStatistics
	likeStorage
)

// like copies the columns of another table, and with INCLUDING more of it.
func (e *Env) like(t *table, n *parse.TableLikeClause) error {
	if err := analyze.Only(n, parse.Has_TableLikeClause_Relation|parse.Has_TableLikeClause_Options, n.Relation.Location); err != nil {
		return err
	}
	rel, err := e.lookup(n.Relation)
	if err != nil {
		return err
	}
	if rel == nil {
		return undefinedRelation(n.Relation).(*pgerr.Error).At(n.Relation.Location)
	}
	if rel.Kind != 'r' && rel.Kind != 'v' {
		return pgerr.New(pgerr.WrongObjectType, "relation \"%s\" is invalid in LIKE clause", rel.Name).
			WithDetail("This operation is not supported for %s.", kindsOf(rel.Kind)).At(n.Relation.Location)
	}
	t.likes = append(t.likes, likeness{rel, n.Options})
	for i := range rel.Columns {
		c := &rel.Columns[i]
		if c.Dropped {
			continue
		}
		if t.column(c.Name) != nil {
			return pgerr.New(pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.Name)
		}
		to := &column{name: c.Name, typ: c.Type, mod: c.Typmod, coll: c.Collation, notNull: c.NotNull, loc: -1}
		switch {
		case c.Generated != 0 && n.Options&likeGenerated != 0:
			to.generated, to.defaultSQL = c.Generated, c.Default
		case c.Generated == 0 && n.Options&likeDefaults != 0:
			to.defaultSQL = c.Default
		}
		if c.Identity != 0 && n.Options&likeIdentity != 0 {
			s, err := e.sequenceState(c.Sequence)
			if err != nil {
				return err
			}
			to.identity = c.Identity
			to.sequence = &sequence{options: sequenceOptions{typ: s.Type, increment: &s.Increment, min: &s.Min, max: &s.Max, start: &s.Start, cache: &s.Cache, cycle: &s.Cycle}}
		}
		t.columns = append(t.columns, to)
	}
	for _, k := range rel.Constraints {
		switch {
		case k.Kind == 'c' && n.Options&likeConstraints != 0:
			t.constraints = append(t.constraints, &constraint{kind: parse.ConstrType_CONSTR_CHECK, name: k.Name, checkSQL: k.Check, loc: -1})
		case (k.Kind == 'p' || k.Kind == 'u') && n.Options&likeIndexes != 0:
			kind := parse.ConstrType_CONSTR_UNIQUE
			if k.Kind == 'p' {
				kind = parse.ConstrType_CONSTR_PRIMARY
			}
			t.constraints = append(t.constraints, &constraint{kind: kind, columns: columnNames(rel, k.Columns), loc: -1})
		}
	}
	return nil
}

func columnNames(rel *catalog.Relation, attnums []int16) []string {
	var out []string
	for _, n := range attnums {
		out = append(out, rel.Columns[n-1].Name)
	}
	return out
}

func ownedByConstraint(rel *catalog.Relation, ix *catalog.Index) bool {
	for _, k := range rel.Constraints {
		if k.Index == ix.OID && (k.Kind == 'p' || k.Kind == 'u') {
			return true
		}
	}
	return false
}
