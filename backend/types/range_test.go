package types

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// readSeeds gives the inputs of some of testdata's files.
func readSeeds(f testing.TB, names ...string) []string {
	var out []string
	for _, name := range names {
		b, err := os.ReadFile("testdata/" + name + ".tsv")
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			first, _, _ := strings.Cut(line, "\t")
			if s, err := strconv.Unquote(first); err == nil {
				out = append(out, s)
			}
		}
	}
	return out
}

// Ensure that no text makes a range or multirange type panic, that what it takes comes back from its text and binary forms, and that the
// stored forms are ordered as the ranges are.
func FuzzRange(f *testing.F) {
	names := []string{"int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
		"int4multirange", "int8multirange", "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange"}
	for i, name := range names {
		for _, s := range readSeeds(f, name) {
			f.Add(uint8(i), s, "[1,2)")
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
		if err != nil || typ.OID == typ.Range.Multi {
			return
		}
		x, err1 := ReadRange(v)
		y, err2 := ReadRange(w)
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: what was stored is not read: %v %v", typ.Name, err1, err2)
		}
		if a, b := sign(typ.Range.Compare(x, y)), typ.Compare(v, w); a != b {
			t.Fatalf("%s: %q and %q are ordered %d, as they are stored %d", typ.Name, s, other, a, b)
		}
		rs := typ.Range.Normalize([]Range{x, y})
		if len(rs) == 2 && (typ.Range.Compare(rs[0], rs[1]) >= 0 || typ.Range.Overlap(rs[0], rs[1]) || typ.Range.Adjacent(rs[0], rs[1])) {
			t.Fatalf("%s: %q and %q are not brought into order", typ.Name, s, other)
		}
	})
}

// Ensure that damaged ranges, addresses and geometric values in the file do not make anything panic.
func FuzzStoredRange(f *testing.F) {
	for _, s := range []string{"empty", "[i1,i5)", "{[n1.50,),(,t\\,x]}", "{}", "[f1e300,x00ff]", "{[i1,i2),", "(v1,2,3,)", "[i1,i2"} {
		f.Add([]byte(s), []byte("[i1,i2)"))
	}
	f.Add(Inet{[]byte{1, 2, 3, 4}, 24}.Value().B, Polygon{[]Point{{1, 2}}}.Value().B)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if compareStoredRanges(a, b) != -compareStoredRanges(b, a) {
			t.Fatalf("%q and %q are ordered both ways", a, b)
		}
		c := testContext()
		for _, v := range []Value{TextValue(a), BlobValue(a)} {
			for _, oid := range []uint32{Int4RangeOID, 4451, NumRangeOID, InetOID, CidrOID, MacaddrOID, Macaddr8OID, PointOID, LsegOID, PathOID, BoxOID, PolygonOID, LineOID, CircleOID} {
				typ := ByOID(oid)
				typ.Output(c, nil, v)
				typ.Send(c, nil, v)
			}
		}
	})
}
