package session

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// spool keeps rows that have been computed and not yet sent, in memory up to work_mem and in a file of the database's
// temporary directory beyond. Rows are numbered from 0 and can be read in any order.
type spool struct {
	columns int
	offsets []int64 // where each row begins, counted over file and memory
	mem     []byte  // the rows that are not in the file
	file    *os.File
	inFile  int64
	limit   int
	dir     string
}

func (s *session) newSpool(columns int) *spool {
	return &spool{columns: columns, limit: max(64<<10, int(s.intSetting("work_mem"))<<10), dir: filepath.Join(s.Dir, "tmp")}
}

func (p *spool) len() int64 { return int64(len(p.offsets)) }

// drain takes rows from src until there are no more (all is then true) or, where most is not negative, that many have been taken.
func (p *spool) drain(s *session, src source, most int64) (all bool, err error) {
	for n := int64(0); most < 0 || n < most; n++ {
		ok, err := src.Step()
		if err != nil {
			return false, err
		}
		if !ok {
			return true, nil
		}
		if err := p.add(src); err != nil {
			return false, err
		}
		if n&1023 == 1023 {
			if err := s.interrupts.pending(); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// add appends the row src stands on.
func (p *spool) add(src source) error {
	p.offsets = append(p.offsets, p.inFile+int64(len(p.mem)))
	for i := range p.columns {
		v := src.Value(i)
		p.mem = append(p.mem, byte(v.Kind))
		switch v.Kind {
		case types.Int:
			p.mem = binary.AppendVarint(p.mem, v.I)
		case types.Float:
			p.mem = binary.BigEndian.AppendUint64(p.mem, math.Float64bits(v.F))
		case types.Text, types.Blob:
			p.mem = binary.AppendUvarint(p.mem, uint64(len(v.B)))
			p.mem = append(p.mem, v.B...)
		}
	}
	if len(p.mem) > p.limit {
		return p.spill()
	}
	return nil
}

// spill moves what is in memory to the file, which has no name and goes away with its descriptor.
func (p *spool) spill() error {
	if p.file == nil {
		f, err := os.CreateTemp(p.dir, "spool-*")
		if err != nil {
			return fileError("create", err)
		}
		p.file = f
		if err := os.Remove(f.Name()); err != nil {
			return fileError("remove", err)
		}
	}
	if _, err := p.file.WriteAt(p.mem, p.inFile); err != nil {
		return fileError("write", err)
	}
	p.inFile += int64(len(p.mem))
	p.mem = p.mem[:0]
	return nil
}

func fileError(what string, err error) error {
	return pgerr.New(pgerr.IoError, "could not %s temporary file: %s", what, pgerr.From(err).Message).WithCause(err)
}

// read decodes row n into row; bytes are borrowed from buf, which is grown and returned.
func (p *spool) read(n int64, row []types.Value, buf []byte) ([]byte, error) {
	from := p.offsets[n]
	to := p.inFile + int64(len(p.mem))
	if n+1 < p.len() {
		to = p.offsets[n+1]
	}
	var b []byte
	if from >= p.inFile {
		b = p.mem[from-p.inFile : to-p.inFile]
	} else {
		if int64(cap(buf)) < to-from {
			buf = make([]byte, to-from)
		}
		b = buf[:to-from]
		if _, err := p.file.ReadAt(b, from); err != nil {
			return buf, fileError("read", err)
		}
	}
	for i := range row {
		k := types.Kind(b[0])
		b = b[1:]
		v := types.Value{Kind: k}
		switch k {
		case types.Int:
			x, m := binary.Varint(b)
			v.I, b = x, b[m:]
		case types.Float:
			v.F, b = math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:]
		case types.Text, types.Blob:
			l, m := binary.Uvarint(b)
			v.B, b = b[m:m+int(l):m+int(l)], b[m+int(l):]
		}
		row[i] = v
	}
	return buf, nil
}

func (p *spool) close() {
	if p.file != nil {
		_ = p.file.Close()
		p.file = nil
	}
	p.mem, p.offsets = nil, nil
}

// spoolReader gives a spool's rows in order, from row at on.
type spoolReader struct {
	sp  *spool
	at  int64
	row []types.Value
	buf []byte
}

func (r *spoolReader) Step() (bool, error) {
	if r.at >= r.sp.len() {
		return false, nil
	}
	if r.row == nil {
		r.row = make([]types.Value, r.sp.columns)
	}
	var err error
	r.buf, err = r.sp.read(r.at, r.row, r.buf)
	r.at++
	return err == nil, err
}

func (r *spoolReader) Value(i int) types.Value { return r.row[i] }
