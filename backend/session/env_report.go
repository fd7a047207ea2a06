package session

import (
	"time"

	"pgd/backend/types"
	"pgd/daemon/handoff"
)

// Report gives the rows of the views over sessions.
func (e env) Report(kind string, pid int32) ([][]types.Value, error) {
	switch kind {
	case "pg_prepared_statement":
		return e.preparedRows(), nil
	case "pg_cursor":
		return e.cursorRows(), nil
	case "pg_lock_status":
		return e.lockRows(), nil
	case "pg_blocking_pids":
		return e.blockerRows(pid), nil
	case "pg_hba_file_rules":
		return e.hbaRows()
	case "pg_stat_get_activity":
		return e.activityRows(pid)
	}
	return nil, nil
}

// stamp is a timestamptz.
func stamp(t time.Time) types.Value {
	if t.IsZero() {
		return types.NullValue
	}
	return types.IntValue(t.UnixMicro())
}

func (e env) preparedRows() (rows [][]types.Value) {
	for _, p := range e.s.stmts {
		if p.name == "" {
			continue
		}
		text := ""
		var params []types.Value
		if p.st != nil {
			text = p.st.query
			for _, t := range p.st.params {
				params = append(params, types.IntValue(int64(t)))
			}
		}
		rows = append(rows, []types.Value{
			types.StringValue(p.name), types.StringValue(text), stamp(p.at), types.NewArray(regtypeOID, params),
			types.BoolValue(p.fromSQL), types.IntValue(0), types.IntValue(0),
		})
	}
	return rows
}

const regtypeOID = 2206

func (e env) cursorRows() (rows [][]types.Value) {
	for _, p := range e.s.portals {
		if p.name == "" {
			continue
		}
		rows = append(rows, []types.Value{
			types.StringValue(p.name), types.StringValue(p.text), types.BoolValue(p.hold), types.BoolValue(p.binary),
			types.BoolValue(p.scroll), stamp(p.at),
		})
	}
	return rows
}

// activityRows tells of all sessions as the keeper knows them; of this one it knows best itself.
func (e env) activityRows(pid int32) (rows [][]types.Value, err error) {
	s := e.s
	own := handoff.Session{PID: s.PID, DatabaseOID: s.Identity.DatabaseOID, RoleOID: s.Identity.RoleOID, Remote: s.Client.Remote,
		Local: s.Client.Local, Started: s.started.UnixMicro()}
	all := []handoff.Session{own}
	if s.Keeper != nil {
		all = nil
		for after := int32(0); ; {
			var page handoff.Sessions
			if err := s.ask(handoff.AskSessions, handoff.SessionsFrom{After: after}, &page); err != nil {
				return nil, err
			}
			all = append(all, page.Sessions...)
			if !page.More || len(page.Sessions) == 0 {
				break
			}
			after = page.Sessions[len(page.Sessions)-1].PID
		}
	}
	for i := range all {
		x := &all[i]
		if pid != 0 && x.PID != pid {
			continue
		}
		if x.PID == s.PID {
			app, _ := s.show("application_name")
			x.Activity = handoff.Activity{State: "active", Query: s.text, QueryStart: s.stmtTime.UnixMicro(), XactStart: s.tx.started.UnixMicro(),
				StateChange: s.stmtTime.UnixMicro(), ApplicationName: app}
		}
		rows = append(rows, s.activityRow(x))
	}
	return rows, nil
}

func (s *session) activityRow(x *handoff.Session) []types.Value {
	null := types.NullValue
	text := func(v string) types.Value {
		if v == "" {
			return null
		}
		return types.StringValue(v)
	}
	at := func(micros int64) types.Value {
		if micros <= 0 {
			return null
		}
		return types.IntValue(micros)
	}
	app := x.ApplicationName
	if app == "" {
		app = x.Application
	}
	addr, port := null, types.IntValue(-1)
	if !x.Local && x.Remote != "" {
		host, p := address(x.Remote)
		if t := types.ByOID(869); t != nil && t.Input != nil {
			if v, err := t.Input(&s.types, host, -1); err == nil {
				addr = v
			}
		}
		if t := types.ByOID(23); t != nil {
			if v, err := t.Input(&s.types, p, -1); err == nil {
				port = v
			}
		}
	}
	tls := types.BoolValue(x.TLS != "")
	return []types.Value{
		types.IntValue(int64(x.DatabaseOID)), types.IntValue(int64(x.PID)), types.IntValue(int64(x.RoleOID)), types.StringValue(app),
		text(x.State), types.StringValue(x.Query), text(x.WaitEventType), text(x.WaitEvent), at(x.XactStart), at(x.QueryStart), at(x.Started),
		at(x.StateChange), addr, text(x.Hostname), port, null, null, types.StringValue("client backend"), tls, text(x.TLS),
		text(x.Cipher), null, null, null, null, types.BoolValue(false), null, types.BoolValue(false), null, null,
	}
}
