package keeper

import (
	"github.com/ncruces/go-sqlite3"

	"pgd/backend/catalog"
	"pgd/backend/types"
	"pgd/daemon/handoff"
)

// role is a row of pg_authid.
type role struct {
	oid        uint32
	name       string
	super      bool
	inherit    bool
	createRole bool
	createDB   bool
	login      bool
	replicate  bool
	bypassRLS  bool
	connLimit  int32
	validUntil *int64 // microseconds since 1970
	verifier   string // of secrets.db; "" for none
}

// database is a row of pg_database.
type database struct {
	oid       uint32
	name      string
	owner     uint32
	template  bool
	allowConn bool
	connLimit int32
	encoding  int32
	collate   string
	ctype     string
	acl       catalog.ACL // nil for the defaults
}

type membership struct {
	member, grantor uint32
	admin           bool
}

// roster is what the catalog says of roles and databases at one moment. It is never changed after it was read, so that any
// number of goroutines may look into it; a change makes a new one.
type roster struct {
	roles     map[uint32]*role
	byName    map[string]*role
	groups    map[uint32][]membershipOf // member -> the roles it is a member of
	members   map[uint32][]membership   // role -> its members
	databases map[uint32]*database
	dbByName  map[string]*database
	settings  map[settingOf][]string // name=value
}

// settingOf is the key of pg_db_role_setting; 0 is any.
type settingOf struct{ database, role uint32 }

type membershipOf struct {
	role  uint32
	admin bool
}

const (
	bootstrapSuperuser = 10
	encodingUTF8       = 6
	// firstOID is the first one that is not of an object every site is born with.
	firstOID = 16384
)

// Predefined roles and the classes of shared objects, by PostgreSQL's OIDs.
const (
	rolePgSignalBackend = 4200
	rolePgReadAllStats  = 3375
	roleDatabaseOwner   = 6171
)

func readRoster(s *store) (*roster, error) {
	r := &roster{
		roles: map[uint32]*role{}, byName: map[string]*role{},
		groups: map[uint32][]membershipOf{}, members: map[uint32][]membership{},
		databases: map[uint32]*database{}, dbByName: map[string]*database{},
		settings: map[settingOf][]string{},
	}
	err := s.query(`SELECT a.oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
		rolconnlimit, rolvaliduntil, v.verifier FROM "pg_catalog.pg_authid" a LEFT JOIN secrets.verifier v ON v.role = a.oid`, func(st *sqlite3.Stmt) error {
		x := &role{oid: uint32(st.ColumnInt64(0)), name: st.ColumnText(1), super: st.ColumnBool(2), inherit: st.ColumnBool(3),
			createRole: st.ColumnBool(4), createDB: st.ColumnBool(5), login: st.ColumnBool(6), replicate: st.ColumnBool(7),
			bypassRLS: st.ColumnBool(8), connLimit: int32(st.ColumnInt64(9)), verifier: st.ColumnText(11)}
		if st.ColumnType(10) != sqlite3.NULL {
			until := st.ColumnInt64(10)
			x.validUntil = &until
		}
		r.roles[x.oid], r.byName[x.name] = x, x
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.query(`SELECT roleid, member, grantor, admin_option FROM "pg_catalog.pg_auth_members" ORDER BY 1, 2`, func(st *sqlite3.Stmt) error {
		of, m := uint32(st.ColumnInt64(0)), membership{uint32(st.ColumnInt64(1)), uint32(st.ColumnInt64(2)), st.ColumnBool(3)}
		r.members[of] = append(r.members[of], m)
		r.groups[m.member] = append(r.groups[m.member], membershipOf{of, m.admin})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.query(`SELECT oid, datname, datdba, datistemplate, datallowconn, datconnlimit, encoding, datcollate, datctype, datacl
		FROM "pg_catalog.pg_database"`, func(st *sqlite3.Stmt) error {
		d := &database{oid: uint32(st.ColumnInt64(0)), name: st.ColumnText(1), owner: uint32(st.ColumnInt64(2)), template: st.ColumnBool(3),
			allowConn: st.ColumnBool(4), connLimit: int32(st.ColumnInt64(5)), encoding: int32(st.ColumnInt64(6)),
			collate: st.ColumnText(7), ctype: st.ColumnText(8)}
		if st.ColumnType(9) == sqlite3.BLOB {
			d.acl = catalog.ReadACL(types.BlobValue(st.ColumnBlob(9, nil)))
		}
		r.databases[d.oid], r.dbByName[d.name] = d, d
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.query(`SELECT setdatabase, setrole, setconfig FROM "pg_catalog.pg_db_role_setting"`, func(st *sqlite3.Stmt) error {
		list, err := readTexts(st.ColumnBlob(2, nil))
		r.settings[settingOf{uint32(st.ColumnInt64(0)), uint32(st.ColumnInt64(1))}] = list
		return err
	})
	return r, err
}

// settingsFor gives the stored settings of a session, weakest first.
func (r *roster) settingsFor(db, role uint32) (out []handoff.RoleSetting) {
	for _, level := range []struct {
		of     settingOf
		source string
	}{{settingOf{0, 0}, "global"}, {settingOf{db, 0}, "database"}, {settingOf{0, role}, "user"}, {settingOf{db, role}, "database user"}} {
		for _, text := range r.settings[level.of] {
			name, value := splitSetting(text)
			out = append(out, handoff.RoleSetting{Name: name, Value: value, Source: level.source})
		}
	}
	return out
}

// mayConnect tells whether a role has CONNECT on a database.
func (r *roster) mayConnect(who uint32, d *database) bool {
	privs, _ := r.held(who, d)
	return r.isSuper(who) || privs&catalog.PrivConnect != 0
}

// held gives a role's privileges on a database, without what being superuser adds.
func (r *roster) held(who uint32, d *database) (privs, grant catalog.Privilege) {
	return d.list().Held(func(oid uint32) bool { return r.memberOf(who, oid, true) })
}

func (d *database) list() catalog.ACL {
	if d.acl == nil {
		return catalog.DefaultACL(catalog.ClassDatabase, 0, d.owner)
	}
	return d.acl
}

// memberOf tells whether a is b or a member of it, directly or not. Only inherited rights count with inherit set.
func (r *roster) memberOf(a, b uint32, inherit bool) bool {
	if a == b {
		return true
	}
	seen := map[uint32]bool{a: true}
	for next := []uint32{a}; len(next) > 0; {
		at := next[0]
		next = next[1:]
		if inherit && r.roles[at] != nil && !r.roles[at].inherit {
			continue
		}
		for _, g := range r.groups[at] {
			if g.role == b {
				return true
			}
			if !seen[g.role] {
				seen[g.role] = true
				next = append(next, g.role)
			}
		}
	}
	return false
}

// mayAct tells whether a has b's rights: superusers have all.
func (r *roster) mayAct(a, b uint32) bool { return r.isSuper(a) || r.memberOf(a, b, true) }

func (r *roster) isSuper(oid uint32) bool { x := r.roles[oid]; return x != nil && x.super }

func (r *roster) name(oid uint32) string {
	if x := r.roles[oid]; x != nil {
		return x.name
	}
	return ""
}

// adminOf tells whether a may give b away: WITH ADMIN OPTION, through any membership.
func (r *roster) adminOf(a, b uint32) bool {
	if r.isSuper(a) {
		return true
	}
	for _, m := range r.members[b] {
		if m.admin && r.memberOf(a, m.member, false) {
			return true
		}
	}
	return false
}

// memberNamed is what lines of pg_hba.conf with +role and samerole ask.
func (r *roster) memberNamed(user, group string) bool {
	u, g := r.byName[user], r.byName[group]
	return u != nil && g != nil && r.memberOf(u.oid, g.oid, false)
}
