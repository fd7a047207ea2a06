package functions

import (
	"strconv"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Administrator is what Env offers besides, where it can: what system administration functions do through the keeper and the store.
type Administrator interface {
	// Signal cancels (terminate false) or ends another session's backend; false with a warning where there is none.
	Signal(pid int32, terminate bool) (bool, error)
	Reload() error
	// Size gives bytes: of a relation's rows, of its indexes, of a database (kind "relation", "indexes", "database").
	Size(kind string, oid uint32) (int64, error)
	// TransactionID gives the number of the current transaction; assign gives it one where it has none yet, else 0.
	TransactionID(assign bool) (uint64, error)
}

func administrator(c *Call) (Administrator, error) {
	if a, ok := c.Env.(Administrator); ok {
		return a, nil
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "this function is not supported here")
}

// adminRows are the functions of the manual's "System Administration Functions", and transaction ids.
func adminRows() []Row {
	signal := func(terminate bool) Scalar {
		return func(c *Call, a []types.Value) (types.Value, error) {
			ad, err := administrator(c)
			if err != nil {
				return null, err
			}
			ok, err := ad.Signal(int32(a[0].I), terminate)
			return types.BoolValue(ok), err
		}
	}
	size := func(kinds ...string) Scalar {
		return func(c *Call, a []types.Value) (types.Value, error) {
			ad, err := administrator(c)
			if err != nil {
				return null, err
			}
			total := int64(0)
			for _, k := range kinds {
				n, err := ad.Size(k, uint32(a[0].I))
				if err != nil {
					return null, err
				}
				total += n
			}
			return types.IntValue(total), nil
		}
	}
	xid := func(assign bool) Scalar {
		return func(c *Call, _ []types.Value) (types.Value, error) {
			ad, err := administrator(c)
			if err != nil {
				return null, err
			}
			n, err := ad.TransactionID(assign)
			if err != nil || n == 0 {
				return null, err
			}
			return types.IntValue(int64(n)), nil
		}
	}
	rs := []Row{
		{Sig: "pg_cancel_backend(integer)", Scalar: signal(false)},
		{Sig: "pg_terminate_backend(integer,bigint)", Scalar: signal(true)},
		{Sig: "pg_reload_conf()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			ad, err := administrator(c)
			if err == nil {
				err = ad.Reload()
			}
			return types.BoolValue(err == nil), err
		}},
		{Sig: "pg_relation_size(regclass)", Scalar: size("relation")},
		{Sig: "pg_relation_size(regclass,text)", Scalar: size("relation")},
		{Sig: "pg_table_size(regclass)", Scalar: size("relation")},
		{Sig: "pg_indexes_size(regclass)", Scalar: size("indexes")},
		{Sig: "pg_total_relation_size(regclass)", Scalar: size("relation", "indexes")},
		{Sig: "pg_database_size(oid)", Scalar: size("database")},
		{Sig: "pg_database_size(name)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			oid, err := objectArg(c, "database", "", a[0])
			if err != nil {
				return null, err
			}
			return size("database")(c, []types.Value{types.IntValue(int64(oid))})
		}},
		{Sig: "pg_size_pretty(bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return types.StringValue(prettySize(a[0].I)), nil }},
		{Sig: "pg_tablespace_location(oid)", Scalar: func(*Call, []types.Value) (types.Value, error) { return types.StringValue(""), nil }},
		{Sig: "txid_current()", Scalar: xid(true)}, {Sig: "pg_current_xact_id()", Scalar: xid(true)},
		{Sig: "txid_current_if_assigned()", Scalar: xid(false)}, {Sig: "pg_current_xact_id_if_assigned()", Scalar: xid(false)},
	}
	return append(rs, advisoryRows()...)
}

// prettySize prints a size as PostgreSQL does: the largest unit in which it stays below 10 × 1024, rounded half away from zero.
func prettySize(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB", "PB"}
	abs := n
	if abs < 0 {
		abs = -abs
	}
	if abs < 10*1024 {
		return strconv.Itoa(int(n)) + " bytes"
	}
	// The last bit below a unit is kept until the end, for rounding.
	half := n / 512
	i := 1
	for ; i < len(units)-1; i++ {
		r := (half + sign(half)) / 2
		if r < 20*1024/2 && r > -20*1024/2 {
			break
		}
		half /= 1024
	}
	return strconv.Itoa(int((half+sign(half))/2)) + " " + units[i]
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}

// advisoryRows are the advisory lock functions: session or transaction, exclusive or shared, waiting or trying, one key or two.
func advisoryRows() []Row {
	var rs []Row
	for _, keys := range []string{"bigint", "integer,integer"} {
		key := func(a []types.Value) AdvisoryKey {
			if len(a) == 1 {
				return AdvisoryKey{Key: a[0].I}
			}
			return AdvisoryKey{K1: int32(a[0].I), K2: int32(a[1].I), Two: true}
		}
		for _, shared := range []bool{false, true} {
			suffix := map[bool]string{false: "", true: "_shared"}[shared]
			for _, xact := range []bool{false, true} {
				scope := map[bool]string{false: "", true: "xact_"}[xact]
				for _, try := range []bool{false, true} {
					name := "pg_advisory_" + scope + "lock" + suffix
					if try {
						name = "pg_try_advisory_" + scope + "lock" + suffix
					}
					rs = append(rs, Row{Sig: name + "(" + keys + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
						ok, err := c.Env.Locks().Acquire(key(a), shared, xact, try)
						if !try {
							return types.StringValue(""), err
						}
						return types.BoolValue(ok), err
					}})
				}
			}
			rs = append(rs, Row{Sig: "pg_advisory_unlock" + suffix + "(" + keys + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				ok, err := c.Env.Locks().Release(key(a), shared)
				if err == nil && !ok {
					mode := map[bool]string{false: "ExclusiveLock", true: "ShareLock"}[shared]
					c.Env.Notice(pgerr.Warning(pgerr.WarningCondition, "you don't own a lock of type %s", mode))
				}
				return types.BoolValue(ok), err
			}})
		}
	}
	return append(rs, Row{Sig: "pg_advisory_unlock_all()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
		return types.StringValue(""), c.Env.Locks().ReleaseAll()
	}})
}
