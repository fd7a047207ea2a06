package functions

import (
	"strconv"

	"pgd/backend/types"
)

// Scalar is a function of one row.
type Scalar = func(c *Call, a []types.Value) (types.Value, error)

// textToText adapts a plain function.
func textToText(f func(s string) string) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		return types.StringValue(f(string(a[0].B))), nil
	}
}

// textToInt adapts a plain function.
func textToInt(f func(b []byte) int64) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return types.IntValue(f(a[0].B)), nil }
}

// textPredicate adapts a plain test of two texts.
func textPredicate(f func(a, b string) (bool, error), negate bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		ok, err := f(string(a[0].B), string(a[1].B))
		return types.BoolValue(ok != negate), err
	}
}

// same is the function behind casts that change nothing.
func same(_ *Call, a []types.Value) (types.Value, error) { return a[0].Clone(), nil }

var null = types.NullValue

func itoa(i int) string { return strconv.Itoa(i) }
