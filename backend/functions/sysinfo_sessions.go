package functions

import "pgd/backend/types"

func init() { chapters = append(chapters, sessionReportRows) }

// Reporter is what Env offers besides, where it can: the rows of the views over what sessions are doing. kind is the function's name; pid
// chooses one session of pg_stat_get_activity, 0 all.
type Reporter interface {
	Report(kind string, pid int32) ([][]types.Value, error)
}

// sessionReportRows are the functions behind pg_stat_activity, pg_prepared_statements, pg_cursors and pg_locks.
func sessionReportRows() []Row {
	report := func(kind string) func(c *Call, a []types.Value) (RowIter, error) {
		return func(c *Call, a []types.Value) (RowIter, error) {
			r, ok := c.Env.(Reporter)
			if !ok {
				return &rowsOf{}, nil
			}
			pid := int32(0)
			if len(a) > 0 && !a[0].IsNull() {
				pid = int32(a[0].I)
			}
			rows, err := r.Report(kind, pid)
			return &rowsOf{rows: rows}, err
		}
	}
	return []Row{
		{Sig: "pg_stat_get_activity(integer)", Set: report("pg_stat_get_activity")},
		{Sig: "pg_prepared_statement()", Set: report("pg_prepared_statement")},
		{Sig: "pg_cursor()", Set: report("pg_cursor")},
		{Sig: "pg_lock_status()", Set: report("pg_lock_status")},
		{Sig: "pg_hba_file_rules()", Set: report("pg_hba_file_rules")},
		{Sig: "pg_blocking_pids(integer)", Scalar: blockingPIDs},
	}
}

// blockingPIDs is pg_blocking_pids: the sessions another waits for.
func blockingPIDs(c *Call, a []types.Value) (types.Value, error) {
	var pids []types.Value
	if r, ok := c.Env.(Reporter); ok {
		rows, err := r.Report("pg_blocking_pids", int32(a[0].I))
		if err != nil {
			return null, err
		}
		for _, row := range rows {
			pids = append(pids, row[0])
		}
	}
	return types.NewArray(types.Int4OID, pids), nil
}
