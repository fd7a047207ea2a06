package functions

import (
	"math"
	"strconv"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// method executes .type(), .size(), .abs() …
func (x *pathExec) method(it *types.PathItem, j types.JSON, found *[]types.JSON, unwrap bool) (bool, error) {
	if unwrap && j.Kind == types.JSONArray && it.Str != "type" && it.Str != "size" {
		return x.any(it, j, found, 1, 1, 1, false, false)
	}
	switch it.Str {
	case "type":
		return x.next(it, types.JSON{Kind: types.JSONString, Str: jsonTypeNames[j.Kind]}, found)
	case "size":
		switch {
		case j.Kind == types.JSONArray:
			return x.next(it, jsonInt(len(j.Elems)), found)
		case x.lax:
			return x.next(it, jsonInt(1), found)
		}
		return x.structural(pgerr.SqlJsonArrayNotFound, "jsonpath item method .%s() can only be applied to an array", it.Str)
	case "abs", "floor", "ceiling":
		return x.round(it, j, found)
	case "double":
		v, err := double(j)
		if err != nil {
			return false, soft(err)
		}
		return x.next(it, v, found)
	case "keyvalue":
		return x.keyValue(it, j, found)
	}
	return false, pgerr.New(pgerr.FeatureNotSupported, "jsonpath item method .%s() is not supported", it.Str)
}

func (x *pathExec) round(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	if j.Kind != types.JSONNumber {
		return false, soft(pgerr.New(pgerr.NonNumericSqlJsonItem, "jsonpath item method .%s() can only be applied to a numeric value", it.Str))
	}
	d := readDecimal(types.StringValue(j.Str))
	switch {
	case it.Str == "floor":
		d = d.toward(-1)
	case it.Str == "ceiling":
		d = d.toward(1)
	case d.sign() < 0:
		d = d.neg()
	}
	v, err := d.value()
	if err != nil {
		return false, soft(err)
	}
	return x.next(it, types.JSON{Kind: types.JSONNumber, Str: string(v.B)}, found)
}

// double checks that a value is one of double precision, and reads a string as such.
func double(j types.JSON) (types.JSON, error) {
	switch j.Kind {
	case types.JSONNumber:
		if f, err := strconv.ParseFloat(j.Str, 64); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return j, pgerr.New(pgerr.NonNumericSqlJsonItem, "numeric argument of jsonpath item method .double() is out of range for type double precision")
		}
		return j, nil
	case types.JSONString:
		t := types.ByOID(types.Float8OID)
		v, err := t.Input(&types.Context{}, j.Str, -1)
		if f := v.Float8(); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return j, pgerr.New(pgerr.NonNumericSqlJsonItem,
				"string argument of jsonpath item method .double() is not a valid representation of a double precision number")
		}
		n, err := floatToNumeric(15)(nil, []types.Value{v})
		return types.JSON{Kind: types.JSONNumber, Str: string(n.B)}, err
	}
	return j, pgerr.New(pgerr.NonNumericSqlJsonItem, "jsonpath item method .double() can only be applied to a string or numeric value")
}

// keyValue gives an object for each field. Its id is the object's place in PostgreSQL's storage, which is known only of a whole document.
func (x *pathExec) keyValue(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	if j.Kind != types.JSONObject {
		return false, soft(pgerr.New(pgerr.SqlJsonObjectNotFound, "jsonpath item method .%s() can only be applied to an object", it.Str))
	}
	if len(j.Elems) > 0 && (x.root.Kind != types.JSONObject || len(x.root.Elems) != len(j.Elems) || &x.root.Elems[0] != &j.Elems[0]) {
		return false, pgerr.New(pgerr.FeatureNotSupported, "jsonpath item method .keyvalue() is not supported for a part of a document")
	}
	ok := false
	for i, e := range j.Elems {
		row := types.JSON{Kind: types.JSONObject, Keys: []string{"id", "key", "value"},
			Elems: []types.JSON{jsonInt(0), {Kind: types.JSONString, Str: j.Keys[i]}, e}}
		got, err := x.next(it, row, found)
		if err != nil || got && found == nil {
			return got, err
		}
		ok = ok || got
	}
	return ok, nil
}

// sign is + or - before an operand, item by item.
func (x *pathExec) sign(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	items, err := x.unwrapped(it.Left, j)
	if err != nil {
		return false, err
	}
	ok := false
	for _, e := range items {
		if e.Kind != types.JSONNumber {
			if found == nil && it.Next == nil {
				continue
			}
			op := "+"
			if it.Kind == types.PathMinus {
				op = "-"
			}
			return false, soft(pgerr.New(pgerr.SqlJsonNumberNotFound, "operand of unary jsonpath operator %s is not a numeric value", op))
		}
		if it.Kind == types.PathMinus {
			v, err := readDecimal(types.StringValue(e.Str)).neg().value()
			if err != nil {
				return false, soft(err)
			}
			e = types.JSON{Kind: types.JSONNumber, Str: string(v.B)}
		}
		got, err := x.next(it, e, found)
		if err != nil || got && found == nil {
			return got, err
		}
		ok = ok || got
	}
	return ok, nil
}

// arithmetic takes one number from each side.
func (x *pathExec) arithmetic(it *types.PathItem, j types.JSON, found *[]types.JSON) (bool, error) {
	var sides [2][]types.JSON
	for i, side := range []*types.PathItem{it.Left, it.Right} {
		items, err := x.unwrapped(side, j)
		if err != nil {
			return false, err
		}
		sides[i] = items
	}
	var d [2]decimal
	for i, items := range sides {
		if len(items) != 1 || items[0].Kind != types.JSONNumber {
			return false, soft(pgerr.New(pgerr.SingletonSqlJsonItemRequired, "%s operand of jsonpath operator %s is not a single numeric value",
				[]string{"left", "right"}[i], it.Kind.Sign()))
		}
		d[i] = readDecimal(types.StringValue(items[0].Str))
	}
	var r decimal
	var err error
	switch it.Kind {
	case types.PathAdd:
		r = d[0].add(d[1])
	case types.PathSub:
		r = d[0].sub(d[1])
	case types.PathMul:
		r = d[0].mul(d[1])
	case types.PathDiv:
		r, err = d[0].div(d[1])
	default:
		r, err = d[0].mod(d[1])
	}
	var v types.Value
	if err == nil {
		v, err = r.value()
	}
	if err != nil {
		return false, soft(err)
	}
	return x.next(it, types.JSON{Kind: types.JSONNumber, Str: string(v.B)}, found)
}
