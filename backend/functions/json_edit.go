package functions

import (
	"bytes"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonEditRows make a changed document: || - jsonb_strip_nulls jsonb_pretty; changes at a path are in json_path.go.
func jsonEditRows() []Row {
	return append(jsonPathRows(), []Row{
		{Sig: "jsonb_concat(jsonb,jsonb)", Scalar: jsonbConcat},
		{Sig: "jsonb_delete(jsonb,text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return jsonbDelete(a[0], string(a[1].B))
		}},
		{Sig: "jsonb_delete(jsonb,text[])", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			keys, err := textElements(a[1])
			if err != nil {
				return null, err
			}
			var given []string
			for _, k := range keys {
				if k != nil {
					given = append(given, *k)
				}
			}
			return jsonbDelete(a[0], given...)
		}},
		{Sig: "jsonb_delete(jsonb,integer)", Scalar: jsonbDeleteElement},
		{Sig: "jsonb_strip_nulls(jsonb)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			j, err := types.ReadJsonb(a[0])
			if err != nil {
				return null, err
			}
			return stripNulls(j).Value(), nil
		}},
		{Sig: "json_strip_nulls(json)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			j, err := readJSON(a[0])
			if err != nil {
				return null, err
			}
			return types.TextValue(appendCompact(nil, stripNulls(j))), nil
		}},
		{Sig: "jsonb_pretty(jsonb)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			j, err := types.ReadJsonb(a[0])
			if err != nil {
				return null, err
			}
			return types.TextValue(appendPretty(nil, j, 0)), nil
		}},
	}...)
}

// jsonbConcat joins two objects, the right one's values winning; anything else becomes one array.
func jsonbConcat(_ *Call, a []types.Value) (types.Value, error) {
	x, err := types.ReadJsonb(a[0])
	if err != nil {
		return null, err
	}
	y, err := types.ReadJsonb(a[1])
	if err != nil {
		return null, err
	}
	if x.Kind == types.JSONObject && y.Kind == types.JSONObject {
		x.Keys, x.Elems = append(x.Keys, y.Keys...), append(x.Elems, y.Elems...)
		err := x.Normalize()
		return x.Value(), err
	}
	out := types.JSON{Kind: types.JSONArray}
	for _, j := range []types.JSON{x, y} {
		if j.Kind == types.JSONArray {
			out.Elems = append(out.Elems, j.Elems...)
		} else {
			out.Elems = append(out.Elems, j)
		}
	}
	return out.Value(), nil
}

// jsonbDelete takes keys out of an object, equal strings out of an array.
func jsonbDelete(v types.Value, keys ...string) (types.Value, error) {
	j, err := types.ReadJsonb(v)
	if err != nil {
		return null, err
	}
	if jsonScalar(j) {
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot delete from scalar")
	}
	out := types.JSON{Kind: j.Kind}
	for i, e := range j.Elems {
		gone := false
		for _, k := range keys {
			if j.Kind == types.JSONObject {
				gone = gone || j.Keys[i] == k
			} else {
				gone = gone || e.Kind == types.JSONString && e.Str == k
			}
		}
		if gone {
			continue
		}
		if j.Kind == types.JSONObject {
			out.Keys = append(out.Keys, j.Keys[i])
		}
		out.Elems = append(out.Elems, e)
	}
	return out.Value(), nil
}

func jsonbDeleteElement(_ *Call, a []types.Value) (types.Value, error) {
	j, err := types.ReadJsonb(a[0])
	switch {
	case err != nil:
		return null, err
	case j.Kind == types.JSONObject:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot delete from object using integer index")
	case j.Kind != types.JSONArray:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot delete from scalar")
	}
	i := a[1].I
	if i < 0 {
		i += int64(len(j.Elems))
	}
	if i >= 0 && i < int64(len(j.Elems)) {
		j.Elems = append(j.Elems[:i:i], j.Elems[i+1:]...)
	}
	return j.Value(), nil
}

// stripNulls takes out the fields of objects that are null, at any depth.
func stripNulls(j types.JSON) types.JSON {
	if jsonScalar(j) {
		return j
	}
	out := types.JSON{Kind: j.Kind}
	for i, e := range j.Elems {
		if j.Kind == types.JSONObject {
			if e.Kind == types.JSONNull {
				continue
			}
			out.Keys = append(out.Keys, j.Keys[i])
		}
		out.Elems = append(out.Elems, stripNulls(e))
	}
	return out
}

// appendCompact writes a json document without white space; numbers stay as they were written.
func appendCompact(dst []byte, j types.JSON) []byte {
	if jsonScalar(j) {
		return j.Append(dst)
	}
	open, end := byte('['), byte(']')
	if j.Kind == types.JSONObject {
		open, end = '{', '}'
	}
	dst = append(dst, open)
	for i, e := range j.Elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		if j.Kind == types.JSONObject {
			dst = append(types.AppendJSONString(dst, j.Keys[i]), ':')
		}
		dst = appendCompact(dst, e)
	}
	return append(dst, end)
}

// appendPretty writes a document over several lines, four blanks a level.
func appendPretty(dst []byte, j types.JSON, depth int) []byte {
	if jsonScalar(j) {
		return j.Append(dst)
	}
	open, end := byte('['), byte(']')
	if j.Kind == types.JSONObject {
		open, end = '{', '}'
	}
	line := func(depth int) {
		dst = append(dst, '\n')
		dst = append(dst, bytes.Repeat([]byte("    "), depth)...)
	}
	dst = append(dst, open)
	for i, e := range j.Elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		line(depth + 1)
		if j.Kind == types.JSONObject {
			dst = append(types.AppendJSONString(dst, j.Keys[i]), ": "...)
		}
		dst = appendPretty(dst, e, depth+1)
	}
	line(depth)
	return append(dst, end)
}
