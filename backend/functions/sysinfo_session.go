package functions

import (
	"net/netip"
	"strings"
	"time"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// sessionRows say who and where this session is: the first table of the manual's "System Information Functions".
func sessionRows() []Row {
	text := func(f func(i SessionInfo) string) Scalar {
		return func(c *Call, _ []types.Value) (types.Value, error) { return types.StringValue(f(c.Env.Session())), nil }
	}
	return []Row{
		{Sig: "version()", Scalar: text(func(i SessionInfo) string { return i.Version })},
		{Sig: "current_database()", Scalar: text(func(i SessionInfo) string { return i.Database })},
		{Sig: "\"current_user\"()", Scalar: text(func(i SessionInfo) string { return i.User })},
		{Sig: "\"session_user\"()", Scalar: text(func(i SessionInfo) string { return i.SessionUser })},
		{Sig: "getpgusername()", Scalar: text(func(i SessionInfo) string { return i.User })},
		{Sig: "\"current_schema\"()", Scalar: currentSchema},
		{Sig: "current_schemas(boolean)", Scalar: currentSchemas},
		{Sig: "pg_backend_pid()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			return types.IntValue(int64(c.Env.Session().PID)), nil
		}},
		{Sig: "pg_postmaster_start_time()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return instant(c.Env.Session().ServerStart), nil }},
		{Sig: "pg_conf_load_time()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return instant(c.Env.Session().ServerStart), nil }},
		{Sig: "pg_is_in_recovery()", SQL: "0"},
		{Sig: "pg_is_other_temp_schema(oid)", SQL: "($1 <> $1)"},
		{Sig: "pg_trigger_depth()", SQL: "0"},
		{Sig: "pg_jit_available()", SQL: "0"},
		{Sig: "inet_client_addr()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return address(c, c.Env.Session().ClientAddr) }},
		{Sig: "inet_server_addr()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return address(c, c.Env.Session().ServerAddr) }},
		{Sig: "inet_client_port()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return port(c.Env.Session().ClientPort), nil }},
		{Sig: "inet_server_port()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) { return port(c.Env.Session().ServerPort), nil }},
		{Sig: "current_setting(text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return currentSetting(c, a[0], false) }},
		{Sig: "current_setting(text,boolean)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return currentSetting(c, a[0], a[1].Bool())
		}},
		{Sig: "set_config(text,text,boolean)", Scalar: setConfig},
		{Sig: "pg_client_encoding()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			v, _ := c.Env.Setting("client_encoding")
			return types.StringValue(v), nil
		}},
		{Sig: "pg_sleep(double precision)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(""), sleep(c, a[0].Float8())
		}},
	}
}

// instant gives a time as timestamptz is stored: microseconds since 1970.
func instant(t time.Time) types.Value { return types.IntValue(t.UnixMicro()) }

func port(n int) types.Value {
	if n == 0 {
		return null
	}
	return types.IntValue(int64(n))
}

// address gives a client's address as inet; NULL over a Unix socket.
func address(c *Call, host string) (types.Value, error) {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return null, nil
	}
	const inetOID = 869
	t := c.Find(inetOID)
	if t == nil {
		return types.StringValue(a.Unmap().String()), nil
	}
	return t.Input(c.Context, a.Unmap().String(), -1)
}

// explicitPath is the search path without what is searched implicitly.
func explicitPath(c *Call) []string {
	var out []string
	given, _ := c.Env.Setting("search_path")
	for _, s := range c.Env.Session().SearchPath {
		if (s == "pg_catalog" || strings.HasPrefix(s, "pg_temp")) && !strings.Contains(given, s) {
			continue
		}
		out = append(out, s)
	}
	return out
}

func currentSchema(c *Call, _ []types.Value) (types.Value, error) {
	for _, s := range explicitPath(c) {
		return types.StringValue(s), nil
	}
	return null, nil
}

func currentSchemas(c *Call, a []types.Value) (types.Value, error) {
	path := c.Env.Session().SearchPath
	if !a[0].Bool() {
		path = explicitPath(c)
	}
	const nameOID = 19
	elems := make([]types.Value, 0, len(path))
	for _, s := range path {
		elems = append(elems, types.StringValue(s))
	}
	return types.NewArray(nameOID, elems), nil
}

func currentSetting(c *Call, name types.Value, missingOK bool) (types.Value, error) {
	if v, ok := c.Env.Setting(string(name.B)); ok {
		return types.StringValue(v), nil
	}
	if missingOK {
		return null, nil
	}
	return null, pgerr.New(pgerr.UndefinedObject, "unrecognized configuration parameter \"%s\"", name.B)
}

// setConfig is set_config; it is not strict: a NULL value resets, a NULL name is an error.
func setConfig(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, pgerr.New(pgerr.NullValueNotAllowed, "SET requires parameter name")
	}
	name, value := string(a[0].B), string(a[1].B)
	if err := c.Env.SetSetting(name, value, !a[2].IsNull() && a[2].Bool()); err != nil {
		return null, err
	}
	v, _ := c.Env.Setting(name)
	return types.StringValue(v), nil
}

// sleep waits in steps, so that a cancel is seen.
func sleep(c *Call, seconds float64) error {
	const forever = 365 * 24 * 3600.0
	end := time.Now().Add(time.Duration(min(max(seconds, 0), forever) * float64(time.Second)))
	for {
		if err := c.Env.Cancelled(); err != nil {
			return err
		}
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		time.Sleep(min(left, 5*time.Millisecond))
	}
}
