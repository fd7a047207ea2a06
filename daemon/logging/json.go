package logging

import (
	"bytes"
	"encoding/json"
	"os"
)

// line is one record of jsonlog, under PostgreSQL's keys.
type line struct {
	Timestamp    string `json:"timestamp"`
	User         string `json:"user,omitempty"`
	Database     string `json:"dbname,omitempty"`
	PID          int    `json:"pid"`
	RemoteHost   string `json:"remote_host,omitempty"`
	RemotePort   string `json:"remote_port,omitempty"`
	SessionID    string `json:"session_id"`
	LineNumber   int64  `json:"line_num"`
	Tag          string `json:"ps,omitempty"`
	SessionStart string `json:"session_start"`
	Severity     string `json:"error_severity"`
	SQLState     string `json:"state_code,omitempty"`
	Message      string `json:"message"`
	Detail       string `json:"detail,omitempty"`
	Hint         string `json:"hint,omitempty"`
	Statement    string `json:"statement,omitempty"`
	Application  string `json:"application_name,omitempty"`
	Backend      string `json:"backend_type"`

	Fields map[string]string `json:"fields,omitempty"`
}

func (r *record) json() []byte {
	host, port := split(r.field(FieldClient))
	l := line{
		Timestamp: stamp(r.entry.Time, r.config.zone), User: r.field(FieldUser), Database: r.field(FieldDatabase), PID: os.Getpid(),
		RemoteHost: host, RemotePort: port, SessionID: r.sessionID(), LineNumber: r.line, Tag: r.field(FieldTag),
		SessionStart: stamp(r.log.started, r.config.zone), Severity: r.severity, SQLState: r.field(FieldSQLState),
		Message: r.entry.Message, Detail: r.field(FieldDetail), Hint: r.field(FieldHint), Statement: r.field(FieldStatement),
		Application: r.field(FieldApplication), Backend: r.log.kind,
	}
	for _, k := range r.others() {
		if l.Fields == nil {
			l.Fields = map[string]string{}
		}
		l.Fields[k] = r.field(k)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b) // ends the line itself
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		return nil
	}
	return b.Bytes()
}
