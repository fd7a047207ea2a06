package analyze

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

var update = flag.Bool("update", false, "ask the PostgreSQL server PGD_ORACLE (a connection string) and record its answers")

// recordLines answers each line of a file with ask and writes both to name.tsv.
func recordLines(t *testing.T, in, out string, ask func(line string) []string) {
	t.Helper()
	b, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	var w strings.Builder
	for _, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		w.WriteString(line)
		for _, f := range ask(line) {
			w.WriteString("\t" + f)
		}
		w.WriteByte('\n')
	}
	if err := os.WriteFile(out, []byte(w.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// oracle connects to the server the answers come from and makes the tables of testdata/expr_setup.sql.
func oracle(t *testing.T) *pgconn.PgConn {
	t.Helper()
	conn, err := pgconn.Connect(context.Background(), os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	setup, err := os.ReadFile("testdata/expr_setup.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), "drop table if exists t1, t2;"+string(setup)).ReadAll(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func describeError(code, msg, detail, hint string, pos int32) []string {
	return []string{"!" + code, strconv.Quote(msg), strconv.Itoa(int(pos)), strconv.Quote(detail), strconv.Quote(hint)}
}

func describeType(oid uint32, mod int32, params []uint32) []string {
	return []string{strconv.Itoa(int(oid)), strconv.Itoa(int(mod)), strings.Trim(fmt.Sprint(params), "[]")}
}

const expressionStatement = "SELECT %s FROM t1"

// Ensure that every expression of testdata/expressions.sql has the type PostgreSQL gives it, with its parameters' types, or PostgreSQL's error.
func TestExpressionsAsPostgreSQL(t *testing.T) {
	if *update {
		conn := oracle(t)
		recordLines(t, "testdata/expressions.sql", "testdata/expressions.tsv", func(line string) []string {
			d, err := conn.Prepare(context.Background(), "", fmt.Sprintf(expressionStatement, line), nil)
			var pe *pgconn.PgError
			if errors.As(err, &pe) {
				return describeError(pe.Code, pe.Message, pe.Detail, pe.Hint, pe.Position)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Fields) != 1 {
				return []string{"columns"}
			}
			return describeType(d.Fields[0].DataTypeOID, d.Fields[0].TypeModifier, d.ParamOIDs)
		})
	}
	eachRecorded(t, "testdata/expressions.tsv", func(line string, want []string) {
		if want[0] == "columns" {
			return
		}
		sql := fmt.Sprintf(expressionStatement, line)
		got, err := analyzeExpression(t, sql)
		if err != nil {
			e := *pgerr.From(err)
			if e.Location > 0 {
				e.Position = parse.Position(sql, e.Location-1)
			}
			if e.Code == pgerr.FeatureNotSupported && want[0] != "!"+pgerr.FeatureNotSupported {
				unsupported++
				if testing.Verbose() {
					t.Logf("%s: %s", line, e.Message)
				}
				return
			}
			got = describeError(e.Code, e.Message, e.Detail, e.Hint, e.Position)
		}
		if strings.Join(got, "\t") != strings.Join(want, "\t") && !tableOID(want[0]) {
			t.Errorf("%s\n got %s\nwant %s", line, strings.Join(got, " "), strings.Join(want, " "))
		}
	})
	t.Logf("%d expressions are not supported", unsupported)
}

var unsupported int

// tableOID tells that an answer is the OID of a type users made, which differs from one database to the next.
func tableOID(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 16384
}

func analyzeExpression(t *testing.T, sql string) ([]string, error) {
	sts, err := parse.Parse(sql)
	if err != nil {
		return nil, err
	}
	a := newTestAnalyzer(t)
	q, err := a.Query(sts[0])
	if err != nil {
		return nil, err
	}
	cols := liveTargets(q)
	if len(cols) != 1 {
		return []string{"columns"}, nil
	}
	return describeType(cols[0].Expr.Type(), cols[0].Expr.Typmod(), a.ParamTypes), nil
}

// eachRecorded reads a recorded file.
func eachRecorded(t *testing.T, name string, f func(line string, want []string)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<20)
	n := 0
	for sc.Scan() {
		parts := strings.Split(sc.Text(), "\t")
		if len(parts) < 2 {
			t.Fatalf("%s: malformed line %q", name, sc.Text())
		}
		n++
		f(parts[0], parts[1:])
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatalf("%s is empty", name)
	}
}
