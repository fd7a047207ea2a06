package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// matcher tells whether an element is the value looked for; NULL is found among NULLs.
func matcher(c *Call, elem uint32, v types.Value) (func(types.Value) bool, error) {
	cmp, err := elemCompare(c, elem)
	if err != nil {
		return nil, err
	}
	return func(e types.Value) bool {
		if e.IsNull() || v.IsNull() {
			return e.IsNull() && v.IsNull()
		}
		return cmp(e, v) == 0
	}, nil
}

func arrayPosition(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	arr, err := types.ReadArray(a[0])
	if err != nil || len(arr.Dims) == 0 {
		return null, err
	}
	if len(arr.Dims) > 1 {
		return null, pgerr.New(pgerr.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	start := int64(arr.Dims[0].Lower)
	if len(a) > 2 {
		if a[2].IsNull() {
			return null, pgerr.New(pgerr.NullValueNotAllowed, "initial position must not be null")
		}
		start = a[2].I
	}
	is, err := matcher(c, arr.Elem, a[1])
	if err != nil {
		return null, err
	}
	for i, e := range arr.Elems {
		if at := int64(arr.Dims[0].Lower) + int64(i); at >= start && is(e) {
			return types.IntValue(at), nil
		}
	}
	return null, nil
}

func arrayPositions(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	if len(arr.Dims) > 1 {
		return null, pgerr.New(pgerr.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	is, err := matcher(c, arr.Elem, a[1])
	if err != nil {
		return null, err
	}
	var at []types.Value
	for i, e := range arr.Elems {
		if is(e) {
			at = append(at, types.IntValue(int64(arr.Dims[0].Lower)+int64(i)))
		}
	}
	return types.NewArray(types.Int4OID, at), nil
}

func arrayRemove(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	if len(arr.Dims) > 1 {
		return null, pgerr.New(pgerr.FeatureNotSupported, "removing elements from multidimensional arrays is not supported")
	}
	is, err := matcher(c, arr.Elem, a[1])
	if err != nil {
		return null, err
	}
	kept := arr.Elems[:0:0]
	for _, e := range arr.Elems {
		if !is(e) {
			kept = append(kept, e)
		}
	}
	arr.Elems = kept
	if len(kept) == 0 {
		arr.Dims = nil
	} else {
		arr.Dims[0].Len = int32(len(kept))
	}
	return types.MakeArray(arr), nil
}

func arrayReplace(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	is, err := matcher(c, arr.Elem, a[1])
	if err != nil {
		return null, err
	}
	for i, e := range arr.Elems {
		if is(e) {
			arr.Elems[i] = a[2]
		}
	}
	return types.MakeArray(arr), nil
}

// arrayContains tells whether every element of one is an element of the other; NULL is in nothing.
func arrayContains(outer, inner int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		x, err := types.ReadArray(a[outer])
		if err != nil {
			return null, err
		}
		y, err := types.ReadArray(a[inner])
		if err != nil {
			return null, err
		}
		cmp, err := elemCompare(c, x.Elem)
		if err != nil {
			return null, err
		}
		for _, e := range y.Elems {
			if !hasElem(x.Elems, e, cmp) {
				return types.BoolValue(false), nil
			}
		}
		return types.BoolValue(true), nil
	}
}

func hasElem(elems []types.Value, v types.Value, cmp func(a, b types.Value) int) bool {
	if v.IsNull() {
		return false
	}
	for _, e := range elems {
		if !e.IsNull() && cmp(e, v) == 0 {
			return true
		}
	}
	return false
}

func arrayOverlap(c *Call, a []types.Value) (types.Value, error) {
	x, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	y, err := types.ReadArray(a[1])
	if err != nil {
		return null, err
	}
	cmp, err := elemCompare(c, x.Elem)
	if err != nil {
		return null, err
	}
	for _, e := range y.Elems {
		if hasElem(x.Elems, e, cmp) {
			return types.BoolValue(true), nil
		}
	}
	return types.BoolValue(false), nil
}

func widthBucketArray(c *Call, a []types.Value) (types.Value, error) {
	arr, err := types.ReadArray(a[1])
	if err != nil {
		return null, err
	}
	if len(arr.Dims) > 1 {
		return null, pgerr.New(pgerr.ArraySubscriptError, "thresholds must be one-dimensional array")
	}
	cmp, err := elemCompare(c, arr.Elem)
	if err != nil {
		return null, err
	}
	left, right := 0, len(arr.Elems)
	for _, e := range arr.Elems {
		if e.IsNull() {
			return null, pgerr.New(pgerr.NullValueNotAllowed, "thresholds array must not contain NULLs")
		}
	}
	for left < right {
		mid := (left + right) / 2
		if cmp(a[0], arr.Elems[mid]) < 0 {
			right = mid
		} else {
			left = mid + 1
		}
	}
	return types.IntValue(int64(left)), nil
}
