package session

import (
	"pgd/backend/types"
	"pgd/daemon/handoff"
)

// lockRows tells of the locks of this database, of all its sessions, held and waited for: the write turn, as a lock on the database, and
// advisory locks.
func (e env) lockRows() (rows [][]types.Value) {
	s, null := e.s, types.NullValue
	number := func(n uint32) types.Value { return types.IntValue(int64(n)) }
	for _, l := range s.planner.raw.LockTable() {
		kind, mode := "advisory", "ShareLock"
		var class, object, sub types.Value
		switch {
		case l.Turn:
			kind, class, object, sub = "object", number(1262), number(s.Identity.DatabaseOID), number(0)
		case l.Key.Two:
			class, object, sub = number(uint32(l.Key.K1)), number(uint32(l.Key.K2)), number(2)
		default:
			class, object, sub = number(uint32(uint64(l.Key.Key)>>32)), number(uint32(l.Key.Key)), number(1)
		}
		if l.Exclusive {
			mode = "ExclusiveLock"
		}
		rows = append(rows, []types.Value{
			types.StringValue(kind), number(s.Identity.DatabaseOID), null, null, null, null, null, class, object, sub,
			types.StringValue(itoa(int64(l.PID)) + "/1"), types.IntValue(int64(l.PID)), types.StringValue(mode),
			types.BoolValue(l.Granted), types.BoolValue(false), null,
		})
	}
	return rows
}

// blockerRows gives the sessions one waits for, each once.
func (e env) blockerRows(pid int32) (rows [][]types.Value) {
	for _, p := range e.s.planner.raw.BlockingPIDs(pid) {
		rows = append(rows, []types.Value{types.IntValue(int64(p))})
	}
	return rows
}

// hbaRows are the lines of pg_hba.conf as it is on disk now, which the keeper reads for a superuser.
func (e env) hbaRows() (rows [][]types.Value, err error) {
	if e.s.Keeper == nil {
		return nil, nil
	}
	var all handoff.HBARules
	if err := e.s.ask(handoff.AskHBARules, nil, &all); err != nil {
		return nil, err
	}
	text := func(s string) types.Value {
		if s == "" {
			return types.NullValue
		}
		return types.StringValue(s)
	}
	list := func(ss []string) types.Value {
		if len(ss) == 0 {
			return types.NullValue
		}
		var out []types.Value
		for _, s := range ss {
			out = append(out, types.StringValue(s))
		}
		return types.NewArray(types.TextOID, out)
	}
	for _, r := range all.Rules {
		rows = append(rows, []types.Value{types.IntValue(int64(r.Line)), text(r.Type), list(r.Databases), list(r.Users), text(r.Address), text(r.Netmask),
			text(r.Method), list(r.Options), text(r.Error)})
	}
	return rows, nil
}
