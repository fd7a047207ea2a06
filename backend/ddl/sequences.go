package ddl

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
)

// columnSequence makes the sequence of a serial or identity column and gives the default that draws from it.
func (e *Env) columnSequence(rel *catalog.Relation, col *catalog.Column, c *column) (string, error) {
	s := c.sequence
	if s.options.typ == 0 {
		s.options.typ = c.typ
	}
	state, err := s.options.complete(e, nil)
	if err != nil {
		return "", err
	}
	schema, name := rel.Schema, ""
	if len(s.options.name) > 0 {
		var given string
		if given, name = qualified(s.options.name); given != "" {
			schema = given
		}
		if _, err := e.relationTaken(schema, name, false); err != nil {
			return "", err
		}
	} else if name, err = freeName(rel.Name, c.name, "seq", func(n string) (bool, error) {
		r, err := e.Catalog.Relation(rel.Schema, n)
		return r != nil, err
	}); err != nil {
		return "", err
	}
	ns, err := e.namespace(schema)
	if err != nil {
		return "", err
	}
	oid, err := e.makeSequence(name, ns, rel.Owner, rel.Temp, state)
	if err != nil {
		return "", err
	}
	kind := catalog.DependAuto
	if c.identity != 0 {
		kind = catalog.DependInternal
	}
	if err := e.writer().OwnSequence(oid, rel.OID, col.Attnum, kind); err != nil {
		return "", err
	}
	s.oid, s.schema, s.name = oid, schema, name
	if err := e.refresh(); err != nil {
		return "", err
	}
	return "nextval(" + quoteText(catalog.QuoteIdent(schema)+"."+catalog.QuoteIdent(name)) + "::regclass)", nil
}

// sequenceColumns are the columns every sequence has as a relation.
var sequenceColumns = []catalog.NewColumn{
	{Name: "last_value", Type: 20, Typmod: -1, NotNull: true}, {Name: "log_cnt", Type: 20, Typmod: -1, NotNull: true},
	{Name: "is_called", Type: 16, Typmod: -1, NotNull: true},
}

// makeSequence makes a sequence: its catalog rows and its slot in the database's file of sequences.
func (e *Env) makeSequence(name string, namespace, owner uint32, temp bool, s sequenceState) (uint32, error) {
	oid, err := e.writer().CreateRelation(catalog.NewRelation{Name: name, Namespace: namespace, Kind: 'S', Owner: owner, Temp: temp, Columns: sequenceColumns})
	if err != nil {
		return 0, err
	}
	if err := e.grantDefaults(oid, namespace, owner, 'S'); err != nil {
		return 0, err
	}
	if err := e.writer().CreateSequence(catalogSequence(oid, s)); err != nil {
		return 0, err
	}
	return oid, e.DB.Sequences().Create(oid, s.storage())
}

func catalogSequence(oid uint32, s sequenceState) catalog.NewSequence {
	return catalog.NewSequence{Relation: oid, Type: s.Type, Start: s.Start, Increment: s.Increment, Min: s.Min, Max: s.Max, Cache: s.Cache, Cycle: s.Cycle}
}

func (s sequenceState) storage() storage.SequenceOptions {
	return storage.SequenceOptions{Start: s.Start, Increment: s.Increment, Min: s.Min, Max: s.Max, Cache: s.Cache, Cycle: s.Cycle}
}

// createSequence carries out CREATE SEQUENCE.
func (e *Env) createSequence(n *parse.CreateSeqStmt) (string, error) {
	const tag = "CREATE SEQUENCE"
	if err := analyze.Only(n, parse.Has_CreateSeqStmt_Sequence|parse.Has_CreateSeqStmt_Options|parse.Has_CreateSeqStmt_IfNotExists, n.Sequence.Location); err != nil {
		return tag, err
	}
	schema, temp, err := e.creationSchema(n.Sequence)
	if err != nil {
		return tag, err
	}
	if skip, err := e.relationTaken(schema, n.Sequence.Relname, n.IfNotExists); skip || err != nil {
		return tag, err
	}
	o, err := readSequenceOptions(e, n.Options, false)
	if err != nil {
		return tag, err
	}
	state, err := o.complete(e, nil)
	if err != nil {
		return tag, err
	}
	ns, err := e.namespace(schema)
	if err != nil {
		return tag, err
	}
	oid, err := e.makeSequence(n.Sequence.Relname, ns, e.User, temp, state)
	if err != nil {
		return tag, err
	}
	if err := e.refresh(); err != nil {
		return tag, err
	}
	return tag, e.ownedBy(oid, ns, o.ownedBy)
}

// ownedBy applies OWNED BY table.column or OWNED BY NONE.
func (e *Env) ownedBy(seq, namespace uint32, names []string) error {
	switch {
	case len(names) == 0:
		return nil
	case len(names) == 1:
		if names[0] != "none" {
			return pgerr.New(pgerr.SyntaxError, "invalid OWNED BY option").WithHint("Specify OWNED BY table.column or OWNED BY NONE.")
		}
		return e.writer().OwnSequence(seq, 0, 0, 0)
	}
	rv := &parse.RangeVar{Relname: names[len(names)-2], Location: -1}
	if len(names) > 2 {
		rv.Schemaname = names[len(names)-3]
	}
	rel, err := e.relation(rv)
	if err != nil {
		return err
	}
	if rel.Kind != 'r' {
		return pgerr.New(pgerr.WrongObjectType, "sequence cannot be owned by relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for %s.", kindsOf(rel.Kind))
	}
	if rel.Namespace != namespace {
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "sequence must be in same schema as table it is linked to")
	}
	c := findColumn(rel, names[len(names)-1])
	if c == nil {
		return pgerr.New(pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", names[len(names)-1], rel.Name)
	}
	return e.writer().OwnSequence(seq, rel.OID, c.Attnum, catalog.DependAuto)
}

// alterSequence carries out ALTER SEQUENCE.
func (e *Env) alterSequence(n *parse.AlterSeqStmt) (string, error) {
	const tag = "ALTER SEQUENCE"
	if err := analyze.Only(n, parse.Has_AlterSeqStmt_Sequence|parse.Has_AlterSeqStmt_Options|parse.Has_AlterSeqStmt_MissingOk, n.Sequence.Location); err != nil {
		return tag, err
	}
	rel, err := e.lookup(n.Sequence)
	if err != nil {
		return tag, err
	}
	if rel == nil {
		if n.MissingOk {
			e.skip(pgerr.UndefinedTable, "relation \"%s\" does not exist", n.Sequence.Relname)
			return tag, nil
		}
		return tag, undefinedRelation(n.Sequence)
	}
	if rel.Kind != 'S' {
		return tag, wrongKind(rel, "sequence")
	}
	if err := e.mustOwn(rel); err != nil {
		return tag, err
	}
	o, err := readSequenceOptions(e, n.Options, false)
	if err != nil {
		return tag, err
	}
	if len(o.ownedBy) > 0 {
		if identity, err := e.ofIdentity(rel.OID); err != nil {
			return tag, err
		} else if identity {
			return tag, e.freeSequence(rel, "cannot change ownership of identity sequence")
		}
	}
	if err := e.changeSequence(rel, o); err != nil {
		return tag, err
	}
	return tag, e.ownedBy(rel.OID, rel.Namespace, o.ownedBy)
}

// changeSequence applies options to a sequence that exists.
func (e *Env) changeSequence(rel *catalog.Relation, o sequenceOptions) error {
	old, err := e.sequenceState(rel.OID)
	if err != nil {
		return err
	}
	s, err := o.complete(e, &old)
	if err != nil {
		return err
	}
	var restart *int64
	switch {
	case o.last != nil:
		restart = o.last
	case o.restart:
		restart = &s.Start
	}
	if restart != nil {
		if *restart < s.Min {
			return pgerr.New(pgerr.InvalidParameterValue, "RESTART value (%d) cannot be less than MINVALUE (%d)", *restart, s.Min)
		}
		if *restart > s.Max {
			return pgerr.New(pgerr.InvalidParameterValue, "RESTART value (%d) cannot be greater than MAXVALUE (%d)", *restart, s.Max)
		}
	}
	if err := e.writer().AlterSequence(catalogSequence(rel.OID, s)); err != nil {
		return err
	}
	if err := e.DB.Sequences().Alter(rel.OID, s.storage(), restart); err != nil {
		return err
	}
	return e.refresh()
}

// sequenceState reads pg_sequence.
func (e *Env) sequenceState(oid uint32) (s sequenceState, err error) {
	err = e.DB.Query(`SELECT seqtypid, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle FROM "pg_catalog.pg_sequence" WHERE seqrelid = ?1`,
		[]value{intValue(oid)}, func(r []value) error {
			s = sequenceState{Type: uint32(r[0].I), Start: r[1].I, Increment: r[2].I, Min: r[3].I, Max: r[4].I, Cache: r[5].I, Cycle: r[6].Bool()}
			return nil
		})
	return s, err
}

// ofIdentity tells whether a sequence is an identity column's.
func (e *Env) ofIdentity(seq uint32) (found bool, err error) {
	err = e.DB.Query(`SELECT 1 FROM "pg_catalog.pg_depend" WHERE classid = 1259 AND objid = ?1 AND refclassid = 1259 AND refobjsubid > 0 AND deptype = 'i'`,
		[]value{intValue(seq)}, func([]value) error { found = true; return nil })
	return found, err
}
