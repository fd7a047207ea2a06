package logging

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
)

// placed are the fields that have their own place in a line.
var placed = map[string]bool{
	FieldSeverity: true, FieldUser: true, FieldDatabase: true, FieldApplication: true, FieldClient: true, FieldSQLState: true,
	FieldDetail: true, FieldHint: true, FieldStatement: true, FieldTag: true,
}

// Format gives the whole text of one message, which is written at once; nothing for one below log_min_messages.
func (l *Log) Format(e *logrus.Entry) ([]byte, error) {
	c := l.config.Load()
	severity := severityOf(e)
	if ranks[severity] < c.least {
		return nil, nil
	}
	r := &record{log: l, config: c, entry: e, severity: severity, line: l.lines.Add(1)}
	if c.json {
		return r.json(), nil
	}
	return r.text(), nil
}

type record struct {
	log      *Log
	config   *config
	entry    *logrus.Entry
	severity string
	line     int64
}

func (r *record) field(name string) string {
	switch v := r.entry.Data[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// others gives the names of the fields without a place, sorted.
func (r *record) others() []string {
	var out []string
	for k := range r.entry.Data {
		if !placed[k] {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}

func (r *record) text() []byte {
	var b strings.Builder
	prefix := r.prefix()
	line := func(label, text string) {
		b.WriteString(prefix)
		b.WriteString(label)
		b.WriteString(":  ")
		clean(&b, text)
	}
	severity := r.severity
	if strings.HasPrefix(severity, "DEBUG") {
		severity = "DEBUG"
	}
	line(severity, r.entry.Message)
	for _, k := range r.others() {
		b.WriteByte(' ')
		clean(&b, k)
		b.WriteByte('=')
		v := r.field(k)
		if strings.ContainsAny(v, " =\"") || v == "" {
			v = strconv.Quote(v)
		}
		clean(&b, v)
	}
	b.WriteByte('\n')
	for _, f := range [...]struct{ label, name string }{{"DETAIL", FieldDetail}, {"HINT", FieldHint}, {"STATEMENT", FieldStatement}} {
		if v := r.field(f.name); v != "" {
			line(f.label, v)
			b.WriteByte('\n')
		}
	}
	return []byte(b.String())
}

// clean keeps what a client may have chosen from looking like a line of its own: lines after the first are indented, other
// control characters are spelled out.
func clean(b *strings.Builder, text string) {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			b.WriteString("\n\t")
		case c < 0x20 && c != '\t' || c == 0x7f:
			fmt.Fprintf(b, "\\x%02x", c)
		default:
			b.WriteByte(c)
		}
	}
}

// prefix expands log_line_prefix.
func (r *record) prefix() string {
	p := r.config.prefix
	if strings.IndexByte(p, '%') < 0 {
		return p
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			b.WriteByte(p[i])
			continue
		}
		i++
		start := i
		if i < len(p) && p[i] == '-' {
			i++
		}
		for i < len(p) && '0' <= p[i] && p[i] <= '9' {
			i++
		}
		if i >= len(p) {
			break
		}
		width, _ := strconv.Atoi(p[start:i])
		if p[i] == 'q' {
			if r.session() {
				continue
			}
			break
		}
		pad(&b, r.escape(p[i]), width)
	}
	return b.String()
}

func pad(b *strings.Builder, text string, width int) {
	const most = 100 // a width is for columns, not for filling disks
	switch fill := min(max(width, -width), most) - len(text); {
	case fill <= 0:
		clean(b, text)
	case width > 0:
		b.WriteString(strings.Repeat(" ", fill))
		clean(b, text)
	default:
		clean(b, text)
		b.WriteString(strings.Repeat(" ", fill))
	}
}

// session says whether this is a backend with a client.
func (r *record) session() bool { return r.field(FieldClient) != "" }

func (r *record) escape(c byte) string {
	unknown := func(v string) string {
		if v == "" {
			return "[unknown]"
		}
		return v
	}
	now := r.entry.Time.In(r.config.zone)
	switch c {
	case '%':
		return "%"
	case 'p':
		return strconv.Itoa(os.Getpid())
	case 'm':
		return now.Format("2006-01-02 15:04:05.000 MST")
	case 't':
		return now.Format("2006-01-02 15:04:05 MST")
	case 'n':
		return strconv.FormatFloat(float64(now.UnixMilli())/1000, 'f', 3, 64)
	case 's':
		return r.log.started.In(r.config.zone).Format("2006-01-02 15:04:05 MST")
	case 'c':
		return r.sessionID()
	case 'l':
		return strconv.FormatInt(r.line, 10)
	case 'b':
		return r.log.kind
	case 'e':
		if s := r.field(FieldSQLState); s != "" {
			return s
		}
		return "00000"
	case 'P', 'v', 'Q':
		return ""
	case 'x':
		return "0"
	case 'a':
		return r.inSession(unknown(r.field(FieldApplication)))
	case 'u':
		return r.inSession(unknown(r.field(FieldUser)))
	case 'd':
		return r.inSession(unknown(r.field(FieldDatabase)))
	case 'i':
		return r.field(FieldTag)
	case 'r', 'h':
		host, port := split(r.field(FieldClient))
		if c == 'h' || port == "" {
			return host
		}
		return host + "(" + port + ")"
	}
	return ""
}

func (r *record) inSession(v string) string {
	if r.session() {
		return v
	}
	return ""
}

func (r *record) sessionID() string {
	return fmt.Sprintf("%x.%x", r.log.started.Unix(), os.Getpid())
}

// split takes "address:port" apart; a Unix socket's "[local]" has no port.
func split(client string) (host, port string) {
	i := strings.LastIndexByte(client, ':')
	if i < 0 {
		return client, ""
	}
	return strings.Trim(client[:i], "[]"), client[i+1:]
}

const jsonTime = "2006-01-02 15:04:05.000 MST"

func stamp(t time.Time, zone *time.Location) string { return t.In(zone).Format(jsonTime) }
