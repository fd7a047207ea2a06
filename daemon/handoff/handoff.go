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

// The control channel, SOCK_SEQPACKET, one JSON text a datagram:
//
//	postmaster                        keeper          backend
//	    | start ------------------------>|               |   first message to every child
//	    |<------------------------ ready |               |   it has loaded roles, HBA file, TLS material
//	    | start ---------------------------------------->|
//	    | attach + channel ------------->|               |   the keeper's end of the pair behind the backend's FdKeeper
//	    |<---------------------------------------- ready |   waiting, sandboxed
//	    | client ----------------------->|               |   who is connected to which backend: the backend is not asked
//	    | client + socket ------------------------------>|
//	    |<---------------- authenticated |               |
//	    | gone ------------------------->|               X   reaped
//
// "client" reaches the keeper on another channel than the backend's first request, so the keeper waits for it.

// Start is the first message on every child's control channel.
type Start struct {
	Kind          string            // backend, keeper, checkpointer
	Site          string            // absolute path of the site
	Name          string            // the site's name
	Settings      map[string]string // every setting of the configuration files and command line, as settings.FromMaps wants them
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

// Client is the message that hands a client's socket to a backend; the socket is attached with SCM_RIGHTS. The keeper gets
// it too, without socket and secret.
type Client struct {
	PID              int32  // process id the client is told (BackendKeyData): the backend's own
	Secret           []byte `json:",omitempty"` // cancel key, 32 bytes; protocol 3.0 uses the first 4
	Accepted         time.Time
	Local            bool   // Unix socket
	PeerUID, PeerGID uint32 // of a Unix socket
	Remote           string // "address:port", empty for Unix
	Server           string
	// Refuse, when set, is the SQLSTATE and message of the FATAL that is all this client gets; it is sent once the startup packet
	// has been read, and no session is made.
	RefuseCode, Refuse string `json:",omitempty"`
	// ReservedOnly tells that only connections reserved for superusers are left.
	ReservedOnly bool `json:",omitempty"`
}

// Kinds of Control.
const (
	ControlClient   = "client"   // to a backend, with the socket; to the keeper, without
	ControlSettings = "settings" // new configuration, to every child; the keeper reads HBA file and TLS material again
	ControlLog      = "log"      // with a descriptor: the log goes there from now on
	ControlAttach   = "attach"   // to the keeper: backend PID, with the keeper's end of its channel
	ControlGone     = "gone"     // to the keeper: backend PID has ended
)

// Control is any message from the postmaster to a child after Start.
type Control struct {
	Kind     string
	PID      int32   `json:",omitempty"`
	Client   *Client `json:",omitempty"`
	Settings *Start  `json:",omitempty"`
}

// Kinds of Report.
const (
	ReportReady         = "ready"         // Error where the child cannot work: the site does not start
	ReportAuthenticated = "authenticated" // from the keeper, about PID: Role, Database, Superuser, Application
	ReportCancel        = "cancel"        // from a backend whose client sent a CancelRequest: CancelPID, CancelSecret
	ReportSignal        = "signal"        // from the keeper: pg_cancel_backend (Terminate false) and pg_terminate_backend of PID
	ReportReload        = "reload"        // from the keeper: pg_reload_conf
	ReportReloaded      = "reloaded"      // from the keeper after ControlSettings; Error tells what it kept as it was
)

// Report is any message from a child to the postmaster. What a backend reports is only believed about itself.
type Report struct {
	Kind         string
	PID          int32  `json:",omitempty"`
	Role         string `json:",omitempty"`
	Database     string `json:",omitempty"`
	Application  string `json:",omitempty"`
	Superuser    bool   `json:",omitempty"`
	Terminate    bool   `json:",omitempty"`
	CancelPID    int32  `json:",omitempty"`
	CancelSecret []byte `json:",omitempty"`
	Error        string `json:",omitempty"`
}
