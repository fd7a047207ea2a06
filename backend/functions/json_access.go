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
	var rs []Row
	for _, t := range jsonAccesses {
		for _, out := range []struct {
			suffix string
			f      func(types.JSON) types.Value
		}{{"", t.value}, {"_text", t.text}} {
			rs = append(rs,
				Row{Sig: t.typ + "_object_field" + out.suffix + "(" + t.typ + ",text)", Scalar: jsonField(t.read, out.f)},
				Row{Sig: t.typ + "_array_element" + out.suffix + "(" + t.typ + ",integer)", Scalar: jsonElement(t.read, out.f, t.canonical)},
				Row{Sig: t.typ + "_extract_path" + out.suffix + "(" + t.typ + ",text[])", Scalar: jsonPath(t.read, out.f)})
		}
		rs = append(rs, Row{Sig: t.typ + "_array_length(" + t.typ + ")", Scalar: jsonLength},
			Row{Sig: t.typ + "_typeof(" + t.typ + ")", Scalar: jsonTypeof})
	}
	return rs
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

// elementAt finds an element; a negative index counts from the end. As a whole jsonb document, which is kept as an array of one element,
// a scalar has itself for its element: scalarArray tells that it may be one.
func elementAt(j types.JSON, i int64, scalarArray bool) (types.JSON, bool) {
	if i < 0 {
		i += int64(len(j.Elems))
	}
	if scalarArray && jsonScalar(j) && (i == 0 || i == -1) {
		return j, true
	}
	if j.Kind != types.JSONArray || i < 0 || i >= int64(len(j.Elems)) {
		return types.JSON{}, false
	}
	return j.Elems[i], true
}

func jsonField(read func(types.Value) (types.JSON, error), give func(types.JSON) types.Value) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := read(a[0])
		if err != nil {
			return null, err
		}
		if e, ok := lastField(j, string(a[1].B)); ok {
			return give(e), nil
		}
		return null, nil
	}
}

func jsonElement(read func(types.Value) (types.JSON, error), give func(types.JSON) types.Value, canonical bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := read(a[0])
		if err != nil {
			return null, err
		}
		if e, ok := elementAt(j, a[1].I, canonical); ok {
			return give(e), nil
		}
		return null, nil
	}
}

// jsonPath follows a path of keys and positions; one with a NULL in it leads nowhere.
func jsonPath(read func(types.Value) (types.JSON, error), give func(types.JSON) types.Value) Scalar {
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
		j, err := read(a[0])
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
					j, ok = elementAt(j, i, false)
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
