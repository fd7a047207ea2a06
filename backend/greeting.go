package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/auth"
	"pgd/backend/pgerr"
	"pgd/backend/session"
	"pgd/backend/wire"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
)

// greeting is a connection before it is a session. The client has until authentication_timeout for all of it.
type greeting struct {
	*process
	client *handoff.Client
	conn   net.Conn // TLS's once there is one
	entry  *logrus.Entry
	tls    *handoff.TLSState
	asked  wire.Startup
	heard  bool // a startup packet was understood, so that an answer will be
}

// run goes as far as the session's configuration, or fails with what refuse takes.
func (g *greeting) run() (*sessionConfig, error) {
	values := g.values.Load()
	began := g.client.Accepted
	if began.IsZero() {
		began = time.Now()
	}
	_ = g.conn.SetDeadline(began.Add(values.Duration("authentication_timeout")))
	g.entry = g.log.WithField(logging.FieldClient, clientName(g.client))
	if values.Bool("log_connections") {
		logging.Received(g.entry, g.client.Remote)
	}
	if err := g.startup(); err != nil {
		return nil, err
	}
	g.heard = true
	params := g.asked.Params
	g.entry = g.log.Session(params["user"], params["database"], params["application_name"], clientName(g.client))
	if g.client.Refuse != "" {
		return nil, pgerr.Fatal(g.client.RefuseCode, "%s", g.client.Refuse)
	}
	w, r := wire.NewWriter(g.conn), wire.NewReader(g.conn)
	if g.asked.Negotiate() {
		w.NegotiateProtocolVersion(&g.asked)
	}
	q := handoff.Startup{User: params["user"], Database: params["database"], Application: params["application_name"], TLS: g.tls}
	if on, ok := settings.ParseBool(params["replication"]); ok && on {
		q.Replication = true
	}
	id, err := auth.Authenticate(g.keeper, q, r, w, g.confine)
	if err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	_ = g.conn.SetDeadline(time.Time{})
	g.authorized(id, values)
	return &sessionConfig{ctx: context.Background(), Config: session.Config{
		Conn: g.conn, Reader: r, Protocol: g.asked.Protocol, StartupParams: params, PID: g.client.PID, Secret: g.client.Secret,
		Identity: *id, Client: *g.client, TLS: g.tls != nil, Dir: g.database(id.DatabaseOID), SharedCatalog: g.start.SharedCatalog,
		Settings: g.values.Load(), Version: g.start.Version, ServerStarted: g.start.Started, Keeper: g.keeper, Events: g.events, Log: g.entry,
	}}, nil
}

type sessionConfig struct {
	ctx context.Context
	session.Config
}

func clientName(c *handoff.Client) string {
	if c.Local {
		return "[local]"
	}
	return c.Remote
}

// startup reads packets until one asks for a session. Encryption is answered once each, as PostgreSQL does.
func (g *greeting) startup() error {
	var sslDone, gssDone bool
	for {
		s, err := wire.ReadStartup(g.conn)
		if err != nil {
			return err
		}
		switch {
		case s.Kind == wire.StartCancel:
			if err := g.control.Send(handoff.Report{Kind: handoff.ReportCancel, CancelPID: s.CancelPID, CancelSecret: s.CancelKey}); err != nil {
				g.entry.Errorf("tell the postmaster of a cancel request: %v", err)
			}
			return errLeft
		case s.Kind == wire.StartSSL && !sslDone:
			sslDone = true
			if err := g.encrypt(); err != nil {
				return err
			}
			// Inside TLS nothing is left to be asked for.
			gssDone = gssDone || g.tls != nil
		case s.Kind == wire.StartGSSENC && !gssDone:
			gssDone = true
			if _, err := g.conn.Write([]byte{'N'}); err != nil {
				return err
			}
		case s.Kind != wire.StartSession:
			minor := 5679
			if s.Kind == wire.StartGSSENC {
				minor = 5680
			}
			g.heard = true
			return pgerr.Fatal(pgerr.FeatureNotSupported, "unsupported frontend protocol 1234.%d: server supports 3.0 to 3.2", minor)
		default:
			g.asked = s
			return nil
		}
	}
}

// encrypt answers an SSLRequest. ReadStartup has read no byte ahead, so what a man in the middle put behind the request in the
// clear becomes part of the handshake and spoils it.
func (g *greeting) encrypt() error {
	var conf *tls.Config
	if !g.client.Local {
		var err error
		if conf, err = auth.TLSConfig(g.keeper); err != nil {
			if g.client.Refuse == "" {
				return err
			}
			conf = nil // nobody is let in now; perhaps because there is no keeper yet
		}
	}
	if conf == nil {
		_, err := g.conn.Write([]byte{'N'})
		return err
	}
	if _, err := g.conn.Write([]byte{'S'}); err != nil {
		return err
	}
	conn, state, err := auth.Handshake(g.conn, conf)
	if err != nil {
		g.entry.Infof("could not accept SSL connection: %v", err)
		return errLeft
	}
	g.conn, g.tls = conn, state
	return nil
}

// authorized writes log_connections' lines.
func (g *greeting) authorized(id *handoff.Identity, values *settings.Values) {
	if !values.Bool("log_connections") {
		return
	}
	name := id.SystemUser
	if name == "" {
		name = id.Role
	}
	if id.Method != "trust" {
		g.entry.Infof(`connection authenticated: identity="%s" method=%s (%s)`, name, id.Method, id.Place)
	}
	var version, cipher string
	if g.tls != nil {
		version, cipher = g.tls.Version, g.tls.Cipher
	}
	logging.Authorized(g.entry, id.Role, id.Database, g.asked.Params["application_name"], version, cipher)
}

// lastWords is how long a client that is refused may take to hear it.
const lastWords = 2 * time.Second

// refuse tells the client why it is not let in, where it would understand, and gives the exit status.
func (g *greeting) refuse(err error) int {
	var e *pgerr.Error
	switch {
	case wire.Silent(err) && errors.As(err, &e):
		entry := g.entry.WithField(logging.FieldSQLState, e.Code)
		if e.Detail != "" {
			entry = entry.WithField(logging.FieldDetail, e.Detail)
		}
		entry.Info(e.Message)
		return exitFatal
	case errors.Is(err, errLeft), errors.Is(err, auth.ErrGone), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return exitClean
	case errors.Is(err, os.ErrDeadlineExceeded):
		// As PostgreSQL: the log knows, the client does not.
		if g.heard {
			logging.Severe(g.entry.WithField(logging.FieldSQLState, pgerr.QueryCanceled), pgerr.SevFatal, "canceling authentication due to timeout")
		}
		return exitFatal
	case !errors.As(err, &e):
		g.entry.Errorf("connection: %v", err)
		return exitFatal
	}
	fatal := *e
	fatal.Severity = pgerr.SevFatal
	entry := g.entry.WithField(logging.FieldSQLState, fatal.Code)
	if fatal.Detail != "" {
		entry = entry.WithField(logging.FieldDetail, fatal.Detail)
	}
	logging.Severe(entry, pgerr.SevFatal, fatal.Message)
	_ = g.conn.SetDeadline(time.Now().Add(lastWords))
	w := wire.NewWriter(g.conn)
	w.Error(&fatal)
	_ = w.Flush()
	return exitFatal
}
