package catalog

import (
	"strings"
	"testing"

	"pgd/backend/pgerr"
)

// Ensure that whatever text a client gives as an object's name is read or refused with an SQLSTATE of its own, and that a name that was read is the
// name of what it found.
func FuzzObjectOID(f *testing.F) {
	v := see(f, site(f), "public")
	kinds := []string{"regclass", "regtype", "regproc", "regprocedure", "regoper", "regoperator", "regnamespace", "regrole", "regcollation", "regconfig", "regdictionary"}
	for i, s := range []string{"pg_class", "integer", "now", "int4pl(integer,integer)", "#-", "+(integer,integer)", "public", "admin", `"C"`, "english", "simple",
		"character varying(10)[]", "timestamp(3) with time zone", `"a""b".c`, "a.b.c.d", "f(", "f(,)", "f(none)", "+(none)", "(", `"`, "", "-", "[]", "int[3]", "x(1", "4294967296", "a..b"} {
		f.Add(i%len(kinds), s)
	}
	f.Fuzz(func(t *testing.T, kind int, s string) {
		if kind < 0 || strings.ContainsRune(s, 0) {
			return
		}
		k := kinds[kind%len(kinds)]
		oid, err := v.ObjectOID(k, s)
		if err != nil {
			if pgerr.Code(err) == pgerr.InternalError {
				t.Fatalf("%s %q: %v", k, s, err)
			}
			return
		}
		if name, ok := v.ObjectName(k, oid); ok && k != "regoper" {
			if again, err := v.ObjectOID(k, name); err != nil || again != oid {
				t.Fatalf("%s %q is %d, printed %q, read as %d: %v", k, s, oid, name, again, err)
			}
		}
	})
}

// Ensure that an ACL entry from a client is read or refused, and printed as what is read again the same.
func FuzzReadACLItem(f *testing.F) {
	v := see(f, site(f), "public")
	for _, s := range []string{"=r/admin", "admin=arwdDxt/admin", "group admin=r*/admin", `"a b"=U/admin`, "=", "/", `"`, "admin=/", "a=b=c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) {
			return
		}
		it, err := v.ReadACLItem(s)
		if err != nil {
			return
		}
		again, err := v.ReadACLItem(v.ShowACLItem(it.String()))
		if err != nil || again != it {
			t.Fatalf("%q: %v, again %v %v", s, it, again, err)
		}
	})
}
