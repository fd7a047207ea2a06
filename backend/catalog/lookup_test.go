package catalog

import (
	"slices"
	"testing"

	"pgd/backend/catalog/builtin"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// see gives the view of a database with a search path.
func see(t testing.TB, d *database, path ...string) *View {
	t.Helper()
	v, err := NewCache(d).At(d.number("PRAGMA schema_version"), path, "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// shop makes two tables, a view, a sequence and their keys, as DDL would.
func shop(t testing.TB, d *database) (w *Writer, customer, order, view uint32) {
	t.Helper()
	w = NewWriter(d)
	no := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	customer, err = w.CreateRelation(NewRelation{Name: "customer", Namespace: 2200, Kind: 'r', Owner: 10, Columns: []NewColumn{
		{Name: "id", Type: 23, Typmod: -1, NotNull: true}, {Name: "Name", Type: 1043, Typmod: 24, Default: "'x'::character varying"}}})
	no(err)
	d.must(`CREATE TABLE "customer" ("id" INTEGER PRIMARY KEY, "^Name" TEXT)`)
	pkey, err := w.CreateIndex(NewIndex{Name: "customer_pkey", Namespace: 2200, Table: customer, Owner: 10, Columns: []int16{1}, Names: []string{"id"}, Types: []uint32{23},
		Collations: []uint32{0}, Opclasses: []uint32{1978}, Options: []int16{0}, KeyCount: 1, Unique: true, Primary: true, Constraint: true})
	no(err)
	_, err = w.CreateConstraint(NewConstraint{Name: "customer_pkey", Namespace: 2200, Relation: customer, Kind: 'p', Columns: []int16{1}, Index: pkey})
	no(err)
	order, err = w.CreateRelation(NewRelation{Name: "order", Namespace: 2200, Kind: 'r', Owner: 10, Columns: []NewColumn{
		{Name: "id", Type: 20, Typmod: -1, NotNull: true, Default: "nextval('order_id_seq'::regclass)"}, {Name: "customer", Type: 23, Typmod: -1},
		{Name: "tags", Type: 1009, Typmod: -1}}})
	no(err)
	d.must(`CREATE TABLE "order" ("id" INTEGER, "customer" INTEGER, "tags" BLOB)`)
	_, err = w.CreateConstraint(NewConstraint{Name: "order_customer_fkey", Namespace: 2200, Relation: order, Kind: 'f', Columns: []int16{2}, Ref: customer,
		RefColumns: []int16{1}, Index: pkey, EqualOperators: []uint32{96}, OnUpdate: 'a', OnDelete: 'c', Match: 's'})
	no(err)
	_, err = w.CreateConstraint(NewConstraint{Name: "order_check", Namespace: 2200, Relation: order, Kind: 'c', Columns: []int16{1}, Check: "(id > 0)"})
	no(err)
	_, err = w.CreateIndex(NewIndex{Name: "order_expr_idx", Namespace: 2200, Table: order, Owner: 10, Columns: []int16{0, 2}, Names: []string{"abs", "customer"},
		Types: []uint32{20, 23}, Collations: []uint32{0, 0}, Opclasses: []uint32{3124, 1978}, Options: []int16{3, 0}, Exprs: []string{"abs(id)"}, KeyCount: 2,
		Where: "(customer > 0)"})
	no(err)
	seq, err := w.CreateRelation(NewRelation{Name: "order_id_seq", Namespace: 2200, Kind: 'S', Owner: 10, Columns: []NewColumn{
		{Name: "last_value", Type: 20, Typmod: -1, NotNull: true}}})
	no(err)
	no(w.CreateSequence(NewSequence{Relation: seq, Type: 20, Start: 1, Increment: 1, Min: 1, Max: 1 << 62, Cache: 1}))
	no(w.OwnSequence(seq, order, 1, DependAuto))
	def, err := w.DefaultOf(order, 1)
	no(err)
	no(w.Depend(Address{ClassAttrdef, def, 0}, Address{ClassRelation, seq, 0}, DependNormal))
	view, err = w.CreateRelation(NewRelation{Name: "names", Namespace: 2200, Kind: 'v', Owner: 10, Columns: []NewColumn{{Name: "name", Type: 1043, Typmod: 24}},
		View: ` SELECT customer."Name" AS name FROM customer;`})
	no(err)
	rule, err := w.RuleOf(view)
	no(err)
	no(w.Depend(Address{ClassRewrite, rule, 0}, Address{ClassRelation, customer, 2}, DependNormal))
	second, err := w.CreateRelation(NewRelation{Name: "names2", Namespace: 2200, Kind: 'v', Owner: 10, Columns: []NewColumn{{Name: "name", Type: 1043, Typmod: 24}},
		View: ` SELECT names.name FROM names;`})
	no(err)
	rule, err = w.RuleOf(second)
	no(err)
	no(w.Depend(Address{ClassRewrite, rule, 0}, Address{ClassRelation, view, 1}, DependNormal))
	return w, customer, order, view
}

// Ensure that a relation comes back with everything DDL wrote of it.
func TestRelationIsReadWhole(t *testing.T) {
	d := site(t)
	_, customer, order, view := shop(t, d)
	v := see(t, d, "$user", "public")
	r, err := v.Relation("", "customer")
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	if r.OID != customer || r.Physical != `"customer"` || r.RowidColumn != 0 || len(r.Columns) != 2 || r.Columns[1].Physical != `"^Name"` ||
		r.Columns[1].Default != "'x'::character varying" || r.Columns[1].Typmod != 24 || r.Columns[1].Collation != 100 || !r.Columns[0].NotNull {
		t.Errorf("customer: %+v", r)
	}
	if len(r.Indexes) != 1 || !r.Indexes[0].Primary || len(r.Constraints) != 1 || r.Constraints[0].Kind != 'p' || !slices.Equal(r.Constraints[0].Columns, []int16{1}) {
		t.Errorf("customer's key: %+v %+v", r.Indexes, r.Constraints)
	}
	o, _ := v.RelationByOID(order)
	if o == nil || o.RowidColumn != -1 || len(o.Constraints) != 2 || o.Columns[2].Type != 1009 {
		t.Fatalf("order: %+v", o)
	}
	for _, c := range o.Constraints {
		switch c.Kind {
		case 'f':
			if c.Ref != customer || c.OnDelete != 'c' || !slices.Equal(c.RefColumns, []int16{1}) {
				t.Errorf("foreign key: %+v", c)
			}
		case 'c':
			if c.Check != "(id > 0)" {
				t.Errorf("check: %+v", c)
			}
		}
	}
	x := o.Indexes[0]
	if !slices.Equal(x.Columns, []int16{0, 2}) || !slices.Equal(x.Exprs, []string{"abs(id)"}) || x.Where != "(customer > 0)" || !x.Desc[0] || !x.NullsFirst[0] || x.Desc[1] {
		t.Errorf("index: %+v", x)
	}
	if w, _ := v.RelationByOID(view); w == nil || w.Kind != 'v' || w.View == "" || w.Physical != "" {
		t.Errorf("view: %+v", w)
	}
	if ty := v.TypeByName("", "customer"); ty == nil || ty.Kind != 'c' || ty.Relid != customer || v.Type(ty.Array).Name != "_customer" {
		t.Errorf("row type: %+v", ty)
	}
	if r, err := v.Relation("", "missing"); r != nil || err != nil {
		t.Error(r, err)
	}
	if _, err := v.Relation("missing", "t"); pgerr.Code(err) != pgerr.InvalidSchemaName {
		t.Error(err)
	}
}

// Ensure that a relation of a system schema is known without any query.
func TestSystemRelationNeedsNoQuery(t *testing.T) {
	v, err := NewCache(noQuerier{}).At(1, []string{"pg_catalog"}, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Relation("", "pg_database")
	if err != nil || r.Physical != `shared."pg_catalog.pg_database"` || !r.Shared || r.RowidColumn != 0 {
		t.Fatal(r, err)
	}
	n := testing.AllocsPerRun(100, func() {
		_, _ = v.Relation("", "pg_class")
		v.TypeByName("", "int4")
		v.Type(23)
		v.Cast(23, 20)
		v.DefaultOperator(1043, 3)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type noQuerier struct{}

func (noQuerier) Query(sql string, _ []types.Value, _ func([]types.Value) error) error {
	return pgerr.New(pgerr.InternalError, "unexpected query %s", sql)
}

// Ensure that the search path decides what a name means, pg_catalog and the temporary schema included.
func TestSearchPath(t *testing.T) {
	d := site(t)
	w := NewWriter(d)
	for _, s := range []string{"a", "b", "admin", "pg_temp_1"} {
		ns, err := w.CreateNamespace(s, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []string{"t", "pg_class", s} {
			if _, err := w.CreateRelation(NewRelation{Name: n, Namespace: ns, Kind: 'r', Owner: 10, Temp: s == "pg_temp_1", Columns: []NewColumn{{Name: "x", Type: 23, Typmod: -1}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := w.CreateNamespace("a", 10); pgerr.Code(err) != pgerr.DuplicateSchema {
		t.Error(err)
	}
	for _, c := range []struct {
		path       []string
		temp, name string
		want       string
	}{
		{[]string{"a", "b"}, "", "t", "a"}, {[]string{"b", "a"}, "", "t", "b"}, {[]string{"missing", "b"}, "", "t", "b"},
		{[]string{"$user", "a"}, "", "t", "admin"}, {[]string{"a"}, "", "pg_class", "pg_catalog"}, {[]string{"a", "pg_catalog"}, "", "pg_class", "a"},
		{[]string{"a"}, "pg_temp_1", "t", "pg_temp_1"}, {[]string{"a", "pg_temp"}, "pg_temp_1", "t", "a"}, {[]string{"a"}, "pg_temp_1", "pg_class", "pg_temp_1"},
		{nil, "", "t", ""}, {[]string{"a"}, "", "b", ""},
	} {
		cache := NewCache(d)
		cache.SetRole(10, "admin")
		v, err := cache.At(1, c.path, c.temp)
		if err != nil {
			t.Fatal(err)
		}
		r, err := v.Relation("", c.name)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if r != nil {
			got = r.Schema
		}
		if got != c.want {
			t.Errorf("%v %q: %s is in %q, want %q", c.path, c.temp, c.name, got, c.want)
		}
	}
	// A temporary table is reached in its own session only.
	for temp, want := range map[string]string{"pg_temp_1": `temp."pg_temp.t"`, "": `temp."pg_temp_1.t"`} {
		v, err := NewCache(d).At(1, nil, temp)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := v.Relation("pg_temp_1", "t"); err != nil || r.Physical != want || r.OtherSession != (temp == "") {
			t.Errorf("%q: %+v %v", temp, r, err)
		}
	}
	v := see(t, d, "missing", "b", "public")
	if got := v.SearchPath(true); !slices.Equal(got, []string{"pg_catalog", "b", "public"}) {
		t.Error(got)
	}
	if got := v.SearchPath(false); !slices.Equal(got, []string{"b", "public"}) {
		t.Error(got)
	}
	if v.NamespaceName(v.CreationSchema()) != "b" {
		t.Error(v.CreationSchema())
	}
	if n, _ := v.ObjectName("regclass", mustOID(t, v, "regclass", "a.t")); n != "a.t" {
		t.Error(n)
	}
	if n, _ := v.ObjectName("regclass", mustOID(t, v, "regclass", "b.t")); n != "t" {
		t.Error(n)
	}
}

func mustOID(t testing.TB, v *View, kind, name string) uint32 {
	t.Helper()
	oid, err := v.ObjectOID(kind, name)
	if err != nil {
		t.Fatalf("%s %s: %v", kind, name, err)
	}
	return oid
}

// Ensure that every built-in function, operator and type is printed as PostgreSQL does and read back.
func TestNamesOfBuiltinObjects(t *testing.T) {
	v := see(t, site(t), "public")
	for i := range builtin.Procs() {
		oid := builtin.Procs()[i].OID
		name, ok := v.ObjectName("regprocedure", oid)
		if !ok || name != builtin.ProcSignature(oid) {
			t.Fatalf("%d is %q, want %q", oid, name, builtin.ProcSignature(oid))
		}
		if got := mustOID(t, v, "regprocedure", name); got != oid {
			t.Fatalf("%s is %d, want %d", name, got, oid)
		}
	}
	for i := range builtin.Types() {
		ty := &builtin.Types()[i]
		name, _ := v.ObjectName("regtype", ty.OID)
		if got := mustOID(t, v, "regtype", name); got != ty.OID {
			t.Fatalf("%s is %d, want %d", name, got, ty.OID)
		}
	}
	for kind, names := range map[string][]string{
		"regoperator": {"+(integer,integer)", "-(NONE,integer)", "||(text,text)"}, "regclass": {"pg_class", "information_schema.tables"},
		"regnamespace": {"pg_catalog", "public"}, "regrole": {"admin", "pg_monitor"}, "regcollation": {`"C"`, `"default"`}, "regproc": {"now", "pg_catalog.lower"},
		"regoper": {"#-", "pg_catalog.+"}, "regconfig": {"english"}, "regdictionary": {"simple"},
	} {
		for _, name := range names {
			if kind == "regoper" && name == "pg_catalog.+" || name == "pg_catalog.lower" {
				if _, err := v.ObjectOID(kind, name); pgerr.Code(err) != pgerr.AmbiguousFunction {
					t.Errorf("%s %s: %v", kind, name, err)
				}
				continue
			}
			oid, err := v.ObjectOID(kind, name)
			if err != nil {
				t.Errorf("%s %s: %v", kind, name, err)
				continue
			}
			if got, _ := v.ObjectName(kind, oid); got != name && kind != "regoper" {
				t.Errorf("%s %s came back as %s", kind, name, got)
			}
		}
	}
}

// Ensure that types are printed as format_type prints them; the answers are PostgreSQL's.
func TestFormatType(t *testing.T) {
	v := see(t, site(t), "public")
	for _, c := range []struct {
		oid  uint32
		mod  int32
		want string
	}{
		{1042, -1, "bpchar"}, {1042, 9, "character(5)"}, {1560, -1, `"bit"`}, {1560, 3, "bit(3)"}, {1186, 4<<16 | 3, "interval year(3)"},
		{1700, 10<<16 + 2 + 4, "numeric(10,2)"}, {1114, 3, "timestamp(3) without time zone"}, {1083, 0, "time(0) without time zone"}, {18, -1, `"char"`},
		{1002, -1, `"char"[]`}, {99999, -1, "???"}, {0, -1, "-"}, {1562, 7, "bit varying(7)"}, {1266, 2, "time(2) with time zone"},
		{1015, 14, "character varying(10)[]"}, {22, -1, "int2vector"}, {23, 5, "integer"}, {2277, -1, "anyarray"},
	} {
		if got := v.FormatTypeGiven(c.oid, c.mod); got != c.want {
			t.Errorf("%d %d: %s, want %s", c.oid, c.mod, got, c.want)
		}
	}
}
