package ddl

import (
	"fmt"
	"strings"
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
