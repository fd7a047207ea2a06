package session

import (
	"pgd/backend/compile"
	"pgd/backend/wire"
)

// describe sends the RowDescription of a result.
func (s *session) describe(columns []compile.Column, formats []int16) {
	s.w.Begin(wire.OutRowDescription)
	s.w.Int16(int16(len(columns)))
	for i := range columns {
		c := &columns[i]
		s.w.CString(c.Name)
		s.w.Int32(int32(c.TableOID))
		s.w.Int16(c.Attnum)
		s.w.Int32(int32(c.Type))
		s.w.Int16(s.typeLen(c.Type))
		s.w.Int32(c.Typmod)
		s.w.Int16(formatOf(formats, i))
	}
	s.w.End()
}

func (s *session) typeLen(oid uint32) int16 {
	if t := s.types.Find(oid); t != nil {
		return t.Len
	}
	return -1
}

// sendRows sends rows until there are no more or, where most is above zero, that many have been sent.
func (s *session) sendRows(rows source, enc []encoder, most int64) (n int64, all bool, err error) {
	for most <= 0 || n < most {
		ok, err := rows.Step()
		if err != nil {
			return n, false, err
		}
		if !ok {
			return n, true, nil
		}
		s.w.Begin(wire.OutDataRow)
		s.w.Int16(int16(len(enc)))
		for i, e := range enc {
			v := rows.Value(i)
			if v.IsNull() {
				s.w.Null()
				continue
			}
			mark := s.w.Field()
			s.w.Buf = e(&s.types, s.w.Buf, v)
			s.w.EndField(mark)
		}
		s.w.End()
		n++
		if n&1023 == 0 {
			if err := s.w.Err(); err != nil {
				return n, false, err
			}
			if err := s.interrupts.pending(); err != nil {
				return n, false, err
			}
		}
	}
	return n, false, nil
}

// complete sends the tag of a result of which n rows were fetched.
func (s *session) complete(r *result, n int64) {
	switch {
	case r.empty:
		s.w.Simple(wire.OutEmptyQuery)
	case r.count != nil:
		s.w.CommandCompleteRows(r.tag, r.count())
	case r.counted:
		s.w.CommandCompleteRows(r.tag, n)
	default:
		s.w.CommandComplete(r.tag)
	}
}
