package functions

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// array reads a JSON array as an array of elem. How many dimensions it has is told by the first value in it that is no array.
func (r *recordMaker) array(col *Column, elem uint32, j types.JSON) (types.Value, error) {
	if j.Kind != types.JSONArray {
		return null, expectedArray(col, nil)
	}
	arr := types.Array{Elem: elem}
	for e := &j; ; e = &e.Elems[0] {
		arr.Dims = append(arr.Dims, types.Dim{Len: int32(len(e.Elems)), Lower: 1})
		if len(e.Elems) == 0 || e.Elems[0].Kind != types.JSONArray {
			break
		}
	}
	if len(arr.Dims) > types.MaxDim {
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(arr.Dims), types.MaxDim)
	}
	var read func(e types.JSON, at []int) error
	read = func(e types.JSON, at []int) error {
		if e.Kind != types.JSONArray {
			return expectedArray(col, at)
		}
		if len(e.Elems) != int(arr.Dims[len(at)].Len) {
			return pgerr.New(pgerr.InvalidTextRepresentation, "malformed JSON array").
				WithDetail("Multidimensional arrays must have sub-arrays with matching dimensions.")
		}
		for i, x := range e.Elems {
			if len(at)+1 < len(arr.Dims) {
				if err := read(x, append(at[:len(at):len(at)], i)); err != nil {
					return err
				}
				continue
			}
			v, err := r.value(col, elem, x)
			if err != nil {
				return err
			}
			arr.Elems = append(arr.Elems, v)
		}
		return nil
	}
	if err := read(j, nil); err != nil {
		return null, err
	}
	if len(arr.Elems) == 0 {
		arr.Dims = nil
	}
	return types.MakeArray(arr), nil
}

// expectedArray tells where in a column's value an array is missing.
func expectedArray(col *Column, at []int) error {
	e := pgerr.New(pgerr.InvalidTextRepresentation, "expected JSON array")
	if len(at) == 0 {
		return e.WithHint("See the value of key \"%s\".", col.Name)
	}
	var place strings.Builder
	for _, i := range at {
		place.WriteString("[" + itoa(i) + "]")
	}
	return e.WithHint("See the array element %s of key \"%s\".", place.String(), col.Name)
}
