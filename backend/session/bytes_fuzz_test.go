package session

import (
	"context"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"pgd/backend/wire"
	"pgd/daemon/handoff"
)

// script is a connection whose client has said everything at once and reads nothing.
type script struct {
	in []byte
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.in) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.in)
	s.in = s.in[n:]
	return n, nil
}
func (s *script) Write(p []byte) (int, error)      { return len(p), nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

var _ Conn = (*script)(nil)
var _ Conn = (net.Conn)(nil)

// Ensure that whatever bytes a client sends, the session ends with an answer and without a panic.
func FuzzConversation(f *testing.F) {
	s := newSite(f)
	b, err := os.ReadFile("testdata/flows.txt")
	if err != nil {
		f.Fatal(err)
	}
	var all []byte
	for _, line := range splitFlows(string(b)) {
		all = append(all, encode(line)...)
		if len(all) > 400 {
			f.Add(all)
			all = nil
		}
	}
	f.Add([]byte("Q\x00\x00\x00\x0cselect 1\x00X\x00\x00\x00\x04"))
	f.Fuzz(func(t *testing.T, in []byte) {
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
		defer stop()
		err := Run(ctx, Config{
			Conn: &script{in: in}, Protocol: wire.Protocol30, StartupParams: map[string]string{"user": "postgres", "options": "-c statement_timeout=500"}, PID: 7,
			Secret: []byte("1234"), Identity: handoff.Identity{RoleOID: 10, Role: "postgres", Superuser: true, DatabaseOID: 5, Database: "postgres"},
			Dir: s.dir, SharedCatalog: s.shared, Settings: s.settings, NoFsync: true,
		})
		if err != nil && err.Error() == "internal error (SQLSTATE XX000)" {
			t.Fatal(err)
		}
	})
}
