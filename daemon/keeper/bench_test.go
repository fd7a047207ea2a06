package keeper

import (
	"testing"
)

// BenchmarkLogin is the keeper's part in one connection: channel, rules, SCRAM (the client's work included) or none, admission.
func BenchmarkLogin(b *testing.B) {
	for _, method := range []string{"trust", "scram-sha-256"} {
		b.Run(method, func(b *testing.B) {
			h := keeperFor(b, "host all all all "+method+"\n")
			go func() {
				for range h.reports {
				}
			}()
			for b.Loop() {
				x := h.backend("127.0.0.1:5000")
				if f := x.login("admin", "postgres", "sesame"); f != nil {
					b.Fatal(f)
				}
				x.conn.Close()
			}
		})
	}
}
