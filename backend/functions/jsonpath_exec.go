package functions

import (
	"errors"
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// pathExec walks a document along a path, as PostgreSQL's executeItemOptUnwrapTarget does. Wherever found is nil the question is only whether
// there is anything.
type pathExec struct {
	root, vars types.JSON
	current    []types.JSON // what @ is, the innermost filter last
	lax        bool
	tolerant   bool // structural errors give nothing instead
	silent     bool
	quiet      bool // errors do not get out: silent, or within a predicate
	last       int  // size of the array LAST is asked of, -1 outside subscripts
}

// next applies what follows an item to what it gave.
func (x *pathExec) next(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	if it != nil && it.Next != nil {
		return x.item(it.Next, j, found, x.lax)
	}
	if found != nil {
		*found = append(*found, j)
	}
	return true, nil
}

// item executes an item on a document. unwrap tells that an array stands for its elements where the item wants none.
func (x *pathExec) item(it *types.PathItem, j types.JSON, found *[]types.JSON, unwrap bool) (bool, error) {
	isArray := j.Kind == types.JSONArray
	elements := func() (bool, error) {
		return x.any(it, j, found, 1, 1, 1, false, false)
	}
	switch k := it.Kind; k {
	case types.PathRoot:
		return x.next(it, x.root, found)
	case types.PathCurrent:
		return x.next(it, x.current[len(x.current)-1], found)
	case types.PathNull, types.PathBool, types.PathNumber, types.PathString, types.PathVariable:
		v, err := x.literal(it)
		if err != nil {
			return false, err
		}
		return x.next(it, v, found)
	case types.PathLast:
		return x.next(it, jsonInt(x.last-1), found)
	case types.PathKey:
		switch e, ok := j.Get(it.Str); {
		case ok:
			return x.next(it, e, found)
		case j.Kind == types.JSONObject:
			return x.structural(pgerr.SqlJsonMemberNotFound, "JSON object does not contain key \"%s\"", it.Str)
		case unwrap && isArray:
			return elements()
		}
		return x.structural(pgerr.SqlJsonMemberNotFound, "jsonpath member accessor can only be applied to an object")
	case types.PathAnyKey:
		switch {
		case j.Kind == types.JSONObject:
			return x.any(it.Next, j, found, 1, 1, 1, false, x.lax)
		case unwrap && isArray:
			return elements()
		}
		return x.structural(pgerr.SqlJsonObjectNotFound, "jsonpath wildcard member accessor can only be applied to an object")
	case types.PathAnyArray:
		switch {
		case isArray:
			return x.any(it.Next, j, found, 1, 1, 1, false, x.lax)
		case x.lax:
			return x.next(it, j, found)
		}
		return x.structural(pgerr.SqlJsonArrayNotFound, "jsonpath wildcard array accessor can only be applied to an array")
	case types.PathIndex:
		if !isArray && !x.lax {
			return x.structural(pgerr.SqlJsonArrayNotFound, "jsonpath array accessor can only be applied to an array")
		}
		return x.subscripts(it, j, found)
	case types.PathAny:
		return x.descend(it, j, found)
	case types.PathFilter:
		if unwrap && isArray {
			return elements()
		}
		x.current = append(x.current, j)
		t, err := x.predicate(it.Left, j)
		x.current = x.current[:len(x.current)-1]
		if err != nil || t != isTrue {
			return false, err
		}
		return x.next(it, j, found)
	case types.PathMethod:
		return x.method(it, j, found, unwrap)
	case types.PathPlus, types.PathMinus:
		return x.sign(it, j, found)
	case types.PathAdd, types.PathSub, types.PathMul, types.PathDiv, types.PathMod:
		return x.arithmetic(it, j, found)
	}
	t, err := x.predicate(it, j)
	if err != nil {
		return false, err
	}
	v := types.JSON{}
	if t != isUnknown {
		v = types.JSON{Kind: types.JSONBool, True: t == isTrue}
	}
	return x.next(it, v, found)
}

// structural is the answer to a document of the wrong shape: nothing, or in strict mode an error.
func (x *pathExec) structural(code, message string, args ...any) (bool, error) {
	if x.tolerant {
		return false, nil
	}
	return false, soft(pgerr.New(code, message, args...))
}

func jsonInt(i int) types.JSON { return types.JSON{Kind: types.JSONNumber, Str: itoa(i)} }

func (x *pathExec) literal(it *types.PathItem) (types.JSON, error) {
	switch it.Kind {
	case types.PathBool:
		return types.JSON{Kind: types.JSONBool, True: it.True}, nil
	case types.PathNumber:
		return types.JSON{Kind: types.JSONNumber, Str: it.Str}, nil
	case types.PathString:
		return types.JSON{Kind: types.JSONString, Str: it.Str}, nil
	case types.PathVariable:
		v, ok := x.vars.Get(it.Str)
		if !ok {
			return v, pgerr.New(pgerr.UndefinedObject, "could not find jsonpath variable \"%s\"", it.Str)
		}
		return v, nil
	}
	return types.JSON{}, nil
}

// any applies an item to the parts of a container between two levels below it, outer ones first. With tolerant, errors of shape in them do not count.
func (x *pathExec) any(it *types.PathItem, j types.JSON, found *[]types.JSON, level, first, last uint32, tolerant, unwrap bool) (bool, error) {
	if level > last {
		return false, nil
	}
	ok := false
	for _, e := range j.Elems {
		leaf := jsonScalar(e)
		if level >= first || first == types.MaxLevel && last == types.MaxLevel && leaf {
			if it == nil {
				if found == nil {
					return true, nil
				}
				*found = append(*found, e)
				ok = true
			} else {
				saved := x.tolerant
				x.tolerant = x.tolerant || tolerant
				got, err := x.item(it, e, found, unwrap)
				x.tolerant = saved
				if err != nil {
					return false, err
				}
				if ok = ok || got; got && found == nil {
					return true, nil
				}
			}
		}
		if level < last && !leaf {
			got, err := x.any(it, e, found, level+1, first, last, tolerant, unwrap)
			if err != nil {
				return false, err
			}
			if ok = ok || got; got && found == nil {
				return true, nil
			}
		}
	}
	return ok, nil
}

// descend is .**: the document itself is level 0.
func (x *pathExec) descend(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	ok := false
	if it.First == 0 {
		saved := x.tolerant
		x.tolerant = true
		got, err := x.next(it, j, found)
		x.tolerant = saved
		// As in PostgreSQL, what comes of the levels below takes the place of an error here that does not get out.
		var e *pathError
		if x.quiet && !jsonScalar(j) && errors.As(err, &e) {
			got, err = false, nil
		}
		if err != nil || got && found == nil {
			return got, err
		}
		ok = got
	}
	if jsonScalar(j) {
		return ok, nil
	}
	got, err := x.any(it.Next, j, found, 1, it.First, it.Last, true, x.lax)
	return ok || got, err
}

// subscripts is [1, 3 to last]; in lax mode anything else is an array of one element.
func (x *pathExec) subscripts(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	elems := j.Elems
	if j.Kind != types.JSONArray {
		elems = []types.JSON{j}
	}
	saved := x.last
	x.last = len(elems)
	defer func() { x.last = saved }()
	ok := false
	for _, s := range it.Subscripts {
		from, err := x.index(s[0], j)
		if err != nil {
			return false, err
		}
		to := from
		if s[1] != nil {
			if to, err = x.index(s[1], j); err != nil {
				return false, err
			}
		}
		if !x.tolerant && (from < 0 || from > to || to >= len(elems)) {
			return false, soft(pgerr.New(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is out of bounds"))
		}
		for i := max(from, 0); i <= min(to, len(elems)-1); i++ {
			got, err := x.next(it, elems[i], found)
			if err != nil || got && found == nil {
				return got, err
			}
			ok = ok || got
		}
	}
	return ok, nil
}

// index evaluates a subscript: one number, cut to an integer.
func (x *pathExec) index(it *types.PathItem, j types.JSON) (int, error) {
	var got []types.JSON
	if _, err := x.item(it, j, &got, x.lax); err != nil {
		return 0, err
	}
	if len(got) != 1 || got[0].Kind != types.JSONNumber {
		return 0, soft(pgerr.New(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is not a single numeric value"))
	}
	d := readDecimal(types.StringValue(got[0].Str)).trunc(0)
	if d.cmp(intDecimal(math.MinInt32)) < 0 || d.cmp(intDecimal(math.MaxInt32)) > 0 {
		return 0, soft(pgerr.New(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is out of integer range"))
	}
	return int(d.c.Int64()), nil
}

// unwrapped evaluates an operand; in lax mode arrays among its items give their elements.
func (x *pathExec) unwrapped(it *types.PathItem, j types.JSON) ([]types.JSON, error) {
	var got []types.JSON
	if _, err := x.item(it, j, &got, x.lax); err != nil || !x.lax {
		return got, err
	}
	out := got[:0:0]
	for _, e := range got {
		if e.Kind == types.JSONArray {
			out = append(out, e.Elems...)
		} else {
			out = append(out, e)
		}
	}
	return out, nil
}
