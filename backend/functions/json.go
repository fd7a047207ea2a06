package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonRows are the functions and operators of json and jsonb but jsonpath's.
func jsonRows() []Row {
	rs := jsonAccessRows()
	for _, more := range [][]Row{jsonPredicateRows(), jsonBuildRows(), jsonEditRows(), jsonExpandRows(), jsonpathRows(), jsonCastRows(), jsonRecordRows(), jsonAggregateRows()} {
		rs = append(rs, more...)
	}
	return rs
}

// jsonText is a json value as the type json gives it: as it was written.
func jsonText(j types.JSON) types.Value { return types.StringValue(j.Src) }

// jsonbText is a jsonb value.
func jsonbText(j types.JSON) types.Value { return j.Value() }

// jsonUnquoted is what ->> gives of a json value: a string without its quotes, NULL for null.
func jsonUnquoted(j types.JSON) types.Value {
	switch j.Kind {
	case types.JSONNull:
		return null
	case types.JSONString:
		return types.StringValue(j.Str)
	}
	return jsonText(j)
}

// jsonbUnquoted is jsonUnquoted of a jsonb value.
func jsonbUnquoted(j types.JSON) types.Value {
	switch j.Kind {
	case types.JSONNull:
		return null
	case types.JSONString:
		return types.StringValue(j.Str)
	}
	return j.Value()
}

func readJSON(v types.Value) (types.JSON, error) { return types.ParseJSON(string(v.B)) }

// jsonScalar tells what is neither object nor array.
func jsonScalar(j types.JSON) bool { return j.Kind != types.JSONArray && j.Kind != types.JSONObject }

// textElements reads a text[] as the path and key functions take them; a NULL element is nil.
func textElements(v types.Value) ([]*string, error) {
	arr, err := types.ReadArray(v)
	if err != nil {
		return nil, err
	}
	if len(arr.Dims) > 1 {
		return nil, errSubscripts
	}
	out := make([]*string, len(arr.Elems))
	for i, e := range arr.Elems {
		if !e.IsNull() {
			s := string(e.B)
			out[i] = &s
		}
	}
	return out, nil
}

var errSubscripts = pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")

var jsonTypeNames = [...]string{types.JSONNull: "null", types.JSONString: "string", types.JSONNumber: "number",
	types.JSONBool: "boolean", types.JSONArray: "array", types.JSONObject: "object"}
