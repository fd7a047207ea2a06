package session

import (
	"testing"
)

// Ensure that no data of a COPY FROM can do more than be refused, and that lines do not depend on how the data was cut.
func FuzzCopyData(f *testing.F) {
	for _, s := range []string{"1\t2\n", "a\\\nb\n\\.\n", "\"x\ny\",\"\"\"\"\r\n", "\\", "\r\r\n", "\\.x", "a,\"b", "\\x4", "\\0", "\\777"} {
		for _, format := range []copyFormat{copyText, copyCSV} {
			f.Add([]byte(s), byte(format), byte(3))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, format, cut byte) {
		o := copyOptions{delim: '\t', quote: '"', escape: '"', null: "\\N"}
		if copyFormat(format) == copyCSV {
			o.format, o.delim, o.null = copyCSV, ',', ""
		}
		if cut&0x80 != 0 {
			o.escape = '\\'
		}
		whole, werr := cutLines(&o, data, len(data)+1)
		parts, perr := cutLines(&o, data, int(cut&0x7f)+1)
		if (werr == nil) != (perr == nil) || len(whole) != len(parts) {
			t.Fatalf("%q: %q %v, in parts %q %v", data, whole, werr, parts, perr)
		}
		split := fieldSplitter{o: &o}
		for i := range whole {
			if whole[i] != parts[i] {
				t.Fatalf("%q: %q and %q", data, whole[i], parts[i])
			}
			_, _ = split.split([]byte(whole[i]))
		}
	})
}

func cutLines(o *copyOptions, data []byte, size int) (lines []string, err error) {
	r := &lineReader{o: o, more: func() ([]byte, error) {
		if len(data) == 0 {
			return nil, nil
		}
		n := min(size, len(data))
		piece := data[:n]
		data = data[n:]
		return piece, nil
	}}
	for {
		line, ok, err := r.next()
		if err != nil || !ok {
			return lines, err
		}
		lines = append(lines, string(line))
	}
}

// Ensure that a binary COPY's header and lengths are not trusted.
func FuzzCopyBinary(f *testing.F) {
	f.Add([]byte(copySignature + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x04abcd\xff\xff"))
	f.Add([]byte(copySignature + "\x00\x00\x00\x00\x7f\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &binaryReader{more: func() ([]byte, error) {
			if len(data) == 0 {
				return nil, nil
			}
			n := min(7, len(data))
			piece := data[:n]
			data = data[n:]
			return piece, nil
		}}
		if binaryHeader(r) == nil {
			_, _ = r.take(1 << 20)
		}
	})
}
