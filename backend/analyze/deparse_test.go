package analyze

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Ensure that checks and defaults are printed as PostgreSQL prints them, and read again mean the same.
func TestDeparseAsPostgreSQL(t *testing.T) {
	if *update {
		recordDeparse(t)
	}
	missing := 0
	eachRecorded(t, "testdata/deparse.tsv", func(kind string, f []string) {
		src, want := f[0], f[1]
		unquoted, err := strconv.Unquote(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := deparseText(t, kind, src)
		if pgerr.Code(err) == pgerr.FeatureNotSupported {
			missing++
			t.Logf("%s: %v", src, err)
			return
		}
		if err != nil {
			t.Errorf("%s %s: %v", kind, src, err)
			return
		}
		if got != unquoted {
			t.Errorf("%s %s\n got %s\nwant %s", kind, src, got, unquoted)
			return
		}
		// The first reading may fold a cast into ARRAY[…], as PostgreSQL's does; the second changes nothing.
		again, err := deparseText(t, kind, got)
		if err != nil {
			t.Errorf("%s read again: %v", got, err)
		} else if third, err := deparseText(t, kind, again); err != nil || third != again {
			t.Errorf("%s read again: %s %v", again, third, err)
		}
	})
	t.Logf("%d are not supported", missing)
}

// deparseText analyses an expression as a check of t1 or a default of a type and prints it.
func deparseText(t *testing.T, kind, src string) (string, error) {
	a := newTestAnalyzer(t)
	sts, err := parse.Parse("SELECT " + src)
	if err != nil {
		return "", err
	}
	n := sts[0].Node.(*parse.SelectStmt).TargetList[0].(*parse.ResTarget).Val
	var e Expr
	var rel *catalog.Relation
	if kind == "check" {
		if rel, err = a.Catalog.Relation("", "t1"); err != nil {
			return "", err
		}
		e, err = a.TableExpr(n, rel, kindCheck, 0, -1)
	} else {
		typ, mod, terr := testType(a, strings.TrimPrefix(kind, "default "))
		if terr != nil {
			return "", terr
		}
		e, err = a.TableExpr(n, nil, kindDefault, typ, mod)
	}
	if err != nil {
		return "", err
	}
	return Deparse(e, func(v *Var) string {
		if v.Col == WholeRow {
			return rel.Name + ".*"
		}
		return catalog.QuoteIdent(rel.Columns[v.Col].Name)
	}, a.Catalog), nil
}

func testType(a *Analyzer, name string) (uint32, int32, error) {
	sts, err := parse.Parse("SELECT null::" + name)
	if err != nil {
		return 0, 0, err
	}
	return a.TypeName(sts[0].Node.(*parse.SelectStmt).TargetList[0].(*parse.ResTarget).Val.(*parse.TypeCast).TypeName)
}

func recordDeparse(t *testing.T) {
	conn := oracle(t)
	one := func(sql string) string {
		rs, err := conn.Exec(context.Background(), sql).ReadAll()
		if err != nil {
			t.Logf("%s: %v", sql, err)
			return ""
		}
		for _, r := range rs {
			if len(r.Rows) > 0 {
				return string(r.Rows[0][0])
			}
		}
		return ""
	}
	recordLines(t, "testdata/deparse.sql", "testdata/deparse.tsv", func(line string) []string {
		kind, src, _ := strings.Cut(line, "\t")
		got := ""
		if kind == "check" {
			got = one("set timezone='UTC'; alter table t1 drop constraint if exists x, add constraint x check (" + src + ");select pg_get_expr(conbin,conrelid) from pg_constraint where conname='x'")
		} else {
			typ := strings.TrimPrefix(kind, "default ")
			got = one("drop table if exists x; create table x(c " + typ + " default " + src + "); select pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='x'::regclass")
		}
		return []string{strconv.Quote(got)}
	})
}
