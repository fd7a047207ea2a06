package compile

import (
	"pgd/backend/functions"
	"pgd/backend/types"
)

// partsOf tells the geometric types whose parts subscripts give: how many bytes a part has.
var partsOf = map[uint32]int{types.PointOID: 8, types.LineOID: 8, types.LsegOID: 16, types.BoxOID: 16}

// geometricPart is point[0], box[1] and the like: parts count from 0, there is none beyond the last. They are stored one after the other.
func geometricPart(_ *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	size := partsOf[n[0]]
	return func(a []types.Value) (types.Value, error) {
		if size == 0 || a[0].IsNull() || a[1].IsNull() || a[1].I < 0 || a[1].I >= int64(len(a[0].B)/size) {
			return types.NullValue, nil
		}
		b := a[0].B[int(a[1].I)*size:][:size]
		if size == 16 {
			return types.BlobValue(append([]byte{}, b...)), nil
		}
		return types.ByOID(types.Float8OID).Receive(nil, b, -1)
	}
}
