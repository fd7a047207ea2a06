// Package handoff is what crosses from the postmaster to its children and between backends and the keeper: the kinds of
// children, the numbers of the descriptors they are born with, and the messages of the channels. It is the only code daemon, keeper and
// backend share, and a leaf. Every decoder treats its bytes as hostile.
package handoff

import "time"

// The hidden first arguments with which the binary runs itself.
const (
	ArgBackend      = "--pgd-backend"
	ArgKeeper       = "--pgd-keeper"
	ArgCheckpointer = "--pgd-checkpointer"
	ArgPostmaster   = "--pgd-postmaster"
	ArgPopulate     = "--pgd-populate"
)

// Descriptors a child is born with, besides 0 (/dev/null), 1 and 2 (the log).
const (
	// FdControl is the child's end of a SOCK_SEQPACKET pair with the postmaster. Its end of file means that the postmaster
	// is gone: the child ends itself.
	FdControl = 3
	// FdKeeper is a backend's end of a SOCK_SEQPACKET pair with the keeper.
	FdKeeper = 4
)

// Start is the first message on every child's control channel.
type Start struct {
	Kind          string            // backend, keeper, checkpointer
	Site          string            // absolute path of the site
	Name          string            // the site's name
	Settings      map[string]string // every setting of the configuration files and command line, as settings.Values wants them
	Sources       map[string]string // setting -> "file:line", for pg_settings
	Generation    uint64            // of the configuration
	PostmasterPID int
	Started       time.Time // of the postmaster
	Port          int
	SocketDir     string
	Version       string
	// SharedCatalog and Base are absolute paths of global/catalog.db and base/.
	SharedCatalog, Base string
}

// Client is the message that hands a client's socket to a backend; the socket is attached with SCM_RIGHTS.
type Client struct {
	PID              int32  // process id the client is told (BackendKeyData): the backend's own
	Secret           []byte // cancel key, 32 bytes; protocol 3.0 uses the first 4
	Accepted         time.Time
	Local            bool   // Unix socket
	PeerUID, PeerGID uint32 // of a Unix socket
	Remote           string // "address:port", empty for Unix
	Server           string
	// Refuse, when set, is the SQLSTATE and message of the FATAL that is all this client gets.
	RefuseCode, Refuse string
	// Slots tells how many connections are free, ReservedOnly that only superusers may stay.
	ReservedOnly bool
	// CancelTo is how the backend reports a CancelRequest: as a Report of kind "cancel" on its control channel.
}

// Control is any message from the postmaster to a child after Start.
type Control struct {
	Kind     string // client, settings, log, keeper
	Client   *Client
	Settings *Start // new configuration
	// PID, in messages to the keeper, is the backend that is meant. Kind "keeper" brings the keeper's end of that backend's
	// channel (SCM_RIGHTS). Kind "client", sent to the keeper before the backend gets the client, tells it whom the backend serves:
	// the keeper believes the postmaster and not the backend about where a connection comes from. Kind "settings" reloads.
	PID int32
}

// Report is any message from a child to the postmaster.
type Report struct {
	Kind                               string // ready, authenticated, cancel, closed, stat
	Role, Database, Application, State string
	Superuser                          bool
	CancelPID                          int32
	CancelSecret                       []byte
	Error                              string
	// PID is the backend a keeper's report is about: kinds "interrupt" (cancel its statement, SIGINT) and "terminate" (SIGTERM),
	// sent for pg_cancel_backend, pg_terminate_backend and DROP DATABASE ... WITH (FORCE). Kind "reload" asks for a reload of the
	// configuration (pg_reload_conf). Kind "ready" with Error set means that the child cannot start and why.
	PID int32
}
