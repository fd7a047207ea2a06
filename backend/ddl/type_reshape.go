package ddl

import (
	"fmt"
	"strings"

	"pgd/backend/pgerr"
)

// reshapeHolders brings the values of a row type that tables hold to the columns it has now; dropped is the place of the column that went, -1 for none.
func (e *Env) reshapeHolders(oid uint32, dropped int) error {
	rel, err := e.reload(oid)
	if err != nil {
		return err
	}
	hs, err := e.holders(rel.RowType, false, map[uint32]bool{})
	if err != nil {
		return err
	}
	var list strings.Builder
	for i := range rel.Columns {
		if c := &rel.Columns[i]; !c.Dropped {
			fmt.Fprintf(&list, ", %d", c.Type)
		}
	}
	for _, h := range hs {
		c := h.column
		sql := fmt.Sprintf("UPDATE %s SET %s = pg_reshape(%s, %d, %d, %d%s) WHERE %s IS NOT NULL", h.rel.Physical, c.Physical, c.Physical, c.Type, rel.RowType,
			dropped, list.String(), c.Physical)
		if err := e.DB.Exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// rowTypeGrows follows a new column of a table in the columns that hold the table's rows as values. Where the column has a value in the rows
// there are, those values would have to have it too: PostgreSQL refuses that, and so does pgd.
func (a *alteration) rowTypeGrows(filled bool) error {
	hs, err := a.holders(a.rel.RowType, false, map[uint32]bool{})
	if err != nil || len(hs) == 0 {
		return err
	}
	if filled {
		return pgerr.New(pgerr.FeatureNotSupported, "cannot alter table \"%s\" because column \"%s.%s\" uses its row type", a.rel.Name, hs[0].rel.Name, hs[0].column.Name)
	}
	return a.reshapeHolders(a.rel.OID, -1)
}

// rowTypeLoses follows a column that was dropped.
func (a *alteration) rowTypeLoses(attnum int16) error {
	hs, err := a.holders(a.rel.RowType, false, map[uint32]bool{})
	if err != nil || len(hs) == 0 {
		return err
	}
	place := 0
	for i := range a.rel.Columns[:attnum-1] {
		if !a.rel.Columns[i].Dropped {
			place++
		}
	}
	return a.reshapeHolders(a.rel.OID, place)
}
