package functions

import (
	"strconv"

	"pgd/backend/types"
	"pgd/install/settings"
)

func init() { chapters = append(chapters, settingRows) }

// SettingState is what Env offers besides, where it can: what RESET would make of a setting and where its value came from, in base units.
type SettingState interface {
	SettingState(name string) (reset, source, file string, line int)
}

func settingRows() []Row {
	return []Row{{Sig: "pg_show_all_settings()", Set: allSettings}, {Sig: "pg_get_function_sqlbody(oid)", Scalar: func(*Call, []types.Value) (types.Value, error) { return null, nil }}}
}

// allSettings gives the rows of pg_settings.
func allSettings(c *Call, _ []types.Value) (RowIter, error) {
	out := &rowsOf{}
	super := c.Env.Session().Superuser
	for _, s := range settings.All() {
		if s.NoShow || s.SuperuserOnly && !super {
			continue
		}
		shown, ok := c.Env.Setting(s.Name)
		if !ok {
			continue
		}
		value := shown
		if s.Unit != "" { // SHOW chooses a unit; here it is the base unit's number
			if v, err := s.Parse(shown); err == nil {
				value = v
			}
		}
		out.rows = append(out.rows, settingRow(c, s, value))
	}
	return out, nil
}

func settingRow(c *Call, s *settings.Setting, value string) []types.Value {
	reset, source, file, line := value, "default", "", 0
	if st, ok := c.Env.(SettingState); ok {
		reset, source, file, line = st.SettingState(s.Name)
	} else if value != s.Default {
		source = "configuration file"
	}
	optional := func(t string) types.Value {
		if t == "" {
			return null
		}
		return types.StringValue(t)
	}
	low, high, choices, where := null, null, null, null
	switch s.Type {
	case settings.Integer, settings.Real:
		low, high = types.StringValue(settingBound(s.Min)), types.StringValue(settingBound(s.Max))
	case settings.Enum:
		var labels []types.Value
		for _, l := range s.Enum {
			labels = append(labels, types.StringValue(l))
		}
		choices = types.NewArray(types.TextOID, labels)
	}
	if line > 0 {
		where = types.IntValue(int64(line))
	}
	return []types.Value{types.StringValue(s.Name), types.StringValue(value), optional(s.Unit), types.StringValue(s.Category), types.StringValue(s.Short), null,
		types.StringValue(s.Context), types.StringValue(s.Type), types.StringValue(source), low, high, choices, types.StringValue(s.Default),
		types.StringValue(reset), optional(file), where, types.BoolValue(false)}
}

// settingBound prints a bound as PostgreSQL does.
func settingBound(f float64) string { return strconv.FormatFloat(f, 'g', 15, 64) }
