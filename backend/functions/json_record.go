package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// jsonRecordRows make rows of SQL out of objects: of a composite type given by an argument, or as a column definition list says.
func jsonRecordRows() []Row {
	var rs []Row
	for _, t := range jsonAccesses {
		base := "(anyelement," + t.typ + ")"
		if !t.canonical {
			base = "(anyelement,json,boolean)"
		}
		rs = append(rs,
			Row{Sig: t.typ + "_populate_record" + base, Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				return oneRecord(c, t, t.typ+"_populate_record", a[0], a[1])
			}},
			Row{Sig: t.typ + "_populate_recordset" + base, Set: func(c *Call, a []types.Value) (RowIter, error) {
				return manyRecords(c, t, t.typ+"_populate_recordset", a[0], a[1])
			}},
			Row{Sig: t.typ + "_to_record(" + t.typ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				return oneRecord(c, t, t.typ+"_to_record", null, a[0])
			}},
			Row{Sig: t.typ + "_to_recordset(" + t.typ + ")", Set: func(c *Call, a []types.Value) (RowIter, error) {
				return manyRecords(c, t, t.typ+"_to_recordset", null, a[0])
			}})
	}
	return rs
}

func oneRecord(c *Call, t jsonAccess, name string, base, doc types.Value) (types.Value, error) {
	r, err := rowMaker(c, t, name, base)
	if err != nil || doc.IsNull() {
		return base.Clone(), err
	}
	j, err := t.read(doc)
	if err != nil {
		return null, err
	}
	return r.row(&r.shape, r.base, j)
}

func manyRecords(c *Call, t jsonAccess, name string, base, doc types.Value) (RowIter, error) {
	it := &values{}
	r, err := rowMaker(c, t, name, base)
	if err != nil || doc.IsNull() {
		return it, err
	}
	j, err := t.read(doc)
	switch {
	case err != nil:
		return nil, err
	case j.Kind == types.JSONArray:
	case t.canonical:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on a non-array", name)
	case j.Kind == types.JSONObject:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on an object", name)
	default:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot call %s on a scalar", name)
	}
	for _, e := range j.Elems {
		if e.Kind != types.JSONObject {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "argument of %s must be an array of objects", name)
		}
		v, err := r.row(&r.shape, r.base, e)
		if err != nil {
			return nil, err
		}
		it.vs = append(it.vs, v)
	}
	return it, nil
}

// recordMaker reads objects as rows. shapes are the composite types met so far.
type recordMaker struct {
	c      *Call
	access jsonAccess
	shape  rowShape
	base   []types.Value // what a key that is missing leaves, nil for NULLs
	shapes map[uint32]*rowShape
}

// rowShape is a row type: typ is RecordOID where it has no name.
type rowShape struct {
	typ     uint32
	columns []Column
}

func rowMaker(c *Call, t jsonAccess, name string, base types.Value) (*recordMaker, error) {
	r := &recordMaker{c: c, access: t, shapes: map[uint32]*rowShape{}}
	if !base.IsNull() && len(c.Columns) == 0 {
		rec, err := types.ReadRecord(base)
		if err != nil {
			return nil, pgerr.New(pgerr.DatatypeMismatch, "first argument of %s must be a row type", name)
		}
		r.base = rec.Columns
		if rec.Type == types.RecordOID {
			names, err := columnNames(c, rec)
			r.shape.typ = rec.Type
			for i, typ := range rec.Types {
				r.shape.columns = append(r.shape.columns, Column{Name: names[i], Type: typ, Typmod: -1})
			}
			return r, err
		}
	}
	typ, err := baseType(c, c.Result)
	switch {
	case err != nil:
		return nil, err
	case len(c.Columns) > 0:
		r.shape = rowShape{types.RecordOID, c.Columns}
		return r, nil
	case typ == types.RecordOID:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "could not determine row type for result of %s", name).
			WithHint("Provide a non-null record argument, or call the function in the FROM clause using a column definition list.")
	}
	shape, err := r.composite(typ)
	if err != nil {
		return nil, err
	}
	if shape == nil {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "first argument of %s must be a row type", name)
	}
	r.shape = *shape
	return r, nil
}

// composite finds the columns of a composite type; nil where the type is none.
func (r *recordMaker) composite(typ uint32) (*rowShape, error) {
	t := r.c.Find(typ)
	if t == nil || t.Category != 'C' || r.c.Env == nil {
		return nil, nil
	}
	if s := r.shapes[typ]; s != nil {
		return s, nil
	}
	s := &rowShape{typ: typ}
	err := r.c.Env.Catalog().Query(`SELECT a.attname, a.atttypid, a.atttypmod FROM "pg_catalog.pg_attribute" AS a, "pg_catalog.pg_type" AS t
		WHERE t.oid = ?1 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		[]types.Value{types.IntValue(int64(typ))}, func(row []types.Value) error {
			s.columns = append(s.columns, Column{string(row[0].B), uint32(row[1].I), int32(row[2].I)})
			return nil
		})
	r.shapes[typ] = s
	return s, err
}

// row reads an object as a row; keys that are no columns do not count.
func (r *recordMaker) row(s *rowShape, base []types.Value, j types.JSON) (types.Value, error) {
	switch {
	case j.Kind == types.JSONArray:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot call populate_composite on an array")
	case j.Kind != types.JSONObject:
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot call populate_composite on a scalar")
	}
	rec := types.Record{Type: s.typ, Types: make([]uint32, len(s.columns)), Columns: make([]types.Value, len(s.columns))}
	var names []string
	for i := range s.columns {
		col := &s.columns[i]
		rec.Types[i], names = col.Type, append(names, col.Name)
		e, ok := lastField(j, col.Name)
		if !ok {
			if i < len(base) {
				rec.Columns[i] = base[i]
			}
			continue
		}
		v, err := r.value(col, col.Type, e)
		if err != nil {
			return null, err
		}
		rec.Columns[i] = v
	}
	if s.typ == types.RecordOID {
		rec.Names = types.PackNames(names)
	}
	return types.MakeRecord(rec), nil
}

// value reads a JSON value as a column's type; typ is that, or the type of its elements.
func (r *recordMaker) value(col *Column, typ uint32, j types.JSON) (types.Value, error) {
	if j.Kind == types.JSONNull {
		return null, nil
	}
	base, err := baseType(r.c, typ)
	if err != nil {
		return null, err
	}
	if base != typ {
		return null, pgerr.New(pgerr.FeatureNotSupported, "reading a domain from JSON is not supported")
	}
	t, err := elemType(r.c, typ)
	if err != nil {
		return null, err
	}
	switch {
	case (typ == types.JSONOID || typ == types.JsonbOID) && j.Kind == types.JSONString:
		return t.Input(r.c.Context, string(types.AppendJSONString(nil, j.Str)), col.Typmod)
	case typ == types.JSONOID || typ == types.JsonbOID:
		return t.Input(r.c.Context, string(r.access.value(j).B), col.Typmod)
	case j.Kind == types.JSONString:
	case t.Category == 'A' && t.Elem != 0 && t.OID != types.Int2vectorOID && t.OID != types.OidvectorOID:
		return r.array(col, t.Elem, j)
	default:
		s, err := r.composite(typ)
		if err != nil {
			return null, err
		}
		if s != nil {
			return r.row(s, nil, j)
		}
	}
	return t.Input(r.c.Context, string(r.access.text(j).B), col.Typmod)
}
