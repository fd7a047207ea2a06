package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonExpandRows turn a document into rows.
func jsonExpandRows() []Row {
	var rs []Row
	for _, t := range jsonAccesses {
		for _, out := range []struct {
			suffix string
			give   func(types.JSON) types.Value
		}{{"", t.value}, {"_text", t.text}} {
			elements, each := t.typ+"_array_elements"+out.suffix, t.typ+"_each"+out.suffix
			rs = append(rs, Row{Sig: elements + "(" + t.typ + ")", Set: jsonElements(t, elements, out.give)},
				Row{Sig: each + "(" + t.typ + ")", Set: jsonEach(t, each, out.give)})
		}
		rs = append(rs, Row{Sig: t.typ + "_object_keys(" + t.typ + ")", Set: jsonKeys(t)})
	}
	return rs
}

func jsonElements(t jsonAccess, name string, give func(types.JSON) types.Value) func(*Call, []types.Value) (RowIter, error) {
	return func(_ *Call, a []types.Value) (RowIter, error) {
		j, err := t.read(a[0])
		switch {
		case err != nil:
			return nil, err
		case j.Kind == types.JSONArray:
			it := &values{vs: make([]types.Value, len(j.Elems))}
			for i, e := range j.Elems {
				it.vs[i] = give(e)
			}
			return it, nil
		case t.canonical && j.Kind == types.JSONObject:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot extract elements from an object")
		case t.canonical:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot extract elements from a scalar")
		case j.Kind == types.JSONObject:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on a non-array", name)
		}
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on a scalar", name)
	}
}

func jsonEach(t jsonAccess, name string, give func(types.JSON) types.Value) func(*Call, []types.Value) (RowIter, error) {
	return func(_ *Call, a []types.Value) (RowIter, error) {
		j, err := t.read(a[0])
		switch {
		case err != nil:
			return nil, err
		case j.Kind == types.JSONObject:
			it := &rowsOf{rows: make([][]types.Value, len(j.Elems))}
			for i, e := range j.Elems {
				it.rows[i] = []types.Value{types.StringValue(j.Keys[i]), give(e)}
			}
			return it, nil
		case t.canonical:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on a non-object", name)
		case j.Kind == types.JSONArray:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot deconstruct an array as an object")
		}
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot deconstruct a scalar")
	}
}

func jsonKeys(t jsonAccess) func(*Call, []types.Value) (RowIter, error) {
	return func(_ *Call, a []types.Value) (RowIter, error) {
		j, err := t.read(a[0])
		switch {
		case err != nil:
			return nil, err
		case j.Kind == types.JSONArray:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s_object_keys on an array", t.typ)
		case j.Kind != types.JSONObject:
			return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s_object_keys on a scalar", t.typ)
		}
		it := &values{vs: make([]types.Value, len(j.Keys))}
		for i, k := range j.Keys {
			it.vs[i] = types.StringValue(k)
		}
		return it, nil
	}
}
