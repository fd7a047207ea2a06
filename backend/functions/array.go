package functions

import (
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
