package e2e

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// Ensure that messages that are too long, of unknown kind, out of order or badly formed get the error or the FATAL PostgreSQL gives, and that the
// session goes on after an error and is gone after a FATAL.
func TestHostileMessages(t *testing.T) {
	s := startSite(t)
	const fatal, goesOn = true, false
	query := func(sql string) []byte { return message('Q', sql+"\x00") }
	sync := message('S', "")
	cat := func(parts ...[]byte) []byte {
		var all []byte
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	for _, c := range []struct {
		name string
		send []byte
		want string
		end  bool
	}{
		{"unknown kind", message('z', ""), "FATAL 08P01 invalid frontend message type 122; closed", fatal},
		{"kind zero", message(0, ""), "FATAL 08P01 invalid frontend message type 0; closed", fatal},
		{"startup packet again", startup("user", "x"), "FATAL 08P01 invalid frontend message type 0; closed", fatal},
		{"length below 4", []byte{'Q', 0, 0, 0, 3}, "FATAL 08P01 invalid message length; closed", fatal},
		{"negative length", []byte{'Q', 0xff, 0xff, 0xff, 0xff}, "FATAL 08P01 invalid message length; closed", fatal},
		{"query beyond 1 GB", []byte{'Q', 0x7f, 0xff, 0xff, 0xff}, "FATAL 08P01 invalid message length; closed", fatal},
		{"Sync with a large body", []byte{'S', 0, 1, 0, 0}, "", fatal},
		{"query without terminator", message('Q', "SELECT 1"), "ERROR 08P01 invalid string in message; ready I", goesOn},
		{"query with more", message('Q', "SELECT 1\x00SELECT 2\x00"), "ERROR 08P01 invalid message format; ready I", goesOn},
		{"empty query", query(""), "EmptyQueryResponse; ready I", goesOn},
		{"invalid UTF-8", query("SELECT '\xc3\x28'"), `ERROR 22021 invalid byte sequence for encoding "UTF8": 0xc3 0x28; ready I`, goesOn},
		{"overlong UTF-8", query("SELECT '\xc0\x80'"), `ERROR 22021 invalid byte sequence for encoding "UTF8": 0xc0 0x80; ready I`, goesOn},
		{"surrogate", query("SELECT '\xed\xa0\x80'"), `ERROR 22021 invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80; ready I`, goesOn},
		{"deep nesting", query("SELECT " + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000)), "ERROR 54001 stack depth limit exceeded; ready I", goesOn},
		{"Sync alone", sync, "ready I", goesOn},
		{"Parse without terminator", cat(message('P', "x"), sync), "ERROR 08P01 invalid string in message; ready I", goesOn},
		{"Parse of two statements", cat(message('P', "\x00SELECT 1; SELECT 2\x00\x00\x00"), sync), "ERROR 42601 cannot insert multiple commands into a prepared statement; ready I", goesOn},
		{"Parse with a cut count", cat(message('P', "\x00SELECT 1\x00\x00"), sync), "ERROR 08P01 insufficient data left in message; ready I", goesOn},
		{"Parse with fewer types than counted", cat(message('P', "\x00SELECT 1\x00\x00\x09"), sync), "ERROR 08P01 insufficient data left in message; ready I", goesOn},
		{"Bind to no statement", cat(message('B', "\x00nope\x00\x00\x00\x00\x00\x00\x00"), sync), `ERROR 26000 prepared statement "nope" does not exist; ready I`, goesOn},
		{"Execute of no portal", cat(message('E', "nope\x00\x00\x00\x00\x00"), sync), `ERROR 34000 portal "nope" does not exist; ready I`, goesOn},
		{"Describe of no portal", cat(message('D', "Pnope\x00"), sync), `ERROR 34000 portal "nope" does not exist; ready I`, goesOn},
		{"Describe of something else", cat(message('D', "Xnope\x00"), sync), "ERROR 08P01 invalid DESCRIBE message subtype 88; ready I", goesOn},
		{"Close of something else", cat(message('C', "Xnope\x00"), sync), "ERROR 08P01 invalid CLOSE message subtype 88; ready I", goesOn},
		{"Close of nothing there", cat(message('C', "Snope\x00"), sync), "CloseComplete; ready I", goesOn},
		{"skip until Sync", cat(message('D', "Pnope\x00"), message('E', "nope\x00\x00\x00\x00\x00"), query("SELECT 1"), sync), `ERROR 34000 portal "nope" does not exist; ready I`, goesOn},
		{"too few parameters", cat(message('P', "\x00SELECT $1::int\x00\x00\x00"), message('B', "\x00\x00\x00\x00\x00\x00\x00\x00"), sync),
			`ParseComplete; ERROR 08P01 bind message supplies 0 parameters, but prepared statement "" requires 1; ready I`, goesOn},
		{"parameter longer than the message", cat(message('P', "\x00SELECT $1::text\x00\x00\x00"), message('B', "\x00\x00\x00\x00\x00\x01\x7f\x00\x00\x00x\x00\x00"), sync),
			"ParseComplete; ERROR 08P01 insufficient data left in message; ready I", goesOn},
		{"parameter of a negative length", cat(message('P', "\x00SELECT $1::text\x00\x00\x00"), message('B', "\x00\x00\x00\x00\x00\x01\xff\xff\xff\xfe\x00\x00"), sync),
			"ParseComplete; ERROR 08P01 insufficient data left in message; ready I", goesOn},
		{"parameter with NUL", cat(message('P', "\x00SELECT $1::text\x00\x00\x00"), message('B', "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x03a\x00b\x00\x00"), sync),
			`ParseComplete; ERROR 22021 invalid byte sequence for encoding "UTF8": 0x00; ready I`, goesOn},
		{"parameter of invalid UTF-8", cat(message('P', "\x00SELECT $1::text\x00\x00\x00"), message('B', "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\xff\x00\x00"), sync),
			`ParseComplete; ERROR 22021 invalid byte sequence for encoding "UTF8": 0xff; ready I`, goesOn},
		{"binary parameter of a wrong length", cat(message('P', "\x00SELECT $1::int4\x00\x00\x00"), message('B', "\x00\x00\x00\x01\x00\x01\x00\x01\x00\x00\x00\x01x\x00\x00"), sync),
			"ParseComplete; ERROR 08P01 insufficient data left in message; ready I", goesOn},
		{"unsupported format", cat(message('P', "\x00SELECT $1::int4\x00\x00\x00"), message('B', "\x00\x00\x00\x01\x00\x09\x00\x01\x00\x00\x00\x01x\x00\x00"), sync),
			"ParseComplete; ERROR 22023 unsupported format code: 9; ready I", goesOn},
		{"Flush alone, then Sync", cat(message('H', ""), sync), "ready I", goesOn},
		{"copy data out of a copy", cat(message('d', "1\n"), message('c', ""), sync), "ready I", goesOn},
		{"copy failed out of a copy", cat(message('f', "no\x00"), sync), "ready I", goesOn},
		{"password in a session", message('p', "secret\x00"), "FATAL 08P01 invalid frontend message type 112; closed", fatal},
		{"function call", cat(message('F', "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), sync), "ERROR 0A000 function call messages are not supported; ready I; ready I", goesOn},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := s.session(t)
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			ready := strings.Count(c.want, "; ready") + map[bool]int{true: 1}[strings.HasPrefix(c.want, "ready")]
			_, _ = conn.Write(c.send)
			got := answers(conn, max(1, ready))
			if c.want != "" && got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if c.end == goesOn && !strings.HasSuffix(got, "closed") {
				_, _ = conn.Write(query("SELECT 1 AS one"))
				if got := answers(conn, 1); got != "RowDescription; row 1; SELECT 1; ready I" {
					t.Errorf("afterwards: %s", got)
				}
			}
		})
	}
}

// Ensure that a client that says it will send a lot and does not, costs the server nothing much.
func TestAnnouncedLength(t *testing.T) {
	s := startSite(t)
	var conns []net.Conn
	for range 4 {
		conn := s.session(t)
		_, _ = conn.Write(append(binary.BigEndian.AppendUint32([]byte{'Q'}, 1<<30-1), "SELECT"...))
		conns = append(conns, conn)
	}
	time.Sleep(300 * time.Millisecond)
	for _, p := range ours() {
		if p.rss > 200<<10 {
			t.Errorf("%s has %d kB", p, p.rss)
		}
	}
	for _, c := range conns {
		c.Close()
	}
	// A long statement is one, up to what memory gives.
	c := s.session(t)
	text := strings.Repeat("x", 4<<20)
	_, _ = c.Write(message('Q', fmt.Sprintf("SELECT length('%s')\x00", text)))
	if got := answers(c, 1); got != fmt.Sprintf("RowDescription; row %d; SELECT 1; ready I", len(text)) {
		t.Errorf("a long statement: %.200s", got)
	}
}
