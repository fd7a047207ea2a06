package parse

import (
	"encoding/binary"
	"math"
)

// maxDepth bounds the nesting of a decoded tree. The parser itself refuses deeper statements long before.
const maxDepth = 50000

// decoder turns the parser's packed tree into nodes. The bytes come from the parser in this process, but a
// length that does not fit is still an error and never a panic: bad is set and decoding ends.
type decoder struct {
	depth int
	bad   bool
}

// field is one field of a message: its number and either its bytes or its number.
type field struct {
	num   int
	num64 uint64
	bytes []byte
}

func (d *decoder) fail() (field, []byte) {
	d.bad = true
	return field{}, nil
}

// next reads one field and returns what follows it.
func (d *decoder) next(b []byte) (field, []byte) {
	key, n := binary.Uvarint(b)
	if n <= 0 {
		return d.fail()
	}
	b = b[n:]
	f := field{num: int(key >> 3)}
	switch key & 7 {
	case 0:
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return d.fail()
		}
		f.num64 = v
		return f, b[n:]
	case 1:
		if len(b) < 8 {
			return d.fail()
		}
		f.num64 = binary.LittleEndian.Uint64(b)
		return f, b[8:]
	case 2:
		l, n := binary.Uvarint(b)
		if n <= 0 || l > uint64(len(b)-n) {
			return d.fail()
		}
		f.bytes = b[n : n+int(l)]
		return f, b[n+int(l):]
	case 5:
		if len(b) < 4 {
			return d.fail()
		}
		f.num64 = uint64(binary.LittleEndian.Uint32(b))
		return f, b[4:]
	}
	return d.fail()
}

func (d *decoder) enter() bool {
	d.depth++
	if d.depth > maxDepth {
		d.bad = true
		d.depth--
		return false
	}
	return true
}

func (d *decoder) leave() { d.depth-- }

func (f field) double() float64 { return math.Float64frombits(f.num64) }

// packed reads a repeated number, in its packed form or one at a time.
func (f field) packed(to []uint64) []uint64 {
	if f.bytes == nil {
		return append(to, f.num64)
	}
	b := f.bytes
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return to
		}
		to, b = append(to, v), b[n:]
	}
	return to
}
