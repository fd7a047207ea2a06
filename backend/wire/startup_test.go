package wire

import (
	"bytes"
	"encoding/binary"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"pgd/backend/pgerr"
)

func packet(version uint32, rest string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(rest)+8))
	return string(binary.BigEndian.AppendUint32(b, version)) + rest
}

// Ensure that each kind of first packet is told from the others.
func TestReadStartup(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want Startup
	}{
		"session": {packet(Protocol30, "user\x00joe\x00application_name\x00\x00\x00"),
			Startup{Protocol: Protocol30, Asked: Protocol30, Params: map[string]string{"user": "joe", "database": "joe", "application_name": ""}}},
		"3.2 with an option": {packet(Protocol32, "user\x00joe\x00database\x00d\x00_pq_.x\x001\x00\x00"),
			Startup{Protocol: Protocol32, Asked: Protocol32, Params: map[string]string{"user": "joe", "database": "d"}, Unknown: []string{"_pq_.x"}}},
		"newer": {packet(3<<16|9, "user\x00joe\x00\x00"),
			Startup{Protocol: Protocol32, Asked: 3<<16 | 9, Params: map[string]string{"user": "joe", "database": "joe"}}},
		"long name": {packet(Protocol30, "user\x00"+strings.Repeat("é", 40)+"\x00database\x00d\x00\x00"),
			Startup{Protocol: Protocol30, Asked: Protocol30, Params: map[string]string{"user": strings.Repeat("é", 31), "database": "d"}}},
		"ssl":    {packet(codeSSL, ""), Startup{Kind: StartSSL}},
		"gss":    {packet(codeGSSENC, ""), Startup{Kind: StartGSSENC}},
		"cancel": {packet(codeCancel, "\x00\x00\x00\x07abcd"), Startup{Kind: StartCancel, CancelPID: 7, CancelKey: []byte("abcd")}},
		"cancel with a long key": {packet(codeCancel, "\x00\x00\x00\x07"+strings.Repeat("k", 32)),
			Startup{Kind: StartCancel, CancelPID: 7, CancelKey: bytes.Repeat([]byte("k"), 32)}},
	} {
		src := strings.NewReader(c.in + "more")
		got, err := ReadStartup(src)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if src.Len() != 4 {
			t.Errorf("%s: %d bytes left", name, src.Len())
		}
	}
}

// Ensure that what is no startup packet gets PostgreSQL's answer, or none where it gives none.
func TestReadStartupRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in, code, message string
		silent            bool
	}{
		"HTTP":          {"GET / HTTP/1.1\r\n\r\n", pgerr.ProtocolViolation, "invalid length of startup packet", true},
		"too long":      {"\x00\x00\x27\x11", pgerr.ProtocolViolation, "invalid length of startup packet", true},
		"too short":     {"\x00\x00\x00\x04", pgerr.ProtocolViolation, "invalid length of startup packet", true},
		"cut in length": {"\x00\x00", pgerr.ProtocolViolation, "incomplete startup packet", true},
		"cut in body":   {"\x00\x00\x00\x10\x00\x03", pgerr.ProtocolViolation, "incomplete startup packet", true},
		"version 2":     {packet(2<<16, strings.Repeat("\x00", 288)), pgerr.FeatureNotSupported, "unsupported frontend protocol 2.0: server supports 3.0 to 3.2", false},
		"version 4":     {packet(4<<16, "\x00"), pgerr.FeatureNotSupported, "unsupported frontend protocol 4.0: server supports 3.0 to 3.2", false},
		"no user":       {packet(Protocol30, "\x00"), pgerr.InvalidAuthorizationSpecification, "no PostgreSQL user name specified in startup packet", false},
		"no end":        {packet(Protocol30, "user\x00joe\x00"), pgerr.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte", false},
		"after the end": {packet(Protocol30, "user\x00joe\x00\x00x"), pgerr.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte", false},
		"name alone":    {packet(Protocol30, "user\x00"), pgerr.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte", false},
		"bad UTF-8":     {packet(Protocol30, "user\x00\xff\x00\x00"), pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\" in startup packet", false},
		"short cancel":  {packet(codeCancel, "ab"), pgerr.ProtocolViolation, "invalid length of startup packet", true},
	} {
		_, err := ReadStartup(strings.NewReader(c.in))
		if e := pgerr.From(err); e == nil || e.Code != c.code || e.Message != c.message || e.Severity != pgerr.SevFatal || Silent(err) != c.silent {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadStartup(strings.NewReader("")); err != io.EOF {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzStartup(f *testing.F) {
	f.Add([]byte(packet(Protocol30, "user\x00joe\x00\x00")))
	f.Add([]byte(packet(codeCancel, "\x00\x00\x00\x07abcd")))
	f.Add([]byte(packet(codeSSL, "")))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, err := ReadStartup(bytes.NewReader(in))
		if err == nil && s.Kind == StartSession && (s.Params["user"] == "" || s.Params["database"] == "") {
			t.Fatalf("%+v", s)
		}
	})
}

// Ensure that a client's library reads what the writer builds.
func TestWriterIsUnderstood(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	w.AuthenticationOk()
	w.ParameterStatus("a", "b")
	w.BackendKeyData(Protocol32, 7, bytes.Repeat([]byte("k"), 32))
	w.RowDescription([]Column{{Name: "x", Type: 23, Len: 4, Typmod: -1}})
	w.Begin(OutDataRow)
	w.Int16(2)
	mark := w.Field()
	w.Buf = append(w.Buf, "42"...)
	w.EndField(mark)
	w.Null()
	w.End()
	w.Begin(OutDataRow)
	w.Abandon()
	w.CommandCompleteRows("SELECT", 1)
	w.Error(&pgerr.Error{Code: "42601", Message: "bad\x00 thing", Position: 3, Hint: "h", Table: "t"})
	w.Error(pgerr.Notice("00000", "n"))
	w.CopyResponse(OutCopyIn, true, 2)
	w.ReadyForQuery('I')
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f := pgproto3.NewFrontend(&out, io.Discard)
	var got []string
	for {
		m, err := f.Receive()
		if err != nil {
			break
		}
		switch m := m.(type) {
		case *pgproto3.DataRow:
			if string(m.Values[0]) != "42" || m.Values[1] != nil {
				t.Errorf("%+v", m)
			}
		case *pgproto3.ErrorResponse:
			if m.Message != "bad thing" || m.Position != 3 || m.Severity != "ERROR" || m.TableName != "t" {
				t.Errorf("%+v", m)
			}
		case *pgproto3.CommandComplete:
			if string(m.CommandTag) != "SELECT 1" {
				t.Errorf("%+v", m)
			}
		}
		got = append(got, reflect.TypeOf(m).Elem().Name())
	}
	want := "AuthenticationOk ParameterStatus BackendKeyData RowDescription DataRow CommandComplete ErrorResponse NoticeResponse CopyInResponse ReadyForQuery"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got %s", s)
	}
}

// Ensure that a row costs no allocation.
func TestRowAllocatesNothing(t *testing.T) {
	w := NewWriter(io.Discard)
	row := func() {
		w.Begin(OutDataRow)
		w.Int16(1)
		mark := w.Field()
		w.Buf = append(w.Buf, "some text"...)
		w.EndField(mark)
		w.End()
	}
	for range 10000 {
		row()
	}
	if n := testing.AllocsPerRun(10000, row); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
