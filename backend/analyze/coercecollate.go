package analyze

import (
	"strconv"

	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
)

// collStrength is how firmly a collation was derived.
type collStrength uint8

const (
	collNone collStrength = iota
	collImplicit
	collConflict
	collExplicit
)

// collState is what the parts of an expression say about its collation; other and otherLoc are the second one of a conflict.
type collState struct {
	coll     uint32
	strength collStrength
	loc      int32
	other    uint32
	otherLoc int32
}

// merge adds what one more part says. Two different explicit collations are an error; two implicit ones a conflict that
// an explicit one may still settle.
func (s *collState) merge(n collState) error {
	switch {
	case n.strength > s.strength:
		*s = n
	case n.strength < s.strength:
	case n.strength == collImplicit && n.coll != s.coll:
		if s.coll == collationDefault {
			*s = n
		} else if n.coll != collationDefault {
			s.strength, s.other, s.otherLoc = collConflict, n.coll, n.loc
		}
	case n.strength == collExplicit && n.coll != s.coll:
		return pgerr.New(pgerr.CollationMismatch, "collation mismatch between explicit collations \"%s\" and \"%s\"",
			collationName(s.coll), collationName(n.coll)).At(n.loc)
	}
	return nil
}

func collationName(oid uint32) string {
	for _, c := range builtin.Collations() {
		if c.OID == oid {
			return c.Name
		}
	}
	return strconv.FormatUint(uint64(oid), 10)
}

// assignCollations settles the collations of a finished expression (42P21).
func (a *Analyzer) assignCollations(e Expr) error {
	if e == nil {
		return nil
	}
	_, err := a.collate(e)
	return err
}

// collateApart settles parts that say nothing about the whole.
func (a *Analyzer) collateApart(es ...Expr) error {
	for _, e := range es {
		if err := a.assignCollations(e); err != nil {
			return err
		}
	}
	return nil
}

// collate settles e and what is below it and answers what e says about the expression it is part of.
func (a *Analyzer) collate(e Expr) (collState, error) {
	if err := a.enter(); err != nil {
		return collState{}, err
	}
	defer a.leave()
	var in collState
	part := func(x Expr) error {
		if x == nil {
			return nil
		}
		s, err := a.collate(x)
		if err != nil {
			return err
		}
		return in.merge(s)
	}
	parts := func(xs ...Expr) error {
		for _, x := range xs {
			if err := part(x); err != nil {
				return err
			}
		}
		return nil
	}
	var err error
	switch x := e.(type) {
	case *Collate:
		_, err = a.collate(x.Arg)
		return collState{coll: x.Coll, strength: collExplicit, loc: x.At}, err
	case *Const, *Var, *Param, *CaseTest, *DomainValue, *Default, *SQLValue:
		return implicitState(e), nil
	case *Field:
		_, err = a.collate(x.Arg)
		return implicitState(e), err
	case *Row:
		return collState{}, a.collateApart(x.Args...)
	case *RowCompare:
		for i := range x.Left {
			in = collState{}
			if err := parts(x.Left[i], x.Right[i]); err != nil {
				return collState{}, err
			}
		}
		return collState{}, nil
	case *Case:
		for _, w := range x.Whens {
			if err := parts(w.Cond, w.Result); err != nil {
				return collState{}, err
			}
		}
		if err := a.assignCollations(x.Arg); err != nil {
			return collState{}, err
		}
		err = part(x.Else)
	case *Subscript:
		if err := a.collateApart(append(append([]Expr(nil), x.Lower...), x.Upper...)...); err != nil {
			return collState{}, err
		}
		err = part(x.Arg)
	case *Agg:
		for i := range x.Order {
			if err := a.assignCollations(x.Order[i].Expr); err != nil {
				return collState{}, err
			}
		}
		if err := a.collateApart(append(append([]Expr(nil), x.Direct...), x.Filter)...); err != nil {
			return collState{}, err
		}
		err = parts(x.Args...)
	case *Window:
		if err := a.assignCollations(x.Filter); err != nil {
			return collState{}, err
		}
		err = parts(x.Args...)
	case *CoerceArray:
		err = part(x.Arg)
	case *Sublink:
		for i := range x.Left {
			in = collState{}
			if err := parts(x.Left[i], x.Right[i]); err != nil {
				return collState{}, err
			}
		}
		return implicitState(e), nil
	default:
		eachChild(e, func(x Expr) {
			if err == nil {
				err = part(x)
			}
		})
	}
	if err != nil {
		return collState{}, err
	}
	return a.settle(e, in), nil
}

// implicitState is what a part without parts of its own says.
func implicitState(e Expr) collState {
	if e.Collation() == 0 {
		return collState{}
	}
	return collState{coll: e.Collation(), strength: collImplicit, loc: e.Location()}
}

// settle writes the collation of a node whose parts say in, and the one its function works with.
func (a *Analyzer) settle(e Expr, in collState) collState {
	inColl := in.coll
	if in.strength == collConflict {
		inColl = 0
	}
	switch x := e.(type) {
	case *Call:
		x.InColl = inColl
	case *Agg:
		x.InColl = inColl
	case *Window:
		x.InColl = inColl
	case *SetCall:
		x.InColl = inColl
	}
	out := collState{}
	if own := a.collationOf(e.Type()); own != 0 {
		out = in
		if in.strength == collNone {
			out = collState{coll: own, strength: collImplicit, loc: e.Location()}
		}
	}
	if p, ok := e.(placed); ok {
		p.info().Coll = out.coll
		if out.strength == collConflict {
			p.info().Coll = 0
		}
	}
	return out
}
