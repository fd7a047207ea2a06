package functions

import (
	"bytes"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonWriter turns values of one SQL type into JSON as to_json does. It is made once for a call or a group, since finding out what
// a type is may ask the catalog.
type jsonWriter struct {
	c    *Call
	base uint32 // the type, under a domain
	typ  *types.Type
}

func newJSONWriter(c *Call, typ uint32) (*jsonWriter, error) {
	base, err := baseType(c, typ)
	if err != nil {
		return nil, err
	}
	w := &jsonWriter{c: c, base: base}
	if w.typ, err = elemType(c, base); err != nil {
		return nil, err
	}
	return w, nil
}

// baseType looks through domains.
func baseType(c *Call, typ uint32) (uint32, error) {
	for types.ByOID(typ) == nil && c.Env != nil {
		base := uint32(0)
		err := c.Env.Catalog().Query(`SELECT typbasetype FROM "pg_catalog.pg_type" WHERE oid = ?1 AND typtype = 'd'`,
			[]types.Value{types.IntValue(int64(typ))}, func(row []types.Value) error {
				base = uint32(row[0].I)
				return nil
			})
		if err != nil {
			return 0, err
		}
		if base == 0 {
			break
		}
		typ = base
	}
	return typ, nil
}

// composite tells arrays and rows, which JSON writes as containers.
func (w *jsonWriter) composite() bool {
	return w.isArray() || w.typ.Category == 'C' || w.base == types.RecordOID
}

func (w *jsonWriter) isArray() bool { return w.typ.Elem != 0 && w.typ.Category == 'A' }

// append writes a value. pretty puts each element of the outermost container on a line of its own.
func (w *jsonWriter) append(dst []byte, v types.Value, pretty bool) ([]byte, error) {
	if v.IsNull() {
		return append(dst, "null"...), nil
	}
	switch w.base {
	case types.BoolOID:
		if v.Bool() {
			return append(dst, "true"...), nil
		}
		return append(dst, "false"...), nil
	case types.Int2OID, types.Int4OID, types.Int8OID:
		return w.typ.Output(w.c.Context, dst, v), nil
	case types.Float4OID, types.Float8OID, types.NumericOID:
		start := len(dst)
		dst = w.typ.Output(w.c.Context, dst, v)
		if b := dst[start]; b == 'N' || b == 'I' || b == '-' && dst[start+1] == 'I' {
			word := string(dst[start:])
			return append(append(append(dst[:start], '"'), word...), '"'), nil
		}
		return dst, nil
	case types.JSONOID, types.JsonbOID:
		return append(dst, v.B...), nil
	case types.DateOID, types.TimestampOID, types.TimestamptzOID:
		return append(w.appendMoment(append(dst, '"'), v), '"'), nil
	}
	switch {
	case w.isArray():
		return w.array(dst, v, pretty)
	case w.composite():
		return w.row(dst, v, pretty)
	}
	return types.AppendJSONString(dst, string(w.typ.Output(w.c.Context, nil, v))), nil
}

// appendMoment writes dates and times as ISO 8601 does, whatever DateStyle says.
func (w *jsonWriter) appendMoment(dst []byte, v types.Value) []byte {
	iso := *w.c.Context
	iso.DateStyle.Format = "ISO"
	text := w.typ.Output(&iso, nil, v)
	if w.base == types.DateOID {
		return append(dst, text...)
	}
	at := bytes.IndexByte(text, ' ')
	if at < 0 {
		return append(dst, text...)
	}
	text[at] = 'T'
	rest, era := text, ""
	if bytes.HasSuffix(text, []byte(" BC")) {
		rest, era = text[:len(text)-3], " BC"
	}
	dst = append(dst, rest...)
	// A zone is written with its minutes.
	if n := len(rest); w.base == types.TimestamptzOID && (rest[n-3] == '+' || rest[n-3] == '-') {
		dst = append(dst, ":00"...)
	}
	return append(dst, era...)
}

func (w *jsonWriter) array(dst []byte, v types.Value, pretty bool) ([]byte, error) {
	arr, err := types.ReadArray(v)
	if err != nil {
		return dst, err
	}
	if len(arr.Elems) == 0 {
		return append(dst, "[]"...), nil
	}
	elem, err := newJSONWriter(w.c, arr.Elem)
	if err != nil {
		return dst, err
	}
	elems := arr.Elems
	var dimension func(dims []types.Dim, pretty bool) error
	dimension = func(dims []types.Dim, pretty bool) error {
		dst = append(dst, '[')
		for i := int32(0); i < dims[0].Len; i++ {
			if i > 0 {
				dst = append(dst, ',')
				if pretty {
					dst = append(dst, "\n "...)
				}
			}
			if len(dims) > 1 {
				if err := dimension(dims[1:], false); err != nil {
					return err
				}
				continue
			}
			if dst, err = elem.append(dst, elems[0], false); err != nil {
				return err
			}
			elems = elems[1:]
		}
		dst = append(dst, ']')
		return nil
	}
	err = dimension(arr.Dims, pretty)
	return dst, err
}

func (w *jsonWriter) row(dst []byte, v types.Value, pretty bool) ([]byte, error) {
	r, err := types.ReadRecord(v)
	if err != nil {
		return dst, err
	}
	names, err := columnNames(w.c, r)
	if err != nil {
		return dst, err
	}
	dst = append(dst, '{')
	for i, col := range r.Columns {
		if i > 0 {
			dst = append(dst, ',')
			if pretty {
				dst = append(dst, "\n "...)
			}
		}
		dst = append(types.AppendJSONString(dst, names[i]), ':')
		cw, err := newJSONWriter(w.c, r.Types[i])
		if err != nil {
			return dst, err
		}
		if dst, err = cw.append(dst, col, false); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// columnNames are the names of a row's columns; an anonymous row calls them f1, f2 …
func columnNames(c *Call, r types.Record) ([]string, error) {
	names := r.ColumnNames()
	if names == nil && r.Type != types.RecordOID && c.Env != nil {
		err := c.Env.Catalog().Query(`SELECT a.attname FROM "pg_catalog.pg_attribute" AS a, "pg_catalog.pg_type" AS t
			WHERE t.oid = ?1 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
			[]types.Value{types.IntValue(int64(r.Type))}, func(row []types.Value) error {
				names = append(names, string(row[0].B))
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	for i := len(names); i < len(r.Columns); i++ {
		names = append(names, "f"+itoa(i+1))
	}
	return names, nil
}

// key writes a value as the key of an object.
func (w *jsonWriter) key(v types.Value) (string, error) {
	if w.composite() || w.base == types.JSONOID || w.base == types.JsonbOID {
		return "", pgerr.New(pgerr.InvalidParameterValue, "key value must be scalar, not array, composite, or json")
	}
	switch w.base {
	case types.BoolOID:
		if v.Bool() {
			return "true", nil
		}
		return "false", nil
	case types.DateOID, types.TimestampOID, types.TimestamptzOID:
		return string(w.appendMoment(nil, v)), nil
	}
	return string(w.typ.Output(w.c.Context, nil, v)), nil
}
