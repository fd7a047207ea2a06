package types

import "testing"

// Ensure that reading a path never panics, and that what is printed is read as the same path again.
func FuzzParseJSONPath(f *testing.F) {
	for _, s := range []string{
		"$", "strict $.a[*] ? (@ > 1 && @.x == \"y\")", "lax $.**{2 to last}.a[0, 1 to last - 1]", "-$.a + 1.5e3 * (2 - $v)", "$.a.type().size()",
		"exists($.a) || !($ == 1) && ($ < 2) is unknown", "$ ? (@ like_regex \"^a\" flag \"i\")", "$ ? (@ starts with $\"x y\")", "\"\\u0041\\x42\\u{43}\\n\"",
		"$.a /* c */ .b", "1a", "\\", "$.datetime(\"yyyy\")", "(-1).abs()", "$.*", "((((", "\"\\ud83d\\ude00\"", "1e+", ".5", "$[", "@", "last",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParseJSONPath(s)
		if err != nil || ValidText([]byte(s)) != nil {
			return
		}
		text := string(p.Append(nil))
		q, err := ParseJSONPath(text)
		if err != nil {
			t.Fatalf("%q printed as %q: %v", s, text, err)
		}
		if again := string(q.Append(nil)); again != text {
			t.Fatalf("%q printed as %q, then as %q", s, text, again)
		}
	})
}

// Ensure that the names of a row's columns come back, and that bytes that are no row are refused without a panic.
func FuzzReadRecord(f *testing.F) {
	named := MakeRecord(Record{Type: RecordOID, Types: []uint32{Int4OID, TextOID}, Columns: []Value{IntValue(1), StringValue("x")}, Names: PackNames([]string{"a", "b:1"})})
	f.Add(named.B)
	f.Add(MakeRecord(Record{Type: 16400, Types: []uint32{Int4OID}, Columns: []Value{{}}}).B)
	f.Add([]byte{1, 0, 0, 0, 0, 0x80, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ReadRecord(BlobValue(b))
		if err != nil {
			return
		}
		if len(r.Columns) != len(r.Types) {
			t.Fatalf("%d columns, %d types", len(r.Columns), len(r.Types))
		}
		r.ColumnNames()
	})
	if r, err := ReadRecord(named); err != nil || len(r.ColumnNames()) != 2 || r.ColumnNames()[1] != "b:1" {
		f.Fatalf("names %q, error %v", r.ColumnNames(), err)
	}
}
