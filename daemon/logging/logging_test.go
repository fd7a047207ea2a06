package logging

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgd/install/settings"
)

func values(kv ...string) *settings.Values {
	v := settings.NewValues()
	for i := 0; i < len(kv); i += 2 {
		v.Set(kv[i], kv[i+1], settings.Source{})
	}
	return v
}

// Ensure that lines have PostgreSQL's shape, and that what a client chose cannot begin a line of its own.
func TestText(t *testing.T) {
	var b bytes.Buffer
	l := NewTo(&b, "client backend", values("log_line_prefix", "%q%u@%d %-6a|%5e|%r|%b%% "))
	l.Info("no session")
	e := l.Session("al\nice", "db", "psql", "127.0.0.1:5000")
	e.WithField(FieldSQLState, "42601").WithField(FieldStatement, "select\n1 \x1b[m").Error("syntax error")
	e.Debug("hidden")
	Severe(e.WithField("n", 3), "FATAL", "gone")
	Severe(e, "NOTICE", "hidden too")
	want := "LOG:  no session\n" +
		"al\n\tice@db psql  |42601|127.0.0.1(5000)|client backend% ERROR:  syntax error\n" +
		"al\n\tice@db psql  |42601|127.0.0.1(5000)|client backend% STATEMENT:  select\n\t1 \\x1b[m\n" +
		"al\n\tice@db psql  |00000|127.0.0.1(5000)|client backend% FATAL:  gone n=3\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	l.Configure(values("log_min_messages", "fatal", "log_line_prefix", ""))
	e.Error("below")
	e.Info("below")
	Severe(e, "FATAL", "above")
	l.Configure(values("log_min_messages", "debug5", "log_line_prefix", ""))
	e.Trace("trace")
	if b.String() != "FATAL:  above\nDEBUG:  trace\n" {
		t.Errorf("%q", b.String())
	}
}

// Ensure that JSON lines have PostgreSQL's keys.
func TestJSON(t *testing.T) {
	var b bytes.Buffer
	l := NewTo(&b, "client backend", values("log_destination", "jsonlog"))
	l.Session("u", "d", "a", "[::1]:77").WithField(FieldHint, "<x>").WithField("k", 1).Warn("m")
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for k, v := range map[string]any{"user": "u", "dbname": "d", "remote_host": "::1", "remote_port": "77", "error_severity": "WARNING", "message": "m", "hint": "<x>", "pid": float64(os.Getpid())} {
		if got[k] != v {
			t.Errorf("%s is %v, not %v", k, got[k], v)
		}
	}
}

// Ensure that sessions are logged as log_connections and log_disconnections do.
func TestSessionLines(t *testing.T) {
	var b bytes.Buffer
	e := NewTo(&b, "", values("log_line_prefix", "")).WithFields(nil)
	Received(e, "10.0.0.1:9")
	Received(e, "")
	Authorized(e, "u", "d", "psql", "TLSv1.3", "X")
	Ended(e, 3723456*time.Millisecond, "u", "d", "")
	want := "LOG:  connection received: host=10.0.0.1 port=9\nLOG:  connection received: host=[local]\n" +
		"LOG:  connection authorized: user=u database=d application_name=psql SSL enabled (protocol=TLSv1.3, cipher=X)\n" +
		"LOG:  disconnection: session time: 1:02:03.456 user=u database=d host=[local]\n"
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
}

// Ensure that log files are begun anew when they are too old or too large, and stay inside their directory.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if NewFiles(dir, values()) != nil {
		t.Error("files without logging_collector")
	}
	f := NewFiles(dir, values("logging_collector", "on", "log_rotation_size", "1", "log_rotation_age", "60"))
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	file, err := f.Open(now, false)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if want := filepath.Join(dir, "log", "pgd-2024-05-06_070809.log"); f.Path() != want {
		t.Error(f.Path())
	}
	if st, err := file.Stat(); err != nil || st.Mode().Perm() != 0o600 {
		t.Error(st, err)
	}
	if due, _ := f.Due(now.Add(time.Minute)); due {
		t.Error("due")
	}
	if due, byAge := f.Due(now.Add(time.Hour)); !due || !byAge {
		t.Error("not due by age")
	}
	file.WriteString(strings.Repeat("x", 2000))
	if due, byAge := f.Due(now.Add(time.Minute)); !due || byAge {
		t.Error("not due by size")
	}
	if due, _ := f.Due(now); due {
		t.Error("due, but the name is the same")
	}
	if _, err := NewFiles(dir, values("logging_collector", "on", "log_filename", "../x")).Open(now, false); err == nil {
		t.Error("left the directory")
	}
}
