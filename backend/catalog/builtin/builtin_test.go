package builtin

import (
	"sort"
	"testing"
)

// Ensure that every row is found by each of its keys.
func TestEveryRowIsFound(t *testing.T) {
	for i := range procs {
		p := &procs[i]
		if ProcByOID(p.OID) != p {
			t.Fatalf("function %d not found by OID", p.OID)
		}
		sig := ProcSignature(p.OID)
		if ProcBySignature(sig) != p {
			t.Fatalf("function %q not found by signature", sig)
		}
		found := false
		for _, q := range ProcsNamed(p.Name) {
			found = found || q == p
		}
		if !found {
			t.Fatalf("function %s not found by name", p.Name)
		}
	}
	for i := range operators {
		o := &operators[i]
		found := false
		for _, q := range OperatorsNamed(o.Name) {
			found = found || q == o
		}
		if !found || OperatorByOID(o.OID) != o {
			t.Fatalf("operator %d %s not found", o.OID, o.Name)
		}
	}
	for i := range types {
		if ty := &types[i]; TypeByOID(ty.OID) != ty || TypeByName(ty.Namespace, ty.Name) != ty {
			t.Fatalf("type %s not found", ty.Name)
		}
	}
	for i := range casts {
		if c := &casts[i]; CastOf(c.Source, c.Target) != c {
			t.Fatalf("cast %d not found", c.OID)
		}
	}
	for i := range classes {
		if c := &classes[i]; ClassByOID(c.OID) != c || ClassByName(c.Namespace, c.Name) != c {
			t.Fatalf("relation %s not found", c.Name)
		}
	}
}

// Ensure that what does not exist is not found, at both ends and in the middle.
func TestMissingIsNil(t *testing.T) {
	for _, oid := range []uint32{0, 1, 9999, 1 << 31} {
		if ProcByOID(oid) != nil || OperatorByOID(oid) != nil || TypeByOID(oid) != nil && oid != 0 || ClassByOID(oid) != nil {
			t.Errorf("%d was found", oid)
		}
	}
	for _, name := range []string{"", "a_function_nobody_has", "~~~~~~~~~", "zzzz"} {
		if len(ProcsNamed(name)) != 0 || len(OperatorsNamed(name)) != 0 || TypeByName(SchemaCatalog, name) != nil ||
			ClassByName(SchemaCatalog, name) != nil || ProcBySignature(name) != nil {
			t.Errorf("%q was found", name)
		}
	}
}

// Ensure that some facts that everything rests on are there.
func TestKnownFacts(t *testing.T) {
	if p := ProcBySignature("int4pl(integer,integer)"); p == nil || p.OID != 177 || p.Result != 23 || !p.Strict || p.Volatile != 'i' {
		t.Errorf("int4pl: %+v", p)
	}
	if c := CastOf(23, 20); c == nil || c.Context != 'i' || c.Method != 'f' {
		t.Errorf("int4 to int8: %+v", c)
	}
	if o := OperatorsOf(23); o == nil || o.Btree[2] != 96 || o.Hash != 96 {
		t.Errorf("int4 operators: %+v", o)
	}
	c := ClassByName(SchemaCatalog, "pg_class")
	if c == nil || c.OID != 1259 || c.Columns[1].Name != "relname" || c.Columns[1].Type != 19 || c.RowType != 83 {
		t.Errorf("pg_class: %+v", c)
	}
	if ty := TypeByName(SchemaCatalog, "int4"); ty == nil || ty.OID != 23 || ty.Array != 1007 || ty.Category != 'N' {
		t.Errorf("int4: %+v", ty)
	}
	if !sort.SliceIsSorted(procs[:], func(i, j int) bool { return procs[i].OID < procs[j].OID }) {
		t.Error("functions are not in order")
	}
}

// Ensure that a look-up allocates nothing.
func TestLookupsDoNotAllocate(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		ProcsNamed("lower")
		OperatorsNamed("=")
		TypeByName(SchemaCatalog, "int4")
		ClassByName(SchemaCatalog, "pg_class")
		CastOf(23, 20)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
