package functions

import (
	"bytes"
	"math"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func arrayRows() []Row {
	rs := []Row{
		{Sig: "array_length(anyarray,integer)", Scalar: arrayDim(func(d types.Dim) int64 { return int64(d.Len) })},
		{Sig: "array_lower(anyarray,integer)", Scalar: arrayDim(func(d types.Dim) int64 { return int64(d.Lower) })},
		{Sig: "array_upper(anyarray,integer)", Scalar: arrayDim(func(d types.Dim) int64 { return int64(d.Lower) + int64(d.Len) - 1 })},
		{Sig: "array_ndims(anyarray)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			_, dims, err := types.ArrayDims(a[0])
			if err != nil || len(dims) == 0 {
				return null, err
			}
			return types.IntValue(int64(len(dims))), nil
		}},
		{Sig: "cardinality(anyarray)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			_, dims, err := types.ArrayDims(a[0])
			return types.IntValue(int64(countElems(dims))), err
		}},
		{Sig: "array_dims(anyarray)", Scalar: arrayDims},
		{Sig: "array_append(anycompatiblearray,anycompatible)", Scalar: arrayAppend},
		{Sig: "array_prepend(anycompatible,anycompatiblearray)", Scalar: arrayPrepend},
		{Sig: "array_cat(anycompatiblearray,anycompatiblearray)", Scalar: arrayCat},
		{Sig: "array_position(anycompatiblearray,anycompatible)", Scalar: arrayPosition},
		{Sig: "array_position(anycompatiblearray,anycompatible,integer)", Scalar: arrayPosition},
		{Sig: "array_positions(anycompatiblearray,anycompatible)", Scalar: arrayPositions},
		{Sig: "array_remove(anycompatiblearray,anycompatible)", Scalar: arrayRemove},
		{Sig: "array_replace(anycompatiblearray,anycompatible,anycompatible)", Scalar: arrayReplace},
		{Sig: "array_fill(anyelement,integer[])", Scalar: arrayFill}, {Sig: "array_fill(anyelement,integer[],integer[])", Scalar: arrayFill},
		{Sig: "trim_array(anyarray,integer)", Scalar: trimArray},
		{Sig: "array_to_string(anyarray,text)", Scalar: arrayToString}, {Sig: "array_to_string(anyarray,text,text)", Scalar: arrayToString},
		{Sig: "string_to_array(text,text)", Scalar: stringToArray}, {Sig: "string_to_array(text,text,text)", Scalar: stringToArray},
		{Sig: "arraycontains(anyarray,anyarray)", Scalar: arrayContains(0, 1)}, {Sig: "arraycontained(anyarray,anyarray)", Scalar: arrayContains(1, 0)},
		{Sig: "arrayoverlap(anyarray,anyarray)", Scalar: arrayOverlap},
		{Sig: "array_larger(anyarray,anyarray)", Scalar: arrayPick(1)}, {Sig: "array_smaller(anyarray,anyarray)", Scalar: arrayPick(-1)},
		{Sig: "btarraycmp(anyarray,anyarray)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			n, err := compareArrays(c, a[0], a[1])
			return types.IntValue(int64(n)), err
		}},
		{Sig: "width_bucket(anycompatible,anycompatiblearray)", Scalar: widthBucketArray},
	}
	for _, op := range comparisonOperators {
		test := op.test
		f := func(c *Call, a []types.Value) (types.Value, error) {
			n, err := compareArrays(c, a[0], a[1])
			return types.BoolValue(test(n)), err
		}
		rs = append(rs, Row{Sig: "array_" + op.name + "(anyarray,anyarray)", Scalar: f},
			Row{Sig: "oidvector" + op.name + "(oidvector,oidvector)", Scalar: f})
	}
	return rs
}

// elemType finds the type of a stored array's elements.
func elemType(c *Call, elem uint32) (*types.Type, error) {
	if t := c.Find(elem); t != nil {
		return t, nil
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "type with OID %d is not supported", elem)
}

// elemCompare finds how elements are compared; what is stored so that bytes order does is compared so.
func elemCompare(c *Call, elem uint32) (func(a, b types.Value) int, error) {
	t, err := elemType(c, elem)
	if err != nil {
		return nil, err
	}
	if t.Compare == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify an equality operator for type %s", t.Display)
	}
	return t.Compare, nil
}

func compareArrays(c *Call, a, b types.Value) (int, error) {
	e1, _, err := types.ArrayDims(a)
	if err != nil {
		return 0, err
	}
	e2, _, err := types.ArrayDims(b)
	if err != nil {
		return 0, err
	}
	if e1 != e2 && !(isText(e1) && isText(e2)) {
		return 0, pgerr.New(pgerr.DatatypeMismatch, "cannot compare arrays of different element types")
	}
	cmp, err := elemCompare(c, e1)
	if err != nil {
		return 0, err
	}
	return types.CompareArrays(a, b, cmp), nil
}

func isText(oid uint32) bool { return oid == types.TextOID || oid == types.VarcharOID }

func countElems(dims []types.Dim) int {
	if len(dims) == 0 {
		return 0
	}
	n := 1
	for _, d := range dims {
		n *= int(d.Len)
	}
	return n
}

func arrayDim(f func(types.Dim) int64) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		_, dims, err := types.ArrayDims(a[0])
		if n := a[1].I; err == nil && n >= 1 && n <= int64(len(dims)) {
			return types.IntValue(f(dims[n-1])), nil
		}
		return null, err
	}
}

func arrayDims(_ *Call, a []types.Value) (types.Value, error) {
	_, dims, err := types.ArrayDims(a[0])
	if err != nil || len(dims) == 0 {
		return null, err
	}
	var b strings.Builder
	for _, d := range dims {
		b.WriteString("[" + itoa(int(d.Lower)) + ":" + itoa(int(d.Lower)+int(d.Len)-1) + "]")
	}
	return types.StringValue(b.String()), nil
}

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

func arrayAppend(c *Call, a []types.Value) (types.Value, error) {
	arr, err := readOrEmpty(c, a[0])
	if err != nil {
		return null, err
	}
	switch len(arr.Dims) {
	case 0:
		arr.Dims = []types.Dim{{Len: 0, Lower: 1}}
	case 1:
	default:
		return null, pgerr.New(pgerr.DataException, "argument must be empty or one-dimensional array")
	}
	if int64(arr.Dims[0].Lower)+int64(arr.Dims[0].Len) > math.MaxInt32 {
		return null, errInt4Range
	}
	arr.Dims[0].Len++
	arr.Elems = append(arr.Elems, a[1])
	return types.MakeArray(arr), nil
}

func arrayPrepend(c *Call, a []types.Value) (types.Value, error) {
	arr, err := readOrEmpty(c, a[1])
	if err != nil {
		return null, err
	}
	switch len(arr.Dims) {
	case 0:
		arr.Dims = []types.Dim{{Len: 0, Lower: 1}}
	case 1:
	default:
		return null, pgerr.New(pgerr.DataException, "argument must be empty or one-dimensional array")
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

func arrayPick(sign int) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		n, err := compareArrays(c, a[0], a[1])
		if err != nil {
			return null, err
		}
		if n*sign > 0 {
			return a[0].Clone(), nil
		}
		return a[1].Clone(), nil
	}
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
