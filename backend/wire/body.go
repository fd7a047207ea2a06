package wire

import (
	"bytes"
	"encoding/binary"

	"pgd/backend/pgerr"
)

// Body reads the fields of one message's body. The first field that does not fit sets the error, which Err and End
// give back; every later field is then zero.
type Body struct {
	b   []byte
	err error
}

// NewBody reads a body. What it gives out is borrowed from b.
func NewBody(b []byte) Body { return Body{b: b} }

func (p *Body) fail(message string) {
	if p.err == nil {
		p.err = pgerr.New(pgerr.ProtocolViolation, "%s", message)
	}
	p.b = nil
}

func (p *Body) take(n int) []byte {
	if n < 0 || n > len(p.b) {
		p.fail("insufficient data left in message")
		return nil
	}
	f := p.b[:n:n]
	p.b = p.b[n:]
	return f
}

// Byte reads one byte.
func (p *Body) Byte() byte {
	if f := p.take(1); f != nil {
		return f[0]
	}
	return 0
}

// Int16 reads a signed number of two bytes.
func (p *Body) Int16() int16 {
	if f := p.take(2); f != nil {
		return int16(binary.BigEndian.Uint16(f))
	}
	return 0
}

// Uint16 reads a number of two bytes, such as a count.
func (p *Body) Uint16() int { return int(uint16(p.Int16())) }

// Int32 reads a signed number of four bytes.
func (p *Body) Int32() int32 {
	if f := p.take(4); f != nil {
		return int32(binary.BigEndian.Uint32(f))
	}
	return 0
}

// Bytes reads n bytes.
func (p *Body) Bytes(n int) []byte { return p.take(n) }

// CString reads a string that ends with a zero byte.
func (p *Body) CString() []byte {
	i := bytes.IndexByte(p.b, 0)
	if i < 0 {
		p.fail("invalid string in message")
		return nil
	}
	f := p.b[:i:i]
	p.b = p.b[i+1:]
	return f
}

// Value reads a length and as many bytes; a length of -1 is NULL, which is nil. An empty value is not nil.
func (p *Body) Value() []byte {
	n := p.Int32()
	if n == -1 || p.err != nil {
		return nil
	}
	f := p.take(int(n))
	if f == nil && p.err == nil {
		f = []byte{}
	}
	return f
}

// Left tells how many bytes have not been read.
func (p *Body) Left() int { return len(p.b) }

// Fail makes the body bad with an ERROR 08P01 of this message.
func (p *Body) Fail(message string) { p.fail(message) }

// Err gives the first error.
func (p *Body) Err() error { return p.err }

// End gives the first error, or one when bytes are left over.
func (p *Body) End() error {
	if p.err == nil && len(p.b) != 0 {
		p.fail("invalid message format")
	}
	return p.err
}
