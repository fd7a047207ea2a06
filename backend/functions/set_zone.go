package functions

import (
	"strings"

	"pgd/backend/types"
)

// zoneRows list time zones and take lists of options apart, for the system views.
func zoneRows() []Row {
	return []Row{
		{Sig: "pg_timezone_names()", Set: timezoneNames},
		{Sig: "pg_timezone_abbrevs()", Set: timezoneAbbrevs},
		{Sig: "pg_options_to_table(text[])", Set: optionsToTable},
	}
}

func seconds(n int) types.Value { return types.Interval{Usec: int64(n) * 1e6}.Value() }

// timezoneNames tells what every zone is like now.
func timezoneNames(c *Call, _ []types.Value) (RowIter, error) {
	it := &rowsOf{}
	now := c.Env.TransactionTime()
	for _, name := range types.ZoneNames() {
		loc, ok := types.LoadZone(name)
		if !ok {
			continue
		}
		t := now.In(loc)
		abbrev, offset := t.Zone()
		it.rows = append(it.rows, []types.Value{types.StringValue(name), types.StringValue(abbrev), seconds(offset), types.BoolValue(t.IsDST())})
	}
	return it, nil
}

func timezoneAbbrevs(*Call, []types.Value) (RowIter, error) {
	it := &rowsOf{}
	types.ZoneAbbreviations(func(name string, offset int, dst bool) {
		it.rows = append(it.rows, []types.Value{types.StringValue(name), seconds(offset), types.BoolValue(dst)})
	})
	return it, nil
}

// optionsToTable splits name=value; an option without a value has none.
func optionsToTable(_ *Call, a []types.Value) (RowIter, error) {
	arr, err := types.ReadArray(a[0])
	if err != nil {
		return nil, err
	}
	it := &rowsOf{}
	for _, e := range arr.Elems {
		name, value, given := strings.Cut(string(e.B), "=")
		v := null
		if given {
			v = types.StringValue(value)
		}
		it.rows = append(it.rows, []types.Value{types.StringValue(name), v})
	}
	return it, nil
}
