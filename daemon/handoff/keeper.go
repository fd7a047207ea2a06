package handoff

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The channel between a backend and the keeper: SOCK_SEQPACKET, one Ask answered by one Answer, in order.
//
//	backend                              keeper
//	   | tls-config, tls-sign               |   before authentication
//	   | startup  ------------------------> |   user, database: which directory, first step of the exchange
//	   | auth     ------------------------> |   what the client said: next step, or who it is
//	   |--------- authenticated ------------|
//	   | role-create, database-create, ...  |   in the session's transaction, checked against the role
//	   | end      ------------------------> |   commit or roll back
//
// The end of the file on either side ends the other's part: the keeper rolls back, the backend ends.

// MaxMessage is the longest message of the channel.
const MaxMessage = 64 << 10

// Ask is a request of a backend.
type Ask struct {
	Kind string
	// As is the OID of the role whose rights count (SET ROLE); 0 for the one that authenticated. It must be one that may be set.
	As   uint32          `json:",omitempty"`
	Body json.RawMessage `json:",omitempty"`
}

// Answer is the keeper's reply.
type Answer struct {
	Failure *Failure        `json:",omitempty"`
	Notices []Failure       `json:",omitempty"`
	Body    json.RawMessage `json:",omitempty"`
}

// Failure is an error or notice for the client, with the fields of an ErrorResponse.
type Failure struct {
	Severity string `json:",omitempty"` // empty means ERROR
	Code     string // SQLSTATE
	Message  string
	Detail   string `json:",omitempty"`
	Hint     string `json:",omitempty"`
	// Log is what only the server's log says of it.
	Log string `json:",omitempty"`
}

// ErrMessage is the error for bytes that are no message.
var ErrMessage = errors.New("malformed message on the keeper's channel")

// DecodeAsk reads a request.
func DecodeAsk(b []byte) (a Ask, err error) {
	if err = decode(b, &a); err == nil && a.Kind == "" {
		err = ErrMessage
	}
	return a, err
}

// DecodeAnswer reads a reply.
func DecodeAnswer(b []byte) (a Answer, err error) {
	err = decode(b, &a)
	return a, err
}

// Decode reads a body into one of the structs of this file.
func Decode(body json.RawMessage, into any) error {
	if len(body) == 0 {
		return nil
	}
	return decode(body, into)
}

func decode(b []byte, into any) error {
	if len(b) > MaxMessage {
		return fmt.Errorf("%w: %d bytes", ErrMessage, len(b))
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return nil
}

// Kinds of requests before authentication.
const (
	AskTLSConfig = "tls-config" // -> TLSConfig
	AskTLSSign   = "tls-sign"   // TLSSign -> TLSSignature
	AskStartup   = "startup"    // Startup -> StartupAnswer
	AskAuth      = "auth"       // AuthData -> AuthStep
)

// TLSConfig is what a backend needs to do a handshake; the private key is not part of it.
type TLSConfig struct {
	Enabled    bool
	Chain      [][]byte `json:",omitempty"` // certificates, DER, the server's first
	MinVersion uint16   `json:",omitempty"`
	MaxVersion uint16   `json:",omitempty"`
	// ClientCAs are the certificates (DER) of the authorities whose client certificates are asked for, as far as they fit; RequestClient tells
	// whether one is asked for at all.
	RequestClient bool     `json:",omitempty"`
	ClientCAs     [][]byte `json:",omitempty"`
}

// TLSSign asks for a signature of a handshake's digest.
type TLSSign struct {
	Digest []byte
	Hash   uint // crypto.Hash; 0 where the key signs the message itself (Ed25519)
	PSS    bool
}

// TLSSignature is the signature.
type TLSSignature struct{ Signature []byte }

// Startup tells what the client's startup packet asked for. Where the client is, the keeper knows from the postmaster.
type Startup struct {
	User, Database, Application string
	Replication                 bool
	TLS                         *TLSState `json:",omitempty"`
}

// TLSState is what a handshake gave.
type TLSState struct {
	Version, Cipher string
	ClientChain     [][]byte `json:",omitempty"` // DER, the client's first; it has proven to have the key
}

// StartupAnswer is the directory to narrow the sandbox to (0: there is no such database, which the client is told only after
// authentication) and the first step.
type StartupAnswer struct {
	DatabaseOID uint32
	Step        AuthStep
}

// AuthData is what the client answered: the body of its PasswordMessage or SASL message.
type AuthData struct{ Data []byte }

// AuthRequest is one message for the client: the code of an Authentication message and what follows the code.
type AuthRequest struct {
	Code int32
	Data []byte `json:",omitempty"`
}

// AuthStep is what to do next: send the requests, then be done, or read the client's answer. A refusal is a Failure of
// severity FATAL in the Answer.
type AuthStep struct {
	Requests []AuthRequest `json:",omitempty"`
	Done     *Identity     `json:",omitempty"`
	// Refused comes to a client that has proven who it is and is not let in all the same: it is told AuthenticationOk first, as
	// PostgreSQL does.
	Refused *Failure `json:",omitempty"`
}

// Identity is who a session is, as the keeper decided.
type Identity struct {
	RoleOID     uint32
	Role        string
	Superuser   bool
	DatabaseOID uint32
	Database    string
	Method      string
	SystemUser  string `json:",omitempty"` // who authenticated: "alice" of peer, the certificate's name, …
	Place       string // "file:line" of pg_hba.conf
	// Settings are those of ALTER ROLE and ALTER DATABASE ... SET that apply, weakest first, with their source as
	// pg_settings.source says ("database", "user", "database user").
	Settings []RoleSetting `json:",omitempty"`
}

// RoleSetting is one stored setting.
type RoleSetting struct{ Name, Value, Source string }

// Kinds of requests after authentication. Those marked tx take part in the session's transaction: nothing of them is seen by
// others before AskEnd commits. The others are done at once.
const (
	AskRoleCreate     = "role-create"     // tx RoleCreate -> OID
	AskRoleAlter      = "role-alter"      // tx RoleAlter
	AskRoleDrop       = "role-drop"       // tx RoleDrop
	AskRoleRename     = "role-rename"     // tx Rename
	AskGrantRole      = "role-grant"      // tx GrantRole
	AskSetting        = "setting"         // tx StoredSetting
	AskDatabaseCreate = "database-create" // DatabaseCreate -> OID
	AskDatabaseDrop   = "database-drop"   // DatabaseDrop
	AskDatabaseAlter  = "database-alter"  // tx DatabaseAlter
	AskDatabaseRename = "database-rename" // tx Rename
	AskComment        = "comment"         // tx Comment
	AskPrivileges     = "privileges"      // tx Privileges
	AskDepend         = "depend"          // tx Depend
	AskSystemSet      = "system-set"      // SystemSet
	AskReload         = "reload"          //
	AskSessions       = "sessions"        // -> Sessions
	AskSignal         = "signal"          // Signal -> Done
	AskActivity       = "activity"        // Activity: what pg_stat_activity shows others of this session
	AskHBARules       = "hba-rules"       // -> HBARules
	AskSetSession     = "set-session"     // SetSession: SET SESSION AUTHORIZATION
	AskSavepoint      = "savepoint"       // Savepoint
	AskEnd            = "end"             // End

	// AskInterrupt, sent while a request waits for another session's transaction, ends the wait with the Failure that is its body. It
	// has no answer of its own; at other times it says nothing.
	AskInterrupt = "interrupt"
)

// RoleOptions are the options of CREATE and ALTER ROLE; nil leaves one as it is (or at its default).
type RoleOptions struct {
	Superuser, CreateDB, CreateRole, Inherit, Login, Replication, BypassRLS *bool `json:",omitempty"`

	ConnectionLimit *int32 `json:",omitempty"`
	// Password is the text given; a pointer to "" with NullPassword takes the password away.
	Password     *string `json:",omitempty"`
	NullPassword bool    `json:",omitempty"`
	// ValidUntil is in microseconds since 1970, math.MaxInt64 for infinity (as timestamptz is stored).
	ValidUntil *int64 `json:",omitempty"`
	// Iterations is the session's scram_iterations, 0 for the server's.
	Iterations int `json:",omitempty"`
}

// RoleCreate is CREATE ROLE, USER or GROUP (the parser has already turned USER into Login).
type RoleCreate struct {
	Name string
	RoleOptions
	InRoles, Members, Admins []string `json:",omitempty"`
}

// RoleAlter is ALTER ROLE; Add and Drop are those of ALTER GROUP.
type RoleAlter struct {
	Name string
	RoleOptions
	Add, Drop []string `json:",omitempty"`
}

// RoleDrop is DROP ROLE.
type RoleDrop struct {
	Names     []string
	IfExists  bool   `json:",omitempty"`
	SessionAs uint32 `json:",omitempty"` // session_user where SET SESSION AUTHORIZATION changed it
}

// Rename is ALTER ROLE or DATABASE ... RENAME TO.
type Rename struct{ Old, New string }

// GrantRole is GRANT role TO role and its opposite.
type GrantRole struct {
	Roles, Members  []string
	Admin           bool   `json:",omitempty"` // WITH ADMIN OPTION; in REVOKE only ADMIN OPTION FOR
	Revoke, Cascade bool   `json:",omitempty"`
	GrantedBy       string `json:",omitempty"`
}

// StoredSetting is ALTER ROLE or DATABASE ... SET and RESET; Value nil resets, Name "" resets all. Role "" with Database "" is
// not allowed; AllRoles is ALTER ROLE ALL. Value is stored as it was written ("5MB"), checked.
type StoredSetting struct {
	Role, Database string `json:",omitempty"`
	AllRoles       bool   `json:",omitempty"`
	Name           string
	Value          *string `json:",omitempty"`
}

// DatabaseCreate is CREATE DATABASE.
type DatabaseCreate struct {
	Name                             string
	Owner, Template                  string `json:",omitempty"`
	Encoding, Locale, Collate, Ctype string `json:",omitempty"`
	LocaleProvider, Tablespace       string `json:",omitempty"`
	Strategy                         string `json:",omitempty"`
	ConnectionLimit                  *int32 `json:",omitempty"`
	AllowConnections, IsTemplate     *bool  `json:",omitempty"`
	OID                              uint32 `json:",omitempty"`
}

// DatabaseDrop is DROP DATABASE.
type DatabaseDrop struct {
	Name            string
	IfExists, Force bool `json:",omitempty"`
}

// DatabaseAlter is ALTER DATABASE with options or OWNER TO.
type DatabaseAlter struct {
	Name                         string
	Owner                        string `json:",omitempty"`
	ConnectionLimit              *int32 `json:",omitempty"`
	AllowConnections, IsTemplate *bool  `json:",omitempty"`
}

// OID answers requests that make something.
type OID struct{ OID uint32 }

// Comment is COMMENT ON a shared object; Kind is "database", "role" or "tablespace". Text nil removes it.
type Comment struct {
	Kind, Name string
	Text       *string
}

// Privileges is GRANT and REVOKE on databases (and tablespaces). Privileges are PostgreSQL's letters (C create, T temporary, c
// connect); empty means all. A grantee "" is PUBLIC.
type Privileges struct {
	Kind        string // "database"
	Names       []string
	Privileges  string
	Grantees    []string
	Revoke      bool   `json:",omitempty"`
	GrantOption bool   `json:",omitempty"` // WITH GRANT OPTION; in REVOKE only GRANT OPTION FOR
	Cascade     bool   `json:",omitempty"`
	GrantedBy   string `json:",omitempty"`
}

// Depend records in pg_shdepend that objects of this database belong to roles (or name them in privileges), so that DROP ROLE
// knows. The bootstrap superuser's objects are not recorded.
type Depend struct {
	Add, Remove []Dependency `json:",omitempty"`
}

// Dependency is a row of pg_shdepend. In Remove a zero RefOID or Type means any.
type Dependency struct {
	ClassID, ObjID uint32
	ObjSubID       int32  `json:",omitempty"`
	RefOID         uint32 `json:",omitempty"` // the role
	Type           string `json:",omitempty"` // o owner, a privileges, r policy
}

// SystemSet is ALTER SYSTEM: Value nil resets, Name "" resets all.
type SystemSet struct {
	Name  string
	Value *string
}

// Session is one row of what the keeper knows of sessions.
type Session struct {
	PID                  int32
	DatabaseOID, RoleOID uint32
	Database, Role       string
	Application          string `json:",omitempty"`
	Remote, Hostname     string `json:",omitempty"`
	Local                bool   `json:",omitempty"`
	Started              int64  // microseconds since 1970
	TLS                  string `json:",omitempty"` // version, "" without
	Cipher               string `json:",omitempty"`
	Activity
}

// Activity is what changes in a session. Query is cut to 1 kB; it is left out for those who may not see it.
type Activity struct {
	State                              string `json:",omitempty"`
	Query                              string `json:",omitempty"`
	QueryStart, XactStart, StateChange int64  `json:",omitempty"`
	WaitEventType, WaitEvent           string `json:",omitempty"`
	ApplicationName                    string `json:",omitempty"`
}

// Sessions are all sessions; when there are too many for one message, More tells where to go on (From of the request).
type Sessions struct {
	Sessions []Session
	More     bool `json:",omitempty"`
}

// SessionsFrom asks for the sessions after a pid.
type SessionsFrom struct{ After int32 }

// Signal is pg_cancel_backend and pg_terminate_backend.
type Signal struct {
	PID       int32
	Terminate bool `json:",omitempty"`
}

// SignalDone tells whether there was such a backend.
type SignalDone struct{ Found bool }

// HBARule is a row of pg_hba_file_rules.
type HBARule struct {
	Line             int32
	File             string
	Type             string
	Databases, Users []string
	Address, Netmask string `json:",omitempty"`
	Method           string
	Options          []string `json:",omitempty"`
	Error            string   `json:",omitempty"`
}

// HBARules are all of them, as far as they fit.
type HBARules struct{ Rules []HBARule }

// SetSession is SET SESSION AUTHORIZATION: only a superuser who authenticated as one may become another.
type SetSession struct{ Role string }

// Savepoint keeps the session's savepoints: Op is "save", "release" or "rollback".
type Savepoint struct{ Op, Name string }

// End ends the part the keeper has in the session's transaction.
type End struct{ Commit bool }
