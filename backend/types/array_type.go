package types

import (
	"encoding/binary"
	"sync"

	"pgd/backend/pgerr"
)

// Array types of built-in types are made when they are first asked for: most sessions see few of them.
var (
	arrayElem  = map[uint32]uint32{} // array OID to element OID
	arrayMutex sync.Mutex
	arrayTypes = map[uint32]*Type{}
)

func builtinArray(oid uint32) *Type {
	elem, ok := arrayElem[oid]
	if !ok {
		return nil
	}
	arrayMutex.Lock()
	defer arrayMutex.Unlock()
	if t := arrayTypes[oid]; t != nil {
		return t
	}
	t := NewArrayType(oid, builtin[elem])
	arrayTypes[oid] = t
	return t
}

// NewArrayType makes the array type over elem, also for types of the database's own.
func NewArrayType(oid uint32, elem *Type) *Type {
	t := &Type{
		OID: oid, Name: "_" + elem.Name, Display: elem.Display + "[]", Elem: elem.OID, Category: 'A', Len: -1, Delim: elem.Delim,
		Store: Blob, NotOrdered: elem.NotOrdered,
		Input: func(c *Context, s string, typmod int32) (Value, error) { return arrayIn(c, elem, s, typmod) },
		Output: func(c *Context, dst []byte, v Value) []byte {
			return arrayOutOf(c, dst, v, elem)
		},
		Receive: func(c *Context, b []byte, typmod int32) (Value, error) { return arrayRecv(c, elem, b, typmod) },
		Send:    arraySend,
	}
	if elem.Category == 'P' {
		t.Category = 'P'
	}
	if elem.TypmodIn != nil {
		t.TypmodIn, t.TypmodOut = elem.TypmodIn, elem.TypmodOut
	}
	if elem.Apply != nil {
		t.Apply = func(c *Context, v Value, typmod int32, explicit bool) (Value, error) {
			return mapArray(v, elem.OID, func(e Value) (Value, error) { return elem.Apply(c, e, typmod, explicit) })
		}
	}
	if elem.Compare != nil {
		t.Compare = func(a, b Value) int { return CompareArrays(a, b, elem.Compare) }
	}
	return t
}

// mapArray changes every element that is not NULL.
func mapArray(v Value, elem uint32, f func(Value) (Value, error)) (Value, error) {
	a, err := ReadArray(v)
	if err != nil {
		return Value{}, err
	}
	for i, e := range a.Elems {
		if e.Kind != Null {
			if a.Elems[i], err = f(e); err != nil {
				return Value{}, err
			}
		}
	}
	a.Elem = elem
	return MakeArray(a), nil
}

// MapArray makes an array of another element type with the same shape; NULL elements stay.
func MapArray(v Value, elem uint32, f func(Value) (Value, error)) (Value, error) {
	return mapArray(v, elem, f)
}

// CompareArrays orders as PostgreSQL's array_cmp: elements (NULL after all else), count, dimensions, lower bounds.
func CompareArrays(a, b Value, cmp func(a, b Value) int) int {
	x, err1 := ReadArray(a)
	y, err2 := ReadArray(b)
	if err1 != nil || err2 != nil {
		return compareBytes(a, b)
	}
	for i := 0; i < len(x.Elems) && i < len(y.Elems); i++ {
		p, q := x.Elems[i], y.Elems[i]
		switch {
		case p.Kind == Null && q.Kind == Null:
			continue
		case p.Kind == Null:
			return 1
		case q.Kind == Null:
			return -1
		}
		if c := cmp(p, q); c != 0 {
			return c
		}
	}
	if c := len(x.Elems) - len(y.Elems); c != 0 {
		return sign(c)
	}
	if c := len(x.Dims) - len(y.Dims); c != 0 {
		return sign(c)
	}
	for i := range x.Dims {
		if c := int(x.Dims[i].Len) - int(y.Dims[i].Len); c != 0 {
			return sign(c)
		}
	}
	for i := range x.Dims {
		if c := int(x.Dims[i].Lower) - int(y.Dims[i].Lower); c != 0 {
			return sign(c)
		}
	}
	return 0
}

func sign(i int) int {
	switch {
	case i < 0:
		return -1
	case i > 0:
		return 1
	}
	return 0
}

// arraySend writes dimensions, a flag for NULLs, the element type, then each element with its length.
func arraySend(c *Context, dst []byte, v Value) []byte {
	a, err := ReadArray(v)
	if err != nil {
		return dst
	}
	elem := c.Find(a.Elem)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(a.Dims)))
	flags := uint32(0)
	for _, e := range a.Elems {
		if e.Kind == Null {
			flags = 1
		}
	}
	dst = binary.BigEndian.AppendUint32(dst, flags)
	dst = binary.BigEndian.AppendUint32(dst, a.Elem)
	for _, d := range a.Dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(d.Len))
		dst = binary.BigEndian.AppendUint32(dst, uint32(d.Lower))
	}
	for _, e := range a.Elems {
		if e.Kind == Null || elem == nil {
			dst = append(dst, 0xff, 0xff, 0xff, 0xff)
			continue
		}
		at := len(dst)
		dst = elem.Send(c, append(dst, 0, 0, 0, 0), e)
		binary.BigEndian.PutUint32(dst[at:], uint32(len(dst)-at-4))
	}
	return dst
}

func arrayRecv(c *Context, elem *Type, b []byte, typmod int32) (Value, error) {
	if len(b) < 12 {
		return Value{}, errShortBinary
	}
	ndim := int32(binary.BigEndian.Uint32(b))
	flags := binary.BigEndian.Uint32(b[4:])
	oid := binary.BigEndian.Uint32(b[8:])
	b = b[12:]
	if ndim < 0 {
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid number of dimensions: %d", ndim)
	}
	if ndim > MaxDim {
		return Value{}, tooManyDims(int(ndim))
	}
	if flags > 1 {
		return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid array flags")
	}
	if oid != elem.OID {
		return Value{}, pgerr.New(pgerr.DatatypeMismatch, "binary data has array element type %d (%s) instead of expected %d (%s)",
			oid, displayName(c, oid), elem.OID, elem.Display)
	}
	a := Array{Elem: elem.OID}
	for ; ndim > 0; ndim-- {
		if len(b) < 8 {
			return Value{}, errShortBinary
		}
		d := Dim{int32(binary.BigEndian.Uint32(b)), int32(binary.BigEndian.Uint32(b[4:]))}
		b = b[8:]
		if d.Len < 0 {
			return Value{}, pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", maxArraySize)
		}
		if int64(d.Lower)+int64(d.Len) > 1<<31-1 {
			return Value{}, pgerr.New(pgerr.ProgramLimitExceeded, "array lower bound is too large: %d", d.Lower)
		}
		a.Dims = append(a.Dims, d)
	}
	n := countElems(a.Dims)
	if n < 0 {
		return Value{}, pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", maxArraySize)
	}
	if n == 0 {
		a.Dims = nil
	}
	if n > len(b)/4 {
		return Value{}, errShortBinary
	}
	for i := 0; i < n; i++ {
		if len(b) < 4 {
			return Value{}, errShortBinary
		}
		size := int32(binary.BigEndian.Uint32(b))
		b = b[4:]
		if size == -1 {
			a.Elems = append(a.Elems, Value{})
			continue
		}
		if size < 0 || int(size) > len(b) {
			return Value{}, errShortBinary
		}
		v, err := elem.Receive(c, b[:size], typmod)
		if err != nil {
			return Value{}, err
		}
		a.Elems = append(a.Elems, v)
		b = b[size:]
	}
	if len(b) > 0 {
		return Value{}, errBadBinary
	}
	return MakeArray(a), nil
}

func displayName(c *Context, oid uint32) string {
	if t := c.Find(oid); t != nil {
		return t.Display
	}
	return "???"
}

func tooManyDims(n int) error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, MaxDim)
}
