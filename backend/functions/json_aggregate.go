package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func jsonAggregateRows() []Row {
	return []Row{
		{Sig: "json_agg(anyelement)", Aggregate: func(c *Call) Aggregate { return &jsonAgg{call: *c} }},
		{Sig: "jsonb_agg(anyelement)", Aggregate: func(c *Call) Aggregate { return &jsonAgg{call: *c, binary: true} }},
		{Sig: "json_object_agg(\"any\",\"any\")", Aggregate: func(c *Call) Aggregate { return &jsonObjectAgg{call: *c} }},
		{Sig: "jsonb_object_agg(\"any\",\"any\")", Aggregate: func(c *Call) Aggregate { return &jsonObjectAgg{call: *c, binary: true} }},
	}
}

// jsonAgg gathers the values of a group in an array. It keeps the text between the brackets.
type jsonAgg struct {
	call   Call
	binary bool
	w      *jsonWriter
	out    []byte
}

func (s *jsonAgg) Step(a []types.Value) (err error) {
	if s.w == nil {
		if s.w, err = newJSONWriter(&s.call, argType(&s.call, 0)); err != nil {
			return err
		}
		s.out = append(s.out, '[')
	} else {
		s.out = append(s.out, ", "...)
		if s.w.composite() && !a[0].IsNull() {
			s.out = append(s.out, "\n "...)
		}
	}
	if s.out, err = s.w.append(s.out, a[0], false); err == nil && len(s.out) > maxText {
		err = errTextTooLong
	}
	return err
}

func (s *jsonAgg) Value() (types.Value, error) {
	if s.w == nil {
		return null, nil
	}
	return finishJSON(append(append([]byte{}, s.out...), ']'), s.binary)
}

// jsonObjectAgg gathers keys and values of a group in an object.
type jsonObjectAgg struct {
	call       Call
	binary     bool
	key, value *jsonWriter
	out        []byte
}

func (s *jsonObjectAgg) Step(a []types.Value) (err error) {
	if s.key == nil {
		if s.key, err = newJSONWriter(&s.call, argType(&s.call, 0)); err != nil {
			return err
		}
		if s.value, err = newJSONWriter(&s.call, argType(&s.call, 1)); err != nil {
			return err
		}
		s.out = append(s.out, "{ "...)
	} else {
		s.out = append(s.out, ", "...)
	}
	if a[0].IsNull() {
		return pgerr.New(pgerr.InvalidParameterValue, "field name must not be null")
	}
	key, err := s.key.key(a[0])
	if err != nil {
		return err
	}
	s.out = append(types.AppendJSONString(s.out, key), " : "...)
	if s.out, err = s.value.append(s.out, a[1], false); err == nil && len(s.out) > maxText {
		err = errTextTooLong
	}
	return err
}

func (s *jsonObjectAgg) Value() (types.Value, error) {
	if s.key == nil {
		return null, nil
	}
	return finishJSON(append(append([]byte{}, s.out...), " }"...), s.binary)
}
