package keeper

import (
	"encoding/json"
	"strings"
	"testing"

	"pgd/daemon/handoff"
)

// Ensure that no bytes of a SCRAM client break the server, and that none authenticates without the password.
func FuzzScram(f *testing.F) {
	f.Add([]byte("SCRAM-SHA-256\x00\x00\x00\x00\x20n,,n=,r=abcdefghijklmnopqrstuvwx"), []byte("c=biws,r=abcdefghijklmnopqrstuvwxyz,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
	f.Add([]byte("SCRAM-SHA-256-PLUS\x00\xff\xff\xff\xff"), []byte("p=tls-server-end-point,,n=,r=x"))
	f.Add([]byte("SCRAM-SHA-256\x00\x00\x00\x00\x08y,,n=,r="), []byte("c=eSws,r=,p="))
	v, err := derive("secret", []byte("0123456789abcdef"), 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, first, final []byte) {
		for _, binding := range [][]byte{nil, []byte("binding")} {
			s := &scramServer{verifier: v, binding: binding}
			if _, done, err := s.step(first); err != nil || done {
				if done {
					t.Fatal("done after one message")
				}
				continue
			}
			// The nonce is random: put it where the client would have to repeat it.
			text := strings.ReplaceAll(string(final), "NONCE", s.nonce)
			for range 3 {
				if _, done, _ := s.step([]byte(text)); done {
					t.Fatalf("authenticated by %q %q", first, final)
				}
			}
		}
	})
}

// Ensure that no stored text breaks the parser of verifiers, and that what it reads it writes the same.
func FuzzVerifier(f *testing.F) {
	v, _ := makeVerifier("secret", 1)
	f.Add(v)
	f.Add("SCRAM-SHA-256$4096:$:")
	f.Add("md5")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := parseVerifier(s); err == nil {
			if again, err := parseVerifier(v.String()); err != nil || again.String() != v.String() {
				t.Fatalf("%q became %q: %v", s, v, err)
			}
		}
	})
}

// Ensure that no request of an authenticated backend, whoever it is, breaks the keeper or leaves the turn taken.
func FuzzRequests(f *testing.F) {
	for kind := range requests {
		f.Add(kind, []byte(`{"Name":"x","Names":["x"],"Kind":"database","Roles":["x"],"Role":"x","PID":1}`))
	}
	f.Add(handoff.AskRoleCreate, []byte(`{"Name":"\u0000","ValidUntil":9223372036854775807,"ConnectionLimit":-1,"InRoles":["admin"]}`))
	var h *host
	var low *backend
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if !json.Valid(body) || len(body) > 50<<10 || strings.Contains(string(body), "Iterations") {
			return
		}
		if h == nil || h.t != testing.TB(t) {
			h = keeperFor(t, scramEverywhere)
			admin := h.session("admin", "postgres", "sesame")
			r := login("low")
			r.CreateDB, r.CreateRole = ptr(true), ptr(true)
			admin.must(handoff.AskRoleCreate, r, nil)
			admin.commit()
			low = h.session("low", "postgres", "pw")
		}
		low.raw(kind, json.RawMessage(body))
		low.conn.Close()
		h.wait(func() bool { return len(h.turn) == 1 })
	})
}
