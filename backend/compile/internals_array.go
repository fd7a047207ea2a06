package compile

import (
	"strconv"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// makeArray is ARRAY[…] of scalars of type n[0].
func makeArray(_ *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) { return types.NewArray(n[0], a), nil }
}

// makeArrays is ARRAY[…] of arrays, which must agree in their dimensions.
func makeArrays(_ *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) { return stack(n[0], a) }
}

// stack makes an array of one more dimension of arrays. Empty and NULL ones do not count, but all must be so then.
func stack(elem uint32, as []types.Value) (types.Value, error) {
	out := types.Array{Elem: elem}
	empty := false
	var inner []types.Dim
	n := 0
	for _, v := range as {
		if v.IsNull() {
			empty = true
			continue
		}
		x, err := types.ReadArray(v)
		if err != nil {
			return types.NullValue, err
		}
		if len(x.Dims) == 0 {
			empty = true
			continue
		}
		if n == 0 {
			inner = x.Dims
		} else if !sameDims(inner, x.Dims) {
			return types.NullValue, pgerr.New(pgerr.ArraySubscriptError, "multidimensional arrays must have array expressions with matching dimensions")
		}
		n++
		for _, e := range x.Elems {
			out.Elems = append(out.Elems, e.Clone())
		}
	}
	if n == 0 {
		return types.MakeArray(out), nil
	}
	if empty {
		return types.NullValue, pgerr.New(pgerr.ArraySubscriptError, "multidimensional arrays must have array expressions with matching dimensions")
	}
	if len(inner)+1 > types.MaxDim {
		return types.NullValue, pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", len(inner)+1, types.MaxDim)
	}
	out.Dims = append([]types.Dim{{Len: int32(n), Lower: 1}}, inner...)
	return types.MakeArray(out), nil
}

func sameDims(x, y []types.Dim) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

// element is array[i, …]: NULL outside the bounds, for a wrong number of subscripts, for a NULL.
func element(a []types.Value) (types.Value, error) {
	if anyNull(a) {
		return types.NullValue, nil
	}
	x, err := types.ReadArray(a[0])
	if err != nil || len(x.Dims) != len(a)-1 {
		return types.NullValue, err
	}
	at := 0
	for i, d := range x.Dims {
		k := a[i+1].I - int64(d.Lower)
		if k < 0 || k >= int64(d.Len) {
			return types.NullValue, nil
		}
		at = at*int(d.Len) + int(k)
	}
	return x.Elems[at], nil
}

// assignElement is array a[0] with a[1] as the element at the subscripts a[3:]; a[2] is the element type. A NULL array becomes one of that
// element, a one-dimensional one grows, with NULLs in between.
func assignElement(a []types.Value) (types.Value, error) {
	elem, subs := uint32(a[2].I), a[3:]
	for _, s := range subs {
		if s.IsNull() {
			return types.NullValue, pgerr.New(pgerr.NullValueNotAllowed, "array subscript in assignment must not be null")
		}
	}
	x := types.Array{Elem: elem}
	if !a[0].IsNull() {
		var err error
		if x, err = types.ReadArray(a[0]); err != nil {
			return types.NullValue, err
		}
	}
	if len(x.Dims) == 0 {
		x.Elems = []types.Value{a[1]}
		for _, s := range subs {
			x.Dims = append(x.Dims, types.Dim{Len: 1, Lower: int32(s.I)})
		}
		return types.MakeArray(x), nil
	}
	if len(x.Dims) != len(subs) {
		return types.NullValue, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
	}
	if len(subs) == 1 {
		d := &x.Dims[0]
		low, high := int64(d.Lower), int64(d.Lower)+int64(d.Len)-1
		at := subs[0].I
		if max(high, at)-min(low, at) > 1<<27 {
			return types.NullValue, pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", 1<<27-1)
		}
		elems := make([]types.Value, 0, len(x.Elems)+1)
		for k := at + 1; k < low; k++ {
			elems = append(elems, types.NullValue)
		}
		if at < low {
			elems = append(append([]types.Value{types.NullValue}, elems...), x.Elems...)
			d.Lower = int32(at)
		} else {
			elems = append(elems, x.Elems...)
			for k := high + 1; k <= at; k++ {
				elems = append(elems, types.NullValue)
			}
		}
		elems[at-int64(d.Lower)] = a[1]
		d.Len, x.Elems = int32(len(elems)), elems
		return types.MakeArray(x), nil
	}
	at := 0
	for i, d := range x.Dims {
		k := subs[i].I - int64(d.Lower)
		if k < 0 || k >= int64(d.Len) {
			return types.NullValue, pgerr.New(pgerr.ArraySubscriptError, "array subscript out of range")
		}
		at = at*int(d.Len) + int(k)
	}
	x.Elems[at] = a[1]
	return types.MakeArray(x), nil
}

// slice is array[l:u, …]. a[1] tells for each dimension which bounds follow: b both, l lower, u upper, n none.
func slice(a []types.Value) (types.Value, error) {
	if anyNull(a) {
		return types.NullValue, nil
	}
	x, err := types.ReadArray(a[0])
	if err != nil {
		return types.NullValue, err
	}
	mask := string(a[1].B)
	empty := types.MakeArray(types.Array{Elem: x.Elem})
	if len(x.Dims) == 0 || len(mask) > len(x.Dims) {
		return empty, nil
	}
	lo, hi := make([]int64, len(x.Dims)), make([]int64, len(x.Dims))
	next := 2
	take := func() int64 {
		next++
		return a[next-1].I
	}
	for i, d := range x.Dims {
		lo[i], hi[i] = int64(d.Lower), int64(d.Lower)+int64(d.Len)-1
		if i >= len(mask) {
			continue
		}
		if mask[i] == 'b' || mask[i] == 'l' {
			lo[i] = max(lo[i], take())
		}
		if mask[i] == 'b' || mask[i] == 'u' {
			hi[i] = min(hi[i], take())
		}
		if lo[i] > hi[i] {
			return empty, nil
		}
	}
	out := types.Array{Elem: x.Elem}
	for i := range x.Dims {
		out.Dims = append(out.Dims, types.Dim{Len: int32(hi[i] - lo[i] + 1), Lower: 1})
	}
	var copyDim func(dim, at int)
	copyDim = func(dim, at int) {
		if dim == len(x.Dims) {
			out.Elems = append(out.Elems, x.Elems[at])
			return
		}
		d := x.Dims[dim]
		for k := lo[dim]; k <= hi[dim]; k++ {
			copyDim(dim+1, at*int(d.Len)+int(k-int64(d.Lower)))
		}
	}
	copyDim(0, 0)
	return types.MakeArray(out), nil
}

// mapArray is the cast of each element: parts are the new element type, the function's name, and constants to give it.
func mapArray(parts []string, call functions.Call) *storage.Function {
	if len(parts) < 2 {
		return nil
	}
	to, err := strconv.ParseUint(parts[0], 10, 32)
	if err != nil {
		return nil
	}
	more := make([]types.Value, 0, len(parts)-1)
	for _, s := range parts[2:] {
		i, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil
		}
		more = append(more, types.IntValue(i))
	}
	f := func(a []types.Value) (types.Value, error) { return a[0], nil }
	if parts[1] != "relabel" {
		r, ok := Resolve(parts[1], -1, call)
		if !ok || r.Scalar == nil {
			return nil
		}
		f = r.Scalar
	}
	return &storage.Function{Scalar: func(a []types.Value) (types.Value, error) {
		if a[0].IsNull() {
			return a[0], nil
		}
		args := make([]types.Value, 1+len(more))
		copy(args[1:], more)
		return types.MapArray(a[0], uint32(to), func(v types.Value) (types.Value, error) {
			if v.IsNull() {
				return v, nil
			}
			args[0] = v
			return f(args)
		})
	}}
}

// collect is ARRAY(query): every row an element, none an empty array.
type collect struct {
	elem   uint32
	arrays bool
	got    []types.Value
}

// Step takes a row.
func (c *collect) Step(a []types.Value) error {
	c.got = append(c.got, a[0].Clone())
	return nil
}

// Value gives the array.
func (c *collect) Value() (types.Value, error) {
	if c.arrays {
		return stack(c.elem, c.got)
	}
	return types.NewArray(c.elem, c.got), nil
}

// makeRow is ROW(…): n[0] is its type, the others those of the columns.
func makeRow(_ *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		return types.MakeRecord(types.Record{Type: n[0], Types: n[1:], Columns: a}), nil
	}
}

// makeNamedRow is makeRow of columns with names, which the first argument packs.
func makeNamedRow(_ *functions.Call, n []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		return types.MakeRecord(types.Record{Type: n[0], Types: n[1:], Names: string(a[0].B), Columns: a[1:]}), nil
	}
}

// rowField is column a[1] of the row a[0].
func rowField(a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return a[0], nil
	}
	r, err := types.ReadRecord(a[0])
	if err != nil || int(a[1].I) >= len(r.Columns) {
		return types.NullValue, err
	}
	return r.Columns[a[1].I], nil
}

// rowNulls tells whether a row's columns are all NULL (a[1] 0) or all not NULL (1). A NULL row is NULL.
func rowNulls(a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return types.BoolValue(!a[1].Bool()), nil
	}
	r, err := types.ReadRecord(a[0])
	if err != nil {
		return types.NullValue, err
	}
	for _, v := range r.Columns {
		if v.IsNull() == a[1].Bool() {
			return types.BoolValue(false), nil
		}
	}
	return types.BoolValue(true), nil
}
