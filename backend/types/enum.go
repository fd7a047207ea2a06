package types

import (
	"math"
	"sort"

	"pgd/backend/pgerr"
)

// EnumLabel is one value of an enum: Key is its place among the values (pg_enum.enumsortorder), and what is stored.
type EnumLabel struct {
	Key   float64
	Label string
}

// EnumType is an enum of the database's own. Its values are stored as REAL, the label's key: SQLite's order of them is the enum's, a value put
// between two others gets a key between theirs and moves no stored row, and a rename of a label touches none.
type EnumType struct {
	Type
	// Labels are in order.
	Labels []EnumLabel
	byName map[string]float64
}

// maxLabel is how many bytes a label has at most.
const maxLabel = 63

// NewEnumType makes an enum. display is its name as messages show it.
func NewEnumType(oid uint32, name, display string, array uint32, labels []EnumLabel) *EnumType {
	e := &EnumType{Labels: labels, byName: make(map[string]float64, len(labels))}
	sort.Slice(e.Labels, func(i, j int) bool { return e.Labels[i].Key < e.Labels[j].Key })
	for _, l := range labels {
		e.byName[l.Label] = l.Key
	}
	e.Type = Type{
		OID: oid, Name: name, Display: display, Array: array, Category: 'E', Len: 4, Delim: ',', Store: Float, Enum: e,
		Input: func(_ *Context, s string, _ int32) (Value, error) {
			if key, ok := e.byName[s]; ok && len(s) <= maxLabel {
				return FloatValue(key), nil
			}
			return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input value for enum %s: \"%s\"", display, s)
		},
		Output:  e.output,
		Send:    e.output,
		Compare: compareEnums,
	}
	e.Receive = func(c *Context, b []byte, mod int32) (Value, error) {
		if err := ValidText(b); err != nil {
			return Value{}, err
		}
		return e.Input(c, string(b), mod)
	}
	return e
}

// Label finds the label of a stored value; false for a value the enum does not have.
func (e *EnumType) Label(v Value) (string, bool) {
	key := enumKey(v)
	i := sort.Search(len(e.Labels), func(i int) bool { return e.Labels[i].Key >= key })
	if i == len(e.Labels) || e.Labels[i].Key != key {
		return "", false
	}
	return e.Labels[i].Label, true
}

func (e *EnumType) output(_ *Context, dst []byte, v Value) []byte {
	label, _ := e.Label(v)
	return append(dst, label...)
}

// enumKey reads the key of a value; arithmetic of SQLite may have made a whole number an INTEGER.
func enumKey(v Value) float64 {
	if v.Kind == Int {
		return float64(v.I)
	}
	return v.F
}

func compareEnums(a, b Value) int {
	x, y := enumKey(a), enumKey(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// KeyBetween gives a key between two others, PostgreSQL's where it has room for one (the middle); false where floating point has none left, after some
// fifty values put into one place.
func KeyBetween(low, high float64) (float64, bool) {
	if m := float64(float32((low + high) / 2)); m > low && m < high {
		return m, true
	}
	m := low + (high-low)/2
	return m, m > low && m < high && !math.IsInf(m, 0)
}
