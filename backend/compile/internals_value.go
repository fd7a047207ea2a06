package compile

import (
	"math"
	"time"

	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// sqlValue is CURRENT_TIMESTAMP, CURRENT_USER and the like: functions of one argument, the precision (-1 for none).
func sqlValue(name string, call *functions.Call) *storage.Function {
	f := func(a []types.Value) (types.Value, error) {
		if call.Env == nil {
			return types.NullValue, pgerr.New(pgerr.InternalError, "no session")
		}
		mod := int64(-1)
		if len(a) > 0 {
			mod = a[0].I
		}
		now := call.Env.TransactionTime()
		zone := call.Context.TimeZone
		if zone == nil {
			zone = time.UTC
		}
		_, off := now.In(zone).Zone()
		micros := rounded(now.UnixMicro(), mod)
		local := micros + int64(off)*1e6
		day := int64(24 * 3600 * 1e6)
		info := call.Env.Session()
		switch name {
		case "current_timestamp":
			return types.IntValue(micros), nil
		case "localtimestamp":
			return types.IntValue(local), nil
		case "current_date":
			return types.IntValue(floorDiv(local, day)), nil
		case "localtime":
			return types.IntValue(local - floorDiv(local, day)*day), nil
		case "current_user", "user", "current_role":
			return types.StringValue(info.User), nil
		case "session_user":
			return types.StringValue(info.SessionUser), nil
		case "current_catalog":
			return types.StringValue(info.Database), nil
		case "current_schema":
			for _, s := range info.SearchPath {
				if s != "pg_catalog" && !(len(s) > 7 && s[:7] == "pg_temp") {
					return types.StringValue(s), nil
				}
			}
			return types.NullValue, nil
		}
		return types.NullValue, pgerr.New(pgerr.FeatureNotSupported, "%s is not supported", name)
	}
	return &storage.Function{Scalar: f}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// rounded rounds microseconds to so many digits of a second.
func rounded(us, digits int64) int64 {
	if digits < 0 || digits >= 6 {
		return us
	}
	unit := int64(math.Pow10(int(6 - digits)))
	return floorDiv(us+unit/2, unit) * unit
}
