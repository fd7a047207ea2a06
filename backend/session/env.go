package session

import (
	"strconv"
	"time"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// env is the session as functions see it.
type env struct{ s *session }

var _ functions.Env = env{}

// StatementTime is statement_timestamp().
func (e env) StatementTime() time.Time { return e.s.stmtTime }

// TransactionTime is now().
func (e env) TransactionTime() time.Time {
	if e.s.tx.started.IsZero() {
		return e.s.stmtTime
	}
	return e.s.tx.started
}

// Setting is current_setting().
func (e env) Setting(name string) (string, bool) { return e.s.show(name) }

// SetSetting is set_config().
func (e env) SetSetting(name, value string, local bool) error {
	return e.s.setSetting(name, &value, local)
}

// Session tells who and where this is.
func (e env) Session() functions.SessionInfo {
	s := e.s
	version, _ := s.show("server_version")
	app, _ := s.show("application_name")
	i := functions.SessionInfo{
		PID: s.PID, Database: s.Identity.Database, DatabaseOID: s.Identity.DatabaseOID,
		User: s.who.user, SessionUser: s.who.sessionUser, UserOID: s.who.oid, Superuser: s.who.superuser,
		Started: s.started, ServerStart: s.ServerStarted, ServerVersion: version,
		Version: "PostgreSQL " + version + " compatible, pgd " + s.Version, TLS: s.TLS, ApplicationName: app,
	}
	if !s.Client.Local {
		host, port := address(s.Client.Remote)
		i.ClientAddr = host
		i.ClientPort, _ = strconv.Atoi(port)
		host, port = address(s.Client.Server)
		i.ServerAddr = host
		i.ServerPort, _ = strconv.Atoi(port)
	}
	if v, err := s.planner.now(); err == nil {
		i.SearchPath = v.SearchPath(true)
	}
	return i
}

// Sequences are the database's sequences.
func (e env) Sequences() functions.Sequences { return e.s.db.Sequences() }

// Catalog is the catalog in the statement's snapshot.
func (e env) Catalog() functions.Catalog { return liveCatalog(e) }

// Locks are the database's advisory locks.
func (e env) Locks() functions.AdvisoryLocks { return e.s.db.Locks() }

// Notice sends a notice.
func (e env) Notice(err error) { e.s.notice(pgerr.From(err)) }

// Cancelled tells of a cancel request, a timeout or the end of the session.
func (e env) Cancelled() error { return e.s.interrupts.pending() }

// liveCatalog is the catalog as it is when asked.
type liveCatalog struct{ s *session }

func (c liveCatalog) ObjectName(kind string, oid uint32) (string, bool) {
	return c.s.types.Names.ObjectName(kind, oid)
}

func (c liveCatalog) ObjectOID(kind, name string) (uint32, error) {
	return c.s.types.Names.ObjectOID(kind, name)
}

func (c liveCatalog) Query(sql string, args []types.Value, f func(row []types.Value) error) error {
	return c.s.db.Query(sql, args, f)
}

func (c liveCatalog) FormatType(oid uint32, typmod int32) string {
	v, err := c.s.planner.now()
	if err != nil {
		return "???"
	}
	return v.FormatType(oid, typmod)
}

func (c liveCatalog) Visible(kind string, oid uint32) bool {
	v, err := c.s.planner.now()
	return err == nil && v.Visible(kind, oid)
}

func (c liveCatalog) HasPrivilege(kind string, role uint32, object uint32, column int16, privilege string) (bool, error) {
	v, err := c.s.planner.now()
	if err != nil {
		return false, err
	}
	return v.HasPrivilege(kind, role, object, column, privilege)
}

func (c liveCatalog) RoleOID(name string) (uint32, bool) {
	v, err := c.s.planner.now()
	if err != nil {
		return 0, false
	}
	return v.RoleOID(name)
}

func (c liveCatalog) RoleName(oid uint32) (string, bool) {
	v, err := c.s.planner.now()
	if err != nil {
		return "", false
	}
	return v.RoleName(oid)
}

// FormatTypeGiven is FormatType where a typmod was given, of which -1 is one.
func (c liveCatalog) FormatTypeGiven(oid uint32, typmod int32) string {
	v, err := c.s.planner.now()
	if err != nil {
		return "???"
	}
	return v.FormatTypeGiven(oid, typmod)
}
