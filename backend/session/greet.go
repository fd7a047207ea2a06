package session

import (
	"maps"
	"slices"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/wire"
	"pgd/install/settings"
)

// newSession makes a session; even with an error it is good enough to refuse the client.
func newSession(c Config) (*session, error) {
	s := &session{
		Config: c, r: c.Reader, stmts: map[string]*prepared{}, portals: map[string]*portal{},
		reported: map[string]string{}, toReport: map[string]bool{},
	}
	if s.Log == nil {
		s.Log = discardLog()
	}
	if s.r == nil {
		s.r = wire.NewReader(c.Conn)
	}
	s.w = wire.NewWriter(outbox{s})
	s.interrupts.conn, s.interrupts.keeper = c.Conn, c.Keeper
	s.started = now()
	s.stmtTime = s.started
	base := c.Settings
	if base == nil {
		base = settings.NewValues()
	}
	base = base.Clone()
	s.initBase(base)
	s.vars = newVariables(base)
	s.vars.changed = s.apply
	s.initIdentity()
	for _, name := range applied {
		s.apply(name)
	}
	if err := s.startSettings(); err != nil {
		return s, err
	}
	return s, s.openStore()
}

// initBase gives settings that the configuration does not decide the value they have in a session.
func (s *session) initBase(base *settings.Values) {
	for name, value := range map[string]string{"client_encoding": "UTF8", "server_encoding": "UTF8"} {
		if !base.IsSet(name) {
			base.Set(name, value, settings.Source{Kind: settings.SourceDefault})
		}
	}
}

// startSettings takes what ALTER ROLE and ALTER DATABASE say, then what the client's startup packet asks for.
func (s *session) startSettings() error {
	for _, r := range s.Identity.Settings {
		if err := s.startSetting(r.Name, r.Value, r.Source); err != nil {
			// PostgreSQL only warns: a stored value that is no longer good must not lock anybody out.
			w := *pgerr.From(err)
			w.Severity = pgerr.SevWarning
			s.w.Error(&w)
		}
	}
	if r := s.StartupParams["replication"]; r != "" {
		if on, ok := settings.ParseBool(r); r == "database" || ok && on {
			return pgerr.Fatal(pgerr.FeatureNotSupported, "replication connections are not supported")
		} else if !ok {
			return pgerr.Fatal(pgerr.InvalidParameterValue, "invalid value for parameter \"replication\": \"%s\"", r).
				WithHint("Valid values are: \"false\", 0, \"true\", 1, \"database\".")
		}
	}
	if err := s.startOptions(s.StartupParams["options"]); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.StartupParams)) {
		switch name {
		case "user", "database", "options", "replication":
			continue
		}
		if err := s.startSetting(name, s.StartupParams[name], "client"); err != nil {
			return err
		}
	}
	return nil
}

// startOptions reads "options": words divided by spaces, of which -c name=value and --name=value are known; a backslash takes the
// next character as it is.
func (s *session) startOptions(options string) error {
	words := optionWords(options)
	for i := 0; i < len(words); i++ {
		w := words[i]
		var setting string
		switch {
		case w == "-c" && i+1 < len(words):
			i++
			setting = words[i]
		case strings.HasPrefix(w, "-c") && len(w) > 2:
			setting = w[2:]
		case strings.HasPrefix(w, "--") && len(w) > 2:
			setting = w[2:]
			if !strings.Contains(setting, "=") {
				return pgerr.Fatal(pgerr.SyntaxError, "%s requires a value", w)
			}
		default:
			return pgerr.Fatal(pgerr.SyntaxError, "invalid command-line argument for server process: %s", w).
				WithHint("Try \"postgres --help\" for more information.")
		}
		name, value, ok := strings.Cut(setting, "=")
		if !ok {
			if !strings.HasPrefix(w, "--") {
				setting = "-c " + setting
			}
			return pgerr.Fatal(pgerr.SyntaxError, "%s requires a value", setting)
		}
		if err := s.startSetting(strings.ReplaceAll(name, "-", "_"), value, "client"); err != nil {
			return err
		}
	}
	return nil
}

func optionWords(options string) []string {
	var words []string
	var b strings.Builder
	in := false
	for i := 0; i < len(options); i++ {
		switch c := options[i]; c {
		case ' ', '\t', '\n', '\r', '\v', '\f':
			if in {
				words = append(words, b.String())
				b.Reset()
				in = false
			}
		case '\\':
			if i+1 < len(options) {
				i++
				b.WriteByte(options[i])
				in = true
			}
		default:
			b.WriteByte(c)
			in = true
		}
	}
	if in {
		words = append(words, b.String())
	}
	return words
}

// startSetting gives one setting the value the session starts with.
func (s *session) startSetting(name, value, source string) error {
	set := settings.Find(name)
	if set != nil && source == "client" {
		switch set.Context {
		case settings.ContextSuperuserBackend, settings.ContextSuperuser:
			if !s.Identity.Superuser {
				return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set parameter \"%s\"", set.Name)
			}
		case settings.ContextBackend, settings.ContextUser:
		default:
			return s.settable(set)
		}
	}
	canonical, value, err := s.checkSetting(name, value)
	if err != nil {
		return err
	}
	switch canonical {
	case "transaction_isolation", "transaction_read_only", "transaction_deferrable":
		return nil
	}
	s.vars.start(canonical, value, source)
	return nil
}

// greet tells a client that has authenticated what it needs to know.
func (s *session) greet() error {
	for _, name := range reportOrder {
		s.toReport[name] = true
	}
	s.reportChanges()
	s.w.BackendKeyData(s.Protocol, s.PID, s.Secret)
	return nil
}

// reportOrder are the settings every client is told of.
var reportOrder = []string{
	"in_hot_standby", "integer_datetimes", "TimeZone", "IntervalStyle", "is_superuser", "application_name",
	"default_transaction_read_only", "session_authorization", "standard_conforming_strings", "client_encoding",
	"server_version", "server_encoding", "DateStyle",
}

// reportChanges sends the settings a client is told of whose value is another than it was told last.
func (s *session) reportChanges() {
	if len(s.toReport) == 0 {
		return
	}
	for _, name := range reportOrder {
		if !s.toReport[name] {
			continue
		}
		value, _ := s.show(name)
		if old, ok := s.reported[name]; !ok || old != value {
			s.w.ParameterStatus(name, value)
			s.reported[name] = value
		}
	}
	clear(s.toReport)
}
