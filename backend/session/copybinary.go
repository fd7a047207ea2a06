package session

import (
	"encoding/binary"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// binaryReader gives the data of a binary COPY in the pieces that are asked for.
type binaryReader struct {
	more func() ([]byte, error)
	buf  []byte
	eof  bool
}

func badCopy(format string, args ...any) error {
	return pgerr.New(pgerr.BadCopyFileFormat, format, args...)
}

// take gives n bytes, good until the next call; nil at the end of the data when none is left, an error when fewer are.
func (r *binaryReader) take(n int) ([]byte, error) {
	for len(r.buf) < n && !r.eof {
		piece, err := r.more()
		if err != nil {
			return nil, err
		}
		if piece == nil {
			r.eof = true
			break
		}
		r.buf = append(r.buf, piece...)
	}
	if len(r.buf) < n {
		if len(r.buf) == 0 {
			return nil, nil
		}
		r.buf = nil
		return nil, badCopy("unexpected EOF in COPY data")
	}
	b := r.buf[:n:n]
	r.buf = r.buf[n:]
	return b, nil
}

// binary reads rows in the binary form.
func (f *copyFrom) binary() error {
	r := &binaryReader{more: f.data}
	if err := binaryHeader(r); err != nil {
		return err
	}
	for {
		f.row++
		f.column = -1
		b, err := r.take(2)
		if err != nil {
			return err
		}
		if b == nil {
			// The end without a trailer: files of old made so, and PostgreSQL takes it.
			return nil
		}
		n := int16(binary.BigEndian.Uint16(b))
		if n == -1 {
			if b, err := r.take(1); err != nil {
				return err
			} else if b != nil {
				return badCopy("received copy data after EOF marker")
			}
			return nil
		}
		if int(n) != len(f.t.columns) {
			return badCopy("row field count is %d, expected %d", n, len(f.t.columns))
		}
		for i := range f.t.columns {
			f.column = i
			v, err := f.binaryField(r, i)
			if err != nil {
				return err
			}
			if err := f.prog.Bind(i+1, v); err != nil {
				return err
			}
		}
		f.column = -1
		if err := f.insert(); err != nil {
			return err
		}
	}
}

func binaryHeader(r *binaryReader) error {
	b, err := r.take(len(copySignature))
	if err != nil && pgerr.Code(err) != pgerr.BadCopyFileFormat {
		return err
	}
	if string(b) != copySignature {
		return badCopy("COPY file signature not recognized")
	}
	if b, err = r.take(4); err != nil || b == nil {
		return badCopy("invalid COPY file header (missing flags)")
	}
	flags := binary.BigEndian.Uint32(b)
	if flags&(1<<16) != 0 {
		return badCopy("invalid COPY file header (WITH OIDS)")
	}
	if flags>>16 != 0 {
		return badCopy("unrecognized critical flags in COPY file header")
	}
	if b, err = r.take(4); err != nil || b == nil {
		return badCopy("invalid COPY file header (missing length)")
	}
	n := int32(binary.BigEndian.Uint32(b))
	if n < 0 {
		return badCopy("invalid COPY file header (missing length)")
	}
	// The extension is passed in small pieces: its length is only what the client says.
	for n > 0 {
		k := min(n, 4096)
		if b, err = r.take(int(k)); err != nil || b == nil {
			return badCopy("invalid COPY file header (wrong length)")
		}
		n -= k
	}
	return nil
}

func (f *copyFrom) binaryField(r *binaryReader, i int) (types.Value, error) {
	b, err := r.take(4)
	if err != nil {
		return types.NullValue, err
	}
	if b == nil {
		return types.NullValue, badCopy("unexpected EOF in COPY data")
	}
	n := int32(binary.BigEndian.Uint32(b))
	if n == -1 {
		return types.NullValue, nil
	}
	if n < 0 {
		return types.NullValue, badCopy("invalid field size")
	}
	if b, err = r.take(int(n)); err != nil {
		return types.NullValue, err
	}
	if b == nil && n > 0 {
		return types.NullValue, badCopy("unexpected EOF in COPY data")
	}
	t := f.types[i]
	if t.Receive == nil {
		return types.NullValue, pgerr.New(pgerr.UndefinedFunction, "no binary input function available for type %s", f.s.typeName(t.OID))
	}
	return t.Receive(&f.s.types, b, f.typmods[i])
}
