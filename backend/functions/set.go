package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// values iterates over rows of one column that are already known.
type values struct {
	vs  []types.Value
	i   int
	row [1]types.Value
}

func (it *values) Next() ([]types.Value, bool, error) {
	if it.i >= len(it.vs) {
		return nil, false, nil
	}
	it.row[0] = it.vs[it.i]
	it.i++
	return it.row[:], true, nil
}

// rowsOf iterates over rows that are already known.
type rowsOf struct {
	rows [][]types.Value
	i    int
}

func (it *rowsOf) Next() ([]types.Value, bool, error) {
	if it.i >= len(it.rows) {
		return nil, false, nil
	}
	it.i++
	return it.rows[it.i-1], true, nil
}

// generator makes rows of one column one at a time.
type generator struct {
	next func() (types.Value, bool, error)
	row  [1]types.Value
}

func (g *generator) Next() ([]types.Value, bool, error) {
	v, ok, err := g.next()
	if !ok || err != nil {
		return nil, false, err
	}
	g.row[0] = v
	return g.row[:], true, nil
}

func setRows() []Row {
	return []Row{
		{Sig: "generate_series(integer,integer)", Set: intSeries}, {Sig: "generate_series(integer,integer,integer)", Set: intSeries},
		{Sig: "generate_series(bigint,bigint)", Set: intSeries}, {Sig: "generate_series(bigint,bigint,bigint)", Set: intSeries},
		{Sig: "generate_series(numeric,numeric)", Set: numericSeries}, {Sig: "generate_series(numeric,numeric,numeric)", Set: numericSeries},
		{Sig: "generate_series(timestamp without time zone,timestamp without time zone,interval)", Set: timeSeries(false)},
		{Sig: "generate_series(timestamp with time zone,timestamp with time zone,interval)", Set: timeSeries(true)},
		{Sig: "generate_subscripts(anyarray,integer)", Set: subscripts}, {Sig: "generate_subscripts(anyarray,integer,boolean)", Set: subscripts},
		{Sig: "unnest(anyarray)", Set: unnest},
		{Sig: "string_to_table(text,text)", Set: stringToTable}, {Sig: "string_to_table(text,text,text)", Set: stringToTable},
		{Sig: "information_schema._pg_expandarray(anyarray)", Set: expandArray},
	}
}

var errZeroStep = pgerr.New(pgerr.InvalidParameterValue, "step size cannot equal zero")

// intSeries serves integer and bigint: a step past the end of the type ends the series.
func intSeries(c *Call, a []types.Value) (RowIter, error) {
	at, stop, step := a[0].I, a[1].I, int64(1)
	if len(a) > 2 {
		step = a[2].I
	}
	if step == 0 {
		return nil, errZeroStep
	}
	done := false
	return &generator{next: func() (types.Value, bool, error) {
		if done || step > 0 && at > stop || step < 0 && at < stop {
			return null, false, nil
		}
		v := types.IntValue(at)
		next, ok := addInt(at, step)
		at, done = next, !ok
		return v, true, nil
	}}, nil
}

func numericSeries(c *Call, a []types.Value) (RowIter, error) {
	names := []string{"start value", "stop value", "step size"}
	var d [3]decimal
	d[2] = intDecimal(1)
	for i, v := range a {
		d[i] = readDecimal(v)
		if d[i].special == 'N' {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "%s cannot be NaN", names[i])
		}
		if d[i].special != 0 {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "%s cannot be infinity", names[i])
		}
	}
	if d[2].sign() == 0 {
		return nil, errZeroStep
	}
	at := d[0]
	return &generator{next: func() (types.Value, bool, error) {
		if at.cmp(d[1])*d[2].sign() > 0 {
			return null, false, nil
		}
		v, err := at.value()
		at = at.add(d[2])
		return v, true, err
	}}, nil
}

func timeSeries(zone bool) func(c *Call, a []types.Value) (RowIter, error) {
	return func(c *Call, a []types.Value) (RowIter, error) {
		at, stop, step := a[0].I, a[1].I, types.ReadInterval(a[2].B)
		sign := step.Compare(types.Interval{})
		if sign == 0 {
			return nil, errZeroStep
		}
		loc := c.Location()
		return &generator{next: func() (types.Value, bool, error) {
			if sign > 0 && at > stop || sign < 0 && at < stop {
				return null, false, nil
			}
			v := types.IntValue(at)
			var err error
			if zone {
				at, err = addIntervalZone(loc, at, step)
			} else {
				at, err = addInterval(at, step)
			}
			return v, true, err
		}}, nil
	}
}

func subscripts(_ *Call, a []types.Value) (RowIter, error) {
	_, dims, err := types.ArrayDims(a[0])
	if err != nil {
		return nil, err
	}
	n := a[1].I
	if n < 1 || n > int64(len(dims)) {
		return &values{}, nil
	}
	d := dims[n-1]
	vs := make([]types.Value, d.Len)
	for i := range vs {
		at := i
		if len(a) > 2 && a[2].Bool() {
			at = len(vs) - 1 - i
		}
		vs[at] = types.IntValue(int64(d.Lower) + int64(i))
	}
	return &values{vs: vs}, nil
}

func unnest(_ *Call, a []types.Value) (RowIter, error) {
	arr, err := types.ReadArray(a[0].Clone())
	return &values{vs: arr.Elems}, err
}

func stringToTable(_ *Call, a []types.Value) (RowIter, error) {
	if a[0].IsNull() {
		return &values{}, nil
	}
	return &values{vs: splitText(a)}, nil
}

// expandArray gives each element with its position counted from 1; information_schema uses it.
func expandArray(_ *Call, a []types.Value) (RowIter, error) {
	arr, err := types.ReadArray(a[0].Clone())
	if err != nil {
		return nil, err
	}
	it := &rowsOf{}
	for i, e := range arr.Elems {
		it.rows = append(it.rows, []types.Value{e, types.IntValue(int64(i + 1))})
	}
	return it, nil
}
