package functions

import (
	"encoding/binary"
	"math/bits"
)

// hashBytes is PostgreSQL's hash of bytes: Bob Jenkins' lookup3, read in little-endian order. Applications rely on its values, as keys of
// advisory locks and for spreading rows. seed is only mixed in where it is not zero; the plain hash is the lower half.
func hashBytes(k []byte, seed uint64) uint64 {
	const start = 0x9e3779b9 + 3923095
	a := uint32(start) + uint32(len(k))
	b, c := a, a
	if seed != 0 {
		a += uint32(seed >> 32)
		b += uint32(seed)
		a, b, c = hashMix(a, b, c)
	}
	for ; len(k) >= 12; k = k[12:] {
		a += binary.LittleEndian.Uint32(k)
		b += binary.LittleEndian.Uint32(k[4:])
		c += binary.LittleEndian.Uint32(k[8:])
		a, b, c = hashMix(a, b, c)
	}
	for i, x := range k {
		switch {
		case i < 4:
			a += uint32(x) << (8 * i)
		case i < 8:
			b += uint32(x) << (8 * (i - 4))
		default: // the lowest byte of c is left to the length
			c += uint32(x) << (8 * (i - 7))
		}
	}
	b, c = hashFinal(a, b, c)
	return uint64(b)<<32 | uint64(c)
}

// hashWord is the hash of one number of 32 bits.
func hashWord(k uint32, seed uint64) uint64 {
	const start = 0x9e3779b9 + 4 + 3923095
	a, b, c := uint32(start), uint32(start), uint32(start)
	if seed != 0 {
		a += uint32(seed >> 32)
		b += uint32(seed)
		a, b, c = hashMix(a, b, c)
	}
	b, c = hashFinal(a+k, b, c)
	return uint64(b)<<32 | uint64(c)
}

func hashMix(a, b, c uint32) (uint32, uint32, uint32) {
	a -= c
	a ^= bits.RotateLeft32(c, 4)
	c += b
	b -= a
	b ^= bits.RotateLeft32(a, 6)
	a += c
	c -= b
	c ^= bits.RotateLeft32(b, 8)
	b += a
	a -= c
	a ^= bits.RotateLeft32(c, 16)
	c += b
	b -= a
	b ^= bits.RotateLeft32(a, 19)
	a += c
	c -= b
	c ^= bits.RotateLeft32(b, 4)
	b += a
	return a, b, c
}

func hashFinal(a, b, c uint32) (uint32, uint32) {
	c ^= b
	c -= bits.RotateLeft32(b, 14)
	a ^= c
	a -= bits.RotateLeft32(c, 11)
	b ^= a
	b -= bits.RotateLeft32(a, 25)
	c ^= b
	c -= bits.RotateLeft32(b, 16)
	a ^= c
	a -= bits.RotateLeft32(c, 4)
	b ^= a
	b -= bits.RotateLeft32(a, 14)
	c ^= b
	c -= bits.RotateLeft32(b, 24)
	return b, c
}
