package functions

import "pgd/backend/types"

// jsonPredicateRows are jsonb's operators that answer yes or no: ? ?| ?& @> <@.
func jsonPredicateRows() []Row {
	return []Row{
		{Sig: "jsonb_exists(jsonb,text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if types.JsonbKind(a[0].B) == types.JSONObject {
				return types.BoolValue(types.JsonbField(a[0].B, a[1].B) != nil), nil
			}
			j, err := types.ReadJsonb(a[0])
			return types.BoolValue(jsonbExists(j, string(a[1].B))), err
		}},
		{Sig: "jsonb_exists_any(jsonb,text[])", Scalar: jsonbExistsSome(true)},
		{Sig: "jsonb_exists_all(jsonb,text[])", Scalar: jsonbExistsSome(false)},
		{Sig: "jsonb_contains(jsonb,jsonb)", Scalar: jsonbContainment(0, 1)},
		{Sig: "jsonb_contained(jsonb,jsonb)", Scalar: jsonbContainment(1, 0)},
	}
}

// jsonbExists looks for a key of an object, a string of an array, or the string itself.
func jsonbExists(j types.JSON, s string) bool {
	switch j.Kind {
	case types.JSONObject:
		_, ok := j.Get(s)
		return ok
	case types.JSONArray:
		for _, e := range j.Elems {
			if e.Kind == types.JSONString && e.Str == s {
				return true
			}
		}
	case types.JSONString:
		return j.Str == s
	}
	return false
}

// jsonbExistsSome is ?| (decides at the first found) or ?& (at the first missing). NULL elements do not count.
func jsonbExistsSome(some bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := types.ReadJsonb(a[0])
		if err != nil {
			return null, err
		}
		arr, err := types.ReadArray(a[1])
		if err != nil {
			return null, err
		}
		for _, e := range arr.Elems {
			if !e.IsNull() && jsonbExists(j, string(e.B)) == some {
				return types.BoolValue(some), nil
			}
		}
		return types.BoolValue(!some), nil
	}
}

func jsonbContainment(outer, inner int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		y, err := types.ReadJsonb(a[inner])
		if err != nil {
			return null, err
		}
		if y.Kind == types.JSONObject && types.JsonbKind(a[outer].B) == types.JSONObject {
			ok, err := containsFields(a[outer].B, y)
			return types.BoolValue(ok), err
		}
		x, err := types.ReadJsonb(a[outer])
		if err != nil {
			return null, err
		}
		return types.BoolValue(jsonbContains(x, y)), nil
	}
}

// containsFields looks in a stored object for the fields of another, and takes apart only those that are containers.
func containsFields(doc []byte, y types.JSON) (bool, error) {
	for i, e := range y.Elems {
		f := types.JsonbField(doc, []byte(y.Keys[i]))
		if f == nil || types.JsonbKind(f) != e.Kind {
			return false, nil
		}
		if jsonScalar(e) && string(f) == e.Src {
			continue
		}
		x, err := types.ReadJsonb(types.TextValue(f))
		if err != nil || !contained(x, e) {
			return false, err
		}
	}
	return true, nil
}

// jsonbContains compares whole documents: an array contains a scalar that is its element, though not the other way round.
func jsonbContains(x, y types.JSON) bool {
	if jsonScalar(y) {
		if x.Kind == types.JSONArray {
			return hasScalar(x.Elems, y)
		}
		return jsonScalar(x) && types.CompareJsonb(x, y) == 0
	}
	return contained(x, y)
}

func contained(x, y types.JSON) bool {
	if x.Kind != y.Kind {
		return false
	}
	switch y.Kind {
	case types.JSONObject:
		for i, k := range y.Keys {
			e, ok := x.Get(k)
			if !ok || !contained(e, y.Elems[i]) {
				return false
			}
		}
		return true
	case types.JSONArray:
		for _, e := range y.Elems {
			if jsonScalar(e) {
				if !hasScalar(x.Elems, e) {
					return false
				}
				continue
			}
			found := false
			for _, have := range x.Elems {
				if have.Kind == e.Kind && contained(have, e) {
					found = true
					break
				}
			}
			if !found {
				return false
			}
		}
		return true
	}
	return types.CompareJsonb(x, y) == 0
}

func hasScalar(elems []types.JSON, s types.JSON) bool {
	for _, e := range elems {
		if e.Kind == s.Kind && types.CompareJsonb(e, s) == 0 {
			return true
		}
	}
	return false
}
