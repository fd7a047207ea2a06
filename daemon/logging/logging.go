// Package logging is the log of every process of a site: logrus with PostgreSQL's lines (log_line_prefix, severity, message,
// DETAIL, HINT, STATEMENT) or its JSON fields, always written to the process's own descriptor 2, which is opened for
// appending. Nobody writes for somebody else, so a stopped postmaster stops no log. It never opens a database and never logs a
// secret; a log that cannot be written is no reason to fail.
package logging

import (
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/install/settings"
)

// Names of fields with a meaning. Others are appended to the line as key=value, or are keys of their own in JSON.
const (
	FieldSeverity    = "severity" // a severity of PostgreSQL that logrus has no level for
	FieldUser        = "user"
	FieldDatabase    = "database"
	FieldApplication = "application"
	FieldClient      = "client" // "address:port" or "[local]"
	FieldSQLState    = "sqlstate"
	FieldDetail      = "detail"
	FieldHint        = "hint"
	FieldStatement   = "statement"
	FieldTag         = "tag" // command tag
)

// Severities in the order of log_min_messages, which puts LOG above ERROR.
var ranks = map[string]int{
	"DEBUG5": 1, "DEBUG4": 2, "DEBUG3": 3, "DEBUG2": 4, "DEBUG1": 5, "DEBUG": 4, "INFO": 6, "NOTICE": 7, "WARNING": 8, "ERROR": 9,
	"LOG": 10, "FATAL": 11, "PANIC": 12,
}

// severity of a logrus level: Info is a server's LOG message.
var severities = map[logrus.Level]string{
	logrus.TraceLevel: "DEBUG5", logrus.DebugLevel: "DEBUG1", logrus.InfoLevel: "LOG", logrus.WarnLevel: "WARNING",
	logrus.ErrorLevel: "ERROR", logrus.FatalLevel: "FATAL", logrus.PanicLevel: "PANIC",
}

// Log is one process's log. Its settings may be changed while others write.
type Log struct {
	*logrus.Logger
	config  atomic.Pointer[config]
	kind    string // "postmaster", "client backend", ...
	started time.Time
	lines   atomic.Int64
}

type config struct {
	prefix string
	json   bool
	least  int
	zone   *time.Location
}

// New makes the log of a process of that kind. The settings are those that begin with log_.
func New(kind string, v *settings.Values) *Log { return NewTo(os.Stderr, kind, v) }

// NewTo makes a log that writes to w.
func NewTo(w io.Writer, kind string, v *settings.Values) *Log {
	l := &Log{Logger: logrus.New(), kind: kind, started: time.Now()}
	l.Out = w
	l.SetFormatter(l)
	l.Configure(v)
	return l
}

// Configure takes new settings.
func (l *Log) Configure(v *settings.Values) {
	c := &config{prefix: v.Get("log_line_prefix"), least: ranks[strings.ToUpper(v.Get("log_min_messages"))], zone: time.UTC}
	for _, d := range v.List("log_destination") {
		c.json = c.json || d == "jsonlog"
	}
	if name := v.Get("log_timezone"); name != "" && name != "GMT" && name != "UTC" {
		if zone, err := time.LoadLocation(name); err == nil {
			c.zone = zone
		}
	}
	l.config.Store(c)
	// logrus's level is the coarse, cheap filter; Format applies the exact one.
	switch {
	case c.least <= 4:
		l.SetLevel(logrus.TraceLevel)
	case c.least <= 5:
		l.SetLevel(logrus.DebugLevel)
	default:
		l.SetLevel(logrus.InfoLevel)
	}
}

// Enabled says whether a message of a severity goes to the log.
func (l *Log) Enabled(severity string) bool { return ranks[severity] >= l.config.Load().least }

// Session gives the entry a backend logs with; client is "[local]" or "address:port".
func (l *Log) Session(user, database, application, client string) *logrus.Entry {
	return l.WithFields(logrus.Fields{FieldUser: user, FieldDatabase: database, FieldApplication: application, FieldClient: client})
}

// Severe logs a message under a severity of PostgreSQL's, whatever logrus calls it; FATAL and PANIC end nothing here.
func Severe(e *logrus.Entry, severity, message string) {
	level := logrus.ErrorLevel
	switch {
	case strings.HasPrefix(severity, "DEBUG"):
		level = logrus.DebugLevel
	case severity == "INFO", severity == "NOTICE", severity == "LOG":
		level = logrus.InfoLevel
	case severity == "WARNING":
		level = logrus.WarnLevel
	}
	e.WithField(FieldSeverity, severity).Log(level, message)
}

func severityOf(e *logrus.Entry) string {
	if s, ok := e.Data[FieldSeverity].(string); ok {
		return s
	}
	return severities[e.Level]
}

// Redirect makes a descriptor this process's standard output and error, and closes the file.
func Redirect(f *os.File) error {
	defer f.Close()
	return redirect(int(f.Fd()))
}
