package functions

import (
	"math"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// resultElem is the element type of the result, or what the array says where the call has no types.
func resultElem(c *Call, fallback uint32) uint32 {
	if t := c.Find(c.Result); t != nil && t.Elem != 0 {
		return t.Elem
	}
	return fallback
}

func readOrEmpty(c *Call, v types.Value) (types.Array, error) {
	if v.IsNull() {
		return types.Array{Elem: resultElem(c, 0)}, nil
	}
	a, err := types.ReadArray(v)
	a.Elem = resultElem(c, a.Elem)
	return a, err
}

// readRow reads an array an element is put before or after: one dimension, maybe without elements yet.
func readRow(c *Call, v types.Value) (types.Array, error) {
	arr, err := readOrEmpty(c, v)
	switch {
	case err != nil:
	case len(arr.Dims) == 0:
		arr.Dims = []types.Dim{{Len: 0, Lower: 1}}
	case len(arr.Dims) > 1:
		err = pgerr.New(pgerr.DataException, "argument must be empty or one-dimensional array")
	}
	return arr, err
}

func arrayAppend(c *Call, a []types.Value) (types.Value, error) {
	arr, err := readRow(c, a[0])
	if err != nil {
		return null, err
	}
	if int64(arr.Dims[0].Lower)+int64(arr.Dims[0].Len) > math.MaxInt32 {
		return null, errInt4Range
	}
	arr.Dims[0].Len++
	arr.Elems = append(arr.Elems, a[1])
	return types.MakeArray(arr), nil
}

func arrayPrepend(c *Call, a []types.Value) (types.Value, error) {
	arr, err := readRow(c, a[1])
	if err != nil {
		return null, err
	}
	// The lower bound stays what it was.
	arr.Dims[0].Len++
	arr.Elems = append([]types.Value{a[0]}, arr.Elems...)
	return types.MakeArray(arr), nil
}

func arrayCat(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() && a[1].IsNull() {
		return null, nil
	}
	x, err := readOrEmpty(c, a[0])
	if err != nil {
		return null, err
	}
	y, err := readOrEmpty(c, a[1])
	if err != nil {
		return null, err
	}
	if a[1].IsNull() || len(y.Dims) == 0 && !a[0].IsNull() {
		return types.MakeArray(x), nil
	}
	if a[0].IsNull() || len(x.Dims) == 0 {
		return types.MakeArray(y), nil
	}
	incompatible := func(detail string) error {
		return pgerr.New(pgerr.ArraySubscriptError, "cannot concatenate incompatible arrays").WithDetail("%s", detail)
	}
	same := func(p, q []types.Dim) bool {
		for i := range p {
			if p[i].Len != q[i].Len || p[i].Lower != q[i].Lower {
				return false
			}
		}
		return true
	}
	out := types.Array{Elem: x.Elem, Elems: append(append([]types.Value{}, x.Elems...), y.Elems...)}
	switch len(x.Dims) - len(y.Dims) {
	case 0:
		if !same(x.Dims[1:], y.Dims[1:]) {
			return null, incompatible("Arrays with differing element dimensions are not compatible for concatenation.")
		}
		out.Dims = x.Dims
		out.Dims[0].Len += y.Dims[0].Len
	case -1:
		if !same(x.Dims, y.Dims[1:]) {
			return null, incompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
		out.Dims = y.Dims
		out.Dims[0].Len++
	case 1:
		if !same(y.Dims, x.Dims[1:]) {
			return null, incompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
		out.Dims = x.Dims
		out.Dims[0].Len++
	default:
		return null, incompatible("Arrays of " + itoa(len(x.Dims)) + " and " + itoa(len(y.Dims)) + " dimensions are not compatible for concatenation.")
	}
	return types.MakeArray(out), nil
}

func arrayFill(c *Call, a []types.Value) (types.Value, error) {
	for _, v := range a[1:] {
		if v.IsNull() {
			return null, pgerr.New(pgerr.NullValueNotAllowed, "dimension array or low bound array cannot be null")
		}
	}
	lens, err := types.ReadArray(a[1])
	if err != nil {
		return null, err
	}
	lows := types.Array{}
	if len(a) > 2 {
		if lows, err = types.ReadArray(a[2]); err != nil {
			return null, err
		}
	}
	if len(lens.Dims) > 1 || len(lows.Dims) > 1 {
		return null, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts").WithDetail("Dimension array must be one dimensional.")
	}
	if len(a) > 2 && len(lows.Elems) != len(lens.Elems) {
		return null, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts").
			WithDetail("Low bound array has different size than dimensions array.")
	}
	arr := types.Array{Elem: resultElem(c, types.TextOID)}
	n := int64(1)
	for i, e := range lens.Elems {
		if e.IsNull() {
			return null, pgerr.New(pgerr.NullValueNotAllowed, "dimension values cannot be null")
		}
		if e.I < 0 || n*max(e.I, 1) > 134217727 {
			return null, pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (134217727)")
		}
		n *= e.I
		low := int32(1)
		if len(lows.Elems) > 0 {
			if lows.Elems[i].IsNull() {
				return null, pgerr.New(pgerr.NullValueNotAllowed, "dimension values cannot be null")
			}
			low = int32(lows.Elems[i].I)
		}
		arr.Dims = append(arr.Dims, types.Dim{Len: int32(e.I), Lower: low})
	}
	if len(arr.Dims) > types.MaxDim {
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(arr.Dims), types.MaxDim)
	}
	if len(arr.Dims) == 0 || n == 0 {
		arr.Dims = nil
		n = 0
	}
	for ; n > 0; n-- {
		arr.Elems = append(arr.Elems, a[0])
	}
	return types.MakeArray(arr), nil
}

func trimArray(c *Call, a []types.Value) (types.Value, error) {
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return null, err
	}
	n, have := a[1].I, int64(0)
	if len(arr.Dims) > 0 {
		have = int64(arr.Dims[0].Len)
	}
	if n < 0 || n > have {
		return null, pgerr.New(pgerr.ArrayElementError, "number of elements to trim must be between 0 and %d", have)
	}
	if have == n {
		return types.MakeArray(types.Array{Elem: arr.Elem}), nil
	}
	inner := len(arr.Elems) / int(have)
	arr.Elems = arr.Elems[:inner*int(have-n)]
	// As with every slice, the bounds begin at 1.
	for i := range arr.Dims {
		arr.Dims[i].Lower = 1
	}
	arr.Dims[0].Len = int32(have - n)
	return types.MakeArray(arr), nil
}
