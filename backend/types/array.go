package types

import (
	"encoding/binary"
	"math"

	"pgd/backend/pgerr"
)

// An array is stored as a BLOB whose bytewise order is PostgreSQL's order of arrays: first the elements, NULLs last, a shorter array
// before a longer one; then the number of dimensions, their lengths, their lower bounds.
//
//	element… end ndim len(4)… lower(4)… elem-oid(4) ndim
//
// An element is a tag and its order-preserving bytes. Everything after the elements is read from the back.
const (
	tagEnd     = 0x01
	tagInt     = 0x10
	tagFloat   = 0x11
	tagText    = 0x12
	tagBlob    = 0x13
	tagNumeric = 0x14
	tagNull    = 0xf0
)

// MaxDim is how many dimensions an array may have.
const MaxDim = 6

const maxArraySize = 134217727

// Dim is one dimension.
type Dim struct{ Len, Lower int32 }

// Array is an array taken apart. Elems are in row-major order; an empty array has no dimensions.
type Array struct {
	Elem  uint32
	Dims  []Dim
	Elems []Value
}

// MakeArray makes the stored form.
func MakeArray(a Array) Value {
	dst := make([]byte, 0, 16+12*len(a.Elems))
	for _, e := range a.Elems {
		dst = appendTagged(dst, e, a.Elem)
	}
	return BlobValue(appendArrayTail(dst, a.Elem, a.Dims))
}

func appendArrayTail(dst []byte, elem uint32, dims []Dim) []byte {
	dst = append(dst, tagEnd, byte(len(dims)))
	for _, d := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(d.Len))
	}
	for _, d := range dims {
		dst = binary.BigEndian.AppendUint32(dst, uint32(d.Lower)^1<<31)
	}
	dst = binary.BigEndian.AppendUint32(dst, elem)
	return append(dst, byte(len(dims)))
}

// NewArray makes a one-dimensional array with lower bound 1, the empty array for no elements.
func NewArray(elem uint32, elems []Value) Value {
	a := Array{Elem: elem, Elems: elems}
	if len(elems) > 0 {
		a.Dims = []Dim{{int32(len(elems)), 1}}
	}
	return MakeArray(a)
}

// ErrBadArray is the answer to a BLOB that is no array: the file was damaged or written by something else.
var ErrBadArray = pgerr.New(pgerr.DataCorrupted, "stored array is not valid")

// arrayTail reads what follows the elements; body is what they are in.
func arrayTail(b []byte) (body []byte, elem uint32, dims []Dim, err error) {
	if len(b) < 7 {
		return nil, 0, nil, ErrBadArray
	}
	n := int(b[len(b)-1])
	tail := 7 + 8*n
	if n > MaxDim || len(b) < tail {
		return nil, 0, nil, ErrBadArray
	}
	t := b[len(b)-tail:]
	elem = binary.BigEndian.Uint32(t[len(t)-5:])
	if n > 0 {
		dims = make([]Dim, n)
		for i := range dims {
			dims[i].Len = int32(binary.BigEndian.Uint32(t[2+4*i:]))
			dims[i].Lower = int32(binary.BigEndian.Uint32(t[2+4*n+4*i:]) ^ 1<<31)
		}
	}
	return b[:len(b)-tail], elem, dims, nil
}

// ReadArray takes a stored array apart. Elements may share the bytes of v.
func ReadArray(v Value) (Array, error) {
	body, elem, dims, err := arrayTail(v.B)
	if err != nil {
		return Array{}, err
	}
	a := Array{Elem: elem, Dims: dims}
	if n := countElems(dims); n > 0 {
		a.Elems = make([]Value, 0, min(n, len(body)))
	}
	for len(body) > 0 {
		e, n := readTagged(body)
		if n == 0 {
			return Array{}, ErrBadArray
		}
		a.Elems = append(a.Elems, e)
		body = body[n:]
	}
	if len(a.Elems) != countElems(dims) {
		return Array{}, ErrBadArray
	}
	return a, nil
}

// ArrayDims gives the dimensions and the element type without reading the elements.
func ArrayDims(v Value) (elem uint32, dims []Dim, err error) {
	_, elem, dims, err = arrayTail(v.B)
	return elem, dims, err
}

// EachElement gives the elements in order until f answers false. They may share the bytes of v.
func EachElement(v Value, f func(e Value) bool) error {
	body, _, _, err := arrayTail(v.B)
	if err != nil {
		return err
	}
	for len(body) > 0 {
		e, n := readTagged(body)
		if n == 0 {
			return ErrBadArray
		}
		if !f(e) {
			return nil
		}
		body = body[n:]
	}
	return nil
}

// countElems is the product of the lengths; 0 for no dimensions.
func countElems(dims []Dim) int {
	if len(dims) == 0 {
		return 0
	}
	n := 1
	for _, d := range dims {
		n *= int(d.Len)
		if n < 0 || n > maxArraySize {
			return -1
		}
	}
	return n
}

// appendTagged writes a value so that values of one type compare bytewise.
func appendTagged(dst []byte, v Value, typ uint32) []byte {
	switch v.Kind {
	case Int:
		return binary.BigEndian.AppendUint64(append(dst, tagInt), uint64(v.I)^1<<63)
	case Float:
		return appendFloatKey(append(dst, tagFloat), v.F)
	case Text:
		switch typ {
		case NumericOID:
			return appendNumericKey(append(dst, tagNumeric), v.B)
		case Float4OID, Float8OID:
			return append(dst, tagFloat, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		}
		return appendEscaped(append(dst, tagText), v.B)
	case Blob:
		return appendEscaped(append(dst, tagBlob), v.B)
	}
	return append(dst, tagNull)
}

// appendFloatKey turns the sign around so that bytes order as numbers do; NaN is all ones.
func appendFloatKey(dst []byte, f float64) []byte {
	x := math.Float64bits(f)
	if x>>63 != 0 {
		x = ^x
	} else {
		x |= 1 << 63
	}
	if f != f {
		x = math.MaxUint64
	}
	return binary.BigEndian.AppendUint64(dst, x)
}

// appendEscaped ends with 0 1; a zero byte inside is 0 ff.
func appendEscaped(dst, b []byte) []byte {
	for _, c := range b {
		dst = append(dst, c)
		if c == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

// readTagged reads one value; n is how many bytes it took, 0 where there is none.
func readTagged(b []byte) (v Value, n int) {
	switch b[0] {
	case tagNull:
		return Value{}, 1
	case tagInt, tagFloat:
		if len(b) < 9 {
			return Value{}, 0
		}
		x := binary.BigEndian.Uint64(b[1:])
		if b[0] == tagInt {
			return IntValue(int64(x ^ 1<<63)), 9
		}
		if x == math.MaxUint64 {
			return Float8Value(math.NaN()), 9
		}
		if x>>63 != 0 {
			x ^= 1 << 63
		} else {
			x = ^x
		}
		return Float8Value(math.Float64frombits(x)), 9
	case tagNumeric:
		text, n := readNumericKey(b[1:])
		if n == 0 {
			return Value{}, 0
		}
		return TextValue(text), n + 1
	case tagText, tagBlob:
		kind := Text
		if b[0] == tagBlob {
			kind = Blob
		}
		data, n := readEscaped(b[1:])
		if n == 0 {
			return Value{}, 0
		}
		return Value{Kind: kind, B: data}, n + 1
	}
	return Value{}, 0
}

// readEscaped shares b's bytes unless a zero byte had to be unescaped.
func readEscaped(b []byte) (data []byte, n int) {
	copied := false
	for i := 0; i+1 < len(b); i++ {
		if b[i] != 0 {
			if copied {
				data = append(data, b[i])
			}
			continue
		}
		if b[i+1] == 1 {
			if !copied {
				return b[:i:i], i + 2
			}
			return data, i + 2
		}
		if b[i+1] != 0xff {
			return nil, 0
		}
		if !copied {
			data = append(make([]byte, 0, len(b)), b[:i]...)
			copied = true
		}
		data = append(data, 0)
		i++
	}
	return nil, 0
}
