package compile

import "pgd/backend/types"

// nameByte is name[i], which counts from 0 over the 64 bytes of a name; those behind its end are the zero character.
func nameByte(a []types.Value) (types.Value, error) {
	if a[0].IsNull() || a[1].IsNull() || a[1].I < 0 || a[1].I > 63 {
		return types.NullValue, nil
	}
	if int(a[1].I) >= len(a[0].B) {
		return types.CharValue(0), nil
	}
	return types.CharValue(a[0].B[a[1].I]), nil
}
