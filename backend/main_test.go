package backend

import (
	"bytes"
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

	"pgd/daemon/handoff"
)

const scramFromHere = "host all all 127.0.0.1/32 scram-sha-256\n"

func startupPacket(version uint32, params ...string) []byte {
	b := binary.BigEndian.AppendUint32(nil, version)
	for _, p := range params {
		b = append(append(b, p...), 0)
	}
	b = append(b, 0)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(b)+4)), b...)
}

// all reads until the other side closes.
func all(t *testing.T, conn net.Conn) []byte {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	b, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatal(err)
	}
	return b
}

// fields takes an ErrorResponse apart.
func fields(b []byte) map[byte]string {
	out := map[byte]string{}
	if len(b) < 5 || b[0] != 'E' {
		return out
	}
	for _, f := range bytes.Split(b[5:], []byte{0}) {
		if len(f) > 0 {
			out[f[0]] = string(f[1:])
		}
	}
	return out
}

// Ensure that a client is let in, served and left with status 0, and that the log has PostgreSQL's lines.
func TestServe(t *testing.T) {
	p := newPostmaster(t, scramFromHere, "log_connections", "on")
	pg, c, err := p.login("admin", "postgres", "sesame")
	if err != nil {
		t.Fatalf("%v; log: %s", err, c.log)
	}
	if r := p.keeper.report(); r.Kind != handoff.ReportAuthenticated || r.Role != "admin" {
		t.Errorf("report %+v", r)
	}
	if pg.PID() != uint32(c.cmd.Process.Pid) || pg.ParameterStatus("is_superuser") != "on" {
		t.Errorf("pid %d, is_superuser %s", pg.PID(), pg.ParameterStatus("is_superuser"))
	}
	pg.Close(context.Background())
	if s := c.status(); s != 0 {
		t.Errorf("status %d", s)
	}
	for _, want := range []string{"connection received: host=127.0.0.1 port=", `connection authenticated: identity="admin" method=scram-sha-256 (`,
		"connection authorized: user=admin database=postgres"} {
		if !strings.Contains(c.log.String(), want) {
			t.Errorf("log lacks %q:\n%s", want, c.log)
		}
	}
}

// Ensure that refusals reach the client as FATAL and end the process with status 1.
func TestRefusals(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	for _, c := range []struct{ user, db, password, code string }{
		{"admin", "postgres", "wrong", "28P01"}, {"nobody", "postgres", "x", "28P01"}, {"admin", "nope", "sesame", "3D000"}, {"admin", "template0", "sesame", "55000"},
	} {
		_, child, err := p.login(c.user, c.db, c.password)
		var pe *pgconn.PgError
		if !errors.As(err, &pe) || pe.Code != c.code || pe.Severity != "FATAL" {
			t.Errorf("%+v: %v", c, err)
		}
		if s := child.status(); s != 1 {
			t.Errorf("%+v: status %d", c, s)
		}
	}
	conn, child := p.client(func(c *handoff.Client) { c.RefuseCode, c.Refuse = "53300", "sorry, too many clients already" })
	conn.Write(startupPacket(3<<16, "user", "admin"))
	if f := fields(all(t, conn)); f['C'] != "53300" || f['M'] != "sorry, too many clients already" || f['S'] != "FATAL" {
		t.Errorf("refused with %v", f)
	}
	if s := child.status(); s != 1 {
		t.Errorf("status %d", s)
	}
}

// Ensure that what is no startup packet is closed with the right word or none, and never stops the process from ending.
func TestBadStartup(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	ssl := []byte{0, 0, 0, 8, 4, 210, 22, 47}
	gss := []byte{0, 0, 0, 8, 4, 210, 22, 48}
	for name, c := range map[string]struct {
		send   []byte
		answer string // what comes first
		code   string
		status int
	}{
		"nothing":          {nil, "", "", 0},
		"HTTP":             {[]byte("GET / HTTP/1.1\r\n\r\n"), "", "", 1},
		"TLS at once":      {[]byte{0x16, 3, 1, 2, 0, 1, 0, 1, 252}, "", "", 1},
		"too long":         {[]byte{0, 0, 0x27, 0x11, 0, 3, 0, 0}, "", "", 1},
		"short":            {[]byte{0, 0, 0, 4}, "", "", 1},
		"cut off":          {startupPacket(3<<16, "user", "admin")[:12], "", "", 1},
		"old version":      {startupPacket(2<<16, "user", "admin"), "", "0A000", 1},
		"new major":        {startupPacket(4<<16, "user", "admin"), "", "0A000", 1},
		"no user":          {startupPacket(3<<16, "database", "x"), "", "28000", 1},
		"no end":           {[]byte{0, 0, 0, 14, 0, 3, 0, 0, 'u', 's', 'e', 'r', 0, 'x'}, "", "08P01", 1},
		"SSL then SSL":     {append(append([]byte{}, ssl...), ssl...), "N", "0A000", 1},
		"GSS, SSL, nobody": {append(append(append([]byte{}, gss...), ssl...), startupPacket(3<<16, "database", "x")...), "NN", "28000", 1},
	} {
		conn, child := p.client()
		conn.Write(c.send)
		conn.(*net.TCPConn).CloseWrite()
		got := all(t, conn)
		if !bytes.HasPrefix(got, []byte(c.answer)) {
			t.Errorf("%s: answer %q", name, got)
			continue
		}
		if f := fields(got[len(c.answer):]); f['C'] != c.code {
			t.Errorf("%s: %v, want %s", name, f, c.code)
		}
		if s := child.status(); s != c.status {
			t.Errorf("%s: status %d, want %d; log: %s", name, s, c.status, child.log)
		}
	}
}

// Ensure that a newer minor version is negotiated down and unknown options are named.
func TestNegotiate(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	conn, _ := p.client()
	conn.Write(startupPacket(3<<16|9, "user", "admin", "_pq_.future", "1"))
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	head := make([]byte, 5)
	if _, err := io.ReadFull(conn, head); err != nil || head[0] != 'v' {
		t.Fatalf("%q %v", head, err)
	}
	body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
	io.ReadFull(conn, body)
	if want := "\x00\x03\x00\x02\x00\x00\x00\x01_pq_.future\x00"; string(body) != want {
		t.Errorf("body %q", body)
	}
}

// Ensure that a message of the wrong kind or length in the exchange is refused as PostgreSQL does.
func TestBadExchange(t *testing.T) {
	p := newPostmaster(t, "host postgres all all scram-sha-256\nhost all all all password\n")
	for _, c := range []struct{ db, send, code, message string }{
		{"postgres", "Q\x00\x00\x00\x05\x00", "08P01", "expected SASL response, got message type 81"},
		{"x", "Q\x00\x00\x00\x05\x00", "08P01", "expected password response, got message type 81"},
		{"postgres", "p\x00\x00\x00\x05\x00", "08P01", "client selected an invalid SASL authentication mechanism"},
		{"postgres", "p\x7f\x00\x00\x05\x00", "28P01", `password authentication failed for user "admin"`},
		{"x", "p\x00\x00\x00\x05\x00", "28P01", "empty password returned by client"},
		{"x", "p\x00\x00\x00\x06a\x00", "28P01", `password authentication failed for user "admin"`},
		{"x", "p\x00\x00\x00\x05a", "08P01", "invalid password packet size"},
	} {
		conn, child := p.client()
		conn.Write(startupPacket(3<<16, "user", "admin", "database", c.db))
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		head := make([]byte, 5)
		io.ReadFull(conn, head)
		io.ReadFull(conn, make([]byte, binary.BigEndian.Uint32(head[1:])-4))
		conn.Write([]byte(c.send))
		if f := fields(all(t, conn)); f['C'] != c.code || f['M'] != c.message {
			t.Errorf("%+v: %v", c, f)
		}
		if s := child.status(); s != 1 {
			t.Errorf("%+v: status %d", c, s)
		}
	}
}

// Ensure that whoever does not finish in time is closed without a word, in any state of the exchange.
func TestAuthenticationTimeout(t *testing.T) {
	p := newPostmaster(t, scramFromHere, "authentication_timeout", "1")
	for name, send := range map[string][]byte{"nothing": nil, "half": {0, 0}, "no password": startupPacket(3<<16, "user", "admin")} {
		conn, child := p.client()
		conn.Write(send)
		began := time.Now()
		if b := all(t, conn); len(b) > 0 && b[0] != 'R' {
			t.Errorf("%s: %q", name, b)
		}
		if took := time.Since(began); took < 500*time.Millisecond || took > 10*time.Second {
			t.Errorf("%s: closed after %s", name, took)
		}
		if s := child.status(); s != 1 {
			t.Errorf("%s: status %d", name, s)
		}
		if name == "no password" && !strings.Contains(child.log.String(), "canceling authentication due to timeout") {
			t.Errorf("log: %s", child.log)
		}
	}
}

// Ensure that a cancel request becomes a report and nothing else.
func TestCancelRequest(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	conn, child := p.client()
	conn.Write([]byte{0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 99, 1, 2, 3, 4})
	if b := all(t, conn); len(b) != 0 {
		t.Errorf("answered %q", b)
	}
	if r := child.report(); r.Kind != handoff.ReportCancel || r.CancelPID != 99 || !bytes.Equal(r.CancelSecret, []byte{1, 2, 3, 4}) {
		t.Errorf("report %+v", r)
	}
	if s := child.status(); s != 0 {
		t.Errorf("status %d", s)
	}
}

// Ensure that signals and the postmaster's end mean what they mean in PostgreSQL.
func TestSignals(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	spare := p.spare()
	spare.cmd.Process.Signal(syscall.SIGINT)
	spare.cmd.Process.Signal(syscall.SIGTERM)
	if s := spare.status(); s != 0 {
		t.Errorf("spare: status %d", s)
	}
	orphan := p.spare()
	orphan.control.Close()
	if s := orphan.status(); s != 1 {
		t.Errorf("orphaned spare: status %d", s)
	}
	ended := func(name string, status int, message string, end func(c *child)) {
		t.Helper()
		pg, c, err := p.login("admin", "postgres", "sesame")
		if err != nil {
			t.Fatal(err)
		}
		end(c)
		if message != "" {
			ctx, done := context.WithTimeout(context.Background(), 20*time.Second)
			defer done()
			var got string
			if msg, err := pg.ReceiveMessage(ctx); err == nil {
				got = fmt.Sprintf("%+v", msg)
			} else {
				got = err.Error()
			}
			if !strings.Contains(got, message) || !strings.Contains(got, "57P01") {
				t.Errorf("%s: %s", name, got)
			}
		}
		if s := c.status(); s != status {
			t.Errorf("%s: status %d", name, s)
		}
	}
	ended("SIGTERM", 1, "terminating connection due to administrator command", func(c *child) { c.cmd.Process.Signal(syscall.SIGTERM) })
	ended("SIGQUIT", 2, "", func(c *child) { c.cmd.Process.Signal(syscall.SIGQUIT) })
	ended("orphan", 1, "terminating connection due to unexpected postmaster exit", func(c *child) { c.control.Close() })
}

// Ensure that a spare has no descriptors but those it was given, writes no core file and cannot be looked into.
func TestSpareIsBare(t *testing.T) {
	p := newPostmaster(t, scramFromHere)
	c := p.spare()
	proc := fmt.Sprintf("/proc/%d/", c.cmd.Process.Pid)
	fds, err := os.ReadDir(proc + "fd")
	if err != nil {
		t.Skip(err)
	}
	sockets := 0
	for _, fd := range fds {
		to, _ := os.Readlink(proc + "fd/" + fd.Name())
		switch {
		case strings.HasPrefix(to, "socket:"):
			sockets++
		case fd.Name() == "0", fd.Name() == "1", fd.Name() == "2", strings.HasPrefix(to, "anon_inode:"):
		case strings.HasPrefix(to, "/sys/fs/cgroup/"): // by which the Go runtime follows the limit on processors
		default:
			t.Errorf("descriptor %s is %s", fd.Name(), to)
		}
	}
	if sockets != 2 {
		t.Errorf("%d sockets, want the control channel and the keeper's", sockets)
	}
	limits, err := os.ReadFile(proc + "limits")
	if err != nil || !strings.Contains(string(limits), "Max core file size        0                    0") {
		t.Errorf("limits %v: %s", err, limits)
	}
}
