package types

import (
	"encoding/binary"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// A row value is stored like an array: the columns as order-preserving tagged values, then what they are.
//
//	column… end [names length(4)] type(4)… row-type(4) count(2)
//
// Bytewise order is PostgreSQL's order of rows, NULLs last. The highest bit of the count tells that the columns' names are there.

// Record is a row value taken apart. Type is the composite type, RecordOID for an anonymous row; Names are the columns' names as PackNames
// makes them, "" where the type tells them or nothing does.
type Record struct {
	Type    uint32
	Types   []uint32
	Columns []Value
	Names   string
}

const recordNamed = 0x8000

// PackNames makes one text of the names of columns.
func PackNames(names []string) string {
	var b []byte
	for _, n := range names {
		b = append(append(strconv.AppendInt(b, int64(len(n)), 10), ':'), n...)
	}
	return string(b)
}

// ColumnNames are the names the row was made with, nil for none.
func (r Record) ColumnNames() []string {
	var out []string
	for s := r.Names; s != ""; {
		length, rest, _ := strings.Cut(s, ":")
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 || n > len(rest) {
			return nil
		}
		out, s = append(out, rest[:n]), rest[n:]
	}
	return out
}

func init() {
	register(&Type{
		OID: RecordOID, Name: "record", Display: "record", Array: 2287, Category: 'P', Len: -1, Delim: ',', Store: Blob,
		Input: recordIn, Output: recordOut, Receive: recordRecv, Send: recordSend, Compare: compareBytes,
	})
}

// MakeRecord makes the stored form.
func MakeRecord(r Record) Value {
	var dst []byte
	for i, v := range r.Columns {
		dst = appendTagged(dst, v, r.Types[i])
	}
	dst = append(dst, tagEnd)
	count := uint16(len(r.Types))
	if r.Names != "" {
		dst = binary.BigEndian.AppendUint32(append(dst, r.Names...), uint32(len(r.Names)))
		count |= recordNamed
	}
	for _, t := range r.Types {
		dst = binary.BigEndian.AppendUint32(dst, t)
	}
	dst = binary.BigEndian.AppendUint32(dst, r.Type)
	return BlobValue(binary.BigEndian.AppendUint16(dst, count))
}

var errBadRecord = pgerr.New(pgerr.DataCorrupted, "stored row value is not valid")

// ReadRecord takes a stored row apart. Columns may share the bytes of v.
func ReadRecord(v Value) (Record, error) {
	b := v.B
	if len(b) < 7 {
		return Record{}, errBadRecord
	}
	count := binary.BigEndian.Uint16(b[len(b)-2:])
	n := int(count &^ recordNamed)
	tail, names := 7+4*n, ""
	if len(b) < tail {
		return Record{}, errBadRecord
	}
	if count&recordNamed != 0 {
		end := len(b) - 6 - 4*n
		if end < 4 {
			return Record{}, errBadRecord
		}
		size := int(binary.BigEndian.Uint32(b[end-4:]))
		if size > end-5 {
			return Record{}, errBadRecord
		}
		names = string(b[end-4-size : end-4])
		tail += 4 + size
	}
	t := b[len(b)-7-4*n:]
	r := Record{Names: names, Type: binary.BigEndian.Uint32(t[1+4*n:]), Types: make([]uint32, n), Columns: make([]Value, 0, n)}
	for i := range r.Types {
		r.Types[i] = binary.BigEndian.Uint32(t[1+4*i:])
	}
	for body := b[:len(b)-tail]; len(body) > 0; {
		e, used := readTagged(body)
		if used == 0 || len(r.Columns) == n {
			return Record{}, errBadRecord
		}
		r.Columns = append(r.Columns, e)
		body = body[used:]
	}
	if len(r.Columns) != n {
		return Record{}, errBadRecord
	}
	return r, nil
}

func recordIn(*Context, string, int32) (Value, error) {
	return Value{}, pgerr.New(pgerr.FeatureNotSupported, "input of anonymous composite types is not implemented")
}

func recordRecv(*Context, []byte, int32) (Value, error) {
	return Value{}, pgerr.New(pgerr.FeatureNotSupported, "input of anonymous composite types is not implemented")
}

func recordOut(c *Context, dst []byte, v Value) []byte {
	r, err := ReadRecord(v)
	if err != nil {
		return dst
	}
	dst = append(dst, '(')
	for i, e := range r.Columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		t := c.Find(r.Types[i])
		if e.Kind == Null || t == nil {
			continue
		}
		dst = quoteColumn(dst, t.Output(c, nil, e))
	}
	return append(dst, ')')
}

func quoteColumn(dst, text []byte) []byte {
	quote := len(text) == 0
	for _, ch := range text {
		if ch == '"' || ch == '\\' || ch == '(' || ch == ')' || ch == ',' || isSpace(ch) {
			quote = true
			break
		}
	}
	if !quote {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for _, ch := range text {
		if ch == '"' || ch == '\\' {
			dst = append(dst, ch)
		}
		dst = append(dst, ch)
	}
	return append(dst, '"')
}

func recordSend(c *Context, dst []byte, v Value) []byte {
	r, err := ReadRecord(v)
	if err != nil {
		return dst
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(r.Columns)))
	for i, e := range r.Columns {
		dst = binary.BigEndian.AppendUint32(dst, r.Types[i])
		t := c.Find(r.Types[i])
		if e.Kind == Null || t == nil {
			dst = append(dst, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		at := len(dst)
		dst = t.Send(c, append(dst, 0, 0, 0, 0), e)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst
}

// CompositeColumn is a column of a composite type.
type CompositeColumn struct {
	Type   uint32
	Typmod int32
}

// NewCompositeType makes a composite type of the database's own.
func NewCompositeType(oid uint32, name string, array uint32, columns []CompositeColumn) *Type {
	types := make([]uint32, len(columns))
	for i, col := range columns {
		types[i] = col.Type
	}
	malformed := func(s, detail string) error {
		return pgerr.New(pgerr.InvalidTextRepresentation, "malformed record literal: \"%s\"", s).WithDetail("%s", detail)
	}
	return &Type{
		OID: oid, Name: name, Display: name, Array: array, Category: 'C', Len: -1, Delim: ',', Store: Blob,
		Output: recordOut, Send: recordSend, Compare: compareBytes,
		Input: func(c *Context, s string, _ int32) (Value, error) {
			parts, detail := splitRecord(s)
			if detail != "" {
				return Value{}, malformed(s, detail)
			}
			if len(columns) == 0 && len(parts) == 1 && parts[0] == nil {
				parts = nil
			}
			if len(parts) < len(columns) {
				return Value{}, malformed(s, "Too few columns.")
			}
			if len(parts) > len(columns) {
				return Value{}, malformed(s, "Too many columns.")
			}
			r := Record{Type: oid, Types: types, Columns: make([]Value, len(columns))}
			for i, p := range parts {
				if p == nil {
					continue
				}
				t := c.Find(columns[i].Type)
				if t == nil {
					return Value{}, pgerr.New(pgerr.FeatureNotSupported, "type with OID %d is not supported", columns[i].Type)
				}
				v, err := t.Input(c, *p, columns[i].Typmod)
				if err != nil {
					return Value{}, err
				}
				r.Columns[i] = v
			}
			return MakeRecord(r), nil
		},
		Receive: func(c *Context, b []byte, _ int32) (Value, error) { return receiveRecord(c, b, oid, columns, types) },
	}
}

// splitRecord cuts "(a,b)" into columns; nil is NULL.
func splitRecord(s string) (parts []*string, detail string) {
	i := 0
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i >= len(s) || s[i] != '(' {
		return nil, "Missing left parenthesis."
	}
	i++
	for {
		var b []byte
		isNull, quoted := true, false
		for ; ; i++ {
			if i >= len(s) {
				return nil, "Unexpected end of input."
			}
			ch := s[i]
			if !quoted && (ch == ',' || ch == ')') {
				break
			}
			isNull = false
			switch {
			case ch == '\\':
				i++
				if i >= len(s) {
					return nil, "Unexpected end of input."
				}
				b = append(b, s[i])
			case ch == '"' && !quoted:
				quoted = true
			case ch == '"' && i+1 < len(s) && s[i+1] == '"':
				i++
				b = append(b, '"')
			case ch == '"':
				quoted = false
			default:
				b = append(b, ch)
			}
		}
		if isNull {
			parts = append(parts, nil)
		} else {
			text := string(b)
			parts = append(parts, &text)
		}
		if s[i] == ')' {
			break
		}
		i++
	}
	if trimSpace(s[i+1:]) != "" {
		return nil, "Junk after right parenthesis."
	}
	return parts, ""
}

func receiveRecord(c *Context, b []byte, oid uint32, columns []CompositeColumn, types []uint32) (Value, error) {
	if len(b) < 4 {
		return Value{}, errShortBinary
	}
	if n := int32(binary.BigEndian.Uint32(b)); int(n) != len(columns) {
		return Value{}, pgerr.New(pgerr.DatatypeMismatch, "wrong number of columns: %d, expected %d", n, len(columns))
	}
	b = b[4:]
	r := Record{Type: oid, Types: types, Columns: make([]Value, len(columns))}
	for i, col := range columns {
		if len(b) < 8 {
			return Value{}, errShortBinary
		}
		typ, size := binary.BigEndian.Uint32(b), int32(binary.BigEndian.Uint32(b[4:]))
		b = b[8:]
		if typ != col.Type {
			return Value{}, pgerr.New(pgerr.DatatypeMismatch, "binary data has type %d (%s) instead of expected %d (%s) in record column %d",
				typ, displayName(c, typ), col.Type, displayName(c, col.Type), i+1)
		}
		if size == -1 {
			continue
		}
		t := c.Find(col.Type)
		if size < 0 || int(size) > len(b) || t == nil {
			return Value{}, errShortBinary
		}
		v, err := t.Receive(c, b[:size], col.Typmod)
		if err != nil {
			return Value{}, err
		}
		r.Columns[i] = v
		b = b[size:]
	}
	if len(b) > 0 {
		return Value{}, errBadBinary
	}
	return MakeRecord(r), nil
}
