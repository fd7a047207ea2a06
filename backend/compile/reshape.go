package compile

import (
	"pgd/backend/functions"
	"pgd/backend/types"
)

// pg_reshape(value, type of value, row type, dropped, types…) brings stored values to a row type that got or lost columns: dropped is the place of the column that
// went, -1 for none, and types are those of the columns there are now; what a row does not have yet is NULL. Rows are looked for
// inside of arrays and other rows.

func reshape(call *functions.Call, _ []uint32) func(a []types.Value) (types.Value, error) {
	return func(a []types.Value) (types.Value, error) {
		r := reshaping{call: call, row: uint32(a[2].I), dropped: int(a[3].I)}
		for _, t := range a[4:] {
			r.types = append(r.types, uint32(t.I))
		}
		return r.value(a[0], uint32(a[1].I))
	}
}

type reshaping struct {
	call    *functions.Call
	row     uint32
	dropped int
	types   []uint32
}

func (r *reshaping) value(v types.Value, typ uint32) (types.Value, error) {
	if v.Kind != types.Blob {
		return v, nil
	}
	t, err := typeOf(r.call, typ)
	switch {
	case err != nil:
		return v, err
	case t.Elem != 0:
		return types.MapArray(v, t.Elem, func(e types.Value) (types.Value, error) { return r.value(e, t.Elem) })
	case t.Category == 'C' || typ == typeRecord:
		return r.record(v)
	}
	return v, nil
}

func (r *reshaping) record(v types.Value) (types.Value, error) {
	rec, err := types.ReadRecord(v)
	if err != nil {
		return v, err
	}
	for i := range rec.Columns {
		if rec.Columns[i], err = r.value(rec.Columns[i], rec.Types[i]); err != nil {
			return v, err
		}
	}
	if rec.Type != r.row {
		return types.MakeRecord(rec), nil
	}
	cols := rec.Columns
	if r.dropped >= 0 && r.dropped < len(cols) {
		cols = append(append([]types.Value{}, cols[:r.dropped]...), cols[r.dropped+1:]...)
	}
	for len(cols) < len(r.types) {
		cols = append(cols, types.NullValue)
	}
	rec.Columns, rec.Types = cols[:len(r.types)], r.types
	return types.MakeRecord(rec), nil
}
