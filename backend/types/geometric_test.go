package types

import "testing"

// Ensure that no text or bytes make a geometric type panic and that values come back from their text and binary forms.
func FuzzGeometric(f *testing.F) {
	names := []string{"point", "lseg", "path", "box", "polygon", "line", "circle"}
	for i, name := range names {
		for _, s := range readSeeds(f, name) {
			f.Add(uint8(i), s, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, s string, b []byte) {
		typ := typeByName(names[int(which)%len(names)])
		c := testContext()
		if v, err := typ.Receive(c, b, -1); err == nil && typ.Name != "line" {
			roundTrip(t, c, typ, v)
		}
		if ValidText([]byte(s)) != nil {
			return
		}
		if v, err := typ.Input(c, s, -1); err == nil {
			roundTrip(t, c, typ, v)
		}
	})
}
