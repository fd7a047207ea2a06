package session

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// identity is who the session is: who authenticated, who it says it is (SET SESSION AUTHORIZATION), and whose rights count (SET ROLE).
type identity struct {
	sessionUser string
	sessionOID  uint32
	sessionSup  bool
	role        string // "none" or the role of SET ROLE
	user        string
	oid         uint32
	superuser   bool
	path        []string // effective search path; nil until asked
	known       map[string]roleRow
}

// roleRow is what a session has read of a role. It keeps it so that undoing a SET ROLE needs no reading.
type roleRow struct {
	oid       uint32
	superuser bool
}

func (s *session) initIdentity() {
	i := &s.Identity
	s.who = identity{
		sessionUser: i.Role, sessionOID: i.RoleOID, sessionSup: i.Superuser, role: "none",
		user: i.Role, oid: i.RoleOID, superuser: i.Superuser,
		known: map[string]roleRow{i.Role: {i.RoleOID, i.Superuser}},
	}
	s.vars.base.Set("session_authorization", i.Role, settings.Source{Kind: settings.SourceOverride})
}

// applyRole recomputes the identity from the settings "session_authorization" and "role".
func (s *session) applyRole() {
	w := &s.who
	w.sessionUser = s.vars.get("session_authorization")
	row := w.known[w.sessionUser]
	w.sessionOID, w.sessionSup = row.oid, row.superuser
	w.role = s.vars.get("role")
	w.user, w.oid, w.superuser = w.sessionUser, w.sessionOID, w.sessionSup
	if w.role != "none" {
		row := w.known[w.role]
		w.user, w.oid, w.superuser = w.role, row.oid, row.superuser
	}
	w.path = nil
	s.epoch++
	s.toReport["is_superuser"] = true
	s.toReport["session_authorization"] = true
}

// roleNamed reads a role of the shared catalog.
func (s *session) roleNamed(name string) (roleRow, error) {
	if row, ok := s.who.known[name]; ok {
		return row, nil
	}
	found := false
	var row roleRow
	err := s.inSnapshot(func() error {
		return s.db.Query(`SELECT oid, rolsuper FROM shared."pg_catalog.pg_authid" WHERE rolname = ?1`, []types.Value{types.StringValue(name)},
			func(r []types.Value) error {
				found, row = true, roleRow{uint32(r[0].I), r[1].Bool()}
				return nil
			})
	})
	if err != nil {
		return row, err
	}
	if !found {
		return row, pgerr.New(pgerr.InvalidParameterValue, "role \"%s\" does not exist", name)
	}
	s.who.known[name] = row
	return row, nil
}

// inSnapshot runs f in a statement's snapshot.
func (s *session) inSnapshot(f func() error) error {
	if _, err := s.snapshotRead(); err != nil {
		return err
	}
	defer s.db.EndRead()
	return f()
}

// snapshotRead begins a view of the database without settling the transaction's isolation level.
func (s *session) snapshotRead() (int64, error) {
	version, err := s.db.StartRead()
	return version, s.storeError(err)
}

// setRole is SET ROLE.
func (s *session) setRole(name string, local bool) error {
	if name != "none" {
		row, err := s.roleNamed(name)
		if err != nil {
			return err
		}
		if !s.who.sessionSup && row.oid != s.who.sessionOID {
			ok, err := s.isMember(s.who.sessionOID, row.oid)
			if err != nil {
				return err
			}
			if !ok {
				delete(s.who.known, name)
				return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set role \"%s\"", name)
			}
		}
	}
	s.vars.set("role", name, local)
	return nil
}

// setSessionUser is SET SESSION AUTHORIZATION; nil is DEFAULT.
func (s *session) setSessionUser(value *string, local bool) error {
	name := s.Identity.Role
	if value != nil {
		name = *value
	}
	if _, err := s.roleNamed(name); err != nil {
		return err
	}
	if name != s.Identity.Role && !s.Identity.Superuser {
		return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set session authorization")
	}
	if s.Keeper != nil && name != s.who.sessionUser {
		if err := s.ask(handoff.AskSetSession, handoff.SetSession{Role: name}, nil); err != nil {
			return err
		}
	}
	s.vars.set("session_authorization", name, local)
	s.vars.set("role", "none", local)
	return nil
}

// isMember tells whether a role is, directly or not, a member of another.
func (s *session) isMember(role, of uint32) (bool, error) {
	if role == of {
		return true, nil
	}
	found := false
	err := s.inSnapshot(func() error {
		return s.db.Query(`WITH RECURSIVE m(oid) AS (SELECT ?1 UNION SELECT a.roleid FROM shared."pg_catalog.pg_auth_members" a JOIN m ON a.member = m.oid)
			SELECT 1 FROM m WHERE oid = ?2`, []types.Value{types.IntValue(int64(role)), types.IntValue(int64(of))},
			func([]types.Value) error { found = true; return nil })
	})
	return found, err
}

// memberOf tells whether the current role is a member of a role of that name.
func (s *session) memberOf(name string) bool {
	row, err := s.roleNamed(name)
	if err != nil {
		return false
	}
	ok, err := s.isMember(s.who.oid, row.oid)
	return ok && err == nil
}

// searchPath is the search path as written, "$user" put in.
func (s *session) searchPath() []string {
	if s.who.path == nil {
		list, _ := settings.SplitIdentifiers(s.vars.get("search_path"))
		path := make([]string, 0, len(list))
		for _, name := range list {
			if name == "$user" {
				name = s.who.user
			}
			path = append(path, name)
		}
		s.who.path = path
	}
	return s.who.path
}

// address divides "host:port".
func address(a string) (host string, port string) {
	i := strings.LastIndexByte(a, ':')
	if i < 0 {
		return a, ""
	}
	return strings.Trim(a[:i], "[]"), a[i+1:]
}
