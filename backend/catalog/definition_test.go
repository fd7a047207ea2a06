package catalog

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgd/backend/catalog/builtin"
)

// Ensure that indexes and constraints are printed as the SQL that makes them; the texts are PostgreSQL's.
func TestDefinitions(t *testing.T) {
	d := site(t)
	_, customer, order, view := shop(t, d)
	v := see(t, d, "public")
	show := func(pretty bool) ShowExpr {
		return func(s string, _ uint32) (string, error) {
			if pretty {
				s = PrettyExpr(s)
			}
			return s, nil
		}
	}
	index := func(name string, column int, pretty bool) string {
		s, ok, err := v.IndexDef(d.address(ClassRelation, name).OID, column, !pretty, show(pretty))
		if err != nil || !ok {
			t.Errorf("%s: %v", name, err)
		}
		return s
	}
	constraint := func(name string, pretty bool) string {
		s, ok, err := v.ConstraintDef(d.address(ClassConstraint, name).OID, show(pretty))
		if err != nil || !ok {
			t.Errorf("%s: %v", name, err)
		}
		return s
	}
	text, _, _ := v.ViewDef(view)
	for got, want := range map[string]string{
		index("customer_pkey", 0, false):        "CREATE UNIQUE INDEX customer_pkey ON public.customer USING btree (id)",
		index("order_expr_idx", 0, false):       `CREATE INDEX order_expr_idx ON public."order" USING btree (abs(id) DESC, customer) WHERE (customer > 0)`,
		index("order_expr_idx", 0, true):        `CREATE INDEX order_expr_idx ON "order" USING btree (abs(id) DESC, customer) WHERE customer > 0`,
		index("order_expr_idx", 1, true):        "abs(id)",
		index("order_expr_idx", 2, true):        "customer",
		constraint("customer_pkey", true):       "PRIMARY KEY (id)",
		constraint("order_customer_fkey", true): "FOREIGN KEY (customer) REFERENCES customer(id) ON DELETE CASCADE",
		constraint("order_check", false):        "CHECK ((id > 0))",
		constraint("order_check", true):         "CHECK (id > 0)",
		text:                                    ` SELECT customer."Name" AS name FROM customer;`,
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if s, err := v.Describe(Address{ClassRelation, customer, 1}); s != "column id of table customer" || err != nil {
		t.Error(s, err)
	}
	if _, ok, err := v.IndexDef(order, 0, true, show(false)); ok || err != nil {
		t.Error("a table is no index", err)
	}
	if _, ok, err := v.ConstraintDef(1, show(false)); ok || err != nil {
		t.Error("there is no such constraint", err)
	}
}

// Ensure that arguments, results and definitions of all built-in functions are printed as PostgreSQL prints them, where PGD_ORACLE gives one to ask.
func TestFunctionDefinitionsOnPostgreSQL(t *testing.T) {
	oracle := os.Getenv("PGD_ORACLE")
	if oracle == "" {
		t.Skip("PGD_ORACLE is not set")
	}
	v := see(t, site(t), "public")
	out, err := exec.Command("psql", append(strings.Fields(oracle), "-X", "-q", "-A", "-t", "-F", "\x01", "-R", "\x02", "-c",
		`SELECT p.oid::int, pg_get_function_arguments(p.oid), pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid),
		CASE WHEN prokind <> 'a' AND lanname <> 'sql' THEN pg_get_functiondef(p.oid) END FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE p.oid < 16384`)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\x02") {
		f := strings.Split(line, "\x01")
		oid := uint32(0)
		for _, c := range f[0] {
			oid = oid*10 + uint32(c-'0')
		}
		p := builtin.ProcByOID(oid)
		def, _, _ := v.ProcDef(oid)
		if f[4] == "" {
			def = ""
		}
		got := []string{"", v.ProcArguments(p, false), v.ProcArguments(p, true), v.ProcResult(p), def}
		for i := 1; i < len(got); i++ {
			if got[i] != f[i] && failed < 10 {
				failed++
				t.Errorf("%s:\ngot  %s\nwant %s", p.Name, got[i], f[i])
			}
		}
	}
}
