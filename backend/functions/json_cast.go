package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

var jsonbKindNames = [...]string{types.JSONNull: "null", types.JSONString: "string", types.JSONNumber: "numeric",
	types.JSONBool: "boolean", types.JSONArray: "array", types.JSONObject: "object"}

// jsonCastRows are the casts from jsonb: of a number through numeric, of a boolean.
func jsonCastRows() []Row {
	rs := []Row{{Sig: "bool(jsonb)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
		j, err := types.ReadJsonb(a[0])
		if err != nil {
			return null, err
		}
		if j.Kind != types.JSONBool {
			return null, cannotCastJsonb(j, "boolean")
		}
		return types.BoolValue(j.True), nil
	}}}
	// The other number types go by way of numeric.
	through := map[string]Scalar{}
	for _, r := range castRows() {
		through[r.Sig] = r.Scalar
	}
	for _, t := range []struct{ sig, name string }{
		{"\"numeric\"", "numeric"}, {"int2", "smallint"}, {"int4", "integer"}, {"int8", "bigint"}, {"float4", "real"}, {"float8", "double precision"},
	} {
		convert := through[t.sig+"(numeric)"]
		rs = append(rs, Row{Sig: t.sig + "(jsonb)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			j, err := types.ReadJsonb(a[0])
			if err != nil {
				return null, err
			}
			if j.Kind != types.JSONNumber {
				return null, cannotCastJsonb(j, t.name)
			}
			n := types.StringValue(j.Str)
			if convert == nil {
				return n, nil
			}
			return convert(c, []types.Value{n})
		}})
	}
	return rs
}

func cannotCastJsonb(j types.JSON, to string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "cannot cast jsonb %s to type %s", jsonbKindNames[j.Kind], to)
}
