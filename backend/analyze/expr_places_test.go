package analyze

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Ensure that whole statements, chosen for where expressions stand in them, give the columns and parameters PostgreSQL gives, or its error.
func TestPlacesOfExpressionsAsPostgreSQL(t *testing.T) {
	if *update {
		conn := oracle(t)
		recordLines(t, "testdata/exprplaces.sql", "testdata/exprplaces.tsv", func(line string) []string {
			d, err := conn.Prepare(context.Background(), "", line, nil)
			var pe *pgconn.PgError
			if errors.As(err, &pe) {
				return describeError(pe.Code, pe.Message, pe.Detail, pe.Hint, pe.Position)
			}
			if err != nil {
				t.Fatal(err)
			}
			var cols []string
			for _, f := range d.Fields {
				cols = append(cols, fmt.Sprint(f.Name, ":", f.DataTypeOID, ":", f.TypeModifier))
			}
			return []string{strings.Join(cols, ","), strings.Trim(fmt.Sprint(d.ParamOIDs), "[]")}
		})
	}
	missing := 0
	eachRecorded(t, "testdata/exprplaces.tsv", func(sql string, want []string) {
		got, err := analyzePlaces(t, sql)
		if err != nil {
			e := *pgerr.From(err)
			if e.Location > 0 {
				e.Position = parse.Position(sql, e.Location-1)
			}
			if e.Code == pgerr.FeatureNotSupported && want[0] != "!"+pgerr.FeatureNotSupported {
				missing++
				t.Logf("%s: %s", sql, e.Message)
				return
			}
			got = describeError(e.Code, e.Message, e.Detail, e.Hint, e.Position)
		}
		if strings.Join(got, "\t") != strings.Join(want, "\t") {
			t.Errorf("%s\n got %s\nwant %s", sql, strings.Join(got, " "), strings.Join(want, " "))
		}
	})
	t.Logf("%d are not supported", missing)
}

func analyzePlaces(t *testing.T, sql string) ([]string, error) {
	sts, err := parse.Parse(sql)
	if err != nil {
		return nil, err
	}
	a := newTestAnalyzer(t)
	q, err := a.Query(sts[0])
	if err != nil {
		return nil, err
	}
	targets := liveTargets(q)
	if q.Command != Select {
		targets = q.Returning
	}
	var cols []string
	for _, c := range targets {
		cols = append(cols, fmt.Sprint(c.Name, ":", c.Expr.Type(), ":", c.Expr.Typmod()))
	}
	return []string{strings.Join(cols, ","), strings.Trim(fmt.Sprint(a.ParamTypes), "[]")}, nil
}
