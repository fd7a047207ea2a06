package ddl

import (
	"math"
	"strconv"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// sequence is a sequence being made for a column.
type sequence struct {
	options sequenceOptions
	oid     uint32
	schema  string
	name    string
}

// sequenceOptions are the options as given; a nil pointer is one that was not.
type sequenceOptions struct {
	typ                              uint32
	increment, min, max, start, last *int64
	cache                            *int64
	noMin, noMax                     bool
	restart                          bool // RESTART without a value
	cycle                            *bool
	ownedBy                          []string // OWNED BY as written; {"none"} for none
	name                             []parse.Node
}

// sequenceState is a complete set of options.
type sequenceState struct {
	Type                              uint32
	Increment, Min, Max, Start, Cache int64
	Cycle                             bool
}

// readSequenceOptions reads the options of CREATE/ALTER SEQUENCE and of identity columns.
func readSequenceOptions(e *Env, list []parse.Node, identity bool) (sequenceOptions, error) {
	var o sequenceOptions
	seen := map[string]bool{}
	for _, n := range list {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return o, pgerr.Unsupported(-1, "%s is not supported as a sequence option", n.NodeName())
		}
		if seen[d.Defname] {
			return o, pgerr.New(pgerr.SyntaxError, "conflicting or redundant options").At(d.Location)
		}
		seen[d.Defname] = true
		if err := o.read(e, d, identity); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (o *sequenceOptions) read(e *Env, d *parse.DefElem, identity bool) error {
	number := func(to **int64) error {
		v, err := intArg(d)
		*to = &v
		return err
	}
	switch d.Defname {
	case "as":
		t, ok := d.Arg.(*parse.TypeName)
		if !ok {
			return pgerr.New(pgerr.SyntaxError, "AS requires a type").At(d.Location)
		}
		oid, _, err := e.analyzer().TypeName(t)
		if err != nil {
			return err
		}
		if oid != types.Int2OID && oid != types.Int4OID && oid != types.Int8OID {
			if identity {
				return pgerr.New(pgerr.InvalidParameterValue, "identity column type must be smallint, integer, or bigint")
			}
			return pgerr.New(pgerr.InvalidParameterValue, "sequence type must be smallint, integer, or bigint")
		}
		o.typ = oid
	case "increment":
		return number(&o.increment)
	case "start":
		return number(&o.start)
	case "restart":
		if d.Arg == nil {
			o.restart = true
			return nil
		}
		return number(&o.last)
	case "cache":
		return number(&o.cache)
	case "maxvalue":
		if d.Arg == nil {
			o.noMax = true
			return nil
		}
		return number(&o.max)
	case "minvalue":
		if d.Arg == nil {
			o.noMin = true
			return nil
		}
		return number(&o.min)
	case "cycle":
		b, ok := d.Arg.(*parse.Boolean)
		v := ok && b.Boolval
		o.cycle = &v
	case "owned_by":
		o.ownedBy = stringsOf(listOf(d.Arg))
	case "sequence_name":
		o.name = listOf(d.Arg)
	case "logged", "unlogged":
	default:
		return pgerr.New(pgerr.SyntaxError, "option \"%s\" not recognized", d.Defname).At(d.Location)
	}
	return nil
}

// intArg reads a number of any size of a bigint.
func intArg(d *parse.DefElem) (int64, error) {
	switch v := d.Arg.(type) {
	case *parse.Integer:
		return int64(v.Ival), nil
	case *parse.Float:
		i, err := strconv.ParseInt(v.Fval, 10, 64)
		if err != nil {
			return 0, pgerr.New(pgerr.NumericValueOutOfRange, "value \"%s\" is out of range for type bigint", v.Fval)
		}
		return i, nil
	}
	return 0, pgerr.New(pgerr.SyntaxError, "%s requires a numeric value", d.Defname).At(d.Location)
}

// limits are the ranges of the sequence types.
var limits = map[uint32][2]int64{
	types.Int2OID: {math.MinInt16, math.MaxInt16}, types.Int4OID: {math.MinInt32, math.MaxInt32}, types.Int8OID: {math.MinInt64, math.MaxInt64},
}

// complete settles options into a state, as init_params does; old is the state before ALTER SEQUENCE, nil for a new one.
func (o sequenceOptions) complete(e *Env, old *sequenceState) (sequenceState, error) {
	s := sequenceState{Type: types.Int8OID, Increment: 1, Cache: 1}
	if old != nil {
		s = *old
	}
	resetMin, resetMax := old == nil, old == nil
	if o.typ != 0 {
		if old != nil && o.typ != old.Type {
			l := limits[old.Type]
			resetMax = resetMax || old.Increment > 0 && old.Max == l[1]
			resetMin = resetMin || old.Increment < 0 && old.Min == l[0]
		}
		s.Type = o.typ
	}
	l := limits[s.Type]
	if o.increment != nil {
		if *o.increment == 0 {
			return s, pgerr.New(pgerr.InvalidParameterValue, "INCREMENT must not be zero")
		}
		s.Increment = *o.increment
	}
	if o.cycle != nil {
		s.Cycle = *o.cycle
	}
	typeName := e.Catalog.FormatType(s.Type, -1)
	switch {
	case o.max != nil:
		s.Max = *o.max
	case o.noMax || resetMax:
		if s.Max = -1; s.Increment > 0 {
			s.Max = l[1]
		}
	}
	if s.Max < l[0] || s.Max > l[1] {
		return s, pgerr.New(pgerr.InvalidParameterValue, "MAXVALUE (%d) is out of range for sequence data type %s", s.Max, typeName)
	}
	switch {
	case o.min != nil:
		s.Min = *o.min
	case o.noMin || resetMin:
		if s.Min = 1; s.Increment < 0 {
			s.Min = l[0]
		}
	}
	if s.Min < l[0] || s.Min > l[1] {
		return s, pgerr.New(pgerr.InvalidParameterValue, "MINVALUE (%d) is out of range for sequence data type %s", s.Min, typeName)
	}
	if s.Min >= s.Max {
		return s, pgerr.New(pgerr.InvalidParameterValue, "MINVALUE (%d) must be less than MAXVALUE (%d)", s.Min, s.Max)
	}
	if o.start != nil {
		s.Start = *o.start
	} else if old == nil {
		if s.Start = s.Min; s.Increment < 0 {
			s.Start = s.Max
		}
	}
	if s.Start < s.Min {
		return s, pgerr.New(pgerr.InvalidParameterValue, "START value (%d) cannot be less than MINVALUE (%d)", s.Start, s.Min)
	}
	if s.Start > s.Max {
		return s, pgerr.New(pgerr.InvalidParameterValue, "START value (%d) cannot be greater than MAXVALUE (%d)", s.Start, s.Max)
	}
	if o.cache != nil {
		if *o.cache <= 0 {
			return s, pgerr.New(pgerr.InvalidParameterValue, "CACHE (%d) must be greater than zero", *o.cache)
		}
		s.Cache = *o.cache
	}
	return s, nil
}
