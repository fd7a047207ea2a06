package catalog_test

import (
	"testing"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/catalog/builtin"
	"pgd/backend/parse"
	"pgd/backend/types"
)

// Ensure that analysis understands the definition of every system view and finds the column types the catalog promises.
func TestSystemViewsAreAnalyzed(t *testing.T) {
	v := catalog.See(t, catalog.Site(t), "public")
	for i := range builtin.Classes() {
		c := &builtin.Classes()[i]
		if c.Kind != 'v' {
			continue
		}
		rel, err := v.RelationByOID(c.OID)
		if err != nil {
			t.Fatal(err)
		}
		st, err := parse.Parse(rel.View)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		a := &analyze.Analyzer{Catalog: v, Types: &types.Context{}, User: 10, Superuser: true, Database: "postgres", Setting: func(string) string { return "" }}
		q, err := a.Query(st[0])
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		n := 0
		for _, target := range q.Targets {
			if target.Junk {
				continue
			}
			if n >= len(rel.Columns) {
				t.Errorf("%s gives too many columns", c.Name)
				break
			}
			if col := rel.Columns[n]; col.Name != target.Name || col.Type != target.Expr.Type() || col.Typmod != target.Expr.Typmod() {
				t.Errorf("%s.%s is %s %s %d, want %s", c.Name, col.Name, target.Name, v.FormatType(target.Expr.Type(), -1), target.Expr.Typmod(), v.FormatType(col.Type, col.Typmod))
			}
			n++
		}
	}
}
