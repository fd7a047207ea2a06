package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonBuildRows make documents from SQL values. jsonb is made as text first and then brought into its form.
func jsonBuildRows() []Row {
	rs := []Row{
		{Sig: "to_json(anyelement)", Scalar: toJSON(false)}, {Sig: "to_jsonb(anyelement)", Scalar: toJSON(true)},
		{Sig: "row_to_json(record)", Scalar: toJSON(false)}, {Sig: "row_to_json(record,boolean)", Scalar: toJSON(false)},
		{Sig: "array_to_json(anyarray)", Scalar: toJSON(false)}, {Sig: "array_to_json(anyarray,boolean)", Scalar: toJSON(false)},
	}
	for _, binary := range []bool{false, true} {
		name := "json"
		if binary {
			name = "jsonb"
		}
		rs = append(rs,
			Row{Sig: name + "_build_object(\"any\")", Scalar: buildObject(name, binary)}, Row{Sig: name + "_build_object()", Scalar: buildObject(name, binary)},
			Row{Sig: name + "_build_array(\"any\")", Scalar: buildArray(binary)}, Row{Sig: name + "_build_array()", Scalar: buildArray(binary)},
			Row{Sig: name + "_object(text[])", Scalar: textObject(binary)}, Row{Sig: name + "_object(text[],text[])", Scalar: textObject(binary)})
	}
	return rs
}

// finishJSON gives text as json, or as jsonb.
func finishJSON(text []byte, binary bool) (types.Value, error) {
	if !binary {
		return types.TextValue(text), nil
	}
	j, err := types.ParseJsonb(string(text))
	if err != nil {
		return null, err
	}
	return j.Value(), nil
}

func toJSON(binary bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		w, err := newJSONWriter(c, argType(c, 0))
		if err != nil {
			return null, err
		}
		b, err := w.append(nil, a[0], len(a) > 1 && a[1].Bool())
		if err != nil {
			return null, err
		}
		return finishJSON(b, binary)
	}
}

// argType is the actual type of an argument.
func argType(c *Call, i int) uint32 {
	if i < len(c.Args) {
		return c.Args[i]
	}
	return types.TextOID
}

func buildObject(name string, binary bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		if len(a)%2 != 0 {
			return null, pgerr.New(pgerr.InvalidParameterValue, "argument list must have even number of elements").
				WithHint("The arguments of %s_build_object() must consist of alternating keys and values.", name)
		}
		dst := []byte{'{'}
		for i := 0; i < len(a); i += 2 {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			if a[i].IsNull() {
				if binary {
					return null, pgerr.New(pgerr.InvalidParameterValue, "argument %d: key must not be null", i+1)
				}
				return null, pgerr.New(pgerr.InvalidParameterValue, "argument %d cannot be null", i+1).WithHint("Object keys should be text.")
			}
			w, err := newJSONWriter(c, argType(c, i))
			if err != nil {
				return null, err
			}
			key, err := w.key(a[i])
			if err != nil {
				return null, err
			}
			dst = append(types.AppendJSONString(dst, key), " : "...)
			if w, err = newJSONWriter(c, argType(c, i+1)); err != nil {
				return null, err
			}
			if dst, err = w.append(dst, a[i+1], false); err != nil {
				return null, err
			}
		}
		return finishJSON(append(dst, '}'), binary)
	}
}

func buildArray(binary bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		dst := []byte{'['}
		for i, v := range a {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			w, err := newJSONWriter(c, argType(c, i))
			if err != nil {
				return null, err
			}
			if dst, err = w.append(dst, v, false); err != nil {
				return null, err
			}
		}
		return finishJSON(append(dst, ']'), binary)
	}
}

// textObject is json_object: keys and values in turn, in pairs, or in two arrays.
func textObject(binary bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		first, err := types.ReadArray(a[0])
		if err != nil {
			return null, err
		}
		var keys, vals []types.Value
		if len(a) > 1 {
			second, err := types.ReadArray(a[1])
			if err != nil {
				return null, err
			}
			switch {
			case len(first.Dims) > 1 || len(first.Dims) != len(second.Dims):
				return null, errSubscripts
			case len(first.Elems) != len(second.Elems):
				return null, pgerr.New(pgerr.ArraySubscriptError, "mismatched array dimensions")
			}
			keys, vals = first.Elems, second.Elems
		} else {
			switch {
			case len(first.Dims) == 1 && len(first.Elems)%2 != 0:
				return null, pgerr.New(pgerr.ArraySubscriptError, "array must have even number of elements")
			case len(first.Dims) == 2 && first.Dims[1].Len != 2:
				return null, pgerr.New(pgerr.ArraySubscriptError, "array must have two columns")
			case len(first.Dims) > 2:
				return null, errSubscripts
			}
			for i := 0; i+1 < len(first.Elems); i += 2 {
				keys, vals = append(keys, first.Elems[i]), append(vals, first.Elems[i+1])
			}
		}
		dst := []byte{'{'}
		for i, k := range keys {
			if k.IsNull() {
				return null, pgerr.New(pgerr.NullValueNotAllowed, "null value not allowed for object key")
			}
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(types.AppendJSONString(dst, string(k.B)), " : "...)
			if vals[i].IsNull() {
				dst = append(dst, "null"...)
			} else {
				dst = types.AppendJSONString(dst, string(vals[i].B))
			}
		}
		return finishJSON(append(dst, '}'), binary)
	}
}
