package functions

import "pgd/backend/types"

// jsonbAccessRows are the operators that pick a part of a jsonb. They search its text and take nothing else apart.
func jsonbAccessRows() []Row {
	var rs []Row
	for _, out := range []struct {
		suffix string
		give   func(doc []byte) types.Value
	}{
		{"", func(doc []byte) types.Value { return types.TextValue(append([]byte{}, doc...)) }},
		{"_text", types.JsonbUnquoted},
	} {
		give := func(doc []byte) (types.Value, error) {
			if doc == nil {
				return null, nil
			}
			return out.give(doc), nil
		}
		rs = append(rs,
			Row{Sig: "jsonb_object_field" + out.suffix + "(jsonb,text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return give(types.JsonbField(a[0].B, a[1].B))
			}},
			Row{Sig: "jsonb_array_element" + out.suffix + "(jsonb,integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				// A scalar document is kept as an array of one element.
				if k := types.JsonbKind(a[0].B); k < types.JSONArray && (a[1].I == 0 || a[1].I == -1) {
					return give(a[0].B)
				}
				return give(types.JsonbElement(a[0].B, a[1].I))
			}},
			Row{Sig: "jsonb_extract_path" + out.suffix + "(jsonb,text[])", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				arr, err := types.ReadArray(a[1])
				if err != nil {
					return null, err
				}
				for _, p := range arr.Elems {
					if p.IsNull() {
						return null, nil
					}
				}
				doc := a[0].B
				for _, p := range arr.Elems {
					switch types.JsonbKind(doc) {
					case types.JSONObject:
						doc = types.JsonbField(doc, p.B)
					case types.JSONArray:
						i, number := pathIndex(string(p.B))
						if !number {
							return null, nil
						}
						doc = types.JsonbElement(doc, i)
					default:
						return null, nil
					}
				}
				return give(doc)
			}})
	}
	return append(rs,
		Row{Sig: "jsonb_typeof(jsonb)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(jsonTypeNames[types.JsonbKind(a[0].B)]), nil
		}},
		Row{Sig: "jsonb_array_length(jsonb)", Scalar: jsonLength})
}
