package session

import (
	"io"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/pgerr"
	"pgd/backend/wire"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// Conn is the client: a net.Conn or *tls.Conn.
type Conn interface {
	io.ReadWriter
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}

// Config is what a session is made of. The client has been told AuthenticationOk and nothing after it.
type Config struct {
	Conn Conn
	// Reader is the reader authentication used, with what it has read ahead; nil where it read nothing.
	Reader        *wire.Reader
	Protocol      uint32
	StartupParams map[string]string
	PID           int32
	Secret        []byte // what BackendKeyData tells
	Identity      handoff.Identity
	Client        handoff.Client // where the client is
	TLS           bool
	// Dir is base/OID of the database; SharedCatalog is global/catalog.db.
	Dir, SharedCatalog string
	Settings           *settings.Values
	Version            string // of pgd
	ServerStarted      time.Time
	Keeper             Keeper
	Events             <-chan Event
	Log                *logrus.Entry
	// Fsync is off only in tests.
	NoFsync bool
}

// Keeper asks the keeper for what a backend may not do itself. kind and the structs are those of package handoff; into is a
// pointer to the answer's body or nil. as is the role whose rights count. Notices go to the client.
type Keeper interface {
	Ask(kind string, as uint32, body, into any) (notices []*pgerr.Error, err error)
	// Interrupt ends a wait of Ask with this error, where there is one. It may be called from any goroutine.
	Interrupt(e *pgerr.Error)
}

// EventKind is what happened outside the conversation.
type EventKind uint8

// Kinds of events.
const (
	// Cancel is a cancel request for the command that runs.
	Cancel EventKind = iota
	// Terminate ends the session: the administrator or a shutdown.
	Terminate
	// PostmasterGone ends the session.
	PostmasterGone
	// Reload brings new values of the configuration.
	Reload
)

// Event is sent to a session by its process.
type Event struct {
	Kind     EventKind
	Settings *settings.Values // of Reload
}
