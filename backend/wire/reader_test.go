package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"

	"pgd/backend/pgerr"
)

func message(kind byte, body string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return append(b, body...)
}

// Ensure that messages come out whole however the connection cuts them.
func TestReaderReassembles(t *testing.T) {
	long := string(bytes.Repeat([]byte("x"), 3*keepBuffer))
	var in []byte
	in = append(in, message(MsgQuery, "select 1\x00")...)
	in = append(in, message(MsgCopyData, long)...)
	in = append(in, message(MsgSync, "")...)
	for name, src := range map[string]io.Reader{
		"whole": bytes.NewReader(in), "one byte": iotest.OneByteReader(bytes.NewReader(in)), "with error": iotest.DataErrReader(bytes.NewReader(in)),
	} {
		r := NewReader(src)
		for _, want := range []struct {
			kind byte
			body string
		}{{MsgQuery, "select 1\x00"}, {MsgCopyData, long}, {MsgSync, ""}} {
			kind, body, err := r.Next(&SessionLimits)
			if err != nil || kind != want.kind || string(body) != want.body {
				t.Fatalf("%s: got %c, %d bytes, %v", name, kind, len(body), err)
			}
		}
		if _, _, err := r.Next(&SessionLimits); err != io.EOF {
			t.Errorf("%s: end is %v", name, err)
		}
	}
}

// Ensure that a deadline inside a message loses nothing.
func TestReaderResumes(t *testing.T) {
	m := message(MsgQuery, "select 1\x00")
	steps := []func(p []byte) (int, error){
		func(p []byte) (int, error) { return copy(p, m[:3]), nil },
		func(p []byte) (int, error) { return 0, os.ErrDeadlineExceeded },
		func(p []byte) (int, error) { return copy(p, m[3:4]), os.ErrDeadlineExceeded },
		func(p []byte) (int, error) { return copy(p, m[4:]), nil },
	}
	r := NewReader(readerFunc(func(p []byte) (int, error) {
		s := steps[0]
		steps = steps[1:]
		return s(p)
	}))
	for range 2 {
		if _, _, err := r.Next(&SessionLimits); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
	}
	if kind, body, err := r.Next(&SessionLimits); err != nil || kind != MsgQuery || string(body) != "select 1\x00" {
		t.Fatalf("%c %q %v", kind, body, err)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Ensure that lengths and kinds out of bounds end the conversation, and that no memory is taken for what was only announced.
func TestReaderLimits(t *testing.T) {
	for name, in := range map[string]string{
		"too short":      "Q\x00\x00\x00\x03",
		"too long":       "Q\x7f\xff\xff\xff",
		"negative":       "Q\xff\xff\xff\xff",
		"long for small": "S\x00\x00\xff\xff",
		"unknown kind":   "\x00\x00\x00\x00\x04",
		"password":       "p\x00\x00\x00\x05\x00",
	} {
		r := NewReader(bytes.NewReader([]byte(in)))
		for range 2 {
			_, _, err := r.Next(&SessionLimits)
			if e := pgerr.From(err); e == nil || e.Code != pgerr.ProtocolViolation || e.Severity != pgerr.SevFatal {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	r := NewReader(bytes.NewReader([]byte("Q\x30\x00\x00\x00some")))
	if _, _, err := r.Next(&SessionLimits); err != io.ErrUnexpectedEOF || len(r.buf) > keepBuffer {
		t.Errorf("announced only: %v, %d bytes", err, len(r.buf))
	}
}

func FuzzReader(f *testing.F) {
	f.Add(append(message(MsgQuery, "select 1\x00"), message(MsgTerminate, "")...))
	f.Add(message(MsgCopyData, "1\t2\n"))
	f.Add([]byte("Q\x30\x00\x00\x00some"))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in))
		for {
			if _, _, err := r.Next(&SessionLimits); err != nil {
				return
			}
		}
	})
}

func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		"s1\x00select $1\x00\x00\x01\x00\x00\x00\x17",
		"\x00s1\x00\x00\x01\x00\x01\x00\x02\x00\x00\x00\x04abcd\xff\xff\xff\xff\x00\x00",
		"Ss1\x00", "p1\x00\x00\x00\x00\x0a", "\x00\x00\xff\xff", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var p Parse
		var b Bind
		var d Target
		var e Execute
		_, err := Text(in)
		for _, err := range []error{p.Decode(in), b.Decode(in), d.Decode(in), e.Decode(in), Empty(in), err} {
			if err != nil && pgerr.Code(err) != pgerr.ProtocolViolation {
				t.Fatal(err)
			}
		}
	})
}

// Ensure that a Bind is read field for field, NULL and empty values apart.
func TestBindDecode(t *testing.T) {
	var b Bind
	if err := b.Decode([]byte("p\x00s\x00\x00\x01\x00\x01\x00\x03\x00\x00\x00\x01a\xff\xff\xff\xff\x00\x00\x00\x00\x00\x01\x00\x01")); err != nil {
		t.Fatal(err)
	}
	if string(b.Portal) != "p" || string(b.Statement) != "s" || len(b.Params) != 3 || string(b.Params[0]) != "a" || b.Params[1] != nil || b.Params[2] == nil ||
		len(b.ParamFormats) != 1 || len(b.ResultFormats) != 1 {
		t.Errorf("%+v", b)
	}
	for in, want := range map[string]string{
		"p\x00s":                              "invalid string in message",
		"p\x00s\x00\x00":                      "insufficient data left in message",
		"p\x00s\x00\x00\x00\x00\x00\x00\x00x": "invalid message format",
	} {
		if err := b.Decode([]byte(in)); err == nil || pgerr.From(err).Message != want {
			t.Errorf("%q: %v", in, err)
		}
	}
}
