package analyze

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Ensure that analysis of whatever parses ends with a typed query or an error that has a SQLSTATE and a place inside the text, and that
// what it made can be printed.
func FuzzAnalyze(f *testing.F) {
	b, err := os.ReadFile("testdata/expressions.sql")
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		f.Add(fmt.Sprintf(expressionStatement, line))
	}
	f.Fuzz(func(t *testing.T, sql string) {
		sts, err := parse.Parse(sql)
		if err != nil {
			return
		}
		for _, st := range sts {
			q, err := newTestAnalyzer(t).Query(st)
			if err != nil {
				e := pgerr.From(err)
				if len(e.Code) != 5 || e.Location < 0 || int(e.Location) > len(sql)+1 {
					t.Fatalf("%q: %+v", sql, e)
				}
				continue
			}
			for _, target := range q.Targets {
				if target.Expr.Type() == 0 {
					t.Fatalf("%q: a target without type", sql)
				}
				if plain(target.Expr) {
					Deparse(target.Expr, func(v *Var) string { return "x" }, newTestCatalog(t))
				}
			}
		}
	})
}

// plain tells that an expression could stand in a definition.
func plain(e Expr) bool {
	ok := true
	walk(e, func(x Expr) bool {
		switch x.(type) {
		case *Window, *Sublink:
			ok = false
		}
		return ok
	})
	return ok
}
