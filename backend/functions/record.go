package functions

import (
	"bytes"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// recordRows compare row values column by column; NULL is equal to NULL and after all else. The image forms compare what is stored.
func recordRows() []Row {
	rs := []Row{
		{Sig: "btrecordcmp(record,record)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			n, err := compareRecords(c, a[0], a[1], false)
			return types.IntValue(int64(n)), err
		}},
		{Sig: "btrecordimagecmp(record,record)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(bytes.Compare(a[0].B, a[1].B))), nil
		}},
	}
	for _, op := range comparisonOperators {
		equality := op.name == "eq" || op.name == "ne"
		rs = append(rs,
			Row{Sig: "record_" + op.name + "(record,record)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
				n, err := compareRecords(c, a[0], a[1], equality)
				return types.BoolValue(op.test(n)), err
			}},
			Row{Sig: "record_image_" + op.name + "(record,record)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return types.BoolValue(op.test(bytes.Compare(a[0].B, a[1].B))), nil
			}})
	}
	return rs
}

func compareRecords(c *Call, a, b types.Value, equality bool) (int, error) {
	x, err := types.ReadRecord(a)
	if err != nil {
		return 0, err
	}
	y, err := types.ReadRecord(b)
	if err != nil {
		return 0, err
	}
	for i := 0; i < len(x.Columns) && i < len(y.Columns); i++ {
		if x.Types[i] != y.Types[i] {
			t1, t2 := c.Find(x.Types[i]), c.Find(y.Types[i])
			if t1 == nil || t2 == nil || t1.Store != t2.Store {
				return 0, pgerr.New(pgerr.DatatypeMismatch, "cannot compare dissimilar column types %s and %s at record column %d",
					c.displayType(x.Types[i]), c.displayType(y.Types[i]), i+1)
			}
		}
		p, q := x.Columns[i], y.Columns[i]
		switch {
		case p.IsNull() && q.IsNull():
			continue
		case p.IsNull():
			return 1, nil
		case q.IsNull():
			return -1, nil
		}
		t, err := elemType(c, x.Types[i])
		if err != nil {
			return 0, err
		}
		if t.Compare == nil {
			what := "a comparison function"
			if equality {
				what = "an equality operator"
			}
			return 0, pgerr.New(pgerr.UndefinedFunction, "could not identify %s for type %s", what, t.Display)
		}
		if n := t.Compare(p, q); n != 0 {
			return n, nil
		}
	}
	if len(x.Columns) != len(y.Columns) {
		return 0, pgerr.New(pgerr.DatatypeMismatch, "cannot compare record types with different numbers of columns")
	}
	return 0, nil
}

func (c *Call) displayType(oid uint32) string {
	if t := c.Find(oid); t != nil {
		return t.Display
	}
	return "???"
}
