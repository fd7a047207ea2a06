package types

import (
	"strings"
	"testing"
)

// Ensure that what is found in a stored document is what taking it apart finds, for any document and key.
func FuzzJsonbFind(f *testing.F) {
	for _, s := range []string{`{"a": 1, "b": {"a": [1, "]"]}, "q\"": "\\", "": null}`, `[1, [2, "x,y"], {"k": "}"}, "\\\\"]`, `"s\n"`, `{}`, `[]`, `[[]]`, `7`} {
		f.Add(s, "a", int64(1))
		f.Add(s, `q"`, int64(-1))
	}
	f.Fuzz(func(t *testing.T, s, key string, at int64) {
		if ValidText([]byte(s)) != nil || ValidText([]byte(key)) != nil || strings.Count(s, "[")+strings.Count(s, "{") > 500 {
			return
		}
		j, err := ParseJsonb(s)
		if err != nil {
			return
		}
		doc := j.Append(nil)
		if JsonbKind(doc) != j.Kind {
			t.Fatalf("kind of %s", doc)
		}
		want, ok := j.Get(key)
		if got := JsonbField(doc, []byte(key)); (got != nil) != ok || ok && string(got) != string(want.Append(nil)) {
			t.Fatalf("%s -> %q gives %s", doc, key, got)
		}
		i := at
		if i < 0 {
			i += int64(len(j.Elems))
		}
		ok = j.Kind == JSONArray && i >= 0 && i < int64(len(j.Elems))
		if got := JsonbElement(doc, at); (got != nil) != ok || ok && string(got) != string(j.Elems[i].Append(nil)) {
			t.Fatalf("%s -> %d gives %s", doc, at, got)
		}
		if j.Kind == JSONString && string(JsonbUnquoted(doc).B) != j.Str {
			t.Fatalf("%s ->> gives %s", doc, JsonbUnquoted(doc).B)
		}
	})
}
