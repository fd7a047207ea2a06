package e2e

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// startup makes a startup packet of protocol 3.0 from names and values.
func startup(params ...string) []byte { return startupOf(3<<16, params...) }

func startupOf(version uint32, params ...string) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 4), version)
	for _, p := range params {
		b = append(append(b, p...), 0)
	}
	b = append(b, 0)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// message makes a message of a kind with a right length.
func message(kind byte, body string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4)), body...)
}

// readAll reads until the server closes.
func readAll(c net.Conn) []byte {
	b, _ := io.ReadAll(c)
	return b
}

// contains tells whether an error says something.
func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

// containsAll tells whether a text has all the others in it.
func containsAll(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// answers words what the server sent: a letter a message, errors with severity, SQLSTATE and text; "closed" at the end of the connection.
// It reads up to the given number of ReadyForQuery.
func answers(c net.Conn, ready int) string {
	f := pgproto3.NewFrontend(c, io.Discard)
	var out []string
	for ready > 0 {
		m, err := f.Receive()
		if err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				return strings.Join(append(out, "nothing more"), "; ")
			}
			return strings.Join(append(out, "closed"), "; ")
		}
		switch m := m.(type) {
		case *pgproto3.ErrorResponse:
			out = append(out, fmt.Sprintf("%s %s %s", m.Severity, m.Code, m.Message))
		case *pgproto3.NoticeResponse, *pgproto3.ParameterStatus, *pgproto3.BackendKeyData, *pgproto3.AuthenticationOk:
		case *pgproto3.ReadyForQuery:
			out = append(out, "ready "+string(m.TxStatus))
			ready--
		case *pgproto3.CommandComplete:
			out = append(out, string(m.CommandTag))
		case *pgproto3.DataRow:
			var cells []string
			for _, v := range m.Values {
				cells = append(cells, string(v))
			}
			out = append(out, "row "+strings.Join(cells, ","))
		default:
			out = append(out, strings.TrimPrefix(fmt.Sprintf("%T", m), "*pgproto3."))
		}
	}
	return strings.Join(out, "; ")
}

// session opens a bare session over the socket.
func (s *testSite) session(t testing.TB) net.Conn {
	t.Helper()
	c := s.dial("unix")
	if _, err := c.Write(startup("user", world.acct.name, "database", "postgres")); err != nil {
		t.Fatal(err)
	}
	if got := answers(c, 1); got != "ready I" {
		t.Fatalf("startup: %s", got)
	}
	return c
}
