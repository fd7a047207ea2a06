package functions

import (
	"math/big"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// aggregateRows are the general aggregates. min, max, count, bool_and … also exist as SQLite's own, which the compiler prefers where they mean the same.
func aggregateRows() []Row {
	rs := []Row{
		{Sig: "count()", SQL: "count(*)", Aggregate: func(*Call) Aggregate { return &countRows{} }},
		{Sig: "count(\"any\")", SQL: "count($1)", Aggregate: func(*Call) Aggregate { return &countValues{} }},
		{Sig: "sum(smallint)", SQL: "sum($1)", Aggregate: func(*Call) Aggregate { return &sumInt{} }},
		{Sig: "sum(integer)", SQL: "sum($1)", Aggregate: func(*Call) Aggregate { return &sumInt{} }},
		{Sig: "sum(bigint)", Aggregate: func(*Call) Aggregate { return &sumDecimal{integers: true} }},
		{Sig: "sum(numeric)", Aggregate: func(*Call) Aggregate { return &sumDecimal{} }},
		{Sig: "avg(smallint)", Aggregate: func(*Call) Aggregate { return &sumDecimal{integers: true, average: true} }},
		{Sig: "avg(integer)", Aggregate: func(*Call) Aggregate { return &sumDecimal{integers: true, average: true} }},
		{Sig: "avg(bigint)", Aggregate: func(*Call) Aggregate { return &sumDecimal{integers: true, average: true} }},
		{Sig: "avg(numeric)", Aggregate: func(*Call) Aggregate { return &sumDecimal{average: true} }},
		{Sig: "sum(real)", Aggregate: func(*Call) Aggregate { return &sumFloat{round: round32} }},
		{Sig: "sum(double precision)", Aggregate: func(*Call) Aggregate { return &sumFloat{round: round64} }},
		{Sig: "sum(money)", Aggregate: func(*Call) Aggregate { return &sumInt{} }},
		{Sig: "sum(interval)", Aggregate: func(*Call) Aggregate { return &sumInterval{} }},
		{Sig: "avg(interval)", Aggregate: func(*Call) Aggregate { return &sumInterval{average: true} }},
		{Sig: "bool_and(boolean)", SQL: "min($1)", Aggregate: func(*Call) Aggregate { return &boolAgg{want: true} }},
		{Sig: "every(boolean)", SQL: "min($1)", Aggregate: func(*Call) Aggregate { return &boolAgg{want: true} }},
		{Sig: "bool_or(boolean)", SQL: "max($1)", Aggregate: func(*Call) Aggregate { return &boolAgg{} }},
		{Sig: "string_agg(text,text)", Aggregate: func(*Call) Aggregate { return &stringAgg{kind: types.Text} }},
		{Sig: "string_agg(bytea,bytea)", Aggregate: func(*Call) Aggregate { return &stringAgg{kind: types.Blob} }},
		{Sig: "array_agg(anynonarray)", Aggregate: func(c *Call) Aggregate { return &arrayAgg{elem: resultElem(c, types.TextOID)} }},
		{Sig: "array_agg(anyarray)", Aggregate: func(c *Call) Aggregate { return &arrayArrayAgg{} }},
	}
	for _, t := range []struct{ arg, typ string }{
		{"bigint", "int8"}, {"integer", "int8"}, {"smallint", "int8"}, {"oid", "int8"}, {"date", "int8"}, {"money", "int8"},
		{"time without time zone", "int8"}, {"timestamp with time zone", "int8"}, {"timestamp without time zone", "int8"}, {"tid", "int8"},
		{"pg_lsn", "int8"}, {"xid8", "int8"}, {"text", "text"}, {"character", "bpchar"}, {"numeric", "numeric"}, {"real", "float8"},
		{"double precision", "float8"}, {"interval", "interval"}, {"time with time zone", "timetz"},
	} {
		cmp := types.ByOID(compareType[t.typ]).Compare
		rs = append(rs,
			Row{Sig: "max(" + t.arg + ")", Aggregate: func(*Call) Aggregate { return &extreme{sign: 1, cmp: cmp} }},
			Row{Sig: "min(" + t.arg + ")", Aggregate: func(*Call) Aggregate { return &extreme{sign: -1, cmp: cmp} }})
	}
	for name, sign := range map[string]int{"max": 1, "min": -1} {
		for _, arg := range []string{"anyarray", "anyenum", "inet"} {
			rs = append(rs, Row{Sig: name + "(" + arg + ")", Aggregate: func(c *Call) Aggregate {
				e := &extreme{sign: sign}
				if t := c.Find(c.Result); t != nil {
					e.cmp = t.Compare
				}
				return e
			}})
		}
	}
	for _, t := range []string{"smallint", "integer", "bigint"} {
		for name, f := range map[string]func(a, b int64) int64{
			"bit_and": func(a, b int64) int64 { return a & b }, "bit_or": func(a, b int64) int64 { return a | b },
			"bit_xor": func(a, b int64) int64 { return a ^ b },
		} {
			rs = append(rs, Row{Sig: name + "(" + t + ")", Aggregate: func(*Call) Aggregate { return &bitAgg{f: f} }})
		}
	}
	return rs
}

type countRows struct{ n int64 }

func (s *countRows) Step([]types.Value) error    { s.n++; return nil }
func (s *countRows) Inverse([]types.Value) error { s.n--; return nil }
func (s *countRows) Value() (types.Value, error) { return types.IntValue(s.n), nil }

type countValues struct{ n int64 }

func (s *countValues) Step(a []types.Value) error {
	if !a[0].IsNull() {
		s.n++
	}
	return nil
}

func (s *countValues) Inverse(a []types.Value) error {
	if !a[0].IsNull() {
		s.n--
	}
	return nil
}

func (s *countValues) Value() (types.Value, error) { return types.IntValue(s.n), nil }

// sumInt adds in 64 bits.
type sumInt struct{ n, sum int64 }

func (s *sumInt) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	sum, ok := addInt(s.sum, a[0].I)
	if !ok {
		return errInt8Range
	}
	s.n, s.sum = s.n+1, sum
	return nil
}

func (s *sumInt) Inverse(a []types.Value) error {
	if !a[0].IsNull() {
		s.n--
		s.sum -= a[0].I
	}
	return nil
}

func (s *sumInt) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	return types.IntValue(s.sum), nil
}

// sumDecimal adds exactly; the average is the quotient with PostgreSQL's scale. Special values are counted so that they can leave again.
type sumDecimal struct {
	integers, average bool
	n                 int64
	small             int64 // integers while they fit
	sum               decimal
	quick             small         // numerics while they fit
	scales            map[int]int64 // how many of each scale, for the scale of the sum
	lastScale         int           // of the last value; not yet in scales
	lastCount         int64
	nan, pos, neg     int64
}

func (s *sumDecimal) Step(a []types.Value) error    { return s.add(a[0], 1) }
func (s *sumDecimal) Inverse(a []types.Value) error { return s.add(a[0], -1) }

func (s *sumDecimal) add(v types.Value, by int64) error {
	if v.IsNull() {
		return nil
	}
	s.n += by
	if s.sum.c == nil {
		s.sum.c = new(big.Int)
		s.scales = map[int]int64{}
	}
	if s.integers {
		x := v.I * by
		if sum, ok := addInt(s.small, x); ok && !(by < 0 && v.I == -1<<63) {
			s.small = sum
			return nil
		}
		d := intDecimal(v.I)
		if by < 0 {
			d = d.neg()
		}
		s.sum = s.sum.add(d)
		return nil
	}
	if x, ok := readSmall(v.B); ok {
		x.c *= by
		if sum, ok := s.quick.add(x); ok {
			s.quick = sum
			s.count(x.scale, by)
			return nil
		}
	}
	d := readDecimal(v)
	switch d.special {
	case 'N':
		s.nan += by
	case '+':
		s.pos += by
	case '-':
		s.neg += by
	default:
		s.count(d.scale, by)
		if by < 0 {
			d = d.neg()
		}
		s.sum = s.sum.add(d)
	}
	return nil
}

// count keeps how many values of each scale are in the sum.
func (s *sumDecimal) count(scale int, by int64) {
	if scale == s.lastScale {
		s.lastCount += by
		return
	}
	s.scales[s.lastScale] += s.lastCount
	s.lastScale, s.lastCount = scale, by
}

func (s *sumDecimal) total() decimal {
	switch {
	case s.nan > 0 || s.pos > 0 && s.neg > 0:
		return decimal{special: 'N'}
	case s.pos > 0:
		return decimal{special: '+'}
	case s.neg > 0:
		return decimal{special: '-'}
	}
	sum := s.sum.add(intDecimal(s.small)).add(decimal{scale: s.quick.scale, c: big.NewInt(s.quick.c)})
	s.count(-1, 0)
	scale := 0
	for k, n := range s.scales {
		if n > 0 {
			scale = max(scale, k)
		}
	}
	return sum.round(scale)
}

func (s *sumDecimal) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	d := s.total()
	if s.average {
		var err error
		if d, err = d.div(intDecimal(s.n)); err != nil {
			return null, err
		}
	}
	return d.value()
}

// sumFloat adds in the order of the rows. It cannot take a row back out without losing digits, so it is no Inverter.
type sumFloat struct {
	round func(float64) float64
	n     int64
	sum   float64
}

func (s *sumFloat) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	x := a[0].Float8()
	if s.n++; s.n == 1 {
		s.sum = x
		return nil
	}
	r, err := floatAdd(s.sum, x, s.round)
	s.sum = r
	return err
}

func (s *sumFloat) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	return types.Float8Value(s.sum), nil
}

type sumInterval struct {
	average bool
	n       int64
	sum     types.Interval
}

func (s *sumInterval) Step(a []types.Value) error    { return s.add(a[0], 1) }
func (s *sumInterval) Inverse(a []types.Value) error { return s.add(a[0], -1) }

func (s *sumInterval) add(v types.Value, by int64) error {
	if v.IsNull() {
		return nil
	}
	i := types.ReadInterval(v.B)
	if by < 0 {
		i = negateInterval(i)
	}
	sum, err := addIntervals(s.sum, i)
	s.n, s.sum = s.n+by, sum
	return err
}

func (s *sumInterval) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	if s.average {
		i, err := divInterval(s.sum, float64(s.n))
		return i.Value(), err
	}
	return s.sum.Value(), nil
}

// boolAgg is bool_and (want true) or bool_or.
type boolAgg struct {
	want      bool
	n, others int64 // values, and those that decide
}

func (s *boolAgg) Step(a []types.Value) error    { s.add(a[0], 1); return nil }
func (s *boolAgg) Inverse(a []types.Value) error { s.add(a[0], -1); return nil }

func (s *boolAgg) add(v types.Value, by int64) {
	if v.IsNull() {
		return
	}
	s.n += by
	if v.Bool() != s.want {
		s.others += by
	}
}

func (s *boolAgg) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	return types.BoolValue(s.want == (s.others == 0)), nil
}

// stringAgg joins values; the delimiter stands before each value but the first.
type stringAgg struct {
	kind types.Kind
	n    int
	out  []byte
}

func (s *stringAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	if s.n++; s.n > 1 {
		s.out = append(s.out, a[1].B...)
	}
	s.out = append(s.out, a[0].B...)
	if len(s.out) > maxText {
		return errTextTooLong
	}
	return nil
}

func (s *stringAgg) Value() (types.Value, error) {
	if s.n == 0 {
		return null, nil
	}
	return types.Value{Kind: s.kind, B: append([]byte{}, s.out...)}, nil
}

type arrayAgg struct {
	elem  uint32
	elems []types.Value
}

func (s *arrayAgg) Step(a []types.Value) error {
	s.elems = append(s.elems, a[0].Clone())
	return nil
}

func (s *arrayAgg) Inverse([]types.Value) error {
	s.elems = s.elems[1:]
	return nil
}

func (s *arrayAgg) Value() (types.Value, error) {
	if len(s.elems) == 0 {
		return null, nil
	}
	return types.NewArray(s.elem, s.elems), nil
}

// extreme is max (sign 1) or min.
type extreme struct {
	sign int
	cmp  func(a, b types.Value) int
	best types.Value
}

func (s *extreme) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	if s.cmp == nil {
		return pgerr.New(pgerr.FeatureNotSupported, "max and min of this type are not supported")
	}
	// Of equal values that look different the last stays.
	if s.best.IsNull() || s.cmp(a[0], s.best)*s.sign >= 0 {
		s.best = a[0].Clone()
	}
	return nil
}

func (s *extreme) Value() (types.Value, error) { return s.best, nil }

type bitAgg struct {
	f   func(a, b int64) int64
	any bool
	x   int64
}

func (s *bitAgg) Step(a []types.Value) error {
	if a[0].IsNull() {
		return nil
	}
	if !s.any {
		s.any, s.x = true, a[0].I
		return nil
	}
	s.x = s.f(s.x, a[0].I)
	return nil
}

func (s *bitAgg) Value() (types.Value, error) {
	if !s.any {
		return null, nil
	}
	return types.IntValue(s.x), nil
}
