package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/types"
)

// ownTypes finds the types of the database's own for printing their values: the labels of enums, rows.
func ownTypes(cat catalog.Lookup) func(oid uint32) *types.Type {
	if c, ok := cat.(interface{ DataType(uint32) *types.Type }); ok {
		return c.DataType
	}
	return nil
}
