package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/types"
)

// Privilege is a set of privileges, in the bits of PostgreSQL's ACL modes.
type Privilege uint32

// The privileges.
const (
	PrivInsert Privilege = 1 << iota
	PrivSelect
	PrivUpdate
	PrivDelete
	PrivTruncate
	PrivReferences
	PrivTrigger
	PrivExecute
	PrivUsage
	PrivCreate
	PrivTemporary
	PrivConnect
	PrivSet
	PrivAlterSystem
)

// privilegeLetters are how an ACL writes them, in the order of the bits.
const privilegeLetters = "arwdDxtXUCTcsA"

// PrivilegeNames are how GRANT writes them, in the order of the bits.
var PrivilegeNames = [...]string{"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "EXECUTE", "USAGE", "CREATE",
	"TEMPORARY", "CONNECT", "SET", "ALTER SYSTEM"}

// PrivilegeNamed finds a privilege by its name in GRANT, in any case; 0 for none.
func PrivilegeNamed(name string) Privilege {
	if strings.EqualFold(name, "TEMP") {
		return PrivTemporary
	}
	for i, n := range PrivilegeNames {
		if strings.EqualFold(n, name) {
			return 1 << i
		}
	}
	return 0
}

// ACLItem is what one role granted another. Grantee 0 is PUBLIC. Grant is the part held with grant option.
// It is stored as TEXT with roles as OIDs, "16390=arw*/10": a renamed role needs no change here.
type ACLItem struct {
	Grantee, Grantor uint32
	Privs, Grant     Privilege
}

// ACL is an access control list. A nil one stands for the owner's and PUBLIC's defaults.
type ACL []ACLItem

// String gives the stored form of one item.
func (a ACLItem) String() string {
	b := strconv.AppendUint(nil, uint64(a.Grantee), 10)
	b = append(b, '=')
	for i := 0; i < len(privilegeLetters); i++ {
		if bit := Privilege(1) << i; a.Privs&bit != 0 {
			b = append(b, privilegeLetters[i])
			if a.Grant&bit != 0 {
				b = append(b, '*')
			}
		}
	}
	b = append(b, '/')
	return string(strconv.AppendUint(b, uint64(a.Grantor), 10))
}

// parseACLItem reads the stored form.
func parseACLItem(s string) (a ACLItem, ok bool) {
	who, rest, ok1 := strings.Cut(s, "=")
	what, by, ok2 := strings.Cut(rest, "/")
	grantee, err1 := strconv.ParseUint(who, 10, 32)
	grantor, err2 := strconv.ParseUint(by, 10, 32)
	if !ok1 || !ok2 || err1 != nil || err2 != nil {
		return a, false
	}
	a.Grantee, a.Grantor = uint32(grantee), uint32(grantor)
	last := Privilege(0)
	for i := 0; i < len(what); i++ {
		if what[i] == '*' {
			a.Grant |= last
			continue
		}
		n := strings.IndexByte(privilegeLetters, what[i])
		if n < 0 {
			return a, false
		}
		last = 1 << n
		a.Privs |= last
	}
	return a, true
}

// ReadACL reads a stored aclitem[]; nil for NULL.
func ReadACL(v types.Value) ACL {
	if v.Kind != types.Blob {
		return nil
	}
	acl := ACL{}
	for _, s := range readTexts(v) {
		if it, ok := parseACLItem(s); ok {
			acl = append(acl, it)
		}
	}
	return acl
}

// Value gives the stored aclitem[]; NULL for nil.
func (l ACL) Value() types.Value {
	if l == nil {
		return types.NullValue
	}
	s := make([]string, len(l))
	for i, it := range l {
		s[i] = it.String()
	}
	return textArray(typeACLItem, s)
}

// AllPrivileges gives every privilege that an object of a catalog knows. kind is pg_class.relkind where the catalog is pg_class, 0 otherwise.
func AllPrivileges(class uint32, kind byte) Privilege {
	switch class {
	case ClassRelation:
		if kind == 'S' {
			return PrivUsage | PrivSelect | PrivUpdate
		}
		return PrivInsert | PrivSelect | PrivUpdate | PrivDelete | PrivTruncate | PrivReferences | PrivTrigger
	case ClassNamespace:
		return PrivUsage | PrivCreate
	case ClassDatabase:
		return PrivCreate | PrivTemporary | PrivConnect
	case ClassProc:
		return PrivExecute
	case ClassTablespace:
		return PrivCreate
	case ClassType, ClassLanguage:
		return PrivUsage
	}
	return 0
}

// DefaultACL is what a NULL acl stands for, as acldefault gives it.
func DefaultACL(class uint32, kind byte, owner uint32) ACL {
	var public Privilege
	switch class {
	case ClassDatabase:
		public = PrivTemporary | PrivConnect
	case ClassProc:
		public = PrivExecute
	case ClassType, ClassLanguage:
		public = PrivUsage
	}
	acl := ACL{}
	if public != 0 {
		acl = append(acl, ACLItem{Grantor: owner, Privs: public})
	}
	return append(acl, ACLItem{Grantee: owner, Grantor: owner, Privs: AllPrivileges(class, kind)})
}

// With gives the list after a grant; option adds the grant option. The receiver is not changed.
func (l ACL) With(grantee, grantor uint32, privs Privilege, option bool) ACL {
	out := append(make(ACL, 0, len(l)+1), l...)
	for i := range out {
		if it := &out[i]; it.Grantee == grantee && it.Grantor == grantor {
			it.Privs |= privs
			if option {
				it.Grant |= privs
			}
			return out
		}
	}
	it := ACLItem{Grantee: grantee, Grantor: grantor, Privs: privs}
	if option {
		it.Grant = privs
	}
	return append(out, it)
}

// Without gives the list after a revoke; optionOnly takes only the grant option. The receiver is not changed.
func (l ACL) Without(grantee, grantor uint32, privs Privilege, optionOnly bool) ACL {
	out := make(ACL, 0, len(l))
	for _, it := range l {
		if it.Grantee == grantee && it.Grantor == grantor {
			it.Grant &^= privs
			if !optionOnly {
				it.Privs &^= privs
			}
			if it.Privs == 0 {
				continue
			}
		}
		out = append(out, it)
	}
	return out
}

// Held gives which privileges the roles (a role and those it is a member of, by whose privileges it acts) have; PUBLIC's are included.
func (l ACL) Held(roles func(oid uint32) bool) (privs, grant Privilege) {
	for _, it := range l {
		if it.Grantee == 0 || roles(it.Grantee) {
			privs |= it.Privs
			grant |= it.Grant
		}
	}
	return privs, grant
}
