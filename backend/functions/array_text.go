package functions

import (
	"bytes"

	"pgd/backend/types"
)

func arrayToString(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() || a[1].IsNull() {
		return null, nil
	}
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	t, err := elemType(c, arr.Elem)
	if err != nil {
		return null, err
	}
	var out []byte
	first := true
	for _, e := range arr.Elems {
		if e.IsNull() && (len(a) < 3 || a[2].IsNull()) {
			continue
		}
		if !first {
			out = append(out, a[1].B...)
		}
		first = false
		if e.IsNull() {
			out = append(out, a[2].B...)
		} else {
			out = t.Output(c.Context, out, e)
		}
	}
	return types.TextValue(append([]byte{}, out...)), nil
}

// splitText cuts at a delimiter; NULL for a delimiter means every character alone.
func splitText(a []types.Value) []types.Value {
	s := a[0].B
	var parts [][]byte
	switch {
	case len(s) == 0:
	case a[1].IsNull():
		parts = bytes.Split(s, nil)
	case len(a[1].B) == 0:
		parts = [][]byte{s}
	default:
		parts = bytes.Split(s, a[1].B)
	}
	out := make([]types.Value, len(parts))
	for i, p := range parts {
		if len(a) < 3 || a[2].IsNull() || !bytes.Equal(p, a[2].B) {
			out[i] = types.TextValue(p).Clone()
			if out[i].B == nil {
				out[i].B = []byte{}
			}
		}
	}
	return out
}

func stringToArray(_ *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	return types.NewArray(types.TextOID, splitText(a)), nil
}
