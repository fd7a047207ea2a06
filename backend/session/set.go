package session

import (
	"errors"
	"strconv"
	"strings"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/install/settings"
)

// settingError gives an error of package settings to the client.
func settingError(err error) error {
	var e *settings.Error
	if errors.As(err, &e) {
		return &pgerr.Error{Code: e.Code, Message: e.Message, Detail: e.Detail, Hint: e.Hint}
	}
	return err
}

// settable refuses what a session may never change.
func (s *session) settable(set *settings.Setting) error {
	switch set.Context {
	case settings.ContextInternal:
		return pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed", set.Name)
	case settings.ContextPostmaster:
		return pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed without restarting the server", set.Name)
	case settings.ContextSighup:
		return pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be changed now", set.Name)
	case settings.ContextBackend, settings.ContextSuperuserBackend:
		return pgerr.New(pgerr.CantChangeRuntimeParam, "parameter \"%s\" cannot be set after connection start", set.Name)
	case settings.ContextSuperuser:
		if !s.who.superuser {
			return pgerr.New(pgerr.InsufficientPrivilege, "permission denied to set parameter \"%s\"", set.Name)
		}
	}
	return nil
}

// checkSetting reads a value: the name as the table has it and the canonical value.
func (s *session) checkSetting(name, value string) (canonicalName, canonical string, err error) {
	set := settings.Find(name)
	if set == nil {
		if strings.Contains(name, ".") {
			if !settings.Custom(name) {
				return "", "", pgerr.New(pgerr.InvalidName, "invalid configuration parameter name \"%s\"", name).
					WithDetail("Custom parameter names must be two or more simple identifiers separated by dots.")
			}
			return strings.ToLower(name), value, nil
		}
		return "", "", settingError(settings.Unrecognized(name))
	}
	switch set.Name {
	case "DateStyle":
		reset := dateStyleOf(s.vars.resetValue("DateStyle"))
		d, err := parseDateStyle(value, s.types.DateStyle, reset)
		return set.Name, d.Format + ", " + d.Order, err
	case "TimeZone":
		_, canonical, ok := findZone(value)
		if !ok {
			return "", "", badSetting("TimeZone", value)
		}
		return set.Name, canonical, nil
	case "log_timezone":
		if _, _, ok := findZone(value); !ok {
			return "", "", badSetting(set.Name, value)
		}
		return set.Name, value, nil
	case "client_encoding":
		canonical, err := parseEncoding(value)
		return set.Name, canonical, err
	}
	canonical, err = set.ParseAs(set.Name, value)
	return set.Name, canonical, settingError(err)
}

// setSetting is SET and set_config; a nil value is DEFAULT.
func (s *session) setSetting(name string, value *string, local bool) error {
	set := settings.Find(name)
	if set != nil {
		if err := s.settable(set); err != nil {
			return err
		}
		name = set.Name
	}
	switch name {
	case "transaction_isolation", "transaction_read_only", "transaction_deferrable":
		return s.setTransactionSetting(name, value)
	case "role":
		if value == nil {
			v := "none"
			value = &v
		}
		return s.setRole(*value, local)
	case "session_authorization":
		return s.setSessionUser(value, local)
	}
	if value == nil {
		if set == nil {
			name, _, err := s.checkSetting(name, "")
			if err != nil {
				return err
			}
			s.vars.unset(name, local)
			return nil
		}
		s.vars.unset(name, local)
		return nil
	}
	canonicalName, canonical, err := s.checkSetting(name, *value)
	if err != nil {
		return err
	}
	s.vars.set(canonicalName, canonical, local)
	return nil
}

// setStatement runs SET and RESET.
func setStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.VariableSetStmt)
	if n.IsLocal && n.Kind != parse.VariableSetKind_VAR_SET_MULTI {
		s.warnBlock("SET LOCAL")
	}
	switch n.Kind {
	case parse.VariableSetKind_VAR_SET_VALUE:
		value, err := s.setValue(n)
		if err != nil {
			return nil, err
		}
		return done("SET"), s.setSetting(n.Name, &value, n.IsLocal)
	case parse.VariableSetKind_VAR_SET_DEFAULT:
		return done("SET"), s.setSetting(n.Name, nil, n.IsLocal)
	case parse.VariableSetKind_VAR_RESET:
		return done("RESET"), s.setSetting(n.Name, nil, n.IsLocal)
	case parse.VariableSetKind_VAR_RESET_ALL:
		s.resetAll()
		return done("RESET"), nil
	case parse.VariableSetKind_VAR_SET_MULTI:
		return done("SET"), s.setMulti(n)
	}
	return nil, pgerr.Unsupported(-1, "this form of SET is not supported")
}

// setMulti runs SET TRANSACTION and SET SESSION CHARACTERISTICS.
func (s *session) setMulti(n *parse.VariableSetStmt) error {
	switch n.Name {
	case "TRANSACTION":
		s.warnBlock("SET TRANSACTION")
		return s.setModes(n.Args)
	case "SESSION CHARACTERISTICS":
		for _, a := range n.Args {
			d, ok := a.(*parse.DefElem)
			if !ok {
				return pgerr.Unsupported(-1, "this form of SET is not supported")
			}
			value := modeValue(d)
			if err := s.setSetting("default_"+d.Defname, &value, n.IsLocal); err != nil {
				return err
			}
		}
		return nil
	case "TRANSACTION SNAPSHOT":
		s.warnBlock("SET TRANSACTION")
		if s.tx.isolation == readCommitted {
			return pgerr.New(pgerr.FeatureNotSupported, "a snapshot-importing transaction must have isolation level SERIALIZABLE or REPEATABLE READ")
		}
		return pgerr.New(pgerr.FeatureNotSupported, "importing snapshots is not supported")
	}
	return pgerr.Unsupported(-1, "SET %s is not supported", n.Name)
}

// setValue puts the values of a SET into one string, as the setting's kind wants it.
func (s *session) setValue(n *parse.VariableSetStmt) (string, error) {
	set := settings.Find(n.Name)
	list := set != nil && set.List
	if len(n.Args) > 1 && !list {
		name := n.Name
		if set != nil {
			name = set.Name
		}
		return "", pgerr.New(pgerr.InvalidParameterValue, "SET %s takes only one argument", name)
	}
	var b strings.Builder
	for i, a := range n.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		text, quoted, err := s.setArgument(a)
		if err != nil {
			return "", err
		}
		if quoted && set != nil && set.ListQuoted {
			text = quoteIdent(text)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// setArgument gives one value of a SET; quoted tells that it was a string or a word.
func (s *session) setArgument(a parse.Node) (text string, quoted bool, err error) {
	if t, ok := a.(*parse.TypeCast); ok {
		return s.intervalArgument(t)
	}
	c, ok := a.(*parse.A_Const)
	if !ok {
		return "", false, pgerr.Unsupported(-1, "this value in SET is not supported")
	}
	switch {
	case c.Sval != nil:
		return c.Sval.Sval, true, nil
	case c.Fval != nil:
		return c.Fval.Fval, false, nil
	case c.Boolval != nil:
		return strconv.FormatBool(c.Boolval.Boolval), false, nil
	case c.Ival != nil:
		return strconv.Itoa(int(c.Ival.Ival)), false, nil
	}
	return "0", false, nil
}

// intervalArgument reads SET TIME ZONE INTERVAL '…': an offset east.
func (s *session) intervalArgument(t *parse.TypeCast) (string, bool, error) {
	c, ok := t.Arg.(*parse.A_Const)
	typ := s.types.Find(1186)
	if !ok || c.Sval == nil || typ == nil || typ.Input == nil {
		return "", false, pgerr.Unsupported(t.Location, "this value in SET is not supported")
	}
	v, err := typ.Input(&s.types, c.Sval.Sval, intervalTypmod(t.TypeName))
	if err != nil {
		return "", false, err
	}
	parts := strings.Split(string(v.B), ",")
	if len(parts) != 3 {
		return "", false, pgerr.New(pgerr.InternalError, "malformed interval")
	}
	if parts[0] != "0" {
		return "", false, badSetting("TimeZone", c.Sval.Sval).WithDetail("Cannot specify months in time zone interval.")
	}
	if parts[1] != "0" {
		return "", false, badSetting("TimeZone", c.Sval.Sval).WithDetail("Cannot specify days in time zone interval.")
	}
	micros, _ := strconv.ParseInt(parts[2], 10, 64)
	return strconv.FormatFloat(float64(micros)/3.6e9, 'f', -1, 64), false, nil
}

// intervalTypmod is the typmod of the fields of INTERVAL '…' HOUR TO MINUTE.
func intervalTypmod(t *parse.TypeName) int32 {
	if t == nil || len(t.Typmods) == 0 {
		return -1
	}
	c, ok := t.Typmods[0].(*parse.A_Const)
	if !ok || c.Ival == nil {
		return -1
	}
	return c.Ival.Ival<<16 | 0xffff
}

// resetAll is RESET ALL: everything but what belongs to the transaction or says who this is.
func (s *session) resetAll() {
	for name := range s.vars.vars {
		if set := settings.Find(name); set != nil && set.NoResetAll {
			continue
		}
		s.vars.unset(name, false)
	}
}

// quoteIdent quotes an identifier where it needs it.
func quoteIdent(name string) string { return catalog.QuoteIdent(name) }
