package types

import (
	"bytes"
	"testing"
)

// compareInets is PostgreSQL's rule: family, what both masks cover, the length of the mask, the whole address.
func compareInets(a, b Inet) int {
	if c := len(a.Addr) - len(b.Addr); c != 0 {
		return sign(c)
	}
	shared := min(a.Bits, b.Bits)
	if c := bytes.Compare(Inet{a.Addr, shared}.Network().Addr, Inet{b.Addr, shared}.Network().Addr); c != 0 {
		return c
	}
	if a.Bits != b.Bits {
		return sign(a.Bits - b.Bits)
	}
	return bytes.Compare(a.Addr, b.Addr)
}

// Ensure that no text makes the network types panic, that addresses come back from their text and binary forms, and that their stored bytes
// order as PostgreSQL orders addresses.
func FuzzNetwork(f *testing.F) {
	names := []string{"inet", "cidr", "macaddr", "macaddr8"}
	for i, name := range names {
		for _, s := range readSeeds(f, name) {
			f.Add(uint8(i), s, "10.1.0.0/16")
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, s, other string) {
		if ValidText([]byte(s)) != nil || ValidText([]byte(other)) != nil {
			return
		}
		typ := typeByName(names[int(which)%len(names)])
		c := testContext()
		v, err := typ.Input(c, s, -1)
		if err != nil {
			return
		}
		roundTrip(t, c, typ, v)
		w, err := typ.Input(c, other, -1)
		if err != nil || typ.Category != 'I' {
			return
		}
		if a, b := compareInets(ReadInet(v), ReadInet(w)), typ.Compare(v, w); a != b {
			t.Fatalf("%q and %q are ordered %d, as they are stored %d", s, other, a, b)
		}
	})
}
