package ddl

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// truncate carries out TRUNCATE.
func (e *Env) truncate(n *parse.TruncateStmt) (string, error) {
	const tag = "TRUNCATE TABLE"
	var rels []*catalog.Relation
	in := map[uint32]bool{}
	for _, r := range n.Relations {
		rv := r.(*parse.RangeVar)
		rel, err := e.relation(rv)
		if err != nil {
			return tag, err
		}
		if rel.Kind != 'r' {
			return tag, wrongKind(rel, "table")
		}
		if err := e.mayTruncate(rel); err != nil {
			return tag, err
		}
		if !in[rel.OID] {
			in[rel.OID] = true
			rels = append(rels, rel)
		}
	}
	for i := 0; i < len(rels); i++ { // rels grows with CASCADE
		refs, err := e.referencing(rels[i].OID)
		if err != nil {
			return tag, err
		}
		for _, oid := range refs {
			if in[oid] {
				continue
			}
			other, err := e.Catalog.RelationByOID(oid)
			if err != nil {
				return tag, err
			}
			if n.Behavior != parse.DropBehavior_DROP_CASCADE {
				return tag, pgerr.New(pgerr.FeatureNotSupported, "cannot truncate a table referenced in a foreign key constraint").
					WithDetail("Table \"%s\" references \"%s\".", other.Name, rels[i].Name).
					WithHint("Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE.", other.Name)
			}
			if err := e.mayTruncate(other); err != nil {
				return tag, err
			}
			e.Notice(pgerr.Notice(pgerr.SuccessfulCompletion, "truncate cascades to table \"%s\"", other.Name))
			in[oid] = true
			rels = append(rels, other)
		}
	}
	for _, rel := range rels {
		if err := e.DB.Exec("DELETE FROM " + rel.Physical); err != nil {
			return tag, err
		}
		if n.RestartSeqs {
			if err := e.restartSequences(rel); err != nil {
				return tag, err
			}
		}
	}
	return tag, nil
}

func (e *Env) mayTruncate(rel *catalog.Relation) error {
	if rel.System {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied: \"%s\" is a system catalog", rel.Name)
	}
	if e.Superuser || e.MemberOf(rel.Owner) {
		return nil
	}
	acl, _, err := e.writer().ACLOf(catalog.Address{Class: catalog.ClassRelation, OID: rel.OID})
	if err != nil {
		return err
	}
	if held, _ := acl.Held(func(role uint32) bool { return role == 0 || e.MemberOf(role) }); held&catalog.PrivTruncate == 0 {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied for table %s", rel.Name)
	}
	return nil
}

// referencing gives the tables with foreign keys to a table.
func (e *Env) referencing(oid uint32) ([]uint32, error) {
	var out []uint32
	err := e.DB.Query(`SELECT DISTINCT conrelid FROM "pg_catalog.pg_constraint" WHERE confrelid = ?1 AND contype = 'f' ORDER BY conrelid`,
		[]value{intValue(oid)}, func(r []value) error {
			out = append(out, uint32(r[0].I))
			return nil
		})
	return out, err
}

// restartSequences sets the sequences owned by a table's columns back; a rollback undoes it.
func (e *Env) restartSequences(rel *catalog.Relation) error {
	deps, err := e.writer().Dependents(catalog.Address{Class: catalog.ClassRelation, OID: rel.OID})
	if err != nil {
		return err
	}
	for _, d := range deps {
		if d.Class != catalog.ClassRelation || d.Kind == catalog.DependNormal {
			continue
		}
		seq, err := e.Catalog.RelationByOID(d.OID)
		if err != nil {
			return err
		}
		if seq == nil || seq.Kind != 'S' {
			continue
		}
		s, err := e.sequenceState(seq.OID)
		if err != nil {
			return err
		}
		if err := e.DB.Sequences().Alter(seq.OID, s.storage(), &s.Start); err != nil {
			return err
		}
	}
	return nil
}
