package functions

import (
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// enumRows are the functions over enums of any type. Values are keys whose order is the enum's, so that comparison is SQLite's own.
func enumRows() []Row {
	var rs []Row
	for _, op := range comparisonOperators {
		rs = append(rs, Row{Sig: "enum_" + op.name + "(anyenum,anyenum)", SQL: "$1 " + op.sql + " $2"})
	}
	pick := func(sign int) Scalar {
		return func(c *Call, a []types.Value) (types.Value, error) {
			n, err := compareEnum(c, a)
			if err != nil || n*sign >= 0 {
				return a[0].Clone(), err
			}
			return a[1].Clone(), nil
		}
	}
	return append(rs,
		Row{Sig: "enum_cmp(anyenum,anyenum)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			n, err := compareEnum(c, a)
			return types.IntValue(int64(n)), err
		}},
		Row{Sig: "enum_larger(anyenum,anyenum)", Scalar: pick(1)},
		Row{Sig: "enum_smaller(anyenum,anyenum)", Scalar: pick(-1)},
		Row{Sig: "enum_first(anyenum)", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			labels, err := enumLabels(c)
			if err != nil {
				return null, err
			}
			return types.FloatValue(labels[0].Key), nil
		}},
		Row{Sig: "enum_last(anyenum)", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			labels, err := enumLabels(c)
			if err != nil {
				return null, err
			}
			return types.FloatValue(labels[len(labels)-1].Key), nil
		}},
		Row{Sig: "enum_range(anyenum)", Scalar: func(c *Call, _ []types.Value) (types.Value, error) {
			return enumRange(c, types.NullValue, types.NullValue)
		}},
		Row{Sig: "enum_range(anyenum,anyenum)", Scalar: func(c *Call, a []types.Value) (types.Value, error) { return enumRange(c, a[0], a[1]) }},
	)
}

// enumOf finds the enum a call works with; its arguments may be domains over it.
func enumOf(c *Call) (*types.Type, error) {
	if len(c.Args) > 0 {
		if t := c.Find(c.Args[0]); t != nil && t.Enum != nil {
			return t, nil
		}
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "could not determine actual enum type")
}

func compareEnum(c *Call, a []types.Value) (int, error) {
	t, err := enumOf(c)
	if err != nil {
		return 0, err
	}
	return t.Compare(a[0], a[1]), nil
}

func enumLabels(c *Call) ([]types.EnumLabel, error) {
	t, err := enumOf(c)
	if err != nil {
		return nil, err
	}
	if len(t.Enum.Labels) == 0 {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "enum %s contains no values", t.Display)
	}
	return t.Enum.Labels, nil
}

// enumRange gives the values between two, both included; NULL is no bound.
func enumRange(c *Call, low, high types.Value) (types.Value, error) {
	t, err := enumOf(c)
	if err != nil {
		return null, err
	}
	var elems []types.Value
	for _, l := range t.Enum.Labels {
		v := types.FloatValue(l.Key)
		if (low.IsNull() || t.Compare(v, low) >= 0) && (high.IsNull() || t.Compare(v, high) <= 0) {
			elems = append(elems, v)
		}
	}
	return types.NewArray(t.Enum.OID, elems), nil
}
