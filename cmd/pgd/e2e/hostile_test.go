package e2e

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Ensure that whatever comes in place of a startup packet gets what PostgreSQL gives, or silence, and leaves the site up.
func TestHostileStartup(t *testing.T) {
	s := startSite(t, "authentication_timeout = 3s", "ssl = off")
	user := world.acct.name
	good := startup("user", user, "database", "postgres")
	long := binary.BigEndian.AppendUint32(nil, 10001)
	for _, c := range []struct {
		name string
		send []byte
		want string // "" is silence
	}{
		{"too long", append(long, bytes.Repeat([]byte{'x'}, 9997)...), "closed"},
		{"much too long", []byte{0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 0}, "closed"},
		{"too short", []byte{0, 0, 0, 4}, "closed"},
		{"negative length", []byte{0xff, 0xff, 0xff, 0xff, 0, 3, 0, 0}, "closed"},
		{"zero", make([]byte, 16), "closed"},
		{"truncated", good[:len(good)-5], "closed"},
		{"one byte", []byte{0}, "closed"},
		{"nothing", nil, "closed"},
		{"HTTP", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "closed"},
		{"TLS at once", []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), "closed"},
		{"SSH", []byte("SSH-2.0-OpenSSH_9.2\r\n"), "closed"},
		{"version 2.0", startupOf(2<<16, "user", user), "FATAL 0A000 unsupported frontend protocol 2.0: server supports 3.0 to 3.2; closed"},
		{"version 4.0", startupOf(4<<16, "user", user), "FATAL 0A000 unsupported frontend protocol 4.0: server supports 3.0 to 3.2; closed"},
		{"version of ones", startupOf(0xfffffff0, "user", user), "FATAL 0A000 unsupported frontend protocol 65535.65520: server supports 3.0 to 3.2; closed"},
		{"no user", startup("database", "postgres"), "FATAL 28000 no PostgreSQL user name specified in startup packet; closed"},
		{"empty", startupOf(3 << 16), "FATAL 28000 no PostgreSQL user name specified in startup packet; closed"},
		{"no terminator", []byte("\x00\x00\x00\x0d\x00\x03\x00\x00user\x00"), "FATAL 08P01 invalid startup packet layout: expected terminator as last byte; closed"},
		{"value missing", []byte("\x00\x00\x00\x0e\x00\x03\x00\x00user\x00\x00"), "FATAL 08P01 invalid startup packet layout: expected terminator as last byte; closed"},
		{"invalid UTF-8", startup("user", "\xff\xfe", "database", "postgres"), "FATAL 22021 invalid byte sequence for encoding \"UTF8\" in startup packet; closed"},
		{"unknown setting", startup("user", user, "database", "postgres", "no_such_setting", "1"), `FATAL 42704 unrecognized configuration parameter "no_such_setting"; closed`},
		{"bad setting", startup("user", user, "database", "postgres", "DateStyle", "bogus"), `FATAL 22023 invalid value for parameter "DateStyle": "bogus"; closed`},
		{"bad encoding", startup("user", user, "database", "postgres", "client_encoding", "EBCDIC"), `FATAL 22023 invalid value for parameter "client_encoding": "EBCDIC"; closed`},
		{"bad options", startup("user", user, "database", "postgres", "options", "--nonsense"), "FATAL 42601 --nonsense requires a value; closed"},
		{"unknown role", startup("user", "nobody there", "database", "postgres"), `FATAL 28000 Peer authentication failed for user "nobody there"; closed`},
		{"unknown database", startup("user", user, "database", "no such"), `FATAL 3D000 database "no such" does not exist; closed`},
		{"path as database", startup("user", user, "database", "../../etc"), `FATAL 3D000 database "../../etc" does not exist; closed`},
		{"replication", startup("user", user, "replication", "true"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn := s.dial("unix")
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			_, _ = conn.Write(c.send)
			_ = conn.(*net.UnixConn).CloseWrite()
			got := answers(conn, 1)
			if c.name == "unknown role" && got != c.want {
				// The map lets root and the account be anybody, so the role is looked for first.
				c.want = `FATAL 28000 role "nobody there" does not exist; closed`
			}
			if c.want != "" && got != c.want || c.want == "" && !strings.HasSuffix(got, "closed") {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	s.session(t)
}

// Ensure that requests for encryption are answered as PostgreSQL does where there is none, once each.
func TestEncryptionRefused(t *testing.T) {
	s := startSite(t)
	ask := func(conn net.Conn, code uint32) byte {
		t.Helper()
		_, _ = conn.Write(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, code))
		b := make([]byte, 1)
		_, _ = conn.Read(b)
		return b[0]
	}
	conn := s.dial("tcp")
	if a, b := ask(conn, 80877104), ask(conn, 80877103); a != 'N' || b != 'N' {
		t.Errorf("answers %q and %q", a, b)
	}
	if got := ask(conn, 80877103); got != 'E' {
		t.Errorf("asked twice: %q", got)
	}
	// What follows the request must not be taken for a session in the clear that asked for encryption.
	conn = s.dial("tcp")
	if got := ask(conn, 80877103); got != 'N' {
		t.Errorf("answer %q", got)
	}
	_, _ = conn.Write(startup("user", world.acct.name, "database", "postgres"))
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if got := answers(conn, 1); got != "AuthenticationSASL; nothing more" {
		t.Errorf("then: %s", got)
	}
}

// Ensure that cancel requests with a wrong key or process do nothing and are answered with nothing.
func TestWrongCancelKeys(t *testing.T) {
	s := startSite(t)
	c := s.connect()
	pid := c.PgConn().PID()
	slow := make(chan error, 1)
	go func() { _, err := c.Exec(ctx(t), "SELECT pg_sleep(2)"); slow <- err }()
	time.Sleep(100 * time.Millisecond)
	for _, p := range []uint32{pid, pid, 0, 1, uint32(s.postmaster()), 0xffffffff} {
		conn := s.dial("tcp")
		b := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 16, 4, 210, 22, 46}, p)
		_, _ = conn.Write(binary.BigEndian.AppendUint32(b, rand.Uint32()))
		if got := readAll(conn); len(got) > 0 {
			t.Errorf("a cancel request was answered: %q", got)
		}
	}
	if err := <-slow; err != nil {
		t.Errorf("the statement was disturbed: %v", err)
	}
}

// Ensure that thousands of bad connections leave the postmaster's memory as it was, and nothing else behind.
func TestHostileMemory(t *testing.T) {
	s := startSite(t, "authentication_timeout = 2s", "max_unauthenticated_connections = 20")
	n := 1200
	if world.long {
		n = 20000
	}
	kinds := [][]byte{
		{0, 0, 0x27, 0x10, 0, 3, 0, 0}, []byte("GET / HTTP/1.0\r\n\r\n"), {0xff, 0xff, 0xff, 0xff}, startupOf(2<<16, "user", "x"),
		startup("user", "x", "database", strings.Repeat("d", 5000)), nil, {0, 0, 0, 8, 4, 210, 22, 47}, bytes.Repeat([]byte{0xa5}, 9000),
	}
	flood := func(n int) {
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := w; i < n; i += 8 {
					conn, err := net.DialTimeout("unix", s.socketPath(), patience)
					if err != nil {
						t.Errorf("connection %d: %v", i, err)
						return
					}
					_ = conn.SetDeadline(time.Now().Add(patience))
					_, _ = conn.Write(kinds[i/8%len(kinds)])
					if i%3 > 0 {
						// Some just go, as scanners do.
						_ = conn.(*net.UnixConn).CloseWrite()
						readAll(conn)
					}
					conn.Close()
				}
			})
		}
		wg.Wait()
	}
	flood(300)
	before, _ := readProcess(s.postmaster())
	flood(n)
	after, _ := readProcess(s.postmaster())
	t.Logf("resident: %d kB before, %d kB after %d bad connections", before.rss, after.rss, n)
	if after.rss > before.rss+8<<10 {
		t.Errorf("the postmaster grew from %d to %d kB", before.rss, after.rss)
	}
	// Spares that the flood asked for stay for a while; the backends it had are gone.
	if !eventually(patience, func() bool { return len(ours()) < 40 }) {
		t.Errorf("%d processes are left", len(ours()))
	}
	s.session(t)
	if strings.Contains(s.log(), "panic") || strings.Contains(s.log(), "terminated by signal") {
		t.Error("something crashed")
	}
}
