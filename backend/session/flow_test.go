package session

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// flow is one scripted conversation.
type flow struct {
	name string
	send []string
	want []string
}

// connectTo connects to a server by a connection string.
func connectTo(t *testing.T, to string) *pgconn.PgConn {
	c, err := pgconn.Connect(context.Background(), to)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// readFlows reads the script and, where there are any, the answers recorded from PostgreSQL.
func readFlows(t *testing.T) []flow {
	b, err := os.ReadFile("testdata/flows.txt")
	if err != nil {
		t.Fatal(err)
	}
	var flows []flow
	for _, line := range strings.Split(string(b), "\n") {
		switch {
		case strings.HasPrefix(line, "== "):
			flows = append(flows, flow{name: line[3:]})
		case strings.HasPrefix(line, "> "):
			f := &flows[len(flows)-1]
			f.send = append(f.send, line[2:])
		}
	}
	b, err = os.ReadFile("testdata/flows.answers")
	if err != nil {
		return flows
	}
	at := map[string]*flow{}
	for i := range flows {
		at[flows[i].name] = &flows[i]
	}
	var f *flow
	for _, line := range strings.Split(string(b), "\n") {
		switch {
		case strings.HasPrefix(line, "== "):
			f = at[line[3:]]
		case line != "" && f != nil:
			f.want = append(f.want, line)
		}
	}
	return flows
}

// splitFlows gives the lines of all scripts.
func splitFlows(text string) (lines []string) {
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "> ") {
			lines = append(lines, line[2:])
		}
	}
	return lines
}

// encode makes the message of a script's line.
func encode(line string) []byte {
	kind, rest := line[0], strings.TrimPrefix(line[1:], " ")
	part := strings.Split(rest, "|")
	for len(part) < 3 {
		part = append(part, "")
	}
	z := func(s string) []byte { return append([]byte(s), 0) }
	var body []byte
	switch kind {
	case 'Q':
		body = z(rest)
	case 'P':
		i := strings.IndexByte(rest, '|')
		body = append(append(z(rest[:i]), z(rest[i+1:])...), 0, 0)
	case 'B':
		body = append(append(z(part[0]), z(part[1])...), 0, 0)
		params := strings.Split(rest, "|")[2:]
		if len(params) == 1 && params[0] == "" {
			params = nil
		}
		body = binary.BigEndian.AppendUint16(body, uint16(len(params)))
		for _, p := range params {
			if p == "\\N" {
				body = append(body, 0xff, 0xff, 0xff, 0xff)
				continue
			}
			body = append(binary.BigEndian.AppendUint32(body, uint32(len(p))), p...)
		}
		body = append(body, 0, 0)
	case 'D', 'C':
		name := ""
		if len(rest) > 2 {
			name = rest[2:]
		}
		body = append([]byte{rest[0]}, z(name)...)
	case 'E':
		n := 0
		fmt.Sscan(part[1], &n)
		body = binary.BigEndian.AppendUint32(z(part[0]), uint32(n))
	case 'd':
		body = unescape(rest)
	case 'f':
		body = z(rest)
	case 'F':
		body = []byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	}
	b := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return append(b, body...)
}

// unescape reads \t, \n, \r, \\ and \xNN.
func unescape(s string) (b []byte) {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b = append(b, '\t')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 'x':
			var c byte
			fmt.Sscanf(s[i+1:i+3], "%02x", &c)
			b = append(b, c)
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return b
}

// converse plays a script and writes down what comes back.
func converse(conn net.Conn, send []string) (got []string, err error) {
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	f := pgproto3.NewFrontend(conn, conn)
	var pending []byte
	for _, line := range send {
		pending = append(pending, encode(line)...)
	}
	// What follows the script makes its end known: one more query whose answer cannot be mistaken.
	if _, err := conn.Write(append(pending, encode("Q select 'the end'")...)); err != nil {
		return nil, err
	}
	for {
		m, err := f.Receive()
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
			return append(got, "End"), nil
		}
		if err != nil {
			return got, err
		}
		line := describeMessage(m)
		got = append(got, line)
		if line == "Data the end" {
			break
		}
	}
	// The last query's own messages are not part of the answer.
	return got[:len(got)-2], nil
}

func describeMessage(m pgproto3.BackendMessage) string {
	switch m := m.(type) {
	case *pgproto3.RowDescription:
		var s []string
		for _, f := range m.Fields {
			s = append(s, fmt.Sprintf("%s:%d:%d:%d:%d", f.Name, f.DataTypeOID, f.DataTypeSize, f.TypeModifier, f.Format))
		}
		return "Row " + strings.Join(s, " ")
	case *pgproto3.DataRow:
		var s []string
		for _, v := range m.Values {
			if v == nil {
				s = append(s, "NULL")
				continue
			}
			s = append(s, string(v))
		}
		return "Data " + strings.ReplaceAll(strings.Join(s, "|"), "\n", `\n`)
	case *pgproto3.CommandComplete:
		return "Complete " + string(m.CommandTag)
	case *pgproto3.ErrorResponse:
		s := fmt.Sprintf("Error %s %s %s", m.Severity, m.Code, m.Message)
		for _, x := range []struct{ name, v string }{{"detail", m.Detail}, {"hint", m.Hint}, {"where", m.Where}} {
			if x.v != "" {
				s += " " + x.name + "=" + strings.ReplaceAll(x.v, "\n", `\n`)
			}
		}
		if m.Position != 0 {
			s += fmt.Sprintf(" position=%d", m.Position)
		}
		return s
	case *pgproto3.NoticeResponse:
		return fmt.Sprintf("Notice %s %s %s", m.Severity, m.Code, m.Message)
	case *pgproto3.ReadyForQuery:
		return "Ready " + string(m.TxStatus)
	case *pgproto3.ParameterStatus:
		return "Status " + m.Name + "=" + m.Value
	case *pgproto3.ParameterDescription:
		return fmt.Sprint("Parameters ", m.ParameterOIDs)
	case *pgproto3.CopyInResponse:
		return fmt.Sprint("CopyIn ", m.OverallFormat, m.ColumnFormatCodes)
	case *pgproto3.CopyOutResponse:
		return fmt.Sprint("CopyOut ", m.OverallFormat, m.ColumnFormatCodes)
	case *pgproto3.CopyData:
		return fmt.Sprintf("CopyData %q", m.Data)
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", m), "*pgproto3.")
}

// Ensure that conversations go message for message as PostgreSQL's do. PGD_ORACLE=user=… host=… records the answers of a server.
func TestFlows(t *testing.T) {
	if oracle := os.Getenv("PGD_ORACLE"); oracle != "" {
		recordFlows(t, oracle)
		return
	}
	s := newSite(t)
	for _, f := range readFlows(t) {
		t.Run(f.name, func(t *testing.T) {
			c := s.connect()
			h, err := c.Hijack()
			if err != nil {
				t.Fatal(err)
			}
			defer h.Conn.Close()
			got, err := converse(h.Conn, f.send)
			if err != nil {
				t.Errorf("%v", err)
			}
			for i := 0; i < max(len(got), len(f.want)); i++ {
				var g, w string
				if i < len(got) {
					g = got[i]
				}
				if i < len(f.want) {
					w = f.want[i]
				}
				if g != w {
					t.Errorf("message %d\n got %s\nwant %s\nall: %s", i+1, g, w, strings.Join(got, "; "))
					break
				}
			}
		})
	}
}

func recordFlows(t *testing.T, oracle string) {
	var b strings.Builder
	b.WriteString("# Recorded from PostgreSQL by TestFlows.\n")
	for _, f := range readFlows(t) {
		c := connectTo(t, oracle)
		h, err := c.Hijack()
		if err != nil {
			t.Fatal(err)
		}
		got, err := converse(h.Conn, f.send)
		h.Conn.Close()
		if err != nil {
			t.Fatalf("%s: %v %v", f.name, err, got)
		}
		b.WriteString("== " + f.name + "\n" + strings.Join(got, "\n") + "\n\n")
	}
	if err := os.WriteFile("testdata/flows.answers", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
