package compile

import (
	"strconv"
	"strings"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// scalarFunction is an internal function of one row. n are the numbers in its name.
type scalarFunction struct {
	make          func(call *functions.Call, n []uint32) func(a []types.Value) (types.Value, error)
	deterministic bool
}

// plainFunction adapts one that needs neither types nor session.
func plainFunction(f func(a []types.Value) (types.Value, error)) scalarFunction {
	return scalarFunction{func(*functions.Call, []uint32) func([]types.Value) (types.Value, error) { return f }, true}
}

// scalars are the functions compiled SQL calls that pg_proc does not have. A name that ends in '_' is followed by numbers: type OIDs.
// It is filled by init since the functions call each other by name.
var scalars map[string]scalarFunction

func init() {
	scalars = map[string]scalarFunction{
		"pg_limit":        plainFunction(limitCount),
		"pg_limit_ties":   plainFunction(limitTies),
		"pg_offset":       plainFunction(offsetCount),
		"pg_ntile":        plainFunction(ntileCount),
		"pg_nth":          plainFunction(nthCount),
		"pg_name_byte":    plainFunction(nameByte),
		"pg_upsert_once":  plainFunction(upsertOnce),
		"pg_fail_notnull": {failNotNull, false},
		"pg_fail_check":   {failCheck, false},
		"pg_fail_match":   plainFunction(failMatch),
		"pg_fail_domain":  {failDomain, false},
		"pg_fail_unique":  {failUnique, false},
		"pg_cast_":        {castIO, false},
		"pg_typmod_":      {applyTypmod, true},
		"pg_greatest_":    {greatest, true},
		"pg_least_":       {least, true},
		"pg_array_":       {makeArray, true},
		"pg_arrays_":      {makeArrays, true},
		"pg_row_":         {makeRow, true},
		"pg_named_row_":   {makeNamedRow, true},
		"pg_field":        plainFunction(rowField),
		"pg_row_nulls":    plainFunction(rowNulls),
		"pg_part_":        {geometricPart, true},
		"pg_reshape":      {reshape, false},
		"pg_assign":       plainFunction(assignElement),
		"pg_element":      plainFunction(element),
		"pg_slice":        plainFunction(slice),
	}
}

// internal finds an internal function; nil for none.
func internal(name string, call functions.Call) *storage.Function {
	if f, ok := scalars[name]; ok {
		return &storage.Function{Deterministic: f.deterministic, Scalar: f.make(&call, nil)}
	}
	if base, n := numbers(name); n != nil {
		if f, ok := scalars[base]; ok {
			return &storage.Function{Deterministic: f.deterministic, Scalar: f.make(&call, n)}
		}
		if base == "pg_collect_" || base == "pg_collects_" {
			return &storage.Function{Aggregate: func() storage.Aggregate { return &collect{elem: n[0], arrays: base == "pg_collects_"} }}
		}
		if base == "pg_sequence_" {
			return sequenceTable(n[0], &call)
		}
		if base == "pg_fields_" {
			return fieldsTable(int(n[0]))
		}
		if base == "pg_values_" {
			return oneRowTable(int(n[0]))
		}
	}
	if s, ok := strings.CutPrefix(name, "pg_sqlvalue_"); ok {
		return sqlValue(s, &call)
	}
	switch name {
	case "pg_single":
		return &storage.Function{Aggregate: func() storage.Aggregate { return &single{} }}
	case "pg_elements":
		return elements()
	}
	if strings.HasPrefix(name, "pg_expand_") {
		return expandTable(name, call)
	}
	parts := strings.Split(name, "!")
	switch parts[0] {
	case "pg_map":
		return mapArray(parts[1:], call)
	case "pg_lockstep":
		return lockstep(parts[1:], call)
	case "pg_lateral":
		return lateralTable(parts[1:], &call)
	case "pg_with":
		return withConstants(name, call)
	}
	return nil
}

// numbers splits the numbers off the end of a name: "pg_cast_23_25" is "pg_cast_" and 23, 25.
func numbers(name string) (base string, n []uint32) {
	for {
		at := strings.LastIndexByte(name, '_')
		if at < 0 {
			return name, nil
		}
		i, err := strconv.ParseUint(name[at+1:], 10, 32)
		if err != nil {
			if len(n) == 0 {
				return name, nil
			}
			return name + "_", n
		}
		n = append([]uint32{uint32(i)}, n...)
		name = name[:at]
	}
}

func limitCount(a []types.Value) (types.Value, error) {
	switch {
	case a[0].IsNull():
		return types.IntValue(-1), nil
	case a[0].I < 0:
		return a[0], pgerr.New(pgerr.InvalidRowCountInLimitClause, "LIMIT must not be negative")
	}
	return a[0], nil
}

func limitTies(a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return a[0], pgerr.New(pgerr.InvalidRowCountInLimitClause, "row count cannot be null in FETCH FIRST ... WITH TIES clause")
	}
	return limitCount(a)
}

func offsetCount(a []types.Value) (types.Value, error) {
	switch {
	case a[0].IsNull():
		return types.IntValue(0), nil
	case a[0].I < 0:
		return a[0], pgerr.New(pgerr.InvalidRowCountInResultOffsetClause, "OFFSET must not be negative")
	}
	return a[0], nil
}

func ntileCount(a []types.Value) (types.Value, error) {
	if !a[0].IsNull() && a[0].I <= 0 {
		return a[0], pgerr.New(pgerr.InvalidArgumentForNtileFunction, "argument of ntile must be greater than zero")
	}
	return a[0], nil
}

func nthCount(a []types.Value) (types.Value, error) {
	if !a[0].IsNull() && a[0].I <= 0 {
		return a[0], pgerr.New(pgerr.InvalidArgumentForNthValueFunction, "argument of nth_value must be greater than zero")
	}
	return a[0], nil
}

// upsertOnce refuses the second row of one key: a[0] numbers the rows of the key, a[1] is positive where the key cannot conflict.
func upsertOnce(a []types.Value) (types.Value, error) {
	if a[0].I > 1 && a[1].I == 0 {
		return a[0], pgerr.New(pgerr.CardinalityViolation, "ON CONFLICT DO UPDATE command cannot affect row a second time").
			WithHint("Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
	}
	return types.BoolValue(true), nil
}

// castIO is a cast through text, n[0] to n[1].
func castIO(call *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	from, err := typeOf(call, n[0])
	to, err2 := typeOf(call, n[1])
	if err == nil {
		err = err2
	}
	fromText, toText := textual(n[0]), textual(n[1])
	var buf []byte
	return func(a []types.Value) (types.Value, error) {
		switch {
		case err != nil:
			return types.NullValue, err
		case a[0].IsNull():
			return a[0], nil
		}
		text := a[0].B
		if !fromText {
			buf = from.Output(call.Context, buf[:0], a[0])
			text = buf
		}
		if toText && to.Input == nil {
			return types.StringValue(string(text)), nil
		}
		return to.Input(call.Context, string(text), -1)
	}
}

// applyTypmod enforces the typmod a[1] on a value of type n[0]; a[2] tells an explicit cast.
func applyTypmod(call *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	t, err := typeOf(call, n[0])
	return func(a []types.Value) (types.Value, error) {
		switch {
		case err != nil:
			return types.NullValue, err
		case a[0].IsNull():
			return a[0], nil
		case t.Apply == nil && t.Elem != 0:
			e, err := typeOf(call, t.Elem)
			if err != nil || e.Apply == nil {
				return a[0], err
			}
			return types.MapArray(a[0], t.Elem, func(v types.Value) (types.Value, error) {
				if v.IsNull() {
					return v, nil
				}
				return e.Apply(call.Context, v, int32(a[1].I), a[2].Bool())
			})
		case t.Apply == nil:
			return a[0], nil
		}
		return t.Apply(call.Context, a[0], int32(a[1].I), a[2].Bool())
	}
}

func greatest(call *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return extreme(call, n[0], 1)
}

func least(call *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return extreme(call, n[0], -1)
}

// extreme gives the first of the values that none is beyond; NULLs do not count.
func extreme(call *functions.Call, typ uint32, sign int) func(a []types.Value) (types.Value, error) {
	t, err := typeOf(call, typ)
	return func(a []types.Value) (types.Value, error) {
		if err != nil {
			return types.NullValue, err
		}
		best := types.NullValue
		for _, v := range a {
			if !v.IsNull() && (best.IsNull() || sign*t.Compare(v, best) > 0) {
				best = v
			}
		}
		return best, nil
	}
}
