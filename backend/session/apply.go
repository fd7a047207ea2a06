package session

import (
	"strconv"
	"time"

	"pgd/install/settings"
)

// apply brings the session in line with a setting whose value may have changed. It must not fail: values have been checked.
func (s *session) apply(name string) {
	value := s.vars.get(name)
	switch name {
	case "TimeZone":
		if zone, _, ok := findZone(value); ok {
			s.types.TimeZone, s.types.TimeZoneName = zone, value
		}
		s.epoch++
	case "DateStyle":
		s.types.DateStyle = dateStyleOf(value)
		s.epoch++
	case "IntervalStyle":
		s.types.IntervalStyle = value
		s.epoch++
	case "extra_float_digits":
		s.types.ExtraFloatDigits, _ = strconv.Atoi(value)
	case "bytea_output":
		s.types.ByteaEscape = value == "escape"
	case "search_path":
		s.who.path = nil
		s.epoch++
	case "role", "session_authorization":
		s.applyRole()
	case "transaction_isolation", "transaction_read_only", "transaction_deferrable":
	case "statement_timeout":
		s.opt.statementTimeout = milliseconds(value)
	case "lock_timeout":
		s.opt.lockTimeout = milliseconds(value)
	case "idle_in_transaction_session_timeout":
		s.opt.idleInTransaction = milliseconds(value)
	case "idle_session_timeout":
		s.opt.idleSession = milliseconds(value)
	case "default_transaction_read_only":
		s.opt.readOnly = value == "on"
	case "default_transaction_deferrable":
		s.opt.deferrable = value == "on"
	case "synchronous_commit":
		s.opt.asyncCommit = value == "off"
	case "log_statement":
		s.opt.logStatement = value
	case "log_duration":
		s.opt.logDuration = value == "on"
	case "log_min_duration_statement":
		s.opt.logMinDuration = milliseconds(value)
	case "log_min_messages":
		s.opt.logMinMessages = messageLevel(value)
	case "client_min_messages":
		s.opt.clientMinMessages = messageLevel(value)
	}
	if set := settings.Find(name); set != nil && set.Report {
		s.toReport[name] = true
	}
}

// applied are the settings apply knows.
var applied = []string{
	"TimeZone", "DateStyle", "IntervalStyle", "extra_float_digits", "bytea_output", "search_path", "statement_timeout", "lock_timeout",
	"idle_in_transaction_session_timeout", "idle_session_timeout", "default_transaction_read_only", "default_transaction_deferrable",
	"synchronous_commit", "log_statement", "log_duration", "log_min_duration_statement", "log_min_messages", "client_min_messages",
}

// milliseconds reads a canonical time of that unit; -1 stays negative.
func milliseconds(value string) time.Duration {
	n, _ := strconv.ParseInt(value, 10, 64)
	return time.Duration(n) * time.Millisecond
}

// messageLevels orders what can be said, as client_min_messages does.
var messageLevels = map[string]int{
	"debug5": 1, "debug4": 2, "debug3": 3, "debug2": 4, "debug1": 5, "debug": 5, "log": 6, "info": 6, "notice": 7, "warning": 8, "error": 9, "fatal": 10, "panic": 11,
}

func messageLevel(value string) int { return messageLevels[value] }

func (s *session) boolSetting(name string) bool { return s.vars.get(name) == "on" }

func (s *session) intSetting(name string) int64 {
	n, _ := strconv.ParseInt(s.vars.get(name), 10, 64)
	return n
}

// takeReload brings in the values of a configuration that was read again.
func (s *session) takeReload() {
	next := s.interrupts.reload.Swap(nil)
	if next == nil {
		return
	}
	merged, _ := s.vars.base.Reload(next)
	changed := s.vars.base.Changed(merged)
	s.initBase(merged)
	s.vars.base = merged
	for _, name := range changed {
		s.apply(name)
	}
}
