package analyze

import (
	"testing"
	"time"

	"pgd/backend/catalog"
	"pgd/backend/types"
)

// emptyDatabase answers the catalog's questions as a database nobody made anything in does.
type emptyDatabase struct{}

func (emptyDatabase) Query(sql string, _ []types.Value, f func(row []types.Value) error) error {
	if len(sql) > 7 && sql[:19] == "SELECT oid, nspname" {
		for oid, name := range map[int64]string{11: "pg_catalog", 2200: "public"} {
			if err := f([]types.Value{types.IntValue(oid), types.StringValue(name), types.IntValue(10), {}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// testCatalog is the built-in catalog with two tables, as testdata/expr_setup.sql makes them.
type testCatalog struct {
	*catalog.View
	rels  map[string]*catalog.Relation
	types map[uint32]*catalog.TypeRow
}

func (c *testCatalog) Relation(schema, name string) (*catalog.Relation, error) {
	if r := c.rels[name]; r != nil && (schema == "" || schema == "public") {
		return r, nil
	}
	return c.View.Relation(schema, name)
}

func (c *testCatalog) RelationByOID(oid uint32) (*catalog.Relation, error) {
	for _, r := range c.rels {
		if r.OID == oid {
			return r, nil
		}
	}
	return c.View.RelationByOID(oid)
}

func (c *testCatalog) Type(oid uint32) *catalog.TypeRow {
	if t := c.types[oid]; t != nil {
		return t
	}
	return c.View.Type(oid)
}

func (c *testCatalog) TypeByName(schema, name string) *catalog.TypeRow {
	for _, t := range c.types {
		if t.Name == name {
			return t
		}
	}
	return c.View.TypeByName(schema, name)
}

func (c *testCatalog) FormatType(oid uint32, mod int32) string {
	if t := c.types[oid]; t != nil {
		return t.Name
	}
	return c.View.FormatType(oid, mod)
}

func (c *testCatalog) add(oid uint32, name string, cols ...catalog.Column) {
	r := &catalog.Relation{OID: oid, Namespace: 2200, Schema: "public", Name: name, Kind: 'r', Owner: 10, RowType: oid + 1, RowidColumn: -1, Physical: name}
	for i := range cols {
		cols[i].Attnum = int16(i + 1)
		if cols[i].Typmod == 0 {
			cols[i].Typmod = -1
		}
		if t := c.View.Type(cols[i].Type); t != nil {
			cols[i].Collation = t.Collation
		}
	}
	r.Columns = cols
	c.rels[name] = r
	c.types[oid+1] = &catalog.TypeRow{OID: oid + 1, Namespace: 2200, Name: name, Len: -1, Kind: 'c', Category: 'C', Relid: oid, Typmod: -1, Array: oid + 2}
	c.types[oid+2] = &catalog.TypeRow{OID: oid + 2, Namespace: 2200, Name: "_" + name, Len: -1, Kind: 'b', Category: 'A', Elem: oid + 1, Typmod: -1}
}

func newTestCatalog(t testing.TB) *testCatalog {
	t.Helper()
	v, err := catalog.NewCache(emptyDatabase{}).At(1, []string{"public"}, "")
	if err != nil {
		t.Fatal(err)
	}
	c := &testCatalog{View: v, rels: map[string]*catalog.Relation{}, types: map[uint32]*catalog.TypeRow{}}
	col := func(name string, typ uint32, mod ...int32) catalog.Column {
		m := int32(-1)
		if len(mod) > 0 {
			m = mod[0]
		}
		return catalog.Column{Name: name, Physical: name, Type: typ, Typmod: m}
	}
	c.add(20000, "t1", col("id", 23), col("i2", 21), col("i8", 20), col("f4", 700), col("f8", 701), col("n", 1700), col("n2", 1700, 10<<16+2+4),
		col("b", 16), col("t", 25), col("v", 1043, 14), col("c", 1042, 9), col("bc", 18), col("nm", 19), col("d", 1082), col("tm", 1083),
		col("tz", 1266), col("ts", 1114), col("tstz", 1184), col("iv", 1186), col("u", 2950), col("by", 17), col("j", 114), col("jb", 3802),
		col("ia", 1007), col("ta", 1009), col("o", 26), col("iv3", 1186, 2147418115), col("ts2", 1114, 2), col("va", 1015, 7))
	c.rels["t1"].Constraints = []*catalog.Constraint{{OID: 20005, Name: "t1_pkey", Kind: 'p', Columns: []int16{1}, Valid: true}}
	c.rels["t1"].Columns[0].NotNull = true
	c.add(20010, "t2", col("a", 23), col("b", 25))
	return c
}

func newTestAnalyzer(t testing.TB) *Analyzer {
	return &Analyzer{Catalog: newTestCatalog(t), Params: true, Superuser: true, User: 10, Types: &types.Context{
		DateStyle: types.DateStyle{Format: "ISO", Order: "MDY"}, IntervalStyle: "postgres", TimeZone: time.UTC, TimeZoneName: "UTC",
		ExtraFloatDigits: 1, Now: time.Now()}}
}
