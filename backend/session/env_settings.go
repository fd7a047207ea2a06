package session

// SettingState tells what RESET would make of a setting and where its value came from, for pg_settings.
func (e env) SettingState(name string) (reset, source, file string, line int) {
	v := e.s.vars
	reset, source = v.resetValue(name), v.source(name)
	switch name {
	case "transaction_isolation", "transaction_read_only", "transaction_deferrable":
		reset, source = v.get("default_"+name), "override"
	}
	if x := v.vars[name]; x == nil || !x.hasLocal && !x.set && !x.hasReset {
		if e.s.who.superuser || e.s.memberOf("pg_read_all_settings") {
			src := v.base.Source(name)
			file, line = src.File, src.Line
		}
	}
	return reset, source, file, line
}
