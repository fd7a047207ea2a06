package analyze

import (
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// opName is an operator's name as written: OPERATOR(schema.name) or name.
type opName struct{ schema, name string }

func (o opName) String() string {
	if o.schema != "" {
		return o.schema + "." + o.name
	}
	return o.name
}

// readOpName takes an operator's name out of its list of strings.
func readOpName(names []parse.Node, loc int32) (opName, error) {
	parts, err := nameParts(names, loc)
	if err != nil {
		return opName{}, err
	}
	switch len(parts) {
	case 1:
		return opName{name: parts[0]}, nil
	case 2:
		return opName{parts[0], parts[1]}, nil
	}
	return opName{}, pgerr.New(pgerr.SyntaxError, "improper qualified name (too many dotted names): %s", strings.Join(parts, ".")).At(loc)
}

// nameParts gives the strings of a qualified name.
func nameParts(names []parse.Node, loc int32) ([]string, error) {
	parts := make([]string, 0, len(names))
	for _, n := range names {
		s, ok := n.(*parse.String)
		if !ok {
			return nil, pgerr.Unsupported(loc, "name of this form is not supported")
		}
		parts = append(parts, s.Sval)
	}
	return parts, nil
}

// operators gives the operators of a name and kind; a schema that does not exist is an error.
func (a *Analyzer) operators(o opName, kind byte, loc int32) ([]*catalog.Operator, error) {
	if o.schema != "" {
		if _, ok := a.Catalog.Namespace(o.schema); !ok {
			return nil, pgerr.New(pgerr.UndefinedSchema, "schema \"%s\" does not exist", o.schema).At(loc)
		}
	}
	var out []*catalog.Operator
	for _, op := range a.Catalog.Operators(o.schema, o.name) {
		if op.Kind == kind {
			out = append(out, op)
		}
	}
	return out, nil
}

// binaryOper resolves a binary operator for the types of its arguments, as PostgreSQL's oper().
func (a *Analyzer) binaryOper(o opName, left, right uint32, loc int32) (*catalog.Operator, error) {
	ops, err := a.operators(o, 'b', loc)
	if err != nil {
		return nil, err
	}
	if op := a.exactOper(ops, left, right); op != nil {
		return op, nil
	}
	cands := make([]*candidate, len(ops))
	for i, op := range ops {
		cands[i] = &candidate{args: []uint32{op.Left, op.Right}, op: op}
	}
	return a.selectOper(o, cands, []uint32{left, right}, left, right, loc)
}

// exactOper finds the operator of exactly these types; an unknown literal is taken to be of the other side's type.
func (a *Analyzer) exactOper(ops []*catalog.Operator, left, right uint32) *catalog.Operator {
	wasUnknown := false
	switch {
	case left == typeUnknown && right != 0:
		left, wasUnknown = right, true
	case right == typeUnknown && left != 0:
		right, wasUnknown = left, true
	}
	if op := findOper(ops, left, right); op != nil {
		return op
	}
	if wasUnknown {
		if base := a.baseType(left); base != left {
			return findOper(ops, base, base)
		}
	}
	return nil
}

func findOper(ops []*catalog.Operator, left, right uint32) *catalog.Operator {
	for _, op := range ops {
		if op.Left == left && op.Right == right {
			return op
		}
	}
	return nil
}

// leftOper resolves a prefix operator.
func (a *Analyzer) leftOper(o opName, arg uint32, loc int32) (*catalog.Operator, error) {
	ops, err := a.operators(o, 'l', loc)
	if err != nil {
		return nil, err
	}
	if op := findOper(ops, 0, arg); op != nil {
		return op, nil
	}
	cands := make([]*candidate, len(ops))
	for i, op := range ops {
		cands[i] = &candidate{args: []uint32{op.Right}, op: op}
	}
	return a.selectOper(o, cands, []uint32{arg}, 0, arg, loc)
}

func (a *Analyzer) selectOper(o opName, cands []*candidate, args []uint32, left, right uint32, loc int32) (*catalog.Operator, error) {
	cands = a.matchCandidates(args, cands)
	if len(cands) > 1 {
		c := a.selectCandidate(args, cands)
		if c == nil {
			return nil, pgerr.New(pgerr.AmbiguousFunction, "operator is not unique: %s", a.operSignature(o, left, right)).
				WithHint("Could not choose a best candidate operator. You might need to add explicit type casts.").At(loc)
		}
		return c.op, nil
	}
	if len(cands) == 0 {
		hint := "No operator matches the given name and argument types. You might need to add explicit type casts."
		if left == 0 || right == 0 {
			hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
		}
		return nil, pgerr.New(pgerr.UndefinedFunction, "operator does not exist: %s", a.operSignature(o, left, right)).WithHint("%s", hint).At(loc)
	}
	return cands[0].op, nil
}

func (a *Analyzer) operSignature(o opName, left, right uint32) string {
	s := o.String() + " " + a.format(right)
	if left != 0 {
		s = a.format(left) + " " + s
	}
	return s
}
