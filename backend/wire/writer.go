package wire

import (
	"encoding/binary"
	"io"
)

// flushAt is how many bytes may wait in the buffer before they are sent without being asked.
const flushAt = 16 << 10

// keepOut is the largest buffer that is kept after it was sent.
const keepOut = 256 << 10

// Writer builds messages. They collect in Buf until Flush, or until they are many. An error of the connection is
// kept: from then on everything is dropped and Err tells it.
type Writer struct {
	// Buf holds the messages not yet sent, the last one perhaps unfinished. Codecs append a field's bytes to it directly, between
	// Field and EndField.
	Buf   []byte
	dst   io.Writer
	start int
	err   error
}

// NewWriter makes a writer.
func NewWriter(dst io.Writer) *Writer { return &Writer{dst: dst, Buf: make([]byte, 0, 4096)} }

// Err gives the first error of the connection.
func (w *Writer) Err() error { return w.err }

// Begin starts a message.
func (w *Writer) Begin(kind byte) {
	w.Buf = append(w.Buf, kind, 0, 0, 0, 0)
	w.start = len(w.Buf) - 4
}

// End finishes the message begun last and sends what has collected when that is much.
func (w *Writer) End() {
	binary.BigEndian.PutUint32(w.Buf[w.start:], uint32(len(w.Buf)-w.start))
	if len(w.Buf) >= flushAt {
		_ = w.Flush()
	}
}

// Abandon takes an unfinished message back: an error came while it was built.
func (w *Writer) Abandon() { w.Buf = w.Buf[:w.start-1] }

// Byte appends a byte.
func (w *Writer) Byte(b byte) { w.Buf = append(w.Buf, b) }

// Int16 appends a number of two bytes.
func (w *Writer) Int16(n int16) { w.Buf = binary.BigEndian.AppendUint16(w.Buf, uint16(n)) }

// Int32 appends a number of four bytes.
func (w *Writer) Int32(n int32) { w.Buf = binary.BigEndian.AppendUint32(w.Buf, uint32(n)) }

// CString appends a string and a zero byte.
func (w *Writer) CString(s string) { w.Buf = append(append(w.Buf, s...), 0) }

// Null appends a field that is NULL.
func (w *Writer) Null() { w.Buf = append(w.Buf, 0xff, 0xff, 0xff, 0xff) }

// Field begins a field whose length is not known yet; EndField, given what it returned, fills the length in.
func (w *Writer) Field() int {
	w.Buf = append(w.Buf, 0, 0, 0, 0)
	return len(w.Buf)
}

// EndField finishes a field.
func (w *Writer) EndField(mark int) {
	binary.BigEndian.PutUint32(w.Buf[mark-4:], uint32(len(w.Buf)-mark))
}

// Flush sends what has collected. It must be called between messages only.
func (w *Writer) Flush() error {
	if len(w.Buf) == 0 {
		return w.err
	}
	if w.err == nil {
		_, w.err = w.dst.Write(w.Buf)
	}
	if cap(w.Buf) > keepOut {
		w.Buf = make([]byte, 0, 4096)
	}
	w.Buf = w.Buf[:0]
	return w.err
}
