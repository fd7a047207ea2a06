package functions

import (
	"math/bits"
	"strconv"

	"pgd/backend/types"
)

// small is a numeric whose digits fit 64 bits: most do, and arithmetic on them needs no big integers.
type small struct {
	c     int64
	scale int
}

// readSmall reads a stored numeric of at most 18 digits.
func readSmall(b []byte) (s small, ok bool) {
	if len(b) == 0 || len(b) > 20 {
		return s, false
	}
	i := 0
	neg := b[0] == '-'
	if neg {
		i++
	}
	digits := 0
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits > 18 {
				return s, false
			}
			s.c = s.c*10 + int64(c-'0')
		case c == '.':
			s.scale = len(b) - i - 1
		default:
			return s, false
		}
	}
	if neg {
		s.c = -s.c
	}
	return s, digits > 0
}

var smallTens = [...]int64{1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
	10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000}

// at brings the digits to a greater scale.
func (s small) at(scale int) (int64, bool) {
	d := scale - s.scale
	if d == 0 {
		return s.c, true
	}
	if d >= len(smallTens) {
		return 0, false
	}
	return mulInt(s.c, smallTens[d])
}

func (s small) add(t small) (small, bool) {
	scale := max(s.scale, t.scale)
	a, ok1 := s.at(scale)
	b, ok2 := t.at(scale)
	c, ok3 := addInt(a, b)
	return small{c, scale}, ok1 && ok2 && (ok3 || b == 0)
}

func (s small) mul(t small) (small, bool) {
	hi, lo := bits.Mul64(absInt(s.c), absInt(t.c))
	if hi != 0 || lo > 1<<62 {
		return s, false
	}
	return small{s.c * t.c, s.scale + t.scale}, true
}

// value prints the digits with the point.
func (s small) value() types.Value {
	b := make([]byte, 0, 24)
	u := absInt(s.c)
	if s.c < 0 {
		b = append(b, '-')
	}
	if s.scale == 0 {
		return types.TextValue(strconv.AppendUint(b, u, 10))
	}
	var buf [24]byte
	digits := strconv.AppendUint(buf[:0], u, 10)
	if len(digits) <= s.scale {
		b = append(b, '0', '.')
		for i := len(digits); i < s.scale; i++ {
			b = append(b, '0')
		}
		return types.TextValue(append(b, digits...))
	}
	b = append(b, digits[:len(digits)-s.scale]...)
	b = append(b, '.')
	return types.TextValue(append(b, digits[len(digits)-s.scale:]...))
}

// smallFirst tries 64 bits and falls back to big integers.
func smallFirst(fast func(s, t small) (small, bool), slow Scalar) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		if s, ok := readSmall(a[0].B); ok {
			if t, ok := readSmall(a[1].B); ok {
				if r, ok := fast(s, t); ok {
					return r.value(), nil
				}
			}
		}
		return slow(c, a)
	}
}

func (s small) sub(t small) (small, bool) { return s.add(small{-t.c, t.scale}) }
