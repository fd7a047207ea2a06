package functions

import (
	"math"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonAccess is what json and jsonb do alike: how a document is read and how a part of it is given.
type jsonAccess struct {
	typ       string
	read      func(types.Value) (types.JSON, error)
	value     func(types.JSON) types.Value
	text      func(types.JSON) types.Value
	canonical bool
}

var jsonAccesses = []jsonAccess{
	{"json", readJSON, jsonText, jsonUnquoted, false},
	{"jsonb", types.ReadJsonb, jsonbText, jsonbUnquoted, true},
}

func jsonAccessRows() []Row {
	rs := jsonbAccessRows()
	for _, out := range []struct {
		suffix string
		give   func(types.JSON) types.Value
	}{{"", jsonText}, {"_text", jsonUnquoted}} {
		rs = append(rs,
			Row{Sig: "json_object_field" + out.suffix + "(json,text)", Scalar: jsonField(out.give)},
			Row{Sig: "json_array_element" + out.suffix + "(json,integer)", Scalar: jsonElement(out.give)},
			Row{Sig: "json_extract_path" + out.suffix + "(json,text[])", Scalar: jsonPath(out.give)})
	}
	return append(rs, Row{Sig: "json_array_length(json)", Scalar: jsonLength}, Row{Sig: "json_typeof(json)", Scalar: jsonTypeof})
}

// lastField finds a key; json may hold it several times, then the last counts.
func lastField(j types.JSON, key string) (types.JSON, bool) {
	if j.Kind == types.JSONObject {
		for i := len(j.Keys) - 1; i >= 0; i-- {
			if j.Keys[i] == key {
				return j.Elems[i], true
			}
		}
	}
	return types.JSON{}, false
}

// elementAt finds an element; a negative index counts from the end.
func elementAt(j types.JSON, i int64) (types.JSON, bool) {
	if i < 0 {
		i += int64(len(j.Elems))
	}
	if j.Kind != types.JSONArray || i < 0 || i >= int64(len(j.Elems)) {
		return types.JSON{}, false
	}
	return j.Elems[i], true
}

func jsonField(give func(types.JSON) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := readJSON(a[0])
		if err != nil {
			return null, err
		}
		if e, ok := lastField(j, string(a[1].B)); ok {
			return give(e), nil
		}
		return null, nil
	}
}

func jsonElement(give func(types.JSON) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := readJSON(a[0])
		if err != nil {
			return null, err
		}
		if e, ok := elementAt(j, a[1].I); ok {
			return give(e), nil
		}
		return null, nil
	}
}

// jsonPath follows a path of keys and positions; one with a NULL in it leads nowhere.
func jsonPath(give func(types.JSON) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		arr, err := types.ReadArray(a[1])
		if err != nil {
			return null, err
		}
		for _, p := range arr.Elems {
			if p.IsNull() {
				return null, nil
			}
		}
		j, err := readJSON(a[0])
		if err != nil {
			return null, err
		}
		for _, p := range arr.Elems {
			ok := false
			switch j.Kind {
			case types.JSONObject:
				j, ok = lastField(j, string(p.B))
			case types.JSONArray:
				if i, number := pathIndex(string(p.B)); number {
					j, ok = elementAt(j, i)
				}
			}
			if !ok {
				return null, nil
			}
		}
		return give(j), nil
	}
}

// pathIndex reads an array position of a path as C's strtol does: white space and a sign may stand in front, nothing after it.
func pathIndex(s string) (int64, bool) {
	i, err := strconv.ParseInt(strings.TrimLeft(s, " \t\n\v\f\r"), 10, 32)
	return i, err == nil && i > math.MinInt32
}

// jsonLength does not look at escapes, so that it also counts what cannot become text.
func jsonLength(_ *Call, a []types.Value) (types.Value, error) {
	j, err := types.ParseJSONShape(string(a[0].B))
	switch {
	case err != nil:
		return null, err
	case j.Kind == types.JSONObject:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot get array length of a non-array")
	case j.Kind != types.JSONArray:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot get array length of a scalar")
	}
	return types.IntValue(int64(len(j.Elems))), nil
}

func jsonTypeof(_ *Call, a []types.Value) (types.Value, error) {
	j, err := types.ParseJSONShape(string(a[0].B))
	return types.StringValue(jsonTypeNames[j.Kind]), err
}
