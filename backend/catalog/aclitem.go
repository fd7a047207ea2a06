package catalog

import (
	"bytes"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// aclItemType is aclitem: stored with OIDs (see ACLItem), shown with the names roles have now. It has no binary form, as in PostgreSQL.
func (v *View) aclItemType() *types.Type {
	return &types.Type{
		OID: typeACLItem, Name: "aclitem", Display: "aclitem", Array: 1034, Category: 'U', Len: 12, Delim: ',', Store: types.Text, NotOrdered: true,
		Compare: func(a, b types.Value) int { return bytes.Compare(a.B, b.B) }, // for equality alone
		Input: func(c *types.Context, s string, _ int32) (types.Value, error) {
			it, err := v.ReadACLItem(s)
			return types.StringValue(it.String()), err
		},
		Output: func(c *types.Context, dst []byte, val types.Value) []byte {
			return append(dst, v.ShowACLItem(string(val.B))...)
		},
		Receive: func(*types.Context, []byte, int32) (types.Value, error) {
			return types.NullValue, pgerr.New(pgerr.UndefinedFunction, "no binary input function available for type aclitem")
		},
		Send: func(c *types.Context, dst []byte, val types.Value) []byte {
			return append(dst, v.ShowACLItem(string(val.B))...)
		},
	}
}

// ShowACLItem turns the stored form into PostgreSQL's: "admin=arw*/admin". A role that is gone is shown by its OID.
func (v *View) ShowACLItem(stored string) string {
	it, ok := parseACLItem(stored)
	if !ok {
		return stored
	}
	name := func(oid uint32) string {
		if n, ok := v.RoleName(oid); ok {
			return quoteACLName(n)
		}
		return itoa(int(oid))
	}
	grantee := ""
	if it.Grantee != 0 {
		grantee = name(it.Grantee)
	}
	_, privs, _ := strings.Cut(stored, "=")
	privs, _, _ = strings.Cut(privs, "/")
	return grantee + "=" + privs + "/" + name(it.Grantor)
}

// quoteACLName quotes a role's name that has more than letters, digits and underscores.
func quoteACLName(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80) {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
	}
	return s
}

// ReadACLItem reads PostgreSQL's form: [group |user ]grantee=privileges[/grantor].
func (v *View) ReadACLItem(s string) (it ACLItem, err error) {
	rest := strings.TrimSpace(s)
	for _, word := range []string{"group ", "user "} {
		rest = strings.TrimPrefix(rest, word)
	}
	who, rest, ok := cutACLName(rest)
	if !ok || !strings.HasPrefix(rest, "=") {
		return it, pgerr.New(pgerr.InvalidTextRepresentation, "missing \"=\" sign")
	}
	if who != "" {
		if it.Grantee, ok = v.RoleOID(who); !ok {
			return it, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", who)
		}
	}
	privs, by, hasGrantor := strings.Cut(rest[1:], "/")
	read, ok := parseACLItem("0=" + strings.TrimSpace(privs) + "/0")
	if !ok {
		return it, pgerr.New(pgerr.InvalidTextRepresentation, "invalid mode character: must be one of \"%s\"", privilegeLetters)
	}
	it.Privs, it.Grant, it.Grantor = read.Privs, read.Grant, 10
	if hasGrantor {
		grantor, rest, ok := cutACLName(strings.TrimSpace(by))
		switch {
		case grantor == "":
			return it, pgerr.New(pgerr.InvalidTextRepresentation, "a name must follow the \"/\" sign")
		case !ok || rest != "":
			return it, pgerr.New(pgerr.InvalidTextRepresentation, "extra garbage at the end of the ACL specification")
		}
		if it.Grantor, ok = v.RoleOID(grantor); !ok {
			return it, pgerr.New(pgerr.UndefinedObject, "role \"%s\" does not exist", grantor)
		}
	}
	return it, v.c.err
}

// cutACLName takes a name, quoted or not, from the front.
func cutACLName(s string) (name, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexAny(s, "=/")
		if i < 0 {
			i = len(s)
		}
		return strings.TrimSpace(s[:i]), s[i:], true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		return b.String(), strings.TrimLeft(s[i+1:], " "), true
	}
	return "", "", false
}
