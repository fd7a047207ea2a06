package types

import (
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// fuzzTypes are all built-in types, in a fixed order so that a seed means the same next time.
func fuzzTypes() []*Type {
	var ts []*Type
	for _, t := range builtin {
		ts = append(ts, t)
	}
	for oid := range arrayElem {
		ts = append(ts, ByOID(oid))
	}
	sort.Slice(ts, func(i, j int) bool { return ts[i].OID < ts[j].OID })
	return ts
}

func seeds(f *testing.F, add func(text string)) {
	files, _ := filepath.Glob("testdata/*.tsv")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			first, _, _ := strings.Cut(line, "\t")
			if s, err := strconv.Unquote(first); err == nil {
				add(s)
			}
		}
	}
}

// Ensure that no text makes an input function panic, and that what it takes is printed as text that it takes again with the same meaning.
func FuzzInput(f *testing.F) {
	ts := fuzzTypes()
	seeds(f, func(s string) { f.Add(uint16(len(s)), s, int32(-1)) })
	f.Fuzz(func(t *testing.T, which uint16, s string, typmod int32) {
		if ValidText([]byte(s)) != nil {
			return // the protocol has refused it
		}
		typ := ts[int(which)%len(ts)]
		c := testContext()
		v, err := typ.Input(c, s, typmod)
		if err != nil {
			return
		}
		roundTrip(t, c, typ, v)
	})
}

// Ensure that no bytes make a receive function panic, and that what it takes survives text and binary forms.
func FuzzReceive(f *testing.F) {
	ts := fuzzTypes()
	seeds(f, func(s string) { f.Add(uint16(len(s)), []byte(s), int32(-1)) })
	for i, typ := range ts {
		for _, s := range []string{"0", "1", "{1}", "2020-01-01", "1 day", "[1]"} {
			if v, err := typ.Input(testContext(), s, -1); err == nil {
				f.Add(uint16(i), typ.Send(testContext(), nil, v), int32(-1))
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, b []byte, typmod int32) {
		typ := ts[int(which)%len(ts)]
		c := testContext()
		v, err := typ.Receive(c, b, typmod)
		if err != nil {
			return
		}
		roundTrip(t, c, typ, v)
	})
}

// Ensure that a damaged array or row value in the file is an error and not a panic.
func FuzzStored(f *testing.F) {
	f.Add(NewArray(Int4OID, []Value{IntValue(1), {}}).B)
	f.Add(NewArray(NumericOID, []Value{StringValue("1.50"), StringValue("-0.001"), StringValue("NaN")}).B)
	f.Add(MakeRecord(Record{Type: RecordOID, Types: []uint32{TextOID}, Columns: []Value{StringValue("x")}}).B)
	f.Fuzz(func(t *testing.T, b []byte) {
		c := testContext()
		arrayOut(c, nil, BlobValue(b))
		recordOut(c, nil, BlobValue(b))
		_ = EachElement(BlobValue(b), func(Value) bool { return true })
	})
}

func roundTrip(t *testing.T, c *Context, typ *Type, v Value) {
	text := string(typ.Output(c, nil, v))
	if typ.Category == 'P' || typ.OID == NodeOID || typ.OID == CidOID || typ.OID == XidOID {
		return
	}
	// Where a zone's history has offsets with seconds or a clock is put back, the text of an instant is not enough in every style; ISO has the offset.
	again, err := typ.Input(c, text, -1)
	if err != nil {
		// A "char" that is no ASCII, and names of objects, cannot come back.
		if typ.OID == CharOID || typ.Elem == CharOID || strings.HasPrefix(typ.Name, "reg") || strings.HasPrefix(typ.Name, "_reg") {
			return
		}
		t.Fatalf("%s: output %q is not read: %v", typ.Name, text, err)
	}
	if second := string(typ.Output(c, nil, again)); second != text && typ.OID != CharOID && typ.Elem != CharOID {
		t.Fatalf("%s: %q becomes %q", typ.Name, text, second)
	}
	if _, err := typ.Receive(c, typ.Send(c, nil, v), -1); err != nil {
		t.Fatalf("%s: %q: what Send writes is not received: %v", typ.Name, text, err)
	}
}
