package wire

import (
	"encoding/binary"
	"errors"
	"io"

	"pgd/backend/pgerr"
)

const (
	readBuffer = 8192
	keepBuffer = 64 << 10 // a buffer that grew beyond this is given back after its message
)

// Reader reads messages from a connection. It is not safe for concurrent use.
type Reader struct {
	src    io.Reader
	buf    []byte
	r, w   int // unread bytes are buf[r:w]
	broken error
}

// NewReader makes a reader over a connection of which no byte has been read ahead.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, readBuffer)}
}

// Buffered tells how many bytes have arrived that no message has consumed.
func (r *Reader) Buffered() int { return r.w - r.r }

// Ready tells whether Next would answer without reading from the connection.
func (r *Reader) Ready() bool {
	if r.broken != nil || r.Buffered() < 5 {
		return r.broken != nil
	}
	n := int64(binary.BigEndian.Uint32(r.buf[r.r+1:]))
	return n < 4 || n > LargeMessage || int64(r.Buffered()) >= n+1
}

// Next reads one message. The body is borrowed until the next call. When the connection answers with an error (a
// deadline, too) nothing is lost: the next call goes on where this one stopped. At the end of the connection the
// error is io.EOF between messages and io.ErrUnexpectedEOF inside one. A kind the limits refuse or a length beyond
// them is a FATAL *pgerr.Error.
func (r *Reader) Next(limits *Limits) (kind byte, body []byte, err error) {
	if r.broken != nil {
		return 0, nil, r.broken
	}
	if r.r == r.w {
		r.r, r.w = 0, 0
		if len(r.buf) > keepBuffer {
			r.buf = make([]byte, readBuffer)
		}
	}
	// The kind is judged before its length is awaited, as PostgreSQL does.
	if err := r.fill(1); err != nil {
		return 0, nil, err
	}
	kind = r.buf[r.r]
	limit := limits[kind]
	if limit == 0 {
		r.broken = pgerr.Fatal(pgerr.ProtocolViolation, "invalid frontend message type %d", kind)
		return 0, nil, r.broken
	}
	if err := r.fill(5); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(r.buf[r.r+1:])
	if length < 4 || length > uint32(limit) {
		r.broken = pgerr.Fatal(pgerr.ProtocolViolation, "invalid message length")
		return 0, nil, r.broken
	}
	total := int(length) + 1
	if err := r.fill(total); err != nil {
		return 0, nil, err
	}
	body = r.buf[r.r+5 : r.r+total : r.r+total]
	r.r += total
	return kind, body, nil
}

// fill reads until n bytes are unread in the buffer. The buffer at most doubles with each read that filled it, so
// that memory follows what has arrived and not what was announced.
func (r *Reader) fill(n int) error {
	for r.w-r.r < n {
		if r.r > 0 && r.r+n > len(r.buf) {
			copy(r.buf, r.buf[r.r:r.w])
			r.r, r.w = 0, r.w-r.r
		}
		if r.w == len(r.buf) {
			grown := make([]byte, min(2*len(r.buf), max(n, len(r.buf)+1)))
			copy(grown, r.buf[:r.w])
			r.buf = grown
		}
		k, err := r.src.Read(r.buf[r.w:])
		r.w += k
		if err != nil && r.w-r.r < n {
			if errors.Is(err, io.EOF) {
				if r.w > r.r {
					err = io.ErrUnexpectedEOF
				} else {
					err = io.EOF
				}
			}
			return err
		}
	}
	return nil
}
