package keeper

import (
	"encoding/json"
	"sort"
	"strings"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper/hba"
)

const maxQuery = 1024

// handleActivity keeps what a session says it is doing. It cannot say who it is.
func handleActivity(c *channel, q *handoff.Activity) (any, error) {
	if len(q.Query) > maxQuery {
		q.Query = strings.ToValidUTF8(q.Query[:maxQuery], "")
	}
	c.session.activity.Store(q)
	return nil, nil
}

// handleSessions lists the sessions after a pid. What others do is for those who have their rights, and for pg_read_all_stats.
func handleSessions(c *channel, who actor, q *handoff.SessionsFrom) (any, error) {
	k := c.k
	committed := k.current()
	k.mu.Lock()
	var list []handoff.Session
	for pid, o := range k.channels {
		if s := o.session; s != nil && pid > q.After {
			list = append(list, o.describe(committed, who))
		}
	}
	k.mu.Unlock()
	sort.Slice(list, func(i, j int) bool { return list[i].PID < list[j].PID })
	size := 0
	for i := range list {
		b, err := json.Marshal(list[i])
		if err != nil {
			return nil, err
		}
		// One message holds what fits; the caller asks again after the last.
		if size += len(b) + 1; size > handoff.MaxMessage-1024 {
			return handoff.Sessions{Sessions: list[:i], More: true}, nil
		}
	}
	return handoff.Sessions{Sessions: list}, nil
}

func (c *channel) describe(r *roster, who actor) handoff.Session {
	s, acting := c.session, c.session.acting.Load()
	out := handoff.Session{PID: c.pid, DatabaseOID: s.database, RoleOID: acting, Role: r.name(acting),
		Application: c.startup.Application, Local: c.client.Local, Remote: c.client.Remote, Started: s.started.UnixMicro()}
	if d := r.databases[s.database]; d != nil {
		out.Database = d.name
	}
	if t := c.startup.TLS; t != nil {
		out.TLS, out.Cipher = t.Version, t.Cipher
	}
	if a := s.activity.Load(); a != nil {
		out.Activity = *a
		if a.ApplicationName != "" {
			out.Application = a.ApplicationName
		}
	}
	if !who.may(acting) && !who.may(rolePgReadAllStats) {
		out.Activity = handoff.Activity{Query: "<insufficient privilege>"}
		out.Remote, out.TLS, out.Cipher = "", "", ""
	}
	return out
}

// maySignal is pg_signal_backend's rule.
func (who actor) maySignal(s *session, terminate bool) error {
	acting := s.acting.Load()
	if who.r.isSuper(acting) && !who.super {
		if terminate {
			return denied("must be a superuser to terminate superuser process")
		}
		return denied("must be a superuser to cancel superuser query")
	}
	if who.may(acting) || who.may(rolePgSignalBackend) {
		return nil
	}
	if terminate {
		return denied("must be a member of the role whose process is being terminated or member of pg_signal_backend")
	}
	return denied("must be a member of the role whose query is being canceled or member of pg_signal_backend")
}

// handleSignal is pg_cancel_backend and pg_terminate_backend.
func handleSignal(c *channel, who actor, q *handoff.Signal) (any, error) {
	k := c.k
	k.mu.Lock()
	var s *session
	if o := k.channels[q.PID]; o != nil {
		s = o.session
	}
	k.mu.Unlock()
	if s == nil {
		c.notice(pgerr.Warning(pgerr.WarningCondition, "PID %d is not a PostgreSQL server process", q.PID))
		return handoff.SignalDone{}, nil
	}
	if err := who.maySignal(s, q.Terminate); err != nil {
		return nil, err
	}
	k.signal(q.PID, q.Terminate)
	return handoff.SignalDone{Found: true}, nil
}

// signal asks the postmaster, which alone knows whether that process is still its child.
func (k *Keeper) signal(pid int32, terminate bool) {
	if err := k.report(handoff.Report{Kind: handoff.ReportSignal, PID: pid, Terminate: terminate}); err != nil {
		k.log.Warnf("tell the postmaster: %v", err)
	}
}

// handleSetSession is SET SESSION AUTHORIZATION: who authenticated as a superuser may become anybody, others only themselves.
func handleSetSession(c *channel, q *handoff.SetSession) (any, error) {
	r := c.k.current()
	if c.tx != nil {
		r = c.tx.roster
	}
	x, err := r.named(q.Role)
	if err != nil {
		e := pgerr.From(err)
		e.Code = pgerr.InvalidParameterValue
		return nil, e
	}
	s := c.session
	if x.oid != s.role && !s.super {
		return nil, denied(`permission denied to set session authorization`)
	}
	s.acting.Store(x.oid)
	return handoff.OID{OID: x.oid}, nil
}

// handleHBARules gives pg_hba_file_rules: the file as it is now, errors and all.
func handleHBARules(c *channel, _ actor, _ *struct{}) (any, error) {
	conf := c.k.config.Load()
	rules, problems := hba.Load(c.k.configured(conf.values, "hba_file", "pg_hba.conf"))
	out := handoff.HBARules{}
	size := 0
	add := func(r handoff.HBARule) bool {
		b, err := json.Marshal(r)
		if size += len(b) + 1; err != nil || size > handoff.MaxMessage-1024 {
			return false
		}
		out.Rules = append(out.Rules, r)
		return true
	}
	for _, p := range problems {
		if !add(handoff.HBARule{File: p.File, Line: int32(p.Line), Error: p.Reason}) {
			break
		}
	}
	if rules != nil {
		for _, r := range rules.Lines {
			if !add(ruleRow(r)) {
				break
			}
		}
	}
	return out, nil
}

func ruleRow(r *hba.Rule) handoff.HBARule {
	row := handoff.HBARule{Line: int32(r.Line), File: r.File, Type: r.Type.String(), Method: string(r.Method)}
	for _, t := range r.Databases {
		row.Databases = append(row.Databases, t.Text)
	}
	for _, t := range r.Users {
		row.Users = append(row.Users, t.Text)
	}
	if r.Type != hba.Local {
		row.Address = r.Address.String()
		if r.Address.Kind == hba.AddrMask {
			row.Address, row.Netmask = r.Address.IP.String(), r.Address.Mask.String()
		}
	}
	for _, o := range r.Options {
		row.Options = append(row.Options, o.Name+"="+o.Value)
	}
	return row
}
