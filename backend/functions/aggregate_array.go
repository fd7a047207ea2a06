package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// arrayArrayAgg stacks arrays of equal shape into one with a dimension more.
type arrayArrayAgg struct {
	out  types.Array
	n    int32
	dims []types.Dim
}

func (s *arrayArrayAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return pgerr.New(pgerr.NullValueNotAllowed, "cannot accumulate null arrays")
	}
	arr, err := types.ReadArray(a[0].Clone())
	if err != nil {
		return err
	}
	if len(arr.Dims) == 0 && s.n == 0 {
		return pgerr.New(pgerr.ArraySubscriptError, "cannot accumulate empty arrays")
	}
	if len(arr.Dims)+1 > types.MaxDim {
		return pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(arr.Dims)+1, types.MaxDim)
	}
	if s.n == 0 {
		s.dims, s.out.Elem = arr.Dims, arr.Elem
	} else {
		same := len(arr.Dims) == len(s.dims)
		for i := 0; same && i < len(s.dims); i++ {
			same = arr.Dims[i] == s.dims[i]
		}
		if !same {
			return pgerr.New(pgerr.ArraySubscriptError, "cannot accumulate arrays of different dimensionality")
		}
	}
	s.n++
	s.out.Elems = append(s.out.Elems, arr.Elems...)
	return nil
}

func (s *arrayArrayAgg) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	s.out.Dims = append([]types.Dim{{Len: s.n, Lower: 1}}, s.dims...)
	return types.MakeArray(s.out), nil
}
