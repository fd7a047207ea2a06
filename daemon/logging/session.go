package logging

import (
	"fmt"
	"time"

	"github.com/sirupsen/logrus"
)

// Received logs what log_connections says first of a connection; remote is "address:port", empty for a Unix socket.
func Received(e *logrus.Entry, remote string) {
	host, port := split(remote)
	switch {
	case remote == "":
		e.Info("connection received: host=[local]")
	default:
		e.Infof("connection received: host=%s port=%s", host, port)
	}
}

// Authorized logs that a session was let in. tls is "" or the version, cipher its cipher suite.
func Authorized(e *logrus.Entry, user, database, application, tls, cipher string) {
	m := fmt.Sprintf("connection authorized: user=%s database=%s", user, database)
	if application != "" {
		m += " application_name=" + application
	}
	if tls != "" {
		m += fmt.Sprintf(" SSL enabled (protocol=%s, cipher=%s)", tls, cipher)
	}
	e.Info(m)
}

// Ended logs what log_disconnections says of a session.
func Ended(e *logrus.Entry, lasted time.Duration, user, database, remote string) {
	ms := lasted.Milliseconds()
	m := fmt.Sprintf("disconnection: session time: %d:%02d:%02d.%03d user=%s database=%s", ms/3600000, ms/60000%60, ms/1000%60, ms%1000, user, database)
	if host, port := split(remote); remote == "" {
		m += " host=[local]"
	} else {
		m += fmt.Sprintf(" host=%s port=%s", host, port)
	}
	e.Info(m)
}
