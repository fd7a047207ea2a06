package catalog

import (
	"path/filepath"
	"strings"
	"testing"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Ensure that ACLs are shown as PostgreSQL shows them and read back.
func TestACLItems(t *testing.T) {
	v := see(t, site(t), "public")
	for _, c := range []struct{ text, stored string }{
		{"=r/admin", "0=r/10"}, {"admin=arwdDxt/admin", "10=arwdDxt/10"}, {"pg_monitor=r*w/admin", "3373=r*w/10"},
	} {
		it, err := v.ReadACLItem(c.text)
		if err != nil || it.String() != c.stored {
			t.Errorf("%s: %s %v", c.text, it, err)
		}
		if got := v.ShowACLItem(c.stored); got != c.text {
			t.Errorf("%s: %s", c.stored, got)
		}
	}
	for text, code := range map[string]string{"nobody=r/admin": pgerr.UndefinedObject, "admin": pgerr.InvalidTextRepresentation, "admin=q/admin": pgerr.InvalidTextRepresentation,
		"admin=r/": pgerr.InvalidTextRepresentation} {
		if _, err := v.ReadACLItem(text); pgerr.Code(err) != code {
			t.Errorf("%s: %v", text, err)
		}
	}
	array := v.DataType(1034)
	if array == nil {
		t.Fatal("no type aclitem[]")
	}
	acl := ACL{{Grantee: 10, Grantor: 10, Privs: PrivSelect | PrivInsert, Grant: PrivSelect}, {Grantor: 10, Privs: PrivSelect}}
	if got := string(array.Output(&types.Context{Lookup: v.DataType}, nil, acl.Value())); got != "{admin=ar*/admin,=r/admin}" {
		t.Error(got)
	}
	if got := ReadACL(acl.Value()); len(got) != 2 || got[0] != acl[0] || got[1] != acl[1] {
		t.Error(got)
	}
	acl = acl.With(3373, 10, PrivUpdate, false).With(3373, 10, PrivSelect, true).Without(10, 10, PrivInsert, false).Without(0, 10, PrivSelect, false)
	if len(acl) != 2 || acl[0].String() != "10=r*/10" || acl[1].String() != "3373=r*w/10" {
		t.Error(acl)
	}
}

// Ensure that privileges come from ownership, grants, PUBLIC, membership and the predefined roles, and from nothing else.
func TestPrivileges(t *testing.T) {
	dir := t.TempDir()
	shared := openDatabase(t, filepath.Join(dir, "catalog.db"))
	if err := BootstrapShared(shared, SharedOptions{Superuser: "admin"}); err != nil {
		t.Fatal(err)
	}
	for i, r := range []string{"ann", "bob", "group", "reader", "boss"} {
		shared.must("INSERT INTO "+table("pg_authid")+" VALUES (?, ?, ?, ?, 0, 0, 1, 0, 0, -1, NULL, NULL)", types.IntValue(int64(20000+i)), types.StringValue(r),
			types.BoolValue(r == "boss"), types.BoolValue(r != "bob"))
	}
	for _, m := range [][2]int64{{20002, 20000}, {20002, 20001}, {6181, 20003}} {
		shared.must("INSERT INTO "+table("pg_auth_members")+" VALUES (?, ?, 10, 0)", types.IntValue(m[0]), types.IntValue(m[1]))
	}
	d := openDatabase(t, filepath.Join(dir, "main.db"))
	if err := Bootstrap(d, BootOptions{}); err != nil {
		t.Fatal(err)
	}
	d.must("ATTACH ? AS shared", types.StringValue("file:"+filepath.Join(dir, "catalog.db")+"?mode=ro"))
	w := NewWriter(d)
	rel, err := w.CreateRelation(NewRelation{Name: "t", Namespace: 2200, Kind: 'r', Owner: 20000, Columns: []NewColumn{{Name: "a", Type: 23, Typmod: -1}, {Name: "b", Type: 23, Typmod: -1}}})
	if err != nil {
		t.Fatal(err)
	}
	v := see(t, d, "public")
	check := func(want bool, kind string, role, object uint32, column int16, priv string) {
		t.Helper()
		v.c.superKnown = false
		if got, err := v.HasPrivilege(kind, role, object, column, priv); err != nil || got != want {
			t.Errorf("%s %d %s: %v %v", kind, role, priv, got, err)
		}
	}
	check(true, "table", 20000, rel, 0, "SELECT")
	check(true, "table", 20000, rel, 0, "SELECT WITH GRANT OPTION")
	check(false, "table", 20002, rel, 0, "SELECT")
	check(true, "table", 20004, rel, 0, "DELETE")
	check(true, "table", 20003, rel, 0, "SELECT")
	check(false, "table", 20003, rel, 0, "INSERT, UPDATE")
	acl := DefaultACL(ClassRelation, 'r', 20000).With(20002, 20000, PrivInsert, false)
	if err := w.SetACL(Address{ClassRelation, rel, 0}, acl); err != nil {
		t.Fatal(err)
	}
	check(true, "table", 20002, rel, 0, "INSERT")
	check(false, "table", 20001, rel, 0, "INSERT") // a member without INHERIT
	check(true, "table", 20002, rel, 0, "SELECT, INSERT")
	check(false, "table", 20002, rel, 0, "INSERT WITH GRANT OPTION")
	if err := w.SetACL(Address{ClassRelation, rel, 2}, ACL{{Grantee: 20001, Grantor: 20000, Privs: PrivSelect}}); err != nil {
		t.Fatal(err)
	}
	check(true, "column", 20001, rel, 2, "SELECT")
	check(false, "column", 20001, rel, 1, "SELECT")
	check(true, "any_column", 20001, rel, 0, "SELECT")
	check(false, "schema", 20001, 2200, 0, "CREATE")
	check(true, "schema", 20001, 2200, 0, "USAGE")
	check(true, "database", 20001, 5, 0, "CONNECT")
	check(false, "database", 20001, 5, 0, "CREATE")
	check(true, "function", 20001, 177, 0, "EXECUTE")
	check(true, "role", 20000, 20002, 0, "USAGE")
	check(false, "role", 20001, 20002, 0, "USAGE")
	check(true, "role", 20001, 20002, 0, "MEMBER")
	check(true, "table", 20001, 1259, 0, "SELECT")
	check(false, "table", 20001, 1260, 0, "SELECT")
	if _, err := v.HasPrivilege("table", 20001, rel, 0, "EXECUTE"); pgerr.Code(err) != pgerr.InvalidParameterValue || !strings.Contains(err.Error(), `"EXECUTE"`) {
		t.Error(err)
	}
	if _, err := v.HasPrivilege("table", 20001, 99999, 0, "SELECT"); pgerr.Code(err) != pgerr.UndefinedObject {
		t.Error(err)
	}
	// A schema the role may not use is not on its path.
	ns, err := w.CreateNamespace("secret", 20000)
	if err != nil {
		t.Fatal(err)
	}
	for role, want := range map[uint32]bool{20000: true, 20001: false, 20004: true} {
		c := NewCache(d)
		c.SetRole(role, "x")
		v, err := c.At(2, []string{"secret", "public"}, "")
		if err != nil || (v.CreationSchema() == ns) != want {
			t.Errorf("role %d: %v %v", role, v.SearchPath(true), err)
		}
	}
}
