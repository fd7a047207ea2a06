package session

import (
	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// view is the catalog as a statement sees it.
type view = *catalog.View

// planning is the planner over the catalog stored in the database.
type planning struct {
	s     *session
	cache *catalog.Cache
	raw   *storage.DB
	// current is the view of the statement that runs, for functions that ask for names.
	current view
}

// viewAt gives the catalog of this version through the session's search path.
func (p *planning) viewAt(version int64) (view, error) {
	s := p.s
	p.cache.SetRole(s.who.oid, s.who.user)
	v, err := p.cache.At(version, s.searchPath(), s.tempSchema)
	if err == nil {
		p.current = v
	}
	return v, err
}

// analyzer makes an analyzer for one statement.
func (p *planning) analyzer(v view) *analyze.Analyzer {
	s := p.s
	return &analyze.Analyzer{
		Catalog: v, Types: &s.types, User: s.who.oid, Superuser: s.who.superuser,
		Setting: func(name string) string {
			value, _ := s.show(name)
			return value
		},
		Notice: s.notice,
	}
}

// plan analyzes and compiles a query.
func (p *planning) plan(st parse.Statement, declared []uint32, external bool, version int64) (*compile.Plan, error) {
	v, err := p.viewAt(version)
	if err != nil {
		return nil, err
	}
	a := p.analyzer(v)
	a.Params, a.ParamTypes = external, append([]uint32(nil), declared...)
	q, err := a.Query(st)
	if err != nil {
		return nil, err
	}
	if err := v.Err(); err != nil {
		return nil, err
	}
	for i, t := range a.ParamTypes {
		if t == 0 || t == unknownType {
			return nil, pgerr.New(pgerr.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
	made, err := compile.Query(q, compile.Options{Catalog: v, Types: &p.s.types, Params: a.ParamTypes})
	if err != nil {
		return nil, err
	}
	switch {
	case made.Writes && !made.Returning:
		made.Columns = nil
	case made.Columns == nil:
		made.Columns = []compile.Column{}
	}
	return made, nil
}

// deferred looks for a row that violates a foreign key. While a statement is checked, those constraints are passed over that wait for
// the end of the transaction.
func (p *planning) deferred(version int64, x suspect, atEnd bool) error {
	v, err := p.viewAt(version)
	if err != nil {
		return err
	}
	check := catalog.ForeignCheck{Target: x.target, Deleting: x.deleting}
	if !atEnd {
		check.Deferred = p.s.waits
	}
	return v.ForeignViolation(check, &p.s.types)
}

// dataType finds a type of the database's own; a relation's row type and the like have none.
func (p *planning) dataType(oid uint32) *types.Type {
	if p.current == nil {
		return nil
	}
	if v, ok := any(p.current).(interface{ DataType(uint32) *types.Type }); ok {
		return v.DataType(oid)
	}
	return nil
}

// names are the objects' names for the reg* types.
type names struct{ p *planning }

func (n names) ObjectName(kind string, oid uint32) (string, bool) {
	v, err := n.p.now()
	if err != nil {
		return "", false
	}
	return v.ObjectName(kind, oid)
}

func (n names) ObjectOID(kind, name string) (uint32, error) {
	v, err := n.p.now()
	if err != nil {
		return 0, err
	}
	return v.ObjectOID(kind, name)
}

// now gives the view of the statement that runs; without one, it is as of the snapshot that is taken for the asking.
func (p *planning) now() (view, error) {
	version, err := p.raw.StartRead()
	if err != nil {
		return nil, p.s.storeError(err)
	}
	return p.viewAt(version)
}

// relationName gives a relation's name for messages.
func (p *planning) relationName(oid uint32) string {
	v, err := p.now()
	if err != nil {
		return itoa(int64(oid))
	}
	if r, err := v.RelationByOID(oid); err == nil && r != nil {
		return r.Name
	}
	return itoa(int64(oid))
}

// inView runs f over the catalog in a snapshot of its own.
func (s *session) inView(f func(v view) error) error {
	return s.inSnapshot(func() error {
		v, err := s.planner.now()
		if err != nil {
			return err
		}
		return f(v)
	})
}

// typeNamed resolves a type's name.
func (s *session) typeNamed(n *parse.TypeName) (oid uint32, err error) {
	v, err := s.planner.now()
	if err != nil {
		return 0, err
	}
	oid, _, err = s.planner.analyzer(v).TypeName(n)
	return oid, err
}

// typeName prints a type for messages.
func (s *session) typeName(oid uint32) string {
	if t := types.ByOID(oid); t != nil {
		return t.Display
	}
	name := itoa(int64(oid))
	_ = s.inView(func(v view) error {
		name = v.FormatType(oid, -1)
		return nil
	})
	return name
}
