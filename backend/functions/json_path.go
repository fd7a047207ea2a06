package functions

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonPathRows change a document at the end of a path.
func jsonPathRows() []Row {
	return []Row{
		{Sig: "jsonb_set(jsonb,text[],jsonb,boolean)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return jsonbSet(a[0], a[1], a[2], a[3].Bool())
		}},
		{Sig: "jsonb_set_lax(jsonb,text[],jsonb,boolean,text)", Scalar: jsonbSetLax},
		{Sig: "jsonb_insert(jsonb,text[],jsonb,boolean)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			how := insertBefore
			if a[3].Bool() {
				how = insertAfter
			}
			return jsonbChange(a[0], a[1], a[2], how, "cannot set path in scalar")
		}},
		{Sig: "jsonb_delete_path(jsonb,text[])", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return jsonbChange(a[0], a[1], null, deleteAt, "cannot delete path in scalar")
		}},
	}
}

// pathChange is what happens at the end of a path.
type pathChange uint8

const (
	replaceAt pathChange = iota // only what is there
	createAt                    // replace, or add where nothing is
	insertBefore
	insertAfter
	deleteAt
)

// adds tells whether something new appears where the path leads to nothing.
func (c pathChange) adds() bool { return c == createAt || c == insertBefore || c == insertAfter }

func jsonbSet(doc, path, value types.Value, create bool) (types.Value, error) {
	how := replaceAt
	if create {
		how = createAt
	}
	return jsonbChange(doc, path, value, how, "cannot set path in scalar")
}

// jsonbSetLax is jsonb_set with a choice of what a NULL for the new value means.
func jsonbSetLax(_ *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() || a[1].IsNull() || a[3].IsNull() {
		return null, nil
	}
	if a[4].IsNull() {
		return null, errNullTreatment
	}
	if !a[2].IsNull() {
		return jsonbSet(a[0], a[1], a[2], a[3].Bool())
	}
	switch string(a[4].B) {
	case "raise_exception":
		return null, pgerr.New(pgerr.NullValueNotAllowed, "JSON value must not be null").
			WithDetail("Exception was raised because null_value_treatment is \"raise_exception\".").
			WithHint("To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.")
	case "use_json_null":
		return jsonbSet(a[0], a[1], types.StringValue("null"), a[3].Bool())
	case "delete_key":
		return jsonbChange(a[0], a[1], null, deleteAt, "cannot delete path in scalar")
	case "return_target":
		return a[0].Clone(), nil
	}
	return null, errNullTreatment
}

var errNullTreatment = pgerr.New(pgerr.InvalidParameterValue,
	"null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"")

func jsonbChange(doc, path, value types.Value, how pathChange, scalar string) (types.Value, error) {
	steps, err := textElements(path)
	if err != nil {
		return null, err
	}
	j, err := types.ReadJsonb(doc)
	if err != nil {
		return null, err
	}
	if jsonScalar(j) {
		return null, pgerr.New(pgerr.InvalidParameterValue, "%s", scalar)
	}
	if len(j.Elems) == 0 && (how == replaceAt || how == deleteAt) || len(steps) == 0 {
		return doc.Clone(), nil
	}
	c := changer{steps: steps, how: how}
	if how != deleteAt {
		if c.value, err = types.ReadJsonb(value); err != nil {
			return null, err
		}
	}
	if j, err = c.change(j, 0); err != nil {
		return null, err
	}
	err = j.Normalize()
	return j.Value(), err
}

// changer walks down a path and makes the change at its end.
type changer struct {
	steps []*string
	value types.JSON
	how   pathChange
}

func (c *changer) change(j types.JSON, level int) (types.JSON, error) {
	if c.steps[level] == nil {
		return j, pgerr.New(pgerr.NullValueNotAllowed, "path element at position %d is null", level+1)
	}
	if jsonScalar(j) {
		return j, nil
	}
	if j.Kind == types.JSONObject {
		return c.object(j, level)
	}
	return c.array(j, level)
}

func (c *changer) object(j types.JSON, level int) (types.JSON, error) {
	key, last := *c.steps[level], level == len(c.steps)-1
	for i, k := range j.Keys {
		if k != key {
			continue
		}
		switch {
		case !last:
			e, err := c.change(j.Elems[i], level+1)
			j.Elems[i] = e
			return j, err
		case c.how == insertBefore || c.how == insertAfter:
			return j, pgerr.New(pgerr.InvalidParameterValue, "cannot replace existing key").
				WithHint("Try using the function jsonb_set to replace key value.")
		case c.how == deleteAt:
			j.Keys, j.Elems = append(j.Keys[:i:i], j.Keys[i+1:]...), append(j.Elems[:i:i], j.Elems[i+1:]...)
		default:
			j.Elems[i] = c.value
		}
		return j, nil
	}
	if last && c.how.adds() {
		j.Keys, j.Elems = append(j.Keys, key), append(j.Elems, c.value)
	}
	return j, nil
}

func (c *changer) array(j types.JSON, level int) (types.JSON, error) {
	step, last := *c.steps[level], level == len(c.steps)-1
	at, err := strconv.ParseInt(strings.TrimLeft(step, " \t\n\v\f\r"), 10, 32)
	if err != nil || errors.Is(err, strconv.ErrRange) {
		return j, pgerr.New(pgerr.InvalidTextRepresentation, "path element at position %d is not an integer: \"%s\"", level+1, step)
	}
	n := int64(len(j.Elems))
	switch {
	case at < 0 && -at > n:
		at = math.MinInt32
	case at < 0:
		at += n
	case at > n:
		at = n
	}
	if at < 0 || at >= n {
		switch {
		case !last || !c.how.adds():
		case at < 0 || n == 0:
			j.Elems = append([]types.JSON{c.value}, j.Elems...)
		default:
			j.Elems = append(j.Elems, c.value)
		}
		return j, nil
	}
	if !last {
		e, err := c.change(j.Elems[at], level+1)
		j.Elems[at] = e
		return j, err
	}
	before, after := j.Elems[:at:at], j.Elems[at+1:]
	switch c.how {
	case replaceAt, createAt:
		j.Elems[at] = c.value
	case insertBefore:
		j.Elems = append(append(before, c.value), j.Elems[at:]...)
	case insertAfter:
		j.Elems = append(append(before, j.Elems[at], c.value), after...)
	case deleteAt:
		j.Elems = append(before, after...)
	}
	return j, nil
}
