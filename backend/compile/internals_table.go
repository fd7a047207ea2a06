package compile

import (
	"strconv"
	"strings"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// list yields rows that are there already.
type list struct {
	rows [][]types.Value
	at   int
}

// Next gives the next row.
func (l *list) Next() ([]types.Value, bool, error) {
	if l.at >= len(l.rows) {
		return nil, false, nil
	}
	l.at++
	return l.rows[l.at-1], true, nil
}

// Close ends the list.
func (l *list) Close() {}

// oneRowTable is a table of one row, its arguments.
func oneRowTable(n int) *storage.Function {
	return &storage.Function{NArgs: n, Columns: columnNames(n), Set: func(a []types.Value) (storage.Rows, error) {
		row := make([]types.Value, len(a))
		for i := range a {
			row[i] = a[i].Clone()
		}
		return &list{rows: [][]types.Value{row}}, nil
	}}
}

// sequenceTable is a sequence read as a table: last_value, log_cnt, is_called. The sequence stands in the name, so that there is
// nothing to find it by but its own table.
func sequenceTable(oid uint32, call *functions.Call) *storage.Function {
	return &storage.Function{Columns: columnNames(3), Set: func([]types.Value) (storage.Rows, error) {
		s, ok := call.Env.Sequences().(interface {
			State(oid uint32) (storage.SequenceState, error)
		})
		if !ok {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "reading a sequence is not supported here")
		}
		st, err := s.State(oid)
		if err != nil {
			return nil, err
		}
		return &list{rows: [][]types.Value{{types.IntValue(st.Last), types.IntValue(st.LogCount), types.BoolValue(st.Called)}}}, nil
	}}
}

// fieldsTable is a table of one row, the columns of its argument; those of a NULL row are NULL.
func fieldsTable(n int) *storage.Function {
	return &storage.Function{NArgs: 1, Columns: columnNames(n), Set: func(a []types.Value) (storage.Rows, error) {
		row := make([]types.Value, n)
		if !a[0].IsNull() {
			r, err := types.ReadRecord(a[0])
			if err != nil {
				return nil, err
			}
			for i := range min(n, len(r.Columns)) {
				row[i] = r.Columns[i].Clone()
			}
		}
		return &list{rows: [][]types.Value{row}}, nil
	}}
}

// elements is the table of an array's elements; a NULL array has none.
func elements() *storage.Function {
	return &storage.Function{NArgs: 1, Columns: columnNames(1), Deterministic: true, Set: func(a []types.Value) (storage.Rows, error) {
		if a[0].IsNull() {
			return noRows{}, nil
		}
		x, err := types.ReadArray(a[0])
		if err != nil {
			return nil, err
		}
		l := &list{}
		for _, e := range x.Elems {
			l.rows = append(l.rows, []types.Value{e.Clone()})
		}
		return l, nil
	}}
}

// single lets one row through.
type single struct {
	v  types.Value
	is bool
}

// Step refuses the second row.
func (s *single) Step(a []types.Value) error {
	if s.is {
		return pgerr.New(pgerr.CardinalityViolation, "more than one row returned by a subquery used as an expression")
	}
	s.v, s.is = a[0].Clone(), true
	return nil
}

// Value gives the row's value, NULL for no row.
func (s *single) Value() (types.Value, error) { return s.v, nil }

// lockstep runs several set-returning functions side by side.
func lockstep(names []string, call functions.Call) *storage.Function {
	var fs []*storage.Function
	args := 0
	for _, n := range names {
		f, ok := Resolve(n, -1, call)
		if !ok || f.Set == nil {
			return nil
		}
		fs = append(fs, f)
		args += f.NArgs
	}
	width := 0
	for _, f := range fs {
		width += len(f.Columns)
	}
	return &storage.Function{NArgs: args, Columns: columnNames(width), Set: func(a []types.Value) (storage.Rows, error) {
		z := &zip{row: make([]types.Value, width)}
		for _, f := range fs {
			r, err := f.Set(a[:f.NArgs])
			if err != nil {
				z.Close()
				return nil, err
			}
			z.sets, z.widths = append(z.sets, r), append(z.widths, len(f.Columns))
			a = a[f.NArgs:]
		}
		z.done = make([]bool, len(fs))
		return z, nil
	}}
}

// zip joins the rows of several sets by their number.
type zip struct {
	sets   []storage.Rows
	widths []int
	done   []bool
	row    []types.Value
}

// Next gives the next row, NULLs for the sets that have ended.
func (z *zip) Next() ([]types.Value, bool, error) {
	any := false
	clear(z.row)
	at := 0
	for i, s := range z.sets {
		into := z.row[at : at+z.widths[i]]
		at += z.widths[i]
		if z.done[i] {
			continue
		}
		r, ok, err := s.Next()
		if err != nil {
			return nil, false, err
		}
		if !ok {
			z.done[i] = true
			continue
		}
		any = true
		copy(into, r)
	}
	return z.row, any, nil
}

// Close ends all of them.
func (z *zip) Close() {
	for _, s := range z.sets {
		s.Close()
	}
}

// lateralTable runs a LATERAL subquery: the first argument is its text, the others its parameters.
func lateralTable(parts []string, call *functions.Call) *storage.Function {
	if len(parts) != 2 {
		return nil
	}
	width, err := strconv.Atoi(parts[0])
	args, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil || call.Env == nil {
		return nil
	}
	return &storage.Function{NArgs: args + 1, Columns: columnNames(max(width, 1)), Set: func(a []types.Value) (storage.Rows, error) {
		l := &list{}
		err := call.Env.Catalog().Query(string(a[0].B), a[1:], func(row []types.Value) error {
			r := make([]types.Value, len(row))
			for i := range row {
				r[i] = row[i].Clone()
			}
			l.rows = append(l.rows, r)
			return nil
		})
		return l, err
	}}
}

// withConstants is an aggregate whose arguments after the first are constants of the name: "pg_with!string_agg_3538!', '".
func withConstants(name string, call functions.Call) *storage.Function {
	parts := strings.SplitN(name, "!", 3)
	if len(parts) != 3 {
		return nil
	}
	f, ok := Resolve(parts[1], -1, call)
	if !ok || f.Aggregate == nil {
		return nil
	}
	more, ok := literals(parts[2])
	if !ok {
		return nil
	}
	return &storage.Function{Aggregate: func() storage.Aggregate { return &withMore{f.Aggregate(), more} }}
}

// literals reads the constants that gen wrote: numbers, strings, NULL.
func literals(s string) ([]types.Value, bool) {
	var out []types.Value
	for s != "" {
		switch {
		case strings.HasPrefix(s, "NULL"):
			out, s = append(out, types.NullValue), s[4:]
		case s[0] == '\'':
			var b []byte
			i := 1
			for ; i < len(s); i++ {
				if s[i] == '\'' {
					if i+1 < len(s) && s[i+1] == '\'' {
						i++
					} else {
						break
					}
				}
				b = append(b, s[i])
			}
			out, s = append(out, types.TextValue(b)), s[min(i+1, len(s)):]
		default:
			end := strings.IndexByte(s, ',')
			if end < 0 {
				end = len(s)
			}
			i, err := strconv.ParseInt(strings.Trim(s[:end], "()"), 10, 64)
			if err != nil {
				return nil, false
			}
			out, s = append(out, types.IntValue(i)), s[end:]
		}
		s = strings.TrimPrefix(s, ", ")
	}
	return out, true
}

type withMore struct {
	storage.Aggregate
	more []types.Value
}

// Step adds the constants.
func (w *withMore) Step(a []types.Value) error {
	return w.Aggregate.Step(append(append(make([]types.Value, 0, len(a)+len(w.more)), a...), w.more...))
}
