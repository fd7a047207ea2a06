package functions

import (
	"time"

	"pgd/backend/types"
)

func nowRows() []Row {
	start := func(c *Call, _ []types.Value) (types.Value, error) { return types.IntValue(transactionUsec(c)), nil }
	return []Row{
		{Sig: "now()", Scalar: start}, {Sig: "transaction_timestamp()", Scalar: start},
		{Sig: "statement_timestamp()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			return types.IntValue(c.Env.StatementTime().UnixMicro()), nil
		}},
		{Sig: "clock_timestamp()", Scalar: func(*Call, []types.Value) (types.Value, error) { return types.IntValue(time.Now().UnixMicro()), nil }},
		{Sig: "timeofday()", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			return types.StringValue(time.Now().In(c.Location()).Format("Mon Jan 02 15:04:05.000000 2006 MST")), nil
		}},
		{Sig: "pg_sleep_for(interval)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			now := time.Now().UnixMicro()
			end, err := addIntervalZone(c.Location(), now, types.ReadInterval(a[0].B))
			if err != nil {
				return null, err
			}
			return types.StringValue(""), sleep(c, float64(end-now)/1e6)
		}},
		{Sig: "pg_sleep_until(" + sigTSTZ + ")", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(""), sleep(c, float64(a[0].I-time.Now().UnixMicro())/1e6)
		}},
	}
}
