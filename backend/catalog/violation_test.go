package catalog

import (
	"testing"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Ensure that a refused key is told as PostgreSQL tells it.
func TestUniqueViolation(t *testing.T) {
	d := site(t)
	shop(t, d)
	v := see(t, d, "public")
	e := v.Violation(ConstraintInfo{Table: "customer", Columns: []string{"id"}, Values: []types.Value{types.IntValue(7)}}, &types.Context{})
	if e.Code != pgerr.UniqueViolation || e.Message != `duplicate key value violates unique constraint "customer_pkey"` || e.Detail != "Key (id)=(7) already exists." ||
		e.Schema != "public" || e.Table != "customer" || e.Constraint != "customer_pkey" {
		t.Errorf("%+v", e)
	}
	if e := v.Violation(ConstraintInfo{Table: "customer", Columns: []string{"id"}}, nil); e.Detail != "" || e.Constraint != "customer_pkey" {
		t.Errorf("%+v", e)
	}
	if e := v.Violation(ConstraintInfo{Table: "unknown", Columns: []string{"id"}}, nil); e.Code != pgerr.UniqueViolation {
		t.Errorf("%+v", e)
	}
}

// Ensure that a foreign key's violation is found from both sides and told as PostgreSQL tells it.
func TestForeignViolation(t *testing.T) {
	d := site(t)
	_, customer, order, _ := shop(t, d)
	v := see(t, d, "public")
	tc := &types.Context{}
	if err := v.ForeignViolation(ForeignCheck{Target: order}, tc); err != nil {
		t.Fatal(err)
	}
	d.must(`INSERT INTO "customer" VALUES (1, 'a')`)
	d.must(`INSERT INTO "order" VALUES (10, 1, NULL), (11, NULL, NULL), (12, 5, NULL)`)
	for _, c := range []struct {
		check           ForeignCheck
		message, detail string
	}{
		{ForeignCheck{Target: order}, `insert or update on table "order" violates foreign key constraint "order_customer_fkey"`,
			`Key (customer)=(5) is not present in table "customer".`},
		{ForeignCheck{Target: customer, Deleting: true}, `update or delete on table "customer" violates foreign key constraint "order_customer_fkey" on table "order"`,
			`Key (id)=(5) is still referenced from table "order".`},
		{ForeignCheck{}, `insert or update on table "order" violates foreign key constraint "order_customer_fkey"`, `Key (customer)=(5) is not present in table "customer".`},
	} {
		e := pgerr.From(v.ForeignViolation(c.check, tc))
		if e == nil || e.Code != pgerr.ForeignKeyViolation || e.Message != c.message || e.Detail != c.detail || e.Table != "order" || e.Constraint != "order_customer_fkey" {
			t.Errorf("%+v", e)
		}
	}
	if err := v.ForeignViolation(ForeignCheck{Target: order, Deferred: func(*Constraint) bool { return true }}, tc); err != nil {
		t.Errorf("a deferred key was checked: %v", err)
	}
}
