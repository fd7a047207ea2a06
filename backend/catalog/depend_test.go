package catalog

import (
	"testing"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// address finds an object of the shop by name.
func (d *database) address(class uint32, name string) Address {
	sql := map[uint32]string{
		ClassRelation:   "SELECT oid FROM " + table("pg_class") + " WHERE relname = ? AND oid >= 16384",
		ClassConstraint: "SELECT oid FROM " + table("pg_constraint") + " WHERE conname = ?",
		ClassType:       "SELECT oid FROM " + table("pg_type") + " WHERE typname = ?",
		ClassNamespace:  "SELECT oid FROM " + table("pg_namespace") + " WHERE nspname = ?",
	}[class]
	return Address{class, uint32(d.number(sql, types.StringValue(name))), 0}
}

// Ensure that dropping what others need is refused in PostgreSQL's words; the texts were taken from it.
func TestDropRestrict(t *testing.T) {
	d := site(t)
	w, customer, _, _ := shop(t, d)
	const cascade = "Use DROP ... CASCADE to drop the dependent objects too."
	for _, c := range []struct {
		name                  string
		target                Address
		message, detail, hint string
	}{
		{"table", d.address(ClassRelation, "customer"), "cannot drop table customer because other objects depend on it",
			"constraint order_customer_fkey on table \"order\" depends on table customer\nview names depends on table customer\nview names2 depends on view names", cascade},
		{"column", Address{ClassRelation, customer, 2}, `cannot drop column Name of table customer because other objects depend on it`,
			"view names depends on column Name of table customer\nview names2 depends on view names", cascade},
		{"sequence", d.address(ClassRelation, "order_id_seq"), "cannot drop sequence order_id_seq because other objects depend on it",
			"default value for column id of table \"order\" depends on sequence order_id_seq", cascade},
		{"index", d.address(ClassRelation, "customer_pkey"), "cannot drop index customer_pkey because constraint customer_pkey on table customer requires it",
			"", "You can drop constraint customer_pkey on table customer instead."},
		{"constraint", d.address(ClassConstraint, "customer_pkey"), "cannot drop constraint customer_pkey on table customer because other objects depend on it",
			"constraint order_customer_fkey on table \"order\" depends on index customer_pkey", cascade},
		{"type", d.address(ClassType, "customer"), "cannot drop type customer because table customer requires it", "", "You can drop table customer instead."},
		{"view", d.address(ClassRelation, "names"), "cannot drop view names because other objects depend on it", "view names2 depends on view names", cascade},
		{"schema", d.address(ClassNamespace, "public"), "cannot drop schema public because other objects depend on it",
			"table customer depends on schema public\ntable \"order\" depends on schema public\nview names depends on schema public\nview names2 depends on schema public", cascade},
	} {
		_, err := w.PlanDrop([]Address{c.target}, false)
		e := pgerr.From(err)
		if e == nil {
			t.Errorf("%s could be dropped", c.name)
			continue
		}
		if e.Code != pgerr.DependentObjectsStillExist || e.Message != c.message || e.Detail != c.detail || e.Hint != c.hint {
			t.Errorf("%s:\n%s\n%s\n%s", c.name, e.Message, e.Detail, e.Hint)
		}
	}
	_, err := w.PlanDrop([]Address{d.address(ClassRelation, "order"), d.address(ClassRelation, "customer")}, false)
	if e := pgerr.From(err); e == nil || e.Message != "cannot drop desired object(s) because other objects depend on them" ||
		e.Detail != "view names depends on table customer\nview names2 depends on view names" {
		t.Error(err)
	}
}

// Ensure that CASCADE takes everything along, tells of it as PostgreSQL does, and leaves no row behind.
func TestDropCascade(t *testing.T) {
	d := site(t)
	tables := []string{"pg_class", "pg_attribute", "pg_type", "pg_constraint", "pg_index", "pg_attrdef", "pg_rewrite", "pg_sequence", "pg_depend", "pg_description", "pg_namespace"}
	before := map[string]int64{}
	for _, n := range tables {
		before[n] = d.number("SELECT count(*) FROM " + table(n))
	}
	w, customer, _, _ := shop(t, d)
	if err := w.SetComment(Address{ClassRelation, customer, 2}, "their name"); err != nil {
		t.Fatal(err)
	}
	drop, err := w.PlanDrop([]Address{d.address(ClassRelation, "customer")}, true)
	if err != nil {
		t.Fatal(err)
	}
	if drop.Notice.Message != "drop cascades to 3 other objects" ||
		drop.Notice.Detail != "drop cascades to constraint order_customer_fkey on table \"order\"\ndrop cascades to view names\ndrop cascades to view names2" {
		t.Errorf("%s\n%s", drop.Notice.Message, drop.Notice.Detail)
	}
	for _, a := range drop.Objects {
		if err := w.Delete(a); err != nil {
			t.Fatal(err)
		}
	}
	v := see(t, d, "public")
	if o, err := v.Relation("", "order"); err != nil || o == nil || len(o.Constraints) != 1 {
		t.Fatal("order should be left without its foreign key", o, err)
	}
	drop, err = w.PlanDrop([]Address{d.address(ClassRelation, "order")}, false)
	if err != nil || drop.Notice != nil {
		t.Fatal(drop, err)
	}
	for _, a := range drop.Objects {
		if err := w.Delete(a); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range tables {
		if got := d.number("SELECT count(*) FROM " + table(n)); got != before[n] {
			t.Errorf("%s has %d rows, had %d", n, got, before[n])
		}
	}
}

// Ensure that dropping a column leaves its number taken and takes its default along.
func TestDropColumn(t *testing.T) {
	d := site(t)
	w, customer, _, _ := shop(t, d)
	drop, err := w.PlanDrop([]Address{{ClassRelation, customer, 2}}, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range drop.Objects {
		if err := w.Delete(a); err != nil {
			t.Fatal(err)
		}
	}
	r, err := see(t, d, "public").Relation("", "customer")
	if err != nil || !r.Columns[1].Dropped || r.Columns[1].Default != "" || r.Columns[1].Name != "........pg.dropped.2........" || len(r.Columns) != 2 {
		t.Errorf("%+v %v", r, err)
	}
}

// Ensure that a taken name is refused, of a relation and of the type its rows would have.
func TestTakenNames(t *testing.T) {
	d := site(t)
	w, _, _, _ := shop(t, d)
	_, err := w.CreateRelation(NewRelation{Name: "customer", Namespace: 2200, Kind: 'v', Owner: 10})
	if e := pgerr.From(err); pgerr.Code(err) != pgerr.DuplicateTable || e.Message != `relation "customer" already exists` {
		t.Error(err)
	}
	if _, err = w.CreateRelation(NewRelation{Name: "_customer", Namespace: 2200, Kind: 'r', Owner: 10}); pgerr.Code(err) != pgerr.DuplicateObject {
		t.Error(err)
	}
}
