package catalog

import (
	"strings"
	"testing"
	"time"

	"pgd/backend/catalog/builtin"
)

// Ensure that a new database has every catalog with every built-in row.
func TestBootstrapFillsTheCatalogs(t *testing.T) {
	d := site(t)
	for i := range builtin.Classes() {
		c := &builtin.Classes()[i]
		if c.Kind != 'r' || c.Shared || c.Namespace != builtin.SchemaCatalog || c.OID == ClassRewrite {
			continue
		}
		want := int64(strings.Count(builtin.Rows(c.Name), "\n"))
		if got := d.number("SELECT count(*) FROM " + table(c.Name)); got != want {
			t.Errorf("%s has %d rows, want %d", c.Name, got, want)
		}
	}
	for sql, want := range map[string]int64{
		"SELECT oid FROM " + table("pg_class") + " WHERE relname = 'pg_class' AND relnamespace = 11":                                         1259,
		"SELECT prorettype FROM " + table("pg_proc") + " WHERE oid = 177":                                                                    23,
		"SELECT count(*) FROM " + table("pg_attribute") + " WHERE attrelid = 1259":                                                           33,
		"SELECT count(*) FROM shared." + table("pg_authid"):                                                                                  13,
		"SELECT oid FROM shared." + table("pg_authid") + " WHERE rolname = 'admin' AND rolsuper":                                             10,
		"SELECT count(*) FROM shared." + table("pg_database"):                                                                                3,
		"SELECT value FROM " + counterTable:                                                                                                  16384,
		"SELECT count(*) FROM shared." + table("pg_authid") + " WHERE rolpassword IS NOT NULL":                                               0,
		"SELECT count(*) FROM " + table("pg_rewrite") + " WHERE ev_class IN (SELECT oid FROM " + table("pg_class") + " WHERE relkind = 'v')": 140,
	} {
		if got := d.number(sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

// Ensure that making a database stays quick: initdb's wait is what a first user sees.
func TestBootstrapTime(t *testing.T) {
	d := openDatabase(t, t.TempDir()+"/main.db")
	start := time.Now()
	d.must("BEGIN")
	if err := Bootstrap(d, BootOptions{}); err != nil {
		t.Fatal(err)
	}
	d.must("COMMIT")
	t.Logf("%v, %d pages", time.Since(start), d.number("PRAGMA page_count"))
}
