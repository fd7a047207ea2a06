package session

import (
	"pgd/backend/compile"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// source yields rows. Value is borrowed until the next Step.
type source interface {
	Step() (bool, error)
	Value(i int) types.Value
}

// result is what running a statement gives: rows that are still to be fetched, or none, and the tag that ends it.
type result struct {
	columns []compile.Column
	rows    source // nil when the command gives none
	tag     string
	// counted is appended to the tag: the rows that were fetched, or what count tells.
	counted bool
	count   func() int64
	// finish is called once when the rows have all been fetched; what it answers is the statement's error.
	finish func() error
	// release gives back what the rows need; it may be called at any time and more than once.
	release func()
	// streaming tells that rows come from a program that is still running, in the snapshot of its statement.
	streaming bool
	// empty is the result of an empty query string.
	empty bool
}

// done is the result of a command without rows.
func done(tag string) *result { return &result{tag: tag} }

func (r *result) end() error {
	if f := r.finish; f != nil {
		r.finish = nil
		return f()
	}
	return nil
}

func (r *result) free() {
	if r.release != nil {
		r.release()
		r.release = nil
	}
	r.rows = nil
	r.streaming = false
}

// table is a source of rows that are all there.
type table struct {
	rows [][]types.Value
	at   int
}

func (t *table) Step() (bool, error) {
	t.at++
	return t.at <= len(t.rows), nil
}

func (t *table) Value(i int) types.Value { return t.rows[t.at-1][i] }

// textRows makes the result of a command that shows text: SHOW, EXPLAIN.
func textRows(tag string, columns []compile.Column, rows [][]string) *result {
	t := &table{}
	for _, r := range rows {
		row := make([]types.Value, len(r))
		for i, s := range r {
			row[i] = types.StringValue(s)
		}
		t.rows = append(t.rows, row)
	}
	return &result{columns: columns, rows: t, tag: tag}
}

// textColumn describes a column of type text.
func textColumn(name string) compile.Column { return compile.Column{Name: name, Type: 25, Typmod: -1} }

// encoder appends a value in the form the client asked for.
type encoder func(c *types.Context, dst []byte, v types.Value) []byte

// encoders chooses the encoder of each column; formats are those of a Bind: none is text, one is for all.
func (s *session) encoders(to []encoder, columns []compile.Column, formats []int16) ([]encoder, error) {
	to = to[:0]
	if len(formats) > 1 && len(formats) != len(columns) {
		return to, pgerr.New(pgerr.FeatureNotSupported, "cached plan must not change result type")
	}
	for i := range columns {
		t := s.types.Find(columns[i].Type)
		var e encoder
		switch f := formatOf(formats, i); f {
		case 0:
			e = rawText
			if t != nil && t.Output != nil {
				e = t.Output
			}
		case 1:
			if t == nil || t.Send == nil {
				return to, pgerr.New(pgerr.UndefinedFunction, "no binary output function available for type %s", s.typeName(columns[i].Type))
			}
			e = t.Send
		default:
			return to, pgerr.New(pgerr.InvalidParameterValue, "unsupported format code: %d", f)
		}
		to = append(to, e)
	}
	return to, nil
}

func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return 0
	case 1:
		return formats[0]
	}
	return formats[i]
}

// rawText sends what is text already.
func rawText(_ *types.Context, dst []byte, v types.Value) []byte { return append(dst, v.B...) }
