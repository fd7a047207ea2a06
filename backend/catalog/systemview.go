package catalog

import (
	"pgd/backend/catalog/builtin"
)

// systemView gives the definition of a view of pg_catalog or information_schema as SQL text.
func systemView(c *builtin.Class) string {
	return ""
}
