package analyze

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/catalog/builtin"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

var (
	randomCount = flag.Int("random", 2000, "how many random expressions to compare")
	randomSeed  = flag.Uint64("seed", 1, "where they begin")
)

// maker makes random expressions over t1.
type maker struct {
	*rand.Rand
	columns, operators, functions, types []string
}

func newMaker(c *testCatalog) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(*randomSeed, 1))}
	for _, col := range c.rels["t1"].Columns {
		m.columns = append(m.columns, col.Name)
	}
	seen := map[string]bool{}
	m.operators = append(m.operators, strings.Fields("+ - * / % ^ = <> < <= > >= || && @> <@ -> ->> #> ? ~ !~ ~* ~~ & | # << >> @ !! |/ ~>=~ ^@ -|-")...)
	for _, p := range builtin.Procs() {
		if p.Namespace == builtin.SchemaCatalog && !seen[p.Name] && len(p.Args) < 5 && p.Kind != 'p' && p.AggKind != 'o' && p.AggKind != 'h' && p.Kind != 'w' {
			seen[p.Name] = true
			m.functions = append(m.functions, p.Name)
		}
	}
	m.types = strings.Fields("int4 int8 int2 float4 float8 numeric numeric(8,2) bool text varchar varchar(4) char(3) name date time timetz timestamp timestamptz interval uuid bytea json oid int4[] text[] regtype")
	return m
}

func pick(m *maker, from []string) string { return from[m.IntN(len(from))] }

func (m *maker) expr(depth int) string {
	if depth == 0 {
		switch m.IntN(8) {
		case 0:
			return pick(m, []string{"1", "0", "1.5", "3000000000", "-1"})
		case 1:
			return pick(m, []string{"'1'", "'x'", "'{1,2}'", "'2020-01-01'", "'t'", "'12:00'"})
		case 2:
			return "null"
		case 3:
			return pick(m, []string{"$1", "$2", "true", "array[1,2]", "row(1,2)"})
		}
		return pick(m, m.columns)
	}
	d := depth - 1
	switch m.IntN(13) {
	case 0, 1, 2, 3:
		return fmt.Sprintf("(%s %s %s)", m.expr(d), pick(m, m.operators), m.expr(d))
	case 4:
		return fmt.Sprintf("(%s %s)", pick(m, []string{"-", "+", "~", "@", "not", "|/"}), m.expr(d))
	case 5, 6, 7:
		args := make([]string, m.IntN(4))
		for i := range args {
			args[i] = m.expr(d)
		}
		return fmt.Sprintf("%q(%s)", pick(m, m.functions), strings.Join(args, ", "))
	case 8:
		return fmt.Sprintf("(%s)::%s", m.expr(d), pick(m, m.types))
	case 9:
		return fmt.Sprintf("case when %s then %s else %s end", m.expr(d), m.expr(d), m.expr(d))
	case 10:
		return fmt.Sprintf("%s(%s, %s)", pick(m, []string{"coalesce", "nullif", "least"}), m.expr(d), m.expr(d))
	case 11:
		return fmt.Sprintf("(%s in (%s, %s))", m.expr(d), m.expr(d), m.expr(d))
	}
	return fmt.Sprintf("(%s = any(%s))", m.expr(d), m.expr(d))
}

// Ensure that random expressions have the type, or the error, that the server PGD_ORACLE gives them.
func TestRandomExpressionsAgainstOracle(t *testing.T) {
	if os.Getenv("PGD_ORACLE") == "" {
		t.Skip("PGD_ORACLE names no server")
	}
	conn := oracle(t)
	m := newMaker(newTestCatalog(t))
	skipped := 0
	for range *randomCount {
		sql := fmt.Sprintf(expressionStatement, m.expr(1+m.IntN(2)))
		var want []string
		d, err := conn.Prepare(context.Background(), "", sql, nil)
		var pe *pgconn.PgError
		switch {
		case errors.As(err, &pe):
			want = describeError(pe.Code, pe.Message, pe.Detail, pe.Hint, pe.Position)
		case err != nil:
			t.Fatal(err)
		default:
			want = describeType(d.Fields[0].DataTypeOID, d.Fields[0].TypeModifier, d.ParamOIDs)
		}
		got, err := analyzeExpression(t, sql)
		if err != nil {
			e := *pgerr.From(err)
			if e.Code == pgerr.FeatureNotSupported || strings.HasPrefix(e.Message, "could not identify a comparison function") {
				skipped++
				continue
			}
			if e.Location > 0 {
				e.Position = parse.Position(sql, e.Location-1)
			}
			got = describeError(e.Code, e.Message, e.Detail, e.Hint, e.Position)
		}
		if strings.Join(got, "\t") != strings.Join(want, "\t") && !tableOID(want[0]) {
			t.Errorf("%s\n got %s\nwant %s", sql, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
	t.Logf("%d are not supported", skipped)
}
